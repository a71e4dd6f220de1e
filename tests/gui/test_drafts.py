"""What a user has begun survives another language and what other programs change meanwhile."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from ollama_panel.core.settings.tree import PoolSettings, ProxySettings, Settings
from ollama_panel.core.settings.tree_window import Theme as Choice
from ollama_panel.core.settings.tree_window import WindowSettings
from ollama_panel.gui import tasks
from ollama_panel.gui.quit_request import QuitRequest
from ollama_panel.gui.shell import Shell
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.pool_dialog import PoolDialog
from ollama_panel.gui.window import MainWindow
from ollama_panel.gui.window_state import WindowState
from tests.gui.conftest import delete_now
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named
from tests.gui.snapshots import CHAT, EMBEDDING, SETTINGS, snapshot

Speak = Callable[[str], MainWindow]


def settings_of(language: str, **fields: Any) -> Settings:
    return msgspec.structs.replace(SETTINGS, window=WindowSettings(Choice.DARK, language), **fields)


@pytest.fixture
def shell(client: FakeClient, theme: Theme, qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Shell]:
    client.snapshot = snapshot(settings=settings_of("en"))
    made = Shell(qapp, client, QuitRequest(), WindowState(tmp_path / "window.ini"), lambda: None)  # type: ignore[arg-type]
    made.show()
    qtbot.waitExposed(made.window)
    yield made
    client.push(snapshot(settings=settings_of("en")))
    qapp.may_quit = lambda: True
    made.hide()
    for gone in (made.window, made.theme, made):
        delete_now(gone)


@pytest.fixture
def speak(shell: Shell, client: FakeClient, qtbot: QtBot) -> Speak:
    """Change the language; return the window in it, with the old one gone."""

    def change(language: str) -> MainWindow:
        before = shell.window
        client.push(snapshot(settings=settings_of(language)))
        assert shell.window is not before
        delete_now(before)
        qtbot.waitUntil(lambda: shell.window.isVisible())
        return shell.window

    return change


def number(window: MainWindow, pool: str, place: int) -> QSpinBox:
    return window.overview.pool_cards[pool].findChildren(QSpinBox)[place]  # type: ignore[index]


class TestLanguage:
    def test_the_drafts_of_pools(self, shell: Shell, speak: Speak, client: FakeClient) -> None:
        number(shell.window, CHAT, 0).setValue(4)
        number(shell.window, EMBEDDING, 1).setValue(3)
        window = speak("zh_CN")
        assert window.overview.pool_cards[CHAT].draft.parallel == number(window, CHAT, 0).value() == 4
        assert number(window, EMBEDDING, 1).value() == 3
        assert window.overview.pool_cards[CHAT].apply.isEnabled()
        window.overview.pool_cards[CHAT].revert.click()
        assert number(window, CHAT, 0).value() == 2
        assert client.calls == [call for call in client.calls if call[0] != "apply"]

    def test_a_number_that_was_typed_but_not_confirmed(self, shell: Shell, speak: Speak, qtbot: QtBot) -> None:
        shell.window.activateWindow()
        typed = number(shell.window, CHAT, 0)
        typed.setFocus()
        qtbot.waitUntil(typed.hasFocus)
        typed.selectAll()
        qtbot.keyClicks(typed, "7")
        window = speak("zh_CN")
        assert number(window, CHAT, 0).value() == 7

    def test_an_apply_under_way(
        self, shell: Shell, speak: Speak, client: FakeClient, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done = asyncio.Event()

        async def apply(_: object) -> None:
            await done.wait()

        monkeypatch.setattr(client, "apply", apply)
        number(shell.window, CHAT, 0).setValue(4)
        shell.window.overview.pool_cards[CHAT].apply.click()
        qtbot.waitUntil(lambda: not shell.window.overview.pool_cards[CHAT].apply.isEnabled())
        card = speak("zh_CN").overview.pool_cards[CHAT]
        assert not card.apply.isEnabled()
        done.set()
        qtbot.waitUntil(card.apply.isEnabled)
        assert client.reported == []

    def test_the_forms_of_the_settings_page(self, shell: Shell, speak: Speak, qtbot: QtBot, client: FakeClient) -> None:
        shell.window.show_page_named("settings")
        page = shell.window.settings
        retype(qtbot, page.proxy.editors["proxy.port"], "no port")
        retype(qtbot, page.ollama.editors["ollama.models_dir"], "/srv/models")
        page.ollama.editors["ollama.adopt"].click()  # type: ignore[attr-defined]
        window = speak("zh_CN")
        again = window.settings
        assert again.isVisible()
        assert text_of(again.proxy.editors["proxy.port"]) == "no port"
        assert text_of(again.ollama.editors["ollama.models_dir"]) == "/srv/models"
        assert not again.apply.isEnabled()
        retype(qtbot, again.proxy.editors["proxy.port"], "11434")
        again.apply.click()
        qtbot.waitUntil(lambda: "apply" in [name for name, _ in client.calls])
        (sent,) = next(arguments for name, arguments in client.calls if name == "apply")
        assert (sent.proxy.port, sent.ollama.models_dir) == (11434, "/srv/models")
        assert sent.ollama.adopt is not SETTINGS.ollama.adopt
        assert sent.window.language == "zh_CN"

    def test_untouched_forms_show_what_is_in_force(self, shell: Shell, speak: Speak) -> None:
        shell.window.show_page_named("settings")
        again = speak("zh_CN").settings
        assert text_of(again.proxy.editors["proxy.port"]) == "11435"
        assert not again.revert.isEnabled()

    def test_the_filter_and_the_selected_request(self, shell: Shell, speak: Speak) -> None:
        shell.window.show_page(2)
        page = shell.window.requests
        page.filter.words.setText("llama")
        page.waiting.select(6)
        (chosen,) = page.chosen()
        again = speak("zh_CN").requests
        assert again.filter.words.text() == "llama"
        assert again.chosen() == again.waiting.selected() == [chosen]
        assert again.work.selected() == again.ended.selected() == []

    def test_the_selected_instance_and_export(self, shell: Shell, speak: Speak) -> None:
        shell.window.show_page(1)
        shell.window.instances.view.select(2)
        shell.window.show_page_named("export")
        shell.window.export.targets.choose("shell")
        window = speak("zh_CN")
        assert window.export.targets.target == "shell"
        window.show_page(1)
        assert [one.id for one in window.instances.view.selected()] == ["embedding-1"]

    def test_the_time_range_of_the_charts(self, shell: Shell, speak: Speak) -> None:
        named(shell.window, QComboBox, "Time range of the charts").setCurrentIndex(2)
        assert speak("zh_CN").overview.span.currentIndex() == 2

    @pytest.mark.parametrize("page", ["overview", "settings"])
    def test_the_place_on_the_page(self, shell: Shell, speak: Speak, qtbot: QtBot, page: str) -> None:
        shell.window.resize(880, 600)
        shell.window.show_page_named(page)
        bar = getattr(shell.window, page).area.verticalScrollBar()
        qtbot.waitUntil(lambda: bar.maximum() > 60)
        bar.setValue(60)
        window = speak("zh_CN")
        qtbot.waitUntil(lambda: getattr(window, page).area.verticalScrollBar().value() == 60)

    def test_no_page_is_built_that_was_not(self, shell: Shell, speak: Speak) -> None:
        assert "settings" not in vars(speak("zh_CN"))

    def test_an_open_dialog_is_finished_in_its_language(
        self, shell: Shell, client: FakeClient, qtbot: QtBot, qapp: QApplication
    ) -> None:
        before = shell.window
        named(before, QToolButton, "More settings of chat").click()
        qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), PoolDialog))
        dialog = qapp.activeModalWidget()
        assert isinstance(dialog, PoolDialog)
        dialog.models.setText("llama3.1:8b")
        client.push(snapshot(settings=settings_of("zh_CN")))
        assert shell.window is before
        assert dialog.isVisible()
        dialog.environment.setPlainText("OLLAMA_KEEP_ALIVE=30m")
        dialog.accept_button.click()
        qtbot.waitUntil(lambda: shell.window is not before)
        draft = shell.window.overview.pool_cards[CHAT].draft
        assert (draft.models, draft.environment) == (("llama3.1:8b",), {"OLLAMA_KEEP_ALIVE": "30m"})
        assert "应用" in [one.text() for one in shell.window.findChildren(QPushButton)]
        qtbot.waitUntil(lambda: not tasks.pending())
        assert client.reported == []

    def test_a_question_before_quitting_outlasts_the_change(
        self, shell: Shell, client: FakeClient, qtbot: QtBot, qapp: QApplication
    ) -> None:
        client.answers["busy"] = 2
        before = shell.window
        shell.actions.quit.trigger()
        qtbot.waitUntil(lambda: qapp.activeModalWidget() is not None)
        client.push(snapshot(settings=settings_of("zh_CN")))
        client.push(snapshot(settings=settings_of("en")))
        client.push(snapshot(settings=settings_of("zh_CN")))
        qapp.activeModalWidget().close()
        qtbot.waitUntil(lambda: shell.window is not before)
        assert shell.language.code == "zh_CN"


def retype(qtbot: QtBot, editor: Any, text: str) -> None:
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, text)


def text_of(editor: Any) -> str:
    assert isinstance(editor, QLineEdit)
    return editor.text()


class TestOtherPrograms:
    def test_untouched_fields_show_what_another_program_has_set(
        self, window: MainWindow, client: FakeClient, qtbot: QtBot
    ) -> None:
        window.show_page_named("settings")
        page = window.settings
        retype(qtbot, page.proxy.editors["proxy.port"], "11434")
        client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, proxy=ProxySettings(queue_limit=77))))
        assert text_of(page.proxy.editors["proxy.port"]) == "11434"
        assert text_of(page.proxy.editors["proxy.queue_limit"]) == "77"
        assert page.apply.isEnabled()
        page.apply.click()
        qtbot.waitUntil(lambda: bool(client.calls))
        assert client.calls[-1][1][0].proxy == ProxySettings(port=11434, queue_limit=77)

    def test_a_draft_that_another_program_has_put_in_force_is_none(
        self, window: MainWindow, client: FakeClient, qtbot: QtBot
    ) -> None:
        window.show_page_named("settings")
        page = window.settings
        retype(qtbot, page.proxy.editors["proxy.port"], "11434")
        client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, proxy=ProxySettings(port=11434))))
        assert not page.apply.isEnabled()
        assert not page.revert.isEnabled()
        client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, proxy=ProxySettings(port=11436))))
        assert text_of(page.proxy.editors["proxy.port"]) == "11436"

    def test_a_pool_that_another_program_changes_keeps_the_draft(self, window: MainWindow, client: FakeClient) -> None:
        number(window, CHAT, 0).setValue(4)
        pool = PoolSettings(CHAT, SETTINGS.pools[0].role, workers=5, parallel=2)
        client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=(pool, SETTINGS.pools[1]))))
        assert (number(window, CHAT, 0).value(), number(window, CHAT, 1).value()) == (4, 5)
        assert window.overview.pool_cards[CHAT].apply.isEnabled()
