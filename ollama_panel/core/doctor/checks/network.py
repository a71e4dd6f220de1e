"""Who reaches the servers, and whether clients ask where one listens."""

from collections.abc import Iterator

from ollama_panel.core.doctor import subjects
from ollama_panel.core.doctor.addresses import Address, addresses_of, is_everywhere, open_address, shown
from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.doctor.fixes import drop_in, edit
from ollama_panel.core.doctor.server_sources import sources_of
from ollama_panel.core.findings import Area, Evidence, Finding, Fix
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama import host_variable
from ollama_panel.core.server_notices import of_owner
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.settings.exposure import is_loopback, requires_key
from ollama_panel.core.settings.tree import ProxySettings
from ollama_panel.core.sources import codes
from ollama_panel.core.sources.record import Fate

_OPEN, _PANEL_OPEN, _PORT, _CLIENT = (
    "network.open",
    "network.panel-open",
    "network.panel-port",
    "network.client-address",
)

_OURS = frozenset({OwnerKind.PANEL, OwnerKind.OTHER_PANEL})
_NAME = "ollama-panel"
_OF_UNITS = (".conf", ".service")
"""The files of a unit that a drop-in overrules; a file of variables that it names wins over all drop-ins."""


def _open(facts: Facts) -> Iterator[Finding]:
    """Yield servers that other machines reach: Ollama asks nobody for a key."""
    for server in facts.servers:
        address = open_address(facts, server)
        if address is None or server.owner.kind in _OURS:
            continue
        told = notice("doctor.open", server=server.id, address=address.text, owner=of_owner(server.owner))
        lines, fix = _of_source(facts, server, address.port)
        label = notice("doctor.only_this_machine") if fix is not None else None
        evidence = (address.evidence, *lines)
        why = notice("doctor.open_why")
        yield Finding(f"{_OPEN}:{server.id}", _OPEN, Area.NETWORK, told, why, evidence, fix, label)
    yield from _open_containers(facts)


def _open_containers(facts: Facts) -> Iterator[Finding]:
    """Yield containers whose server nobody sees from here, as on a Mac, and whose port all addresses lead to."""
    seen = {one.owner.name for one in facts.servers}
    for one in facts.containers:
        if not one.running or one.server or one.name in seen:
            continue
        configs = [config for reading in facts.sources for config in reading.servers if config.name == one.name]
        ports = {port.rpartition(":")[2] for config in configs for port in config.ports}
        listener = next((it for it in facts.listeners if str(it.port) in ports and is_everywhere(it.address)), None)
        if listener is not None:
            kind = OwnerKind.PODMAN if one.runtime == "podman" else OwnerKind.DOCKER
            owner = of_owner(Owner(kind, one.name))
            told = notice("doctor.open", server=one.name, address=f"0.0.0.0:{listener.port}", owner=owner)
            why = notice("doctor.open_published", port=listener.port)
            yield Finding(f"{_OPEN}:{one.name}", _OPEN, Area.NETWORK, told, why, (shown(listener),))


def _of_source(facts: Facts, server: FoundServer, port: int) -> tuple[tuple[Evidence, ...], Fix | None]:
    """Return the lines of sources that open a server, and the edit that closes it, None if none is known."""
    lines, fix = list[Evidence](), None
    for reading, config in sources_of(facts, server):
        places = [one.place for one in config.assignments if one.name == "OLLAMA_HOST" and one.fate is Fate.TAKEN]
        lines += [Evidence(one.text.strip(), one.path, one.line) for one in places]
        for mistake in reading.mistakes:
            if mistake.code == codes.OPEN_TO_NETWORK and mistake.mended is not None:
                fix = edit(facts, reading, mistake.place.path, [mistake.mended])
    if fix is None and lines and all(one.path.endswith(_OF_UNITS) for one in lines):
        fix = drop_in(facts, server, {"OLLAMA_HOST": f"127.0.0.1:{port}"})
    return tuple(dict.fromkeys(lines)), fix


def _panel_open(facts: Facts) -> Iterator[Finding]:
    """Yield that the panel's own proxy is open to the network without a key."""
    if facts.snapshot is None:
        return
    proxy: ProxySettings = facts.snapshot.settings.proxy
    second = proxy.second_host if proxy.second_port else "127.0.0.1"
    hosts = [host for host in (proxy.host, second) if not is_loopback(host)]
    if hosts and not requires_key(proxy):
        evidence = (
            Evidence(f"proxy.host = {hosts[0]}", ""),
            Evidence(f"proxy.require_key = {proxy.require_key.value}"),
        )
        told, why = notice("doctor.panel_open", host=hosts[0]), notice("doctor.panel_open_why")
        yield Finding(_PANEL_OPEN, _PANEL_OPEN, Area.NETWORK, told, why, evidence)


def _panel_port(facts: Facts) -> Iterator[Finding]:
    """Yield that another program has the panel's port while no panel runs; a running one tells that itself."""
    if facts.snapshot is not None or any(one.owner.kind in _OURS for one in facts.servers):
        return
    port = ProxySettings().port
    for one in facts.listeners:
        if one.port == port and _NAME not in one.program and one.program:
            told, why = notice("doctor.panel_port", port=port, program=one.program), notice("doctor.panel_port_why")
            yield Finding(f"{_PORT}:{port}", _PORT, Area.NETWORK, told, why, (shown(one),))
            return


def _client(facts: Facts) -> Iterator[Finding]:
    """Yield that the user's session sends Ollama's commands to a port of this machine where nothing listens."""
    value = facts.environment.get("OLLAMA_HOST", "")
    meant = host_variable.read(value) if value else None
    if meant is None or meant.local is None or not facts.listeners:
        return
    if any(one.port == meant.port for one in facts.listeners):
        return
    every = [tuple(addresses_of(facts, server)) for server in facts.servers]
    if any(one.port == meant.port for addresses in every for one in addresses):
        return
    found = [addresses[0] for addresses in every if addresses]
    if not found:
        return
    places = dict.fromkeys(one.text for one in found)
    told = notice("doctor.client_address", value=value, places=tuple(places))
    evidence = (Evidence(f"OLLAMA_HOST={value}", facts.machine.user), *_shown(found))
    yield Finding(_CLIENT, _CLIENT, Area.NETWORK, told, notice("doctor.client_address_why"), evidence)


def _shown(found: list[Address]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(one.evidence for one in found))


def _no_address(facts: Facts) -> Notice | None:
    known = any(True for server in facts.servers for _ in addresses_of(facts, server))
    return None if known or not facts.servers else notice("doctor.no_address")


def _no_listeners(facts: Facts) -> Notice | None:
    return None if facts.listeners else notice("doctor.no_listeners")


CHECKS = (
    Check(_OPEN, Area.NETWORK, notice("doctor.check.open"), _open, subjects.servers_or_containers, _no_address),
    Check(_PANEL_OPEN, Area.NETWORK, notice("doctor.check.panel_open"), _panel_open, subjects.panel),
    Check(_PORT, Area.NETWORK, notice("doctor.check.panel_port"), _panel_port, subjects.no_panel, _no_listeners),
    Check(
        _CLIENT, Area.NETWORK, notice("doctor.check.client_address"), _client, subjects.client_address, _no_listeners
    ),
)
