"""A stop of a model (`ollama stop`) reaches all copies through the gate, and gets one answer."""

import json

import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.api import classify
from ollama_panel.proxy.request_fields import read_fields
from tests.fakes.upstream import FakeUpstream, chat_lines, reply, stream
from tests.proxy.conftest import ProxyHarness

TINY = ModelName("tiny:latest")
MISSING = b'{"error":"model \'tiny\' not found"}'


@pytest.mark.parametrize(
    ("path", "body", "stops"),
    [
        ("/api/generate", b'{"model":"a","keep_alive":0}', True),
        ("/api/generate", b'{"model":"a","keep_alive":"0s","prompt":"","stream":false}', True),
        ("/api/generate", b'{"model":"a","keep_alive":0,"prompt":null,"messages":[{"role":"user"}]}', True),
        ("/api/generate", b'{"model":"a","keep_alive":0,"prompt":"hi"}', False),
        ("/api/generate", b'{"model":"a","keep_alive":0,"prompt":" "}', False),
        ("/api/generate", b'{"model":"a","keep_alive":0,"prompt":"        "}', False),
        ("/api/generate", b'{"model":"a","keep_alive":0,"prompt":"\xff"}', False),
        ("/api/generate", b'{"model":"a","keep_alive":1}', False),
        ("/api/generate", b'{"model":"a","keep_alive":-1}', False),
        ("/api/generate", b'{"model":"a"}', False),
        ("/api/chat", b'{"model":"a","keep_alive":0}', True),
        ("/api/chat", b'{"model":"a","keep_alive":0.0,"messages":[ ],"prompt":"x"}', True),
        ("/api/chat", b'{"model":"a","keep_alive":0,"messages":[{"role":"user","content":"hi"}]}', False),
        ("/api/embed", b'{"model":"a","keep_alive":0,"input":""}', False),
        ("/api/embeddings", b'{"model":"a","keep_alive":0}', False),
        ("/v1/chat/completions", b'{"model":"a","keep_alive":0}', False),
        ("/v1/completions", b'{"model":"a","keep_alive":0,"prompt":""}', False),
        ("/v1/messages", b'{"model":"a","keep_alive":0,"messages":[]}', False),
    ],
)
def test_a_stop_is_what_ollama_takes_for_one(path: str, body: bytes, stops: bool) -> None:
    assert read_fields(body, classify("POST", path), "application/json", "").unloads is stops


@pytest.mark.parametrize(
    ("action", "empty"), [("generate", {"response": ""}), ("chat", {"message": {"role": "assistant", "content": ""}})]
)
async def test_a_stop_is_answered_at_once_as_ollama_does_however_many_wait(
    harness: ProxyHarness, action: str, empty: dict[str, object]
) -> None:
    harness.gate.held.add(TINY)
    harness.gate.set_slots(0)
    async with harness.client() as client:
        got = await client.exchange("POST", f"/api/{action}", b'{"model":"Tiny","keep_alive":0}')
    assert (got.status, got.header("Content-Type")) == (200, "application/json; charset=utf-8")
    assert list(got.json.items()) == [
        ("model", "Tiny"),
        ("created_at", "2000-01-01T00:00:00.500000Z"),
        *empty.items(),
        ("done", True),
        ("done_reason", "unload"),
    ]
    assert harness.gate.stopped == [TINY]
    assert harness.gate.leases == []
    assert harness.upstream.requests == []


async def test_a_model_that_is_not_loaded_gets_the_answer_of_an_instance_that_has_it(harness: ProxyHarness) -> None:
    unloaded = b'{"model":"tiny","response":"","done":true,"done_reason":"unload"}'
    async with FakeUpstream(reply(unloaded)) as second:
        harness.upstream.script = reply(MISSING, "404 Not Found")
        harness.gate.urls.append(second.url)
        async with harness.client() as client:
            got = await client.exchange("POST", "/api/generate", b'{"model":"tiny","keep_alive":0}')
            assert (got.status, got.body) == (200, unloaded)
            second.script = harness.upstream.script
            got = await client.exchange("POST", "/api/generate", b'{"model":"tiny","keep_alive":0}')
            assert (got.status, got.body) == (404, MISSING)
    assert harness.gate.stopped == [TINY, TINY]
    assert harness.gate.leases == []


async def test_without_any_instance_a_stop_says_so(harness: ProxyHarness) -> None:
    harness.gate.urls = ["http://127.0.0.1:9"]
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", b'{"model":"tiny","keep_alive":0}')
    assert (got.status, got.header("Retry-After")) == (503, "2")


async def test_a_chat_with_keep_alive_0_is_a_chat(harness: ProxyHarness) -> None:
    harness.gate.held.add(TINY)
    harness.upstream.script = stream(chat_lines(1))
    body = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}], "keep_alive": 0}
    async with harness.client() as client:
        assert (await client.exchange("POST", "/api/chat", json.dumps(body).encode())).status == 200
    assert harness.gate.stopped == []
    assert harness.gate.jobs[0].keep_alive_s == 0


async def test_a_cloud_model_has_no_copies_to_stop(harness: ProxyHarness) -> None:
    async with harness.client() as client:
        await client.exchange("POST", "/api/generate", b'{"model":"x:cloud","keep_alive":0}')
    assert harness.gate.stopped == []
    assert len(harness.upstream.requests) == 1
