"""One tuning from trial to trial, until its verdict, a pause or its end. The user's traffic goes first."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, joined, notice
from ollama_panel.core.ollama.runners import LoadedModel
from ollama_panel.core.records import Job
from ollama_panel.core.tuning.loaded import slots_of, spill
from ollama_panel.core.tuning.placement import Placement
from ollama_panel.core.tuning.quiet import next_time
from ollama_panel.core.tuning.reasons import candidate_name
from ollama_panel.core.tuning.record import ENDED, Happening, TuningRecord, TuningState
from ollama_panel.core.tuning.space import with_slots
from ollama_panel.core.tuning.trial import Candidate, Measurement, Outcome, Trial
from ollama_panel.core.tuning.verdict import Verdict
from ollama_panel.core.tuning.wave import Wave
from ollama_panel.engine.clock import local
from ollama_panel.engine.gather import outcome
from ollama_panel.engine.tuning.breaks import ArrivalError, EndError, NoRoomBesideError, WorkerEndedError
from ollama_panel.engine.tuning.preparation import TRIAL_MINUTES
from ollama_panel.engine.tuning.surroundings import Setup, Surroundings
from ollama_panel.engine.tuning.workers import StoppedError

T = TypeVar("T")

QUIET_S = 5.0
"""So long no request must have been open before a trial goes on: scheduling study, section 8.1."""
PATIENCE_S = 60.0
"""After so much traffic the former settings come back until it is quiet."""
MOST_INTERRUPTIONS = 3
"""After so many in a row a quiet time of the day is waited for."""
MOST_KILLS = 2
"""A trial during which the panel was killed so often is not made again: it may be why."""
SHOWN_EVERY_S = 0.25
_MOST_HAPPENINGS = 100

_LOG = logging.getLogger(__name__)


class Course:
    """A tuning under way. `record` is its state; `run` returns when it has ended or is paused."""

    def __init__(self, record: TuningRecord, setup: Setup, around: Surroundings) -> None:
        self.record = record
        self.pool = setup.pool
        self._plan = setup.plan
        self._bench = setup.bench
        self._setup = setup
        self._around = around
        self._workers = around.workers
        self._traffic = around.traffic
        self._stop: EndError | None = None
        self._trials: asyncio.Task[EndError] | None = None
        self._giving_way: asyncio.Task[Any] | None = None
        self._withdrawn = False
        self._beside = True
        self._in_a_row = 0
        self._repeated = 0
        self._loading = self._serial = False
        self._spilled: Notice | None = None
        self._shown = float("-inf")
        self._go_on = asyncio.Event()

    async def run(self) -> None:
        """Make the trials; at the end the former settings are in force, whatever has ended it.

        If this is cancelled, because the panel ends, the tuning is kept as paused.
        """
        self._traffic.on_arrival = self._arrived
        end: EndError | None = None
        try:
            end = await self._ended()
            self._set(state=TuningState.RESTORING, reason=end.reason, current=None, partial=None)
            problem = await self._workers.restore(serve=not self._withdrawn)
            await self._close(end.state, joined(end.reason, problem) if end.reason else problem)
        except asyncio.CancelledError:  # the panel ends, and the next one has the former settings
            told = notice("tuning.panel_ended", trial=len(self.record.outcomes) + 1)
            end = end or self._stop or EndError(TuningState.PAUSED, told)
            await self._close(end.state, end.reason)
            raise
        finally:
            self._traffic.on_arrival = lambda _: None

    def stop(self, state: TuningState, reason: Notice | None = None) -> None:
        """Let it end in a state, from wherever it is; the first wish counts."""
        if self._stop is None:
            self._stop = EndError(state, reason)
            if self._trials is not None:
                self._trials.cancel()

    def go_on(self) -> None:
        """Do not wait for the quiet time."""
        self._go_on.set()

    async def _ended(self) -> EndError:
        """Make the trials and return how they have ended."""
        async with asyncio.TaskGroup() as group:
            self._trials = trials = group.create_task(self._outcome_of_trials())
            if self._stop is not None:
                trials.cancel()
        return self._stop or trials.result()

    async def _outcome_of_trials(self) -> EndError:
        try:
            verdict = await self._make_trials()
        except EndError as error:
            return error
        except Exception as error:  # noqa: BLE001 - the user's settings come back whatever it is
            _LOG.exception("a tuning has failed")
            return EndError(TuningState.FAILED, notice("tuning.broken", error=f"{type(error).__name__}: {error}"))
        if verdict.after is None:
            return EndError(TuningState.FAILED, verdict.headline)
        self._set(verdict=verdict)
        return EndError(TuningState.DONE, None)

    async def _close(self, state: TuningState, reason: Notice | None) -> None:
        """Keep how it has ended, then show it: whoever sees it may begin another one."""
        ended = self._around.wall() if state in ENDED else None
        kept = {"current": None, "partial": None, "left_s": None, "ended": ended}
        self.record = msgspec.structs.replace(self.record, state=state, reason=reason, **kept)
        await self._around.journal.write(self.record)
        self._around.show(self.record)

    # Trials

    async def _make_trials(self) -> Verdict:
        while True:
            await self._check()
            record = self.record
            step = self._plan.next(record.outcomes, record.elapsed_s)
            if isinstance(step, Verdict):
                self._set(outlook=())
                return step
            self._set(
                state=TuningState.PREPARING,
                reason=None,
                current=step,
                wave=0,
                outlook=self._plan.outlook(record.outcomes, record.elapsed_s),
                conditions=self._bench.conditions(),
                left_s=self._left_s(),
            )
            await self._around.journal.write(self.record)  # so that a kill from now on is known to be in this trial
            found = await self._outcome(step)
            self._set(current=None, partial=None, kills=0, outcomes=(*self.record.outcomes, found))
            await self._around.journal.write(self.record)

    async def _outcome(self, step: Trial) -> Outcome:
        """Make a trial. One that fails is a result, too, unless the tuning cannot go on."""
        self._repeated, self._loading, self._serial, self._spilled = 0, False, False, None
        if self.record.kills >= MOST_KILLS:
            return Outcome(step, problem=notice("tuning.killed_often", times=self.record.kills))
        try:
            measured, against = await self._measured(step)
        except PanelError as error:
            await self._check()
            problem = await self._workers.explained(error.notice)
            found = Outcome(step, problem=problem, loading=self._loading)
        else:
            found = Outcome(step, measured, against=against)
        return msgspec.structs.replace(found, repeated=self._repeated, serial=self._serial)

    async def _check(self) -> None:
        """Raise if the tuning cannot go on."""
        stopped = self._workers.stopped()
        if stopped is not None:
            raise EndError(TuningState.PAUSED, stopped)
        gone = await self._setup.model_gone()
        if gone is not None:
            raise EndError(TuningState.FAILED, gone)

    async def _measured(self, step: Trial) -> tuple[Measurement, Measurement | None]:
        """Return what a trial measures, and what the other candidate does if two are measured in turns (A B B A)."""
        if step.against is None:
            wave = await self._wave(step, step.candidate, fresh=step.fresh)
            return self._measurement([wave]), None
        one, two = list[Wave](), list[Wave]()
        for side, waves in ((step.against, one), (step.candidate, two), (step.candidate, two), (step.against, one)):
            fresh = step.fresh and not one
            waves.append(await self._wave(step, side, fresh=fresh))
        return self._measurement(two), self._measurement(one)

    def _measurement(self, waves: Sequence[Wave]) -> Measurement:
        found = self._bench.measurement(waves)
        if found.memory_bytes is None:
            found = msgspec.structs.replace(found, memory_bytes=self._workers.model_bytes(self._around.gpu()))
        if self._spilled is not None:
            found = msgspec.structs.replace(found, cautions=(self._spilled, *found.cautions))
        return found

    async def _wave(self, step: Trial, side: Candidate, *, fresh: bool) -> Wave:
        """Measure one candidate, again and again until no request of the user comes meanwhile.

        What something else has disturbed, such as heat, is repeated once: it may last. So is a measurement whose
        worker has ended: somebody may have restarted it.
        """
        disturbed = ended = False
        while True:
            await self._quiet()
            self._loading = True
            try:
                urls = await self._prepared(step, side, fresh=fresh)
                fresh = False
                wave = await self._held(urls, step, side)
            except ArrivalError:
                await self._interrupted()
            except NoRoomBesideError:
                self._beside = False
            except WorkerEndedError as error:
                if ended:
                    raise
                ended = True
                self._repeat(notice("tuning.worker_ended", instance=error.instance))
            else:
                self._in_a_row = 0
                if disturbed or wave.observed.disturbance is None:
                    return wave
                disturbed = True
                self._repeat(wave.observed.disturbance)

    async def _prepared(self, step: Trial, side: Candidate, *, fresh: bool) -> tuple[str, ...]:
        """Return the addresses of workers that run as the trial wants them, with room for the model.

        Raises ArrivalError if the former settings must come back first.
        """
        self._set(state=TuningState.PREPARING, reason=None)
        workers, gpu = self._workers, self._around.gpu()
        slots = max(step.load_parallel, side.parallel)
        place = Placement.of(self.pool, side, slots, beside=self._beside)
        if self._beside and place != workers.placement and not workers.fits_beside(self._setup.needed(place), gpu):
            self._beside = False
            place = Placement.of(self.pool, side, slots, beside=False)
        try:
            urls = await workers.prepare(place, fresh=fresh)
        except StoppedError as error:
            raise EndError(TuningState.PAUSED, error.notice) from error
        except PanelError as error:
            if self._withdrawn:
                raise ArrivalError from error
            raise
        before, now = self.record.provenance.ollama, workers.version()
        if before and now and before != now:  # the program was updated in its place
            raise EndError(TuningState.CANCELLED, notice("tuning.program_changed"))
        await workers.make_room(self._setup.needed(place), gpu)
        return urls

    async def _held(self, urls: Sequence[str], step: Trial, side: Candidate) -> Wave:
        """Measure while the dispatcher sends nothing there.

        Raises ArrivalError, WorkerEndedError or NoRoomBesideError.
        """
        if self._traffic.busy or self._withdrawn:
            raise ArrivalError
        self._workers.hold()
        try:
            await self._until_arrival(self._bench.load(urls, side))
            self._look_at(await self._until_arrival(self._workers.loaded(self.record.task.model)), step, side)
            self._set(state=TuningState.MEASURING, wave=self.record.wave + 1)
            passed = partial(self._passed, self._around.now(), self.record)
            try:
                wave = self._bench.wave(urls, side, longer=step.longer, on_progress=self._progress(step, passed))
                return await self._until_arrival(wave)
            finally:
                self._set(**passed())
        except PanelError as error:
            gone = await self._workers.ended()
            if gone is None:
                raise
            raise WorkerEndedError(error.notice, gone) from error
        finally:
            if not self._withdrawn:
                self._workers.let_in()

    def _look_at(self, loaded: Sequence[LoadedModel], step: Trial, side: Candidate) -> None:
        """Look how the model was loaded. Raises PanelError if that is not what the trial is to measure."""
        asked = with_slots(side, max(step.load_parallel, side.parallel))
        spilled = spill(loaded, candidate_name(asked)) if self._around.gpu() else None
        if spilled is not None and self._beside:
            raise NoRoomBesideError
        if spilled is not None and not step.may_spill:
            raise PanelError(spilled)
        self._loading, self._spilled = False, spilled
        slots = slots_of(loaded)
        if slots is not None and slots < asked.parallel:
            self._serial = slots == 1
            if slots < side.parallel:
                raise PanelError(notice("tuning.fewer_slots", slots=slots, wanted=side.parallel))

    def _progress(self, step: Trial, passed: Callable[[], dict[str, float]]) -> Callable[[Wave], None]:
        def show(wave: Wave) -> None:
            now = self._around.now()
            if now - self._shown >= SHOWN_EVERY_S:
                self._shown = now
                outcome = Outcome(step, self._bench.measurement([wave]), repeated=self._repeated)
                self._set(partial=outcome, **passed())

        return show

    def _passed(self, begun: float, before: TuningRecord) -> dict[str, float]:
        """Return how much time of the tuning has passed since the record of a wave that has begun, and what is left."""
        measured = self._around.now() - begun
        return {"elapsed_s": before.elapsed_s + measured, "left_s": max(0.0, (before.left_s or 0.0) - measured)}

    # The user's traffic

    def _arrived(self, job: Job) -> None:
        """Give way to a request that is about to be posted."""
        if self._workers.placement is None:
            return
        if self._workers.serves(job):
            self._workers.let_in()
        else:
            self._withdrawn = True
            self._workers.hold()
            self._workers.withdraw()
        if self._giving_way is not None:
            self._giving_way.cancel()

    async def _until_arrival(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what comes of it. If a request of the user comes first, it is cancelled: raises ArrivalError."""
        try:
            async with asyncio.TaskGroup() as group:
                self._giving_way = task = group.create_task(outcome(work))
        finally:
            self._giving_way = None
        if task.cancelled():
            raise ArrivalError
        result = task.result()
        if isinstance(result, Exception):
            raise result
        return result

    async def _interrupted(self) -> None:
        """Note an interruption; after some in a row wait for a quiet time of the day."""
        self._in_a_row += 1
        self._repeat(notice("tuning.interrupted"))
        self._set(interruptions=self.record.interruptions + 1)
        if self._withdrawn:
            await self._restored(serve=False)
            self._withdrawn = False
        if self._in_a_row >= MOST_INTERRUPTIONS:
            self._in_a_row = 0
            await self._wait_for_quiet_time()

    def _repeat(self, why: Notice) -> None:
        """Tell why a measurement is repeated."""
        self._repeated += 1
        told = Happening(self._around.wall(), why)
        self._set(partial=None, happenings=(*self.record.happenings, told)[-_MOST_HAPPENINGS:])

    async def _quiet(self) -> None:
        """Return when the user's requests have ended for some seconds."""
        if self._traffic.is_quiet(QUIET_S):
            return
        told = notice("tuning.gives_way", seconds=QUIET_S)
        self._set(state=TuningState.WAITING, reason=told)
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._traffic.quiet(QUIET_S)
        except TimeoutError:
            await self._restored()
            self._set(state=TuningState.WAITING, reason=told)
            await self._traffic.quiet(QUIET_S)

    async def _wait_for_quiet_time(self) -> None:
        await self._restored()
        now = local(self._around.wall())
        then = next_time(now, await self._around.quiet_hour())
        told = notice("tuning.waits_until", times=MOST_INTERRUPTIONS, time=f"{then:%H:%M}")
        self._go_on.clear()  # before anybody can see that it waits
        self._set(state=TuningState.WAITING, reason=told)
        await self._around.journal.write(self.record)
        with suppress(TimeoutError):
            async with asyncio.timeout((then - now).total_seconds()):
                await self._go_on.wait()

    async def _restored(self, *, serve: bool = True) -> None:
        """Bring the former settings back meanwhile; if a worker does not run with them, the fleet tells it."""
        self._set(state=TuningState.RESTORING)
        await self._workers.restore(serve=serve)

    def _left_s(self) -> float:
        """Return the seconds that are expected to be left: as many for each trial as those before took on average."""
        outcomes, elapsed = self.record.outcomes, self.record.elapsed_s
        each = elapsed / len(outcomes) if outcomes else 60 * TRIAL_MINUTES
        left = max(1, self._plan.expected(outcomes, elapsed) - len(outcomes)) * each
        return min(left, max(0.0, 60 * self.record.task.most_minutes - elapsed))

    def _set(self, **changes: object) -> None:
        self.record = msgspec.structs.replace(self.record, **changes)
        self._around.show(self.record)
