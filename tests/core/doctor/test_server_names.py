"""Names of servers in findings."""

import pytest

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.doctor.server_names import named
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind


def server(owner: Owner, pid: int = 7, known: str = "7", instance: str | None = None) -> FoundServer:
    return FoundServer(
        known, pid, 0.0, owner, address="127.0.0.1:11434", instance=InstanceId(instance) if instance else None
    )


@pytest.mark.parametrize(
    ("one", "name"),
    [
        (server(Owner(OwnerKind.SYSTEM_UNIT, "ollama.service", "ollama.service")), "ollama.service"),
        (server(Owner(OwnerKind.DOCKER, "ai-ollama-1")), "ai-ollama-1"),
        (server(Owner(OwnerKind.DESKTOP_APP)), "ollama-app"),
        (server(Owner(OwnerKind.BY_HAND, "bash")), "127.0.0.1:11434"),
        (server(Owner()), "127.0.0.1:11434"),
        (server(Owner(OwnerKind.PANEL), instance="chat-1"), "chat-1"),
        (server(Owner(OwnerKind.DOCKER, "x"), known="my-name"), "my-name"),
    ],
)
def test_a_server_is_named_by_what_outlives_its_process(one: FoundServer, name: str) -> None:
    assert [found.id for found in named(Facts(servers=(one,))).servers] == [name]


def test_no_two_servers_have_one_name() -> None:
    owner = Owner(OwnerKind.SYSTEM_UNIT, "ollama.service")
    facts = named(Facts(servers=(server(owner), server(owner, 8, "8"))))
    assert [one.id for one in facts.servers] == ["ollama.service", "ollama.service-8"]
