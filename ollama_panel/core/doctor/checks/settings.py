"""What was set against what servers run with: why a value is not in force, and which of several places wins."""

import shlex
from collections.abc import Iterable, Iterator

import msgspec

from ollama_panel.core.doctor import subjects
from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.differences import SLACK_S, Cause, Difference, differences, modified_at
from ollama_panel.core.doctor.facts import Facts, UnitFacts
from ollama_panel.core.doctor.fixes import restart
from ollama_panel.core.doctor.in_force import (
    in_force,
    is_of_server,
    is_set_but,
    of_runners,
    process_place,
    tells,
    version_of,
)
from ollama_panel.core.doctor.server_sources import server_of_unit, sources_of, unit_of, wanted_of
from ollama_panel.core.doctor.unwatched import of_servers
from ollama_panel.core.findings import Area, Evidence, Finding, Fix, RunCommands
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.ollama.environment import check, check_pool
from ollama_panel.core.ollama.environment_kinds import OF_PANEL
from ollama_panel.core.ollama.environment_table import OF_OTHER_PROGRAMS
from ollama_panel.core.ollama.incident import Kind
from ollama_panel.core.server_notices import of_owner
from ollama_panel.core.servers import FoundServer, OwnerKind
from ollama_panel.core.sources.record import Assignment, Fate, Place, SourceKind

_STALE, _RESTART, _IN_FORCE = "settings.stale-unit", "settings.restart", "settings.in-force"
_ORDER, _VALUES = "settings.order", "settings.values"

_CACHE_TYPE, _FLASH = "OLLAMA_KV_CACHE_TYPE", "OLLAMA_FLASH_ATTENTION"
_OF_WORKERS = {"environment.not_expanded": "doctor.not_expanded", "environment.relative": "doctor.relative"}
"""What is said otherwise of a server that is not the panel's."""

_KNOWN_CAUSES = (Cause.CHANGED, Cause.STARTED_BEFORE, Cause.CREATED_BEFORE)


def _line(place: Place) -> Evidence:
    return Evidence(place.text.strip() or place.path, place.path, place.line)


def _shown(facts: Facts, server: FoundServer, found: Iterable[Difference]) -> tuple[Evidence, ...]:
    """Return the lines that show differences: where each is set, and what the server runs with."""
    lines = list[Evidence]()
    for one in found:
        lines += [_line(one.wanted.assignment.place), one.found.evidence, *of_runners(facts, server, one.name)]
    return tuple(dict.fromkeys(lines))


def _told(found: list[Difference]) -> Notice:
    """Return what is not in force: with its value if it is one, else all by name."""
    if len(found) == 1:
        one = found[0]
        return is_set_but(one.name, one.wanted.assignment.value, one.found)
    return notice("doctor.set_but_several", names=tuple(one.name for one in found))


def _unknown(facts: Facts) -> Notice | None:
    """Return why nothing can be compared: no server tells with which variables it runs."""
    return None if any(tells(facts, one) for one in facts.servers) else notice("doctor.no_variables")


def _stale(facts: Facts) -> Iterator[Finding]:
    """Yield units whose files have changed since systemd has read them, unless that changes no variable."""
    for unit in facts.units:
        if not unit.stale:
            continue
        server = server_of_unit(facts, unit)
        found = list(differences(facts, server)) if server is not None else []
        if server is not None and not found and tells(facts, server):
            continue
        shown = _shown(facts, server, found) if server is not None else ()
        told = notice("doctor.stale_unit", unit=unit.name)
        fix, label = _reread(unit), notice("doctor.reread_unit", unit=unit.name)
        evidence = (Evidence("NeedDaemonReload=yes", unit.name), *shown)
        why = notice("doctor.stale_unit_why")
        yield Finding(f"{_STALE}:{unit.name}", _STALE, Area.SETTINGS, told, why, evidence, fix, label)


def _reread(unit: UnitFacts) -> RunCommands:
    manager = "systemctl --user" if unit.user_unit else "sudo systemctl"
    return RunCommands((f"{manager} daemon-reload", f"{manager} restart {unit.name}"))


