"""Servers that are in each other's way, of several versions, or of a version that is known to be bad."""

import re
from collections.abc import Iterator

from ollama_panel.core.doctor import subjects
from ollama_panel.core.doctor.addresses import Address, addresses_of, open_address, port_of, shown
from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.facts import Facts, Listener, UnitFacts
from ollama_panel.core.doctor.fixes import restart
from ollama_panel.core.doctor.in_force import in_force, version_of
from ollama_panel.core.doctor.known_versions import known_bad
from ollama_panel.core.doctor.server_sources import server_of_unit
from ollama_panel.core.findings import Area, Evidence, Finding, RunCommands
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.versions import NO_VERSION, numbers
from ollama_panel.core.server_notices import of_owner
from ollama_panel.core.servers import CONTAINERS, FoundServer, Owner, OwnerKind

_FIGHT, _BAD, _DRIFT = "servers.port-fight", "servers.known-version", "servers.old-program"
_SEVERAL, _ON_MAC, _OTHER_PANEL = "servers.versions", "servers.container-on-mac", "servers.other-panel"

_TAKEN = re.compile(
    r"address already in use|Only one usage of each socket address|EADDRINUSE", re.IGNORECASE
)  # Go's words on Linux and macOS, and on Windows
_PORT = re.compile(r":(\d{1,5})(?=\D*(?:bind|listen|$))")
_REPLACED = " (deleted)"
"""What Linux adds to the path of a running program that was replaced on the disk (proc(5))."""
_RUNS = frozenset({"active", "running"})


def _fights(facts: Facts) -> Iterator[Finding]:
    """Yield units that cannot start because another server has their port, and servers that share one."""
    for unit in facts.units:
        if (taken := _taken(facts, unit)) is not None:
            yield _fight(facts, unit, *taken)
    yield from _sharing(facts)


def port_is_taken(facts: Facts, unit: UnitFacts) -> bool:
    """Return whether a unit does not run because another program has its port."""
    return _taken(facts, unit) is not None


def _taken(facts: Facts, unit: UnitFacts) -> tuple[str, int, Listener] | None:
    """Return the line by which a unit says that its port is taken, the port, and who has it."""
    line = next((one for one in reversed(unit.said) if _TAKEN.search(one)), None)
    if line is None or unit.state in _RUNS or server_of_unit(facts, unit) is not None:
        return None
    port = _port_in(line)
    holder = next((one for one in facts.listeners if one.port == port and one.pid != (unit.pid or -1)), None)
    return None if port is None or holder is None else (line, port, holder)


def _port_in(line: str) -> int | None:
    found = _PORT.findall(line)
    return int(found[0]) if found else None


def _fight(facts: Facts, unit: UnitFacts, line: str, port: int, holder: Listener) -> Finding:
    by_process = (one for one in facts.servers if one.pid == holder.pid)
    server = next(by_process, None) or next((one for one in facts.servers if port_of(facts, one) == port), None)
    who: Notice | str = of_owner(server.owner) if server is not None else (holder.program or "—")
    told = notice("doctor.port_fight", unit=_name_of(unit), port=port, who=who)
    counts = (Evidence(f"NRestarts={unit.restarts}", unit.name),) if unit.restarts else ()
    fix, label = None, None
    if server is not None and (commands := _switched_off(facts, unit)) is not None:
        fix, label = commands, notice("doctor.stop_unit", unit=unit.name)
    evidence = (Evidence(line, unit.name), *counts, shown(holder))
    why = notice("doctor.port_fight_why", unit=unit.name)
    return Finding(f"{_FIGHT}:{unit.name}", _FIGHT, Area.SERVERS, told, why, evidence, fix, label)


def _name_of(unit: UnitFacts) -> Notice | str:
    """Return the name of a unit; of the user's own manager it may be that of a unit of the machine, too."""
    if not unit.user_unit or not unit.name.endswith(".service"):
        return unit.name
    return of_owner(Owner(OwnerKind.USER_UNIT, unit.name))


def _switched_off(facts: Facts, unit: UnitFacts) -> RunCommands | None:
    if facts.machine.system != "Linux":
        label = unit.name
        if facts.machine.system != "Darwin" or not label:
            return None
        job = f"gui/$(id -u)/{label}"
        return RunCommands(
            (f"launchctl disable {job}", f"launchctl bootout {job}"),
            (f"launchctl enable {job}", f"launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/{label}.plist"),
        )
    manager = "systemctl --user" if unit.user_unit else "sudo systemctl"
    return RunCommands((f"{manager} disable --now {unit.name}",), (f"{manager} enable --now {unit.name}",))


def _sharing(facts: Facts) -> Iterator[Finding]:
    """Yield servers at one port, as one on all addresses and one on 127.0.0.1: which answers is chance."""
    by_port = dict[int, list[tuple[FoundServer, Address]]]()
    for server in facts.servers:
        if server.owner.kind in CONTAINERS and facts.machine.system == "Darwin":
            continue  # these are in a virtual machine
        seen = {one.port: one for one in addresses_of(facts, server) if one.port}
        for port, address in seen.items():
            by_port.setdefault(port, []).append((server, address))
    for port, found in by_port.items():
        hosts = [one.host for _, one in found]
        if len(hosts) > 1 and (len(set(hosts)) < len(hosts) or any(one.everywhere for _, one in found)):
            told = notice("doctor.port_shared", port=port, servers=tuple(server.id for server, _ in found))
            evidence = tuple(one.evidence for _, one in found)
            why = notice("doctor.port_shared_why")
            yield Finding(f"{_FIGHT}:{port}", _FIGHT, Area.SERVERS, told, why, evidence)


