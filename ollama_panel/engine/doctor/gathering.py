"""Gathers the facts of a machine, which the doctor judges by: of this one, or of one that ssh reaches.

Scripts ask everything, so that both are seen alike. On this machine several run at once.
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.doctor.asking import answers, disks, logs, machine, processes, programs, units
from ollama_panel.core.doctor.asking.containers import containers_of
from ollama_panel.core.doctor.asking.graphics import GRAPHICS
from ollama_panel.core.doctor.asking.listeners import LISTENERS, listeners_of
from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.asking.processes import Details, Table
from ollama_panel.core.doctor.asking.sources import Places
from ollama_panel.core.doctor.facts import Facts, LoadedFacts, LogFacts, MachineFacts, UnitFacts
from ollama_panel.core.doctor.hiding import hidden
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.server_owners import ProcessFacts
from ollama_panel.core.servers import FoundServer, LogKind
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.sources import read
from ollama_panel.core.sources.record import Reading, Source, SourceKind
from ollama_panel.engine import clock
from ollama_panel.engine.applying.hosts import Host
from ollama_panel.engine.doctor import stores
from ollama_panel.engine.doctor.graphics import cards_of, drivers_of, problem_of
from ollama_panel.engine.doctor.looking import LIMIT_S, Looking
from ollama_panel.engine.doctor.servers import described, merged
from ollama_panel.engine.doctor.sources import ask, found_at


async def gather(host: Host, snapshot: Snapshot | None = None) -> Facts:
    """Return the facts of a machine; `snapshot` is the state of the panel that runs here, None if none does.

    What cannot be looked at is among them as `unseen`. Raises PanelError if the machine cannot be reached.
    """
    if not host.name and sys.platform == "win32":
        from ollama_panel.engine.doctor.windows import facts_of_windows

        return await asyncio.to_thread(facts_of_windows, snapshot)
    looking, at = Looking(host), clock.wall()
    told = await ask(host, machine.MACHINE, LIMIT_S)
    about, looking.rights = machine.machine_of(told), machine.rights_of(told)
    if not about.system:
        raise PanelError(notice("apply.no_answer", host=host.name or "sh", reason=notice("looking.no_shell")))
    if host.name and (shown := machine.clock_of(told)) is not None:
        about = msgspec.structs.replace(about, clock_ahead_s=shown - (at + clock.wall()) / 2)
    seen = await _seen(looking, about)
    servers, found_logs = await _servers(looking, seen, snapshot)
    async with asyncio.TaskGroup() as group:
        answering = group.create_task(_answers(looking, servers))
        storing = group.create_task(stores.stores_of(looking, servers, about, snapshot))
        timing = group.create_task(looking.ask("files", disks.times(_paths(seen, servers))))
        saying = group.create_task(looking.ask("journal", units.said(seen.units)))
    versions, loaded = answering.result()
    kept, found_disks = storing.result()
    _miss(looking, seen, servers, found_logs)
    return Facts(
        at=at,
        host=host.name,
        machine=about,
        gpus=await asyncio.to_thread(cards_of, seen.graphics, about),
        drivers=drivers_of(seen.graphics),
        servers=tuple(msgspec.structs.replace(one, version=versions.get(one.pid) or one.version) for one in servers),
        units=units.with_said(seen.units, saying.result()),
        sources=tuple(map(hidden, seen.readings)),
        times=disks.times_of(timing.result()),
        runners=tuple(one for server in servers for one in processes.runners_of(seen.table, seen.details, server.pid)),
        loaded=loaded,
        logs=found_logs,
        listeners=listeners_of(seen.listeners, {one.pid: one.name for one in seen.table.all.values()}),
        disks=found_disks,
        stores=kept,
        containers=containers_of(seen.places.inspected, seen.processes),
        environment=redact.environment(machine.session_of(told)),
        programs=programs.programs_of(seen.programs),
        unseen=tuple(looking.unseen),
        snapshot=snapshot,
    )


class _Seen(msgspec.Struct, frozen=True):
    """What the first scripts have found."""

    places: Places
    readings: tuple[Reading, ...]
    table: Table
    details: Details
    processes: tuple[ProcessFacts, ...]
    units: tuple[UnitFacts, ...]
    graphics: Sequence[Block]
    listeners: Sequence[Block]
    programs: Sequence[Block]


async def _seen(looking: Looking, about: MachineFacts) -> _Seen:
    async with asyncio.TaskGroup() as group:
        finding = group.create_task(_found(looking))
        listing = group.create_task(_listed(looking))
        graphics = group.create_task(looking.ask("graphics", GRAPHICS))
        listeners = group.create_task(looking.ask("ports", LISTENERS))
        installed = group.create_task(looking.ask("programs", programs.programs()))
    places, sources = finding.result()
    table, details, jobs = listing.result()
    main = {(unit["Id"], manager == "user"): int(unit.get("MainPID") or 0) or None for manager, unit in places.shown}
    known = processes.servers_of(table, details, about.user, lambda name, by_user: main.get((name, by_user)))
    whole = (*sources, *(source for one in known if (source := processes.source_of(one, about.system)) is not None))
    readings = await asyncio.to_thread(lambda: tuple(map(read, whole)))
    agents = {
        server.name: one.path for one in readings if one.kind is SourceKind.LAUNCH_AGENT for server in one.servers
    }
    listed = (
        units.jobs_of(jobs, agents)
        if about.system == "Darwin"
        else units.units_of(places.shown, about.booted, places.named)
    )
    return _Seen(
        places,
        readings,
        table,
        details,
        known,
        tuple(listed),
        graphics.result(),
        listeners.result(),
        installed.result(),
    )


async def _found(looking: Looking) -> tuple[Places, tuple[Source, ...]]:
    try:
        return await found_at(looking.host, looking.rights)
    except PanelError as error:
        looking.miss("sources", error.notice)
        return Places(), ()


async def _listed(looking: Looking) -> tuple[Table, Details, Sequence[Block]]:
    """Return the processes, what is known of those that matter, and the jobs of launchd."""
    told = await looking.ask("processes", processes.LIST)
    table = processes.table_of(told)
    asked = await looking.ask("processes", processes.detail(table)) if table.ours else []
    return table, processes.details_of(asked, table), told


async def _servers(
    looking: Looking, seen: _Seen, snapshot: Snapshot | None
) -> tuple[tuple[FoundServer, ...], tuple[LogFacts, ...]]:
    """Return the servers and what their logs say: the variables of other users' processes only these tell."""

    def describe(logged: Mapping[int, Mapping[str, str]]) -> tuple[FoundServer, ...]:
        return described(seen.processes, seen.places.inspected, seen.details.homes, logged, seen.readings)

    first = await asyncio.to_thread(describe, {})
    printed = await looking.ask("logs", logs.logs(first))
    secrets = {one.pid: one.environment or {} for one in seen.processes}
    found = await asyncio.to_thread(logs.logs_of, printed, secrets)
    servers = await asyncio.to_thread(describe, {one.server: one.configured for one in found if one.configured})
    if looking.host.name or snapshot is None:
        return servers, found
    return merged(servers, snapshot), found


