"""The window around the pages: banners, shortcuts, sidebar."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import Notice, RaiseContext, notice
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.gui import window as window_module
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, page_of, shown
from tests.gui.snapshots import of_a_service, snapshot

TAKEN = notice("proxy.port_taken", host="127.0.0.1", port=11435, owner=notice("port.owner", name="nginx", pid=7))


@pytest.mark.parametrize("number", range(5))
def test_control_and_a_digit_show_a_page(window: MainWindow, qtbot: QtBot, number: int) -> None:
    window.show_page((number + 1) % 5)
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key(Qt.Key.Key_1 + number), Qt.KeyboardModifier.ControlModifier)
    assert window.page == number


def test_control_q_asks_to_quit(window: MainWindow, actions: object, qtbot: QtBot) -> None:
    with qtbot.waitSignal(actions.quit_requested):  # type: ignore[attr-defined]
        qtbot.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)


def test_no_banner_is_shown_without_a_problem(window: MainWindow) -> None:
    for banner in (window.fatal, window.message, window.problems, window.notice, window.demo):
        assert banner.isHidden()


def test_the_demo_has_a_banner_that_links_to_ollama(
    window: MainWindow, client: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    client.push(snapshot(demo=True))
    assert window.demo.isVisible()
    button = next(
        one for one in window.demo.findChildren(window_module.QWidget) if one.property("text") == "Install Ollama"
    )
    button.click()
    assert opened == ["https://ollama.com/download"]


def test_problems_are_shown_until_they_are_dismissed_and_again_when_they_change(
    window: MainWindow, client: FakeClient
) -> None:
    wrong = notice("setting.not_that", expected=notice("expected.whole"), given="x")
    one = Problem("proxy.port", notice("setting.replaced", wrong=wrong, used=11435))
    client.push(snapshot(problems=(one,)))
    assert window.problems.text() == 'proxy.port: must be a whole number, not "x"; "11435" is used.'
    assert window.problems.property("banner") == "warn"
    named(window.problems, QToolButton, "Dismiss").click()
    client.push(snapshot(problems=(one,), at=105.0))
    assert window.problems.isHidden()
    client.push(snapshot(problems=(one, Problem("instances", notice("rollout.ended")))))
    assert "instances: The panel has ended" in window.problems.text()
    assert window.problems.property("banner") == "danger"
    client.push(snapshot(problems=(Problem("proxy.heartbeat_plain", notice("setting.heartbeat_on")),)))
    assert window.problems.property("banner") == "info"


def test_a_failure_that_is_a_problem_too_is_said_once(window: MainWindow, client: FakeClient) -> None:
    failed = notice("rollout.failed", instance="chat-1", why=notice("program.missing", path="/opt/ollama"))
    client.report(failed)
    assert window.message.isVisible()
    client.push(snapshot(problems=(Problem("instances", failed),)))
    assert window.message.isHidden()
    assert "chat-1 does not run" in window.problems.text()
    client.report(failed)
    assert window.message.isHidden()
    named(window.problems, QToolButton, "Dismiss").click()
    client.report(failed)
    assert window.message.isVisible(), "it is said nowhere else now"
    client.report(notice("export.no_worker"))
    client.push(snapshot(problems=()))
    assert window.message.isVisible()


def test_a_proxy_that_cannot_listen_is_a_problem(window: MainWindow, client: FakeClient) -> None:
    client.push(snapshot(proxy=ProxyRecord(True, "", TAKEN)))
    assert "The proxy cannot listen on 127.0.0.1:11435: nginx (process 7) has that port." in window.problems.text()
    assert named(window.overview, QPushButton, "Copy address").text() == "not serving"


def test_a_stopped_engine_offers_its_log_and_a_restart(
    window: MainWindow, client: FakeClient, opened_logs: list[bool]
) -> None:
    client.push(snapshot(fatal=notice("engine.stopped", error="OSError: too many open files")))
    assert "Not serving" in shown(window.sidebar)
    assert "the engine has stopped" in shown(window.sidebar)
    assert "not serving" in [one.text() for one in window.overview.findChildren(QPushButton)]
    assert "too many open files" in window.fatal.text()
    log, restart = [one for one in window.fatal.findChildren(window_module.QWidget) if one.property("text")][1:3]
    log.click()
    restart.click()
    assert opened_logs == [True]
    assert client.calls == [("restart_engine", ())]
    client.push(snapshot())
    assert window.fatal.isHidden()


def test_closing_the_window_leaves_the_decision_to_its_owner(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.close_requested):
        window.close()
    assert window.isVisible()


@pytest.mark.parametrize("size", [(1024, 700), (1280, 800), (1920, 1080)])
def test_pages_need_no_more_width_than_there_is(window: MainWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    window.resize(*size)
    for number in range(5):
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
        "Export",
        "Settings",
    ]
    assert all("Ctrl+" in button.toolTip() for button in buttons)
    window.resize(1280, 800)
    assert window.sidebar.width() == max(200, window.sidebar.minimumSizeHint().width())


CUT = "a:latest: a prompt of 8,900 tokens of web was cut to 4,096. Raise the context of its pool."
RAISE = notice("advice.raise_context")


def cut_prompt(tokens: int = 8900, model: str = "a:latest", wanted: int = 16_384) -> Notice:
    told = notice("prompt_cut.from_to", model=model, tokens=tokens, client="web", kept=4096, advice=RAISE)
    return told.offering(RaiseContext((PoolName("chat"),), wanted))


NOTICE = cut_prompt()


def test_a_notice_offers_what_helps_and_one_click_does_it(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    client.push(snapshot(notices=(NOTICE,)))
    assert window.notice.text() == CUT
    named(window.notice, QPushButton, "Raise to 16,384").click()
    qtbot.waitUntil(lambda: bool(client.calls))
    ((name, (settings,)),) = client.calls
    assert name == "apply"
    assert {pool.name: pool.context_length for pool in settings.pools}["chat"] == 16_384
    client.push(snapshot(notices=(NOTICE,)))
    assert window.notice.isHidden()


def test_a_prompt_that_is_cut_after_the_context_was_raised_is_told_again(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(notices=(NOTICE,)))
    named(window.notice, QPushButton, "Raise to 16,384").click()
    longer = cut_prompt(20_000, wanted=32_768)
    client.push(snapshot(notices=(longer,)))
    assert "a prompt of 20,000 tokens" in window.notice.text()
    named(window.notice, QPushButton, "Raise to 32,768").click()
    qtbot.waitUntil(lambda: len(client.calls) == 2)
    client.push(snapshot(notices=(longer,)))
    assert window.notice.isHidden()


def test_the_button_of_a_notice_is_not_another_ones_when_their_order_changes(
    window: MainWindow, client: FakeClient
) -> None:
    models = [cut_prompt(model=f"m{number}") for number in range(30)]
    for shift in range(3):
        again = cut_prompt(20_000 + shift, "m0")
        client.push(snapshot(notices=(*models[1 + shift :], *models[1 : 1 + shift], again)))
        if not shift:
            for _ in range(29):
                named(window.notice, QToolButton, "Dismiss").click()
                client.push(snapshot(notices=(*models[1:], again)))
        assert f"m0: a prompt of 20,00{shift} tokens" in window.notice.text()


def test_the_tab_key_reaches_the_offer_of_a_notice_before_its_dismissal(window: MainWindow, client: FakeClient) -> None:
    client.push(snapshot(notices=(NOTICE,)))
    offer = named(window.notice, QPushButton, "Raise to 16,384")
    assert offer.nextInFocusChain() is named(window.notice, QToolButton, "Dismiss")


def visible(widget: QWidget) -> list[str]:
    """Return the texts of the labels that are seen where the widget is."""
    return [one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget)]


def test_models_that_the_workers_cannot_read_are_told_with_what_can_be_done(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(**of_a_service()))
    assert window.notice.text().startswith("The pools cannot serve: the models are with the server at ")
    command = "sudo usermod -aG ollama alice"
    assert command not in visible(window.notice)
    named(window.notice, QPushButton, "What can be done").click()
    assert command in visible(window.notice)
    assert any("adds you to group ollama;" in text for text in visible(window.notice))
    named(window.notice, QToolButton, f"Copy {command}").click()
    assert QGuiApplication.clipboard().text() == command
    assert named(window.notice, QPushButton, "What can be done").text() == "Hide"
    client.push(snapshot(**of_a_service(closed=False)))
    qtbot.waitUntil(lambda: any("ollama.models_dir" in text for text in visible(window.notice)))
    assert command not in visible(window.notice)
    named(window.notice, QPushButton, "What can be done").click()
    assert not any("ollama.models_dir" in text for text in visible(window.notice))
    assert named(window.notice, QPushButton, "What can be done").text() == "What can be done"
    client.push(snapshot())
    assert window.notice.isHidden()


def test_a_folder_that_can_be_read_is_used_by_one_click(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    client.push(snapshot(**of_a_service(closed=False)))
    named(window.notice, QPushButton, "Use that folder").click()
    qtbot.waitUntil(lambda: bool(client.calls))
    ((name, (settings,)),) = client.calls
    assert (name, settings.ollama.models_dir) == ("apply", "/usr/share/ollama/.ollama/models")


def test_a_notice_without_an_offer_has_no_button(window: MainWindow, client: FakeClient) -> None:
    client.push(snapshot(notices=(msgspec.structs.replace(NOTICE, action=None),)))
    assert [one.text() for one in window.notice.findChildren(QPushButton) if one.isVisible()] == []


def test_a_dismissed_notice_makes_room_for_the_next_and_comes_back_once_it_was_gone(
    window: MainWindow, client: FakeClient
) -> None:
    advice = notice("advice.modelfile")
    other = notice("context_conflict.unknown", model="b:latest", asking=("rag",), silent=("web",), advice=advice)
    client.push(snapshot(notices=(NOTICE, other)))
    named(window.notice, QToolButton, "Dismiss").click()
    client.push(snapshot(notices=(NOTICE, other)))
    assert window.notice.text().startswith("b:latest is reloaded again and again")
    client.push(snapshot())
    assert window.notice.isHidden()
    client.push(snapshot(notices=(NOTICE,)))
    assert window.notice.text() == CUT


def test_each_server_with_models_of_its_own_is_dismissed_by_itself(window: MainWindow, client: FakeClient) -> None:
    first = of_a_service(closed=True)["notices"][0]
    second = msgspec.structs.replace(first, values={**first.values, "url": "http://127.0.0.1:20001"})
    client.push(snapshot(notices=(first, second)))
    named(window.notice, QToolButton, "Dismiss").click()
    client.push(snapshot(notices=(first, second)))
    assert "http://127.0.0.1:20001" in window.notice.text()


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
    for number in range(5):
        window.show_page(number)
        page = page_of(window)
        qtbot.waitUntil(lambda page=page: page.width() == window.width() - window.sidebar.width())
        labels = [one for one in page.findChildren(QLabel) if one.isVisible() and one.text()]
        assert [one.text() for one in labels if one.height() < one.fontMetrics().height()] == []
    assert window.size() == window.minimumSize()
    assert page_of(window).height() > window.height() // 3
