"""What the engine tells the history, in the file that it makes of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ollama_panel.core.history.questions import EventsQuestion, RequestsQuestion, SeriesQuestion
from ollama_panel.core.history.records import FinishedRequest, History
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.core.settings.tree_history import HistorySettings
from ollama_panel.core.snapshot import InstanceRecord, ProxyRecord, Sample, Snapshot
from ollama_panel.core.telemetry import InstanceReading, Telemetry
from ollama_panel.engine.history.reader import reading
from ollama_panel.engine.history.recorder import STEADY_S, HistoryRecorder
from ollama_panel.engine.history.writer import Trouble
from tests.fakes.timelines import ToldTimeline, job

_NOT_WRITTEN = Trouble.NOT_WRITTEN
BEGIN = 1_000_000.0
READY = InstanceRecord(InstanceId("chat-1"), PoolName("chat"), Role.CHAT, True, "http://127.0.0.1:1", Phase.READY)
WELL = Snapshot(0.0, Settings(), instances=(READY,), proxy=ProxyRecord(on=True))


class Panel:
    """A recorder with a clock of the machine that a test may set; the engine's time is `now`."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path = path
        self.now = 0.0
        self.ahead = BEGIN
        self.problems = list[Problem]()
        self.recorder = HistoryRecorder(path, lambda: settings.history, self._set, lambda: self.now + self.ahead)
        self.timeline = ToldTimeline()
        self.timeline._on_end = lambda entry: self.recorder.ended(entry, PoolName("chat"))

    def _set(self, problems: list[Problem]) -> None:
        self.problems = problems

    def see(self, at: float, **changes: Any) -> None:
        self.now = at
        self.recorder.see(msgspec.structs.replace(WELL, at=at, **changes))

    def serve(self, name: str) -> None:
        self.timeline.start(job(name))
        self.timeline.first_byte(name, at=1.5)
        self.timeline.finish(name, output_tokens=5)

    async def series(self, *names: str) -> History:
        await self.recorder.close()
        with reading(self.path) as reader:
            return reader.series(SeriesQuestion(BEGIN, BEGIN + 60, names, 10))

    async def requests(self) -> tuple[FinishedRequest, ...]:
        await self.recorder.close()
        with reading(self.path) as reader:
            return reader.requests(RequestsQuestion(0, 2 * BEGIN)).requests

    async def told(self) -> list[str]:
        await self.recorder.close()
        with reading(self.path) as reader:
            return [render(one.told) for one in reversed(reader.events(EventsQuestion(0, 2 * BEGIN)).events)]


Make = Callable[..., Panel]


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Make]:
    made = list[Panel]()

    def started(**history: Any) -> Panel:
        settings = msgspec.structs.replace(Settings(), history=HistorySettings(**history))
        made.append(Panel(tmp_path / "history.sqlite", settings))
        made[-1].recorder.start(0.0)
        return made[-1]

    yield started
    for one in made:
        await one.recorder.close()


def sample(at: float, queued: int) -> Sample:
    return Sample(at, queued, 0, 2, 0.0, None, None, None)


async def test_samples_become_rows_of_ten_seconds(make: Make) -> None:
    panel = make()
    for second in range(20):
        panel.see(second, sample=sample(second, queued=second))
    (queued,) = (await panel.series("panel.queued")).series
    assert queued.mean == (4.5, 14.5, None, None, None, None)
    assert queued.high == (9.0, 19.0, None, None, None, None)


async def test_the_readings_of_the_sensors_do(make: Make) -> None:
    panel = make()
    panel.see(1.0, telemetry=Telemetry(1.0, instances=(InstanceReading(InstanceId("chat-1"), rss_bytes=7),)))
    (rss,) = (await panel.series("instance.rss_bytes")).series
    assert (rss.source, rss.mean[0]) == ("chat-1", 7.0)


async def test_the_same_sample_in_two_snapshots_counts_once(make: Make) -> None:
    panel, one, other = make(), sample(0.0, queued=2), sample(1.0, queued=4)
    for at, shown in ((0.0, one), (0.5, one), (0.6, one), (1.0, other)):
        panel.see(at, sample=shown)
    (queued,) = (await panel.series("panel.queued")).series
    assert queued.mean[0] == 3.0


