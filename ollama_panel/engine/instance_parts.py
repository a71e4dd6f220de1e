"""What serves the requests of a running engine: its scheduler, its instances with their models, memory and sensors."""

import os
from abc import ABC, abstractmethod
from functools import partial

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.launch import Inherited
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.timeline.entry import Entry
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.admission import Admission
from ollama_panel.engine.context import Context
from ollama_panel.engine.garbage_collection import MemoryRelease
from ollama_panel.engine.history.recorder import HistoryRecorder
from ollama_panel.engine.host.discovery import home
from ollama_panel.engine.instance_logs import InstanceLogs
from ollama_panel.engine.instance_plan import InstancePlan
from ollama_panel.engine.instances import orphans
from ollama_panel.engine.instances.adopted_logs import AdoptedLogs
from ollama_panel.engine.instances.catalog import Catalog
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.instances.model_loads import ModelLoads
from ollama_panel.engine.instances.model_unloader import ModelUnloader
from ollama_panel.engine.instances.stores import Stores
from ollama_panel.engine.load_meter import LoadMeter
from ollama_panel.engine.machine_watch import MachineWatch
from ollama_panel.engine.memory_reading import MemoryReading
from ollama_panel.engine.pace import Pace
from ollama_panel.engine.recorder import Recorder
from ollama_panel.engine.sampler import Sampler
from ollama_panel.engine.store import Store
from ollama_panel.engine.succession_setup import Succession
from ollama_panel.engine.supervising import Supervising
from ollama_panel.engine.telemetry import TelemetryReader
from ollama_panel.engine.tuning.traffic import Traffic


class InstanceParts(ABC):
    """These parts, connected; `composition` adds the address for clients and whatever watches and commands."""

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
            cards=lambda: self.succession.cards,
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
        self.plan = InstancePlan(context, self.store, self.fleet, self.stores)
        self.succession = Succession(
            *(context, self.store, self.fleet, self.admission, self.dispatcher, self.timeline.counts, self.plan),
            measured=lambda: self.sampler.measured(),
            models=lambda: self.loads.applied(self.catalog.models()),
        )
        self.rollout = self.succession.rollout
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

    @abstractmethod
    def _request_ended(self, entry: Entry) -> None:
        """Take that a request has ended."""

    @abstractmethod
    def _instance_ready(self) -> None:
        """Take that an instance is up."""

    @abstractmethod
    def _gpu_changed(self) -> None:
        """Take that a GPU was found or lost."""

    def _post(self, event: m.Event) -> None:
        self.admission.post(event)

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

    def _missing(self, model: ModelName) -> None:
        """Look again at what an instance has lost."""
        if self.catalog.facts(model) is not None:
            self._look_again()

    def _look_again(self) -> None:
        self.catalog.read_soon()
        self.stores.look_soon()

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

    def _adoption_enabled(self) -> bool:
        return self.store.settings.ollama.adopt and not self._context.installation.demo

    def own_ports(self) -> set[int]:
        """Return the ports of the managed instances and of the proxy."""
        return self.fleet.ports() | {self.store.proxy.port, self.store.second_proxy.port}
