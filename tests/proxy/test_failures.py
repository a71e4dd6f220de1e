"""Failures before the first byte are retried and hidden from the client; failures after it are always shown."""

import asyncio
import json

import pytest

from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import FailureKind, RefusalReason
from tests.fakes.gate import ALL_FAILED, CANCELLED
from tests.fakes.upstream import (
    CHAT,
    END,
    NDJSON,
    ReceivedRequest,
    Script,
    ScriptConnection,
    chat_lines,
    chunk,
    head,
    once_then,
    reply,
    stream,
)
from tests.proxy.conftest import ProxyHarness
from tests.proxy.test_disconnects import endless, silent

BUSY = b'{"error":"server busy, please try again.  maximum pending requests exceeded"}'
KILLED = b'{"error":"an error was encountered while running the model: unexpected EOF"}'
LOADING = b'{"error":"llama-server process has terminated: exit status 1: cudaMalloc failed: out of memory"}'
SSE_CHAT = CHAT[:-1] + b',"stream":true}'


async def die(_: ReceivedRequest, connection: ScriptConnection) -> None:
    connection.reset()


async def die_after_headers(_: ReceivedRequest, connection: ScriptConnection) -> None:
    await connection.send(head("200 OK", *NDJSON))
    connection.reset()


async def garbage(_: ReceivedRequest, connection: ScriptConnection) -> None:
    await connection.send(b"\x00\x01 this is no HTTP \r\n\r\n")


GOOD = stream(chat_lines(2))

EARLY: dict[str, tuple[Script, FailureKind]] = {
    "ollama's queue is full": (reply(BUSY, "503 Service Unavailable"), FailureKind.BUSY),
    "the runner died": (reply(KILLED, "500 Internal Server Error"), FailureKind.RUNNER),
    "no memory for the model": (reply(LOADING, "500 Internal Server Error"), FailureKind.OUT_OF_MEMORY),
    "the runner died before the first token": (stream([KILLED + b"\n"]), FailureKind.RUNNER),
    "the server died": (die, FailureKind.CLOSED),
    "the server died after its headers": (die_after_headers, FailureKind.CLOSED),
    "no HTTP at all": (garbage, FailureKind.UPSTREAM),
    "a request that ollama dropped": (reply(b'{"error":"request canceled"}', "499 x"), FailureKind.CLOSED),
}


@pytest.mark.parametrize("name", EARLY)
async def test_a_failure_before_the_first_byte_is_tried_again_unseen(harness: ProxyHarness, name: str) -> None:
    script, kind = EARLY[name]
    harness.upstream.script = once_then(script, GOOD)
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
    assert (got.status, got.complete, got.body) == (200, True, b"".join(chat_lines(2)))
    lease = harness.gate.leases[0]
    assert lease.log[0][:3] == ("failed", kind, False)
    assert lease.outcome == "finished 200"


async def test_a_server_that_is_not_there_is_a_failure_to_connect(harness: ProxyHarness) -> None:
    harness.gate.urls = ["http://127.0.0.1:9", harness.upstream.url]
    harness.upstream.script = GOOD
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
    assert got.header("X-Panel-Instance") == "chat-2"
    assert harness.gate.leases[0].log[0][:3] == ("failed", FailureKind.CONNECT, False)


async def test_when_every_attempt_fails_the_panel_says_so_with_a_time_to_come_back(harness: ProxyHarness) -> None:
    harness.upstream.script = reply(BUSY, "503 Service Unavailable")
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
    assert got.status == 502
    assert got.header("Retry-After") == "7"
    assert got.json == {"error": render(ALL_FAILED), "code": "request.failed_again"}
    assert harness.gate.leases[0].attempts == 3


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("400 Bad Request", b'{"error":"invalid model name"}'),
        ("404 Not Found", b'{"error":"model \'nope\' not found"}'),
        ("500 Internal Server Error", b'{"error":"option \\"num_ctx\\" must be of type integer"}'),
        ("501 Not Implemented", b'{"error":"This server does not support embeddings."}'),
    ],
)
async def test_the_clients_own_mistakes_pass_as_they_are_and_are_not_tried_again(
    harness: ProxyHarness, status: str, body: bytes
) -> None:
    harness.upstream.script = reply(body, status)
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
    assert (got.line, got.body) == (f"HTTP/1.1 {status}", body)
    assert len(harness.upstream.requests) == 1
    assert harness.gate.leases[0].outcome == f"finished {status[:3]}"


