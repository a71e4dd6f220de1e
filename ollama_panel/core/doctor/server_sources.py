"""Which sources a server takes its variables from, and which unit it is of."""

import re
from collections.abc import Callable

import msgspec

from ollama_panel.core.doctor.facts import Facts, UnitFacts
from ollama_panel.core.servers import CONTAINERS, FoundServer, OwnerKind
from ollama_panel.core.sources.record import Assignment, Fate, Reading, ServerConfig, SourceKind

_OF_PANELS = frozenset({OwnerKind.PANEL, OwnerKind.OTHER_PANEL})
_UNITS = frozenset({OwnerKind.SYSTEM_UNIT, OwnerKind.USER_UNIT})
_OF_LAUNCHD = frozenset({OwnerKind.HOMEBREW, OwnerKind.LAUNCHD})
_OF_SESSION = frozenset({*_OF_LAUNCHD, OwnerKind.DESKTOP_APP})
_OF_MACHINE = re.compile(r"HKLM|HKEY_LOCAL_MACHINE", re.IGNORECASE)
_NOT_IN_PROJECT = re.compile(r"[^a-z0-9_-]")
_SUFFIX = ".service"


class Wanted(msgspec.Struct, frozen=True):
    """What a source sets up for a server: the variable that counts there, and the source."""

    assignment: Assignment
    reading: Reading
    config: ServerConfig


def outside_panels(facts: Facts) -> Facts:
    """Return facts without the servers of panels, which give theirs all that they are to have."""
    servers = tuple(one for one in facts.servers if one.owner.kind not in _OF_PANELS)
    return msgspec.structs.replace(facts, servers=servers)


def unit_of(facts: Facts, server: FoundServer) -> UnitFacts | None:
    """Return the unit or the job that runs a server, None if there is none or nobody tells of it."""
    names = {bare(one) for one in (server.owner.unit, server.owner.name) if one}
    of_user = {True: OwnerKind.USER_UNIT, False: OwnerKind.SYSTEM_UNIT}
    by_name = (
        one
        for one in facts.units
        if bare(one.name) in names
        and server.owner.kind not in CONTAINERS
        and (server.owner.kind not in _UNITS or server.owner.kind is of_user[one.user_unit])
    )
    by_process = (one for one in facts.units if one.pid and one.pid == server.pid)
    return next(by_process, None) or next(by_name, None)


def bare(name: str) -> str:
    """Return the name of a unit without its ending."""
    return name.removesuffix(_SUFFIX).removesuffix(".container")


def server_of_unit(facts: Facts, unit: UnitFacts) -> FoundServer | None:
    """Return the server that a unit runs, None if it runs none."""
    return next((one for one in facts.servers if unit_of(facts, one) == unit), None)


def sources_of(facts: Facts, server: FoundServer) -> tuple[tuple[Reading, ServerConfig], ...]:
    """Return what sets a server up, and what it says of it; what is read later wins."""
    found = list[tuple[Reading, ServerConfig]]()
    for reading in facts.sources:
        match = _MATCHES.get(reading.kind)
        found += [(reading, one) for one in reading.servers if match is not None and match(server, reading, one)]
    projects = [one for one in found if one[0].kind is SourceKind.COMPOSE]
    if len(projects) > 1:
        own = [one for one in projects if _project(one[0]) in _projects_of(server, one[1])]
        found = [one for one in found if one not in projects or (one in own and len(own) == 1)]
    return tuple(sorted(found, key=_order))


def _order(one: tuple[Reading, ServerConfig]) -> int:
    """Return when a source is read: that of the machine before the user's, and what Ollama's app is set to last."""
    reading, _ = one
    if reading.kind in (SourceKind.APP, SourceKind.OLLAMA_FILE):
        return 2
    return 0 if is_of_whole_machine(reading) else 1


def is_of_whole_machine(reading: Reading) -> bool:
    """Return whether a source has the variables of a Windows machine, and not those of one user."""
    return reading.kind is SourceKind.REGISTRY and _OF_MACHINE.search(reading.path) is not None


def _project(reading: Reading) -> str:
    """Return the name of a project of Compose that has none of its own: that of its folder."""
    folder = reading.path.rpartition("/")[0].rpartition("/")[2]
    return _NOT_IN_PROJECT.sub("", folder.lower())


