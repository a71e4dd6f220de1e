"""The tray icon, the menu, and quitting."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QMessageBox, QPushButton, QSystemTrayIcon
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ollama_panel.core.alerts import health
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.settings.tree_window import Theme as Choice
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.gui import tasks
from ollama_panel.gui.quit_request import QuitRequest
from ollama_panel.gui.shell import Shell
from ollama_panel.gui.summary import health_tone
from ollama_panel.gui.toasts import Toast
from ollama_panel.gui.window import PAGES
from ollama_panel.gui.window_state import WindowState
from tests.gui import snapshots
from tests.gui.conftest import with_appearance
from tests.gui.fake_client import FakeClient
from tests.gui.screen import alert_about, alert_texts, named, shown
from tests.gui.snapshots import snapshot
from tests.gui.test_last_change import CHANGE


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.isVisible() and not action.isSeparator()]


def press(qtbot: QtBot, qapp: QApplication, text: str) -> None:
    qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), QMessageBox))
    box = qapp.activeModalWidget()
    assert isinstance(box, QMessageBox)
    next(button for button in box.buttons() if button.text() == text).click()


class TestMenu:
    def test_tray_and_window_offer_the_same_and_the_window_what_is_about_itself(self, shell: Shell) -> None:
        common, instances = (
            ["Proxy on", "Pause the queue", "Give me my GPU", "Free GPU memory"],
            ["Start all instances", "Stop all instances"],
        )
        in_tray = ["Open panel", "Copy address", *common, "Profile", *instances, "Start at login", "Quit"]
        assert texts(shell.tray.menu)[-len(in_tray) :] == in_tray
        own = ["Undo the last change", "Profiles…", "Check this machine", "First steps…"]
        assert texts(shell.window.sidebar.menu) == ["Copy address", *common, *instances, *own, "Start at login", "Quit"]

    def test_the_last_change_is_undone_from_the_menu(self, shell: Shell, client: FakeClient, qtbot: QtBot) -> None:
        assert not shell.actions.undo.isEnabled()
        client.push(snapshot(settings=with_appearance(), last_change=CHANGE))
        assert shell.actions.undo.toolTip() == "chat: Parallel 2 → 8"
        shell.actions.undo.trigger()
        qtbot.waitUntil(lambda: ("undo_last_change", ()) in client.calls)

    def test_a_toast_outlives_a_change_of_the_language(self, shell: Shell, client: FakeClient) -> None:
        client.announce(Toast("Copied"))
        client.push(snapshot(settings=with_appearance(language="zh_CN")))
        assert [box.toast.text for box in shell.window.toasts.boxes] == ["Copied"]
        client.push(snapshot(settings=with_appearance(language="en")))

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
        assert "The queue is paused: requests wait until you resume it (12 now)." in shown(shell.window.overview)
        named(shell.window.strip, QPushButton, "Resume").click()
        qtbot.waitUntil(lambda: ("set_paused", (False,)) in client.calls)

    def test_a_stopped_engine_leaves_open_copy_and_quit(self, shell: Shell, client: FakeClient) -> None:
        client.push(snapshot(settings=with_appearance(), fatal=notice("engine.stopped", error="MemoryError")))
        enabled = [action.text() for action in shell.tray.menu.actions() if action.isEnabled() and action.text()]
        assert enabled == ["Open panel", "Copy address", "Start at login", "Quit"]

    def test_the_tray_shows_what_runs(self, shell: Shell) -> None:
        assert texts(shell.tray.menu)[0] == "2 of 4 instances running, 12 waiting"

    def test_a_click_on_the_icon_opens_the_window(self, shell_with_tray: Shell) -> None:
        shell_with_tray.window.hide()
        shell_with_tray.tray.findChild(QSystemTrayIcon).activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
        assert shell_with_tray.window.isVisible()


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

    @pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
    @pytest.mark.parametrize("how", ["quit", "close"])
    def test_no_key_quits(
        self,
        shell: Shell,
        client: FakeClient,
        quit_request: QuitRequest,
        qapp: QApplication,
        qtbot: QtBot,
        how: str,
        key: Qt.Key,
    ) -> None:
        client.answers["busy"] = 3
        if how == "quit":
            shell.actions.quit.trigger()
        else:
            shell.window.close()
        qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), QMessageBox))
        box = qapp.activeModalWidget()
        assert box is not None
        qtbot.waitUntil(lambda: box.focusWidget() is not None)
        qtbot.keyClick(box.focusWidget(), key)
        qtbot.waitUntil(lambda: not tasks.pending())
        assert not quit_request.requested.is_set()
        assert shell.window.isVisible()
        assert not shell.window.isMinimized()

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


class TestWindowState:
    def test_a_window_that_hides_is_remembered(self, shell: Shell, state: WindowState) -> None:
        shell.window.setGeometry(20, 30, 900, 700)
        shell.window.show_page_named("requests")
        shell.hide()
        other = QMainWindow()
        state.restore(other)
        assert state.page() == "requests"
        assert other.height() == 700

    def test_an_unknown_page_is_the_first_one(self, shell: Shell) -> None:
        shell.window.show_page_named("overvue")
        assert shell.window.page_name == "overview"

    def test_a_second_start_brings_back_a_minimised_window(self, shell: Shell) -> None:
        shell.window.showMinimized()
        assert shell.open_again()
        assert not shell.window.isMinimized()

    def test_a_second_start_opens_no_window_that_is_about_to_go(self, shell: Shell, quit_request: QuitRequest) -> None:
        shell.hide()
        quit_request.request()
        assert not shell.open_again()
        assert not shell.window.isVisible()


class TestAppearance:
    def test_another_language_makes_another_window_in_the_same_place(self, shell: Shell, client: FakeClient) -> None:
        shell.window.show_page_named("settings")
        before = shell.window
        try:
            client.push(snapshot(settings=with_appearance(language="zh_CN")))
            assert shell.window is not before
            assert shell.window.page_name == "settings"
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
        for words in ("proxy.quue", "qwen3:8b"):
            shell.window.alerts.close(alert_about(shell.window, words))
        in_chinese = with_appearance(language="zh_CN")
        try:
            client.push(snapshot(settings=in_chinese, problems=(wrong,), notices=(cut,), demo=True))
            window = shell.window
            told = alert_texts(window)
            assert any(text.startswith("没有可导出的工作进程") for text in told)
            assert any(text.startswith("演示") for text in told)
            assert not any("proxy.quue" in text or "qwen3:8b" in text for text in told)
            window.alerts.close(alert_about(window, "没有可导出的工作进程"))
        finally:
            client.push(snapshot(settings=in_english, problems=(wrong,), notices=(cut,), demo=True))
        assert not any("no worker to export" in text or "proxy.quue" in text for text in alert_texts(shell.window))

    def test_another_language_prints_nothing(
        self, shell: Shell, client: FakeClient, qtbot: QtBot, capfd: pytest.CaptureFixture[str]
    ) -> None:
        for name in PAGES:
            shell.window.show_page_named(name)
        for language in ("zh_CN", "en"):
            before = shell.window
            client.push(snapshot(settings=with_appearance(language=language)))
            qtbot.waitUntil(lambda gone=before: not isValid(gone))
        assert capfd.readouterr().err == ""

    def test_another_theme_keeps_the_window(self, shell: Shell, client: FakeClient) -> None:
        before = shell.window
        try:
            client.push(snapshot(settings=with_appearance(Choice.LIGHT)))
            assert shell.window is before
            assert not shell.theme.tokens.dark
        finally:
            client.push(snapshot(settings=with_appearance(Choice.DARK)))


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


@pytest.mark.parametrize("leave", ["hide", "showMinimized"])
def test_a_window_that_nobody_sees_is_not_kept_up_to_date(
    shell_with_tray: Shell, client: FakeClient, qtbot: QtBot, leave: str
) -> None:
    window = shell_with_tray.window
    window.resize(1280, 800)  # with less the sidebar shows no words
    getattr(window, leave)()
    before, text = window.overview.ring.count, shown(window.sidebar)
    newer = snapshot(settings=with_appearance(), proxy=ProxyRecord(), sample=snapshots.sample(105.0))
    client.push(newer)
    assert (window.overview.ring.count, shown(window.sidebar)) == (before, text)
    assert health_tone(health(newer)) == shell_with_tray.tray._tone  # the tray tells it all the same
    client.answers["samples"] = tuple(snapshots.sample(at) for at in (101.0, 102.0, 103.0, 105.0))
    window.showNormal()
    assert shown(window.sidebar) != text
    qtbot.waitUntil(lambda: window.overview.ring.tail("at", 4).tolist() == [101.0, 102.0, 103.0, 105.0])
