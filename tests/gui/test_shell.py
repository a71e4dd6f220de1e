"""The tray icon, the menu, and quitting."""

import asyncio
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QSystemTrayIcon, QToolButton
from pytestqt.qtbot import QtBot

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import Problem, WindowSettings
from ollama_panel.core.settings.tree import Theme as Choice
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.gui import tasks
from ollama_panel.gui.quit_request import QuitRequest
from ollama_panel.gui.shell import Shell
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tray import Tray, health, state_icon
from tests.gui import snapshots
from tests.gui.conftest import delete_now
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, shown
from tests.gui.snapshots import SETTINGS, snapshot


def with_appearance(theme: Choice = Choice.DARK, language: str = "en") -> Any:
    return msgspec.structs.replace(SETTINGS, window=WindowSettings(theme, language))


@pytest.fixture
def quit_request() -> QuitRequest:
    return QuitRequest()


@pytest.fixture
def shell(
    client: FakeClient, quit_request: QuitRequest, theme: Theme, qapp: QApplication, qtbot: QtBot
) -> Iterator[Shell]:
    client.snapshot = snapshot(settings=with_appearance())
    made = Shell(qapp, client, quit_request, lambda: None)  # type: ignore[arg-type]
    made.show()
    yield made
    qapp.removeEventFilter(made)
    made.hide()
    for gone in (made.window, made.theme, made):
        delete_now(gone)


