"""Clients that stop reading are cut off after a while, wherever they are; those that read slowly are not."""

import asyncio
from collections.abc import Iterable

import pytest
from aiohttp.web import RequestHandler

from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.snapshot import RequestState
from ollama_panel.proxy import listening
from ollama_panel.proxy.connection import ClientServer, Connection
from ollama_panel.proxy.patient_timer import PARTS
from ollama_panel.proxy.write_watch import unsent
from tests.fakes.rawclient import RawClient
from tests.fakes.small_panel import SmallPanel, Worker
from tests.fakes.upstream import (
    CHAT,
    NDJSON,
    FakeUpstream,
    ReceivedRequest,
    Script,
    ScriptConnection,
    chat_lines,
    chunk,
    head,
    reply,
    stream,
)
from tests.fakes.virtual import advance
from tests.fakes.waiting import deadline
from tests.proxy.conftest import ProxyHarness

LIMIT_S = 60.0
STALLED = "cancelled: request.client_stalled"
LINE = b'{"message":{"content":"' + b"x" * 200_000 + b'"},"done":false}\n'
LONG = b'{"response":"' + b"x" * 40_000_000 + b'"}'
DOWNLOAD = ("Content-Type: application/octet-stream", "Transfer-Encoding: chunked")


def endless(*headers: str, line: bytes = LINE) -> Script:
    """Stream for as long as somebody takes it."""

    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", *headers))
        while not connection.disconnected.is_set():
            await connection.send(chunk(line))

    return play


async def blocked(harness: ProxyHarness) -> None:
    """Return when the write buffer of a connection is full."""
    server = harness.server._client_server
    assert server is not None
    await full(server, harness.port)


async def full(server: ClientServer, port: int) -> None:
    """Return when the write buffer of one of a server's connections is full, and nothing moves any more."""
    client = await RawClient.connect(port)
    before = -1
    async with deadline("a write buffer to be full"):
        while not (paused := [one for one in server.connections if one.writing_paused]) or before != _left(paused):
            before = _left(paused)
            for _ in range(20):
                await client.exchange("GET", "/")
    await client.close()


def _left(connections: Iterable[RequestHandler]) -> int:
    """Return how many bytes their clients have not taken."""
    transports = [one.transport for one in connections if one.transport is not None]
    return sum(one.get_write_buffer_size() + unsent(one) for one in transports)


async def stall(checks: int = PARTS + 1) -> None:
    """Let the watch look so many times. The first look may still see what was taken before."""
    for _ in range(checks):
        await advance(LIMIT_S / PARTS)


