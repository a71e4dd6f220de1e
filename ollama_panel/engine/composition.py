"""The composition root: creates every part of a running engine and connects them."""

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.launch import Inherited
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Job
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Connections, Snapshot
from ollama_panel.core.timeline.entry import Entry
from ollama_panel.core.timeline.timeline import MAX_OPEN, Timeline
from ollama_panel.engine import clock
from ollama_panel.engine.admission import Admission
from ollama_panel.engine.bypass_watch import BypassWatch
from ollama_panel.engine.checks import Checks
from ollama_panel.engine.context import Context
from ollama_panel.engine.doctor.watch import DoctorWatch
from ollama_panel.engine.garbage_collection import MemoryRelease
from ollama_panel.engine.gather import gather
from ollama_panel.engine.history.recorder import HistoryRecorder
from ollama_panel.engine.host.connections import LocalConnections
from ollama_panel.engine.host.discovery import exported_workers, home
from ollama_panel.engine.host.servers_processes import ProcessTable
from ollama_panel.engine.instance_logs import InstanceLogs
from ollama_panel.engine.instance_plan import InstancePlan
from ollama_panel.engine.instances import orphans
from ollama_panel.engine.instances.adopted_logs import AdoptedLogs
from ollama_panel.engine.instances.adoption import Adoption
from ollama_panel.engine.instances.catalog import Catalog
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.instances.model_loads import ModelLoads
from ollama_panel.engine.instances.model_unloader import ModelUnloader
from ollama_panel.engine.instances.stores import Stores
from ollama_panel.engine.limit_watch import LimitWatch
from ollama_panel.engine.load_meter import LoadMeter
from ollama_panel.engine.machine_watch import MachineWatch
from ollama_panel.engine.memory_reading import MemoryReading
from ollama_panel.engine.operations import Operations
from ollama_panel.engine.pace import Pace
from ollama_panel.engine.preloading import Preloader
from ollama_panel.engine.profiles import Profiles
from ollama_panel.engine.proxy_setup import listeners, taking_over
from ollama_panel.engine.recorder import Recorder
from ollama_panel.engine.replacing import Replacing
from ollama_panel.engine.sampler import Sampler
from ollama_panel.engine.servers_watch import ServersWatch
from ollama_panel.engine.store import Store
from ollama_panel.engine.succession_setup import Succession
from ollama_panel.engine.supervising import Supervising
from ollama_panel.engine.telemetry import TelemetryReader
from ollama_panel.engine.trials import Trials
from ollama_panel.engine.tuning.traffic import Traffic
from ollama_panel.engine.tuning.workers import TrialWorkers
from ollama_panel.engine.tuning_setup import new_tuning
from ollama_panel.engine.updating import Updates
from ollama_panel.proxy.gate import Gate, Lease


