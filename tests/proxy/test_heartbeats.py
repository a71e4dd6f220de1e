"""Waiting clients get heartbeats that every parser skips, and their position."""

import asyncio
import json

import pytest

from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import Placement, RefusalReason
from ollama_panel.proxy.relay import BUFFERED_BYTES, HEARTBEAT_S, PLAIN_HEARTBEAT_AFTER_S
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
TOO_LATE = notice("queue.timeout", waited=30)
PLAIN_CHAT = CHAT[:-1] + b',"stream":false}'


async def waiting(harness: ProxyHarness, client: RawClient, path: str, body: bytes, *headers: str) -> None:
    """Ask while no slot is free, and let the panel give one heartbeat."""
    harness.gate.set_slots(0)
    await client.send_request("POST", path, body, *headers)
    await harness.gate.until(lambda: bool(harness.gate.waiting))
    harness.gate.heartbeat(harness.gate.leases[0], 17, 42)


async def test_a_native_stream_waits_with_spaces(harness: ProxyHarness) -> None:
    harness.upstream.script = stream(chat_lines(2))
    async with harness.client() as client:
        await waiting(harness, client, "/api/chat", CHAT)
        got = await client.head()
        assert got.header("Content-Type") == "application/x-ndjson"
        assert got.header("X-Queue-Position") == "17"
        assert got.header("X-Queue-ETA") == "42"
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
        assert await client.chunk() == b": position 17, about 42 s\n\n"
        harness.gate.set_slots()
        await client.rest(got)
    assert got.body == b"".join(chat_events(2))


async def test_answers_that_are_no_streams_wait_in_silence_when_the_user_wants_it(harness: ProxyHarness) -> None:
    harness.configure(heartbeat_plain=False)
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


async def test_a_plain_answer_waits_with_white_space(harness: ProxyHarness) -> None:
    harness.upstream.script = reply(b'{"done":true}')
    async with harness.client() as client:
        await waiting(harness, client, "/api/chat", PLAIN_CHAT)
        await harness.later(PLAIN_HEARTBEAT_AFTER_S)
        harness.gate.heartbeat(harness.gate.leases[0], 17, 42)
        got = await client.head()
        assert (got.status, got.header("Content-Type")) == (200, "application/json; charset=utf-8")
        assert (got.header("X-Queue-Position"), got.header("X-Queue-ETA")) == ("17", "42")
        assert await client.chunk() == b" "
        harness.gate.set_slots()
        await client.rest(got)
    assert json.loads(got.body) == {"done": True}
    assert got.complete


@pytest.mark.parametrize("size", [1, BUFFERED_BYTES + 100_000])
async def test_a_cut_prompt_is_told_after_a_plain_answer_that_began_with_white_space(
    harness: ProxyHarness, size: int
) -> None:
    harness.gate.cut = PromptCut(8900, 4096, 4096)
    harness.upstream.script = reply(b'{"x":"%b","prompt_eval_count":4096,"done":true}' % (b"x" * size))
    async with harness.client() as client:
        await waiting(harness, client, "/api/chat", PLAIN_CHAT, "TE: trailers")
        await harness.later(PLAIN_HEARTBEAT_AFTER_S)
        harness.gate.heartbeat(harness.gate.leases[0], 17, 42)
        got = await client.head()
        assert got.header("Trailer") == "Server-Timing"
        harness.gate.set_slots()
        while await client.chunk_data():
            pass
        trailer = await client.reader.readuntil(b"\r\n\r\n")
    assert b'prompt-cut;desc="prompt=8900, kept=4096, context=4096"' in trailer


async def test_a_plain_answer_that_waits_less_than_twenty_seconds_keeps_its_own_head(harness: ProxyHarness) -> None:
    harness.upstream.script = reply(b'{"done":true}')
    async with harness.client() as client:
        await waiting(harness, client, "/api/chat", PLAIN_CHAT)
        await harness.later(PLAIN_HEARTBEAT_AFTER_S - 1)
        harness.gate.heartbeat(harness.gate.leases[0], 16, 41)
        harness.gate.set_slots()
        got = await client.get()
    assert (got.header("Content-Length"), got.body) == ("13", b'{"done":true}')
    assert got.header("X-Queue-ETA") is None