ANSWERS = {
    "stream": ("/api/chat", CHAT, endless(*NDJSON)),
    "openai": ("/v1/chat/completions", CHAT, endless("Content-Type: text/event-stream", "Transfer-Encoding: chunked")),
    "whole answer without a length": ("/api/generate", CHAT, endless("Content-Type: application/json", NDJSON[1])),
    "error": ("/api/chat", CHAT, reply(LONG, "404 Not Found")),
    "download": ("/api/blobs/sha256:1", None, endless(*DOWNLOAD)),
    "pull": ("/api/pull", b'{"model":"tiny"}', endless(*NDJSON)),
    "unknown path": ("/api/new", None, endless(*DOWNLOAD)),
    "long list": ("/api/tags", None, reply(LONG)),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_a_client_that_stops_reading_is_cut_off_whatever_it_is_sent(harness: ProxyHarness, name: str) -> None:
    path, body, harness.upstream.script = ANSWERS[name]
    async with harness.client() as client:
        await client.send_request("GET" if body is None else "POST", path, body)
        await blocked(harness)
        assert harness.server.active == 1
        await stall()
        await harness.wait_idle()
        await harness.upstream.until(lambda: harness.upstream.active == 0)
        assert not await _ends_well(client)
    await harness.wait_all_ended()


@pytest.mark.parametrize("name", ["stream", "openai", "whole answer without a length"])
async def test_the_gate_is_told_why_and_the_slot_is_free(harness: ProxyHarness, name: str) -> None:
    path, body, harness.upstream.script = ANSWERS[name]
    harness.gate.set_slots(1)
    async with harness.client() as deaf, harness.client() as other:
        await deaf.send_request("POST", path, body)
        await blocked(harness)
        await other.send_request("POST", "/api/chat", CHAT)
        await harness.gate.until(lambda: len(harness.gate.waiting) == 1)
        harness.upstream.script = stream(chat_lines(1))
        await stall()
        assert (await other.get()).status == 200
    assert [lease.outcome for lease in harness.gate.leases] == [STALLED, "finished 200"]


async def _ends_well(client: RawClient) -> bool:
    """Read what is left; return whether the answer is complete."""
    try:
        got = await client.get()
    except (ConnectionError, asyncio.IncompleteReadError):
        return False
    return got.complete


async def test_a_merged_list_that_nobody_reads_ends(harness: ProxyHarness) -> None:
    harness.upstream.script = reply(b'{"models":[{"name":"' + b"x" * 40_000_000 + b'"}]}')
    async with FakeUpstream(reply(b'{"models":[]}')) as second, harness.client() as client:
        harness.gate.urls.append(second.url)
        await client.send_request("GET", "/api/tags")
        await blocked(harness)
        await stall()
        await harness.wait_idle()
        await harness.wait_all_ended()
    del harness.gate.urls[1:]


async def test_a_whole_answer_frees_its_slot_at_once_and_its_connection_later(harness: ProxyHarness) -> None:
    body = b'{"response":"' + b"x" * 900_000 + b'"}'
    harness.upstream.script = reply(body)
    async with harness.client() as client:
        for _ in range(20):  # more than the system takes
            await client.send_request("POST", "/api/generate", CHAT)
        await blocked(harness)
        assert harness.gate.leases[-1].outcome == "finished 200"
        await stall()
        await harness.wait_idle()


async def test_a_client_that_takes_something_now_and_then_is_served_to_the_end(harness: ProxyHarness) -> None:
    harness.upstream.script = stream([LINE] * 400 + [b'{"done":true}\n'])
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await client.head()
        read = 0
        for _ in range(10):
            await blocked(harness)
            await stall(PARTS - 1)
            for _ in range(20):
                read += len(await client.chunk())
        while data := await client.chunk():
            read += len(data)
    assert read == 400 * len(LINE) + len(b'{"done":true}\n')
    assert harness.gate.leases[0].outcome == "finished 200"


async def test_without_a_limit_a_client_may_pause_for_ever(harness: ProxyHarness) -> None:
    harness.configure(write_timeout_s=0)
    harness.upstream.script = stream([LINE] * 50 + [b'{"done":true}\n'])
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await blocked(harness)
        await stall(10 * PARTS)
        assert (await client.get()).complete


async def test_a_short_pause_harms_nobody(harness: ProxyHarness) -> None:
    harness.upstream.script = stream([LINE] * 50 + [b'{"done":true}\n'])
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await blocked(harness)
        await advance(LIMIT_S - 1)  # as after the sleep of the machine: all checks are late at once
        assert (await client.get()).complete


async def test_a_machine_that_slept_gives_its_clients_the_time_that_they_had(harness: ProxyHarness) -> None:
    harness.upstream.script = stream([LINE] * 50 + [b'{"done":true}\n'])
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await blocked(harness)
        await advance(8 * 3600)
        assert (await client.get()).complete


async def test_heartbeats_that_nobody_reads_end_the_request(harness: ProxyHarness) -> None:
    """The answers before were not read: so the heartbeats of the next request stay in the proxy."""
    harness.upstream.script = reply(b'{"response":"' + b"x" * 30_000 + b'"}')
    async with harness.client() as client:
        connection = connection_of(harness, client)
        while connection.transport is not None and not connection.transport.get_write_buffer_size():
            before = len(harness.gate.leases)
            await client.send_request("POST", "/api/generate", CHAT)
            await harness.gate.until(
                lambda before=before: harness.gate.leases[before:] and harness.gate.leases[-1].outcome
            )
        harness.gate.set_slots(0)
        await client.send_request("POST", "/v1/chat/completions", CHAT[:-1] + b',"stream":true}')
        await harness.gate.until(lambda: len(harness.gate.waiting) == 1)
        for position in range(10_000, 0, -1):
            harness.gate.heartbeat(harness.gate.leases[-1], position)
        await blocked(harness)
        await stall()
        await harness.gate.until(lambda: not harness.gate.waiting)
        assert harness.gate.leases[-1].outcome == STALLED


def connection_of(harness: ProxyHarness, client: RawClient) -> Connection:
    """Return the proxy's end of a connection."""
    server, port = harness.server._client_server, client.writer.get_extra_info("sockname")[1]
    assert server is not None
    return next(one for one in server.connections if isinstance(one, Connection) and one.port == port)


# A connection that is closing


async def test_the_end_of_an_answer_that_nobody_reads_does_not_keep_the_connection(
    harness: ProxyHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system takes nearly all of the answer, as it may where `UNSENT_BYTES` is not known."""
    monkeypatch.setattr(listening, "UNSENT_BYTES", 1 << 30)
    await harness.server.stop(0)
    harness.url = await harness.server.start()
    harness.upstream.script = reply(b"x" * 4_000_000)
    async with harness.client() as client:
        await client.send_request("POST", "/api/generate", CHAT, "Connection: close")
        await harness.gate.until(lambda: harness.gate.leases and harness.gate.leases[0].outcome)
        await stall()
        await stall()
        await harness.wait_all_disconnected()


# The record


async def test_the_record_says_why_the_request_ended() -> None:
    async with (
        FakeUpstream(endless(*NDJSON)) as upstream,
        SmallPanel(Worker(upstream.url, parallel=1), policy=Policy()) as panel,
    ):
        port = int(panel.url.rpartition(":")[2])
        client = await RawClient.connect(port)
        await client.send_request("POST", "/api/chat", CHAT)
        server = panel._server._client_server
        assert server is not None
        await full(server, port)
        await stall()
        await panel.idle()
        (record,) = panel.timeline.finished_records()
        assert (record.state, record.why and record.why.code) == (RequestState.CANCELLED, "request.client_stalled")
        await upstream.until(lambda: upstream.connections == 0)
        await client.close()
