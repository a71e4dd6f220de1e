"""The last day on the machine page: what is asked for, and how it is told."""

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.history.records import EventKind, FinishedRequest, FinishedRequests, HistoryEvent, HistoryEvents
from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.records import RequestClass
from ollama_panel.core.snapshot import RequestState
from ollama_panel.gui.widgets.history_part import HistoryPart
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.screen import shown
from tests.gui.snapshots import snapshot

DONE = FinishedRequest(
    1.0,
    RequestId("a"),
    ClientId("laptop"),
    RequestClass.INTERACTIVE,
    ModelName("llama3.2:3b"),
    PoolName("chat"),
    InstanceId("chat-1"),
    "/api/chat",
    True,
    RequestState.DONE,
    1.0,
)
FAILED = msgspec.structs.replace(DONE, state=RequestState.FAILED)
LOST = notice("history.died", instance="chat-1", why=notice("process.exited", code=1))


def part_of(window: MainWindow, client: FakeClient, qtbot: QtBot) -> HistoryPart:
    window.show_page_named("machine")
    part = window.machine.history
    qtbot.waitUntil(lambda: part.told.text() != "Reading the history…" and part.refresh.isEnabled())
    return part


def test_the_last_day_is_read_when_the_page_opens(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    client.answers["finished_requests"] = FinishedRequests((DONE, FAILED, FAILED), 7)
    events = (
        HistoryEvent(2.0, EventKind.INSTANCE, "chat-1", LOST),
        HistoryEvent(1.0, EventKind.PANEL, "", notice("history.ended")),
    )
    client.answers["history_events"] = HistoryEvents(events, 3)
    part = part_of(window, client, qtbot)
    words = shown(part)
    assert "3+ requests ended: 2 failed, 0 refused, 0 cancelled." in words
    told = next(one for one in words if one.startswith("chat-1 does not answer any more."))
    assert words.index(told) < words.index("The panel ended.")
    assert part.more.isVisibleTo(part)
    assert ("history_events", (12,)) in client.calls


def test_nothing_is_asked_for_before_the_engine_has_started(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(starting=True))
    window.show_page_named("machine")
    assert "Reading the history…" in shown(window.machine.history)
    assert client.calls == []
    client.push(snapshot())
    part_of(window, client, qtbot)


def test_a_click_reads_it_again(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    part = part_of(window, client, qtbot)
    assert part.told.text() == "No request has ended."
    client.answers["history_events"] = HistoryEvents(
        (HistoryEvent(1.0, EventKind.PANEL, "", notice("history.ended")),), None
    )
    part.refresh.click()
    assert not part.refresh.isEnabled()
    qtbot.waitUntil(lambda: "The panel ended." in shown(part))
    assert not part.more.isVisibleTo(part)


def test_without_a_history_the_part_says_why_and_no_alert_is_raised(
    window: MainWindow, client: FakeClient, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none() -> None:
        raise PanelError(notice("history.none_yet", path="/home/me/history.sqlite"))

    monkeypatch.setattr(client, "finished_requests", none)
    part = part_of(window, client, qtbot)
    assert part.told.text().startswith("There is no history in /home/me/history.sqlite")
    assert client.reported == []


@pytest.mark.parametrize(("width", "beside"), [(880, False), (1280, True)])
def test_it_is_below_the_readings_where_there_is_room_beside_the_advice(
    window: MainWindow, client: FakeClient, qtbot: QtBot, width: int, beside: bool
) -> None:
    part = part_of(window, client, qtbot)
    window.resize(width, 700)
    qtbot.waitUntil(lambda: (part.x() > window.machine.advice.geometry().right()) == beside)
    assert part.y() > window.machine.readings.y()
