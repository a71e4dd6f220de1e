"""Where servers listen, and who reaches them."""

import pytest

from ollama_panel.core.doctor.addresses import addresses_of, open_address, port_of
from ollama_panel.core.doctor.facts import Facts, Listener
from ollama_panel.core.servers import FoundServer, Owner


def server(address: str | None) -> FoundServer:
    return FoundServer("ollama", 7, 0.0, Owner(), address=address)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("127.0.0.1:11434", None),
        ("[::1]:11434", None),
        ("localhost:11434", None),
        ("0.0.0.0:11434", "0.0.0.0:11434"),
        ("[::]:11434", "[::]:11434"),
        (":11434", "0.0.0.0:11434"),
        ("192.168.1.20:11434", "192.168.1.20:11434"),
        (None, None),
    ],
)
def test_an_address_beyond_loopback_is_open(address: str | None, text: str | None) -> None:
    one = server(address)
    found = open_address(Facts(servers=(one,)), one)
    assert (None if found is None else found.text) == text


def test_the_socket_is_asked_before_the_variables() -> None:
    one = server("127.0.0.1:11434")
    facts = Facts(servers=(one,), listeners=(Listener("*", 11500, 7, "ollama"), Listener("*", 80, 8, "nginx")))
    assert [found.text for found in addresses_of(facts, one)] == ["0.0.0.0:11500", "127.0.0.1:11434"]
    assert port_of(facts, one) == 11500
