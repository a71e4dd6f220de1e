"""The state that front ends see. Records that did not change stay the identical objects."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TypeVar

import msgspec

from ollama_panel.core.bypass import BypassRecord
from ollama_panel.core.context_notices import CUTS_SHOWN_S, of_cut
from ollama_panel.core.figures import ClassFigures
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.launch import Inherited
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.limits import Limits
from ollama_panel.core.notices import Notice
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.programs import Program
from ollama_panel.core.records import Offender, Role
from ollama_panel.core.replacements import Replacement
from ollama_panel.core.roles import PoolPlan, pool_of
from ollama_panel.core.scheduling.waiting import Waiting
from ollama_panel.core.servers import FoundServer
from ollama_panel.core.settings.tree import PoolSettings, Problem, Settings
from ollama_panel.core.snapshot import (
    Connections,
    InstanceRecord,
    PoolRecord,
    ProxyRecord,
    RequestState,
    Sample,
    Snapshot,
)
from ollama_panel.core.stores import StoreRecord
from ollama_panel.core.takeover import Takeover
from ollama_panel.core.telemetry import Telemetry
from ollama_panel.core.text import valid_text
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.core.tuning.profile import ProfileRecord
from ollama_panel.core.tuning.whatif import PoolCurve
from ollama_panel.core.watchdog_record import WatchdogRecord

FIGURES_EVERY_S = 1.0
"""How often the figures by class are reckoned at most."""
R = TypeVar("R", bound=msgspec.Struct)


class Store:
    """The state behind the snapshots. `on_change` is called at every change; set a field through its method only.

    `slots` returns how many requests the scheduler sends to an instance at once, `limits` tells why it is not more.
    """

    def __init__(
        self,
        settings: Settings,
        timeline: Timeline,
        on_change: Callable[[], None],
        slots: Callable[[InstanceId], int],
        limits: Limits | None = None,
    ) -> None:
        self._slots = slots
        self._limits = limits
        self._snapshot = Snapshot(at=0.0, settings=settings, starting=True)
        self._timeline = timeline
        self._on_change = on_change
        self._instances: dict[InstanceId, InstanceRecord] = {}
        self._pools: dict[PoolName, PoolRecord] = {}
        self._progress: dict[PoolName, Notice | None] = {}
        self._watchdogs: dict[InstanceId, WatchdogRecord] = {}
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._stores_told: tuple[Notice, ...] = ()
        self._notices: dict[str, tuple[Notice, ...]] = {}
        self._class_figures: tuple[ClassFigures, ...] = ()
        self._figured = 0.0

    @property
    def settings(self) -> Settings:
        """The settings, as in the file."""
        return self._snapshot.settings

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of all parts of the engine."""
        return self._snapshot.problems

    @property
    def proxy(self) -> ProxyRecord:
        """The record of the proxy."""
        return self._snapshot.proxy

    @property
    def sample(self) -> Sample | None:
        """The newest sample."""
        return self._snapshot.sample

    @property
    def demo(self) -> bool:
        """Whether the managed instances are simulated."""
        return self._snapshot.demo

    @property
    def ollama_binary(self) -> str | None:
        """The program that the managed instances run, None = they are simulated."""
        return self._snapshot.ollama_binary

    @property
    def inherited(self) -> Inherited:
        """What the workers have of the panel's own surroundings."""
        return self._snapshot.inherited

    def instances(self) -> tuple[InstanceRecord, ...]:
        """Return all instances, in the order of the pools, adopted ones last."""
        order = {pool.name: place for place, pool in enumerate(self.settings.pools)}
        return tuple(
            sorted(
                self._instances.values(),
                key=lambda one: (not one.managed, order.get(one.pool, len(order)), one.number),
            )
        )

    def slots(self) -> int:
        """Return how many requests may run at once."""
        return sum(map(self._slots, self._instances))

    def set_settings(self, settings: Settings) -> None:
        """Set the settings."""
        self._set(settings=settings)

    def set_started(self) -> None:
        """Set that the engine has tried to open the proxy, and starts the instances."""
        self._set(starting=False)

    def is_started(self) -> bool:
        """Return whether it has."""
        return not self._snapshot.starting

    def set_ollama(self, binary: str | None, *, demo: bool, demo_asked: bool = False) -> None:
        """Set the program that the managed instances run; its version is read from them."""
        self._set(ollama_binary=None if binary is None else valid_text(binary), demo=demo, demo_asked=demo_asked)

    def set_machine(self, cores: int, *, gpu: bool) -> None:
        """Set the number of cores, and whether there is a GPU."""
        self._set(cores=cores, gpu=gpu)

    def set_inherited(self, inherited: Inherited) -> None:
        """Set what the workers have of the panel's own surroundings."""
        self._set(inherited=inherited)

    def set_proxy(self, record: ProxyRecord) -> None:
        """Set the record of the proxy."""
        self._set(proxy=record)

    @property
    def second_proxy(self) -> ProxyRecord:
        """The record of the proxy at its second address."""
        return self._snapshot.second_proxy

    def set_second_proxy(self, record: ProxyRecord) -> None:
        """Set the record of the proxy at its second address."""
        self._set(second_proxy=record)

    def set_paused(self, on: bool) -> None:
        """Set whether the user has paused the dispatch of requests."""
        self._set(paused=on)

    @property
    def models(self) -> tuple[ModelFacts, ...]:
        """The models of all stores."""
        return self._snapshot.models

    def set_models(self, models: tuple[ModelFacts, ...]) -> None:
        """Set the models of all stores."""
        self._set(models=models)

    def set_stores(self, stores: tuple[StoreRecord, ...], told: tuple[Notice, ...]) -> None:
        """Set the model stores, and what is told about them."""
        if told != self._stores_told:
            self._stores_told = told
            self._on_change()
        self._set(stores=stores)

    def set_found_servers(self, found: tuple[FoundServer, ...]) -> None:
        """Set the Ollama servers of this machine."""
        before = {one.id: one for one in self.found_servers}
        self._set(found_servers=tuple(_unchanged_or_new(before.get(one.id, one), one) for one in found))

    @property
    def found_servers(self) -> tuple[FoundServer, ...]:
        """All Ollama servers of this machine, as far as they were found."""
        return self._snapshot.found_servers or ()

    @property
    def servers_known(self) -> bool:
        """Whether this machine has been searched for servers."""
        return self._snapshot.found_servers is not None

    def set_replacements(self, replacements: tuple[Replacement, ...]) -> None:
        """Set the servers that are replaced."""
        self._set(replacements=replacements)

    def set_bypassing(self, found: tuple[BypassRecord, ...] | None, unknown: Notice | None) -> None:
        """Set the programs that go past the panel, or None and why they are unknown."""
        before = self._snapshot.bypassing or ()
        kept = None if found is None else tuple(next((old for old in before if old == one), one) for one in found)
        self._set(bypassing=kept, bypassing_unknown=unknown)

    def set_takeover(self, takeover: Takeover | None) -> None:
        """Set the take-over of Ollama's address."""
        self._set(takeover=takeover)

    def set_profiles(self, profiles: tuple[ProfileRecord, ...]) -> None:
        """Set the profiles that are kept."""
        self._set(profiles=profiles)

    def set_curves(self, curves: tuple[PoolCurve, ...]) -> None:
        """Set what the newest tunings have measured."""
        self._set(curves=curves)

    def set_programs(self, found: tuple[Program, ...]) -> None:
        """Set the programs `ollama` of this machine."""
        self._set(programs=found)

    @property
    def stores(self) -> tuple[StoreRecord, ...]:
        """The model stores of all instances."""
        return self._snapshot.stores

    @property
    def has_stores_told(self) -> bool:
        """Whether something about the stores is to be mended."""
        return bool(self._stores_told)

    def set_sample(self, sample: Sample) -> None:
        """Set the newest sample."""
        self._set(sample=sample)

    @property
    def telemetry(self) -> Telemetry | None:
        """The newest readings of the sensors."""
        return self._snapshot.telemetry

    def set_telemetry(self, telemetry: Telemetry) -> None:
        """Set the newest readings of the sensors."""
        self._set(telemetry=telemetry)

    def set_fatal(self, why: Notice) -> None:
        """Set the notice that the engine has crashed."""
        self._set(fatal=why)

    def set_problems(self, source: str, problems: Iterable[Problem]) -> None:
        """Replace the problems of one part of the engine; those of the others stay."""
        self._problems[source] = tuple(problems)
        self._set(problems=tuple(problem for part in self._problems.values() for problem in part))

    def set_notices(self, source: str, told: tuple[Notice, ...]) -> None:
        """Replace the notices of one part of the engine; those of the others stay."""
        if self._notices.get(source, ()) != told:
            self._notices[source] = told
            self._on_change()

    def set_progress(self, pool: PoolName, told: Notice | None) -> None:
        """Set what is being done to a pool, None = nothing."""
        if self._progress.get(pool) != told:
            self._progress[pool] = told
            self._on_change()

    def put_instance(self, record: InstanceRecord) -> None:
        """Add or replace an instance's record; `snapshot` fills in the counts of the timeline."""
        if self._instances.get(record.id) != record:
            self._instances[record.id] = record
            self._on_change()

    def set_watchdog(self, instance: InstanceId, record: WatchdogRecord) -> None:
        """Set what the watchdog does about an instance, unless that is gone."""
        if instance in self._instances and self.watchdog(instance) != record:
            self._watchdogs[instance] = record
            self._on_change()

    def watchdog(self, instance: InstanceId) -> WatchdogRecord:
        """Return what the watchdog does about an instance, which its record has in snapshots only."""
        return self._watchdogs.get(instance, WatchdogRecord())

    def drop_instance(self, instance: InstanceId) -> None:
        """Remove an instance."""
        self._watchdogs.pop(instance, None)
        if self._instances.pop(instance, None) is not None:
            self._on_change()

    def instance(self, instance: InstanceId) -> InstanceRecord | None:
        """Return an instance's record, or None if there is no such instance."""
        return self._instances.get(instance)

    def pool_for(self, role: Role) -> PoolName | None:
        """Return the pool whose workers requests of a role wait for, None if there is no pool."""
        plans, on_embedding = PoolPlan.of(self.settings.pools), self.settings.scheduling.chats_on_embedding
        return pool_of(role, plans, on_embedding=on_embedding)

    def snapshot(
        self,
        now: float,
        waiting: Iterable[Waiting],
        offenders: tuple[Offender, ...] = (),
        told: Iterable[Notice] = (),
        connections: Connections = Connections(),  # noqa: B008 - immutable
    ) -> Snapshot:
        """Return the current state, with the scheduler's `waiting` requests and `offenders`, and what it has `told`."""
        for record in tuple(self._instances.values()):
            self._instances[record.id] = _unchanged_or_new(record, self._with_counts(record, now))
        queued = self.queued()
        pools = tuple(self._pool(pool, queued[pool.name]) for pool in self.settings.pools)
        self._pools = {pool.name: pool for pool in pools}
        timeline, ended = self._timeline, self._timeline.counts.ended
        return msgspec.structs.replace(
            self._snapshot,
            at=now,
            ollama_version=next((one.version for one in self._instances.values() if one.managed and one.version), None),
            instances=self.instances(),
            pools=pools,
            requests=timeline.open_records(waiting),
            classes=self._classes(now),
            last_change=timeline.last_changes.record(now),
            finished=timeline.finished_records(),
            served=ended[RequestState.DONE],
            failed=ended[RequestState.FAILED],
            refused=ended[RequestState.REFUSED],
            offenders=offenders,
            notices=(
                *chain.from_iterable(self._notices.values()),
                *self._stores_told,
                *self._cuts(now),
                *told,
            ),
            connections=connections,
            cut={one.model: one.times for one in timeline.cuts.by_model.values()},
            clients=timeline.clients.records(now, self.settings),
        )

    def _classes(self, now: float) -> tuple[ClassFigures, ...]:
        """Return the figures by class, reckoned at most once a second."""
        if not self._class_figures or not self._figured <= now < self._figured + FIGURES_EVERY_S:
            self._class_figures, self._figured = self._timeline.classes.figures(now), now
        return self._class_figures

    def _cuts(self, now: float) -> Iterator[Notice]:
        for cuts in self._timeline.cuts.by_model.values():
            if now - cuts.at < CUTS_SHOWN_S:
                instance = self._instances.get(cuts.instance) if cuts.instance else None
                name = instance.pool if instance is not None and instance.managed else None
                pool = next((one for one in self.settings.pools if one.name == name), None)
                facts = next((one for one in self._snapshot.models if one.name == cuts.model), None)
                yield of_cut(cuts, pool, facts)

    def _set(self, **changes: object) -> None:
        if any(getattr(self._snapshot, name) != value for name, value in changes.items()):
            self._snapshot = msgspec.structs.replace(self._snapshot, **changes)
            self._on_change()

    def _with_counts(self, record: InstanceRecord, now: float) -> InstanceRecord:
        counts = self._timeline.counts
        return msgspec.structs.replace(
            record,
            slots=self._slots(record.id),
            limits=self._limits.limits(record.id) if self._limits is not None else (),
            loading=self._limits.loading(record.id) if self._limits is not None else (),
            in_flight=counts.in_flight(record.id),
            served=counts.served_by[record.id],
            failed=counts.failed_by[record.id],
            watchdog=self.watchdog(record.id),
            tokens_per_s=round(counts.tokens_per_s(now, record.id), 1) if record.phase is Phase.READY else None,
        )

    def queued(self) -> Counter[PoolName]:
        """Return how many requests wait for each pool: also those of roles that another pool serves."""
        queued = Counter[PoolName]()
        for role in Role:
            name = self.pool_for(role)
            if name is not None:
                queued[name] += self._timeline.counts.queued(role)
        return queued

    def _pool(self, pool: PoolSettings, queued: int) -> PoolRecord:
        members = [record for record in self._instances.values() if record.pool == pool.name]
        record = PoolRecord(
            name=pool.name,
            role=pool.role,
            queued=queued,
            in_flight=sum(member.in_flight for member in members),
            slots=sum(member.slots for member in members),
            progress=self._progress.get(pool.name),
            slo=self._limits.slo(pool.name) if self._limits is not None else None,
        )
        return _unchanged_or_new(self._pools.get(pool.name, record), record)


def _unchanged_or_new(old: R, new: R) -> R:
    return old if old == new else new
