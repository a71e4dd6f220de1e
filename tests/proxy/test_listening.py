"""The sockets that the proxy listens on: both families, one port, and sentences for what is no address."""

import contextlib
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.settings.tree import ProxySettings
from ollama_panel.proxy import listening
from ollama_panel.proxy.listening import open_families, open_sockets, url_of
from ollama_panel.proxy.server import ProxyServer
from tests.proxy.conftest import FakePanel, ProxyHarness

has_ipv6 = pytest.mark.skipif(not socket.has_ipv6, reason="this Python has no IPv6")


@contextmanager
def opened(sockets: tuple[socket.socket, ...]) -> Iterator[list[str]]:
    try:
        yield [one.getsockname()[0] for one in sockets]
    finally:
        for one in sockets:
            one.close()


@has_ipv6
@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        ("::", ["0.0.0.0", "::"]),
        ("[::]", ["0.0.0.0", "::"]),
        ("", ["0.0.0.0", "::"]),
        ("localhost", ["127.0.0.1", "::1"]),
        ("LOCALHOST", ["127.0.0.1", "::1"]),
        ("::1", ["::1"]),
        ("0.0.0.0", ["0.0.0.0"]),
        ("127.0.0.1", ["127.0.0.1"]),
    ],
)
async def test_a_host_that_means_both_families_listens_on_both(host: str, addresses: list[str]) -> None:
    sockets = await open_sockets(host, 0)
    with opened(sockets) as found:
        assert found == addresses
        assert len({one.getsockname()[1] for one in sockets}) == 1


@pytest.mark.parametrize("host", ["::", "localhost"])
@pytest.mark.parametrize("error", [errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL])
async def test_a_machine_without_ipv6_listens_on_ipv4(host: str, error: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class OnlyIPv4(socket.socket):
        def bind(self, address: object) -> None:
            if self.family == socket.AF_INET6:
                raise OSError(error, "no IPv6 here")
            super().bind(address)  # type: ignore[arg-type] # whatever the product gives

    monkeypatch.setattr(listening.socket, "socket", OnlyIPv4)
    sockets = await open_sockets(host, 0)
    with opened(sockets) as found:
        assert found in (["0.0.0.0"], ["127.0.0.1"])


@has_ipv6
async def test_a_port_that_is_taken_on_one_family_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(OSError, match="in use") as caught:
        await open_sockets("localhost", other.getsockname()[1])
    assert caught.value.errno == errno.EADDRINUSE


@pytest.mark.parametrize(
    ("host", "url"), [("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("localhost", "127.0.0.1"), ("::1", "[::1]")]
)
async def test_the_url_is_one_to_use(host: str, url: str) -> None:
    sockets = await open_sockets(host, 0)
    with opened(sockets):
        assert url_of(sockets) == f"http://{url}:{sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("host", "families"), [("0.0.0.0", 1), ("::", 2), ("", 2), ("127.0.0.1", 0), ("::1", 0), ("localhost", 0)]
)
async def test_it_is_known_whether_other_machines_can_connect(host: str, families: int) -> None:
    sockets = await open_sockets(host, 0)
    with opened(sockets):
        assert len(open_families(sockets)) == families


@pytest.mark.parametrize(
    "host",
    [
        *("192.168..5", "." * 3, "x" * 70, f"{'x' * 70}.example", "a" * 300),
        *("no such host", "nul\0byte", "bücher..example", "\udcff", "300.1.1.1", "http://127.0.0.1", "fe80::1%none"),
    ],
)
async def test_a_host_that_is_none_is_a_sentence(harness: ProxyHarness, host: str) -> None:
    server = ProxyServer(harness.gate, ProxySettings(host=host, port=1234), FakePanel())
    with pytest.raises(PanelError, match=r"^The proxy cannot listen on"):
        await server.start()


@pytest.mark.parametrize("port", [-1, 65536, 1 << 40])
@pytest.mark.parametrize("host", ["127.0.0.1", "::", "localhost"])
async def test_a_port_that_is_none_is_a_sentence(harness: ProxyHarness, host: str, port: int) -> None:
    server = ProxyServer(harness.gate, ProxySettings(host=host, port=port), FakePanel())
    with pytest.raises(PanelError, match=r"^The proxy cannot listen on"):
        await server.start()


@pytest.mark.skipif(not hasattr(socket, "TCP_NOTSENT_LOWAT"), reason="the system has no such limit")
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_the_system_takes_little_for_a_client_that_does_not_read(host: str) -> None:
    (listens,) = await open_sockets(host, 0)
    with listens, socket.create_connection(listens.getsockname()[:2]) as client:
        connection, _ = listens.accept()
        with connection:
            connection.setblocking(False)
            taken = 0
            with contextlib.suppress(BlockingIOError):
                while taken < 3_000_000:
                    taken += connection.send(bytes(65_536))
            assert taken < 1_000_000
            assert client.recv(1) == b"\0"
