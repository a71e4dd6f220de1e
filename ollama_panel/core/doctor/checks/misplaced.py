"""What is set where no server looks: in the shell of the user, or for a unit of another name."""

from collections.abc import Iterator

import msgspec

from ollama_panel.core.doctor import subjects
from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.doctor.fixes import drop_in, is_plain, restart, unit_in
from ollama_panel.core.doctor.in_force import InForce, holds, in_force, is_of_server, is_set_but, of_runners, version_of
from ollama_panel.core.doctor.server_sources import bare, outside_panels, sources_of
from ollama_panel.core.findings import Area, Evidence, Finding, Fix, RunCommands
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.server_notices import of_owner
from ollama_panel.core.servers import CONTAINERS, FoundServer, OwnerKind
from ollama_panel.core.sources import codes
from ollama_panel.core.sources.record import Assignment, Fate, Reading, SourceKind

_CLIENTS, _UNIT_NAME = "settings.client-side", "settings.unit-name"

_OF_SHELLS = frozenset({SourceKind.SHELL, SourceKind.FISH, SourceKind.POWERSHELL})
_OF_SESSIONS = ("/etc/environment", "/environment.d/")
"""Environment files of the user's session; only services of the user's own manager have what is in the second."""

_NEVER_OF_A_SHELL = frozenset(
    {
        *(OwnerKind.SYSTEM_UNIT, OwnerKind.USER_UNIT, OwnerKind.DESKTOP_APP, OwnerKind.HOMEBREW, OwnerKind.LAUNCHD),
        *(OwnerKind.SERVICE, OwnerKind.SNAP, *CONTAINERS),
    }
)
"""The owners that start a server without any shell of the user, so that it never has what a profile exports."""

_OF_CLIENTS_TOO = frozenset({"OLLAMA_HOST", "OLLAMA_DEBUG"})
"""What Ollama's own commands read as well: right in a user's shell, whatever the server has."""

_Vain = tuple[Assignment, InForce]


def _clients(facts: Facts) -> Iterator[Finding]:
    """Yield files of shells that set what only a server reads, where no shell starts the server."""
    facts = outside_panels(facts)
    if not facts.servers or any(one.owner.kind not in _NEVER_OF_A_SHELL for one in facts.servers):
        return  # one that was started by hand may have it from there
    for reading in facts.sources:
        if not _is_of_session(facts, reading) or any(one for one in reading.mistakes if one.code == codes.CLIENT_SIDE):
            continue
        if any(any(one is reading for one, _ in sources_of(facts, server)) for server in facts.servers):
            continue
        for server in facts.servers[:1]:
            found = [(one, value) for one in _asked(reading) if (value := _in_vain(facts, one)) is not None]
            if found:
                yield _of_shell(facts, server, reading, found)


def _is_of_session(facts: Facts, reading: Reading) -> bool:
    """Return whether a source sets variables for the programs of a shell or of a session."""
    if reading.kind is not SourceKind.ENVIRONMENT_FILE:
        return reading.kind in _OF_SHELLS
    file, folder = _OF_SESSIONS
    of_user = any(one.owner.kind is OwnerKind.USER_UNIT for one in facts.servers)
    return reading.path == file or (folder in reading.path and not of_user)


def _asked(reading: Reading) -> tuple[Assignment, ...]:
    """Return what a file of a shell sets for servers, each name as it is set last."""
    last = {one.name: one for one in reading.assignments if one.fate in (Fate.TAKEN, Fate.CLIENT)}
    own = (one for one in last.values() if one.name.startswith(("OLLAMA_", "LLAMA_ARG_")))
    return tuple(one for one in own if one.name not in _OF_CLIENTS_TOO and one.value)


def _in_vain(facts: Facts, one: Assignment) -> InForce | None:
    """Return what a server runs with instead, None if one has the value, or nobody can say."""
    first = None
    for server in facts.servers:
        found = in_force(facts, server, one.name)
        if found is None or holds(one.name, one.value, found, version_of(server)) is not False:
            return None
        first = first or found
    return first


