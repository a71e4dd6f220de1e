"""Servers that are in each other's way, or of a wrong version."""

import pytest

from ollama_panel.core.doctor.checks.servers import CHECKS
from ollama_panel.core.doctor.facts import ContainerFacts, Facts, Listener, MachineFacts, UnitFacts
from ollama_panel.core.findings import Finding, RunCommands
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.programs import Program
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind

SERVICE, DOCKER = Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"), Owner(OwnerKind.DOCKER, "ollama")
ON_LINUX = "Error: listen tcp 127.0.0.1:11434: bind: address already in use"
ON_WINDOWS = (
    "Error: listen tcp 127.0.0.1:11434: bind: Only one usage of each socket address (protocol/network address/port) is "
    "normally permitted."
)


def server(name: str, pid: int, owner: Owner, address: str, version: str = "0.32.15", program: str = "") -> FoundServer:
    return FoundServer(name, pid, 0.0, owner, address=address, version=version, program=program)


def found(facts: Facts) -> list[Finding]:
    return [one for check in CHECKS if check.blind(facts) is None for one in check.look(facts)]


@pytest.mark.parametrize("line", [ON_LINUX, ON_WINDOWS, ON_LINUX.replace("127.0.0.1", "[::]")])
def test_a_unit_whose_port_is_taken_names_who_has_it(line: str) -> None:
    unit = UnitFacts("ollama.service", state="activating", restarts=212, said=("Starting", line))
    facts = Facts(
        servers=(server("ollama", 77, DOCKER, "127.0.0.1:11434"),),
        units=(unit,),
        listeners=(Listener("127.0.0.1", 11434, 77, "docker-proxy"),),
    )
    (one,) = found(facts)
    assert render(one.told) == "ollama.service cannot start: port 11434 belongs to docker: ollama."
    assert one.fix == RunCommands(
        ("sudo systemctl disable --now ollama.service",), ("sudo systemctl enable --now ollama.service",)
    )


def test_a_unit_that_runs_now_has_got_its_port() -> None:
    unit = UnitFacts("ollama.service", state="active", pid=7, said=(ON_LINUX,))
    listener = Listener("127.0.0.1", 11434, 7, "ollama")
    facts = Facts(servers=(server("s", 7, SERVICE, "127.0.0.1:11434"),), units=(unit,), listeners=(listener,))
    assert found(facts) == []


def test_two_servers_at_one_port_are_told() -> None:
    facts = Facts(servers=(server("a", 1, SERVICE, "127.0.0.1:11434"), server("b", 2, DOCKER, "0.0.0.0:11434")))
    assert [one.id for one in found(facts)] == ["servers.port-fight:11434"]


def test_two_addresses_of_one_port_are_two_servers() -> None:
    facts = Facts(servers=(server("a", 1, SERVICE, "127.0.0.1:11434"), server("b", 2, DOCKER, "10.0.0.2:11434")))
    assert "servers.port-fight:11434" not in [one.id for one in found(facts)]


@pytest.mark.parametrize("mark", ["", " (deleted)"])
def test_an_update_without_a_restart_is_told(mark: str) -> None:
    path = "/usr/local/bin/ollama"
    one = server("ollama.service", 1, SERVICE, "127.0.0.1:11434", "0.30.4", f"{path}{mark}")
    facts = Facts(servers=(one,), programs=(Program(path, "0.32.15"), Program("/opt/ollama", "0.24.0")))
    (only,) = found(facts)
    assert (only.id, only.fix) == (
        "servers.old-program:ollama.service",
        RunCommands(("sudo systemctl restart ollama.service",)),
    )


def test_programs_that_do_not_run_are_nobodys_fault() -> None:
    one = server("a", 1, SERVICE, "127.0.0.1:11434", program="/usr/local/bin/ollama")
    assert found(Facts(servers=(one,), programs=(Program("/opt/ollama", "0.24.0"),))) == []


def test_two_versions_that_run_are_told() -> None:
    one = server("a", 1, SERVICE, "127.0.0.1:11434", program="/usr/local/bin/ollama")
    other = server("b", 2, Owner(OwnerKind.BY_HAND), "127.0.0.1:11500", "0.24.0", "/opt/ollama")
    assert [one.id for one in found(Facts(servers=(one, other)))] == ["servers.versions"]


def test_a_container_on_a_mac_is_told_and_a_stopped_one_is_not() -> None:
    containers = (ContainerFacts("ollama"), ContainerFacts("old", running=False))
    on_mac = Facts(machine=MachineFacts("Darwin"), containers=containers)
    assert [one.id for one in found(on_mac)] == ["servers.container-on-mac:ollama"]
    assert found(Facts(containers=containers)) == []


def test_a_known_fault_is_told_where_it_matters() -> None:
    assert found(Facts(servers=(server("a", 1, SERVICE, "127.0.0.1:11434", "0.13.1"),))) == []
    (one,) = found(Facts(servers=(server("a", 1, SERVICE, "0.0.0.0:11434", "0.13.1"),)))
    assert one.id == "servers.known-version:a"
    assert "CVE-2026-7482" in render(one.told)


def test_another_panel_is_told_beside_ours() -> None:
    ours = server("chat-1", 1, Owner(OwnerKind.PANEL), "127.0.0.1:11500")
    other = server("chat-1b", 2, Owner(OwnerKind.OTHER_PANEL), "127.0.0.1:11600")
    assert [one.id for one in found(Facts(servers=(ours, other)))] == ["servers.other-panel"]
    assert found(Facts(servers=(other,))) == []