async def test_a_connection_that_went_stale_is_replaced_without_a_failure(harness: ProxyHarness) -> None:
    harness.upstream.script = GOOD
    async with harness.client() as client:
        await client.exchange("POST", "/api/chat", CHAT)
        harness.upstream.script = once_then(die, GOOD)
        got = await client.exchange("POST", "/api/chat", CHAT)
    assert got.complete
    assert harness.gate.leases[1].log[0] == ("first_byte",)


async def test_an_instance_that_dies_of_a_request_gets_it_once_more_at_most(harness: ProxyHarness) -> None:
    release = asyncio.Event()

    async def held(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await release.wait()
        await GOOD(request, connection)

    harness.upstream.script = held
    async with harness.client() as one, harness.client() as two, harness.client() as three:
        for client in (one, two, three):
            await client.send_request("POST", "/api/chat", CHAT)
        await harness.upstream.until(lambda: len(harness.upstream.requests) == 3)
        release.set()
        for client in (one, two, three):
            assert (await client.get()).status == 200
        harness.upstream.script = die
        assert (await one.exchange("POST", "/api/chat", CHAT)).status == 502
    lease = harness.gate.leases[3]
    assert len(harness.upstream.requests) - 3 == lease.attempts + 1


async def test_a_request_whose_framing_breaks_on_the_way_is_refused(harness: ProxyHarness) -> None:
    harness.configure(body_timeout_s=0)
    for path in ("/api/chat", "/api/blobs/sha256:1"):
        async with harness.client() as client:
            lead = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"
            await client.send(lead.encode())
            async with harness.client() as other:
                await other.exchange("GET", "/")  # by now the first piece has been read
            await client.send(b"zz\r\n")
            got = await client.get()
            assert got.status == 400
            assert await client.closed_by_peer()
    await harness.wait_all_ended()


async def test_a_preempted_request_waits_again_and_its_instance_stops(harness: ProxyHarness) -> None:
    harness.upstream.script = once_then(silent, GOOD)
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await harness.upstream.until(lambda: len(harness.upstream.requests) == 1)
        harness.gate.slots = 0
        harness.gate.preempt(harness.gate.leases[0])
        await harness.upstream.until(lambda: harness.upstream.aborted == 1)
        harness.gate.set_slots(1)
        got = await client.get()
    assert got.complete
    assert harness.gate.leases[0].log == [("first_byte",), ("finished", 200)]


LONG = b'{"message":{"content":"' + 900_000 * b"x" + b'"},"done":true}'


@pytest.mark.parametrize("script", [stream(chat_lines(50)), reply(LONG), reply(b'{"error":"no"}', "400 Bad Request")])
async def test_a_preemption_that_the_first_byte_forestalls_does_not_break_the_answer(
    harness: ProxyHarness, script: Script
) -> None:
    harness.gate.preempts_too_late = True
    harness.upstream.script = script
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
    assert got.complete
    assert harness.gate.leases[0].outcome == f"finished {got.status}"
    assert len(harness.upstream.requests) == 1


async def test_a_request_cancelled_in_the_panel_is_told_so(harness: ProxyHarness) -> None:
    harness.upstream.script = silent
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await harness.upstream.until(lambda: len(harness.upstream.requests) == 1)
        harness.gate.cancel(harness.gate.leases[0])
        got = await client.get()
    assert got.status == 499
    assert got.json == {"error": render(CANCELLED), "code": "request.cancelled"}


@pytest.mark.parametrize("outran_a_preemption", [False, True])
async def test_a_stream_cancelled_in_the_panel_breaks_off_with_the_reason(
    harness: ProxyHarness, outran_a_preemption: bool
) -> None:
    harness.gate.preempts_too_late = outran_a_preemption
    harness.upstream.script = endless()
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await client.head()
        await client.chunk()
        harness.gate.cancel(harness.gate.leases[0])
        assert json.loads(await client.chunk()) == {"error": render(CANCELLED), "code": "request.cancelled"}
        assert await client.closed_by_peer()
    await harness.wait_all_ended()
    assert harness.gate.leases[0].outcome == "cancelled"


async def test_a_request_that_takes_too_long_is_answered_with_504(harness: ProxyHarness) -> None:
    harness.configure(request_timeout_s=300, heartbeat=False)
    harness.gate.max_attempts = 1
    harness.upstream.script = silent
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await harness.upstream.until(lambda: len(harness.upstream.requests) == 1)
        await harness.later(301)
        got = await client.get()
    assert got.status == 504
    assert got.header("Retry-After") == "7"
    assert harness.gate.leases[0].log[0][:3] == ("failed", FailureKind.TIMEOUT, False)
    await harness.upstream.until(lambda: harness.upstream.aborted == 1)


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (RefusalReason.QUEUE_FULL, 503),
        (RefusalReason.QUEUE_TIMEOUT, 504),
        (RefusalReason.NO_INSTANCE, 503),
        (RefusalReason.CANCELLED, 499),
    ],
)
@pytest.mark.parametrize(
    ("path", "where"),
    [("/api/chat", ("error",)), ("/v1/chat/completions", ("error", "message")), ("/v1/messages", ("error", "message"))],
)
async def test_a_refusal_is_said_in_the_dialect_of_the_path(
    harness: ProxyHarness, path: str, where: tuple[str, ...], reason: RefusalReason, status: int
) -> None:
    harness.gate.set_slots(0)
    async with harness.client() as client:
        await client.send_request("POST", path, CHAT)
        await harness.gate.until(lambda: bool(harness.gate.waiting))
        harness.gate.refuse(reason, notice("queue.full", waiting=7), 12)
        got = await client.get()
    assert got.status == status
    assert got.header("Retry-After") == "12"
    said: object = got.json
    for key in where:
        assert isinstance(said, dict)
        said = said[key]
    assert said == "The queue is full: 7 waiting. Try again later, or raise the queue limit."


