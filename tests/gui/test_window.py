"""The window around the pages: banners, shortcuts, sidebar."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from ollama_panel.core.notices import notice
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.snapshot import PoolRecord, ProxyRecord
from ollama_panel.gui.tokens import XL
from ollama_panel.gui.widgets.nav_button import NavButton
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, page_of, shown
from tests.gui.snapshots import CHAT, instances, snapshot

DENIED = notice("proxy.no_address", host="127.0.0.1", port=80, reason="Permission denied")
TAKEN = notice("proxy.port_taken", host="127.0.0.1", port=11435, owner=notice("port.owner", name="nginx", pid=7))


@pytest.mark.parametrize("number", range(9))
def test_control_and_a_digit_show_a_page(window: MainWindow, qtbot: QtBot, number: int) -> None:
    window.show_page((number + 1) % 9)
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key(Qt.Key.Key_1 + number), Qt.KeyboardModifier.ControlModifier)
    assert window.page == number


def test_control_q_asks_to_quit(window: MainWindow, actions: object, qtbot: QtBot) -> None:
    with qtbot.waitSignal(actions.quit_requested):  # type: ignore[attr-defined]
        qtbot.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)


def test_a_stopped_engine_is_told_everywhere(window: MainWindow, client: FakeClient) -> None:
    client.push(snapshot(fatal=notice("engine.stopped", error="OSError: too many open files")))
    assert "Not serving" in shown(window.sidebar)
    assert "the engine has stopped" in shown(window.sidebar)
    assert "not serving" in [one.text() for one in window.overview.findChildren(QPushButton)]


def test_the_sidebar_says_why_there_is_no_address(window: MainWindow, client: FakeClient) -> None:
    for changes, words in (
        ({"proxy": ProxyRecord(problem=TAKEN)}, ("Not serving", "port taken")),
        ({"proxy": ProxyRecord(problem=notice("proxy.no_host", host="x", port=1))}, ("Not serving", "no such address")),
        ({"proxy": ProxyRecord(problem=DENIED)}, ("Not serving", "cannot listen")),
        ({"proxy": ProxyRecord()}, ("Not serving", "the proxy is off")),
        ({"proxy": ProxyRecord(), "starting": True}, ("Starting…", "127.0.0.1:11435")),
        ({"paused": True}, ("Paused", "127.0.0.1:11435")),
        ({}, ("Needs attention", "127.0.0.1:11435")),
        ({"instances": instances()[:2]}, ("Serving on", "127.0.0.1:11435")),
    ):
        client.push(snapshot(**changes))
        assert set(words) <= set(shown(window.sidebar)), changes


@pytest.mark.parametrize(("waiting", "badge"), [(0, ""), (34, "34"), (99, "99"), (100, "99+")])
def test_the_sidebar_counts_the_requests_that_wait(
    window: MainWindow, client: FakeClient, waiting: int, badge: str
) -> None:
    entry = named(window.sidebar, NavButton, "Queue & requests")
    width = window.sidebar.width()
    client.push(snapshot(pools=(PoolRecord(CHAT, Role.CHAT, queued=waiting),)))
    assert entry.badge == badge
    assert entry.accessibleDescription() == (f"{waiting} requests wait" if waiting else "")
    assert window.sidebar.width() == width, "there is room for the badge before it comes"


def test_closing_the_window_leaves_the_decision_to_its_owner(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.close_requested):
        window.close()
    assert window.isVisible()


@pytest.mark.parametrize("size", [(1024, 700), (1280, 800), (1920, 1080)])
def test_pages_need_no_more_width_than_there_is(window: MainWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    window.resize(*size)
    for number in range(9):
        window.show_page(number)
        page = page_of(window)
        qtbot.waitUntil(lambda page=page: page.width() == size[0] - window.sidebar.width())


def test_the_sidebar_shows_its_texts_uncut_in_the_installed_fonts(window: MainWindow) -> None:
    window.resize(1280, 800)
    words = [one for one in window.sidebar.findChildren(QLabel) if one.isVisible() and one.text()]
    assert "Ollama Panel" in [one.text() for one in words]
    assert [one.text() for one in words if one.width() < one.sizeHint().width()] == []


def test_a_narrow_window_keeps_the_sidebar_as_icons_with_names(window: MainWindow) -> None:
    window.resize(1024, 700)
    buttons = [one for one in window.sidebar.findChildren(QToolButton) if one.isCheckable()]
    assert window.sidebar.width() < 100
    assert [button.accessibleName() for button in buttons] == [
        "Overview",
        "Instances",
        "Queue & requests",
        "Tuning",
        "Connect",
        "Doctor",
        "Export",
        "Settings",
        "Machine",
    ]
    assert all("Ctrl+" in button.toolTip() for button in buttons)
    window.resize(1280, 800)
    assert window.sidebar.width() == max(200, window.sidebar.minimumSizeHint().width())


@pytest.mark.parametrize("name", ["connect", "settings"])
def test_a_scroll_bar_moves_nothing_of_a_page(window: MainWindow, qtbot: QtBot, name: str) -> None:
    window.show_page_named(name)
    page = page_of(window)
    bar = page.area.verticalScrollBar()
    content = page.area.widget().layout()
    for height, scrolls in ((600, True), (4000, False)):
        window.resize(1280, height)
        qtbot.waitUntil(lambda scrolls=scrolls: (bar.maximum() > 0) == scrolls)
        qtbot.waitUntil(lambda: content.contentsRect().width() == page.width() - 2 * XL)


def test_nothing_on_a_page_is_squeezed_in_the_smallest_window(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    wrong = notice("setting.not_that", expected=notice("expected.whole"), given="x")
    problems = tuple(
        Problem(f"pools.chat.environment.VARIABLE_{number}", notice("setting.replaced", wrong=wrong, used=11435))
        for number in range(12)
    )
    client.push(snapshot(problems=problems, demo=True))
    window.resize(window.minimumSize())
    for number in range(9):
        window.show_page(number)
        page = page_of(window)
        qtbot.waitUntil(lambda page=page: page.width() == window.width() - window.sidebar.width())
        assert window.strip.isVisible()
        labels = [one for one in page.findChildren(QLabel) if one.isVisible() and one.text()]
        assert [one.text() for one in labels if one.height() < one.fontMetrics().height()] == []
    assert window.size() == window.minimumSize()
    assert page_of(window).height() > window.height() // 3
