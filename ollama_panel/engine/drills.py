"""Carries out drills: does harm to a secondary instance on purpose, and scores what follows; see `core.drill`.

The instance is one more worker of the pool that answers chats, if the memory surely holds it, as the trials of a tuning
are; else the last worker of that pool, while the others serve. Its placement is in no file: whatever ends the panel,
the next one ends the processes that were left, stopped or not.
"""

import asyncio
from collections.abc import Callable

import httpx
import msgspec

from ollama_panel.core import drill_rules
from ollama_panel.core.drill import OWN_REQUESTS, DrillFault, DrillRecord, DrillRequest, DrillState, DrillStep
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, RequestId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.context import Context
from ollama_panel.engine.drill_harm import Harm
from ollama_panel.engine.drill_load import DrillLoad
from ollama_panel.engine.drill_place import DrillWorld, Place, place_for
from ollama_panel.engine.store import Store

_LOOK_S = 0.02
"""How often the record of the instance is looked at: what is measured is exact to this."""

_READY_S = 180.0
"""How long the instance may take to be ready, and to get a request."""

_LAST_S = 60.0
"""How long requests under way have for their ends, after a fault is over."""

_ANSWER_S = 30.0


class Drills:
    """One drill at a time. `record` is the one under way, or the last one of this run."""

    def __init__(self, context: Context, store: Store, world: DrillWorld) -> None:
        self.record: DrillRecord | None = None
        self._context = context
        self._store = store
        self._world = world
        self._asked = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._place: Place | None = None
        self._course: asyncio.Task[None] | None = None
        self._first = frozenset[RequestId]()
        self._cancelled = False
        self._why: Notice | None = None

    @property
    def running(self) -> bool:
        """Whether a drill is under way."""
        return self.record is not None and self.record.state is DrillState.RUNNING

    def begin(self, request: DrillRequest) -> DrillRecord:
        """Begin a drill. Raises PanelError if one is under way, or why none is possible."""
        if not self._ended.is_set():
            raise PanelError(notice("drill.running"))
        self._place = place_for(request, self._store, self._world, gpu=self._context.gpu)
        faults = request.faults or tuple(DrillFault)
        steps = tuple(DrillStep(fault) for fault in dict.fromkeys(faults))
        self.record = DrillRecord(DrillState.RUNNING, self._place.instance, self._now(), steps)
        self._cancelled, self._why = False, None
        self._ended.clear()
        self._asked.set()
        self._context.changed()
        return self.record

    async def cancel(self) -> DrillRecord:
        """End the drill; return when its instance is gone. Raises PanelError if none is under way."""
        if not self.running:
            raise PanelError(notice("drill.none"))
        await self._cancel(None)
        assert self.record is not None
        return self.record

    async def rest_for_others(self) -> None:
        """End the drill, if one is under way, for others who get the GPU; return when its instance is gone."""
        if self.running:
            await self._cancel(notice("drill.given"))

    async def _cancel(self, why: Notice | None) -> None:
        if not self._cancelled:
            self._cancelled, self._why = True, why
            if self._course is not None:
                self._course.cancel()
        await self._ended.wait()

    async def run(self) -> None:
        """Carry out what is asked for, until cancelled; the instance of a drill ends then, too."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            async with asyncio.TaskGroup() as group:
                self._course = group.create_task(self._carry_out())
                if self._cancelled:
                    self._course.cancel()
            self._course = None
            if self.running:  # cancelled before its first step
                self._set(state=DrillState.CANCELLED, problem=self._why)
            self._ended.set()

    # The course of a drill

    async def _carry_out(self) -> None:
        place = self._place
        assert place is not None
        problem, state = None, DrillState.DONE
        try:
            await self._drilled(place)
        except asyncio.CancelledError:
            if not self._cancelled:  # the panel ends, and with it the instance
                raise
            state, problem = DrillState.CANCELLED, self._why
        except PanelError as error:
            problem, state = error.notice, DrillState.FAILED
        self._course = None  # whoever cancels now waits for the end: the instance is taken away in any case
        if place.placement is not None:
            left = await self._world.workers.restore()
            problem = problem or left
        hung_after_s = self._store.settings.ollama.hung_after_s
        score = drill_rules.score(self._steps, hung_after_s) if state is DrillState.DONE else None
        self._set(state=state, score=score, problem=problem)

    async def _drilled(self, place: Place) -> None:
        if place.placement is not None:
            await self._world.workers.prepare(place.placement, fresh=False)
        url, client = self._store.proxy.url, self._context.client
        load = DrillLoad(client, url, place.model.name, self._world.trials.headers(), self._crowded)
        problem: PanelError | None = None
        async with asyncio.TaskGroup() as group:
            senders = [group.create_task(load.one_after_the_other()) for _ in range(place.at_once)]
            try:
                await self._answers(place, place.instance)
                for number, step in enumerate(self._steps):
                    await self._one(number, step.fault, place, load)
            except PanelError as error:  # a group would wrap it
                problem = error
            finally:
                for sender in senders:
                    sender.cancel()
        if problem is not None:
            raise problem

    async def _one(self, number: int, fault: DrillFault, place: Place, load: DrillLoad) -> None:
        """Carry out one fault. Raises PanelError if the instance is not ready for it."""
        instance = place.instance
        before = await self._ready(instance)
        harm = Harm(fault, before.pid or 0)
        try:
            if not await self._its_turn(instance, load, harm):
                self._step(number, began=self._now(), told=notice("drill.gave_way"))
                return
            load.begin_anew()
            self._step(number, began=self._now())
            if fault is DrillFault.KILL:
                self._world.struck(instance)
            harm.do()
            done = await self._watched(number, fault, place, load, before, harm)
        except PanelError as error:
            self._step(number, began=self._now(), told=error.notice)
            return
        finally:
            harm.undo()
        await self._until(lambda: not self._affected(load), _LAST_S)
        lost = sum(one.lost for one in load.sent) + (len(self._affected(load)) if done else 0)
        self._counted(number, load, lost)
        if done:
            self._step(number, passed=drill_rules.passed(self._steps[number]))
        else:
            self._step(number, told=notice("drill.gave_way"))

    async def _its_turn(self, instance: InstanceId, load: DrillLoad, harm: Harm) -> bool:
        """Return whether requests of the drill alone are at the instance now; the processes for the harm are found.

        Raises PanelError if there is none.
        """
        end = self._now() + _READY_S
        while await self._until(lambda: self._is_ours(instance, load), end - self._now()):
            await harm.find()
            if self._is_ours(instance, load):  # no request of others has come while they were looked for
                return True
        return False

    async def _watched(
        self, number: int, fault: DrillFault, place: Place, load: DrillLoad, before: InstanceRecord, harm: Harm
    ) -> bool:
        """Measure until the instance serves again, or the limit is reached; return whether it was not broken off."""
        limit = drill_rules.limit_s(fault, self._store.settings.ollama.hung_after_s)
        began = self._now()
        self._first = frozenset(one.id for one in load.open)
        async with asyncio.TaskGroup() as group:
            slowing = group.create_task(harm.slow_down()) if fault is DrillFault.SLOW else None
            try:
                while self._now() - began < limit:
                    record = self._store.instance(place.instance)
                    self._counted(number, load, sum(one.lost for one in load.sent))
                    noticed = drill_rules.noticed(record, self._store.watchdog(place.instance), before)
                    if fault is DrillFault.SLOW:
                        if noticed:
                            self._step(number, false_alarm=True, detected_s=self._now() - began)
                            return True
                    elif noticed and self._steps[number].detected_s is None:
                        self._step(number, detected_s=self._now() - began)
                    elif not noticed and fault is not DrillFault.KILL and self._others(place.instance, load):
                        return False
                    if self._replaced(record, before) and await self._answers(place, place.instance, once=True):
                        self._step(number, recovered_s=self._now() - began)
                        return True
                    await asyncio.sleep(_LOOK_S)
                return True
            finally:
                if slowing is not None:
                    slowing.cancel()

    def _replaced(self, record: InstanceRecord | None, before: InstanceRecord) -> bool:
        ready = record is not None and record.phase is Phase.READY and not record.silent
        return ready and record is not None and record.pid not in (None, before.pid)

    def _affected(self, load: DrillLoad) -> list[RequestId]:
        """Return the requests of the time of the fault that have not ended."""
        return [one.id for one in load.open if one.id in self._first]

    def _ours(self, instance: InstanceId, load: DrillLoad) -> int:
        records = (self._world.timeline.record(one.id) for one in load.open)
        return sum(one is not None and one.instance == instance and one.finished is None for one in records)

    def _others(self, instance: InstanceId, load: DrillLoad) -> bool:
        """Return whether a request of somebody else is at the instance."""
        return self._world.timeline.counts.in_flight(instance) > self._ours(instance, load)

    def _is_ours(self, instance: InstanceId, load: DrillLoad) -> bool:
        return self._ours(instance, load) > 0 and not self._others(instance, load) and not self._crowded()

    def _crowded(self) -> bool:
        """Return whether requests of others wait."""
        return any(not job.id.startswith(OWN_REQUESTS) for job in self._world.dispatcher.waiting_jobs())

    async def _ready(self, instance: InstanceId) -> InstanceRecord:
        if not await self._until(lambda: self._is_up(instance), _READY_S):
            raise PanelError(notice("drill.not_ready", instance=instance))
        record = self._store.instance(instance)
        assert record is not None
        return record

    def _is_up(self, instance: InstanceId) -> bool:
        record = self._store.instance(instance)
        return record is not None and record.phase is Phase.READY and record.pid is not None and not record.silent

    async def _answers(self, place: Place, instance: InstanceId, *, once: bool = False) -> bool:
        """Return whether the instance answers for the model, which it may have to load first.

        Raises PanelError if it does not, unless it is asked only `once`.
        """
        record = self._store.instance(instance)
        body = {"model": place.model.name, "prompt": "1", "stream": False, "options": {"num_predict": 1}}
        reason = ""
        if record is not None:
            try:
                timeout = _ANSWER_S if once else _READY_S
                answer = await self._context.client.post(f"{record.url}/api/generate", json=body, timeout=timeout)
                if answer.status_code == httpx.codes.OK:
                    return True
                reason = answer.text[:200]
            except httpx.HTTPError as error:
                reason = str(error) or type(error).__name__
        if once:
            return False
        raise PanelError(notice("drill.no_answer", instance=instance, reason=reason))

    async def _until(self, condition: Callable[[], bool], limit_s: float) -> bool:
        """Wait for a condition; return whether it came true within the limit."""
        began = self._now()
        while not condition():
            if self._now() - began >= limit_s:
                return False
            await asyncio.sleep(_LOOK_S)
        return True

    # The record

    @property
    def _steps(self) -> tuple[DrillStep, ...]:
        return self.record.steps if self.record is not None else ()

    def _counted(self, number: int, load: DrillLoad, lost: int) -> None:
        self._step(number, sent=len(load.sent), lost=lost, broken=sum(one.broken for one in load.sent))

    def _step(self, number: int, **fields: object) -> None:
        steps = list(self._steps)
        steps[number] = msgspec.structs.replace(steps[number], **fields)
        if tuple(steps) != self._steps:
            self._set(steps=tuple(steps))

    def _set(self, **fields: object) -> None:
        assert self.record is not None
        self.record = msgspec.structs.replace(self.record, **fields)
        self._context.changed()

    def _now(self) -> float:
        return self._context.system.seconds()