def held(script: Script) -> tuple[Script, asyncio.Event]:
    """Return a script that begins when the event is set: the model loads until then."""
    loaded = asyncio.Event()

    async def load(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await loaded.wait()
        await script(request, connection)

    return load, loaded


@pytest.mark.parametrize(
    ("path", "body", "answer"),
    [
        ("/api/chat", PLAIN_CHAT, b'{"done":true}'),
        ("/api/embed", b'{"model":"tiny","input":"x"}', b'{"embeddings":[[0.5]]}'),
        ("/v1/embeddings", b'{"model":"tiny","input":"x"}', b'{"object":"list","data":[]}'),
        ("/v1/messages", PLAIN_CHAT, b'{"type":"message"}'),
    ],
)
async def test_a_plain_answer_that_takes_long_at_its_instance_is_preceded_by_white_space(
    harness: ProxyHarness, path: str, body: bytes, answer: bytes
) -> None:
    harness.upstream.script, loaded = held(reply(answer))
    async with harness.client() as client:
        await client.send_request("POST", path, body)
        await harness.upstream.until(lambda: harness.upstream.active)
        await harness.later(PLAIN_HEARTBEAT_AFTER_S)
        got = await client.head()
        assert (got.status, got.header("X-Queue-Position")) == (200, "0")
        assert await client.chunk() == b" "
        await harness.later(HEARTBEAT_S)
        assert await client.chunk() == b" "
        loaded.set()
        await client.rest(got)
    assert got.body == answer
    assert got.complete


async def test_the_first_sign_comes_within_four_seconds_of_the_request_when_part_of_them_was_in_the_queue(
    harness: ProxyHarness,
) -> None:
    harness.upstream.script, loaded = held(stream(chat_lines(1)))
    harness.gate.set_slots(0)
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await harness.gate.until(lambda: bool(harness.gate.waiting))
        await harness.later(3)
        harness.gate.set_slots()
        await harness.upstream.until(lambda: harness.upstream.active)
        await harness.later(1)
        got = await client.head()
        assert await client.chunk() == b" "
        loaded.set()
        await client.rest(got)
    assert got.complete


@pytest.mark.parametrize(
    ("path", "body", "sign", "script"),
    [
        ("/api/chat", CHAT, b" ", stream(chat_lines(2))),
        ("/v1/chat/completions", SSE_CHAT, b": position 0\n\n", stream(chat_events(2), headers=SSE)),
    ],
)
async def test_a_stream_whose_model_loads_for_long_is_kept_alive(
    harness: ProxyHarness, path: str, body: bytes, sign: bytes, script: Script
) -> None:
    harness.upstream.script, loaded = held(script)
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
        ("/api/chat", CHAT, b'{"error":"No slot became free within 30 s.'),
        ("/v1/chat/completions", SSE_CHAT, b'data: {"error":{"message":"No slot became free'),
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
        harness.gate.refuse(RefusalReason.QUEUE_TIMEOUT, TOO_LATE)
        await client.rest(got)
    assert got.complete
    assert got.body.startswith(said)
    assert b'"code":"queue.timeout"' in got.body


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/api/chat", PLAIN_CHAT, {"error": render(TOO_LATE), "code": "queue.timeout"}),
        ("/api/embed", b'{"model":"tiny","input":"x"}', {"error": render(TOO_LATE), "code": "queue.timeout"}),
        (
            "/v1/chat/completions",
            PLAIN_CHAT,
            {"error": {"message": render(TOO_LATE), "type": "api_error", "param": None, "code": "queue.timeout"}},
        ),
        (
            "/v1/messages",
            PLAIN_CHAT,
            {
                "type": "error",
                "error": {"type": "api_error", "message": render(TOO_LATE), "code": "queue.timeout"},
            },
        ),
    ],
)
async def test_a_refusal_after_white_space_is_the_answer_in_the_dialect_of_the_path(
    harness: ProxyHarness, path: str, body: bytes, said: dict[str, object]
) -> None:
    async with harness.client() as client:
        harness.gate.set_slots(0)
        await client.send_request("POST", path, body)
        await harness.gate.until(lambda: bool(harness.gate.waiting))
        await harness.later(PLAIN_HEARTBEAT_AFTER_S)
        harness.gate.heartbeat(harness.gate.leases[0], 1)
        got = await client.head()
        assert got.header("X-Queue-ETA") is None
        await client.chunk()
        harness.gate.refuse(RefusalReason.QUEUE_TIMEOUT, TOO_LATE)
        await client.rest(got)
    answer = json.loads(got.body)
    answer.pop("request_id", None)
    assert (got.status, answer, got.complete) == (200, said, True)


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