def _known(facts: Facts) -> Iterator[Finding]:
    """Yield servers of versions that are known to be bad for what they do here."""
    for server in facts.servers:
        version, address = version_of(server), open_address(facts, server)
        found = in_force(facts, server, "OLLAMA_NUM_PARALLEL")
        parallel = found is not None and found.value.isdecimal() and int(found.value) > 1
        bad = known_bad(version, is_open=address is not None, parallel=parallel)
        if bad is None:
            continue
        evidence = [Evidence(f"version {server.version}", server.id)]
        if bad.open_only and address is not None:
            evidence.append(address.evidence)
        if bad.parallel_only and found is not None:
            evidence.append(found.evidence)
        told = notice(bad.code, version=server.version or "—", mended=".".join(map(str, bad.mended)))
        yield Finding(f"{_BAD}:{server.id}", _BAD, Area.SERVERS, told, notice("doctor.update"), tuple(evidence))


def _drift(facts: Facts) -> Iterator[Finding]:
    """Yield servers whose program was replaced on the disk since they were started."""
    on_disk = {one.path: one.version for one in facts.programs if one.version}
    for server in facts.servers:
        version = on_disk.get(server.program.removesuffix(_REPLACED))
        if server.owner.kind in CONTAINERS or version is None or server.version is None:
            continue
        if NO_VERSION in (numbers(version), version_of(server)) or numbers(version) == version_of(server):
            continue
        told = notice("doctor.old_program", server=server.id, running=server.version, version=version)
        evidence = (Evidence(f"version {server.version}", server.id), Evidence(f"version {version}", server.program))
        fix = restart(facts, server)
        label = notice("doctor.restart_server", server=server.id) if fix is not None else None
        why = notice("doctor.old_program_why")
        yield Finding(f"{_DRIFT}:{server.id}", _DRIFT, Area.SERVERS, told, why, evidence, fix, label)


def _several(facts: Facts) -> Iterator[Finding]:
    """Yield that servers outside containers run different programs of Ollama, of different versions."""
    own = [one for one in facts.servers if one.owner.kind not in CONTAINERS and one.version]
    programs = {one.program for one in own if one.program}
    versions = {version_of(one) for one in own} - {(), NO_VERSION}
    if len(versions) < 2 or len(programs) < 2:
        return
    names = tuple(dict.fromkeys(f"{one.version} ({one.program})" for one in own))
    evidence = tuple(Evidence(f"version {one.version}", one.id) for one in own)
    told, why = notice("doctor.several_versions", versions=names), notice("doctor.several_versions_why")
    yield Finding(_SEVERAL, _SEVERAL, Area.SERVERS, told, why, evidence)


def _on_mac(facts: Facts) -> Iterator[Finding]:
    """Yield containers on a Mac: no container has its GPU there."""
    if facts.machine.system != "Darwin":
        return
    for one in facts.containers:
        if one.running:
            told, why = notice("doctor.container_on_mac", name=one.name), notice("doctor.container_on_mac_why")
            evidence = (Evidence(one.name, f"{one.runtime} ps"),)
            yield Finding(f"{_ON_MAC}:{one.name}", _ON_MAC, Area.GRAPHICS, told, why, evidence)


def _other_panels(facts: Facts) -> Iterator[Finding]:
    """Yield that another panel runs servers here: two panels each plan with the whole memory."""
    ours = any(one.owner.kind is OwnerKind.PANEL for one in facts.servers)
    others = [one for one in facts.servers if one.owner.kind is OwnerKind.OTHER_PANEL]
    if not others or not (ours or facts.snapshot is not None):
        return
    evidence = tuple(Evidence(one.address or one.program or one.id, f"PID {one.pid}, {one.user}") for one in others)
    told, why = notice("doctor.other_panel", servers=tuple(one.id for one in others)), notice("doctor.other_panel_why")
    yield Finding(_OTHER_PANEL, _OTHER_PANEL, Area.SERVERS, told, why, evidence)


def _no_version(facts: Facts) -> Notice | None:
    return None if any(one.version for one in facts.servers) else notice("doctor.no_version")


CHECKS = (
    Check(_FIGHT, Area.SERVERS, notice("doctor.check.port_fight"), _fights, subjects.servers_or_units),
    Check(_BAD, Area.SERVERS, notice("doctor.check.known_version"), _known, subjects.servers, _no_version),
    Check(_DRIFT, Area.SERVERS, notice("doctor.check.old_program"), _drift, subjects.programs, _no_version),
    Check(_SEVERAL, Area.SERVERS, notice("doctor.check.versions"), _several, subjects.several_servers, _no_version),
    Check(_ON_MAC, Area.GRAPHICS, notice("doctor.check.container_on_mac"), _on_mac, subjects.containers_on_mac),
    Check(_OTHER_PANEL, Area.SERVERS, notice("doctor.check.other_panel"), _other_panels, subjects.panel),
)
