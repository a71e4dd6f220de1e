"""The addresses at which other machines reach this one."""

import errno
import ipaddress
import socket

import pytest

from ollama_panel.engine.host import addresses
from ollama_panel.engine.host.addresses import urls_for_others

BOTH = (int(socket.AF_INET), int(socket.AF_INET6))


class Routed(socket.socket):
    """A socket of a machine with one way out, for IPv4."""

    def connect(self, address: object) -> None:
        if self.family != socket.AF_INET:
            raise OSError(errno.ENETUNREACH, "Network is unreachable")

    def getsockname(self) -> tuple[str, int]:
        return "192.168.1.7", 40000


class Isolated(Routed):
    """A socket of a machine without a network."""

    def connect(self, address: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")


@pytest.mark.parametrize(
    ("name", "urls"),
    [
        ("NAS", ("http://192.168.1.7:11435", "http://nas:11435")),
        ("localhost", ("http://192.168.1.7:11435",)),
        ("localhost.localdomain", ("http://192.168.1.7:11435",)),
    ],
)
def test_the_address_in_the_network_and_the_name_are_told(
    monkeypatch: pytest.MonkeyPatch, name: str, urls: tuple[str, ...]
) -> None:
    monkeypatch.setattr(addresses.socket, "socket", Routed)
    monkeypatch.setattr(addresses.socket, "gethostname", lambda: name)
    assert urls_for_others(11435, BOTH) == urls


def test_a_family_that_nobody_listens_on_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses.socket, "socket", Routed)
    assert urls_for_others(11435, BOTH[1:]) == urls_for_others(11435, ()) == ()


def test_a_machine_without_a_network_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses.socket, "socket", Isolated)
    assert urls_for_others(11435, BOTH) == ()


def test_no_url_is_one_that_nobody_can_use() -> None:
    for url in urls_for_others(1, BOTH):
        host = url.removeprefix("http://").rpartition(":")[0].strip("[]")
        try:
            assert not ipaddress.ip_address(host).is_unspecified
        except ValueError:
            assert host == socket.gethostname().lower()
