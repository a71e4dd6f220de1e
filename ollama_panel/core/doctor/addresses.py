"""Where servers listen, and who reaches them."""

from collections.abc import Iterator

import msgspec

from ollama_panel.core.doctor.facts import Facts, Listener
from ollama_panel.core.findings import Evidence
from ollama_panel.core.ollama import host_variable
from ollama_panel.core.servers import FoundServer
from ollama_panel.core.settings.exposure import is_loopback

_ALL = frozenset({"", "*", "0.0.0.0", "::", "[::]"})


class Address(msgspec.Struct, frozen=True):
    """Where a server listens, and what shows it."""

    host: str
    port: int
    evidence: Evidence

    @property
    def everywhere(self) -> bool:
        """Whether that is on every address of the machine."""
        return self.host in _ALL

    @property
    def text(self) -> str:
        """The address as people write it."""
        host = "0.0.0.0" if self.host in ("", "*") else self.host
        return f"[{host}]:{self.port}" if ":" in host and not host.startswith("[") else f"{host}:{self.port}"


def is_everywhere(host: str) -> bool:
    """Return whether a host of a socket means every address of the machine."""
    return host in _ALL


def addresses_of(facts: Facts, server: FoundServer) -> Iterator[Address]:
    """Yield where a server listens, by its sockets first."""
    for one in facts.listeners:
        if one.pid is not None and one.pid == server.pid:
            yield Address(one.address.strip("[]"), one.port, shown(one))
    if server.address is not None:
        meant = host_variable.read(server.address)
        yield Address(meant.host, meant.port, Evidence(server.address, server.id))


def shown(listener: Listener) -> Evidence:
    """Return the line that shows a program that listens."""
    program = listener.program or "—"
    where = f"{program}, PID {listener.pid}" if listener.pid is not None else program
    bare = listener.address.strip("[]")
    host = f"[{bare}]" if ":" in bare else bare
    return Evidence(f"LISTEN {host}:{listener.port}", where)


def port_of(facts: Facts, server: FoundServer) -> int | None:
    """Return the port that a server listens on, None if it is unknown."""
    return next((one.port for one in addresses_of(facts, server)), None)


def open_address(facts: Facts, server: FoundServer) -> Address | None:
    """Return the address at which other machines reach a server, None if they do not, or nobody knows."""
    return next((one for one in addresses_of(facts, server) if not _is_local(one.host)), None)


def _is_local(host: str) -> bool:
    return is_loopback(host) if host not in _ALL else False
