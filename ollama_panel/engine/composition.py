"""The composition root: creates every part of a running engine and connects them."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import httpx
import msgspec

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.launch import Inherited, InstanceSpec, core_contention, plan_instances
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.environment import check_pools
from ollama_panel.core.ollama.environment_inherited import check_inherited
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.serverlog_facts import Fact, PromptTruncated
from ollama_panel.core.ollama.versions import numbers
from ollama_panel.core.records import Job
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.core.snapshot import Connections, InstanceRecord, MemoryKind, Snapshot
from ollama_panel.core.timeline.timeline import MAX_OPEN, Timeline
from ollama_panel.engine import clock
from ollama_panel.engine.admission import Admission
from ollama_panel.engine.garbage_collection import MemoryRelease
from ollama_panel.engine.host import ports
from ollama_panel.engine.host.addresses import urls_for_others
from ollama_panel.engine.host.connections import LocalConnections
from ollama_panel.engine.host.cores import physical_cores
from ollama_panel.engine.host.discovery import candidates, exported_workers, home
from ollama_panel.engine.host.gpu import Cards, Memory
from ollama_panel.engine.host.gpu.device_log import DeviceLog
from ollama_panel.engine.host.installation import Installation
from ollama_panel.engine.instances import orphans
from ollama_panel.engine.instances.adoption import Adoption
from ollama_panel.engine.instances.catalog import Catalog
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.instances.model_unloader import ModelUnloader
from ollama_panel.engine.instances.rollout import Rollout
from ollama_panel.engine.instances.stores import Stores
from ollama_panel.engine.instances.supervisor import Adopted, Supervisor
from ollama_panel.engine.listener import Listener
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.pace import Pace
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.recorder import Recorder
from ollama_panel.engine.sampler import Sampler
from ollama_panel.engine.store import Store
from ollama_panel.engine.system import System
from ollama_panel.proxy.body_storage import BodyStore
from ollama_panel.proxy.connection_limit import ConnectionLimit
from ollama_panel.proxy.gate import Gate, Lease
from ollama_panel.proxy.panel_api import PanelSource
from ollama_panel.proxy.server import ProxyServer

_LOG = logging.getLogger(__name__)
GPU_FOLDER = "OLLAMA_SIM_GPU"


@dataclass(slots=True, eq=False)
class Context:
    """What a running engine is created with; only `installation` changes, with the settings."""

    group: asyncio.TaskGroup
    client: httpx.AsyncClient
    system: System
    paths: Paths
    overrides: Overrides
    cards: Cards
    connections: ConnectionLimit
    installation: Installation
    panel: PanelSource
    announce: Callable[[str], None]
    own_secret: str
    changed: Callable[[], None]
    on_crash: Callable[[Exception], None]
    device_log: DeviceLog = field(default_factory=DeviceLog)

    @property
    def cores(self) -> int:
        """The number of cores that runners on the CPU share."""
        return physical_cores()

    @property
    def gpu(self) -> bool:
        """Whether models run on a GPU, be it a simulated one: as the servers say, else if there is one."""
        on_gpu = self.device_log.devices.on_gpu
        return self.installation.demo or (self.cards.gpu is not None if on_gpu is None else on_gpu)


class Composition:
    """All parts of a running engine."""

    def __init__(self, context: Context, settings: Settings) -> None:
        self._context = context
        self.group = group = context.group
        client = context.client
        self._told: tuple[Problem, ...] = ()
        self.timeline = Timeline()
        self.dispatcher = Dispatcher(Policy.of(settings))
        self.memory_release = MemoryRelease(self.timeline.counts.open)
        self.pace = Pace(self._busy, context.system.seconds, self._wake)
        self.store = Store(settings, self.timeline, context.changed, self.dispatcher.slots)
        self.store.set_inherited(Inherited.of(os.environ, home()))
        recorded = settings.scheduling.record_events
        self.recorder = Recorder(self.dispatcher, context.paths.events) if recorded else None
        self.children = orphans.ChildRegistry(context.paths.children)
        self.catalog = Catalog(client, self._sources, self._catalog_read, lambda: self.stores.look_soon())
        self.fleet = Fleet(
            group,
            self._supervisor,
            self.store,
            self._post,
            store_of=lambda name, managed: self.catalog.store(name, managed=managed),
            on_ready=self._instance_ready,
            on_backoff=lambda: self.rollout.begin(),
            wait_idle=lambda instance, silent: self.admission.wait_idle(instance, silent),
            store_id_of=lambda name, managed: self.catalog.store_id(name, managed=managed),
            writes=lambda name: self.stores.writable(name),
        )
        self.stores = Stores(
            self.fleet,
            self.store,
            self.catalog,
            os.environ,
            enabled=self._adoption_enabled,
            simulated=lambda: self._context.installation.demo,
            elsewhere=candidates(os.environ),
            own_ports=self._own_ports,
            on_shared=lambda: self.rollout.begin(),
        )
        self.unloader = ModelUnloader(group, client, self.store, self._unloaded)
        self.admission = Admission(
            self.recorder or self.dispatcher,
            self.timeline,
            unload=self.unloader.unload,
            micros=context.system.micros,
            on_crash=context.on_crash,
            on_missing=self._missing,
        )
        self.rollout = Rollout(self.fleet, self.store, self.timeline.counts, self._plan)
        self.adoption = Adoption(
            self.fleet,
            client,
            candidates(os.environ),
            enabled=self._adoption_enabled,
            own_ports=self._own_ports,
            workers=exported_workers,
            on_removed=self._look_again,
        )
        self.sampler = Sampler(
            self.store,
            self.timeline.counts,
            self._memory,
            self._post,
            context.system.seconds,
            self.pace,
            others=self.dispatcher.others,
            loaded=lambda: self.fleet.model_bytes() > 0,
        )
        gate = Gate(
            admit=self._admit,
            identified=self.admission.identified,
            upstreams=self.rollout.upstreams,
            stop=self._stop,
            store_changed=self._store_changed,
            roles=self.catalog.roles,
            remote_models=self.catalog.remote_models,
        )
        bodies = BodyStore()
        self.local_connections = LocalConnections()
        self.listener = Listener(
            group,
            lambda options: ProxyServer(
                gate,
                options,
                context.panel,
                context.system.seconds,
                look_up=self.local_connections.ask,
                client_headers=lambda: self.store.settings.scheduling.client_headers,
                owner_of=ports.owner_of,
                bodies=bodies,
                limit=context.connections,
                own_secret=context.own_secret,
            ),
            self.store,
            context.announce,
            context.overrides.drain_s,
            urls_for_others,
        )

    def _post(self, event: m.Event) -> None:
        self.admission.post(event)

    def _unloaded(self, event: m.Event) -> None:
        self._post(event)
        self.pace.request()

    def _busy(self) -> bool:
        return bool(self.timeline.counts.open())

    def _wake(self) -> None:
        self.sampler.wake()
        self.fleet.check_soon()

    def _admit(self, job: Job) -> AbstractAsyncContextManager[Lease]:
        """Queue a request; see `proxy.gate`."""
        self.pace.request()
        return self.admission.admit(job) if self.sampler.is_fresh() else self._admit_measured(job)

    @asynccontextmanager
    async def _admit_measured(self, job: Job) -> AsyncIterator[Lease]:
        """Queue a request that ends a rest once the memory is measured: it may load a model."""
        await self.sampler.measured()
        async with self.admission.admit(job) as lease:
            yield lease

    def snapshot(self) -> Snapshot:
        """Return the state as it is known now."""
        limit, dispatcher = self._context.connections, self.dispatcher
        return self.store.snapshot(
            self._context.system.seconds(),
            dispatcher.waiting(MAX_OPEN),
            dispatcher.offenders(),
            dispatcher.context_conflicts(),
            Connections(limit.open, limit.most, limit.pauses),
        )

    async def look(self) -> None:
        """Return when memory and instances are known as they are now, or could not be looked at in a fifth of a second.

        While somebody wants to know, what is known is new enough.
        """
        self.pace.reader()
        if not self.sampler.is_fresh():
            await asyncio.gather(self.sampler.measured(), self.fleet.checked())

    def _stop(self, model: ModelName) -> float | None:
        """Stop a model; see `proxy.gate`."""
        self.pace.request()
        held = self.dispatcher.holds(model)
        self._post(m.Stopped(model))
        return clock.wall() if held else None

    async def _store_changed(self, instance: InstanceId) -> None:
        """Read the store of an instance again; see `proxy.gate`."""
        record = self.store.instance(instance)
        if record is not None:
            await self.catalog.refresh(self.catalog.store_id(instance, managed=record.managed), record.url)
            self.catalog.read_soon()  # others may have the same folder

    def _missing(self, model: ModelName) -> None:
        """Look again at what an instance has lost."""
        if self.catalog.facts(model) is not None:
            self._look_again()

    def _look_again(self) -> None:
        self.catalog.read_soon()
        self.stores.look_soon()

    def _instance_ready(self) -> None:
        self.catalog.read_soon()
        self.stores.look_soon()
        self.rollout.instance_ready()
        self.check_core_contention()
        self.check_environment()

    def check_core_contention(self) -> None:
        """Report a problem if the instances compete for the cores."""
        versions = {one.version for one in self.store.instances() if one.managed and one.version}
        self.store.set_problems("cores", core_contention(self.store.settings, self._context.gpu, versions))

    def check_environment(self) -> None:
        """Report the variables that do nothing or something else: those of the pools, and the panel's own."""
        settings = self.store.settings
        version = numbers(next((one.version for one in self.store.instances() if one.managed and one.version), ""))
        found = (*check_pools(settings, version), *check_inherited(os.environ, settings, home(), version))
        for problem in found:
            if problem not in self._told:
                _LOG.info("%s", render(problem.told))
        self._told = found
        self.store.set_problems("environment", found)

    def _sources(self) -> dict[InstanceId, str]:
        """Return the URL to read each model store from: that of the first instance that uses it and is up."""
        ready = [one for one in self.store.instances() if one.phase is Phase.READY]
        return {self.catalog.store_id(one.id, managed=one.managed): one.url for one in reversed(ready)}

    def _catalog_read(self, models: tuple[ModelFacts, ...]) -> None:
        self.store.set_models(models)
        self._post(m.CatalogRead(models))
        self.fleet.refresh()
        self.stores.look_soon()

    def _supervisor(self, target: InstanceSpec | Adopted, report: Callable[[InstanceRecord], None]) -> Supervisor:
        return Supervisor(
            target,
            report,
            client=self._context.client,
            clock=self._context.system.seconds,
            environment=os.environ,
            children=self.children,
            spawn=self._context.system.spawn,
            pace=self.pace.interval,
            on_fact=self._fact_heard,
        )

    def _fact_heard(self, instance: InstanceId, fact: Fact) -> None:
        """Take a fact of a log that no instance's state depends on."""
        if isinstance(fact, PromptTruncated):
            self._post(m.PromptTruncated(instance, fact.prompt_tokens, fact.kept))
            return
        with self._watched_gpu():
            self._context.device_log.heard(instance, fact, self.fleet.runner_bytes())

    @contextmanager
    def _watched_gpu(self) -> Iterator[None]:
        """Context manager; if a GPU is found or lost in it, divide the cores if models run on them, and only then."""
        before = self._context.gpu
        yield
        if self._context.gpu is before:
            return
        self.store.set_machine(self._context.cores, gpu=self._context.gpu)
        self.check_core_contention()
        self.rollout.begin()

    def _plan(self) -> tuple[InstanceSpec, ...]:
        """Return the instances that the settings ask for; running ones keep their ports unless those were taken."""
        settings, context = self.store.settings, self._context
        keep = {name: spec.port for name, spec in self.fleet.specs().items() if not self._lost_port(name, spec)}
        taken = ports.taken_ports(settings.ollama.first_port) - set(keep.values())
        command, inherited = context.installation.command, self.store.inherited
        specs = plan_instances(settings, command, context.cores, context.gpu, taken, keep, inherited)
        if not context.installation.demo:
            return self.stores.guarded(specs)
        shared = {GPU_FOLDER: str(context.paths.simulated_gpu)}
        return tuple(msgspec.structs.replace(spec, environment={**spec.environment, **shared}) for spec in specs)

    def _lost_port(self, instance: InstanceId, spec: InstanceSpec) -> bool:
        dead = self.fleet.status(instance).phase in (Phase.BACKOFF, Phase.FAILED)
        return dead and not ports.is_free(spec.host, spec.port)

    def _adoption_enabled(self) -> bool:
        return self.store.settings.ollama.adopt and not self._context.installation.demo

    def _own_ports(self) -> set[int]:
        return {spec.port for spec in self.fleet.specs().values()} | {self.store.proxy.port}

    async def _memory(self) -> Memory | None:
        if self._context.installation.demo:
            return Memory(MemoryKind.GPU, self._context.overrides.demo_bytes, self.fleet.model_bytes())
        log = self._context.device_log
        with self._watched_gpu():
            log.only([one.id for one in self.store.instances() if one.phase not in (Phase.STOPPED, Phase.FAILED)])
        return log.applied(await self._context.cards.read(on_gpu=log.devices.on_gpu), self.fleet.runner_bytes())
