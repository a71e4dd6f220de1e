"""Waiting clients get heartbeats that every parser skips, and their position."""

import asyncio
import json

import pytest

from ollama_panel.core.records import Placement, RefusalReason
from ollama_panel.proxy.relay import HEARTBEAT_S, PLAIN_HEARTBEAT_AFTER_S
from tests.fakes.rawclient import RawClient
from tests.fakes.upstream import (
    CHAT,
    SSE,
    ReceivedRequest,
    Script,
    ScriptConnection,
    chat_events,
    chat_lines,
    once_then,
    reply,
    stream,
)
from tests.proxy.conftest import ProxyHarness

SSE_CHAT = CHAT[:-1] + b',"stream":true}'
PLAIN_CHAT = CHAT[:-1] + b',"stream":false}'


async def waiting(harness: ProxyHarness, client: RawClient, path: str, body: bytes) -> None:
    """Ask while no slot is free, and let the panel give one heartbeat."""
    harness.gate.set_slots(0)
    await client.send_request("POST", path, body)
    await harness.gate.until(lambda: bool(harness.gate.waiting))
    harness.gate.heartbeat(harness.gate.leases[0], 17, 42)


async def test_a_native_stream_waits_with_spaces(harness: ProxyHarness) -> None:
    harness.upstream.script = stream(chat_lines(2))
    async with harness.client() as client:
        await waiting(harness, client, "/api/chat", CHAT)
        got = await client.head()
        assert got.header("Content-Type") == "application/x-ndjson"
        assert got.header("X-Queue-Position") == "17"
        assert await client.chunk() == b" "
        harness.gate.set_slots()
        await client.rest(got)
    assert [json.loads(line)["done"] for line in got.body.splitlines()] == [False, False, True]
    assert harness.gate.leases[0].outcome == "finished 200"


async def test_an_openai_stream_waits_with_comments(harness: ProxyHarness) -> None:
    harness.upstream.script = stream(chat_events(2), headers=SSE)
    async with harness.client() as client:
        await waiting(harness, client, "/v1/chat/completions", SSE_CHAT)
        got = await client.head()
        assert got.header("Content-Type") == "text/event-stream"
        assert await client.chunk() == b": panel queue=17 eta=42s\n\n"
        harness.gate.set_slots()
        await client.rest(got)
    assert got.body == b"".join(chat_events(2))


async def test_answers_that_are_no_streams_wait_in_silence(harness: ProxyHarness) -> None:
    harness.upstream.script = reply(b'{"done":true}')
    async with harness.client() as client:
        await waiting(harness, client, "/api/chat", PLAIN_CHAT)
        harness.gate.set_slots()
        got = await client.get()
    assert got.header("Content-Length") == "13"
    assert not harness.gate.jobs[0].heartbeat


async def test_no_signs_of_life_when_switched_off(harness: ProxyHarness) -> None:
    harness.configure(heartbeat=False)
    harness.upstream.script = stream(chat_lines(1))
    async with harness.client() as client:
        await waiting(harness, client, "/api/chat", CHAT)
        harness.gate.set_slots()
        got = await client.get()
    assert got.body == b"".join(chat_lines(1))
    assert not harness.gate.jobs[0].heartbeat


async def test_a_plain_answer_can_be_kept_alive_when_the_user_wants_it(harness: ProxyHarness) -> None:
    harness.configure(heartbeat_plain=True)
    harness.upstream.script = reply(b'{"done":true}')
    async with harness.client() as client:
        await waiting(harness, client, "/api/chat", PLAIN_CHAT)
        await harness.later(PLAIN_HEARTBEAT_AFTER_S)
        harness.gate.heartbeat(harness.gate.leases[0], 17, 42)
        got = await client.head()
        assert await client.chunk() == b" "
        harness.gate.set_slots()
        await client.rest(got)
    assert json.loads(got.body) == {"done": True}


@pytest.mark.parametrize(
    ("path", "body", "sign", "script"),
    [
        ("/api/chat", CHAT, b" ", stream(chat_lines(2))),
        ("/v1/chat/completions", SSE_CHAT, b": panel queue=0\n\n", stream(chat_events(2), headers=SSE)),
    ],
)
async def test_a_stream_whose_model_loads_for_long_is_kept_alive(
    harness: ProxyHarness, path: str, body: bytes, sign: bytes, script: Script
) -> None:
    loaded = asyncio.Event()

    async def load(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await loaded.wait()
        await script(request, connection)

    harness.upstream.script = load
    async with harness.client() as client:
        await client.send_request("POST", path, body)
        await harness.upstream.until(lambda: harness.upstream.active)
        await harness.later(HEARTBEAT_S)
        got = await client.head()
        assert (got.status, got.header("X-Queue-Position")) == (200, "0")
        assert await client.chunk() == sign
        for _ in range(2):
            await harness.later(HEARTBEAT_S)
            assert await client.chunk() == sign
        loaded.set()
        await client.rest(got)
    assert b'"done": true' in got.body or got.body.endswith(b"data: [DONE]\n\n")
    assert got.complete
    assert harness.gate.leases[0].outcome == "finished 200"


async def test_a_load_that_fails_after_signs_of_life_is_tried_again(harness: ProxyHarness) -> None:
    seen = asyncio.Event()

    async def fail(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await seen.wait()
        connection.reset()

    harness.upstream.script = once_then(fail, stream(chat_lines(1)))
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await harness.upstream.until(lambda: harness.upstream.active)
        await harness.later(HEARTBEAT_S)
        got = await client.head()
        assert await client.chunk() == b" "
        seen.set()
        await client.rest(got)
    assert [json.loads(line)["done"] for line in got.body.splitlines()] == [False, True]


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/api/chat", CHAT, b'{"error":"too late"}\n'),
        ("/v1/chat/completions", SSE_CHAT, b'data: {"error":{"message":"too late","type":"api_error"'),
        ("/v1/messages", SSE_CHAT, b'event: error\ndata: {"type":"error","error":{"type":"api_error"'),
    ],
)
async def test_a_refusal_after_a_sign_of_life_is_said_inside_the_stream(
    harness: ProxyHarness, path: str, body: bytes, said: bytes
) -> None:
    async with harness.client() as client:
        await waiting(harness, client, path, body)
        got = await client.head()
        await client.chunk()
        harness.gate.refuse(RefusalReason.QUEUE_TIMEOUT, "too late")
        await client.rest(got)
    assert got.complete
    assert got.body.startswith(said)


async def test_an_instances_error_after_a_sign_of_life_is_said_inside_the_stream(harness: ProxyHarness) -> None:
    harness.upstream.script = reply(b'{"error":"model \'tiny\' not found"}', "404 Not Found")
    async with harness.client() as client:
        await waiting(harness, client, "/api/chat", CHAT)
        got = await client.head()
        await client.chunk()
        harness.gate.set_slots()
        await client.rest(got)
    assert json.loads(got.body) == {"error": "model 'tiny' not found"}
    assert harness.gate.leases[0].outcome == "finished 404"


async def test_the_place_in_the_queue_is_in_the_answers_head(harness: ProxyHarness) -> None:
    harness.gate.placement = lambda old: Placement(old.instance, old.url, position=3)
    harness.upstream.script = stream(chat_lines(1))
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
    assert got.header("X-Queue-Position") == "3"
    assert (got.header("Server-Timing") or "").startswith("queue;dur=")