@pytest.fixture
def shell_with_tray(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A desktop with a tray; the offscreen platform has none."""
    monkeypatch.setattr(shell.tray, "visible", lambda: True)
    monkeypatch.setattr(shell.tray, "notify", lambda *words: None)
    return shell


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def press(qtbot: QtBot, qapp: QApplication, text: str) -> None:
    qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), QMessageBox))
    box = qapp.activeModalWidget()
    assert isinstance(box, QMessageBox)
    next(button for button in box.buttons() if button.text() == text).click()


class TestMenu:
    def test_the_tray_offers_what_the_window_offers(self, shell: Shell) -> None:
        words = [
            "Open panel",
            "Proxy on",
            "Pause the queue",
            "Copy address",
            "Start all instances",
            "Stop all instances",
            "Free GPU memory",
            "Quit",
        ]
        assert texts(shell.tray.menu)[1:] == words
        assert texts(shell.window.sidebar.menu) == words

    @pytest.mark.parametrize(
        ("action", "call"),
        [("start_all", ("start_all", ())), ("stop_all", ("stop_all", ())), ("unload", ("unload_all", ()))],
    )
    def test_an_action_calls_the_engine(
        self, shell: Shell, client: FakeClient, qtbot: QtBot, action: str, call: tuple[str, tuple[object, ...]]
    ) -> None:
        getattr(shell.actions, action).trigger()
        qtbot.waitUntil(lambda: call in client.calls)

    def test_the_proxy_is_switched_and_its_state_comes_from_the_engine(
        self, shell: Shell, client: FakeClient, qtbot: QtBot
    ) -> None:
        assert shell.actions.proxy.isChecked()
        shell.actions.proxy.trigger()
        qtbot.waitUntil(lambda: ("set_proxy", (False,)) in client.calls)
        client.push(snapshot(settings=with_appearance(), proxy=ProxyRecord()))
        assert not shell.actions.proxy.isChecked()
        assert not shell.actions.copy.isEnabled()

    def test_the_queue_is_paused_and_goes_on(self, shell: Shell, client: FakeClient, qtbot: QtBot) -> None:
        shell.actions.pause.trigger()
        qtbot.waitUntil(lambda: ("set_paused", (True,)) in client.calls)
        client.push(snapshot(settings=with_appearance(), paused=True, instances=snapshots.instances()[:2]))
        assert shell.actions.pause.isChecked()
        assert "The queue is paused: 12 requests wait" in shown(shell.window.overview)

    def test_a_stopped_engine_leaves_open_copy_and_quit(self, shell: Shell, client: FakeClient) -> None:
        client.push(snapshot(settings=with_appearance(), fatal=notice("engine.stopped", error="MemoryError")))
        enabled = [action.text() for action in shell.tray.menu.actions() if action.isEnabled() and action.text()]
        assert enabled == ["Open panel", "Copy address", "Quit"]

    def test_the_tray_shows_what_runs(self, shell: Shell) -> None:
        assert texts(shell.tray.menu)[0] == "2 of 4 instances running, 12 waiting"

    def test_a_click_on_the_icon_opens_the_window(self, shell_with_tray: Shell) -> None:
        shell_with_tray.window.hide()
        shell_with_tray.tray.findChild(QSystemTrayIcon).activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
        assert shell_with_tray.window.isVisible()


@pytest.mark.parametrize(
    ("changes", "tone"),
    [
        ({"instances": snapshots.instances()[:2]}, "ok"),
        ({"instances": snapshots.instances()[:2], "paused": True}, "warn"),
        ({"instances": snapshots.instances()[:2], "paused": True, "proxy": ProxyRecord()}, "muted"),
        ({"paused": True}, "danger"),
        ({"instances": ()}, "warn"),
        ({}, "danger"),
        ({"instances": snapshots.instances()[2:3]}, "warn"),
        ({"instances": (), "proxy": ProxyRecord()}, "muted"),
        ({"fatal": "gone"}, "danger"),
        ({"proxy": ProxyRecord(True, "", "port taken")}, "danger"),
    ],
)
def test_the_icon_shows_the_health_of_the_panel(changes: dict[str, object], tone: str) -> None:
    assert health(snapshot(**changes)) == tone


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("paused", [False, True])
def test_the_icon_shows_every_phase_of_an_instance(phase: Phase, paused: bool) -> None:
    """One failed instance means danger even beside running ones; one running instance is enough for ok."""
    ready, *_ = snapshots.instances()
    alone = (msgspec.structs.replace(ready, phase=phase),)
    usual = "warn" if paused else "ok"
    tones = {Phase.FAILED: ("danger", "danger"), Phase.READY: (usual, usual)}
    wanted = tones.get(phase, ("warn", usual))
    assert (
        health(snapshot(instances=alone, paused=paused)),
        health(snapshot(instances=(ready, *alone), paused=paused)),
    ) == wanted


def test_every_health_has_an_icon_of_its_own(qapp: QApplication) -> None:
    pictures = [state_icon(tone).pixmap(32).toImage() for tone in ("ok", "warn", "danger", "muted")]
    assert all(one != other for place, one in enumerate(pictures) for other in pictures[:place])


class TestQuitting:
    def test_closing_hides_the_window_to_the_tray(self, shell_with_tray: Shell, quit_request: QuitRequest) -> None:
        shell_with_tray.window.close()
        assert not shell_with_tray.window.isVisible()
        assert not quit_request.requested.is_set()

    def test_closing_without_a_tray_asks(
        self, shell: Shell, quit_request: QuitRequest, qtbot: QtBot, qapp: QApplication
    ) -> None:
        shell.window.close()
        press(qtbot, qapp, "Cancel")
        qtbot.waitUntil(lambda: not tasks.pending())
        assert shell.window.isVisible()
        assert not quit_request.requested.is_set()
        shell.window.close()
        press(qtbot, qapp, "Quit")
        qtbot.waitUntil(quit_request.requested.is_set)

    def test_quitting_without_requests_asks_nothing(
        self, shell: Shell, quit_request: QuitRequest, qtbot: QtBot
    ) -> None:
        shell.actions.quit.trigger()
        qtbot.waitUntil(quit_request.requested.is_set)
        assert not quit_request.forced.is_set()

    @pytest.mark.parametrize(
        ("answer", "leaves", "hurries"),
        [("Finish and quit", True, False), ("Quit at once", True, True), ("Keep running", False, False)],
    )
    def test_quitting_asks_when_requests_run(
        self,
        shell: Shell,
        quit_request: QuitRequest,
        client: FakeClient,
        qtbot: QtBot,
        qapp: QApplication,
        answer: str,
        leaves: bool,
        hurries: bool,
    ) -> None:
        client.answers["busy"] = 3
        shell.actions.quit.trigger()
        press(qtbot, qapp, answer)
        qtbot.waitUntil(lambda: not tasks.pending())
        assert (quit_request.requested.is_set(), quit_request.forced.is_set()) == (leaves, hurries)

    def test_the_desktops_own_quit_is_caught(
        self, shell: Shell, quit_request: QuitRequest, qapp: QApplication, qtbot: QtBot
    ) -> None:
        QApplication.sendEvent(qapp, QEvent(QEvent.Type.Quit))
        qtbot.waitUntil(quit_request.requested.is_set)

    def test_a_second_quit_request_forces_the_end(self, shell: Shell, quit_request: QuitRequest) -> None:
        quit_request.request()
        assert not quit_request.forced.is_set()
        shell.actions.quit.trigger()
        assert quit_request.forced.is_set()

    def test_minimized_without_a_tray_shows_the_window(self, shell: Shell) -> None:
        shell.window.hide()
        shell.show(minimized=True)
        assert shell.window.isVisible()

    def test_minimized_with_a_tray_stays_there(self, shell_with_tray: Shell) -> None:
        shell_with_tray.window.hide()
        shell_with_tray.show(minimized=True)
        assert not shell_with_tray.window.isVisible()


class TestAppearance:
    def test_another_language_makes_another_window_in_the_same_place(self, shell: Shell, client: FakeClient) -> None:
        shell.window.show_page(4)
        before = shell.window
        try:
            client.push(snapshot(settings=with_appearance(language="zh_CN")))
            assert shell.window is not before
            assert shell.window.page == 4
            assert shell.window.isVisible()
            assert not before.isVisible()
            assert "退出" in texts(shell.tray.menu)
        finally:
            client.push(snapshot(settings=with_appearance(language="en")))
        assert "Quit" in texts(shell.tray.menu)

    def test_another_language_says_again_what_was_shown_and_not_what_was_dismissed(
        self, shell: Shell, client: FakeClient
    ) -> None:
        wrong = Problem("proxy.quue", notice("setting.ignored", wrong=notice("setting.unknown")))
        cut = notice("prompt_cut.unknown", model="qwen3:8b", client="web", advice=notice("advice.trained"))
        in_english = with_appearance()
        client.push(snapshot(settings=in_english, problems=(wrong,), notices=(cut,), demo=True))
        client.report(notice("export.no_worker"))
        for dismissed in (shell.window.problems, shell.window.notice):
            named(dismissed, QToolButton, "Dismiss").click()
        in_chinese = with_appearance(language="zh_CN")
        try:
            client.push(snapshot(settings=in_chinese, problems=(wrong,), notices=(cut,), demo=True))
            window = shell.window
            assert window.message.text().startswith("没有可导出的工作进程")
            assert window.demo.text().startswith("演示")
            assert [one.isHidden() for one in (window.message, window.demo)] == [False, False]
            assert [one.isHidden() for one in (window.problems, window.notice)] == [True, True]
            named(window.message, QToolButton, "关闭").click()
        finally:
            client.push(snapshot(settings=in_english, problems=(wrong,), notices=(cut,), demo=True))
        assert shell.window.message.isHidden()
        assert shell.window.problems.isHidden()

    def test_another_theme_keeps_the_window(self, shell: Shell, client: FakeClient) -> None:
        before = shell.window
        try:
            client.push(snapshot(settings=with_appearance(Choice.LIGHT)))
            assert shell.window is before
            assert not shell.theme.tokens.dark
        finally:
            client.push(snapshot(settings=with_appearance(Choice.DARK)))


def test_without_a_system_tray_the_icon_is_not_visible(actions: Any, loop: asyncio.AbstractEventLoop) -> None:
    tray = Tray(actions)
    tray.show()
    assert not tray.visible()


def watched(client: FakeClient) -> list[bool]:
    """Whether the engine was told that a window shows its state, each time that it was."""
    return [arguments[0] for name, arguments in client.calls if name == "watch"]


def test_the_engine_knows_whether_a_window_shows_its_state(shell_with_tray: Shell, client: FakeClient) -> None:
    assert watched(client)[-1:] == [True]
    shell_with_tray.window.close()
    assert watched(client)[-1:] == [False]
    shell_with_tray.open()
    assert watched(client)[-1:] == [True]
    shell_with_tray.window.showMinimized()
    assert watched(client)[-1:] == [False]
    shell_with_tray.window.showNormal()
    assert watched(client)[-1:] == [True]


def test_the_window_of_another_language_counts_like_the_one_it_replaces(shell: Shell, client: FakeClient) -> None:
    before = shell.window
    try:
        client.push(snapshot(settings=with_appearance(language="zh_CN")))
        assert shell.window is not before
        assert watched(client)[-1:] == [True]
    finally:
        client.push(snapshot(settings=with_appearance(language="en")))