async def test_an_instance_that_talks_after_its_answer_is_not_trusted_again(harness: ProxyHarness) -> None:
    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(
            head("200 OK", "Content-Length: 2") + b"okHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
        )

    harness.upstream.script = play
    async with harness.client() as client:
        for _ in range(2):
            assert (await client.exchange("GET", "/x")).body == b"ok"
    assert harness.upstream.opened == 2


async def test_management_moves_on_to_the_next_instance_when_the_first_is_down(harness: ProxyHarness) -> None:
    harness.gate.urls = ["http://127.0.0.1:9", harness.upstream.url]
    harness.upstream.script = reply(b'{"version":"0.0.0"}')
    async with harness.client() as client:
        got = await client.exchange("GET", "/api/version")
        assert got.json == {"version": "0.0.0"}


async def test_with_no_instance_at_all_the_answer_says_so(harness: ProxyHarness) -> None:
    harness.gate.urls = []
    async with harness.client() as client:
        got = await client.exchange("GET", "/api/version")
        assert got.status == 503
        assert got.header("Retry-After") == "2"
        assert got.json["code"] == "request.no_instance"
        assert (await client.exchange("GET", "/")).body == b"Ollama is running"


async def test_two_requests_with_one_id_are_two_jobs(harness: ProxyHarness) -> None:
    harness.gate.set_slots(0)
    async with harness.client() as one, harness.client() as two:
        for client in (one, two):
            await client.send_request("POST", "/api/chat", CHAT, "X-Request-ID: same")
        await harness.gate.until(lambda: len(harness.gate.waiting) == 2)
        first, second = (job.id for job in harness.gate.jobs)
    assert first == "same"
    assert second.startswith("same~")


async def test_many_clients_share_few_slots_and_all_are_served(harness: ProxyHarness) -> None:
    harness.upstream.script = GOOD
    harness.gate.set_slots(3)
    clients = [await harness.connect() for _ in range(60)]
    for client in clients:
        await client.send_request("POST", "/api/chat", CHAT)
    answers = [await client.get() for client in clients]
    for client in clients:
        await client.close()
    assert all(got.complete and got.status == 200 for got in answers)
    assert harness.gate.peak == 3


@pytest.mark.parametrize("framing", ["length", "chunks"])
async def test_a_long_error_of_the_instance_arrives_whole(harness: ProxyHarness, framing: str) -> None:
    error = b'{"error":"' + b"no" * 1_500_000 + b'"}'

    async def in_chunks(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("400 Bad Request", "Content-Type: application/json", "Transfer-Encoding: chunked"))
        for start in range(0, len(error), 100_000):
            await connection.send(chunk(error[start : start + 100_000]))
        await connection.send(END)

    harness.upstream.script = reply(error, "400 Bad Request") if framing == "length" else in_chunks
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
        assert (got.status, got.body == error, got.complete) == (400, True, True)
        assert (await client.exchange("GET", "/")).status == 200
    assert harness.gate.leases[0].outcome == "finished 400"
