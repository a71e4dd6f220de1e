"""The upstream client: a pool of keep-alive connections to instances, each with one request at a time."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import lru_cache
from urllib.parse import urlsplit

from ollama_panel.core.notices import notice
from ollama_panel.core.records import FailureKind
from ollama_panel.proxy.body_storage import BodyError
from ollama_panel.proxy.headers import RawHeaders
from ollama_panel.proxy.upstream import Payload, UpstreamError
from ollama_panel.proxy.upstream_connection import StaleError, UpstreamConnection, UpstreamReply

CONNECT_TIMEOUT_S = 5.0
IDLE_S = 60.0

_CHUNKED = b"Transfer-Encoding: chunked"


class ConnectionPool:
    """Sends requests to instances; idle connections are kept for `IDLE_S` seconds. Use it on one loop only.

    `most` connections may be open; further requests wait for one that closes, except those that have a slot, which
    limits their number. There is no read time-out (an instance sends nothing for minutes while it loads a model), no
    decompression, no cookies, no redirects, and no header is added.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._connections: set[UpstreamConnection] = set()
        self._connecting = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._idle: dict[tuple[str, int], list[UpstreamConnection]] = {}

    async def open(
        self, method: str, base: str, path: str, headers: RawHeaders, body: Payload, *, has_slot: bool = False
    ) -> UpstreamReply:
        """Send a request to the instance at `base` and return its reply once the headers have arrived.

        `path` goes into the request line unchanged; `headers` may contain the length of a streamed body. Raises
        `UpstreamError` if there is no reply.
        """
        address = _address(base)
        head = _request_head(method, path, base, headers, body)
        replayable = body is None or isinstance(body, bytes)
        connection = self._take_idle(address) if replayable else None
        while connection is None and self._full and not has_slot:
            await self._wait_for_room()
            connection = self._take_idle(address) if replayable else None
        if connection is not None:
            try:
                return await self._request(connection, head, body, head_only=method == "HEAD")
            except StaleError:
                # The instance has closed this connection and probably the others; a new one shows whether it is up.
                # If this request crashes the instance, it must not be sent again on every idle connection.
                self._close_idle(address)
        return await self._request(await self._connect(address), head, body, head_only=method == "HEAD")

    def _take_idle(self, address: tuple[str, int]) -> UpstreamConnection | None:
        idle = self._idle.get(address)
        now = asyncio.get_running_loop().time()
        while idle:
            connection = idle.pop()
            if not connection.closed and not connection.transport.is_closing() and connection.idle_since > now - IDLE_S:
                connection.reused_at = now
                return connection
            connection.transport.abort()
        return None

    def _close_idle(self, address: tuple[str, int]) -> None:
        for connection in self._idle.pop(address, ()):
            connection.transport.abort()

    @property
    def _full(self) -> bool:
        return self._most is not None and len(self._connections) + self._connecting >= self._most

    async def _wait_for_room(self) -> None:
        """Return when a connection was closed or has become idle; close an idle one for that."""
        for idle in self._idle.values():
            if idle:
                idle.pop(0).transport.abort()
                break
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._tell_next()
            raise

    def _tell_next(self) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return

    async def _connect(self, address: tuple[str, int]) -> UpstreamConnection:
        self._connecting += 1
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                loop = asyncio.get_running_loop()
                _, connection = await loop.create_connection(lambda: UpstreamConnection(self, address), *address)
        except (OSError, TimeoutError) as error:
            reason = str(error)
            late = notice("attempt.no_connection_in_time")
            why = notice("attempt.no_connection", reason=reason) if reason else late
            raise UpstreamError(FailureKind.CONNECT, why) from error
        finally:
            self._connecting -= 1
            self._tell_next()
        return connection

    async def _request(
        self, connection: UpstreamConnection, head: bytes, body: Payload, *, head_only: bool
    ) -> UpstreamReply:
        reply = UpstreamReply(connection, head_only)
        connection.expect(reply)
        try:
            if body is None or isinstance(body, bytes):
                connection.transport.write(head + body if body else head)
            else:
                await self._stream_body(connection, reply, head, body)
            await reply.wait_started()
        except BaseException:
            reply.close()
            raise
        return reply

    async def _stream_body(
        self, connection: UpstreamConnection, reply: UpstreamReply, head: bytes, body: AsyncIterator[bytes]
    ) -> None:
        """Send a body piece by piece; stop if the reply comes before its end, since the rest is not wanted."""
        async with asyncio.TaskGroup() as group:
            sender = group.create_task(self._write_body(connection, reply, head, body))
            with suppress(UpstreamError, BodyError, ConnectionError):  # `_request` raises it again
                await reply.wait_started()
            if not sender.done():
                reply.reusable = False  # the next request would be read as the rest of this body
                sender.cancel()

    @staticmethod
    async def _write_body(
        connection: UpstreamConnection, reply: UpstreamReply, head: bytes, body: AsyncIterator[bytes]
    ) -> None:
        chunked = head.endswith(_CHUNKED + b"\r\n\r\n")
        connection.transport.write(head)
        try:
            async for piece in body:
                await connection.writable.wait()
                if reply.settled:
                    break
                connection.transport.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        except (BodyError, ConnectionError) as error:  # the client's fault, not the instance's
            reply.fail(error)
        if reply.settled:  # the connection may be closed by now
            reply.reusable = False
        elif chunked:
            connection.transport.write(b"0\r\n\r\n")

    def release(self, connection: UpstreamConnection) -> None:
        """Return a connection to the pool, and close those that have been idle for too long."""
        connection.idle_since = asyncio.get_running_loop().time()
        idle = self._idle.setdefault(connection.address, [])
        idle.append(connection)
        while idle[0].idle_since <= connection.idle_since - IDLE_S:
            idle.pop(0).transport.abort()
        self._tell_next()

    def add(self, connection: UpstreamConnection) -> None:
        """Add a new connection."""
        self._connections.add(connection)

    def discard(self, connection: UpstreamConnection) -> None:
        """Remove a closed connection."""
        self._connections.discard(connection)
        idle = self._idle.get(connection.address)
        if idle and connection in idle:
            idle.remove(connection)
        self._tell_next()

    async def close(self) -> None:
        """Close all connections."""
        for connection in tuple(self._connections):
            connection.transport.abort()
        self._idle.clear()


@lru_cache(maxsize=256)
def _address(base: str) -> tuple[str, int]:
    parts = urlsplit(base)
    return parts.hostname or "127.0.0.1", parts.port or 80


def _request_head(method: str, path: str, base: str, headers: RawHeaders, body: Payload) -> bytes:
    start = f"{method} {path} HTTP/1.1\r\nHost: {base.partition('://')[2]}"
    lines = [start.encode("utf-8", "surrogateescape"), *map(b": ".join, headers)]
    if isinstance(body, bytes):
        lines.append(b"Content-Length: %d" % len(body))
    elif body is not None and not any(name == b"Content-Length" for name, _ in headers):
        lines.append(_CHUNKED)
    elif body is None and method in ("POST", "PUT", "PATCH"):
        lines.append(b"Content-Length: 0")
    lines.append(b"\r\n")
    return b"\r\n".join(lines)
