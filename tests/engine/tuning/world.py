"""A tuning on the whole engine with simulated servers: what is measured, and which trials are made, the test says."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.conditions import Observed
from ollama_panel.core.tuning.record import Outlook, TuningRecord, TuningState
from ollama_panel.core.tuning.space import PlannerFacts
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement, Outcome, Trial, TrialKind
from ollama_panel.core.tuning.verdict import Verdict, VerdictKind
from ollama_panel.core.tuning.wave import Wave, Window
from ollama_panel.engine.instances.process import Child
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.tuning import course, preparation
from tests.fakes.in_process_servers import InProcessServers
from tests.fakes.live_engine import CHAT, LiveEngine, chat_pool, live, settings
from tests.fakes.waiting import Changes

TASK = TuningTask(PoolName("chat"), ModelName(CHAT))
ROOM, NARROW = 64 * GIB, 9 * GIB
"""Simulated memories with room for one more worker with the model of `TASK`, and for the pool's own one alone."""


def trial(parallel: int, load_parallel: int = 4, **changes: object) -> Trial:
    """Return a trial of so many slots."""
    candidate = Candidate(parallel=parallel)
    fields: dict[str, object] = {"fresh": False, "longer": False, "against": None, **changes}
    return Trial(TrialKind.RUNG, candidate, load_parallel, notice("tuning.goes_first"), **fields)  # type: ignore[arg-type] # the fields of a trial


class ScriptedPlan:
    """Makes the trials of a script, then gives the verdict that the last one is the best."""

    script: tuple[Trial, ...] = (trial(1), trial(4))
    slots_that_fit: int | None = 8
    beyond: Notice | None = None

    def __init__(self, task: TuningTask, present: Candidate, facts: PlannerFacts) -> None:
        self._present = present

    def expected(self, outcomes: Sequence[Outcome], elapsed_s: float = 0.0) -> int:
        return len(self.script)

    def next(self, outcomes: Sequence[Outcome], elapsed_s: float = 0.0) -> Trial | Verdict:
        if len(outcomes) < len(self.script):
            return self.script[len(outcomes)]
        after = outcomes[-1].measurement
        best = outcomes[-1].trial.candidate
        return Verdict(VerdictKind.BETTER, self._present, best, notice("tuning.goes_first"), after=after)

    def outlook(self, outcomes: Sequence[Outcome], elapsed_s: float = 0.0) -> tuple[Outlook, ...]:
        return ()


class FakeBench:
    """Measures nothing: a load or a wave ends when the test lets it, or at once.

    `begun` are those that were begun, with the candidate and the workers; `broken_off` those that were cancelled.
    """

    def __init__(self) -> None:
        self.begun: list[tuple[str, Candidate, tuple[str, ...]]] = []
        self.broken_off: list[str] = []
        self.waits_in: set[str] = set()
        self.problem: Notice | None = None
        self.observed = Observed()
        self.changes = Changes(lambda: f"the bench has begun {self.begun} and broken off {self.broken_off}")
        self._let_go = asyncio.Event()

    async def make(self, task: TuningTask, pool: PoolSettings, facts: ModelFacts) -> "FakeBench":
        return self

    async def load(self, urls: Sequence[str], candidate: Candidate) -> None:
        await self._do("load", urls, candidate)

    async def wave(
        self, urls: Sequence[str], candidate: Candidate, *, longer: bool, on_progress: Callable[[Wave], None]
    ) -> Wave:
        wave = Wave((Window(1.0, 10.0 * candidate.parallel, candidate.parallel),), observed=self.observed)
        on_progress(wave)
        await self._do("wave", urls, candidate)
        return wave

    def measurement(self, seen: Sequence[Wave]) -> Measurement:
        tokens = sum(wave.tokens for wave in seen) / len(seen)
        return Measurement(Estimate(tokens, 0.1), Estimate(1.0), seconds=float(len(seen)))

    def conditions(self) -> tuple[Notice, ...]:
        return ()

    async def until(self, what: str, times: int = 1) -> None:
        """Return when so many loads or waves have begun."""
        await self.changes.until(lambda: [one for one, *_ in self.begun].count(what) >= times)

    def let_go(self) -> None:
        """Let what waits end, and what comes, too."""
        self.waits_in.clear()
        self._let_go.set()

    def let_one_go(self) -> None:
        """Let what waits end; what comes waits again."""
        self._let_go.set()
        self._let_go = asyncio.Event()

    async def _do(self, what: str, urls: Sequence[str], candidate: Candidate) -> None:
        self.begun.append((what, candidate, tuple(urls)))
        self.changes.notify()
        try:
            if what in self.waits_in:
                await self._let_go.wait()
        except asyncio.CancelledError:
            self.broken_off.append(what)
            self.changes.notify()
            raise
        if self.problem is not None:
            raise PanelError(self.problem)


