"""Relayed inference requests: chunks are not merged, ends are reported, retried failures are hidden from the client."""

import asyncio

import pytest

from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.proxy.server import ProxyServer
from tests.fakes.rawclient import RawClient
from tests.fakes.small_panel import SmallPanel, Worker
from tests.fakes.upstream import (
    CHAT,
    END,
    NDJSON,
    SSE,
    FakeUpstream,
    ReceivedRequest,
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
from tests.proxy.test_broken_replies import EMBED


async def test_a_stream_passes_chunk_by_chunk_and_is_counted(harness: ProxyHarness) -> None:
    harness.upstream.script = stream(chat_lines(3))
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
    assert got.status == 200
    assert got.body == b"".join(chat_lines(3))
    assert got.complete
    lease = harness.gate.leases[0]
    assert lease.outcome == "finished 200"
    assert lease.usage.output_tokens == 3
    assert lease.usage.prompt_tokens == 16
    assert lease.usage.load_ns == 1_000_000
    assert lease.job.model == "tiny:latest"
    assert lease.job.stream


async def test_an_answer_says_where_it_ran_and_how_long_it_waited(harness: ProxyHarness) -> None:
    harness.upstream.script = reply(b'{"done":true,"prompt_eval_duration":2000000}')
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/generate", b'{"model":"tiny","stream":false}', "X-Request-ID: mine-7")
    assert got.header("X-Request-ID") == "mine-7"
    assert got.header("X-Panel-Instance") == "chat-1"
    assert got.header("X-Queue-Wait-Time") == "0.000"
    assert "prefill;dur=2.0" in (got.header("Server-Timing") or "")
    assert got.header("Content-Type") == "application/json; charset=utf-8"
    assert [name for name, _ in got.headers if name in ("Server", "Date")] == []


async def test_an_answer_in_one_piece_says_that_its_prompt_was_cut(harness: ProxyHarness) -> None:
    harness.gate.cut = PromptCut(None, 4096, 4096)
    harness.upstream.script = reply(b'{"done":true,"prompt_eval_count":4096}')
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/generate", b'{"model":"tiny","stream":false}')
    assert got.header("X-Panel-Prompt-Cut") == "kept=4096, context=4096"
    assert (got.header("Server-Timing") or "").endswith(', prompt-cut;desc="kept=4096, context=4096"')


async def test_a_stream_says_it_in_its_head_if_the_log_told_in_time_else_at_its_end(harness: ProxyHarness) -> None:
    harness.upstream.script = stream(chat_lines(2))
    for in_log in (PromptCut(8900, 4096, 4096), None):
        harness.gate.cut, harness.gate.cut_in_log = PromptCut(8900, 4096, 4096), in_log
        async with harness.client() as client:
            await client.send_request("POST", "/api/chat", CHAT, "TE: trailers")
            got = await client.head()
            assert got.header("X-Panel-Prompt-Cut") == ("prompt=8900, kept=4096, context=4096" if in_log else None)
            while await client.chunk_data():
                pass
            trailer = await client.reader.readuntil(b"\r\n\r\n")
            assert trailer.endswith(b', prompt-cut;desc="prompt=8900, kept=4096, context=4096"\r\n\r\n')


async def test_an_answer_that_comes_in_parts_has_its_times_too(harness: ProxyHarness) -> None:
    body = b'{"embeddings":[[' + b"0.5," * 100_000 + b'0.5]],"load_duration":3000000}'

    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", f"Content-Length: {len(body)}") + body[:1000])
        await connection.send(body[1000:])

    harness.upstream.script = play
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/embed", b'{"model":"tiny","input":"x"}')
    assert got.body == body
    assert "load;dur=3.0" in (got.header("Server-Timing") or "")


async def test_the_proxys_own_time_is_neither_that_of_the_upload_nor_of_a_failed_attempt(harness: ProxyHarness) -> None:
    now = 100.0

    async def die_late(_: ReceivedRequest, connection: ScriptConnection) -> None:
        nonlocal now
        now += 2.0
        connection.reset()

    harness.upstream.script = once_then(die_late, reply(b"{}"))
    server = ProxyServer(harness.gate, harness.options, harness.panel, lambda: now)
    port = int((await server.start()).rpartition(":")[2])
    client, other = await RawClient.connect(port), await RawClient.connect(port)
    try:
        lead = f"POST /api/embed HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(EMBED)}\r\n\r\n"
        await client.send(lead.encode() + EMBED[:5])
        await other.exchange("GET", "/")  # by now the head has been read
        now += 1.0
        await client.send(EMBED[5:])
        got = await client.get()
    finally:
        await client.close()
        await other.close()
        await server.stop(0)
    assert (got.status, harness.gate.leases[0].attempts) == (200, 2)
    assert "proxy;dur=0.00," in (got.header("Server-Timing") or "")


async def test_the_waiting_time_is_that_before_all_attempts_together(harness: ProxyHarness) -> None:
    now, gate = 100.0, harness.gate

    async def fill_up_and_die(_: ReceivedRequest, connection: ScriptConnection) -> None:
        gate.slots = 0
        connection.reset()

    gate.slots = 0
    harness.upstream.script = once_then(fill_up_and_die, reply(b"{}"))
    server = ProxyServer(gate, harness.options, harness.panel, lambda: now)
    client = await RawClient.connect(int((await server.start()).rpartition(":")[2]))
    try:
        await client.send_request("POST", "/api/embed", EMBED)
        for attempts, waited in ((0, 2.0), (1, 3.0)):
            await gate.until(lambda attempts=attempts: gate.waiting and gate.leases[0].attempts == attempts)
            now += waited
            gate.set_slots(1)
        got = await client.get()
    finally:
        await client.close()
        await server.stop(0)
    assert got.header("X-Queue-Wait-Time") == "5.000"


async def test_openai_streams_pass_with_their_end(harness: ProxyHarness) -> None:
    harness.upstream.script = stream(chat_events(2), headers=SSE)
    body = CHAT[:-1] + b',"stream":true}'
    async with harness.client() as client:
        got = await client.exchange("POST", "/v1/chat/completions", body)
    assert got.body.endswith(b"data: [DONE]\n\n")
    assert harness.gate.leases[0].outcome == "finished 200"
    assert harness.gate.leases[0].tokens == 3


async def test_chunks_that_come_together_stay_chunks(harness: ProxyHarness) -> None:
    """Many clients take each chunk for a message of its own."""
    lines = chat_lines(5)

    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", *NDJSON) + b"".join(map(chunk, lines[:3])))
        await connection.send(b"".join(map(chunk, lines[3:])) + END)

    harness.upstream.script = play
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
    assert got.chunks == lines


async def test_a_stream_ends_with_the_times_of_its_parts_for_who_asks(harness: ProxyHarness) -> None:
    harness.upstream.script = stream(chat_lines(2))
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT, "TE: trailers")
        got = await client.head()
        assert got.header("Trailer") == "Server-Timing"
        while await client.chunk_data():
            pass
        assert await client.reader.readuntil(b"\r\n\r\n") == (
            b"Server-Timing: load;dur=1.0, prefill;dur=2.0, decode;dur=5.0\r\n\r\n"
        )
        assert (await client.exchange("GET", "/")).status == 200, "the connection goes on"


