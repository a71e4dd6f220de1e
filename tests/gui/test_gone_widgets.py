"""A command outlives the widget that gave it: what is deleted meanwhile is neither touched nor waited for."""

import asyncio
from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QSpinBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import ServerAnswer
from ollama_panel.core.replacements import Control, Means, Replacement, Stage
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.gui import dialogs, tasks
from ollama_panel.gui.widgets.pool_dialog import PoolDialog
from ollama_panel.gui.window import MainWindow
from tests.gui.conftest import delete_now
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named
from tests.gui.snapshots import CHAT, EMBEDDING, SETTINGS, snapshot

WITHOUT_EMBEDDING = snapshot(settings=msgspec.structs.replace(SETTINGS, pools=SETTINGS.pools[:1]))


class Gate:
    """Commands that wait until the test lets them end, or fail."""

    def __init__(self) -> None:
        self.waiting = 0
        self._open = asyncio.Event()
        self._error: Exception | None = None

    async def pass_through(self, *_: object) -> tuple[int, tuple[str, ...]]:
        self.waiting += 1
        await self._open.wait()
        if self._error is not None:
            raise self._error
        return 1, ("a line",)

    def open(self, error: Exception | None = None) -> None:
        self._error = error
        self._open.set()


@pytest.fixture
def gate(client: FakeClient, monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate()
    monkeypatch.setattr(client, "apply", made.pass_through)
    return made


@pytest.fixture(autouse=True)
def _no_task_stays(qtbot: QtBot, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    yield
    qtbot.waitUntil(lambda: not tasks.pending())


def opened(qapp: QApplication, qtbot: QtBot, kind: type[QDialog]) -> QDialog:
    qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), kind))
    found = qapp.activeModalWidget()
    assert isinstance(found, QDialog)
    return found


def without_embedding(client: FakeClient) -> None:
    """Take the pool, and with it its card, away."""
    client.push(WITHOUT_EMBEDDING)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_removing_a_pool_tells_no_error(
    window: MainWindow, client: FakeClient, gate: Gate, qtbot: QtBot, qapp: QApplication
) -> None:
    named(window, QToolButton, "More settings of embedding").click()
    dialog = opened(qapp, qtbot, PoolDialog)
    assert isinstance(dialog, PoolDialog)
    dialog.remove.click()
    box = opened(qapp, qtbot, QMessageBox)
    assert isinstance(box, QMessageBox)
    next(one for one in box.buttons() if one.text() == "Remove pool").click()
    qtbot.waitUntil(lambda: gate.waiting == 1)
    without_embedding(client)
    gate.open()
    qtbot.waitUntil(lambda: not tasks.pending())
    assert client.reported == []


@pytest.mark.parametrize("error", [None, PanelError(notice("export.no_worker"))])
def test_the_end_of_an_apply_is_told_when_the_pool_is_gone(
    window: MainWindow, client: FakeClient, gate: Gate, qtbot: QtBot, error: PanelError | None
) -> None:
    card = window.overview.pool_cards[EMBEDDING]
    card.findChildren(QSpinBox)[0].setValue(4)
    card.apply.click()
    qtbot.waitUntil(lambda: gate.waiting == 1)
    without_embedding(client)
    gate.open(error)
    qtbot.waitUntil(lambda: not tasks.pending())
    assert client.reported == ([str(error)] if error else [])


@pytest.mark.parametrize("of", ["pool", "new pool", "file", "folder"])
def test_a_dialog_that_goes_with_its_window_ends_what_waits_for_it(
    client: FakeClient, window: MainWindow, qtbot: QtBot, qapp: QApplication, of: str
) -> None:
    begin = {
        "pool": named(window, QToolButton, "More settings of chat").click,
        "new pool": window.overview.add_pool.click,
        "file": window.export.preview.save.click,
        "folder": lambda: window.settings.ollama.editors["ollama.models_dir"].actions()[0].trigger(),
    }[of]
    window.show_page_named({"file": "export", "folder": "settings"}.get(of, "overview"))
    begin()
    gone = opened(qapp, qtbot, QDialog).parentWidget()
    delete_now(gone)
    qtbot.waitUntil(lambda: not tasks.pending())
    assert client.reported == []


