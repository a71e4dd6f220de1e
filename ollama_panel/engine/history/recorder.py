"""What the engine tells the history. All of it runs on the engine's loop, and nothing waits for the disk."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import msgspec

from ollama_panel import __version__
from ollama_panel.core.history.events import Changes
from ollama_panel.core.history.finished import finished_request
from ollama_panel.core.history.questions import Question, at
from ollama_panel.core.history.records import EventKind, HistoryEvent
from ollama_panel.core.history.series import Reading, of_sample, of_telemetry
from ollama_panel.core.history.statistics import RequestStatistics
from ollama_panel.core.history.thinning import COARSE_S, Thinner
from ollama_panel.core.ids import ClientId, PoolName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.series import Recent
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.settings.tree_history import HistorySettings
from ollama_panel.core.snapshot import Sample, Snapshot
from ollama_panel.core.telemetry import Telemetry
from ollama_panel.core.timeline.entry import Entry
from ollama_panel.engine import clock
from ollama_panel.engine.history import answers
from ollama_panel.engine.history.writer import Trouble, Writer
from ollama_panel.proxy.panel_api.encoding import without_secrets

_LOG = logging.getLogger(__name__)

STEADY_S = 600.0
"""Nothing is thinned or deleted before the clock was right for so long: after a start it may be years ahead."""

JUMP_S = 5.0
"""By how much the machine's clock must have jumped to be told of. Time servers correct it by less."""


class HistoryRecorder:
    """Takes the engine's snapshots and its finished requests, and counts these for Prometheus.

    `settings` returns those in force. `set_problems` replaces what is to be mended about the history; `wall` returns
    seconds since 1970.
    """

    def __init__(
        self,
        path: Path,
        settings: Callable[[], HistorySettings],
        set_problems: Callable[[list[Problem]], None],
        wall: Callable[[], float] = clock.wall,
    ) -> None:
        self.statistics = RequestStatistics()
        self._path = path
        self._settings = settings
        self._kept = settings()
        self._set_problems = set_problems
        self._wall = wall
        self._writer = Writer(path, self._kept, self._report)
        self._loop = asyncio.get_running_loop()
        self._troubles = dict[Trouble, Notice]()
        self._thinner = Thinner()
        self._recent = Recent[tuple[Reading, ...]]()
        self._changes = Changes()
        self._sample: Sample | None = None
        self._telemetry: Telemetry | None = None
        self._ahead: float | None = None
        self._tidied = 0.0
        self._ended = False

    @property
    def dropped(self) -> int:
        """How many rows, requests and events were dropped, because the disk was too slow or full."""
        return self._writer.dropped

    def start(self, now: float) -> None:
        """Begin at this time of the engine's clock."""
        self._tidied = now + STEADY_S - COARSE_S
        try:
            self._writer.start()
        except RuntimeError as error:  # the system permits no more threads
            _LOG.warning("the history is not written: %s", error)
            return
        self._tell(EventKind.PANEL, "", notice("history.started", version=__version__))

    def ended(self, entry: Entry, pool: PoolName | None) -> None:
        """Take a request that has ended; `pool` is the one that has served it, or should have."""
        request = finished_request(entry, pool or PoolName(""), self._wall())
        self.statistics.observe(request)
        settings = self._settings()
        if settings.request_days:
            known = request if settings.clients else msgspec.structs.replace(request, client=ClientId(""))
            self._writer.put(known)

    def see(self, snapshot: Snapshot) -> None:
        """Take the newest snapshot."""
        self._look_at_clock(snapshot.at)
        if snapshot.settings.history != self._kept:
            self._kept = snapshot.settings.history
            self._writer.keep(self._kept, self._wall())
        if snapshot.sample is not None and snapshot.sample is not self._sample:
            self._sample = snapshot.sample
            self._add(of_sample(snapshot.sample))
        if snapshot.telemetry is not None and snapshot.telemetry is not self._telemetry:
            self._telemetry = snapshot.telemetry
            self._add(*of_telemetry(snapshot.telemetry))
        if not self._ended:
            for told in self._changes.after(snapshot):
                self._tell(*told)

    def end_of_run(self) -> None:
        """Note that the panel ends: instances that stop from now on are no news."""
        self._ended = True
        self._tell(EventKind.PANEL, "", notice("history.ended"))

    async def close(self) -> None:
        """Write what is left."""
        for row in self._thinner.end():
            self._writer.put(row)
        await asyncio.to_thread(self._writer.close)

    async def answer(self, question: Question) -> bytes:
        """Return the answer to a question as JSON. Raises PanelError; see `answers.answer`."""
        now, taken = self._wall(), tuple(self._recent)
        return await asyncio.to_thread(answers.answer, self._path, at(question, now), taken, now)

    def _add(self, *readings: Reading) -> None:
        now = self._wall()
        self._recent.add(now, readings)
        for row in self._thinner.add(now, readings):
            self._writer.put(row)

    def _look_at_clock(self, now: float) -> None:
        """Tell of a jump of the machine's clock, and tidy if it has been steady; `now` is the engine's time."""
        ahead = self._wall() - now
        jump = 0.0 if self._ahead is None else ahead - self._ahead
        self._ahead = ahead
        if abs(jump) > JUMP_S:
            code = "history.clock_back" if jump < 0 else "history.clock_ahead"
            self._tell(EventKind.CLOCK, "", notice(code, by=abs(jump)))
            self._tidied = now + STEADY_S - COARSE_S
        elif now - self._tidied >= COARSE_S:
            self._tidied = now
            self._writer.tidy(self._wall())

    def _tell(self, kind: EventKind, source: str, told: Notice) -> None:
        shown = msgspec.convert(without_secrets(msgspec.to_builtins(told)), Notice)
        self._writer.put(HistoryEvent(self._wall(), kind, source, shown))

    def _report(self, trouble: Trouble, told: Notice | None) -> None:
        """Take what the writer tells, in its thread."""
        try:
            self._loop.call_soon_threadsafe(self._set_trouble, trouble, told)
        except RuntimeError:  # the loop is closed
            return

    def _set_trouble(self, trouble: Trouble, told: Notice | None) -> None:
        if told is None:
            self._troubles.pop(trouble, None)
        else:
            self._troubles[trouble] = told
        self._set_problems([Problem(self._path.name, one) for one in self._troubles.values()])
