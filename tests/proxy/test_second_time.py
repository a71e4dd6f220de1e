"""What must work again and again, and what must be over when it is over."""

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
from tests.proxy.conftest import Stage

BUSY = b'{"error":"server busy, please try again.  maximum pending requests exceeded"}'


async def test_twenty_polls_of_a_list_open_one_connection_to_each_instance(stage: Stage) -> None:
    async with FakeUpstream(reply(b'{"models":[]}')) as second, stage.client() as client:
        stage.upstream.script = reply(b'{"models":[]}')
        stage.gate.urls.append(second.url)
        for _ in range(20):
            for path in ("/api/tags", "/api/ps", "/v1/models"):
                assert (await client.exchange("GET", path)).status == 200
        assert (stage.upstream.opened, second.opened) == (1, 1)


async def test_a_request_that_was_refused_gets_no_sign_of_life_afterwards(stage: Stage) -> None:
    stage.upstream.script = reply(BUSY, "503 Service Unavailable")
    async with stage.client() as client:
        for _ in range(2):
            assert (await client.exchange("POST", "/api/chat", CHAT)).status == 502
            await stage.later(HEARTBEAT_S + 1)
        got = await client.exchange("GET", "/")
        assert (got.status, got.body) == (200, b"Ollama is running"), "nothing came in between"


async def test_a_request_that_waits_again_gets_no_sign_of_life_of_its_first_attempt(stage: Stage) -> None:
    async def held(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.disconnected.wait()

    stage.upstream.script = held
    async with stage.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await stage.upstream.until(lambda: stage.upstream.active)
        stage.gate.slots = 0
        stage.gate.preempt(stage.gate.leases[0])
        await stage.upstream.until(lambda: stage.upstream.aborted == 1)
        await stage.later(HEARTBEAT_S + 1)
        stage.upstream.script = stream(chat_lines(1))
        stage.gate.set_slots(1)
        got = await client.get()
    assert got.header("X-Queue-Position") is None, "its answer began with the instance's own head"
    assert got.body == b"".join(chat_lines(1))


class Flood:
    """The script of an instance with a long answer, and how much of it has left."""

    PIECE, PIECES, LAST = b"x" * 500_000 + b"\n", 200, b'{"done":true}\n'

    def __init__(self, stage: Stage) -> None:
        self.sent = 0
        self._stage = stage
        stage.upstream.script = self.play

    async def play(self, _: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", *NDJSON))
        for _ in range(self.PIECES):
            await connection.send(chunk(self.PIECE))
            self.sent += len(self.PIECE)
        await connection.send(chunk(self.LAST) + END)
        self.sent += len(self.LAST)

    async def halted(self) -> int:
        """Return how much has left when nothing moves any more."""
        before = -1
        while self.sent != before:
            before = self.sent
            for _ in range(20):
                await self._stage.taken_in()
        return self.sent


async def test_a_client_that_halts_again_holds_its_instance_back_again(stage: Stage) -> None:
    """Each time the answer stops at the instance, with some megabytes in all sockets together."""
    flood = Flood(stage)
    async with stage.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await client.head()
        read = 0
        for _ in range(3):
            assert await flood.halted() - read < 20_000_000
            assert held(stage) <= 2 * BUFFER_BYTES + len(flood.PIECE)
            goal = read + 25_000_000
            while read < goal:
                read += len(await client.chunk())
        while data := await client.chunk():
            read += len(data)
    assert read == flood.sent


def held(stage: Stage) -> int:
    """Return how many bytes of answers wait in the proxy for their clients."""
    upstream = stage.server._pool._connections
    connections = stage.server._client_server.connections  # type: ignore[union-attr]
    waiting = [one.reply._size for one in upstream if one.reply is not None]
    return sum(waiting) + sum(one.transport.get_write_buffer_size() for one in connections if one.transport)


async def test_a_client_that_reads_nothing_is_cut_off_some_time_after_its_answer_has_broken(stage: Stage) -> None:
    flood = Flood(stage)
    async with stage.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await client.head()
        await flood.halted()
        stage.gate.cancel(stage.gate.leases[0])
        await stage.idle()
        await stage.taken_in()
        assert connected(stage, client), "its last words may still reach it"
        await stage.later(FLUSH_TIMEOUT_S)
        await stage.taken_in()
        assert not connected(stage, client)


def connected(stage: Stage, client: RawClient) -> bool:
    """Say whether the proxy still has a client's connection, be it closing."""
    port = client.writer.get_extra_info("sockname")[1]
    return port in [one.port for one in stage.server._client_server.connections]  # type: ignore[union-attr]


async def test_an_instance_that_refuses_a_half_sent_body_gets_the_next_request_on_another_connection(
    stage: Stage,
) -> None:
    """What is sent next on that connection would be taken for the rest of the body."""
    stage.upstream.script = reply(b'{"error":"too big"}', "413 Too Large", "Connection: keep-alive")
    for number in (1, 2):
        stage.upstream.reads_bodies = False
        async with stage.client() as client:
            await client.send(b"POST /api/blobs/sha256:1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\nhalf")
            assert (await client.get()).status == 413
        stage.upstream.reads_bodies = True
        async with stage.client() as client:
            assert (await client.exchange("GET", "/api/version")).status == 413
        assert [request.line.split()[0] for request in stage.upstream.requests] == ["POST", "GET"] * number
