"""The strip of the alerts below the heading, and the list of all alerts."""

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.core.bypass import BypassRecord, Origin
from ollama_panel.core.ids import PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, RaiseContext, notice
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.snapshot import ProxyRecord, Snapshot
from ollama_panel.gui.widgets import alert_strip
from ollama_panel.gui.window import MainWindow
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient
from tests.gui.screen import alert_texts, named, page_of, shown
from tests.gui.snapshots import of_a_service

TAKEN = notice("proxy.port_taken", host="127.0.0.1", port=11435, owner=notice("port.owner", name="nginx", pid=7))
READY = snapshots.instances()[:2]
WRONG = notice("setting.not_that", expected=notice("expected.whole"), given="x")
PORT = Problem("proxy.port", notice("setting.replaced", wrong=WRONG, used=11435))
QUEUE = Problem("scheduling.queue_limit", notice("setting.replaced", wrong=WRONG, used=5))
FAILED = notice("rollout.successors_failed", instance="chat-1", count=4, why=notice("instance.silent"))
GIVEN_UP = Problem("instances", FAILED)
CUT = "a:latest: a prompt of 8,900 tokens of web was cut to 4,096. Raise the context of its pool."


def snapshot(**changes: object) -> Snapshot:
    """Return a snapshot of a panel that is well."""
    return snapshots.snapshot(**({"instances": READY} | changes))


def cut_prompt(tokens: int = 8900, model: str = "a:latest", wanted: int = 16_384) -> Notice:
    advice = notice("advice.raise_context")
    told = notice("prompt_cut.from_to", model=model, tokens=tokens, client="web", kept=4096, advice=advice)
    return told.offering(RaiseContext((PoolName("chat"),), wanted))


NOTICE = cut_prompt()


def press(window: MainWindow, text: str) -> None:
    """Press a button of the strip."""
    named(window.strip, QPushButton, text).click()


def dismiss(window: MainWindow) -> None:
    named(window.strip, QToolButton, "Dismiss").click()


def buttons(window: MainWindow) -> list[str]:
    return [one.text() for one in window.strip.findChildren(QPushButton) if one.isVisible()]


def test_no_alert_is_shown_without_a_problem(window: MainWindow, client: FakeClient) -> None:
    client.push(snapshot())
    assert window.strip.alert is None
    assert window.strip.text == "12 requests wait for a free slot"
    assert buttons(window) == []


@pytest.mark.parametrize("size", [(880, 600), (1280, 800), (2560, 1440)])
def test_nothing_moves_when_an_alert_comes_or_goes(
    window: MainWindow, client: FakeClient, qtbot: QtBot, size: tuple[int, int]
) -> None:
    client.push(snapshot())
    window.resize(*size)
    qtbot.waitUntil(lambda: window.strip.width() == size[0] - window.sidebar.width() - 48)

    def places() -> list[QPoint]:
        return [
            one.mapTo(window, QPoint())
            for one in page_of(window).findChildren(QWidget)
            if one.isVisible() and not window.strip.isAncestorOf(one) and one.window() is window
        ]

    before = places()
    client.push(snapshot(proxy=ProxyRecord(problem=TAKEN), problems=(PORT, QUEUE), demo=True))
    assert window.strip.alert is not None
    window.layout().activate()
    assert places() == before
    assert window.strip.width() == size[0] - window.sidebar.width() - 48


@pytest.mark.parametrize(
    ("changes", "button", "call"),
    [
        ({"proxy": ProxyRecord(problem=TAKEN)}, "Use next free port", ("use_next_port", ())),
        ({"proxy": ProxyRecord(problem=TAKEN)}, "Try again", ("set_proxy", (True,))),
        ({"proxy": ProxyRecord()}, "Switch on", ("set_proxy", (True,))),
        ({"paused": True}, "Resume", ("set_paused", (False,))),
        ({"problems": (GIVEN_UP,)}, "Try again", ("apply", (snapshots.SETTINGS,))),
        (
            {"instances": (msgspec.structs.replace(READY[0], phase=Phase.BACKOFF), READY[1])},
            "Start again",
            ("ensure_running", ("chat-1",)),
        ),
        (
            {"instances": (msgspec.structs.replace(READY[0], phase=Phase.STOPPED),)},
            "Start all",
            ("start_all", ()),
        ),
    ],
)
def test_an_alert_offers_the_way_back(
    window: MainWindow, client: FakeClient, qtbot: QtBot, changes: dict[str, object], button: str, call: object
) -> None:
    client.push(snapshot(**changes))
    press(window, button)
    qtbot.waitUntil(lambda: call in client.calls)
    client.push(snapshot())
    assert not any(text in window.strip.text for text in ("cannot listen", "is off", "paused", "stopped"))


