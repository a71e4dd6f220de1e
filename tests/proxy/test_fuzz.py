"""Fuzzing with random bytes from clients and instances: no unhandled error, no leak."""

import asyncio
import json
import logging
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ollama_panel.core.ids import ClientId, ModelName, RequestId
from ollama_panel.core.ollama.api import classify
from ollama_panel.proxy.credentials import new_key
from ollama_panel.proxy.jobs import Sender, build_job
from ollama_panel.proxy.request_fields import read_fields
from ollama_panel.proxy.request_rewrite import rewrite
from tests.core.scheduling.script import Script, job
from tests.fakes.gate import FakeGate
from tests.fakes.rawclient import RawClient
from tests.fakes.upstream import (
    CHAT,
    END,
    FakeUpstream,
    ReceivedRequest,
    ScriptConnection,
    chat_lines,
    chunk,
    head,
    stream,
)
from tests.fakes.virtual import VirtualLoop
from tests.fakes.waiting import deadline
from tests.proxy.conftest import ProxyHarness

BODY_S = 5
fuzz = settings(suppress_health_check=list(HealthCheck))


class FuzzHarness:
    """A harness for many cases on one loop; `errors` collects unhandled errors."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner(loop_factory=VirtualLoop)
        self.errors: list[str] = []
        self.stack = AsyncExitStack()
        self.handler = _Recorder(self.errors)

    def __enter__(self) -> "FuzzHarness":
        logging.getLogger().addHandler(self.handler)
        self.runner.get_loop().set_exception_handler(lambda _, context: self.errors.append(str(context)))
        self.runner.run(self._open())
        return self

    async def _open(self) -> None:
        self.upstream = await self.stack.enter_async_context(FakeUpstream())
        self.harness = ProxyHarness(self.upstream, FakeGate(self.upstream.url, max_attempts=2))
        self.harness.configure(body_timeout_s=BODY_S, api_keys=(new_key("somebody")[1],))
        self.harness.url = await self.harness.server.start()

    def __exit__(self, *_: object) -> None:
        self.runner.run(self._close())
        self.runner.close()
        logging.getLogger().removeHandler(self.handler)

    async def _close(self) -> None:
        await self.harness.server.stop(5)
        await self.stack.aclose()
        assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []

    def case(self, case: Coroutine[Any, Any, None]) -> None:
        """Play one case; it has to come to an end."""
        self.runner.run(self._in_time(case))

    async def _in_time(self, case: Coroutine[Any, Any, None]) -> None:
        async with deadline("the case to end"):
            await case
            await self.check()

    async def check(self) -> None:
        """Nothing runs, nothing waits, nothing is connected, nobody complained."""
        await self.harness.wait_all_ended()
        await self.harness.wait_all_disconnected()
        errors = self.errors.copy()
        self.errors.clear()
        assert errors == []
        assert all(lease.outcome for lease in self.harness.gate.leases)
        self.harness.gate.leases.clear()
        self.upstream.requests.clear()


class _Recorder(logging.Handler):
    def __init__(self, errors: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.errors = errors

    def emit(self, record: logging.LogRecord) -> None:
        self.errors.append(self.format(record))


@pytest.fixture(scope="module")
def fuzz_harness() -> Iterator[FuzzHarness]:
    with FuzzHarness() as fuzz_harness:
        yield fuzz_harness


PATHS = st.sampled_from(
    [
        b"/",
        b"/api/chat",
        b"/api/tags",
        b"/api/blobs/sha256:1",
        b"/v1/chat/completions",
        b"/v1/messages",
        b"/panel/status",
        b"/new",
        b"//",
        b"*",
        b"http://localhost/api/chat",
        b"/api/chat?a=%00",
    ]
)
HEADERS = st.sampled_from(
    [
        b"Content-Length: 0",
        b"Content-Length: 65",
        b"Content-Length: 9",
        b"Transfer-Encoding: chunked",
        b"Connection: close",
        b"Expect: 100-continue",
        b"Origin: http://localhost",
        b"Upgrade: h2c",
        b"Connection: Upgrade",
        b"X: \xff\xfe",
        b"Content-Encoding: zstd",
        b"Content-Type: multipart/form-data",
        b"X-Request-ID: \t",
        b"Host: evil",
        b": ",
        b"\0: a",
        b"X-API-Key: \xff",
        b"Authorization: Bearer \x80",
        b"Connection: \x80",
        b"X-Client-ID: \xe9",
        b"X-Queue-Priority: \xff",
        b"Expect: \xff",
        b"Origin: app://\xff",
    ]
)
BODIES = st.sampled_from(
    [
        b"",
        CHAT,
        b'{"model":"a","stream":"no"}',
        b"2\r\n{}\r\n0\r\n\r\n",
        b"zz\r\n",
        b"\xff" * 9,
        b'{"model":"a","options":[]}',
    ]
)
METHODS = st.sampled_from([b"GET", b"POST", b"HEAD", b"DELETE", b"OPTIONS", b"PUT", b"CONNECT", b"FOO"])


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """Something like a request: well formed, then perhaps damaged."""
    version = draw(st.sampled_from([b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2.0", b"HTTP/9"]))
    lines = [b" ".join([draw(METHODS), draw(PATHS), version]), b"Host: localhost", *draw(st.lists(HEADERS, max_size=4))]
    raw = bytearray(b"\r\n".join(lines) + b"\r\n\r\n" + draw(BODIES))
    for place, value in draw(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=3)):
        raw[place % len(raw)] = value
    return bytes(raw)


@fuzz
@given(st.lists(requests(), min_size=1, max_size=3), st.integers(1, 500), st.booleans())
def test_any_request_is_answered_or_closed(
    fuzz_harness: FuzzHarness, sent: list[bytes], cut: int, vanish: bool
) -> None:
    fuzz_harness.case(_send(fuzz_harness, b"".join(sent), cut, vanish=vanish))


async def _send(fuzz_harness: FuzzHarness, data: bytes, cut: int, *, vanish: bool) -> None:
    fuzz_harness.upstream.script = stream(chat_lines(2))
    client = await fuzz_harness.harness.connect()
    try:
        for start in range(0, len(data), cut):
            await client.send(data[start : start + cut])
            await asyncio.sleep(0)
        if not vanish:
            client.writer.write_eof()
            await _ended(fuzz_harness, client)
    except OSError:
        pass  # the proxy may close on nonsense
    client.abort()


async def _ended(fuzz_harness: FuzzHarness, client: RawClient) -> None:
    """Read until the proxy closes; a body that never comes takes time, which passes here as it is needed."""
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(_read(client))
        while not reading.done():
            await fuzz_harness.harness.later(BODY_S / 4)


async def _read(client: RawClient) -> None:
    with suppress(OSError):  # the proxy may close on nonsense
        await client.reader.read()


ACTIONS: dict[str, bytes] = {
    "head": head("200 OK", "Content-Type: application/x-ndjson", "Transfer-Encoding: chunked"),
    "head 404": head("404 Not Found", "Content-Length: 14") + b'{"error":"no"}',
    "head 503": head("503 Busy", "Content-Length: 16") + b'{"error":"busy"}',
    "head 500": head("500 Oops", "Content-Length: 25") + b'{"error":"unexpected EOF"}',
    "head sse": head("200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked"),
    "head length": head("200 OK", "Content-Length: 50"),
    "head until close": head("200 OK", "X: caf\xe9"),
    "interim": head("103 Hints"),
    "garbage": b"\x00\xff not http \r\n\r\n",
    "nul": b"HTTP/1.1 200 OK\r\nX: \0\r\n\r\n",
    "line": chunk(chat_lines(1)[0]),
    "error line": chunk(b'{"error":"unexpected EOF"}\n'),
    "last line": chunk(chat_lines(1)[1]),
    "bad chunk": b"zz\r\nxx\r\n",
    "end": END,
    "big": chunk(b"x" * 400_000),
    "pause": b"",
}
LIKELY = ["head", "line", "line", "last line", "end"]
STEPS = st.sampled_from([*ACTIONS, "hang up", "reset", *LIKELY, *LIKELY])


def play(steps: list[str]) -> Any:
    """A script for an instance."""

    async def script(_: ReceivedRequest, connection: ScriptConnection) -> None:
        for step in steps:
            if step not in ACTIONS:
                break
            await connection.send(ACTIONS[step])
            await asyncio.sleep(0)
        if "reset" in steps:
            connection.reset()
        else:
            connection.hang_up()

    return script


@fuzz
@given(st.lists(STEPS, max_size=8), st.sampled_from(["/api/chat", "/v1/chat/completions", "/api/new", "/api/tags"]))
def test_any_instance_is_survived(fuzz_harness: FuzzHarness, steps: list[str], path: str) -> None:
    fuzz_harness.case(_ask(fuzz_harness, steps, path))


async def _ask(fuzz_harness: FuzzHarness, steps: list[str], path: str) -> None:
    fuzz_harness.upstream.script = play(steps)
    client = await fuzz_harness.harness.connect()
    method = "GET" if path == "/api/tags" else "POST"
    await client.send_request(method, path, CHAT, "Connection: close")
    got = await client.get()
    assert 200 <= got.status < 600
    assert await client.closed_by_peer()
    await client.close()


HUGE = st.sampled_from((10**400, -(10**400), 2**53, 1e308))
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), HUGE)
TEXTS = st.one_of(st.text(max_size=8), st.sampled_from(("5m", "9" * 400 + "h", "-1")))
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
)
OPTIONS = st.dictionaries(st.sampled_from(("num_ctx", "num_predict", "num_gpu", "use_mmap", "seed")), LEAVES)
JSON_FIELDS = ("messages", "prompt", "input", "system", "stream", "keep_alive", "max_tokens", "Model")
JSON_BODIES = st.fixed_dictionaries(
    {"model": st.sampled_from(("tiny", "x:cloud", ""))},
    optional=dict.fromkeys(JSON_FIELDS, VALUES) | {"options": OPTIONS},
)
INFERENCE = ("/api/chat", "/api/embed", "/v1/chat/completions", "/v1/messages", "/v1/responses")


@fuzz
@given(JSON_BODIES, st.sampled_from(INFERENCE))
def test_no_body_keeps_the_next_request_from_being_served(body: dict[str, object], path: str) -> None:
    raw, route = json.dumps(body).encode(), classify("POST", path)
    seen = read_fields(raw, route, "application/json", "")
    sender = Sender(ClientId("wild"))
    script = Script()
    script.warm(parallel=1)
    script.warm("chat-2", 1, ModelName("tiny:latest"))
    for name in ("one", "two"):
        script.arrive(
            build_job(RequestId(name), sender, route, path, seen, len(raw), {}, heartbeats=True, heartbeats_plain=True)
        )
    script.arrive(job("innocent", model=ModelName("tiny:latest")))
    for name in ("one", "two", "innocent"):
        if name in script.sent:
            rewrite(raw, script.placements[name].options, script.placements[name].keep_alive)
            script.finish(name, output_tokens=3)
    assert "innocent" in script.placements
