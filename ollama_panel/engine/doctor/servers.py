"""The servers of a machine, from what it has told of its processes: described as those of this machine are."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ollama_panel.core.doctor.asking.containers import answer_of, environment_of
from ollama_panel.core.ollama.environment import may_be_read
from ollama_panel.core.server_owners import Panel, ProcessFacts, container_of, unit_of
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.sources.record import Reading, SourceKind
from ollama_panel.core.stores import Found, Service
from ollama_panel.engine import clock
from ollama_panel.engine.host.containers import Containers
from ollama_panel.engine.host.servers_found import ServerFinder
from ollama_panel.engine.host.services import Server

_SAME_START_S = 2.0


def described(
    processes: Iterable[ProcessFacts],
    inspected: Iterable[tuple[str, Mapping[str, Any]]],
    homes: Mapping[str, str],
    logged: Mapping[int, Mapping[str, str]],
    sources: Iterable[Reading],
) -> tuple[FoundServer, ...]:
    """Return the servers. `homes` are those of users; `logged` are the variables that logs tell, by process.

    Where neither its process nor its log tells them, its container or the sources of its unit do.
    """
    known, told, units = {one.pid: one for one in processes}, tuple(inspected), _by_unit(sources)
    containers = Containers(clock.wall, lambda command: answer_of(told, tuple(command)))

    def look(pid: int) -> Server:
        declared = environment_of(told, known[pid])
        return _server(known[pid], homes, logged.get(pid), units, declared)

    return ServerFinder(clock.wall, look, containers).describe(known.values(), Panel())


def merged(found: Iterable[FoundServer], snapshot: Snapshot) -> tuple[FoundServer, ...]:
    """Return servers as the panel of this machine knows them: its own among them by their names."""
    known = snapshot.found_servers or ()
    instances = {one.pid: one for one in snapshot.instances if one.pid}
    result = list[FoundServer]()
    for one in found:
        same = next((it for it in known if it.pid == one.pid and abs(it.since - one.since) < _SAME_START_S), None)
        instance = instances.get(one.pid)
        if same is not None:
            result.append(msgspec.structs.replace(same, rss_bytes=one.rss_bytes))
        elif instance is not None:
            owner = Owner(OwnerKind.PANEL) if instance.managed else one.owner
            result.append(msgspec.structs.replace(one, owner=owner, instance=instance.id))
        else:
            result.append(one)
    return tuple(result)


def _by_unit(sources: Iterable[Reading]) -> dict[str, dict[str, str]]:
    """Return the variables that the files of units set, by the names of the units."""
    return {
        server.name: server.variables for one in sources if one.kind is SourceKind.SYSTEMD for server in one.servers
    }


def _server(
    facts: ProcessFacts,
    homes: Mapping[str, str],
    logged: Mapping[str, str] | None,
    units: Mapping[str, Mapping[str, str]],
    contained: Mapping[str, str] | None,
) -> Server:
    unit, user_unit = unit_of(facts.cgroup or "")
    variables, found, complete = facts.environment, Found.ENVIRONMENT, True
    if variables is None and logged:
        variables, found = dict(logged), Found.LOG
    if variables is None and contained is not None:
        variables, found = dict(contained), Found.CONTAINER
    elif variables is None and unit:
        declared = units.get(unit) or units.get(unit.removesuffix(".service"))
        variables, found, complete = (dict(declared), Found.UNIT, True) if declared else (None, Found.UNKNOWN, False)
    return Server(
        service=Service(facts.user, "", facts.ours, unit, user_unit),
        variables={name: value for name, value in (variables or {}).items() if name == "HOME" or may_be_read(name)},
        found=found if variables is not None else Found.UNKNOWN,
        complete=complete and variables is not None,
        home=homes.get(facts.user, ""),
        contained=container_of(facts.cgroup or "") is not None,
    )
