"""The lists of all instances are merged into one; the panel's own endpoints."""

import json

import msgspec
import pytest

from ollama_panel.proxy.aggregate import merge
from tests.fakes.upstream import FakeUpstream, ReceivedRequest, ScriptConnection, reply
from tests.proxy.conftest import ProxyHarness


def tags(*names: str) -> bytes:
    return json.dumps({"models": [{"name": name, "model": name, "size": 5} for name in names]}).encode()


async def test_with_one_instance_its_list_passes_untouched(harness: ProxyHarness) -> None:
    harness.upstream.script = reply(b'{"models" : [ ]}')
    async with harness.client() as client:
        assert (await client.exchange("GET", "/api/tags")).body == b'{"models" : [ ]}'


async def test_equal_lists_pass_untouched(harness: ProxyHarness) -> None:
    async with FakeUpstream(reply(b'{"models" : [ ]}')) as second:
        harness.upstream.script = reply(b'{"models" : [ ]}')
        harness.gate.urls.append(second.url)
        async with harness.client() as client:
            got = await client.exchange("GET", "/api/tags")
    assert got.body == b'{"models" : [ ]}'
    assert got.header("Content-Type") == "application/json; charset=utf-8"


async def test_lists_are_merged_without_duplicates(harness: ProxyHarness) -> None:
    async with FakeUpstream(reply(tags("a:latest", "c:latest"))) as second:
        harness.upstream.script = reply(tags("a:latest", "b:latest"))
        harness.gate.urls.append(second.url)
        async with harness.client() as client:
            got = await client.exchange("GET", "/api/tags")
    assert [model["name"] for model in json.loads(got.body)["models"]] == ["a:latest", "b:latest", "c:latest"]


async def test_an_instance_that_is_down_does_not_matter(harness: ProxyHarness) -> None:
    harness.upstream.script = reply(tags("a:latest"))
    harness.gate.urls = ["http://127.0.0.1:9", harness.upstream.url]
    async with harness.client() as client:
        got = await client.exchange("GET", "/api/ps")
    assert got.status == 200
    assert len(json.loads(got.body)["models"]) == 1


async def test_when_all_are_down_the_answer_says_so(harness: ProxyHarness) -> None:
    harness.gate.urls = ["http://127.0.0.1:9", "http://127.0.0.1:9"]
    async with harness.client() as client:
        got = await client.exchange("GET", "/v1/models")
    assert got.status == 503
    assert got.body.startswith(b'{"error":{"message":"No Ollama instance is running')


def test_a_model_loaded_twice_takes_the_memory_of_both() -> None:
    one = b'{"models":[{"name":"a:latest","size":5,"size_vram":5},{"name":"b","size":1}]}'
    two = b'{"models":[{"name":"A","size":7,"size_vram":6}]}'
    assert json.loads(merge("ps", [one, two]))["models"] == [
        {"name": "a:latest", "size": 12, "size_vram": 11},
        {"name": "b", "size": 1},
    ]


async def die(_: ReceivedRequest, connection: ScriptConnection) -> None:
    connection.reset()


def test_openai_lists_keep_their_frame() -> None:
    one = b'{"object":"list","data":[{"id":"a:latest"}]}'
    two = b'{"object":"list","data":[{"id":"a:latest"},{"id":"b:latest"}]}'
    assert json.loads(merge("models", [one, b"garbage", b"[]", two])) == {
        "object": "list",
        "data": [{"id": "a:latest"}, {"id": "b:latest"}],
    }


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/show", b'{"model":"x"}'),
        ("DELETE", "/api/delete", b'{"model":"x"}'),
        ("POST", "/api/copy", b'{"source":"x","destination":"y"}'),
        ("POST", "/api/push", b'{"model":"x"}'),
        ("GET", "/v1/models/x", b""),
    ],
)
async def test_a_model_that_only_the_second_instance_knows_is_found(
    harness: ProxyHarness, method: str, path: str, body: bytes
) -> None:
    async with FakeUpstream(reply(b'{"modelfile":"x"}')) as second:
        harness.upstream.script = reply(b'{"error":"model not found"}', "404 Not Found")
        harness.gate.urls.append(second.url)
        async with harness.client() as client:
            assert (await client.exchange(method, path, body)).status == 200
            second.script = harness.upstream.script
            assert (await client.exchange(method, path, body)).status == 404


async def test_a_model_that_nobody_knows_is_unknown_although_another_instance_is_down(harness: ProxyHarness) -> None:
    harness.upstream.script = reply(b'{"error":"model not found"}', "404 Not Found")
    harness.gate.urls.append("http://127.0.0.1:9")
    async with harness.client() as client:
        got = await client.exchange("DELETE", "/api/delete", b'{"model":"x"}')
    assert (got.status, got.json) == (404, {"error": "model not found"})


async def test_a_blob_is_asked_of_the_instance_that_an_upload_goes_to(harness: ProxyHarness) -> None:
    async with FakeUpstream(reply(b"")) as second:
        harness.upstream.script = reply(b"", "404 Not Found")
        harness.gate.urls.append(second.url)
        async with harness.client() as client:
            assert (await client.exchange("HEAD", "/api/blobs/sha256:1")).status == 404


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("POST /api/pull", 0),
        ("POST /api/create", 0),
        ("DELETE /api/delete", 0),
        ("POST /api/new", 0),
        ("POST /api/chat", 0),
        ("GET /api/version", 1),
        ("POST /api/show", 1),
        ("GET /v1/new", 1),
    ],
)
async def test_what_an_instance_may_have_done_before_it_died_is_not_asked_of_another(
    harness: ProxyHarness, line: str, asked: int
) -> None:
    async with FakeUpstream(reply(b"{}")) as second:
        harness.upstream.script = die
        harness.gate.urls.append(second.url)
        async with harness.client() as client:
            got = await client.exchange(*line.split(), b'{"model":"x:cloud"}' if line.startswith("POST") else b"")
        assert (got.status, len(second.requests)) == (200 if asked else 502, asked)


async def test_the_panels_own_end_points_answer(harness: ProxyHarness) -> None:
    async with harness.client() as client:
        assert (await client.exchange("GET", "/panel/health")).json == {"status": "ok"}
        assert (await client.exchange("GET", "/panel/status")).json == {"at": 1.0}
        metrics = await client.exchange("GET", "/panel/metrics")
        assert metrics.body == b"panel_requests_total 3.0\n"
        assert (metrics.header("Content-Type") or "").startswith("text/plain; version=0.0.4")
        assert (await client.exchange("POST", "/panel/reload", b"")).status == 200
        assert (await client.exchange("GET", "/panel/reload")).status == 405
        assert (await client.exchange("GET", "/panel/nothing")).status == 404
    assert harness.panel.reloads == 1
    assert harness.upstream.requests == []


def test_merged_lists_have_the_order_that_ollama_gives_one():
    older = {"models": [{"name": "a:1", "expires_at": "2026-11-23T11:14:28.905781726Z"}]}
    newer = {
        "models": [{"name": "b:1", "expires_at": "2026-11-23T12:14:29.3+01:00"}, {"name": "odd:1", "expires_at": 7}]
    }
    merged = msgspec.json.decode(merge("ps", [msgspec.json.encode(older), msgspec.json.encode(newer)]))
    assert [model["name"] for model in merged["models"]] == ["b:1", "a:1", "odd:1"]
    listed = [msgspec.json.encode({"data": [{"id": name, "created": at}]}) for name, at in (("a", 1), ("b", 2))]
    assert [one["id"] for one in msgspec.json.decode(merge("models", listed))["data"]] == ["b", "a"]