async def test_who_does_not_ask_gets_no_trailers(harness: ProxyHarness) -> None:
    harness.upstream.script = stream(chat_lines(2))
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
        assert got.header("Trailer") is None
        assert (await client.exchange("GET", "/")).status == 200


async def test_a_stream_that_breaks_off_is_never_ended_cleanly(harness: ProxyHarness) -> None:
    harness.upstream.script = stream(chat_lines(3)[:2], end=b"")
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
    assert not got.complete
    assert got.chunks[-1].startswith(b'{"error":')
    assert harness.gate.leases[0].outcome == "failed closed"


async def test_two_requests_share_one_connection_to_the_instance(harness: ProxyHarness) -> None:
    harness.upstream.script = stream(chat_lines(1), end=END)
    async with harness.client() as client:
        await client.exchange("POST", "/api/chat", CHAT)
        await client.exchange("POST", "/api/chat", CHAT)
    assert harness.upstream.opened == 1


async def test_every_chunk_comes_on_its_own_in_64_streams_at_once(harness: ProxyHarness) -> None:
    """An instance says its next word only after the client has received the one before: nothing may be held back."""
    request = [asyncio.Semaphore(1) for _ in range(64)]
    lines = chat_lines(4)

    async def play(asked: ReceivedRequest, connection: ScriptConnection) -> None:
        number = int(asked.header("X-Number") or 0)
        await request[number].acquire()
        await connection.send(head("200 OK", *NDJSON) + chunk(lines[0]))
        for piece in lines[1:]:
            await request[number].acquire()
            await connection.send(chunk(piece))
        await connection.send(END)

    async def listen(number: int) -> list[bytes]:
        async with harness.client() as client:
            await client.send_request("POST", "/api/chat", CHAT, f"X-Number: {number}")
            await client.head()
            got = []
            while piece := await client.chunk():
                got.append(piece)
                request[number].release()
            return got

    harness.upstream.script = play
    async with asyncio.TaskGroup() as group:
        streams = [group.create_task(listen(number)) for number in range(64)]
    assert all(stream.result() == lines for stream in streams)