def _restart(facts: Facts) -> Iterator[Finding]:
    """Yield servers that were started before what they are to have was set."""
    for server in facts.servers:
        if not tells(facts, server):
            yield from _older_than_files(facts, server)
        found = [one for one in differences(facts, server) if one.cause in _KNOWN_CAUSES]
        for cause in dict.fromkeys(one.cause for one in found):
            some = [one for one in found if one.cause is cause]
            why = _why(cause, some[0].wanted.assignment.place.path)
            subject = server.id if cause is not Cause.CREATED_BEFORE else f"{server.id}:container"
            fix = _again(facts, server, some[0])
            told = msgspec.structs.replace(_told(some), level=Level.WARNING)
            label = notice("doctor.restart_server", server=server.id) if fix is not None else None
            evidence = _shown(facts, server, some)
            yield Finding(f"{_RESTART}:{subject}", _RESTART, Area.SETTINGS, told, why, evidence, fix, label)


def _older_than_files(facts: Facts, server: FoundServer) -> Iterator[Finding]:
    """Yield that a server of which nobody tells the variables was started before a file of its own was changed."""
    wanted = [one.assignment for one in wanted_of(facts, server).values() if is_of_server(one.assignment.name)]
    times = {path: modified_at(facts, path) for path in dict.fromkeys(one.place.path for one in wanted)}
    newer = [path for path, at in times.items() if at is not None and at > server.since + SLACK_S]
    unit = unit_of(facts, server)
    if not newer or (unit is not None and unit.stale):
        return
    told, why = notice("doctor.older_than_file", path=newer[0]), notice("doctor.older_than_file_why")
    evidence = tuple(_line(one.place) for one in wanted if one.place.path in newer)
    fix = restart(facts, server, reread=server.owner.kind in (OwnerKind.SYSTEM_UNIT, OwnerKind.USER_UNIT))
    label = notice("doctor.restart_server", server=server.id) if fix is not None else None
    yield Finding(f"{_RESTART}:{server.id}", _RESTART, Area.SETTINGS, told, why, evidence, fix, label)


def _why(cause: Cause, path: str) -> Notice:
    if cause is Cause.STARTED_BEFORE:
        return notice("doctor.why_started_before")
    return notice("doctor.why_changed" if cause is Cause.CHANGED else "doctor.why_created_before", path=path)


def _again(facts: Facts, server: FoundServer, one: Difference) -> Fix | None:
    """Return what starts a server with what is set now; a container is made anew for that."""
    reading = one.wanted.reading
    if one.cause is not Cause.CREATED_BEFORE:
        return restart(facts, server, reread=reading.kind is SourceKind.SYSTEMD)
    if reading.kind is not SourceKind.COMPOSE:
        return None
    return RunCommands((f"docker compose -f {shlex.quote(reading.path)} up -d",))


def _in_force(facts: Facts) -> Iterator[Finding]:
    """Yield what is set for a server that runs without it, for a reason that nobody sees."""
    for server in facts.servers:
        for one in differences(facts, server):
            if one.cause is Cause.UNKNOWN:
                told = is_set_but(one.name, one.wanted.assignment.value, one.found)
                why = notice("doctor.why_unknown", owner=of_owner(server.owner))
                fix = restart(facts, server)
                label = notice("doctor.restart_server", server=server.id) if fix is not None else None
                subject = f"{_IN_FORCE}:{server.id}:{one.name}"
                evidence = _shown(facts, server, [one])
                yield Finding(subject, _IN_FORCE, Area.SETTINGS, told, why, evidence, fix, label)


def _order(facts: Facts) -> Iterator[Finding]:
    """Yield variables that several files set to other values, of which people may not know which one counts."""
    for server in facts.servers:
        by_name = dict[str, list[Assignment]]()
        for _, config in sources_of(facts, server):
            for one in config.assignments:
                if one.fate in (Fate.TAKEN, Fate.OVERRULED) and not _is_base(facts, server, one.place.path):
                    by_name.setdefault(one.name, []).append(one)
        for name, places in by_name.items():
            yield from _contradiction(server, name, places)


