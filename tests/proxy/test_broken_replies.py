"""Replies that end before they are complete: the response never ends cleanly, and reports the error in its dialect."""

import asyncio

import pytest

from ollama_panel.proxy.relay import BUFFERED_BYTES
from tests.fakes.upstream import (
    CHAT,
    NDJSON,
    SSE,
    ReceivedRequest,
    Script,
    ScriptConnection,
    chat_events,
    chat_lines,
    chunk,
    head,
    once_then,
    reply,
    stream,
)
from tests.proxy.conftest import ProxyHarness
from tests.proxy.test_failures import KILLED, SSE_CHAT


async def test_a_runner_that_dies_in_mid_stream_is_reported_and_shown(harness: ProxyHarness) -> None:
    harness.upstream.script = stream([*chat_lines(3)[:2], KILLED + b"\n"])
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
    assert got.body.endswith(KILLED + b"\n")
    lease = harness.gate.leases[0]
    assert lease.outcome == "failed runner"
    assert lease.log[-1][2] is True


@pytest.mark.parametrize(
    ("path", "events", "headers", "last"),
    [
        ("/v1/chat/completions", chat_events(3)[:-1], SSE, b'data: {"error":{'),
        ("/v1/messages", chat_events(3)[:-1], SSE, b'event: error\ndata: {"type":"error"'),
        ("/api/chat", chat_lines(3)[:-1], NDJSON, b'{"error":'),
    ],
)
async def test_a_stream_that_ends_without_its_last_word_is_no_clean_end(
    harness: ProxyHarness, path: str, events: list[bytes], headers: tuple[str, ...], last: bytes
) -> None:
    harness.upstream.script = stream(events, headers=headers)
    async with harness.client() as client:
        got = await client.exchange("POST", path, SSE_CHAT)
    assert harness.gate.leases[0].outcome == "failed runner"
    assert last in got.body
    assert not got.complete


@pytest.mark.parametrize(
    ("path", "body", "headers", "last"),
    [
        ("/api/chat", CHAT, NDJSON, b'{"error":'),
        ("/v1/chat/completions", SSE_CHAT, SSE, b'data: {"error":{'),
        ("/v1/messages", SSE_CHAT, SSE, b'event: error\ndata: {"type":"error"'),
    ],
)
async def test_the_last_words_of_a_broken_stream_are_in_its_dialect(
    harness: ProxyHarness, path: str, body: bytes, headers: tuple[str, ...], last: bytes
) -> None:
    harness.upstream.script = stream([b"data: {}\n\n"], headers=headers, end=b"")
    async with harness.client() as client:
        got = await client.exchange("POST", path, body)
    assert not got.complete
    assert last in got.body


@pytest.mark.parametrize("nonsense", [b"zz\r\n", b"\x00\xff", head("200 OK"), b"-1\r\n"])
@pytest.mark.parametrize("path", ["/api/chat", "/api/new", "/api/tags"])
async def test_a_stream_whose_framing_breaks_is_broken_off(harness: ProxyHarness, path: str, nonsense: bytes) -> None:
    arrived = asyncio.Event()

    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", *NDJSON) + chunk(chat_lines(1)[0]))
        await arrived.wait()
        await connection.send(nonsense)
        await connection.disconnected.wait()

    harness.upstream.script = play
    async with harness.client() as client:
        await client.send_request("GET" if path == "/api/tags" else "POST", path, CHAT)
        got = await client.head()
        got.chunks.append(await client.chunk())
        arrived.set()
        await client.rest(got)
    assert not got.complete
    await harness.wait_all_ended()


def truncated(sent: int) -> Script:
    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", f"Content-Length: {sent + 1}") + b"x" * sent)
        connection.hang_up()

    return play


EMBED = b'{"model":"tiny","input":"x"}'


async def test_an_answer_with_a_length_that_breaks_off_is_tried_again(harness: ProxyHarness) -> None:
    vector = b'{"embeddings":[[0.5]]}'
    harness.upstream.script = once_then(truncated(50), reply(vector))
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/embed", EMBED)
    assert (got.status, got.body, got.complete) == (200, vector, True)


async def test_one_that_is_too_long_to_keep_is_cut(harness: ProxyHarness) -> None:
    harness.upstream.script = truncated(BUFFERED_BYTES + 100_000)
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/embed", EMBED)
    assert not got.complete
    assert harness.gate.leases[0].outcome == "failed closed"


ENDLESS = {
    "interim answers": (b"", b"HTTP/1.1 102 Processing\r\nX: " + b"x" * 1000 + b"\r\n\r\n"),
    "reason": (b"HTTP/1.1 200 O", b"K" * 1000),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"x" * 1000 + b"\r\n"),
    "header": (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 1000),
    "header name": (b"HTTP/1.1 200 OK\r\n", b"x" * 1000),
    "extension": (head("200 OK", *NDJSON) + chunk(b"{}\n") + b"2;", b"x" * 1000),
    "trailers": (head("200 OK", *NDJSON) + chunk(b"{}\n") + b"0\r\n", b"X-More: " + b"x" * 1000 + b"\r\n"),
    "trailer": (head("200 OK", *NDJSON) + chunk(b"{}\n") + b"0\r\nX-Long: ", b"x" * 1000),
    "trailers of an upload's answer": (head("200 OK", *NDJSON) + b"0\r\n", b"X: " + b"x" * 1000 + b"\r\n"),
}


def endless_after(begin: bytes, more: bytes) -> Script:
    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(begin)
        while True:
            await connection.send(more)

    return play


@pytest.mark.parametrize("what", ENDLESS)
@pytest.mark.parametrize("path", ["/api/chat", "/api/pull"])
async def test_what_has_no_end_and_no_payload_is_broken_off(harness: ProxyHarness, what: str, path: str) -> None:
    harness.gate.max_attempts = 1
    harness.upstream.script = endless_after(*ENDLESS[what])
    async with harness.client() as client:
        got = await client.exchange("POST", path, CHAT)
        assert got.status == 502 or not got.complete
        await harness.upstream.until(lambda: harness.upstream.aborted == 1)


async def test_an_answer_that_is_whole_ends_cleanly_before_its_endless_trailers(harness: ProxyHarness) -> None:
    lines = [line.replace(b": ", b":") for line in chat_lines(2)]  # as Ollama writes them
    begin = head("200 OK", *NDJSON) + b"".join(map(chunk, lines))
    harness.upstream.script = endless_after(begin + b"0\r\n", b"X-More: " + b"x" * 1000 + b"\r\n")
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
    assert got.complete
    assert got.body == b"".join(lines)
    assert harness.gate.leases[0].outcome == "finished 200"


async def test_long_trailers_within_the_limit_do_no_harm(harness: ProxyHarness) -> None:
    end = b"0\r\n" + b"".join(b"X-%d: %b\r\n" % (number, b"x" * 1000) for number in range(100)) + b"\r\n"
    harness.upstream.script = stream(chat_lines(2), end=end)
    async with harness.client() as client:
        assert (await client.exchange("POST", "/api/chat", CHAT)).complete