def _projects_of(server: FoundServer, config: ServerConfig) -> tuple[str, ...]:
    """Return the projects that a container may be of, by its name: `project-service-1`."""
    found = re.fullmatch(rf"(.+)[-_]{re.escape(config.name)}[-_]\d+", server.owner.name)
    return (found[1],) if found else ()


def wanted_of(facts: Facts, server: FoundServer) -> dict[str, Wanted]:
    """Return the variables that the sources of a server give it, each as the last one sets it."""
    return {
        one.name: Wanted(one, reading, config)
        for reading, config in sources_of(facts, server)
        for one in config.assignments
        if one.fate is Fate.TAKEN
    }


def mistake_codes(facts: Facts) -> frozenset[str]:
    """Return the codes of all mistakes in the sources of the machine."""
    return frozenset(one.code for reading in facts.sources for one in reading.mistakes)


def server_of_reading(facts: Facts, reading: Reading) -> FoundServer | None:
    """Return the one server that a source is about, None if there is none, or more than one."""
    found = [server for server in facts.servers if any(one is reading for one, _ in sources_of(facts, server))]
    if not found and reading.kind is SourceKind.SYSTEMD:
        found = [server for server in facts.servers if _is_named_by_path(server, reading.path)]
    return found[0] if len(found) == 1 else None


def _not_of(path: str) -> OwnerKind | None:
    """Return whose units a file is not of, by its folder (systemd.unit(5)); None if that does not say."""
    if "/systemd/user/" in path:
        return OwnerKind.SYSTEM_UNIT
    return OwnerKind.USER_UNIT if "/systemd/system/" in path else None


def _unit(server: FoundServer, reading: Reading, config: ServerConfig) -> bool:
    owner = server.owner
    if owner.kind not in _UNITS or owner.kind is _not_of(reading.path):
        return False
    if config.name:
        return bare(config.name) in {bare(owner.name), bare(owner.unit)}
    return _is_named_by_path(server, reading.path)


def _is_named_by_path(server: FoundServer, path: str) -> bool:
    """Return whether a path is of the unit of a server, as `.../ollama.service.d/override.conf`."""
    parts = path.split("/")
    names = {bare(one) for one in (server.owner.name, server.owner.unit) if one}
    return server.owner.kind in _UNITS and any(
        bare(part.removesuffix(".d")) in names for part in parts[-2:] if _SUFFIX in part
    )


def label_of(reading: Reading, config: ServerConfig) -> str:
    """Return the name of the job that a property list is of: its file is named by it."""
    return config.name or reading.path.rpartition("/")[2].removesuffix(".plist")


def _job(server: FoundServer, reading: Reading, config: ServerConfig) -> bool:
    """Return whether a property list is that of a server's job, or sets variables for the session at each login."""
    if not config.command:
        return _session(server)
    return server.owner.kind in _OF_LAUNCHD and label_of(reading, config) == server.owner.name


def _session(server: FoundServer, *_: object) -> bool:
    return server.owner.kind in _OF_SESSION


def _app(server: FoundServer, *_: object) -> bool:
    return server.owner.kind is OwnerKind.DESKTOP_APP


def _container(server: FoundServer, _: Reading, config: ServerConfig) -> bool:
    """Return whether a container is that of a service, by its name and by the port that is published for it."""
    if server.owner.kind not in CONTAINERS or not config.name:
        return False
    if server.owner.name != config.name and not _projects_of(server, config):
        return False
    ports = {one.rpartition(":")[2] for one in config.ports}
    return not ports or server.address is None or server.address.rpartition(":")[2] in ports


def _quadlet(server: FoundServer, _: Reading, config: ServerConfig) -> bool:
    names = {server.owner.name, bare(server.owner.unit), server.owner.name.removeprefix("systemd-")}
    return server.owner.kind is OwnerKind.PODMAN and bare(config.name) in names


_MATCHES: dict[SourceKind, Callable[[FoundServer, Reading, ServerConfig], bool]] = {
    SourceKind.SYSTEMD: _unit,
    SourceKind.LAUNCH_AGENT: _job,
    SourceKind.LAUNCHCTL: _session,
    SourceKind.REGISTRY: _app,
    SourceKind.APP: _app,
    SourceKind.OLLAMA_FILE: _app,
    SourceKind.COMPOSE: _container,
    SourceKind.DOCKER_RUN: _container,
    SourceKind.QUADLET: _quadlet,
}
