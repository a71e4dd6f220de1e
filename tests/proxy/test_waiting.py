"""Clients that wait are kept alive in a way that every parser skips, and told their place."""

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
from tests.proxy.conftest import Stage

SSE_CHAT = CHAT[:-1] + b',"stream":true}'
PLAIN_CHAT = CHAT[:-1] + b',"stream":false}'


async def waiting(stage: Stage, client: RawClient, path: str, body: bytes) -> None:
    """Ask while no slot is free, and let the panel give one heartbeat."""
    stage.gate.set_slots(0)
    await client.send_request("POST", path, body)
    await stage.gate.until(lambda: bool(stage.gate.waiting))
    stage.gate.heartbeat(stage.gate.leases[0], 17, 42)


async def test_a_native_stream_waits_with_spaces(stage: Stage) -> None:
    stage.upstream.script = stream(chat_lines(2))
    async with stage.client() as client:
        await waiting(stage, client, "/api/chat", CHAT)
        got = await client.head()
        assert got.header("Content-Type") == "application/x-ndjson"
        assert got.header("X-Queue-Position") == "17"
        assert await client.chunk() == b" "
        stage.gate.set_slots()
        await client.rest(got)
    assert [json.loads(line)["done"] for line in got.body.splitlines()] == [False, False, True]
    assert stage.gate.leases[0].outcome == "finished 200"


async def test_an_openai_stream_waits_with_comments(stage: Stage) -> None:
    stage.upstream.script = stream(chat_events(2), headers=SSE)
    async with stage.client() as client:
        await waiting(stage, client, "/v1/chat/completions", SSE_CHAT)
        got = await client.head()
        assert got.header("Content-Type") == "text/event-stream"
        assert await client.chunk() == b": panel queue=17 eta=42s\n\n"
        stage.gate.set_slots()
        await client.rest(got)
    assert got.body == b"".join(chat_events(2))


async def test_answers_that_are_no_streams_wait_in_silence(stage: Stage) -> None:
    stage.upstream.script = reply(b'{"done":true}')
    async with stage.client() as client:
        await waiting(stage, client, "/api/chat", PLAIN_CHAT)
        stage.gate.set_slots()
        got = await client.get()
    assert got.header("Content-Length") == "13"
    assert not stage.gate.jobs[0].heartbeat


async def test_no_signs_of_life_when_switched_off(stage: Stage) -> None:
    stage.configure(heartbeat=False)
    stage.upstream.script = stream(chat_lines(1))
    async with stage.client() as client:
        await waiting(stage, client, "/api/chat", CHAT)
        stage.gate.set_slots()
        got = await client.get()
    assert got.body == b"".join(chat_lines(1))
    assert not stage.gate.jobs[0].heartbeat


async def test_a_plain_answer_can_be_kept_alive_when_the_user_wants_it(stage: Stage) -> None:
    stage.configure(heartbeat_plain=True)
    stage.upstream.script = reply(b'{"done":true}')
    async with stage.client() as client:
        await waiting(stage, client, "/api/chat", PLAIN_CHAT)
        await stage.later(PLAIN_HEARTBEAT_AFTER_S)
        stage.gate.heartbeat(stage.gate.leases[0], 17, 42)
        got = await client.head()
        assert await client.chunk() == b" "
        stage.gate.set_slots()
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
    stage: Stage, path: str, body: bytes, sign: bytes, script: Script
) -> None:
    loaded = asyncio.Event()

    async def load(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await loaded.wait()
        await script(request, connection)

    stage.upstream.script = load
    async with stage.client() as client:
        await client.send_request("POST", path, body)
        await stage.upstream.until(lambda: stage.upstream.active)
        await stage.later(HEARTBEAT_S)
        got = await client.head()
        assert (got.status, got.header("X-Queue-Position")) == (200, "0")
        assert await client.chunk() == sign
        for _ in range(2):
            await stage.later(HEARTBEAT_S)
            assert await client.chunk() == sign
        loaded.set()
        await client.rest(got)
    assert b'"done": true' in got.body or got.body.endswith(b"data: [DONE]\n\n")
    assert got.complete
    assert stage.gate.leases[0].outcome == "finished 200"


async def test_a_load_that_fails_after_signs_of_life_is_tried_again(stage: Stage) -> None:
    seen = asyncio.Event()

    async def fail(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await seen.wait()
        connection.reset()

    stage.upstream.script = once_then(fail, stream(chat_lines(1)))
    async with stage.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await stage.upstream.until(lambda: stage.upstream.active)
        await stage.later(HEARTBEAT_S)
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
    stage: Stage, path: str, body: bytes, said: bytes
) -> None:
    async with stage.client() as client:
        await waiting(stage, client, path, body)
        got = await client.head()
        await client.chunk()
        stage.gate.refuse(RefusalReason.QUEUE_TIMEOUT, "too late")
        await client.rest(got)
    assert got.complete
    assert got.body.startswith(said)


async def test_an_instances_error_after_a_sign_of_life_is_said_inside_the_stream(stage: Stage) -> None:
    stage.upstream.script = reply(b'{"error":"model \'tiny\' not found"}', "404 Not Found")
    async with stage.client() as client:
        await waiting(stage, client, "/api/chat", CHAT)
        got = await client.head()
        await client.chunk()
        stage.gate.set_slots()
        await client.rest(got)
    assert json.loads(got.body) == {"error": "model 'tiny' not found"}
    assert stage.gate.leases[0].outcome == "finished 404"


async def test_the_place_in_the_queue_is_in_the_answers_head(stage: Stage) -> None:
    stage.gate.placement = lambda old: Placement(old.instance, old.url, position=3)
    stage.upstream.script = stream(chat_lines(1))
    async with stage.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT)
    assert got.header("X-Queue-Position") == "3"
    assert (got.header("Server-Timing") or "").startswith("queue;dur=")