async def test_a_served_request_is_kept_with_its_times_and_counted(make: Make) -> None:
    panel = make()
    panel.serve("r1")
    assert sum(panel.recorder.statistics.output_tokens.values()) == 5
    (one,) = await panel.requests()
    assert (one.id, one.client, one.pool, one.instance) == ("r1", "me", "chat", "chat-1")
    assert (one.queue_s, one.first_token_s, one.total_s, one.output_tokens) == (1.0, 1.5, 2.0, 5)


async def test_requests_are_kept_without_their_clients_if_the_user_wants_it_so(make: Make) -> None:
    panel = make(clients=False)
    panel.serve("r1")
    assert [one.client for one in await panel.requests()] == [""]


async def test_no_requests_are_kept_if_the_user_wants_none_but_they_are_counted(make: Make) -> None:
    panel = make(request_days=0)
    panel.serve("r1")
    assert sum(panel.recorder.statistics.output_tokens.values()) == 5
    assert await panel.requests() == ()


async def test_what_happened_last_night_can_be_read(make: Make) -> None:
    panel = make()
    panel.see(0.0)
    dead = msgspec.structs.replace(READY, phase=Phase.FAILED, detail=notice("process.exited", code=1))
    panel.see(10.0, instances=(dead,))
    panel.see(20.0)
    panel.recorder.end_of_run()
    panel.see(30.0, instances=())
    lines = await panel.told()
    assert lines[0].startswith("The panel started, version ")
    assert lines[1] == "chat-1 does not answer any more. The server ended with exit code 1."
    assert lines[2:] == ["chat-1 is ready.", "The panel ended."]


async def test_a_clock_that_is_set_back_loses_no_row_and_is_told(make: Make) -> None:
    panel = make()
    panel.see(0.0, sample=sample(0.0, queued=1))
    panel.see(10.0, sample=sample(10.0, queued=1))
    panel.ahead -= 3600
    panel.see(20.0, sample=sample(20.0, queued=9))
    assert "The clock was set back by 60 min: times come twice." in await panel.told()
    with reading(panel.path) as reader:
        (queued,) = reader.series(SeriesQuestion(BEGIN - 3600, BEGIN + 60, ("panel.queued",), 10)).series
    assert [value for value in queued.mean if value is not None] == [9.0, 1.0, 1.0]


async def test_small_corrections_of_the_clock_are_no_news(make: Make) -> None:
    panel = make()
    for second in range(0, 60, 10):
        panel.ahead += 0.5
        panel.see(second)
    assert len(await panel.told()) == 1


async def test_nothing_is_deleted_until_the_clock_was_steady_for_a_while(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    tidied, panel = list[float](), make()
    monkeypatch.setattr(panel.recorder._writer, "tidy", tidied.append)
    panel.ahead += 10 * 365 * 86_400  # wrong since the start
    for second in range(0, int(STEADY_S), 10):
        panel.see(second)
    panel.ahead = BEGIN
    for second in range(int(STEADY_S), int(2 * STEADY_S), 10):
        panel.see(second)
    assert tidied == []
    panel.see(2 * STEADY_S)
    assert tidied == [BEGIN + 2 * STEADY_S]


async def test_a_trouble_of_the_file_is_a_problem_until_it_is_over(make: Make) -> None:
    panel = make()
    panel.recorder._report(_NOT_WRITTEN, notice("history.not_written", reason="disk full"))
    await asyncio.sleep(0)
    assert [(one.where, one.notice.code) for one in panel.problems] == [("history.sqlite", "history.not_written")]
    panel.recorder._report(_NOT_WRITTEN, None)
    await asyncio.sleep(0)
    assert panel.problems == []


async def test_secrets_in_the_words_of_an_event_are_hidden(make: Make) -> None:
    panel = make()
    panel.see(0.0)
    words = notice("file.not_written", path="https://me:hunter2@example.org", reason="gone")
    panel.see(1.0, problems=(Problem("folder", words),))
    told = await panel.told()
    assert len(told) == 2
    assert "hunter2" not in told[1]
