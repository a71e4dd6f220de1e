"""A proxy on a free port, in front of one fake instance, with a fake gate."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from ollama_panel.core.settings.tree import ProxySettings
from ollama_panel.proxy.body_storage import BodyStore
from ollama_panel.proxy.server import ProxyServer
from tests.fakes.gate import FakeGate
from tests.fakes.leak_checks import assert_loop_empty, busy_connections
from tests.fakes.panel_source import FakePanel
from tests.fakes.rawclient import RawClient, RawResponse
from tests.fakes.upstream import FakeUpstream
from tests.fakes.virtual import advance, pass_by
from tests.fakes.waiting import deadline

OWN_SECRET = "sesame"


class ProxyHarness:
    """The proxy under test, with its fake instance, gate and panel."""

    def __init__(self, upstream: FakeUpstream, gate: FakeGate) -> None:
        self.upstream = upstream
        self.gate = gate
        self.panel = FakePanel()
        self.bodies = BodyStore()
        self.options = ProxySettings(port=0, header_timeout_s=0)
        self.server = ProxyServer(gate, self.options, self.panel, own_secret=OWN_SECRET, bodies=self.bodies)
        self.url = ""

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def configure(self, **changes: object) -> None:
        self.options = msgspec.structs.replace(self.options, **changes)
        self.server.configure(self.options)

    async def connect(self) -> RawClient:
        return await RawClient.connect(self.port)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[RawClient]:
        client = await self.connect()
        try:
            yield client
        finally:
            await client.close()

    async def ask(self, line: str, *headers: str, host: str = "localhost") -> RawResponse:
        """Send a request with exactly these headers, and return the response."""
        async with self.client() as client:
            await client.send("\r\n".join([line + " HTTP/1.1", f"Host: {host}", *headers, "", ""]).encode())
            return await client.get()

    async def input_read(self) -> None:
        """Wait until the proxy has read what was sent to it before."""
        async with self.client() as other:
            await other.exchange("GET", "/")

    async def later(self, seconds: float) -> None:
        """Wait until the proxy has read what was sent, then let time pass."""
        await self.input_read()
        await pass_by(seconds)

    async def wait_all_ended(self) -> None:
        """Wait until no request is left in the proxy, at the gate or at the instance."""
        await self.upstream.until(lambda: self.upstream.active == 0)
        await self.gate.until(lambda: self.gate.running == 0 and not self.gate.waiting)
        await self.wait_idle()

    async def wait_idle(self) -> None:
        """Wait until no request is in progress in the proxy."""
        async with deadline(lambda: f"the last request to end, but {self.server.active} are being answered"):
            await self.server.wait_idle()

    async def wait_all_disconnected(self) -> None:
        """Wait until no client is connected."""
        async with deadline("the last client to be disconnected"):
            await self.server.wait_all_disconnected()

    async def assert_nothing_left(self) -> None:
        """Wait until all requests have ended, and assert that all connections are idle or closed."""
        await self.wait_all_ended()
        await advance(0)
        assert busy_connections(self.server) == 0
        assert [lease.job.id for lease in self.gate.leases if not lease.outcome] == []


@pytest.fixture
async def harness() -> AsyncIterator[ProxyHarness]:
    async with FakeUpstream() as upstream:
        harness = ProxyHarness(upstream, FakeGate(upstream.url))
        harness.url = await harness.server.start()
        try:
            yield harness
            await harness.assert_nothing_left()
        finally:
            await harness.server.stop(5)
        await harness.wait_all_disconnected()
        await upstream.until(lambda: upstream.connections == 0)
    await assert_loop_empty()
