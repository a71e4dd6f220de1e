"""Questions: Enter and Esc never do what cannot be undone, and what cannot fit into memory asks first."""

import asyncio

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from ollama_panel.core.ids import PoolName
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.gui import dialogs, tasks
from ollama_panel.gui.tokens import DARK, LIGHT
from ollama_panel.gui.widgets.pool_card import PoolCard
from ollama_panel.gui.widgets.pool_dialog import PoolDialog
from ollama_panel.gui.window import MainWindow
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named
from tests.gui.snapshots import CHAT, SETTINGS, snapshot

KEYS = [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape]


def question(qapp: QApplication, qtbot: QtBot) -> QMessageBox:
    qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), QMessageBox))
    box = qapp.activeModalWidget()
    assert isinstance(box, QMessageBox)
    return box


def press(box: QMessageBox, text: str) -> None:
    next(one for one in box.buttons() if one.text() == text).click()


def press_key(qapp: QApplication, qtbot: QtBot, key: Qt.Key) -> None:
    """Press a key in the open question, where a user's key goes, and wait for what follows."""
    box = question(qapp, qtbot)
    qtbot.waitUntil(lambda: box.focusWidget() is not None)
    qtbot.keyClick(box.focusWidget(), key)
    qtbot.waitUntil(lambda: not tasks.pending())


@pytest.mark.parametrize("key", KEYS)
def test_a_key_chooses_what_changes_nothing(
    loop: asyncio.AbstractEventLoop, qapp: QApplication, qtbot: QtBot, key: Qt.Key
) -> None:
    answers: list[int] = []

    async def ask() -> None:
        answers.append(await dialogs.choose(None, "Delete?", "It is gone then.", ("Delete", "Move away", "Keep")))

    tasks.spawn(ask(), pytest.fail)
    press_key(qapp, qtbot, key)
    assert answers == [2]


@pytest.mark.usefixtures("theme")
def test_an_answer_that_loses_something_is_in_the_colour_of_danger_and_no_other(
    loop: asyncio.AbstractEventLoop, qapp: QApplication, qtbot: QtBot
) -> None:
    tasks.spawn(dialogs.choose(None, "Quit?", "12 wait.", ("Finish", "Quit at once", "Stay"), loses=(1,)), pytest.fail)
    box = question(qapp, qtbot)
    colours = {one.text(): one.palette().buttonText().color().name() for one in box.buttons()}
    press(box, "Stay")
    shown = LIGHT if colours["Stay"] == LIGHT.text else DARK  # a test before may have chosen another theme
    assert colours == {"Finish": shown.text, "Quit at once": shown.danger, "Stay": shown.text}
    qtbot.waitUntil(lambda: not tasks.pending())


@pytest.mark.parametrize("new", [False, True], ids=["of a pool", "new pool"])
def test_clicks_of_a_busy_window_open_one_dialog(
    window: MainWindow, qapp: QApplication, qtbot: QtBot, new: bool
) -> None:
    button = window.overview.add_pool if new else named(window, QToolButton, "More settings of embedding")
    for _ in range(3):
        button.click()
    qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), PoolDialog))
    qtbot.waitUntil(lambda: tasks.pending() == 1)
    qtbot.waitUntil(lambda: len(window.findChildren(PoolDialog)) == 1)
    qtbot.keyClick(qapp.activeModalWidget(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not tasks.pending())
    assert qapp.activeModalWidget() is None


@pytest.mark.parametrize("key", KEYS)
def test_no_key_removes_a_pool(
    window: MainWindow, client: FakeClient, qapp: QApplication, qtbot: QtBot, key: Qt.Key
) -> None:
    named(window, QToolButton, "More settings of embedding").click()
    qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), PoolDialog))
    dialog = qapp.activeModalWidget()
    assert isinstance(dialog, PoolDialog)
    dialog.remove.click()
    press_key(qapp, qtbot, key)
    assert client.calls == []


class TestTooMuchMemory:
    def too_much(self, window: MainWindow) -> PoolCard:
        card = window.overview.pool_cards[CHAT]
        named(card, QSpinBox, "Context length of pool chat").setValue(131072)
        card.apply.click()
        return card

    def test_apply_asks_and_says_what_happens_in_numbers(
        self, window: MainWindow, client: FakeClient, qapp: QApplication, qtbot: QtBot
    ) -> None:
        card = self.too_much(window)
        box = question(qapp, qtbot)
        assert box.text() == "Apply settings that do not fit into memory?"
        said = box.informativeText()
        assert "need 76.8 GiB" in said
        assert "24.0 GiB can be used: 52.8 GiB too much" in said
        assert "computes on the CPU, which is much slower" in said
        assert client.calls == []
        press(box, "Apply anyway")
        qtbot.waitUntil(lambda: [name for name, _ in client.calls] == ["apply"])
        assert client.calls[0][1][0].pools[0] == card.draft

    @pytest.mark.parametrize("key", KEYS)
    def test_a_key_keeps_the_draft_and_applies_nothing(
        self, window: MainWindow, client: FakeClient, qapp: QApplication, qtbot: QtBot, key: Qt.Key
    ) -> None:
        card = self.too_much(window)
        press_key(qapp, qtbot, key)
        assert client.calls == []
        assert card.draft.context_length == 131072
        assert card.apply.isEnabled()

    def test_what_fits_is_applied_at_once(self, window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
        card = window.overview.pool_cards[CHAT]
        named(card, QSpinBox, "Parallel of pool chat").setValue(3)
        card.apply.click()
        qtbot.waitUntil(lambda: [name for name, _ in client.calls] == ["apply"])

    def test_without_a_gpu_the_words_are_those_of_main_memory(
        self, window: MainWindow, client: FakeClient, qapp: QApplication, qtbot: QtBot
    ) -> None:
        client.push(snapshot(gpu=False))
        self.too_much(window)
        assert "refuses to load" in question(qapp, qtbot).informativeText()
        press_key(qapp, qtbot, Qt.Key.Key_Escape)

    def test_a_new_pool_asks_too(
        self, window: MainWindow, client: FakeClient, qapp: QApplication, qtbot: QtBot
    ) -> None:
        full = msgspec.structs.replace(SETTINGS.pools[0], workers=3, context_length=16384)
        client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=(full, SETTINGS.pools[1]))))
        window.overview.add_pool.click()
        qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), PoolDialog))
        dialog = qapp.activeModalWidget()
        assert isinstance(dialog, PoolDialog)
        dialog.accept_button.click()
        press(question(qapp, qtbot), "Apply anyway")
        qtbot.waitUntil(lambda: [name for name, _ in client.calls] == ["apply"])
        assert PoolSettings(PoolName("code")) in client.calls[0][1][0].pools

    def test_nothing_is_asked_while_the_memory_is_unknown(
        self, window: MainWindow, client: FakeClient, qtbot: QtBot
    ) -> None:
        client.push(snapshot(sample=msgspec.structs.replace(snapshots.sample(), budget=None)))
        self.too_much(window)
        qtbot.waitUntil(lambda: [name for name, _ in client.calls] == ["apply"])