def test_an_apply_of_the_settings_page_ends_after_the_page(
    window: MainWindow, client: FakeClient, gate: Gate, qtbot: QtBot
) -> None:
    window.show_page_named("settings")
    window.settings.ollama.editors["ollama.adopt"].click()  # type: ignore[attr-defined]
    window.settings.apply.click()
    qtbot.waitUntil(lambda: gate.waiting == 1)
    delete_now(window.settings)
    gate.open()
    qtbot.waitUntil(lambda: not tasks.pending())
    assert client.reported == []


def test_what_the_machine_page_applies_and_asks_for_ends_after_the_page(
    window: MainWindow, client: FakeClient, gate: Gate, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act(*given: object) -> ServerAnswer:
        await gate.pass_through(*given)
        return ServerAnswer("812", (notice("replacing.open"),))

    monkeypatch.setattr(client, "act_on_server", act)
    theirs = FoundServer("812", 812, 1.0, Owner(OwnerKind.BY_HAND), address="127.0.0.1:11434")
    gone = Replacement("813", theirs, Stage.REPLACED, Control(Means.SIGNAL))
    client.push(snapshot(found_servers=(theirs,), replacements=(gone,)))
    window.show_page_named("machine")
    window.machine.advice.people.setValue(6)
    window.machine.advice.take.click()
    window.machine.advice.apply.click()
    window.machine.servers.rows["812"].use.click()
    window.machine.servers.replaced["813"].give_back.click()
    qtbot.waitUntil(lambda: gate.waiting == 3)
    delete_now(window.machine)
    gate.open()
    qtbot.waitUntil(lambda: not tasks.pending())
    assert client.reported == []


def test_a_log_that_comes_after_its_page_is_dropped(
    window: MainWindow, client: FakeClient, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Gate()
    monkeypatch.setattr(client, "log_lines", late.pass_through)
    window.show_page(1)
    qtbot.waitUntil(lambda: late.waiting >= 1)
    delete_now(window.instances)
    late.open()
    qtbot.waitUntil(lambda: not tasks.pending())
    assert client.reported == []


def test_what_asks_is_cancelled_with_the_dialog(loop: asyncio.AbstractEventLoop, qtbot: QtBot) -> None:
    parent, ends = QWidget(), list[str]()

    async def question() -> None:
        try:
            await dialogs.ask(QDialog(parent))
        except asyncio.CancelledError:
            ends.append("cancelled")
            raise

    tasks.spawn(question(), pytest.fail)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in parent.findChildren(QDialog)))
    delete_now(parent)
    qtbot.waitUntil(lambda: ends == ["cancelled"])


def test_a_dialog_is_deleted_when_it_has_answered(loop: asyncio.AbstractEventLoop, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    tasks.spawn(dialogs.choose(parent, "Quit?", "", ("Quit", "Stay")), pytest.fail)
    qtbot.waitUntil(lambda: bool(parent.findChildren(QMessageBox)))
    parent.findChildren(QMessageBox)[0].reject()
    qtbot.waitUntil(lambda: not parent.findChildren(QMessageBox))


def test_a_pool_dialog_gives_its_values_to_the_card_that_asked(
    window: MainWindow, client: FakeClient, qtbot: QtBot, qapp: QApplication
) -> None:
    card = window.overview.pool_cards[CHAT]
    named(window, QToolButton, "More settings of chat").click()
    dialog = opened(qapp, qtbot, PoolDialog)
    assert isinstance(dialog, PoolDialog)
    dialog.models.setText("llama3.1:8b")
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: card.draft.models == ("llama3.1:8b",))
