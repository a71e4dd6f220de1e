"""The record of a found server: it goes to front ends and to programs as it is."""

import msgspec

from ollama_panel.core.servers import CONTAINERS, AddressSource, FoundServer, LogKind, LogSource, Owner, OwnerKind
from ollama_panel.core.stores import Found


def test_a_server_is_the_same_after_json() -> None:
    server = FoundServer(
        "7",
        7,
        1.5,
        Owner(OwnerKind.PODMAN, "llm", "llm.service", user_unit=True),
        variables={"OLLAMA_HOST": "0.0.0.0"},
        variables_from=Found.LOG,
        address="0.0.0.0:11434",
        address_from=AddressSource.VARIABLES,
        log=LogSource(LogKind.CONTAINER, command="podman logs llm"),
    )
    assert msgspec.json.decode(msgspec.json.encode(server), type=FoundServer) == server


def test_what_is_not_known_is_none() -> None:
    server = FoundServer("7", 7, 1.5, Owner())
    told = (server.owner.kind, server.address, server.url, server.version, server.variables, server.store, server.log)
    assert told == (None,) * 7
    assert OwnerKind.SNAP not in CONTAINERS
