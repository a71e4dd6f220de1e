"""The fleet: the supervisors of all instances, their events for the dispatcher, and drained restarts and stops."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.memory import runner_overhead
from ollama_panel.core.ollama.runners import RunnerRegistry
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.stores import MANAGED
from ollama_panel.core.watchdog_told import broken_off
from ollama_panel.engine.gather import gather
from ollama_panel.engine.instances.member import Member, Process
from ollama_panel.engine.instances.process import LogLine
from ollama_panel.engine.instances.reports import Reports, StoreIdOf, StoreOf
from ollama_panel.engine.instances.supervisor import Adopted, Supervisor
from ollama_panel.engine.store import Store
from ollama_panel.proxy.gate import Upstream

_CHECK_S = 0.2
"""How long somebody waits for a health check, which takes some milliseconds."""

BuildSupervisor: TypeAlias = Callable[[InstanceSpec | Adopted, Callable[[InstanceRecord], None]], Supervisor]


class Fleet:
    """The instances by id. All supervisors are tasks of `group`.

    `on_ready` is called when an instance is up, `on_backoff` when one has died and will be restarted. `wait_idle`
    returns when no request is in flight at an instance, not counting those of models that are silent, `writes` whether
    an instance can change its store, `cards` how many GPUs the servers have found.
    """

    def __init__(
        self,
        group: asyncio.TaskGroup,
        build_supervisor: BuildSupervisor,
        store: Store,
        post: Callable[[m.Event], None],
        store_of: StoreOf,
        on_ready: Callable[[], None],
        on_backoff: Callable[[], None],
        wait_idle: Callable[[InstanceId, Callable[[], Collection[ModelName]]], Awaitable[None]],
        store_id_of: StoreIdOf = lambda instance, managed: MANAGED if managed else instance,
        writes: Callable[[InstanceId], bool] = lambda _: True,
        cards: Callable[[], int] = lambda: 1,
    ) -> None:
        self._group = group
        self._build_supervisor = build_supervisor
        self._store = store
        self._post = post
        self._store_of = store_of
        self._writes = writes
        self._reports = Reports(store, post, store_of, store_id_of, on_ready, on_backoff, cards)
        self._wait_idle = wait_idle
        self._members: dict[InstanceId, Member] = {}

    # State

    def __contains__(self, instance: InstanceId) -> bool:
        return instance in self._members

    def specs(self) -> dict[InstanceId, InstanceSpec]:
        """Return the specs of the managed instances, as they run now or after the restart in progress."""
        specs = ((name, member.supervisor.spec) for name, member in self._members.items())
        return {name: spec for name, spec in specs if spec is not None}

    def ports(self) -> set[int]:
        """Return the ports of all processes of the managed instances."""
        specs = (process.supervisor.spec for process in self._processes())
        return {spec.port for spec in specs if spec is not None}

    def status(self, instance: InstanceId) -> InstanceRecord:
        """Return the supervisor's record of an instance. Raises PanelError if there is no such instance."""
        return self.member(instance).supervisor.status

    def lines(self, instance: InstanceId, after: int) -> tuple[LogLine, ...]:
        """Return the kept log lines after number `after`. Raises PanelError if there is no such instance."""
        return self.member(instance).supervisor.lines(after)

    def upstreams(self) -> tuple[Upstream, ...]:
        """Return the instances that are up: in the order of the pools, then adopted ones, then those without models."""
        records = [one for one in self._store.instances() if one.phase is Phase.READY]
        records.sort(key=lambda one: not self._has_models(one))
        return tuple(Upstream(one.id, one.role, one.url, self._writes(one.id)) for one in records)

    def models(self) -> tuple[tuple[InstanceId, ModelName], ...]:
        """Return every loaded model with its instance."""
        return tuple((name, model) for name, member in self._members.items() for model in member.models)

    def model_bytes(self) -> int:
        """Return how many bytes all loaded models take in GPU memory."""
        return sum(self._sizes())

    def runner_bytes(self) -> int:
        """Return how many bytes they take there with their runners."""
        return sum(size + runner_overhead(gpu=True) for size in self._sizes() if size)

    def _sizes(self) -> list[int]:
        return [model.size_vram for process in self._processes() for model in process.supervisor.status.models]

    def _processes(self) -> list[Process]:
        return [process for member in self._members.values() for process in member.processes()]

    # Commands

    def add(self, target: InstanceSpec | Adopted) -> None:
        """Add an instance and start it."""
        process = self._process(target)
        self._members[target.id] = member = Member(process)
        if isinstance(target, InstanceSpec):
            self._reports.planned(member)
        self._reports.report(member)
        process.supervisor.ensure_running()

    async def wait_settled(self, instance: InstanceId) -> InstanceRecord:
        """Wait until an instance neither starts nor stops."""
        return await self.member(instance).supervisor.wait_settled()

    async def replace(self, instance: InstanceId, spec: InstanceSpec | None = None) -> InstanceRecord:
        """Drain it, then start a new process, with `spec` if given; one that is stopped stays so."""
        member = self.member(instance)
        async with member.lock, self.drained(member):
            return await self.restart(member, spec)

    async def restart(self, member: Member, spec: InstanceSpec | None) -> InstanceRecord:
        """Start a new process of a drained instance, with `spec` if given; one that is stopped stays so."""
        if spec is not None and not member.wanted:
            member.supervisor.configure(spec)
            return member.supervisor.status
        self._want(member)
        member.supervisor.restart(spec)
        return await member.supervisor.wait_settled()

    def set_hung(self, instance: InstanceId, hung: tuple[ModelName, ...]) -> None:
        """Set which models of an instance hang: whoever drains it waits for their requests no more."""
        member = self._members.get(instance)
        if member is not None and member.hung != hung:
            member.hung = hung
            self._reports.draining(member)

    async def restart_hung(self, instance: InstanceId, pid: int | None, patience_s: float) -> InstanceRecord:
        """Restart an instance whose process is `pid`, unless it has another one by then.

        The requests of models that do not hang may end within `patience_s`; the others fail, and are tried again if
        their clients have got no byte.
        """
        member = self.member(instance)
        async with member.lock, self.drained(member, patience_s):
            if member.supervisor.status.pid == pid and member.wanted:
                member.supervisor.restart()
            return await member.supervisor.wait_settled()

    def struck(self, instance: InstanceId) -> None:
        """Take that a drill kills the process of an instance now."""
        self.member(instance).supervisor.struck()

    def begin_successor(self, member: Member, spec: InstanceSpec) -> Process:
        """Start a second process for an instance, which gets no requests yet."""
        member.successor = process = self._process(spec)
        process.supervisor.ensure_running()
        self._reports.report(member)
        return process

    async def end_successor(self, member: Member, process: Process) -> None:
        """End the second process of an instance, which goes on as it is."""
        try:
            await process.end()
        finally:
            member.successor = None
            self._reports.report(member)

    def switch(self, member: Member, generation: int) -> Process:
        """Let the successor take the place of the process that gets the requests, and return that one.

        `generation` is the dispatcher's number of the requests that it has. These go on where they are. No request is
        dispatched before the dispatcher knows the models.
        """
        assert member.successor is not None
        before, member.process, member.successor = member.process, member.successor, None
        before.generation, before.hung, member.hung = generation, member.hung, ()
        member.supervisor.follow(before.supervisor)
        self._reports.switched(member)
        return before

    def leaving(self) -> tuple[Process, ...]:
        """Return the processes whose place was taken, and which still have requests."""
        return tuple(process for member in self._members.values() for process in member.leaving)

    def leaves_hung(self, process: Process, hung: tuple[ModelName, ...]) -> None:
        """Set which models of a process whose place was taken hang: it ends without waiting for their requests."""
        member = self._members.get(process.record.id)
        if member is not None and process.hung != hung:
            process.hung = hung
            self._reports.draining(member)

    def break_off(self, instance: InstanceId, models: Sequence[ModelName], generation: int | None = None) -> None:
        """End the begun answers of models that hang at a process that is about to end; see `messages.BrokenOff`."""
        if models:
            self._post(m.BrokenOff(instance, tuple(models), broken_off(instance, models), generation))

    def left(self, member: Member, process: Process) -> None:
        """Forget a process whose place was taken, and which has ended."""
        member.leaving.pop(process, None)
        self._reports.report(member)

    def hold(self, instance: InstanceId, *, on: bool) -> None:
        """Keep requests off an instance, or let them come again; one that is gone needs neither."""
        member = self._members.get(instance)
        if member is not None and member.held is not on:
            member.held = on
            self._reports.draining(member)

    def configure(self, instance: InstanceId, spec: InstanceSpec) -> None:
        """Use `spec` from the next start of an instance on."""
        self.member(instance).supervisor.configure(spec)

    async def start(self, instance: InstanceId) -> None:
        """Start it, unless it runs."""
        member = self.member(instance)
        async with member.lock:
            self._want(member)
            member.supervisor.ensure_running()

    async def stop(self, instance: InstanceId) -> None:
        """Drain it, then stop it."""
        member = self.member(instance)
        member.wanted = False
        if member.successor is not None:
            member.successor.supervisor.ensure_stopped()
        if member.lock.locked():  # whoever replaces it may hold the lock for long
            self._drain(member, on=True)
        async with member.lock, self.drained(member):
            member.supervisor.ensure_stopped()
            await member.supervisor.wait_settled()
            await _ended(member)

    async def remove(self, instance: InstanceId) -> None:
        """Drain and stop it, then remove it; once it has stopped it is gone, also if this is cancelled."""
        member = self.member(instance)
        if member.wanted_before is None:
            member.wanted_before = member.wanted
        await self.stop(instance)
        member.process.task.cancel()
        try:
            await asyncio.wait({member.process.task})
        finally:
            self._reports.down(member, removed=True)
            member.removed = True
            del self._members[instance]
            self._store.drop_instance(instance)

    def keep(self, instance: InstanceId) -> None:
        """Take back a removal that was broken off, whether the instance was still draining or stopped already."""
        member = self.member(instance)
        if member.wanted_before is not None:
            member.wanted, member.wanted_before = member.wanted_before, None
            if member.wanted:
                member.supervisor.ensure_running()

    def refresh(self) -> None:
        """Report all instances again, after the settings of the pools or the stores have changed."""
        for member in tuple(self._members.values()):
            self._reports.report(member)

    def know(self, instance: InstanceId, variables: Mapping[str, str]) -> None:
        """Set what is known of the environment of an adopted server beside what its process tells."""
        member = self._members.get(instance)
        if member is not None and member.supervisor.loaded.known != variables:
            member.supervisor.loaded.known = variables
            member.supervisor.check_soon()

    def read_log(self, instance: InstanceId, registry: RunnerRegistry) -> None:
        """Set what the log of an adopted server says of its runners."""
        member = self._members.get(instance)
        if member is not None:
            member.supervisor.loaded.read_log(registry)
            member.supervisor.check_soon()

    def check_soon(self) -> None:
        """Check the health of all instances now."""
        for process in self._processes():
            process.supervisor.check_soon()

    async def checked(self) -> None:
        """Check the health of all instances now; return when their records show it, or one takes too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_CHECK_S):
                await gather(member.supervisor.checked() for member in self._members.values())

    def kill(self) -> None:
        """Kill every managed instance."""
        for process in self._processes():
            process.supervisor.kill()

    async def stop_all_now(self) -> None:
        """Stop every managed instance without draining; leave the adopted ones."""
        members, processes = tuple(self._members.values()), self._processes()
        for task in [task for member in members for task in member.leaving.values()]:
            task.cancel()
        for process in processes:
            process.supervisor.ensure_stopped()
        await gather(process.supervisor.wait_settled() for process in processes)
        await gather(map(_ended, members))
        for process in processes:
            process.task.cancel()

    def _want(self, member: Member) -> None:
        """Note that an instance is to run; requests wait for one that was stopped from now on."""
        if not member.wanted:
            member.wanted = True
            self._reports.planned(member)

    def _has_models(self, record: InstanceRecord) -> bool:
        return self._store_of(record.id, record.managed) != ()

    def member(self, instance: InstanceId) -> Member:
        """Return the processes of an instance. Raises PanelError if there is no such instance."""
        member = self._members.get(instance)
        if member is None:
            known = tuple(self._members)
            if not known:
                raise PanelError(notice("instance.none", instance=instance))
            raise PanelError(notice("instance.unknown", instance=instance, known=known))
        return member

    @asynccontextmanager
    async def drained(self, member: Member, patience_s: float | None = None) -> AsyncIterator[None]:
        """Context manager that drains an instance: inside, no request runs there and none is dispatched to it.

        Its lock must be held. Those of a model whose runner stands still are not waited for, as they would not end, nor
        any for longer than `patience_s`.
        """
        self._drain(member, on=True)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(patience_s):
                    await self._wait_idle(member.id, lambda: still(member.process, member.hung))
            self.break_off(member.id, still(member.process, member.hung))
            yield
        finally:
            self._drain(member, on=False)

    def _drain(self, member: Member, *, on: bool) -> None:
        member.draining = on
        self._reports.draining(member)

    def _process(self, target: InstanceSpec | Adopted) -> Process:
        supervisor = self._build_supervisor(target, lambda status: self._changed(process, status))
        task = self._group.create_task(supervisor.run(), name=f"supervisor {target.id}")
        process = Process(supervisor, task, supervisor.status)
        return process

    def _changed(self, process: Process, status: InstanceRecord) -> None:
        """Take the changed record of a process; one whose place was taken is not started again."""
        process.record = status
        member = self._members.get(status.id)
        if member is not None and process is member.process:
            self._reports.report(member)
        elif member is not None and process in member.leaving and status.phase in (Phase.BACKOFF, Phase.FAILED):
            process.supervisor.ensure_stopped()


def still(process: Process, hung: Sequence[ModelName]) -> tuple[ModelName, ...]:
    """Return the models of a process whose requests would not end: their runners do not answer, or hang."""
    return tuple(dict.fromkeys((*process.supervisor.status.silent, *hung)))


async def _ended(member: Member) -> None:
    """Return when no process of an instance is left whose place was taken."""
    if member.leaving:
        await asyncio.wait(member.leaving.values())