def _of_shell(facts: Facts, server: FoundServer, reading: Reading, found: list[_Vain]) -> Finding:
    evidence = list[Evidence]()
    for one, value in found:
        evidence += [Evidence(one.place.text.strip(), one.place.path, one.place.line), value.evidence]
        evidence += of_runners(facts, server, one.name)
    if len(found) == 1:
        told = is_set_but(found[0][0].name, found[0][0].value, found[0][1])
    else:
        told = notice("doctor.set_but_several", names=tuple(one.name for one, _ in found))
    told = msgspec.structs.replace(told, level=Level.WARNING)  # it may be meant for a server that does not run now
    why = notice("doctor.why_client_side", path=reading.path, owner=of_owner(server.owner))
    fix = _for_service(facts, server, {one.name: one.value for one, _ in found})
    label = notice("doctor.set_for_service", owner=of_owner(server.owner)) if fix is not None else None
    subject = f"{_CLIENTS}:{reading.path}"
    return Finding(subject, _CLIENTS, Area.SETTINGS, told, why, tuple(dict.fromkeys(evidence)), fix, label)


def _for_service(facts: Facts, server: FoundServer, variables: dict[str, str]) -> Fix | None:
    """Return what sets variables where the service reads them: in a drop-in, or for the session of a Mac."""
    if len(facts.servers) > 1 or not all(map(is_plain, variables.values())):
        return None
    if server.owner.kind in (OwnerKind.SYSTEM_UNIT, OwnerKind.USER_UNIT):
        return drop_in(facts, server, variables)
    again = restart(facts, server)
    if again is None or server.owner.kind is not OwnerKind.DESKTOP_APP or facts.machine.system != "Darwin":
        return None
    undo = tuple(f"launchctl unsetenv {name}" for name in variables)
    commands = tuple(f'launchctl setenv {name} "{value}"' for name, value in variables.items())
    return RunCommands((*commands, *again.commands), (*undo, *again.commands))


def _unit_names(facts: Facts) -> Iterator[Finding]:
    """Yield drop-ins of units that do not exist, beside a service of Ollama of another name."""
    whole = {bare(one.name) for one in facts.units if any(path.endswith(".service") for path in one.files)}
    services = [one for one in facts.servers if one.owner.kind in (OwnerKind.SYSTEM_UNIT, OwnerKind.USER_UNIT)]
    if len(services) != 1:
        return
    server = services[0]
    real = bare(server.owner.unit or server.owner.name)
    for reading in facts.sources:
        unit = bare(unit_in(reading.path))
        if reading.kind is not SourceKind.SYSTEMD or not unit or unit == real or unit in whole:
            continue
        if not reading.path.endswith(".conf") or any(one.command for one in reading.servers):
            continue
        if any(one.code == codes.WRONG_UNIT for one in reading.mistakes):
            continue
        yield _of_other_unit(facts, server, reading, unit, real)


def _of_other_unit(facts: Facts, server: FoundServer, reading: Reading, unit: str, real: str) -> Finding:
    path, wrong, right = reading.path, f"{unit}.service", f"{real}.service"
    lines = [Evidence(one.place.text.strip(), one.place.path, one.place.line) for one in reading.assignments]
    for one in reading.assignments:
        found = in_force(facts, server, one.name)
        if found is not None and is_of_server(one.name) and holds(one.name, one.value, found) is False:
            lines.append(found.evidence)
    of_user = server.owner.kind is OwnerKind.USER_UNIT
    start = "" if of_user else "sudo "
    manager = "systemctl --user" if of_user else "sudo systemctl"
    folder = path.rpartition("/")[0]
    new = f"{folder.rpartition('/')[0]}/{right}.d"
    target = f"{new}/{path.rpartition('/')[2]}"
    again = (f"{manager} daemon-reload", f"{manager} restart {right}")
    forth = (f"{start}mkdir -p {new}", f"{start}mv -n {path} {target}", *again)
    fix = RunCommands(forth, (f"{start}mv -n {target} {path}", *again))
    told = notice("doctor.unit_name", path=path, unit=wrong)
    why = notice("doctor.unit_name_why", unit=wrong, right=right)
    label = notice("doctor.move_drop_in", unit=right)
    evidence = tuple(dict.fromkeys(lines)) or (Evidence(path, path),)
    return Finding(f"{_UNIT_NAME}:{path}", _UNIT_NAME, Area.SETTINGS, told, why, evidence, fix, label)


CHECKS = (
    Check(_CLIENTS, Area.SETTINGS, notice("doctor.check.client_side"), _clients, subjects.sources_of_servers),
    Check(_UNIT_NAME, Area.SETTINGS, notice("doctor.check.unit_name"), _unit_names, subjects.drop_ins),
)
