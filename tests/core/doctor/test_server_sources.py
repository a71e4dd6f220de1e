"""Which sources set a server up."""

import pytest

from ollama_panel.core.doctor.facts import Facts, UnitFacts
from ollama_panel.core.doctor.server_sources import server_of_reading, sources_of, unit_of, wanted_of
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.sources.record import Assignment, Fate, Place, Reading, ServerConfig, SourceKind

DROP_IN = "/etc/systemd/system/ollama.service.d/override.conf"


def reading(kind: SourceKind, name: str, path: str = DROP_IN, **variables: str) -> Reading:
    assignments = tuple(Assignment(one, value, Place(path, 2)) for one, value in variables.items())
    return Reading(kind, path, (ServerConfig(name, assignments, ("ollama", "serve")),))


@pytest.mark.parametrize(
    ("kind", "owner", "name", "belongs"),
    [
        (SourceKind.SYSTEMD, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"), "ollama.service", True),
        (SourceKind.SYSTEMD, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"), "ollama", True),
        (SourceKind.SYSTEMD, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"), "", True),
        (SourceKind.SYSTEMD, Owner(OwnerKind.SYSTEM_UNIT, "ollama-gpu1.service"), "ollama.service", False),
        (SourceKind.SYSTEMD, Owner(OwnerKind.DOCKER, "ollama"), "ollama", False),
        (SourceKind.COMPOSE, Owner(OwnerKind.DOCKER, "stack-ollama-1"), "ollama", True),
        (SourceKind.COMPOSE, Owner(OwnerKind.DOCKER, "ollama"), "ollama", True),
        (SourceKind.COMPOSE, Owner(OwnerKind.DOCKER, "stack-webui-1"), "ollama", False),
        (SourceKind.QUADLET, Owner(OwnerKind.PODMAN, "systemd-ollama", "ollama.service"), "ollama", True),
        (SourceKind.LAUNCH_AGENT, Owner(OwnerKind.LAUNCHD, "com.ollama.serve"), "com.ollama.serve", True),
        (SourceKind.LAUNCH_AGENT, Owner(OwnerKind.DESKTOP_APP), "com.ollama.serve", False),
        (SourceKind.LAUNCHCTL, Owner(OwnerKind.DESKTOP_APP), "", True),
        (SourceKind.REGISTRY, Owner(OwnerKind.DESKTOP_APP), "", True),
        (SourceKind.REGISTRY, Owner(OwnerKind.BY_HAND, "cmd.exe"), "", False),
        (SourceKind.SHELL, Owner(OwnerKind.BY_HAND, "bash"), "", False),
        (SourceKind.PROCESS, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"), "ollama.service", False),
    ],
)
def test_a_server_is_set_up_by_the_sources_of_its_manager(
    kind: SourceKind, owner: Owner, name: str, belongs: bool
) -> None:
    server = FoundServer("x", 7, 0.0, owner)
    source = reading(kind, name)
    facts = Facts(servers=(server,), sources=(source,))
    assert [one for one, _ in sources_of(facts, server)] == ([source] if belongs else [])


def test_the_last_source_wins_and_what_is_not_taken_counts_nothing() -> None:
    server = FoundServer("x", 7, 0.0, Owner(OwnerKind.DESKTOP_APP))
    lost = Assignment("OLLAMA_DEBUG", "1", Place("a", 1), Fate.IGNORED)
    facts = Facts(
        servers=(server,),
        sources=(
            reading(SourceKind.REGISTRY, "", "HKLM", OLLAMA_NUM_PARALLEL="2"),
            reading(SourceKind.REGISTRY, "", "HKCU", OLLAMA_NUM_PARALLEL="4"),
            Reading(SourceKind.APP, "app", (ServerConfig("", (lost,)),)),
        ),
    )
    assert {name: one.assignment.value for name, one in wanted_of(facts, server).items()} == {
        "OLLAMA_NUM_PARALLEL": "4"
    }


def test_a_drop_in_without_a_server_is_that_of_the_unit_in_its_path() -> None:
    server = FoundServer("x", 7, 0.0, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"))
    source = Reading(SourceKind.SYSTEMD, DROP_IN)
    assert server_of_reading(Facts(servers=(server,), sources=(source,)), source) is server


def test_of_several_projects_that_of_the_containers_name_counts() -> None:
    server = FoundServer("x", 7, 0.0, Owner(OwnerKind.DOCKER, "ai-ollama-1"))
    own = reading(SourceKind.COMPOSE, "ollama", "/srv/AI/compose.yaml")
    old = reading(SourceKind.COMPOSE, "ollama", "/home/anna/old/compose.yaml")
    other = reading(SourceKind.COMPOSE, "ollama", "/home/anna/older/compose.yaml")
    assert [one for one, _ in sources_of(Facts(servers=(server,), sources=(old, own)), server)] == [own]
    assert sources_of(Facts(servers=(server,), sources=(old, other)), server) == ()
    assert [one for one, _ in sources_of(Facts(servers=(server,), sources=(old,)), server)] == [old]


def test_a_container_at_another_port_is_another_ones() -> None:
    server = FoundServer("x", 7, 0.0, Owner(OwnerKind.DOCKER, "ollama"), address="127.0.0.1:11434")
    for port, belongs in (("127.0.0.1:11434", True), ("11434", True), ("11500", False)):
        source = Reading(SourceKind.COMPOSE, "/srv/compose.yaml", (ServerConfig("ollama", ports=(port,)),))
        assert bool(sources_of(Facts(servers=(server,), sources=(source,)), server)) is belongs


def test_what_the_app_is_set_to_is_read_last() -> None:
    server = FoundServer("x", 7, 0.0, Owner(OwnerKind.DESKTOP_APP))
    kinds = ((SourceKind.APP, "app"), (SourceKind.REGISTRY, "HKCU"), (SourceKind.REGISTRY, "HKLM"))
    sources = tuple(reading(kind, "", path) for kind, path in kinds)
    found = sources_of(Facts(servers=(server,), sources=sources), server)
    assert [one.path for one, _ in found] == ["HKLM", "HKCU", "app"]


def test_homebrews_job_is_named_by_its_file_and_an_agent_without_a_server_is_for_the_session() -> None:
    brew = FoundServer("x", 7, 0.0, Owner(OwnerKind.HOMEBREW, "homebrew.mxcl.ollama"))
    app = FoundServer("y", 8, 0.0, Owner(OwnerKind.DESKTOP_APP))
    job = reading(SourceKind.LAUNCH_AGENT, "", "/Users/anna/Library/LaunchAgents/homebrew.mxcl.ollama.plist")
    login = Reading(SourceKind.LAUNCH_AGENT, "/Users/anna/Library/LaunchAgents/environment.plist", (ServerConfig(),))
    facts = Facts(servers=(brew, app), sources=(job, login))
    assert [one for one, _ in sources_of(facts, brew)] == [job, login]
    assert [one for one, _ in sources_of(facts, app)] == [login]


def test_a_unit_is_found_by_its_process_before_its_name() -> None:
    server = FoundServer("x", 7, 0.0, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"))
    by_name, by_process = UnitFacts("ollama.service"), UnitFacts("ollama@1.service", pid=7)
    assert unit_of(Facts(units=(by_name, by_process)), server) is by_process
    assert unit_of(Facts(units=(by_name,)), server) is by_name
    assert unit_of(Facts(), server) is None
