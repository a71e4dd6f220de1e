"""The composition root: creates every part of a running engine and connects them."""

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import msgspec
from typing_extensions import override

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.records import Job
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Connections, Snapshot
from ollama_panel.core.timeline.entry import Entry
from ollama_panel.core.timeline.timeline import MAX_OPEN
from ollama_panel.engine import clock
from ollama_panel.engine.bypass_watch import BypassWatch
from ollama_panel.engine.checks import Checks
from ollama_panel.engine.context import Context
from ollama_panel.engine.doctor.watch import DoctorWatch
from ollama_panel.engine.drill_place import DrillWorld
from ollama_panel.engine.gather import gather
from ollama_panel.engine.gpu_yield_setup import new_gpu_yield
from ollama_panel.engine.host.connections import LocalConnections
from ollama_panel.engine.host.discovery import exported_workers
from ollama_panel.engine.host.servers_processes import ProcessTable
from ollama_panel.engine.instance_parts import InstanceParts
from ollama_panel.engine.instances.adoption import Adoption
from ollama_panel.engine.limit_watch import LimitWatch
from ollama_panel.engine.operations import Operations
from ollama_panel.engine.profiles import Profiles
from ollama_panel.engine.proxy_setup import listeners, taking_over
from ollama_panel.engine.replacing import Replacing
from ollama_panel.engine.servers_watch import ServersWatch
from ollama_panel.engine.trials import Trials
from ollama_panel.engine.tuning.workers import TrialWorkers
from ollama_panel.engine.tuning_setup import new_tuning
from ollama_panel.proxy.gate import Gate, Lease


class Composition(InstanceParts):
    """All parts of a running engine."""

    def __init__(self, context: Context, settings: Settings) -> None:
        super().__init__(context, settings)
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
        workers = TrialWorkers(self.plan, self.rollout, self.fleet, self.store, self.unloader.unload_and_wait)
        parts = (workers, self.traffic, self.catalog, self.history, self.telemetry)
        self.tuning = new_tuning(context, self.store, *parts, self.snapshot)
        self.limits = LimitWatch(self.store, self.dispatcher, self._post, self.snapshot, context.panel)
        self.taking_over = taking_over(
            context, self.store, self.servers, self.adoption, self.replacing, own_ports=self.own_ports
        )
        drill = DrillWorld(workers, self.timeline, self.dispatcher, self.trials, self.tuning, self.fleet.struck)
        given = new_gpu_yield(context, self, self.tuning, lambda: self.operations.drills.rest_for_others())
        self.operations = Operations(context, self, drill, tuning=self._is_tuning, gpu_yield=given)
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

    async def load(self) -> None:
        """Take up what earlier runs have kept, before anything runs."""
        await self.machine_watch.load()
        await self.profiles.load()
        await self.operations.gpu_yield.load()

    async def close(self) -> None:
        """Close what is open, once nothing runs any more."""
        await self.listener.abort()
        self.admission.close()
        self.memory.close()
        self.operations.close()
        self.recorder.close()
        await self.history.close()
        await asyncio.to_thread(self.instance_logs.close)

    def _is_tuning(self) -> bool:
        return self.tuning.record is not None and self.tuning.record.under_way

    def settings_changed(self, settings: Settings) -> None:
        """Tell the parts that must know at once what the settings are now."""
        self.tuning.settings_changed(settings)
        self.recorder.wish(on=settings.scheduling.record_events, most_mib=settings.scheduling.record_mib)
        self.operations.settings_changed()

    @override
    def _request_ended(self, entry: Entry) -> None:
        self.operations.ended()
        record = self.store.instance(entry.instance) if entry.instance else None
        self.history.ended(entry, record.pool if record is not None else self.store.pool_for(entry.job.role))

    def _admit(self, job: Job) -> AbstractAsyncContextManager[Lease]:
        """Queue a request; see `proxy.gate`."""
        self.pace.request()
        self.operations.arrived(job)
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
        panel = self._context.panel
        others = {"tuning": self.tuning.record, "applying": panel.exports.applying, "doctor": panel.doctor.record}
        operations = {"recording": self.recorder.record(), **self.operations.records()}
        whole = msgspec.structs.replace(snapshot, **others, **operations)
        return msgspec.structs.replace(whole, machine_alerts=self.machine_watch.alerts(whole))

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

    @override
    def _instance_ready(self) -> None:
        self._look_again()
        self.rollout.instance_ready()
        self.checks.core_contention()
        self.checks.environment()

    @override
    def _gpu_changed(self) -> None:
        self.store.set_machine(self._context.cores, gpu=self._context.gpu)
        self.checks.core_contention()
        self.rollout.begin()
