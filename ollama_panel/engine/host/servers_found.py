"""Puts together what is known of each Ollama server of this machine, from its process and from those who run it.

Everything here blocks, as `services` and `containers` do: use a thread. What was found of a process is kept while it
runs.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.host_variable import DEFAULT_PORT, HostVariable, read, url_of
from ollama_panel.core.server_owners import Panel, ProcessFacts, container_around, log_of, owner_of
from ollama_panel.core.servers import CONTAINERS, AddressSource, FoundServer, Owner, OwnerKind
from ollama_panel.core.stores import Found
from ollama_panel.engine.host import model_stores, services
from ollama_panel.engine.host.containers import Container, Containers
from ollama_panel.engine.host.services import PROC, Server

EVERYWHERE = "0.0.0.0"
Look = Callable[[int], Server]


class ServerFinder:
    """Describes the servers of a process table. `look` returns what is known of a server by its process."""

    def __init__(
        self, now: Callable[[], float], look: Look = services.look, containers: Containers | None = None
    ) -> None:
        self._look = look
        self._containers = containers or Containers(now)
        self._known: dict[tuple[int, float], FoundServer] = {}
        self._untold: dict[tuple[int, float], str] = {}

    def describe(self, table: Iterable[ProcessFacts], panel: Panel) -> tuple[FoundServer, ...]:
        """Return the servers of the table; their versions are not asked for."""
        found = dict[tuple[int, float], FoundServer]()
        for facts in table:
            known = self._known.get((facts.pid, facts.since))
            if known is None or (known.ours and known.variables is None) or self._may_be_told(facts):
                known = self._described(facts, panel)
            found[facts.pid, facts.since] = msgspec.structs.replace(known, rss_bytes=facts.rss_bytes)
        self._known = found
        self._untold = {key: name for key, name in self._untold.items() if key in found}
        return tuple(found.values())

    def _may_be_told(self, facts: ProcessFacts) -> bool:
        """Return whether a container's runtime, which has not told of it before, may do so now."""
        within = self._untold.get((facts.pid, facts.since))
        return within is not None and self._containers.may_tell(within)

    def _described(self, facts: ProcessFacts, panel: Panel) -> FoundServer:
        server = self._look(facts.pid)
        owner, container = self._owner(facts, panel)
        contained = owner.kind in CONTAINERS
        store, store_from = model_stores.of_server(msgspec.structs.replace(server, contained=contained))
        known = bool(server.variables) or server.complete
        if store_from is Found.HOME and not known:
            store, store_from = "", Found.UNKNOWN  # the usual place, and nothing says that it is in use
        found = FoundServer(
            id=str(facts.pid),
            pid=facts.pid,
            since=facts.since,
            owner=owner,
            user=facts.user,
            ours=facts.ours,
            program=facts.program,
            arguments=tuple(map(redact.text, facts.arguments)),
            variables=dict(sorted(redact.environment(server.variables).items())) if known else None,
            variables_from=server.found,
            unreadable=None if known else _why_unreadable(facts),
            store=store or None,
            store_from=store_from,
            log=log_of(facts, owner, server.variables.get("HOME") or server.home),
        )
        return _with_address(found, server, container, contained=contained)

    def _owner(self, facts: ProcessFacts, panel: Panel) -> tuple[Owner, Container | None]:
        """Return who runs a server, a container by the name that its runtime tells, and that container."""
        owner = owner_of(facts, panel)
        within = container_around(facts)
        if owner.kind not in CONTAINERS or within is None:
            return owner, None
        kind, name = within
        container = self._containers.look(kind, name, _port_in(facts))
        if container is None and owner.kind is not OwnerKind.CONTAINER:
            self._untold[facts.pid, facts.since] = name
        else:
            self._untold.pop((facts.pid, facts.since), None)
        return (owner if container is None else owner_of(facts, panel, {name: container.name})), container


def _port_in(facts: ProcessFacts) -> int:
    """Return the port on which a server listens in its container."""
    return read((facts.environment or {}).get("OLLAMA_HOST", "")).port or DEFAULT_PORT


def _with_address(found: FoundServer, server: Server, container: Container | None, *, contained: bool) -> FoundServer:
    if contained and (container is None or not container.host_network):
        if container is None or container.published is None:
            return found
        host, port = container.published
        return at(found, HostVariable("http", host or EVERYWHERE, port), AddressSource.PUBLISHED)
    named = server.variables.get("OLLAMA_HOST", "")
    if not named and not server.complete:
        return found
    return at(found, read(named), AddressSource.VARIABLES if named else AddressSource.DEFAULT)


def at(found: FoundServer, host: HostVariable, source: AddressSource) -> FoundServer:
    """Return a server that listens at an address; at port 0 the system has chosen one, which is not known here."""
    if host.port == 0:
        return found
    reached = host.local or (host.host, host.port)
    address = url_of(host.host or EVERYWHERE, host.port).removeprefix("http://")
    return msgspec.structs.replace(found, address=address, address_from=source, url=url_of(*reached))


def _why_unreadable(facts: ProcessFacts) -> Notice:
    if facts.user and not facts.ours:
        return notice("servers.other_user", user=facts.user)
    return notice("servers.not_told")


def own_cgroup(proc: Path = PROC) -> str:
    """Return the text of the panel's own control groups."""
    try:
        return (proc / "self" / "cgroup").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
