"""What goes wrong between models, Ollama and the machine: keeps the incidents of all servers, and looks at the disks.

Which card each worker has found is remembered in a file, so that one that is gone at the panel's next start is missed.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import msgspec

from ollama_panel.core.disk_space import Disk, DiskSpace
from ollama_panel.core.drill import DrillState
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.incident_groups import Happened, Machine
from ollama_panel.core.machine_alerts import lost_gpus, machine_alerts
from ollama_panel.core.notices.render import render
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.ollama.incident import Kind
from ollama_panel.core.ollama.incidents import Incidents
from ollama_panel.core.ollama.lost_cards import Cards
from ollama_panel.core.ollama.serverlog_facts import Fact
from ollama_panel.core.snapshot import InstanceRecord, MachineAlert, MemoryKind, Sample, Snapshot
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine import clock
from ollama_panel.engine.files import read_file, write_whole
from ollama_panel.engine.host import disks
from ollama_panel.engine.pace import until_next
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)

INTERVAL_S = 60.0
"""How often the disks are looked at."""

REMEMBERED_S = 7 * 24 * 3600.0
"""For how long a card is missed that no server finds any more: it was probably taken out."""

_ENDS = frozenset({Kind.CRASHED, Kind.RUNNER_CRASHED})
"""What a drill does on purpose."""


class _Seen(msgspec.Struct, frozen=True):
    """Cards, and when they were found last, in seconds since 1970."""

    cards: Cards
    at: float


class _File(msgspec.Struct, frozen=True):
    """Those of each instance."""

    cards: dict[InstanceId, _Seen] = {}


class MachineWatch:
    """The owner of the incidents. `gpu` returns whether models run on a card, `changed` is called at a change.

    `read_disks` returns the disks of the folders with models and of the state folder; it blocks.
    """

    def __init__(
        self,
        store: Store,
        timeline: Timeline,
        paths: Paths,
        *,
        gpu: Callable[[], bool],
        now: Callable[[], float],
        changed: Callable[[], None],
        read_disks: Callable[[tuple[str, ...], Path], tuple[Disk, ...]] = disks.read,
    ) -> None:
        self._store = store
        self._timeline = timeline
        self._paths = paths
        self._gpu = gpu
        self._now = now
        self._changed = changed
        self._read_disks = read_disks
        self._servers: dict[InstanceId, Incidents] = {}
        self._observed: dict[InstanceId, object] = {}
        self._cards: dict[InstanceId, _Seen] = {}
        self._cards_changed = asyncio.Event()
        self._disk_space = DiskSpace()
        self._of_disks: tuple[MachineAlert, ...] = ()
        self._of_drivers: tuple[MachineAlert, ...] = ()
        self._reckoned: tuple[tuple[Happened, ...], Machine] = (), Machine()
        self._of_servers: tuple[MachineAlert, ...] = ()
        self._struck: dict[InstanceId, tuple[float, float]] = {}
        self._logged: Collection[tuple[str, str, str]] = ()

    def heard(self, instance: InstanceId, fact: Fact) -> None:
        """Take a fact of a server's log."""
        incidents = self._incidents(instance)
        before = incidents.cards
        incidents.heard(fact, self._now())
        cards, seen = incidents.cards, self._cards.get(instance)
        if cards is not None and cards is not before and (seen is None or seen.cards != cards or _is_old(seen)):
            self._cards[instance] = _Seen(cards, clock.wall())
            self._cards_changed.set()
        self._changed()

    def unloaded(self, instance: InstanceId, model: ModelName, *, for_another: bool) -> None:
        """Take that the panel unloads a model, be it because another one needs its memory."""
        self._incidents(instance).unloaded(model, self._now(), for_another=for_another)
        self._changed()

    def read_log(self, instance: InstanceId, facts: Iterable[tuple[float | None, Fact]]) -> None:
        """Take all facts of an adopted server's log, with their times in seconds since 1970, None where unknown."""
        began = self._now() - clock.wall()
        incidents, now = Incidents(), self._now()
        for at, fact in facts:
            now = now if at is None else at + began
            incidents.heard(fact, now)
        self._servers[instance] = incidents
        self._observed.pop(instance, None)
        self._changed()

    def alerts(self, snapshot: Snapshot) -> tuple[MachineAlert, ...]:
        """Return what is wrong at the time of a snapshot; what has not changed is the identical object."""
        records = {one.id: one for one in snapshot.instances}
        for gone in self._servers.keys() - records.keys():
            del self._servers[gone]
            self._observed.pop(gone, None)
        for record in snapshot.instances:
            self._observe(record, snapshot)
        if (drill := snapshot.drill) is not None and drill.state is DrillState.RUNNING:
            self._struck[drill.instance] = drill.since, snapshot.at
        happened = tuple(
            Happened(records[name], incident, incidents.registry.runners.get((*incident.models, "")[0]))
            for name, incidents in self._servers.items()
            for incident in incidents.active(snapshot.at)
            if incident.kind is not Kind.PROMPT_CUT or not self._told_by_requests(name)
            if incident.kind not in _ENDS or not self._by_drill(name, incident.last)
        )
        if happened:
            happened = tuple(msgspec.structs.replace(one, instance=_essence(one.instance)) for one in happened)
        reckoned = happened, _machine(snapshot) if happened else Machine()
        if reckoned != self._reckoned:
            self._reckoned = reckoned
            self._of_servers = machine_alerts(*reckoned)
        lost = lost_gpus(snapshot.telemetry, happened, self._of_drivers)
        self._of_drivers = self._of_drivers if lost == self._of_drivers else lost
        found = (*self._of_servers, *self._of_drivers, *self._of_disks)
        self._log(found)
        return found

    async def load(self) -> None:
        """Read which cards the workers had; a file that is not there, or not ours, is none."""
        with contextlib.suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
            content = await asyncio.to_thread(read_file, self._paths.cards)
            known = msgspec.json.decode(content, type=_File).cards
            self._cards = {name: seen for name, seen in known.items() if clock.wall() - seen.at < REMEMBERED_S}

    async def run(self) -> None:
        """Look at the disks every minute, and write the file when a card was found."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write_forever())
            while True:
                await self.look_at_disks()
                await asyncio.sleep(until_next(INTERVAL_S))

    async def look_at_disks(self) -> None:
        """Look at the disks once."""
        folders = tuple(dict.fromkeys(one.path for one in self._store.stores if one.path))
        found = await asyncio.to_thread(self._read_disks, folders, self._paths.state_dir)
        told = self._disk_space.alerts(found, self._now())
        if told != self._of_disks:
            self._of_disks = told
            self._changed()

    async def _write_forever(self) -> None:
        while True:
            await self._cards_changed.wait()
            self._cards_changed.clear()
            content = msgspec.json.encode(_File(self._cards))
            try:
                await asyncio.to_thread(write_whole, self._paths.cards, content, durable=False)
            except PanelError as error:
                _LOG.warning("%s", render(error.notice))

    def _incidents(self, instance: InstanceId) -> Incidents:
        if instance not in self._servers:
            seen = self._cards.get(instance)
            self._servers[instance] = Incidents(seen.cards if seen is not None else None)
        return self._servers[instance]

    def _observe(self, record: InstanceRecord, snapshot: Snapshot) -> None:
        """Look at the loaded models of an instance, if they have changed."""
        seen = record.models, record.parallel, snapshot.models, self._gpu()
        if self._observed.get(record.id) == seen:
            return
        self._observed[record.id] = seen
        self._incidents(record.id).observed(
            record.models, snapshot.models, record.parallel, gpu=self._gpu(), now=snapshot.at
        )

    def _told_by_requests(self, instance: InstanceId) -> bool:
        """Return whether a request of the panel was cut at an instance, or may turn out to have been."""
        cut = any(one.instance == instance for one in self._timeline.cuts.by_model.values())
        return cut or self._timeline.counts.in_flight(instance) > 0

    def _by_drill(self, instance: InstanceId, at: float) -> bool:
        """Return whether a drill struck an instance then: who has asked for that is not to look for a cause."""
        since, until = self._struck.get(instance, (0.0, 0.0))
        return since <= at <= until

    def _log(self, told: tuple[MachineAlert, ...]) -> None:
        """Write what has begun to the log."""
        keys = {(one.code, one.where, one.model): one for one in told}
        for key, one in keys.items():
            if key not in self._logged:
                _LOG.log(logging.INFO if one.told.level is Level.INFO else logging.WARNING, "%s", render(one.told))
        self._logged = keys.keys()


def _machine(snapshot: Snapshot) -> Machine:
    sample = snapshot.sample or Sample(snapshot.at, 0, 0, 0, 0.0, None, None, None)
    budget = sample.budget
    on_gpu = sample.memory_kind is not MemoryKind.SYSTEM
    loaded = ((one, model) for one in snapshot.instances for model in one.models)
    effective = (snapshot.inherited.effective(pool) for pool in snapshot.settings.pools)
    return Machine(
        pools={pool.name: pool for pool in effective},
        models=snapshot.models,
        budget=None if budget is None else budget.total - budget.others,
        used={(one.id, model.name): model.size_vram if on_gpu else model.size for one, model in loaded},
        card=sample.memory_name,
        gpu=on_gpu,
        unified=sample.memory_kind is MemoryKind.UNIFIED,
        version=snapshot.ollama_version or "",
    )


def _essence(record: InstanceRecord) -> InstanceRecord:
    """Return a record without the counts, which change all the time."""
    return InstanceRecord(
        record.id,
        record.pool,
        record.role,
        record.managed,
        record.url,
        record.phase,
        version=record.version,
        parallel=record.parallel,
        models=record.models,
    )


def _is_old(seen: _Seen) -> bool:
    return clock.wall() - seen.at > REMEMBERED_S / 7