async def test_a_client_that_does_not_read_holds_its_instance_back(harness: ProxyHarness) -> None:
    """Nothing is piled up in between: the answer stops at the instance, and goes on as the client reads."""
    piece, pieces, sent, last = b"x" * 1_000_000 + b"\n", 64, 0, b'{"done":true}\n'

    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        nonlocal sent
        await connection.send(head("200 OK", *NDJSON))
        for _ in range(pieces):
            await connection.send(chunk(piece))
            sent += 1
        await connection.send(chunk(last) + END)

    harness.upstream.script = play
    async with harness.client() as client, harness.client() as other:
        await client.send_request("POST", "/api/chat", CHAT)
        await client.head()
        before = -1
        while sent != before:
            before = sent
            for _ in range(50):
                await other.exchange("GET", "/")
        assert sent < pieces
        read = 0
        while data := await client.chunk():
            read += len(data)
    assert read == pieces * len(piece) + len(last)


NATIVE_END = b'{"message":{"content":""},"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":1}\n'


@pytest.mark.parametrize(
    ("path", "kind", "pieces"),
    [
        ("/api/chat", NDJSON, [b'{"message":{"content":"x"},"done":false}\n', NATIVE_END]),
        ("/v1/chat/completions", SSE, [b'data: {"choices":[]}\n\n', b"data: [DONE]\n\n"]),
        ("/v1/messages", SSE, [b'event: message_stop\ndata: {"type":"message_stop"}\n\n']),
    ],
)
@pytest.mark.parametrize("framed", [True, False])
async def test_the_final_event_frees_the_slot_however_the_framing_ends(
    harness: ProxyHarness, path: str, kind: tuple[str, ...], pieces: list[bytes], framed: bool
) -> None:
    over = asyncio.Event()

    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", *kind))
        for piece in pieces:
            await connection.send(chunk(piece))
        await over.wait()
        await connection.send(END if framed else b"")
        if not framed:
            connection.hang_up()

    harness.upstream.script = play
    async with harness.client() as client:
        await client.send_request("POST", path, CHAT[:-1] + b',"stream":true}')
        got = await client.head()
        for piece in pieces:
            assert await client.chunk() == piece
        lease = harness.gate.leases[0]
        assert lease.outcome == "finished 200"
        over.set()
        await client.rest(got)
    assert (got.complete, got.chunks) == (True, [])
    assert lease.log == [("first_byte",), ("finished", 200)]


async def test_the_next_request_is_at_the_instance_while_the_framing_of_the_last_answer_is_still_open() -> None:
    over = asyncio.Event()

    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", *NDJSON) + chunk(NATIVE_END))
        await over.wait()
        await connection.send(END)

    async with FakeUpstream(play) as upstream, SmallPanel(Worker(upstream.url, parallel=1)) as panel:
        port = int(panel.url.rpartition(":")[2])
        clients = [await RawClient.connect(port) for _ in range(2)]
        for client in clients:
            await client.send_request("POST", "/api/chat", CHAT)
        await upstream.until(lambda: len(upstream.requests) == 2)
        over.set()
        for client in clients:
            assert (await client.get()).body == NATIVE_END
            await client.close()
