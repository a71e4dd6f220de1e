"""The tuner's commands: one tuning at a time, kept on the disk, and gone on with after a restart."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.provenance import provenance_of
from ollama_panel.core.records import Job
from ollama_panel.core.settings import forms
from ollama_panel.core.settings.edits import Edit, find_pool, with_changed_pool
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.placement import Placement, apart
from ollama_panel.core.tuning.profiles import without_secrets
from ollama_panel.core.tuning.record import ENDED, Provenance, TuningPreview, TuningRecord, TuningState
from ollama_panel.core.tuning.space import STEPS
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.core.tuning.trial import Candidate
from ollama_panel.core.tuning.validity import differ
from ollama_panel.core.tuning.whatif import newest
from ollama_panel.engine.store import Store
from ollama_panel.engine.tuning.course import Course
from ollama_panel.engine.tuning.journal import MOST_KEPT
from ollama_panel.engine.tuning.preparation import TRIAL_MINUTES, MakeBench, Prepared, prepared
from ollama_panel.engine.tuning.surroundings import Setup, Surroundings

_LOG = logging.getLogger(__name__)
_FOR_OTHERS = notice("tuning.given")


class Tuning:
    """The tuning under way, or the last one of this run (`record`).

    `snapshot` returns what is known now, `program` the command that runs Ollama. `model_gone` returns that the workers
    of a task have its model no more, None = they have it, or none can be asked. `make_bench` makes what measures, and
    `own_requests` returns of how many requests of a model the history has the lengths, None = unknown. `changed` is
    called when the snapshot has changed.
    """

    def __init__(
        self,
        store: Store,
        around: Surroundings,
        *,
        snapshot: Callable[[], Snapshot],
        program: Callable[[], tuple[str, ...]],
        model_gone: Callable[[TuningTask], Awaitable[Notice | None]],
        make_bench: MakeBench,
        own_requests: Callable[[ModelName], Awaitable[int | None]],
        changed: Callable[[], None],
    ) -> None:
        self.record: TuningRecord | None = None
        self.make_bench = make_bench
        self._on_change = changed
        self._store = store
        self._around = around
        self._snapshot = snapshot
        self._program = program
        self._model_gone = model_gone
        self._own_requests = own_requests
        self._ended = dict[str, TuningRecord]()
        self._ready = asyncio.Event()
        self._beginning = asyncio.Lock()
        self._group: asyncio.TaskGroup | None = None
        self._course: Course | None = None
        self._task: asyncio.Task[None] | None = None
        self._ran: tuple[str, ...] = ()

    async def run(self) -> None:
        """Read what is kept, and carry out tunings until cancelled; one that is under way is then kept as paused."""
        await self._read()
        async with asyncio.TaskGroup() as self._group:
            self._ready.set()
            await asyncio.Event().wait()

    def show(self, record: TuningRecord) -> None:
        """Show a new state of the tuning under way."""
        self.record = record
        if record.state in ENDED:
            self._keep(record)
        self._on_change()

    def settings_changed(self, settings: Settings) -> None:
        """End the tuning if it is for a pool or a program of Ollama that have changed, before these come into force."""
        course = self._course
        if course is None:
            return
        if course.pool not in settings.pools:
            told = notice("tuning.pool_changed", pool=course.pool.name)
        elif self._program() != self._ran:
            told = notice("tuning.program_changed")
        else:
            return
        self._around.workers.forget()
        course.stop(TuningState.CANCELLED, told)

    # Commands

    async def preview(self, task: TuningTask) -> TuningPreview:
        """Return what a tuning would do; its `problem` says why it is not possible."""
        await self._ready.wait()
        try:
            ready = await prepared(self._snapshot(), task, self.make_bench)
        except PanelError as error:
            return TuningPreview(problem=error.notice)
        planner, fits = ready.planner, ready.planner.slots_that_fit
        paused = self._paused(ready)
        planned = planner.expected(())
        trials = max(1, min(planned, int(task.most_minutes / TRIAL_MINUTES)))
        short = notice("tuning.short_time", trials=trials, planned=planned, time=60 * task.most_minutes)
        return TuningPreview(
            trials=trials,
            minutes=min(trials * TRIAL_MINUTES, task.most_minutes),
            slots_that_fit=fits,
            beyond=planner.beyond,
            outlook=planner.outlook(paused.outcomes if paused is not None else ()),
            cautions=(*((short,) if trials < planned else ()), *ready.bench.conditions()),
            lines=(self._place(ready, fits or STEPS[-1]), notice("tuning.goes_first")),
            problem=self._under_way(),
            resumes="" if paused is None else paused.id,
            own_requests=await self._own_requests(ready.task.model),
        )

    async def tune(self, task: TuningTask) -> TuningRecord:
        """Begin a tuning, or go on with an interrupted one. Raises PanelError if that is not possible."""
        await self._ready.wait()
        async with self._beginning:
            self._require_none()
            ready = await prepared(self._snapshot(), task, self.make_bench)
            if (paused := self._paused(ready)) is not None:
                return self._begin(paused, ready)
            if self.record is not None and self.record.state not in ENDED:
                await self._close(self.record, TuningState.CANCELLED, notice("tuning.superseded"))
            return self._begin(self._new(ready), ready)

    async def pause(self) -> None:
        """Pause it; return when the former settings are in force. Raises PanelError if none is under way."""
        await self._stop(TuningState.PAUSED)

    async def resume(self) -> None:
        """Go on now with one that is paused or waits. Raises PanelError if none does."""
        await self._ready.wait()
        async with self._beginning:
            record = self.record
            if self._course is not None and record is not None and record.state is TuningState.WAITING:
                self._course.go_on()
                return
            self._require_none()
            if record is None or record.state is not TuningState.PAUSED:
                raise PanelError(notice("tuning.none_paused"))
            ready = await prepared(self._snapshot(), record.task, self.make_bench)
            changed = self._changed(record, ready)
            if changed is not None:
                await self._close(record, TuningState.CANCELLED, changed)
                raise PanelError(changed)
            self._begin(record, ready)

    async def rest_for_others(self) -> None:
        """Pause it, if one is under way, for others who get the GPU; return when the former settings are in force."""
        if self._course is not None and self._task is not None:
            self._course.stop(TuningState.PAUSED, _FOR_OTHERS)
            await asyncio.wait({self._task})

    async def go_on_after_others(self) -> None:
        """Go on with one that has rested for others. Raises PanelError if that is not possible any more."""
        record = self.record
        if record is not None and record.state is TuningState.PAUSED and record.reason == _FOR_OTHERS:
            await self.resume()

    async def cancel(self) -> None:
        """End it; return when the former settings are in force. Raises PanelError if there is none."""
        await self._ready.wait()
        if self._course is None and self.record is not None and self.record.state is TuningState.PAUSED:
            await self._close(self.record, TuningState.CANCELLED, None)
        else:
            await self._stop(TuningState.CANCELLED)

    async def ended(self) -> tuple[TuningRecord, ...]:
        """Return the tunings that have ended, the newest first."""
        await self._ready.wait()
        return tuple(sorted(self._ended.values(), key=lambda record: record.id, reverse=True))

    async def best_of(self, tuning: str) -> Edit:
        """Return the change of the settings to the best ones of a tuning. Raises PanelError if it has none."""
        await self._ready.wait()
        record = self._ended.get(tuning)
        if record is None:
            raise PanelError(notice("tuning.unknown", tuning=forms.quoted(tuning)))
        verdict = record.verdict
        if verdict is None:
            raise PanelError(notice("tuning.no_verdict", tuning=tuning))

        def edit(settings: Settings) -> Settings:
            return with_changed_pool(settings, verdict.best.applied(find_pool(settings, record.task.pool)))

        return edit

    # One tuning

    def _begin(self, record: TuningRecord, ready: Prepared) -> TuningRecord:
        """Let a tuning begin or go on, and return its record."""
        planner = ready.planner
        record = msgspec.structs.replace(
            record,
            state=TuningState.PREPARING,
            reason=None,
            slots_that_fit=planner.slots_that_fit,
            beyond=planner.beyond,
        )
        setup = Setup(
            ready.pool,
            planner,
            ready.bench,
            needed=lambda placement: ready.needed(placement.settings),
            model_gone=lambda: self._model_gone(ready.task),
        )
        self._ran = self._program()
        self._around.traffic.concerns = lambda job: self._disturbs(job, ready.pool)
        self._course = course = Course(record, setup, self._around)
        self.show(record)
        assert self._group is not None
        self._task = self._group.create_task(self._carry_out(course), name=f"tuning {record.id}")
        return record

    async def _carry_out(self, course: Course) -> None:
        try:
            await course.run()
        except Exception as error:  # noqa: BLE001 - the panel goes on without the tuner
            _LOG.exception("a tuning has failed")
            words = f"{type(error).__name__}: {error}"
            await self._close(course.record, TuningState.FAILED, notice("tuning.broken", error=words))
        finally:
            self._course = None

    async def _stop(self, state: TuningState) -> None:
        await self._ready.wait()
        if self._course is None or self._task is None:
            raise PanelError(notice("tuning.none"))
        self._course.stop(state)
        await asyncio.wait({self._task})

    def _new(self, ready: Prepared) -> TuningRecord:
        now = self._around.wall()
        name = began = f"{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M%S}"
        number = 1
        while name in self._ended:
            number += 1
            name = f"{began}-{number}"
        return TuningRecord(name, ready.task, without_secrets(ready.pool), self._provenance(ready.task, now))

    def _provenance(self, task: TuningTask, now: float) -> Provenance:
        return provenance_of(self._snapshot(), task.model, now)

    def _disturbs(self, job: Job, pool: PoolSettings) -> bool:
        """Return whether a request needs the cards on which the workers of a pool measure."""
        name = self._store.pool_for(job.role)
        other = next((one for one in self._store.settings.pools if one.name == name), pool)
        return not apart(pool, other)

    def _place(self, ready: Prepared, slots: int) -> Notice:
        """Return which worker measures."""
        beside = Placement.of(ready.pool, Candidate(parallel=slots), slots, beside=True)
        if self._around.workers.fits_beside(ready.needed(beside.settings), self._around.gpu()):
            return notice("tuning.measures_beside", pool=ready.pool.name)
        (instance,) = Placement.of(ready.pool, Candidate(), slots, beside=False).instances
        return notice("tuning.measures_at", instance=instance)

    # What is kept

    def _paused(self, ready: Prepared) -> TuningRecord | None:
        """Return the tuning that waits to go on, if it is for this task, and what it has measured still holds."""
        record = self.record
        if record is None or record.state is not TuningState.PAUSED or record.task != ready.task:
            return None
        return record if self._changed(record, ready) is None else None

    def _changed(self, paused: TuningRecord, ready: Prepared) -> Notice | None:
        """Return why what was measured before does not hold any more, None if it does."""
        now = self._provenance(ready.task, 0.0)
        if without_secrets(ready.pool) != paused.settings:
            return notice("tuning.pool_changed", pool=ready.pool.name)
        if differ(now.ollama, paused.provenance.ollama):
            return notice("tuning.program_changed")
        if differ(now.digest, paused.provenance.digest) or differ(now.hardware, paused.provenance.hardware):
            return notice("tuning.machine_changed", model=ready.task.model)
        return None

    def _require_none(self) -> None:
        told = self._under_way()
        if told is not None:
            raise PanelError(told)

    def _under_way(self) -> Notice | None:
        if self._course is None:
            return None
        task = self._course.record.task
        return notice("tuning.running", pool=task.pool, model=task.model)

    async def _close(self, record: TuningRecord, state: TuningState, reason: Notice | None) -> None:
        ended = self._around.wall() if state in ENDED else None
        record = msgspec.structs.replace(record, state=state, reason=reason, ended=ended, current=None, partial=None)
        self.show(record)
        await self._around.journal.write(record)

    def _keep(self, record: TuningRecord) -> None:
        self._ended[record.id] = record
        for name in sorted(self._ended, reverse=True)[MOST_KEPT:]:
            del self._ended[name]
        self._store.set_curves(newest(self._ended.values()))

    async def _read(self) -> None:
        """Read the tunings of earlier runs; the newest may go on, those before it that have not ended do not."""
        open_one: TuningRecord | None = None
        for record in reversed(await self._around.journal.read()):
            if record.state in ENDED:
                self._ended[record.id] = record
                continue
            if open_one is not None:
                await self._close(open_one, TuningState.CANCELLED, notice("tuning.superseded"))
            open_one = record
        if open_one is not None:
            self.show(_interrupted(open_one))
        self._store.set_curves(newest(self._ended.values()))


def _interrupted(record: TuningRecord) -> TuningRecord:
    """Return a tuning that the end of the panel has interrupted, as it goes on; the former settings are in force."""
    if record.state is TuningState.PAUSED:
        return record
    return msgspec.structs.replace(
        record,
        state=TuningState.PAUSED,
        reason=notice("tuning.panel_ended", trial=len(record.outcomes) + 1),
        current=None,
        partial=None,
        kills=record.kills + (record.current is not None and record.state is not TuningState.WAITING),
    )
