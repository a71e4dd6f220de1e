"""Gives instances new processes: the successor first where the memory surely holds both, else after a drain.

A successor starts beside the old process and loads the same models. Then it takes the place of the old one: requests
that run go on there, new ones go to the successor, and when the last old one has ended, the old process does. Whatever
goes wrong before that leaves the old process as it is.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Protocol, TypeAlias

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.launch import InstanceSpec, moved
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.memory import runner_overhead
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Job
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.succession import Load, fit, loads_of, on_chosen_cards, total_bytes
from ollama_panel.engine.instances.fleet import Fleet, still
from ollama_panel.engine.instances.member import Member, Process
from ollama_panel.engine.instances.model_loader import ModelLoader
from ollama_panel.engine.instances.reservations import Reservations
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)
_LATE_LOADS = 3
"""How often a successor loads what the old process has loaded meanwhile: requests must not put it off for ever."""
_CHECK_S = 5.0
"""How long a health check is waited for, in seconds; it takes some milliseconds."""

Told: TypeAlias = Callable[[Notice], None]
"""Takes what is being done."""


class Scheduler(Protocol):
    """What the dispatcher tells of its memory and its requests."""

    @property
    def policy(self) -> Policy:
        """See `core.scheduling.dispatcher`."""
        ...

    def room(self) -> int | None:
        """See `core.scheduling.dispatcher`."""
        ...

    def loads(self, instance: InstanceId | None = None) -> bool:
        """See `core.scheduling.dispatcher`."""
        ...

    def generation(self, instance: InstanceId) -> int:
        """See `core.scheduling.dispatcher`."""
        ...

    def models_of(self, instance: InstanceId, generation: int) -> tuple[ModelName, ...]:
        """See `core.scheduling.dispatcher`."""
        ...

    def waiting_jobs(self) -> list[Job]:
        """See `core.scheduling.dispatcher`."""
        ...


class Machine(Protocol):
    """What successors must know of the machine: whether models run on GPUs, how many, and which ports are free."""

    @property
    def gpu(self) -> bool:
        """Whether models run on a GPU."""
        ...

    @property
    def cards(self) -> int:
        """How many GPUs there are."""
        ...

    def free_port(self, avoided: Collection[int]) -> int:
        """Return a port for one more process. Raises PanelError if there is none."""
        ...

    async def measured(self) -> None:
        """Return when the dispatcher knows the memory as it is now."""
        ...


class Replacer:
    """Replaces the processes of instances. `until` waits until something holds, `facts` are those of the store.

    `tries` tells whether an instance measures a trial of the tuner: then nothing is started beside it, and nothing is
    loaded, as the tuner does that.
    """

    def __init__(
        self,
        group: asyncio.TaskGroup,
        fleet: Fleet,
        store: Store,
        scheduler: Scheduler,
        machine: Machine,
        loader: ModelLoader,
        reservations: Reservations,
        *,
        until: Callable[[Callable[[], bool]], Awaitable[None]],
        facts: Callable[[], Mapping[ModelName, ModelFacts]],
        tries: Callable[[InstanceId], bool] = lambda _: False,
    ) -> None:
        self._group = group
        self._fleet = fleet
        self._store = store
        self._scheduler = scheduler
        self._machine = machine
        self._loader = loader
        self._reservations = reservations
        self._until = until
        self._facts = facts
        self._tries = tries
        self._failed: dict[InstanceId, tuple[InstanceSpec, Notice]] = {}

    async def restart(self, instance: InstanceId) -> None:
        """Replace the process of an instance for the user, who sees the progress on its pool."""
        record = self._fleet.status(instance)
        try:
            await self.replace(instance, None, lambda told: self._store.set_progress(record.pool, told))
        finally:
            self._store.set_progress(record.pool, None)

    async def replace(self, instance: InstanceId, spec: InstanceSpec | None, told: Told) -> InstanceRecord:
        """Give an instance a new process, with `spec` if given, and return its record; one that is stopped stays so.

        Raises PanelError if a successor does not run, or cannot load a model; then the old process serves on, also when
        the same is tried again while the memory does not hold both. If this
        is cancelled before the successor has taken its place, the successor is ended, else the old one, as soon as its
        requests have ended.
        """
        member = self._fleet.member(instance)
        async with member.lock:
            target = spec or member.supervisor.spec
            if target is not None and self._may_be_doubled(member, target):
                await _checked(member.process)
                await self._machine.measured()
                loads, margin = self._loads(member, target)
                if self._may_be_doubled(member, target) and fit(loads, self._scheduler.room(), margin):
                    status = await self._tried(member, target, loads, told)
                    if status is not None:
                        return status
                known = self._failed.get(instance)
                if spec is not None and known is not None and known[0] == moved(spec, 0):
                    raise PanelError(known[1])
            return await self._restart(member, spec, told)

    def _may_be_doubled(self, member: Member, target: InstanceSpec) -> bool:
        """Return whether anybody would gain from a successor that starts before the process ends."""
        status = member.supervisor.status
        ready = status.phase is Phase.READY and not (status.silent or member.hung)
        if not (self._store.settings.ollama.twin and member.wanted and ready) or member.held or self._tries(member.id):
            return False
        return self._machine.cards < 2 or not on_chosen_cards(target, self._store.inherited.variables)

    def _loads(self, member: Member, target: InstanceSpec) -> tuple[tuple[Load, ...], int]:
        """Return what a new process is to load, and the bytes that must stay free beside it."""
        status = member.supervisor.status
        pool = next((one for one in self._store.settings.pools if one.name == target.pool), member.pool)
        if pool is None or self._scheduler.policy.given is not None:  # others have the memory: nothing is loaded
            return (), 0
        return loads_of(
            target,
            pool,
            self._store.inherited.variables,
            [model.name for model in status.models],
            self._facts(),
            gpu=self._machine.gpu,
            version=status.version or "",
        )

    # The successor first

    async def _tried(
        self, member: Member, target: InstanceSpec, loads: Sequence[Load], told: Told
    ) -> InstanceRecord | None:
        """Do as `_succeed`, and remember what has failed."""
        self._failed.pop(member.id, None)
        try:
            return await self._succeed(member, target, loads, told)
        except PanelError as error:
            self._failed[member.id] = moved(target, 0), error.notice
            raise

    async def _succeed(
        self, member: Member, target: InstanceSpec, loads: Sequence[Load], told: Told
    ) -> InstanceRecord | None:
        """Let a successor take the place of the process; None = the memory did not hold both after all."""
        holder, switched = object(), False
        self._reservations.hold(holder, total_bytes(loads))
        process: Process | None = None
        try:
            process = self._fleet.begin_successor(member, self._beside(target))
            fits = await self._prepare(member, process, loads, holder, told)
            if not member.wanted:
                member.supervisor.configure(target)
                return member.supervisor.status
            if not fits:
                return None
            leaving = self._switch(member, holder)
            switched = True
        finally:
            if not switched:
                await self._give_up(member, process, holder)
        await self._wait_for(member, *leaving, told)
        return await member.supervisor.wait_settled()

    def _beside(self, target: InstanceSpec) -> InstanceSpec:
        """Return what the successor starts as: at another port than all processes of the panel."""
        taken = self._fleet.ports()
        return target if target.port not in taken else moved(target, self._machine.free_port(taken))

    async def _prepare(
        self, member: Member, process: Process, loads: Sequence[Load], holder: object, told: Told
    ) -> bool:
        """Start the successor and let it load; return whether all is in the memory where it belongs.

        Raises PanelError if it does not run, or does not load a model.
        """
        instance = member.id
        told(notice("rollout.successor_starts", instance=instance))
        self._require_running(member, await process.supervisor.wait_settled())
        done = list[ModelName]()
        for _ in range(_LATE_LOADS):
            for load in loads:
                if not member.wanted:
                    return False
                done.append(load.model)
                number, all_ = len(done), len(done) + sum(one.model not in done for one in loads)
                told(notice("rollout.successor_loads", instance=instance, model=load.model, number=number, all=all_))
                await self._load(member, process, load)
            await _checked(process)
            if self._spills(member, process):
                return False
            later, margin = self._loads(member, target=_spec(process))
            loads = [load for load in later if load.model not in done]
            if not loads or not fit(loads, self._scheduler.room(), margin):
                break
            self._reservations.hold(holder, total_bytes(later))
        await self._until(lambda: not self._scheduler.loads(instance) or not member.wanted)
        if member.wanted:
            self._require_running(member, process.supervisor.status)
        return True

    async def _load(self, member: Member, process: Process, load: Load) -> None:
        try:
            await self._loader.load(process.supervisor.status.url, load.model, options=load.options)
        except PanelError as error:
            if member.wanted:
                raise PanelError(notice("rollout.failed", instance=member.id, why=error.notice)) from error

    def _require_running(self, member: Member, status: InstanceRecord) -> None:
        if status.phase is not Phase.READY and member.wanted:
            why = status.detail or notice("instance.down")
            raise PanelError(notice("rollout.failed", instance=member.id, why=why))

    def _spills(self, member: Member, process: Process) -> bool:
        """Return whether the successor has a model partly in main memory that the old process has on the GPU."""
        if not self._machine.gpu:
            return False
        whole = {model.name for model in member.supervisor.status.models if model.size_vram >= model.size}
        return any(model.name in whole and model.size_vram < model.size for model in process.supervisor.status.models)

    def _switch(self, member: Member, holder: object) -> tuple[int, Process]:
        """Let the successor take the place; return the generation of the old requests, and their process.

        The memory of both stays known to the dispatcher: that of the old process is reserved now, until it has ended.
        """
        generation, before = self._scheduler.generation(member.id), member.supervisor.status
        overhead = runner_overhead(gpu=self._machine.gpu)
        held = sum(max(model.size, model.size_vram) + overhead for model in before.models)
        self._reservations.hold(holder, held + total_bytes(self._loads(member, _spec(member.successor))[0]))
        process = self._fleet.switch(member, generation)
        self._reservations.hold(holder, held)
        task = self._group.create_task(self._leave(member, process, generation, holder), name=f"leave {member.id}")
        member.leaving[process] = task
        return generation, process

    async def _leave(self, member: Member, process: Process, generation: int, holder: object) -> None:
        """End a process whose place was taken when its requests have ended."""
        try:
            await self._until(lambda: not self._running(member, generation, process))
            self._fleet.break_off(member.id, still(process, process.hung), generation)
        finally:
            try:
                await process.end()
            finally:
                self._fleet.left(member, process)
                self._reservations.hold(holder, 0)

    def _running(self, member: Member, generation: int, process: Process) -> int:
        """Return how many requests run at a process whose place was taken, without those that stand still."""
        hangs = still(process, process.hung)
        return sum(model not in hangs for model in self._scheduler.models_of(member.id, generation))

    async def _wait_for(self, member: Member, generation: int, process: Process, told: Told) -> None:
        """Wait until the old process has ended, and say how many requests it still has."""
        task = member.leaving.get(process)
        while count := self._running(member, generation, process):
            code = "rollout.leaves_after_one" if count == 1 else "rollout.leaves_after"
            values = {} if count == 1 else {"requests": count}
            told(notice(code, instance=member.id, **values))
            await self._until(self._fewer(member, generation, process, count))
        if task is not None:
            await asyncio.wait({task})

    def _fewer(self, member: Member, generation: int, process: Process, count: int) -> Callable[[], bool]:
        return lambda: self._running(member, generation, process) != count

    async def _give_up(self, member: Member, process: Process | None, holder: object) -> None:
        try:
            if process is not None:
                await self._fleet.end_successor(member, process)
        finally:
            self._reservations.hold(holder, 0)

    # After a drain

    async def _restart(self, member: Member, spec: InstanceSpec | None, told: Told) -> InstanceRecord:
        """Drain the process, replace it, and let the new one load what the old one had.

        While other workers of the pool answer, requests come when all of it is loaded, else when the model is that the
        first of them wait for: a model that nobody waits for delays nobody.
        """
        target = spec or member.supervisor.spec
        loads = self._loads(member, target)[0] if target is not None else ()
        async with self._fleet.drained(member):
            status = await self._fleet.restart(member, spec)
            if status.phase is not Phase.READY or member.held or self._tries(member.id):
                return status
            waited_for = {job.model for job in self._scheduler.waiting_jobs()}
            order = sorted(loads, key=lambda load: load.model not in waited_for)
            first = len(order) if self._others_answer(member) else 1
            await self._warm(member, order[:first], told)
        await self._warm(member, order[first:], told)
        return member.supervisor.status

    def _others_answer(self, member: Member) -> bool:
        pool = member.supervisor.status.pool
        others = (one for one in self._store.instances() if one.pool == pool and one.id != member.id)
        return any(one.phase is Phase.READY and not one.draining for one in others)

    async def _warm(self, member: Member, loads: Sequence[Load], told: Told) -> None:
        """Load what fits; whatever cannot be loaded is left to the first request for it."""
        holder = object()
        for number, load in enumerate(loads, 1):
            await self._machine.measured()
            status, room = member.supervisor.status, self._scheduler.room()
            if status.phase is not Phase.READY or not member.wanted:
                return
            if any(model.name == load.model for model in status.models):
                continue
            if load.bytes is not None and room is not None and not fit([load], room):
                continue
            told(notice("rollout.warms", instance=member.id, model=load.model, number=number, all=len(loads)))
            self._reservations.hold(holder, load.bytes or 0)
            try:
                await self._loader.load(status.url, load.model, options=load.options)
                await _checked(member.process)
            except PanelError as error:
                _LOG.warning("%s: %s", member.id, render(error.notice))
            finally:
                self._reservations.hold(holder, 0)


async def _checked(process: Process) -> None:
    """Check the health of a process; return when its record shows it, or it takes too long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_CHECK_S):
            await process.supervisor.checked()


def _spec(process: Process | None) -> InstanceSpec:
    assert process is not None
    assert process.supervisor.spec is not None
    return process.supervisor.spec
