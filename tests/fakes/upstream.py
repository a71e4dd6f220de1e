"""A fake instance on a raw socket: it reads one request at a time and runs a script to reply.

async with FakeUpstream() as upstream:
    upstream.script = reply(ndjson(3))
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable
from types import TracebackType
from typing import TypeAlias

import msgspec

from tests.fakes.waiting import Changes


class ReceivedRequest(msgspec.Struct):
    """A request as read from the socket; `line` is its request line."""

    line: str
    headers: list[tuple[str, str]]
    body: bytes
    raw_head: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def json(self) -> object:
        return json.loads(self.body)


class ScriptConnection:
    """The connection that a script writes to; `disconnected` is set when the proxy has closed it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.disconnected = asyncio.Event()
        self.keep = True

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        self.keep = False
        self.writer.transport.abort()

    def hang_up(self) -> None:
        self.keep = False
        self.writer.close()


Script: TypeAlias = Callable[[ReceivedRequest, ScriptConnection], Awaitable[None]]


class FakeUpstream:
    """One listening socket; every connection runs `script` for each request.

    Without `reads_bodies` it replies after the headers and leaves the body unread.
    """

    def __init__(self, script: Script | None = None) -> None:
        self.script: Script = script or reply(b"{}")
        self.reads_bodies = True
        self.requests: list[ReceivedRequest] = []
        self._changes = Changes(self._state)
        self.connections = 0
        self.aborted = 0
        self.active = 0
        self.opened = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.url = ""

    async def __aenter__(self) -> "FakeUpstream":
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=1 << 20)
        host, port = self._server.sockets[0].getsockname()
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.drop_all()
        await self.until(lambda: self.connections == 0)

    def drop_all(self) -> None:
        """Cut every connection, as a killed server does."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def until(self, condition: Callable[[], object]) -> None:
        """Return when `condition` holds; it is looked at whenever something changes here."""
        await self._changes.until(condition)

    def _state(self) -> str:
        return (
            f"the instance at {self.url} has received {len(self.requests)} requests ({self.active} being answered, "
            f"{self.aborted} broken off) on {self.connections} connections of {self.opened}"
        )

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        self.connections += 1
        self.opened += 1
        self._changes.notify()
        try:
            connection = ScriptConnection(reader, writer)
            while connection.keep and (request := await self._read_request(reader, writer)) is not None:
                self.requests.append(request)
                self._changes.notify()
                await self._play(request, connection)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.aborted += 1
        finally:
            self._writers.discard(writer)
            self.connections -= 1
            writer.close()
            self._changes.notify()

    async def _play(self, request: ReceivedRequest, connection: ScriptConnection) -> None:
        """Run the script; if the proxy disconnects meanwhile, cancel it and count an abort."""
        self.active += 1
        try:
            async with asyncio.TaskGroup() as group:
                watch = group.create_task(self._watch(connection))
                play = group.create_task(_ended(self.script(request, connection)))
                await asyncio.wait([watch, play], return_when=asyncio.FIRST_COMPLETED)
                if connection.disconnected.is_set():
                    self.aborted += 1
                    connection.keep = False
                    play.cancel()
                watch.cancel()
        except* ConnectionError:
            self.aborted += 1
            connection.keep = False
        finally:
            self.active -= 1
            self._changes.notify()

    async def _watch(self, connection: ScriptConnection) -> None:
        """Return when the proxy disconnects, without reading data of a next request."""
        while not connection.reader.at_eof() and connection.reader.exception() is None:
            await _readable(connection.reader)
        connection.disconnected.set()

    async def _read_request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> ReceivedRequest | None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        first, *rest = head.decode("latin-1").rstrip().split("\r\n")
        headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in rest)]
        body = await _body(reader, {k.lower(): v for k, v in headers}) if self.reads_bodies else b""
        return ReceivedRequest(first, headers, body, head)


async def _ended(script: Awaitable[None]) -> None:
    await script


async def _readable(reader: asyncio.StreamReader) -> None:
    """Wait for more data or the end of file."""
    waiter = asyncio.get_running_loop().create_future()
    reader._waiter = waiter  # type: ignore[attr-defined] # a peek that asyncio.StreamReader has no name for
    try:
        await waiter
    finally:
        reader._waiter = None  # type: ignore[attr-defined]


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") == "chunked":
        pieces = []
        while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
            pieces.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readline()
        return b"".join(pieces)
    return await reader.readexactly(int(headers.get("content-length", 0)))


# Scripts


def head(status: str = "200 OK", *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode()


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


END = b"0\r\n\r\n"
NDJSON = ("Content-Type: application/x-ndjson", "Transfer-Encoding: chunked")
SSE = ("Content-Type: text/event-stream", "Transfer-Encoding: chunked")


def reply(body: bytes, status: str = "200 OK", *headers: str) -> Script:
    """Return a script that replies at once, with Content-Length."""
    kind = headers or ("Content-Type: application/json; charset=utf-8",)

    async def play(request: ReceivedRequest, connection: ScriptConnection) -> None:
        has_body = not request.line.startswith("HEAD")
        await connection.send(head(status, *kind, f"Content-Length: {len(body)}") + (body if has_body else b""))

    return play


def stream(pieces: Iterable[bytes], *, headers: tuple[str, ...] = NDJSON, end: bytes = END) -> Script:
    """Return a script that replies chunk by chunk; with an `end` other than END it closes an incomplete reply."""
    parts = list(pieces)

    async def play(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", *headers))
        for piece in parts:
            await connection.send(chunk(piece))
        await connection.send(end)
        if end != END:
            connection.hang_up()

    return play


def routes(table: dict[str, Script], otherwise: Script | None = None) -> Script:
    """Return a script that runs the script of the path."""

    async def play(request: ReceivedRequest, connection: ScriptConnection) -> None:
        path = re.split(r"[ ?]", request.line)[1]
        await (table.get(path) or otherwise or reply(b"404 page not found", "404 Not Found"))(request, connection)

    return play


def chat_lines(count: int, model: str = "tiny") -> list[bytes]:
    """A native chat stream of `count` tokens and the final line."""
    lines = [
        {"model": model, "message": {"role": "assistant", "content": f" word{n}"}, "done": False} for n in range(count)
    ]
    return [json.dumps(line).encode() + b"\n" for line in [*lines, final_line(count, model)]]


def final_line(count: int, model: str = "tiny") -> dict[str, object]:
    return {
        "model": model,
        "message": {"role": "assistant", "content": ""},
        "done": True,
        "done_reason": "stop",
        "total_duration": 9_000_000,
        "load_duration": 1_000_000,
        "prompt_eval_count": 16,
        "prompt_eval_duration": 2_000_000,
        "eval_count": count,
        "eval_duration": 5_000_000,
    }


def chat_events(count: int) -> list[bytes]:
    """An OpenAI chat stream of `count` tokens."""
    events = [
        {"choices": [{"index": 0, "delta": {"content": f" word{n}"}, "finish_reason": None}]} for n in range(count)
    ]
    return [b"data: " + json.dumps(event).encode() + b"\n\n" for event in events] + [b"data: [DONE]\n\n"]


CHAT = json.dumps({"model": "tiny", "messages": [{"role": "user", "content": "hello"}]}).encode()


def once_then(first: Script, later: Script) -> Script:
    """Return a script that runs `first` once, then `later`."""
    played = []

    async def play(request: ReceivedRequest, connection: ScriptConnection) -> None:
        played.append(request)
        await (first if len(played) == 1 else later)(request, connection)

    return play
