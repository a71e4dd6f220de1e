"""Starts a second process for an instance, lets it load, and gives it the place of the first.

Requests that run go on at the old process, new ones go to the successor, and when the last old one has ended, the old
process does. Whatever goes wrong before that leaves the old process as it is.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from typing import Protocol, TypeAlias

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.launch import InstanceSpec, moved
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.crashes import says_killed
from ollama_panel.core.ollama.memory import runner_overhead
from ollama_panel.core.ollama.out_of_memory import says_out_of_memory
from ollama_panel.core.records import Job
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.succession import Load, Way, fit, total_bytes
from ollama_panel.engine.instances.fleet import Fleet, still
from ollama_panel.engine.instances.member import Member, Process
from ollama_panel.engine.instances.model_loader import ModelLoader, NotLoadedError
from ollama_panel.engine.instances.reservations import Reservations

_LOG = logging.getLogger(__name__)
_LATE_LOADS = 3
"""How often a successor loads what the old process has loaded meanwhile: requests must not put it off for ever."""
_CHECK_S = 5.0
"""How long a health check is waited for, in seconds; it takes some milliseconds."""

Told: TypeAlias = Callable[[Notice], None]
"""Takes what is being done."""

LoadsOf: TypeAlias = Callable[[Member, InstanceSpec], tuple[tuple[Load, ...], int]]
"""Returns what a new process is to load, and the bytes that must stay free beside it."""


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


class SuccessorError(PanelError):
    """A successor has failed for a reason; `way` is what may help."""

    def __init__(self, why: Notice, way: Way) -> None:
        super().__init__(why)
        self.way = way


class Successors:
    """Lets successors take the places of processes. `until` waits until something holds."""

    def __init__(
        self,
        group: asyncio.TaskGroup,
        fleet: Fleet,
        scheduler: Scheduler,
        machine: Machine,
        loader: ModelLoader,
        reservations: Reservations,
        loads: LoadsOf,
        *,
        until: Callable[[Callable[[], bool]], Awaitable[None]],
    ) -> None:
        self._group = group
        self._fleet = fleet
        self._scheduler = scheduler
        self._machine = machine
        self._loader = loader
        self._reservations = reservations
        self._loads = loads
        self._until = until

    async def succeed(
        self, member: Member, target: InstanceSpec, loads: Sequence[Load], told: Told
    ) -> InstanceRecord | None:
        """Let a successor take the place of the process; None = the memory did not hold both after all.

        Raises SuccessorError if it does not run, or cannot load a model.
        """
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

        Raises SuccessorError if it does not run, or does not load a model.
        """
        instance = member.id
        told(notice("rollout.successor_starts", instance=instance))
        self._require_running(member, await process.supervisor.wait_settled(), Way.NONE)
        done = list[ModelName]()
        for _ in range(_LATE_LOADS):
            for load in loads:
                if not member.wanted:
                    return False
                if self._scheduler.policy.given is not None:  # others have the memory since: nothing is loaded
                    break
                done.append(load.model)
                number, all_ = len(done), len(done) + sum(one.model not in done for one in loads)
                told(notice("rollout.successor_loads", instance=instance, model=load.model, number=number, all=all_))
                await self._load(member, process, load)
            await checked(process)
            if self._spills(member, process):
                return False
            later, margin = self._loads(member, _spec(process))
            loads = [load for load in later if load.model not in done]
            if not loads or not fit(loads, self._scheduler.room(), margin):
                break
            self._reservations.hold(holder, total_bytes(later))
        await self._until(lambda: not self._scheduler.loads(instance) or not member.wanted)
        if member.wanted:
            self._require_running(member, process.supervisor.status, Way.AGAIN)
        return True

    async def _load(self, member: Member, process: Process, load: Load) -> None:
        try:
            await self._loader.load(process.supervisor.status.url, load.model, options=load.options)
        except NotLoadedError as error:
            if error.missing:
                _LOG.info("%s: %s", member.id, render(error.notice))  # it was deleted, so nobody can want it
            elif member.wanted:
                memory = says_out_of_memory(error.words)
                if says_killed(error.words):
                    memory = await process.supervisor.runner_lacked_memory()
                raise SuccessorError(error.notice, Way.DRAIN if memory else Way.AGAIN) from error

    def _require_running(self, member: Member, status: InstanceRecord, way: Way) -> None:
        if status.phase is not Phase.READY and member.wanted:
            raise SuccessorError(status.detail or notice("instance.down"), way)

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


async def checked(process: Process) -> None:
    """Check the health of a process; return when its record shows it, or it takes too long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_CHECK_S):
            await process.supervisor.checked()


def _spec(process: Process | None) -> InstanceSpec:
    assert process is not None
    assert process.supervisor.spec is not None
    return process.supervisor.spec