def test_the_new_address_is_told_with_what_clients_must_change(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(proxy=ProxyRecord(problem=TAKEN), demo=True, demo_asked=True))
    press(window, "Use next free port")
    client.push(snapshot(demo=True, demo_asked=True))
    assert window.strip.text.startswith("Demonstration"), "the engine is quicker than its answer"
    moved = "The panel listens on http://127.0.0.1:11436 now"
    qtbot.waitUntil(lambda: any(moved in text for text in alert_texts(window)))
    served = ProxyRecord(True, "http://127.0.0.1:11436", port=11436)
    client.push(snapshot(proxy=served, demo=True, demo_asked=True))
    assert window.strip.text.startswith(moved)
    press(window, "1 more")
    command = "export OLLAMA_HOST=http://127.0.0.1:11436"
    named(window.list, QToolButton, f"Copy {command}").click()
    assert QGuiApplication.clipboard().text() == command


def test_the_demo_links_to_ollama_if_it_was_not_found_and_only_then(
    window: MainWindow, client: FakeClient, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    client.push(snapshot(demo=True))
    assert "Ollama was not found" in window.strip.text
    press(window, "Install Ollama")
    qtbot.waitUntil(lambda: opened == ["https://ollama.com/download"])
    client.push(snapshot(demo=True, demo_asked=True))
    assert window.strip.text.startswith("Demonstration:")
    assert "not found" not in window.strip.text
    assert buttons(window) == ["Details"]


def test_each_problem_is_closed_by_itself_and_stays_closed(window: MainWindow, client: FakeClient) -> None:
    client.push(snapshot(problems=(PORT,)))
    assert window.strip.text == 'proxy.port: must be a whole number, not "x"; "11435" is used.'
    assert window.strip.property("banner") == "warn"
    dismiss(window)
    client.push(snapshot(problems=(PORT,), at=105.0))
    assert window.strip.alert is None
    client.push(snapshot(problems=(PORT, QUEUE)))
    assert alert_texts(window) == ['scheduling.queue_limit: must be a whole number, not "x"; "5" is used.']
    client.push(snapshot())
    client.push(snapshot(problems=(PORT,)))
    assert window.strip.text.startswith("proxy.port: "), "it had ended"


def test_an_instance_that_is_tried_again_and_again_stays_closed_until_it_is_given_up(
    window: MainWindow, client: FakeClient
) -> None:
    why = notice("process.exited", code=1)

    def failing(phase: Phase, detail: Notice) -> Snapshot:
        return snapshot(instances=(msgspec.structs.replace(READY[0], phase=phase, detail=detail), READY[1]))

    client.push(failing(Phase.BACKOFF, notice("instance.again_soon", why=why, number=2, all=5)))
    assert window.strip.text.startswith("chat-1: The server ended with exit code 1.")
    dismiss(window)
    for number in (2, 3):
        client.push(failing(Phase.STARTING, notice("instance.starting_again", why=why, number=number, all=5)))
        client.push(failing(Phase.BACKOFF, notice("instance.again_soon", why=why, number=number, all=5)))
        assert window.strip.alert is None
    client.push(failing(Phase.FAILED, notice("instance.gave_up", why=why, tries=5)))
    assert "the panel gave up" in window.strip.text
    assert window.strip.property("banner") == "danger"


def test_what_was_closed_can_be_read_again(window: MainWindow, client: FakeClient) -> None:
    client.push(snapshot(problems=(PORT,)))
    dismiss(window)
    assert window.strip.text == "12 requests wait for a free slot"
    press(window, "1 dismissed")
    assert any(text.startswith("proxy.port: ") for text in shown(window.list))


def test_a_failure_that_is_a_problem_too_is_said_once(window: MainWindow, client: FakeClient) -> None:
    failed = notice("rollout.failed", instance="chat-1", why=notice("program.missing", path="/opt/ollama"))
    client.push(snapshot())
    client.report(failed)
    client.push(snapshot(problems=(Problem("instances", failed),)))
    client.report(failed)
    assert len(alert_texts(window)) == 1
    dismiss(window)
    client.report(failed)
    assert "chat-1 does not run" in window.strip.text, "it is said nowhere else now"
    client.report(notice("export.no_worker"))
    client.push(snapshot(problems=()))
    assert any("no worker to export" in text for text in alert_texts(window))


def test_a_stopped_engine_offers_its_log_and_a_restart(
    window: MainWindow, client: FakeClient, opened_logs: list[bool], qtbot: QtBot
) -> None:
    client.push(snapshot(fatal=notice("engine.stopped", error="OSError: too many open files")))
    assert "too many open files" in window.strip.text
    assert not named(window.strip, QToolButton, "Dismiss").isVisible()
    press(window, "Restart engine")
    press(window, "Open log")
    qtbot.waitUntil(lambda: opened_logs == [True] and client.calls == [("restart_engine", ())])
    client.push(snapshot())
    assert window.strip.alert is None


def test_a_notice_offers_what_helps_and_one_click_does_it(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    client.push(snapshot(notices=(NOTICE,)))
    assert window.strip.text == CUT
    press(window, "Raise to 16,384")
    qtbot.waitUntil(lambda: bool(client.calls))
    ((name, (settings,)),) = client.calls
    assert name == "apply"
    assert {pool.name: pool.context_length for pool in settings.pools}["chat"] == 16_384
    client.push(snapshot(notices=(NOTICE,)))
    assert window.strip.alert is None
    longer = cut_prompt(20_000, wanted=32_768)
    client.push(snapshot(notices=(longer,)))
    assert "a prompt of 20,000 tokens" in window.strip.text


def test_an_offer_that_fails_is_made_again(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    client.push(snapshot(notices=(NOTICE,)))
    client.error = ValueError("no")
    press(window, "Raise to 16,384")
    qtbot.waitUntil(lambda: bool(client.reported))
    assert CUT in alert_texts(window)


def test_each_server_with_models_of_its_own_is_dismissed_by_itself(window: MainWindow, client: FakeClient) -> None:
    first = of_a_service(closed=True)["notices"][0]
    second = msgspec.structs.replace(first, values={**first.values, "url": "http://127.0.0.1:20001"})
    client.push(snapshot(notices=(first, second)))
    dismiss(window)
    client.push(snapshot(notices=(first, second)))
    assert "http://127.0.0.1:20001" in window.strip.text


def visible(widget: QWidget) -> list[str]:
    """Return the texts of the labels that are seen where the widget is."""
    return [one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget)]


def test_the_list_has_whole_texts_with_what_can_be_done(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    client.push(snapshot(**of_a_service()))
    press(window, "Details")
    assert window.list.isVisible()
    assert any(text.startswith("The pools cannot serve: the models are with") for text in visible(window.list))
    command = "sudo usermod -aG ollama alice"
    assert command in visible(window.list)
    named(window.list, QToolButton, f"Copy {command}").click()
    assert QGuiApplication.clipboard().text() == command
    client.push(snapshot(**of_a_service(closed=False)))
    assert command not in visible(window.list)
    named(window.list, QPushButton, "Use that folder").click()
    qtbot.waitUntil(lambda: bool(client.calls))
    ((name, (settings,)),) = client.calls
    assert (name, settings.ollama.models_dir) == ("apply", "/usr/share/ollama/.ollama/models")


def many() -> tuple[Problem, ...]:
    return tuple(
        Problem(f"pools.chat.environment.VARIABLE_{number}", notice("setting.replaced", wrong=WRONG, used=11435))
        for number in range(12)
    )


@pytest.mark.parametrize("size", [(880, 600), (2560, 1440)])
def test_the_list_fits_into_the_window_and_cuts_no_text(
    window: MainWindow, client: FakeClient, qtbot: QtBot, size: tuple[int, int]
) -> None:
    client.push(snapshot(problems=many(), **of_a_service()))
    window.resize(*size)
    press(window, "12 more")
    frame = window.list.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)[0]
    qtbot.waitUntil(lambda: window.list.rect().contains(frame.geometry()) and frame.height() > 200)
    labels = [one for one in window.list.findChildren(QLabel) if one.isVisibleTo(window.list) and one.wordWrap()]
    assert len(labels) > 12
    qtbot.waitUntil(lambda: all(one.height() >= one.heightForWidth(one.width()) for one in labels))


def test_the_list_is_closed_by_escape_a_click_beside_it_and_its_button(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(problems=(PORT, QUEUE)))
    more = named(window.strip, QPushButton, "1 more")
    more.click()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert not window.list.isVisible()
    assert window.focusWidget() is more
    more.click()
    qtbot.mouseClick(window.list, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not window.list.isVisible()
    more.click()
    named(window.list, QToolButton, "Close").click()
    assert not window.list.isVisible()
    more.click()
    client.push(snapshot())
    assert not window.list.isVisible(), "there is nothing to say any more"


def test_the_tab_key_stays_in_the_list_from_the_top_down(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    client.push(snapshot(problems=(PORT,), paused=True))
    press(window, "1 more")
    names = []
    for _ in range(6):
        names.append(window.focusWidget().accessibleName())
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert names == ["Resume", "Dismiss", "Dismiss", "Close", "Resume", "Dismiss"]
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Backtab)
    assert window.focusWidget().accessibleName() == "Dismiss"


def test_an_alert_in_the_list_keeps_its_widgets_while_others_come_and_go(
    window: MainWindow, client: FakeClient
) -> None:
    client.push(snapshot(problems=(PORT, QUEUE)))
    press(window, "1 more")
    button = next(one for one in window.list.findChildren(QToolButton) if one.accessibleName() == "Dismiss")
    client.push(snapshot(problems=(PORT,), proxy=ProxyRecord(problem=TAKEN)))
    left = [one for one in window.list.findChildren(QToolButton) if one.isVisibleTo(window.list)]
    assert button in left
    assert any("cannot listen" in text for text in visible(window.list))


def test_a_screen_reader_says_an_alert_once_when_it_comes(
    window: MainWindow, client: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.push(snapshot())
    said: list[str] = []
    monkeypatch.setattr(alert_strip, "say", lambda strip, text, urgent: said.append(f"{text} {urgent}"))
    for at in (105.0, 106.0):
        client.push(snapshot(problems=(PORT,), at=at))
    client.push(snapshot(problems=(PORT,), proxy=ProxyRecord(problem=TAKEN)))
    assert [one[:20] for one in said] == ["proxy.port: must be ", "The proxy cannot lis"]
    assert [one.rpartition(" ")[2] for one in said] == ["False", "True"]


def test_the_strip_has_a_name_and_its_buttons_are_reached_in_order(window: MainWindow, client: FakeClient) -> None:
    client.push(snapshot(notices=(NOTICE,), paused=True))
    interface = QAccessible.queryAccessibleInterface(window.strip)
    assert interface.text(QAccessible.Text.Name) == window.strip.text
    chain, widget = [], window.strip.nextInFocusChain()
    while len(chain) < 3:
        if isinstance(widget, QPushButton | QToolButton) and window.strip.isAncestorOf(widget) and widget.isVisible():
            chain.append(widget.accessibleName())
        widget = widget.nextInFocusChain()
    assert chain == ["Resume", "1 more", "Dismiss"]


def test_a_text_that_does_not_fit_can_be_read(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    window.resize(880, 600)
    client.push(snapshot(proxy=ProxyRecord(problem=TAKEN)))
    label = next(one for one in window.strip.findChildren(QLabel) if one.text() == window.strip.text)
    qtbot.waitUntil(lambda: label.toolTip() == window.strip.text)
    press(window, "Details")
    assert window.strip.text in visible(window.list)


def test_a_button_is_grey_until_what_it_does_is_done(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    client.push(snapshot(paused=True))
    resume = named(window.strip, QPushButton, "Resume")
    states: list[bool] = []
    window.alerts.changed.connect(lambda: states.append(resume.isEnabled()))
    resume.click()
    resume.click()  # before the first has begun
    qtbot.waitUntil(lambda: len(states) == 2)
    assert client.calls == [("set_paused", (False,))]
    assert resume.isEnabled()


def test_who_goes_past_the_panel_leads_to_what_to_change(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    rag = BypassRecord(Origin.PROGRAM, "http://127.0.0.1:11434", "rag.py", 7, connections=3)
    client.push(snapshot(bypassing=(rag,)))
    press(window, "What to change…")
    qtbot.waitUntil(lambda: window.page_name == "connect")