async def _answers(looking: Looking, servers: Sequence[FoundServer]) -> tuple[dict[int, str], tuple[LoadedFacts, ...]]:
    """Return what servers answer: their versions by process, and their loaded models."""
    urls = {one.pid: one.url for one in servers if one.url}
    if not urls:
        return {}, ()
    each = [{pid: url} for pid, url in urls.items()]  # one that hangs holds up no other
    asked = [urls] if looking.host.name else each
    async with asyncio.TaskGroup() as group:
        asking = [group.create_task(looking.ask("answers", answers.asking(some))) for some in asked]
    told = [block for one in asking for block in one.result()]
    versions, loaded = answers.versions_of(told), answers.loaded_of(told)
    for pid, url in urls.items():
        if pid not in versions:
            looking.miss("answers", notice("looking.silent", url=url))
    shown = await looking.ask("models", answers.showing(loaded, urls)) if loaded else []
    return versions, answers.shown_of(loaded, shown)


def _paths(seen: _Seen, servers: Sequence[FoundServer]) -> tuple[str, ...]:
    """Return the files of which it matters when they were written: sources, and the programs that run."""
    sources = (file for one in seen.readings for file in (one.path, *_named(one)))
    return (*sources, *(path for one in seen.units for path in one.files), *(one.program for one in servers))


def _named(reading: Reading) -> tuple[str, ...]:
    """Return the files that the assignments of a reading are from."""
    return tuple(dict.fromkeys(one.place.path for one in reading.assignments))


def _miss(looking: Looking, seen: _Seen, servers: Sequence[FoundServer], found: Sequence[LogFacts]) -> None:
    """Keep what could not be seen."""
    for what, said in seen.places.unseen:
        looking.miss(what, notice("looking.said", what=what, reason=said.splitlines()[-1].rstrip(".") if said else ""))
    if said := problem_of(seen.graphics):
        looking.miss("nvidia-smi", notice("looking.said", what="nvidia-smi", reason=said.rstrip(".")))
    told = {one.server for one in found}
    for one in servers:
        if one.variables is None:
            looking.miss(f"process {one.pid}", one.unreadable or notice("servers.not_told"))
        if one.pid not in told and one.log is not None and one.log.kind in (LogKind.JOURNAL, LogKind.FILE):
            looking.miss(f"log of process {one.pid}", notice("looking.no_log", command=one.log.command or one.log.path))
