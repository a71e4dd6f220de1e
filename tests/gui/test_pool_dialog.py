"""Adding, changing and removing pools."""

import asyncio
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QMessageBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.core.records import Role
from ollama_panel.core.settings.catalog import find
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.plan_text import PlanText
from ollama_panel.gui.widgets.pool_dialog import PoolDialog
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, shown
from tests.gui.snapshots import CHAT, EMBEDDING, LLAMA, NOMIC, SETTINGS, snapshot


@pytest.fixture
def parent(qtbot: QtBot, theme: Theme) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def dialog(parent: QWidget) -> PoolDialog:
    return PoolDialog(SETTINGS, SETTINGS.pools[0], (LLAMA, NOMIC), new=False, parent=parent)


def test_an_unedited_pool_is_returned_unchanged(dialog: PoolDialog) -> None:
    assert dialog.pool() == SETTINGS.pools[0]
    assert dialog.problems() == ()


def test_role_models_and_environment_are_read(dialog: PoolDialog) -> None:
    dialog.role.setCurrentIndex(dialog.role.findData("code"))
    dialog.models.setText("llama3.1:8b, qwen3:8b")
    dialog.environment.setPlainText("OLLAMA_KEEP_ALIVE=30m\n\n OLLAMA_FLASH_ATTENTION = 1 ")
    pool = dialog.pool()
    assert pool.role is Role.CODE
    assert pool.models == ("llama3.1:8b", "qwen3:8b")
    assert pool.environment == {"OLLAMA_KEEP_ALIVE": "30m", "OLLAMA_FLASH_ATTENTION": "1"}


def test_the_batch_size_is_ollamas_own_until_a_number_is_set(dialog: PoolDialog) -> None:
    assert dialog.batch.text() == "Ollama decides"
    dialog.batch.setValue(1024)
    assert dialog.pool() == msgspec.structs.replace(SETTINGS.pools[0], batch=1024)
    assert dialog.accept_button.isEnabled()


def test_pinned_models_and_how_long_models_stay_are_read(dialog: PoolDialog) -> None:
    dialog.preload.setText("llama3.1:8b, nomic-embed-text")
    dialog.keep_alive.setText(" 30m ")
    wanted = msgspec.structs.replace(SETTINGS.pools[0], preload=("llama3.1:8b", "nomic-embed-text"), keep_alive="30m")
    assert dialog.pool() == wanted
    assert dialog.accept_button.isEnabled()
    dialog.keep_alive.setText("soon")
    assert not dialog.accept_button.isEnabled()


def test_nothing_is_promised_until_a_number_is_set(dialog: PoolDialog) -> None:
    assert dialog.first_token.text() == dialog.token_rate.text() == "no promise"
    dialog.first_token.setValue(1.5)
    dialog.token_rate.setValue(33.333)
    assert (dialog.first_token.text(), dialog.token_rate.text()) == ("1.5", "33.333")
    assert dialog.pool() == msgspec.structs.replace(SETTINGS.pools[0], slo_first_token_s=1.5, slo_token_rate=33.333)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nonsense", "Line 1 is not NAME=value."),
        ("OLLAMA_MAX_WORKERS=4", "does not exist in Ollama"),
        ("OLLAMA_NUM_PARALLEL=4", "use the slider"),
        ("OLLAMA_KEEP_ALIVE=soon", "must be a time"),
    ],
)
def test_problems_are_shown_and_cannot_be_accepted(dialog: PoolDialog, text: str, words: str) -> None:
    dialog.environment.setPlainText(text)
    assert any(words in text for text in shown(dialog))
    assert not dialog.accept_button.isEnabled()
    dialog.environment.setPlainText("")
    assert dialog.accept_button.isEnabled()


def test_many_problems_cover_no_field_and_push_no_button_off_a_small_screen(dialog: PoolDialog, qtbot: QtBot) -> None:
    dialog.show()
    wrong = "\n".join(f"OLLAMA_MAX_WORKERS=4\nOLLAMA_MODELS=~bob/models\nnonsense {number}" for number in range(20))
    dialog.environment.setPlainText(wrong)
    (trouble,) = [one for one in dialog.findChildren(PlanText) if "OLLAMA_MAX_WORKERS" in one.text()]
    assert "Line 60 is not NAME=value." in trouble.text()
    qtbot.waitUntil(lambda: trouble.y() > dialog.editor.geometry().bottom())
    qtbot.waitUntil(lambda: trouble.focusPolicy() is Qt.FocusPolicy.StrongFocus)  # so that keys scroll it
    assert dialog.rect().contains(dialog.accept_button.geometry())
    assert dialog.minimumHeight() < 560