def _is_base(facts: Facts, server: FoundServer, path: str) -> bool:
    """Return whether a file is the unit itself, which drop-ins are there to overrule."""
    unit = unit_of(facts, server)
    return path.endswith(".service") and (unit is None or path in unit.files[:1] or not unit.files)


def _contradiction(server: FoundServer, name: str, places: list[Assignment]) -> Iterator[Finding]:
    winner = next((one for one in reversed(places) if one.fate is Fate.TAKEN), None)
    if winner is None:
        return
    losers = [one for one in places if one.place.path != winner.place.path and one.value != winner.value]
    if not losers:
        return
    last = losers[-1]
    told = notice(
        "doctor.two_places",
        name=name,
        path=winner.place.path,
        value=winner.value,
        other=last.place.path,
        lost=last.value,
    )
    evidence = tuple(_line(one.place) for one in (winner, *losers))
    why = notice("doctor.two_places_why")
    yield Finding(f"{_ORDER}:{server.id}:{name}", _ORDER, Area.SETTINGS, told, why, evidence)


def _values(facts: Facts) -> Iterator[Finding]:
    """Yield variables of running servers that no known source has set, and that do not do what is meant."""
    told = {one.name for reading in facts.sources for one in reading.mistakes}
    for server in facts.servers:
        if server.owner.kind is OwnerKind.PANEL:
            continue  # the panel checks what it gives its workers
        variables = server.variables or {}
        for name, value in variables.items():
            if name in told or not name.startswith("OLLAMA_") or name.startswith(OF_PANEL) or name in OF_OTHER_PROGRAMS:
                continue
            wrong = check(name, value, version_of(server))
            if wrong is not None:
                code = _OF_WORKERS.get(wrong.notice.code)
                said = wrong.notice if code is None else notice(code, name=name, given=value)
                yield _wrong(facts, server, name, said)
        yield from _without_flash_attention(facts, server, told)


def _without_flash_attention(facts: Facts, server: FoundServer, told: set[str]) -> Iterator[Finding]:
    """Yield a quantised context cache without flash attention, by the server's version; a log may tell of it, too."""
    if _CACHE_TYPE in told or any(one.code == Kind.FLASH_ATTENTION_OFF.value for one in of_servers(facts)):
        return
    own = {name: value for name, value in (server.variables or {}).items() if name in (_CACHE_TYPE, _FLASH)}
    for wrong in check_pool(own, version_of(server)):
        if wrong.where == _CACHE_TYPE and check(_CACHE_TYPE, own[_CACHE_TYPE], version_of(server)) is None:
            yield _wrong(facts, server, _CACHE_TYPE, wrong.notice)


def _wrong(facts: Facts, server: FoundServer, name: str, said: Notice) -> Finding:
    value = (server.variables or {})[name]
    found = in_force(facts, server, name)
    evidence = (Evidence(f"{name}={value}", process_place(server)), *((found.evidence,) if found else ()))
    subject = f"{_VALUES}:{server.id}:{name}"
    return Finding(subject, _VALUES, Area.SETTINGS, said, None, tuple(dict.fromkeys(evidence)))


CHECKS = (
    Check(_STALE, Area.SETTINGS, notice("doctor.check.stale_unit"), _stale, subjects.units),
    Check(_RESTART, Area.SETTINGS, notice("doctor.check.restart"), _restart, subjects.sources_of_servers),
    Check(_IN_FORCE, Area.SETTINGS, notice("doctor.check.in_force"), _in_force, subjects.sources_of_servers, _unknown),
    Check(_ORDER, Area.SETTINGS, notice("doctor.check.order"), _order, subjects.sources_of_servers),
    Check(_VALUES, Area.SETTINGS, notice("doctor.check.values"), _values, subjects.servers, _unknown),
)