class Starts:
    """The starts of servers: from `hold` on each waits until the test lets it go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._go = asyncio.Event()
        self._go.set()
        self._held = 0
        self._changes = Changes(lambda: f"{self._held} servers have begun to start")
        spawn = InProcessServers.spawn

        async def held(servers: InProcessServers, *arguments: Any) -> Child:
            self._held += not self._go.is_set()
            self._changes.notify()
            await self._go.wait()
            return await spawn(servers, *arguments)

        monkeypatch.setattr(InProcessServers, "spawn", held)

    def hold(self) -> None:
        """Let no server start from now on."""
        self._go.clear()

    async def begun(self) -> None:
        """Return when a server wants to start."""
        await self._changes.until(lambda: self._held)

    def let_go(self) -> None:
        """Let it start, and all others."""
        self._go.set()


class TuningWorld:
    """A running panel with one worker, and its tuner."""

    def __init__(self, panel: LiveEngine, starts: Starts) -> None:
        self.panel = panel
        self.starts = starts
        self.bench = FakeBench()

    async def begin(self, task: TuningTask = TASK) -> TuningRecord:
        """Begin a tuning once the model is known."""
        await self.panel.until(lambda snapshot: any(model.name == TASK.model for model in snapshot.models))
        self.use_the_bench()
        return await self.panel.engine.control.tune(task)

    def use_the_bench(self) -> None:
        """Let tunings measure by the fake from now on."""
        assert self.panel.composition is not None
        self.panel.composition.tuning.make_bench = self.bench.make

    def trial_worker(self) -> InstanceId:
        """Return the worker that measures now."""
        assert self.panel.composition is not None
        placement = self.panel.composition.tuning._around.workers.placement
        assert placement is not None
        return placement.instances[0]

    async def until(self, *states: TuningState) -> TuningRecord:
        """Return the tuning as soon as it is in one of these states."""
        snapshot = await self.panel.until(lambda one: one.tuning is not None and one.tuning.state in states)
        assert snapshot.tuning is not None
        return snapshot.tuning

    async def former_settings(self) -> Snapshot:
        """Return when the workers run with the settings of the pools, and no other worker does."""
        return await self.panel.until(is_as_before)

    async def in_force(self, parallel: int) -> Snapshot:
        """Return when the workers run with so many slots, as the first pool wants them, and no other worker does."""
        return await self.panel.until(lambda it: it.settings.pools[0].parallel == parallel and is_as_before(it))

    @property
    def control(self):  # type: ignore[no-untyped-def] # the engine's commands
        return self.panel.engine.control


def is_as_before(snapshot: Snapshot) -> bool:
    """Return whether all workers run with the settings, take requests, and no other one runs."""
    wanted = [(pool.name, pool.parallel) for pool in snapshot.settings.pools for _ in range(pool.workers)]
    found = [(one.pool, one.parallel) for one in snapshot.instances if not one.draining and one.phase.value == "ready"]
    return sorted(wanted) == sorted(found) and len(snapshot.instances) == len(wanted)


@asynccontextmanager
async def tuning_world(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    memory: int = ROOM,
    script: tuple[Trial, ...] = ScriptedPlan.script,
    wanted: Settings | None = None,
) -> AsyncIterator[TuningWorld]:
    """Run a panel whose tunings make the trials of a script, to its clean end.

    They wait so long for quiet that only a clock that is put forward ends it, however slow the machine is.
    """
    monkeypatch.setattr(course, "QUIET_S", 100.0)
    monkeypatch.setattr(course, "PATIENCE_S", 1000.0)
    plan = type("Plan", (ScriptedPlan,), {"script": script})
    monkeypatch.setattr(preparation, "Planner", plan)
    starts = Starts(monkeypatch)
    overrides = Overrides(port=0, demo=True, demo_bytes=memory)
    async with live(folder, wanted or settings(pools=chat_pool()), overrides) as panel:
        await panel.ready()
        if memory == NARROW:
            await panel.chat()
            await panel.until(lambda snapshot: snapshot.instances[0].models)
            await panel.later(course.QUIET_S)
        yield TuningWorld(panel, starts)