def test_the_variable_under_the_cursor_is_explained(dialog: PoolDialog) -> None:
    dialog.environment.setPlainText("OLLAMA_KEEP_ALIVE=30m")
    dialog.environment.moveCursor(QTextCursor.MoveOperation.End)
    assert any("stays in memory" in text for text in shown(dialog))


def test_every_field_has_the_name_and_the_meaning_of_its_setting(dialog: PoolDialog) -> None:
    for name in ("name", "role", "models", "environment"):
        widget, setting = getattr(dialog, name), find(f"pools.chat.{name}")
        assert widget.accessibleName() == setting.title
        assert widget.toolTip().startswith(setting.description)
    assert "Available: llama3.1:8b, nomic-embed-text:latest" in dialog.models.toolTip()


def test_a_taken_or_invalid_name_is_refused(parent: QWidget) -> None:
    dialog = PoolDialog(SETTINGS, PoolSettings(CHAT), (), new=True, parent=parent)
    assert any("two pools" in text for text in shown(dialog))
    dialog.name.setText("Bad Name")
    assert dialog.problems()[0].startswith("Name must be a name of lower-case letters")
    assert not dialog.accept_button.isEnabled()
    dialog.name.setText("code")
    assert dialog.problems() == ()


def opened(qapp: QApplication, qtbot: QtBot, kind: type[Any]) -> Any:
    qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), kind))
    return qapp.activeModalWidget()


def test_a_new_pool_is_applied_with_the_others(
    window: MainWindow, client: FakeClient, qtbot: QtBot, qapp: QApplication, loop: asyncio.AbstractEventLoop
) -> None:
    window.overview.add_pool.click()
    dialog = opened(qapp, qtbot, PoolDialog)
    assert dialog.name.text() == "code"
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: bool(client.calls))
    assert [pool.name for pool in client.calls[0][1][0].pools] == [CHAT, EMBEDDING, "code"]


def test_a_changed_environment_waits_for_apply(
    window: MainWindow, client: FakeClient, qtbot: QtBot, qapp: QApplication, loop: asyncio.AbstractEventLoop
) -> None:
    card = window.overview.pool_cards[CHAT]
    named(card, QToolButton, "More settings of chat").click()
    dialog = opened(qapp, qtbot, PoolDialog)
    dialog.environment.setPlainText("OLLAMA_LOAD_TIMEOUT=30m")
    dialog.accept_button.click()
    qtbot.waitUntil(card.apply.isEnabled)
    assert client.calls == []
    assert "OLLAMA_LOAD_TIMEOUT" in card.apply.toolTip()


def test_what_a_command_changes_while_the_dialog_is_open_stays(
    window: MainWindow, client: FakeClient, qapp: QApplication, qtbot: QtBot
) -> None:
    named(window, QToolButton, "More settings of chat").click()
    dialog = opened(qapp, qtbot, PoolDialog)
    chat, *others = SETTINGS.pools
    changed = msgspec.structs.replace(chat, parallel=7)
    client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=(changed, *others))))
    dialog.models.setText("qwen3:8b")
    dialog.accept_button.click()
    card = window.overview.pool_cards[chat.name]
    qtbot.waitUntil(lambda: card.draft.models == ("qwen3:8b",))
    assert card.draft.parallel == 7


def test_a_pool_is_removed_after_a_question(
    window: MainWindow, client: FakeClient, qtbot: QtBot, qapp: QApplication, loop: asyncio.AbstractEventLoop
) -> None:
    named(window, QToolButton, "More settings of embedding").click()
    opened(qapp, qtbot, PoolDialog).remove.click()
    box = opened(qapp, qtbot, QMessageBox)
    assert "embedding" in box.text()
    next(button for button in box.buttons() if button.text() == "Remove pool").click()
    qtbot.waitUntil(lambda: bool(client.calls))
    assert [pool.name for pool in client.calls[0][1][0].pools] == [CHAT]


def test_the_question_names_the_requests_that_wait_for_the_pool(
    window: MainWindow, client: FakeClient, qtbot: QtBot, qapp: QApplication, loop: asyncio.AbstractEventLoop
) -> None:
    named(window, QToolButton, "More settings of chat").click()
    opened(qapp, qtbot, PoolDialog).remove.click()
    box = opened(qapp, qtbot, QMessageBox)
    assert "12 waiting requests will be refused" in box.informativeText()
    box.reject()


def test_the_last_pool_cannot_be_removed(parent: QWidget) -> None:
    alone = msgspec.structs.replace(SETTINGS, pools=SETTINGS.pools[:1])
    assert not PoolDialog(alone, alone.pools[0], (), new=False, parent=parent).remove.isEnabled()
