"""Names of servers that stay the same when they restart, for the ids and the texts of findings."""

import msgspec

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.servers import FoundServer, OwnerKind

_APP = "ollama-app"
_NAMED_BY_ADDRESS = frozenset({OwnerKind.BY_HAND, OwnerKind.OTHER_PANEL, None})


def named(facts: Facts) -> Facts:
    """Return facts whose servers are named by who runs them: a process is another one after each start."""
    taken = set[str]()
    servers = list[FoundServer]()
    for server in facts.servers:
        name = _name(server)
        name = name if name not in taken else f"{name}-{server.pid}"
        taken.add(name)
        servers.append(msgspec.structs.replace(server, id=name))
    return msgspec.structs.replace(facts, servers=tuple(servers))


def _name(server: FoundServer) -> str:
    """Return the name of a server: one that it has already, else that of its unit, container or app, or its address."""
    owner = server.owner
    if server.id != str(server.pid):
        return server.id
    if server.instance:
        return server.instance
    if owner.kind in _NAMED_BY_ADDRESS:
        return server.address or server.id
    return _APP if owner.kind is OwnerKind.DESKTOP_APP else owner.name or owner.unit or server.id