class Composition:
    """All parts of a running engine."""

    def __init__(self, context: Context, settings: Settings) -> None:
        self._context = context
        self.group = group = context.group
        self.timeline = Timeline(self._request_ended)
        self.dispatcher = Dispatcher(Policy.of(settings))
        self.memory_release = MemoryRelease(self.timeline.counts.open)
        self.pace = Pace(lambda: bool(self.timeline.counts.open()), context.system.seconds, self._wake)
        self.store = Store(settings, self.timeline, context.changed, self.dispatcher.slots, self.dispatcher)
        self.store.set_inherited(Inherited.of(os.environ, home()))
        self.recorder = Recorder(self.dispatcher, self.timeline, context.paths.recordings, context.system.micros)
        self.history = HistoryRecorder(
            context.paths.history,
            lambda: self.store.settings.history,
            lambda problems: self.store.set_problems("history", problems),
        )
        self.children = orphans.ChildRegistry(context.paths.children)
        self.catalog = Catalog(context.client, self._sources, self._catalog_read, lambda: self.stores.look_soon())
        self.loads = LoadMeter(
            context.paths.loads,
            self.catalog.facts,
            on_learned=lambda: self._models_known(),
            report=lambda problems: self.store.set_problems("loads", problems),
        )
        self.fleet = Fleet(
            group,
            lambda target, report: self.supervising.supervisor(target, report),
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
            elsewhere=context.system.places(os.environ),
            own_ports=self.own_ports,
            on_shared=lambda: self.rollout.begin(),
        )
        self.traffic = Traffic(context.system.seconds)
        self.unloader = ModelUnloader(group, context.client, self.store, self._unloaded)
        self.model_loads = ModelLoads(
            group, context.client, self.catalog.facts, self.store, self._post, self.fleet.check_soon
        )
        self.admission = Admission(
            self.recorder,
            self.timeline,
            unload=self._unload,
            loads=self.model_loads,
            micros=context.system.micros,
            on_crash=context.on_crash,
            on_missing=self._missing,
            watcher=self.traffic,
        )
        plan = InstancePlan(context, self.store, self.fleet, self.stores)
        self.succession = Succession(
            *(context, self.store, self.fleet, self.admission, self.dispatcher, self.timeline.counts, plan),
            measured=lambda: self.sampler.measured(),
            models=lambda: self.loads.applied(self.catalog.models()),
        )
        self.rollout = self.succession.rollout
        self.adoption = Adoption(
            self.fleet,
            context.client,
            context.system.places(os.environ),
            enabled=self._adoption_enabled,
            own_ports=self.own_ports,
            workers=exported_workers,
            more=lambda: self.replacing.used() | self.taking_over.used(),
            left=lambda: self.replacing.left() | self.taking_over.left(),
            on_removed=self._look_again,
        )
        self.memory = MemoryReading(context, self.store, self.fleet, self.loads, self._gpu_changed)
        self.sampler = Sampler(
            self.store,
            self.timeline.counts,
            self.memory.read,
            self._post,
            context.system.seconds,
            self.pace,
            others=self.dispatcher.others,
            loaded=lambda: self.fleet.model_bytes() > 0,
        )
        sensors, log, now = context.cards.sensors, context.device_log, context.system.seconds
        demo_gpu = partial(context.demo_gpu, self.fleet.model_bytes)
        power = context.system.power()
        self.telemetry = TelemetryReader(self.store, sensors, log, now, self.pace, demo_gpu, power=power)
        self.machine_watch = MachineWatch(
            self.store,
            self.timeline,
            context.paths,
            gpu=lambda: self._context.gpu,
            now=context.system.seconds,
            changed=context.changed,
        )
        self.instance_logs = InstanceLogs(context.paths.logs, partial(self.store.set_problems, "instance_logs"))
        heard = (self.loads, self.machine_watch, self.memory, self.fleet, self.instance_logs)
        self.supervising = Supervising(context, self.children, self.pace.interval, self._post, *heard)
        self.adopted_logs = AdoptedLogs(
            *(self.store, self.fleet), on_read=self.supervising.adopted_log_read, on_added=self.machine_watch.heard
        )
        gate = Gate(
            admit=self._admit,
            places=self.dispatcher.places,
            whole=self.admission.whole,
            identified=self.admission.identified,
            seen=lambda client, sighting: self.timeline.clients.seen(client, sighting, context.system.seconds()),
            upstreams=self.rollout.upstreams,
            stop=self._stop,
            store_changed=self._store_changed,
            roles=self.catalog.roles,
            remote_models=self.catalog.remote_models,
        )
        self.local_connections = LocalConnections()
        self.servers = ServersWatch(
            self.store,
            context.client,
            self.local_connections.ask,
            context.system.seconds,
            run_id=self.children.mark,
            children=lambda: self.children.pids,
            on_app=lambda: self.checks.desktop_app(),
            is_left=lambda address: self.replacing.is_left(address),
            table=ProcessTable(context.system.processes),
        )
        self.bypass_watch = BypassWatch(
            self.store, self.local_connections.clients_of, context.system.seconds, lambda: self.pace.watched
        )
        self.replacing = Replacing(
            context.paths.servers,
            context.paths.log.parent,
            self.store,
            change=lambda edit: context.panel.change(edit, wait=True, dry_run=False),
            refresh=self.servers.look_anew,
            adopt=self.adoption.scan,
            now=clock.wall,
            fixed_address=context.overrides.has_address,
        )
        self.profiles = Profiles(context.paths.profiles, self.store)
        self.trials = Trials(context, self.store, self.timeline.record)
        workers = TrialWorkers(plan, self.rollout, self.fleet, self.store, self.unloader.unload_and_wait)
        parts = (workers, self.traffic, self.catalog, self.history, self.telemetry)
        self.tuning = new_tuning(context, self.store, *parts, self.snapshot)
        self.limits = LimitWatch(self.store, self.dispatcher, self._post, self.snapshot, context.panel)
        self.taking_over = taking_over(
            context, self.store, self.servers, self.adoption, self.replacing, own_ports=self.own_ports
        )
        pins, updates = self._new_preloader(), self._new_updates()
        self.operations = Operations(context, self.store, busy=self._busy, preloader=pins, updates=updates)
        self.doctor = DoctorWatch(
            context.panel.doctor, self.store.is_started, self.timeline.counts.open, context.system
        )
        self.checks = Checks(self.store, lambda: self._context.gpu, lambda: self.servers.app_runs)
        self.listener = listeners(
            context,
            self.store,
            gate,
            look_up=self.local_connections.ask,
            errors=self.history.statistics.errors,
            own_key=self.trials.key_entry,
        )

    def running(self) -> tuple[Coroutine[None, None, None], ...]:
        """Return what the parts do until they are cancelled."""
        rollouts = (self.rollout, self.catalog, self.stores, self.adoption, self.adopted_logs, self.listener)
        others = (
            self.local_connections,
            self.replacing,
            self.taking_over,
            self.memory_release,
            self.tuning,
            self.doctor,
        )
        watches = (self.sampler, self.telemetry, self.servers, self.machine_watch, self.bypass_watch, self.limits)
        logs = self.instance_logs.run(lambda: [one.id for one in self.store.instances()])
        return (*(part.run() for part in (*rollouts, *watches, *others)), logs, *self.operations.running())

    async def close(self) -> None:
        """Close what is open, once nothing runs any more."""
        await self.listener.abort()
        self.admission.close()
        self.memory.close()
        self.recorder.close()
        await self.history.close()
        await asyncio.to_thread(self.instance_logs.close)

    def _new_preloader(self) -> Preloader:
        holds, now = self.dispatcher.holds_at, self._context.system.seconds
        return Preloader(self.store, self.catalog, self.model_loads, holds, self._is_tuning, now)

    def _new_updates(self) -> Updates:
        counts, now = self.timeline.counts, self._context.system.seconds
        return Updates(self.store, counts, self.dispatcher.queued, self.fleet.replace, self._is_tuning, now)

    def _is_tuning(self) -> bool:
        return self.tuning.record is not None and self.tuning.record.under_way

    def _post(self, event: m.Event) -> None:
        self.admission.post(event)

    def settings_changed(self, settings: Settings) -> None:
        """Tell the parts that must know at once what the settings are now."""
        self.tuning.settings_changed(settings)
        self.recorder.wish(on=settings.scheduling.record_events, most_mib=settings.scheduling.record_mib)
        self.operations.settings_changed()

    def _busy(self) -> bool:
        return bool(self.timeline.counts.open()) or self._is_tuning()

    def _request_ended(self, entry: Entry) -> None:
        self.operations.keep_awake.ended()
        record = self.store.instance(entry.instance) if entry.instance else None
        self.history.ended(entry, record.pool if record is not None else self.store.pool_for(entry.job.role))

    def _unload(self, action: m.Unload) -> None:
        self.machine_watch.unloaded(action.instance, action.model, for_another=action.for_another)
        self.unloader.unload(action.instance, action.model)

    def _unloaded(self, event: m.Event) -> None:
        self._post(event)
        self.pace.request()

    def _wake(self) -> None:
        self.sampler.wake()
        self.telemetry.wake()
        self.fleet.check_soon()

    def _admit(self, job: Job) -> AbstractAsyncContextManager[Lease]:
        """Queue a request; see `proxy.gate`."""
        self.pace.request()
        self.operations.keep_awake.request()
        return self.admission.admit(job) if self.sampler.is_fresh() else self._admit_measured(job)

    @asynccontextmanager
    async def _admit_measured(self, job: Job) -> AsyncIterator[Lease]:
        """Queue a request that ends a rest once the memory is measured: it may load a model."""
        self.traffic.announced(job)
        await self.sampler.measured()
        async with self.admission.admit(job) as lease:
            yield lease

    def snapshot(self) -> Snapshot:
        """Return the state as it is known now."""
        limit, dispatcher = self._context.connections, self.dispatcher
        snapshot = self.store.snapshot(
            self._context.system.seconds(),
            dispatcher.waiting(MAX_OPEN),
            dispatcher.offenders(),
            dispatcher.notices(),
            Connections(limit.open, limit.most, limit.pauses),
        )
        panel, alerts = self._context.panel, self.machine_watch.alerts(snapshot)
        others = {"tuning": self.tuning.record, "applying": panel.exports.applying, "doctor": panel.doctor.record}
        operations = {"recording": self.recorder.record(), **self.operations.records()}
        return msgspec.structs.replace(snapshot, machine_alerts=alerts, **others, **operations)

    async def look(self) -> None:
        """Return when memory, instances and sensors are known as now, or could not be looked at in a fifth of a second.

        While somebody wants to know, what is known is new enough.
        """
        self.pace.reader()
        if not self.sampler.is_fresh():
            await gather([self.sampler.measured(), self.fleet.checked()])
        await self.telemetry.read()

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
        self._look_again()
        self.rollout.instance_ready()
        self.checks.core_contention()
        self.checks.environment()

    def _sources(self) -> dict[InstanceId, str]:
        """Return the URL to read each model store from: that of the first instance that uses it and is up."""
        ready = [one for one in self.store.instances() if one.phase is Phase.READY]
        return {self.catalog.store_id(one.id, managed=one.managed): one.url for one in reversed(ready)}

    def _models_known(self) -> None:
        """Tell everybody the models, with what their loads have taken."""
        models = self.loads.applied(self.catalog.models())
        self.store.set_models(models)
        self._post(m.CatalogRead(models))

    def _catalog_read(self, _models: tuple[ModelFacts, ...]) -> None:
        self._models_known()
        self.fleet.refresh()
        self.stores.look_soon()

    def _gpu_changed(self) -> None:
        self.store.set_machine(self._context.cores, gpu=self._context.gpu)
        self.checks.core_contention()
        self.rollout.begin()

    def _adoption_enabled(self) -> bool:
        return self.store.settings.ollama.adopt and not self._context.installation.demo

    def own_ports(self) -> set[int]:
        """Return the ports of the managed instances and of the proxy."""
        return self.fleet.ports() | {self.store.proxy.port, self.store.second_proxy.port}
