"""The fleet: the supervisors of all instances, their events for the dispatcher, and drained restarts and stops."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama import durations
from ollama_panel.core.ollama.memory import RunnerConfig, runner_overhead
from ollama_panel.core.ollama.models import canonical
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource, RunnerRegistry
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.scheduling.keep_alives import KEEP_ALIVE_S
from ollama_panel.core.settings.tree import PoolSettings, Problem
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.stores import MANAGED
from ollama_panel.engine.gather import gather
from ollama_panel.engine.instances.process import LogLine
from ollama_panel.engine.instances.supervisor import Adopted, Supervisor
from ollama_panel.engine.store import Store
from ollama_panel.proxy.gate import Upstream

_LOG = logging.getLogger(__name__)
_ADOPTED = notice("instance.adopted")
_CHECK_S = 0.2
"""How long somebody waits for a health check, which takes some milliseconds."""

BuildSupervisor: TypeAlias = Callable[[InstanceSpec | Adopted, Callable[[InstanceRecord], None]], Supervisor]

StoreOf: TypeAlias = Callable[[InstanceId, bool], tuple[ModelName, ...] | None]
"""Returns the models in the store of an instance, given whether it is managed; None = the same as all others."""

StoreIdOf: TypeAlias = Callable[[InstanceId, bool], InstanceId]
"""Returns the identity of the store of an instance, given whether it is managed; see `core.stores.store_ids`."""


@dataclass(slots=True, eq=False)
class _Member:
    """One instance. `up` is the event that the dispatcher got last, or None while it is down for the dispatcher.

    `wanted_before` is what `wanted` was before a removal that is not complete. `pool` is its pool, also when that is in
    the settings no more.
    """

    supervisor: Supervisor
    task: asyncio.Task[None]
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    up: m.InstanceUp | None = None
    models: dict[ModelName, LoadedModel] = field(default_factory=dict)
    wanted: bool = True
    wanted_before: bool | None = None
    draining: bool = False
    held: bool = False
    pool: PoolSettings | None = None


class Fleet:
    """The instances by id. All supervisors are tasks of `group`.

    `on_ready` is called when an instance is up, `on_backoff` when one has died and will be restarted. `wait_idle`
    returns when no request is in flight at an instance, not counting those of models that are silent, `writes` whether
    an instance can change its store.
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
    ) -> None:
        self._group = group
        self._build_supervisor = build_supervisor
        self._store = store
        self._post = post
        self._store_of = store_of
        self._store_id_of = store_id_of
        self._writes = writes
        self._on_ready = on_ready
        self._on_backoff = on_backoff
        self._wait_idle = wait_idle
        self._members: dict[InstanceId, _Member] = {}

    # State

    def __contains__(self, instance: InstanceId) -> bool:
        return instance in self._members

    def specs(self) -> dict[InstanceId, InstanceSpec]:
        """Return the specs of the managed instances, as they run now or after the restart in progress."""
        specs = ((name, member.supervisor.spec) for name, member in self._members.items())
        return {name: spec for name, spec in specs if spec is not None}

    def status(self, instance: InstanceId) -> InstanceRecord:
        """Return the supervisor's record of an instance. Raises PanelError if there is no such instance."""
        return self._member(instance).supervisor.status

    def lines(self, instance: InstanceId, after: int) -> tuple[LogLine, ...]:
        """Return the kept log lines after number `after`. Raises PanelError if there is no such instance."""
        return self._member(instance).supervisor.lines(after)

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
        return [model.size_vram for member in self._members.values() for model in member.models.values()]

    # Commands

    def add(self, target: InstanceSpec | Adopted) -> None:
        """Add an instance and start it."""
        supervisor = self._build_supervisor(target, self._report)
        task = self._group.create_task(supervisor.run(), name=f"supervisor {target.id}")
        self._members[target.id] = _Member(supervisor, task)
        if isinstance(target, InstanceSpec):
            self._planned(supervisor.status)
        self._report(supervisor.status)
        supervisor.ensure_running()

    async def wait_settled(self, instance: InstanceId) -> InstanceRecord:
        """Wait until an instance neither starts nor stops."""
        return await self._member(instance).supervisor.wait_settled()

    async def replace(self, instance: InstanceId, spec: InstanceSpec | None = None) -> InstanceRecord:
        """Drain it, then start a new process, with `spec` if given; one that is stopped stays so."""
        member = self._member(instance)
        async with self._drained(instance, member):
            if spec is not None and not member.wanted:
                member.supervisor.configure(spec)
                return member.supervisor.status
            self._want(member)
            member.supervisor.restart(spec)
            return await member.supervisor.wait_settled()

    def hold(self, instance: InstanceId, *, on: bool) -> None:
        """Keep requests off an instance, or let them come again; one that is gone needs neither."""
        member = self._members.get(instance)
        if member is not None and member.held is not on:
            member.held = on
            self._tell_draining(instance, member)

    def configure(self, instance: InstanceId, spec: InstanceSpec) -> None:
        """Use `spec` from the next start of an instance on."""
        self._member(instance).supervisor.configure(spec)

    async def start(self, instance: InstanceId) -> None:
        """Start it, unless it runs."""
        member = self._member(instance)
        async with member.lock:
            self._want(member)
            member.supervisor.ensure_running()

    async def stop(self, instance: InstanceId) -> None:
        """Drain it, then stop it."""
        member = self._member(instance)
        member.wanted = False
        async with self._drained(instance, member):
            member.supervisor.ensure_stopped()
            await member.supervisor.wait_settled()

    async def remove(self, instance: InstanceId) -> None:
        """Drain and stop it, then remove it; once it has stopped it is gone, also if this is cancelled."""
        member = self._member(instance)
        if member.wanted_before is None:
            member.wanted_before = member.wanted
        await self.stop(instance)
        member.task.cancel()
        try:
            await asyncio.wait({member.task})
        finally:
            self._down(instance, member, removed=True)
            del self._members[instance]
            self._store.drop_instance(instance)

    def keep(self, instance: InstanceId) -> None:
        """Take back a removal that was broken off, whether the instance was still draining or stopped already."""
        member = self._member(instance)
        if member.wanted_before is not None:
            member.wanted, member.wanted_before = member.wanted_before, None
            if member.wanted:
                member.supervisor.ensure_running()

    def refresh(self) -> None:
        """Report all instances again, after the settings of the pools or the stores have changed."""
        for member in tuple(self._members.values()):
            self._report(member.supervisor.status)

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
        for member in self._members.values():
            member.supervisor.check_soon()

    async def checked(self) -> None:
        """Check the health of all instances now; return when their records show it, or one takes too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_CHECK_S):
                await gather(member.supervisor.checked() for member in self._members.values())

    def kill(self) -> None:
        """Kill every managed instance."""
        for member in self._members.values():
            member.supervisor.kill()

    async def stop_all_now(self) -> None:
        """Stop every managed instance without draining; leave the adopted ones."""
        for member in self._members.values():
            member.supervisor.ensure_stopped()
        await gather(member.supervisor.wait_settled() for member in self._members.values())
        for member in self._members.values():
            member.task.cancel()

    def _want(self, member: _Member) -> None:
        """Note that an instance is to run; requests wait for one that was stopped from now on."""
        if not member.wanted:
            member.wanted = True
            self._planned(member.supervisor.status)

    def _planned(self, status: InstanceRecord) -> None:
        pool = self._pool(status)
        self._post(m.InstancePlanned(status.id, pool.name, pool.role, _names(pool)))

    def _has_models(self, record: InstanceRecord) -> bool:
        return self._store_of(record.id, record.managed) != ()

    def _member(self, instance: InstanceId) -> _Member:
        member = self._members.get(instance)
        if member is None:
            known = tuple(self._members)
            if not known:
                raise PanelError(notice("instance.none", instance=instance))
            raise PanelError(notice("instance.unknown", instance=instance, known=known))
        return member

    @asynccontextmanager
    async def _drained(self, instance: InstanceId, member: _Member) -> AsyncIterator[None]:
        """Context manager that drains an instance: inside, no request runs there and none is dispatched to it.

        Those of a model whose runner stands still are not waited for: they would not end.
        """
        async with member.lock:
            self._drain(instance, member, on=True)
            try:
                await self._wait_idle(instance, lambda: member.supervisor.status.silent)
                yield
            finally:
                self._drain(instance, member, on=False)

    def _drain(self, instance: InstanceId, member: _Member, *, on: bool) -> None:
        member.draining = on
        self._tell_draining(instance, member)

    def _tell_draining(self, instance: InstanceId, member: _Member) -> None:
        self._post(m.Draining(instance, member.draining or member.held))
        self._report(member.supervisor.status)

    # Reports to the store and the dispatcher

    def _report(self, status: InstanceRecord) -> None:
        member = self._members.get(status.id)
        if member is None:
            return
        pool = member.pool = self._pool(status)
        before = self._store.instance(status.id)
        parallel = status.parallel or (pool.parallel if status.managed else None)
        self._store.put_instance(
            msgspec.structs.replace(
                status,
                pool=pool.name,
                role=pool.role,
                detail=status.detail or (None if status.managed else _ADOPTED),
                draining=member.draining or member.held,
                parallel=parallel,
            )
        )
        if status.phase is Phase.READY:
            self._up(member, status, pool, parallel)
        else:
            stopped = not member.wanted and status.phase is Phase.STOPPED
            self._down(status.id, member, removed=stopped, stopped=stopped and member.wanted_before is None)
        if status.silent and status.detail and (before is None or before.silent != status.silent):
            _LOG.warning("%s", render(Problem(status.id, status.detail).told))
        if status.managed and status.phase is Phase.BACKOFF and (before is None or before.detail != status.detail):
            self._on_backoff()

    def _pool(self, status: InstanceRecord) -> PoolSettings:
        """Return the pool of an instance, the last one if it is removed; an adopted one is the first chat's."""
        pools = self._store.settings.pools
        own = next((pool for pool in pools if pool.name == status.pool), None)
        member = self._members.get(status.id)
        if own is None and status.managed and member is not None:
            own = member.pool
        return own or next((pool for pool in pools if pool.role is Role.CHAT), pools[0])

    def _up(self, member: _Member, status: InstanceRecord, pool: PoolSettings, parallel: int | None) -> None:
        effective = self._store.inherited.effective(pool)
        config = RunnerConfig.of(effective) if status.managed else RunnerConfig()
        up = m.InstanceUp(
            instance=status.id,
            pool=pool.name,
            role=pool.role,
            url=status.url,
            parallel=parallel or 1,
            models=_names(pool) if status.managed else (),
            context_length=config.context_length if status.managed else None,
            parallel_known=parallel is not None and status.parallel_source is not ParallelSource.UNKNOWN,
            store=self._store_of(status.id, status.managed),
            own_store=(store_id := self._store_id_of(status.id, status.managed)) != MANAGED,
            store_id=store_id or None,
            cache_type=config.cache_type,
            flash_attention=config.flash_attention,
            keep_alive_s=_keep_alive_s(effective.environment if status.managed else {}),
            version=status.version or "",
            managed=status.managed,
            silent=status.silent,
            num_batch=config.num_batch,
        )
        if up != member.up:
            begun, member.up = member.up is None, up
            self._post(up)
            if begun:
                self._on_ready()
        models = {model.name: msgspec.structs.replace(model, values=()) for model in status.models}
        for name in member.models.keys() - models.keys():
            self._post(m.Unloaded(status.id, name))
        for name, model in models.items():
            if not status.managed or member.models.get(name) != model:  # whose own context is learned from repetition
                told = None if model.parallel_source is ParallelSource.UNKNOWN else model.parallel
                self._post(m.Loaded(status.id, name, model.size, told, model.context_length))
        member.models = models

    def _down(self, instance: InstanceId, member: _Member, *, removed: bool, stopped: bool = False) -> None:
        if member.up is not None or removed:
            member.up, member.models = None, {}
            self._post(m.InstanceDown(instance, removed, stopped))


def _keep_alive_s(environment: Mapping[str, str]) -> float:
    found = durations.parse_setting(environment.get("OLLAMA_KEEP_ALIVE", ""))
    return KEEP_ALIVE_S if found is None else found


def _names(pool: PoolSettings) -> tuple[ModelName, ...]:
    return tuple(canonical(name) for name in pool.models)
