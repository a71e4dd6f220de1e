"""What must still work the second time, and what must have ended."""

from ollama_panel.proxy.relay import HEARTBEAT_S
from ollama_panel.proxy.response import FLUSH_TIMEOUT_S
from ollama_panel.proxy.upstream_connection import BUFFER_BYTES
from tests.fakes.rawclient import RawClient
from tests.fakes.upstream import (
    CHAT,
    END,
    NDJSON,
    FakeUpstream,
    ReceivedRequest,
    ScriptConnection,
    chat_lines,
    chunk,
    head,
    reply,
    stream,
)
from tests.proxy.conftest import ProxyHarness

BUSY = b'{"error":"server busy, please try again.  maximum pending requests exceeded"}'


async def test_twenty_polls_of_a_list_open_one_connection_to_each_instance(harness: ProxyHarness) -> None:
    async with FakeUpstream(reply(b'{"models":[]}')) as second, harness.client() as client:
        harness.upstream.script = reply(b'{"models":[]}')
        harness.gate.urls.append(second.url)
        for _ in range(20):
            for path in ("/api/tags", "/api/ps", "/v1/models"):
                assert (await client.exchange("GET", path)).status == 200
        assert (harness.upstream.opened, second.opened) == (1, 1)


async def test_every_answer_on_a_connection_has_a_reason_of_its_own(harness: ProxyHarness) -> None:
    async with harness.client() as client:
        for status in ("404 Not Here", "200 Fine"):
            harness.upstream.script = reply(b"{}", status)
            assert (await client.exchange("GET", "/api/version")).line == f"HTTP/1.1 {status}"
    assert harness.upstream.opened == 1


async def test_a_request_that_was_refused_gets_no_sign_of_life_afterwards(harness: ProxyHarness) -> None:
    harness.upstream.script = reply(BUSY, "503 Service Unavailable")
    async with harness.client() as client:
        for _ in range(2):
            assert (await client.exchange("POST", "/api/chat", CHAT)).status == 502
            await harness.later(HEARTBEAT_S + 1)
        got = await client.exchange("GET", "/")
        assert (got.status, got.body) == (200, b"Ollama is running"), "nothing came in between"


async def test_a_request_that_waits_again_gets_no_sign_of_life_of_its_first_attempt(harness: ProxyHarness) -> None:
    async def buffered_bytes(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.disconnected.wait()

    harness.upstream.script = buffered_bytes
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await harness.upstream.until(lambda: harness.upstream.active)
        harness.gate.slots = 0
        harness.gate.preempt(harness.gate.leases[0])
        await harness.upstream.until(lambda: harness.upstream.aborted == 1)
        await harness.later(HEARTBEAT_S + 1)
        harness.upstream.script = stream(chat_lines(1))
        harness.gate.set_slots(1)
        got = await client.get()
    assert got.header("X-Queue-Position") is None, "its answer began with the instance's own head"
    assert got.body == b"".join(chat_lines(1))


class Flood:
    """The script of an instance with a long answer, and how much of it has left."""

    PIECE, PIECES, LAST = b"x" * 500_000 + b"\n", 200, b'{"done":true}\n'

    def __init__(self, harness: ProxyHarness) -> None:
        self.sent = 0
        self._stage = harness
        harness.upstream.script = self.play

    async def play(self, _: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", *NDJSON))
        for _ in range(self.PIECES):
            await connection.send(chunk(self.PIECE))
            self.sent += len(self.PIECE)
        await connection.send(chunk(self.LAST) + END)
        self.sent += len(self.LAST)

    async def wait_stalled(self) -> int:
        """Return how much has left when nothing moves any more."""
        before = -1
        while self.sent != before:
            before = self.sent
            for _ in range(20):
                await self._stage.input_read()
        return self.sent


async def test_a_client_that_halts_again_holds_its_instance_back_again(harness: ProxyHarness) -> None:
    """Each time the answer stops at the instance, with some megabytes in all sockets together."""
    flood = Flood(harness)
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await client.head()
        read = 0
        for _ in range(3):
            assert await flood.wait_stalled() - read < 20_000_000
            assert buffered_bytes(harness) <= 2 * BUFFER_BYTES + len(flood.PIECE)
            goal = read + 25_000_000
            while read < goal:
                read += len(await client.chunk())
        while data := await client.chunk():
            read += len(data)
    assert read == flood.sent


def buffered_bytes(harness: ProxyHarness) -> int:
    """Return how many bytes of answers wait in the proxy for their clients."""
    upstream = harness.server._pool._connections
    connections = harness.server._client_server.connections  # type: ignore[union-attr]
    waiting = [one.reply._size for one in upstream if one.reply is not None]
    return sum(waiting) + sum(one.transport.get_write_buffer_size() for one in connections if one.transport)


async def break_long_answer(harness: ProxyHarness, client: RawClient) -> None:
    """Ask for an answer that is too long for the sockets, and let the user cancel it when it stands still."""
    flood = Flood(harness)
    await client.send_request("POST", "/api/chat", CHAT)
    await client.head()
    await flood.wait_stalled()
    harness.gate.cancel(harness.gate.leases[0])
    await harness.wait_idle()


async def test_a_client_that_reads_nothing_is_cut_off_some_time_after_its_answer_has_broken(
    harness: ProxyHarness,
) -> None:
    async with harness.client() as client:
        await break_long_answer(harness, client)
        await harness.input_read()
        assert connected(harness, client), "its last words may still reach it"
        await harness.later(FLUSH_TIMEOUT_S)
        await harness.input_read()
        assert not connected(harness, client)


async def test_a_client_that_reads_the_rest_of_its_broken_answer_in_time_is_not_cut_off_a_second_time(
    harness: ProxyHarness,
) -> None:
    """In CPython 3.11 to abort a transport that has closed by itself raises an error on the loop."""
    async with harness.client() as client:
        await break_long_answer(harness, client)
        await client.read_to_end()
        await harness.input_read()
        assert not connected(harness, client)
        await harness.later(FLUSH_TIMEOUT_S)


def connected(harness: ProxyHarness, client: RawClient) -> bool:
    """Return whether the proxy still has a client's connection, even if it is closing."""
    port = client.writer.get_extra_info("sockname")[1]
    return port in [one.port for one in harness.server._client_server.connections]  # type: ignore[union-attr]


async def test_an_instance_that_refuses_a_half_sent_body_gets_the_next_request_on_another_connection(
    harness: ProxyHarness,
) -> None:
    """What is sent next on that connection would be taken for the rest of the body."""
    harness.upstream.script = reply(b'{"error":"too big"}', "413 Too Large", "Connection: keep-alive")
    for number in (1, 2):
        harness.upstream.reads_bodies = False
        async with harness.client() as client:
            await client.send(b"POST /api/blobs/sha256:1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\nhalf")
            assert (await client.get()).status == 413
        harness.upstream.reads_bodies = True
        async with harness.client() as client:
            assert (await client.exchange("GET", "/api/version")).status == 413
        assert [request.line.split()[0] for request in harness.upstream.requests] == ["POST", "GET"] * number
