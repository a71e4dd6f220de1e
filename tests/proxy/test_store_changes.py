"""The answer to a change of the model store comes when the panel knows the models that are there now."""

import json

import pytest

from tests.fakes.upstream import NDJSON, FakeUpstream, ReceivedRequest, ScriptConnection, chunk, head, reply, stream
from tests.proxy.conftest import ProxyHarness

SUCCESS = b'{"status":"success"}\n'
PROGRESS = [b'{"status":"parsing GGUF"}\n', b'{"status":"writing manifest"}\n']


@pytest.mark.parametrize(
    ("method", "path", "body", "answer"),
    [
        ("POST", "/api/copy", {"source": "a", "destination": "b"}, b""),
        ("DELETE", "/api/delete", {"model": "a"}, b""),
        ("POST", "/api/create", {"model": "b", "from": "a", "stream": False}, SUCCESS),
        ("POST", "/api/pull", {"model": "b", "stream": False}, SUCCESS),
    ],
)
async def test_the_answer_to_a_change_comes_after_the_store_was_read_again(
    harness: ProxyHarness, method: str, path: str, body: dict[str, object], answer: bytes
) -> None:
    harness.gate.store_read.clear()
    harness.upstream.script = reply(answer)
    async with harness.client() as client:
        await client.send_request(method, path, json.dumps(body).encode())
        await harness.gate.until(lambda: harness.gate.changed == ["chat-1"])
        harness.gate.store_read.set()
        got = await client.get()
    assert (got.status, got.body, got.complete) == (200, answer, True)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/copy", b'{"source":"a","destination":"b"}'),
        ("DELETE", "/api/delete", b'{"model":"a"}'),
        ("POST", "/api/create", b'{"model":"b","from":"a","stream":false}'),
        ("POST", "/api/pull", b'{"model":"b","stream":false}'),
        ("POST", "/api/blobs/sha256:0", b"weights"),
    ],
)
async def test_a_store_that_the_first_worker_may_only_read_is_changed_by_its_owner(
    harness: ProxyHarness, method: str, path: str, body: bytes
) -> None:
    harness.gate.read_only.add(harness.gate.urls[0])
    async with FakeUpstream(reply(SUCCESS)) as owner:
        harness.gate.urls.append(owner.url)
        async with harness.client() as client:
            assert (await client.exchange(method, path, body)).header("X-Panel-Instance") == "chat-2"
            assert (await client.exchange("POST", "/api/show", b'{"model":"a"}')).header("X-Panel-Instance") == "chat-1"


async def test_an_empty_answer_without_a_length_stays_one(harness: ProxyHarness) -> None:
    harness.upstream.script = stream([], headers=("Content-Type: text/plain", "Transfer-Encoding: chunked"))
    async with harness.client() as client:
        got = await client.exchange("DELETE", "/api/delete", b'{"model":"a"}')
        assert (got.status, got.body, got.complete) == (200, b"", True)
        assert (await client.exchange("GET", "/")).body == b"Ollama is running"


@pytest.mark.parametrize("last", [[SUCCESS], [PROGRESS[0] + SUCCESS], [SUCCESS[:9], SUCCESS[9:]]])
async def test_a_stream_shows_its_progress_at_once_and_its_end_after_the_store_was_read(
    harness: ProxyHarness, last: list[bytes]
) -> None:
    harness.gate.store_read.clear()
    harness.upstream.script = stream([*PROGRESS, *last])
    async with harness.client() as client:
        await client.send_request("POST", "/api/pull", b'{"model":"b"}')
        got = await client.head()
        seen = b""
        while PROGRESS[1] not in seen:
            seen += await client.chunk_data()
        await harness.gate.until(lambda: harness.gate.changed == ["chat-1"])
        assert b'"success"' not in seen
        harness.gate.store_read.set()
        await client.rest(got)
    assert seen + got.body == b"".join([*PROGRESS, *last])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/api/copy", "404 Not Found"),
        ("DELETE", "/api/delete", "500 Internal Server Error"),
        ("POST", "/api/push", "200 OK"),
        ("POST", "/api/show", "200 OK"),
    ],
)
async def test_what_changes_nothing_causes_no_reading(
    harness: ProxyHarness, method: str, path: str, status: str
) -> None:
    harness.upstream.script = reply(b"{}", status)
    async with harness.client() as client:
        got = await client.exchange(method, path, b'{"model":"a"}')
    assert got.line == f"HTTP/1.1 {status}"
    assert harness.gate.changed == []


async def test_a_pull_that_breaks_off_is_shown_as_broken(harness: ProxyHarness) -> None:
    async def broken(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", *NDJSON) + chunk(PROGRESS[0]))
        connection.hang_up()

    harness.upstream.script = broken
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/pull", b'{"model":"b"}')
    assert got.body.startswith(PROGRESS[0])
    assert b'"error"' in got.body
    assert harness.gate.changed == []
