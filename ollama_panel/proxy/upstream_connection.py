"""Upstream HTTP/1.1 connections to instances, parsed by httptools (llhttp, as in Node.js).

Own code, because aiohttp's client (3.14.5) fails where a proxy may not: if the framing of a running stream breaks, its
reader waits for ever and the slot is lost (`test_a_stream_whose_framing_breaks_is_broken_off`); header bytes that are
no UTF-8 are truncated (`test_bytes_that_are_no_text_pass_in_headers`); a stale keep-alive connection cannot be told
from a server that died (`test_a_connection_that_went_stale_is_replaced_without_a_failure`). It is also the hottest path
of the program: CPU of the whole proxy per small request with 1, 16 and 64 at once was 348, 176 and 172 us with this
client, 470, 264 and 287 us with aiohttp's (alternating rounds). It connects to our own instances only: no TLS, no
redirects.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, cast

import httptools
from typing_extensions import override

from ollama_panel.core.notices import notice
from ollama_panel.core.records import FailureKind
from ollama_panel.proxy.headers import RawHeaders
from ollama_panel.proxy.upstream import UpstreamError

STALE_S = 1.0
"""A reused connection that closes within this time was stale; one that closes later may have got the request."""
HEAD_BYTES = 262_144
"""The limit of what comes without any payload: a head, with the interim ones before it, trailers, chunk extensions."""
BUFFER_BYTES = 262_144
"""How much of a reply is buffered for a slow client before reading from the instance is paused."""


class StaleError(UpstreamError):
    """A reused connection had been closed before it was used again."""


class Pool(Protocol):
    """The pool, as a connection uses it."""

    def add(self, connection: "UpstreamConnection") -> None:
        """Add a new connection."""
        ...

    def discard(self, connection: "UpstreamConnection") -> None:
        """Remove a closed connection."""
        ...

    def release(self, connection: "UpstreamConnection") -> None:
        """Return a connection to the pool after a complete reply."""
        ...


class UpstreamConnection(asyncio.Protocol):
    """One connection to an instance, with one request at a time. The parser calls the `on_` methods.

    `writable` is set while the write buffer has room.
    """

    def __init__(self, pool: Pool, address: tuple[str, int]) -> None:
        self.pool = pool
        self.address = address
        self.reply: UpstreamReply | None = None
        self.closed = False
        self.reused_at: float | None = None
        self.idle_since = 0.0
        self.writable = asyncio.Event()
        self.writable.set()
        self._headers: list[tuple[bytes, bytes]] = []
        self._reason = b""
        self._bare_bytes = 0
        self._interim = False
        self._parser = httptools.HttpResponseParser(self)
        self.transport: asyncio.Transport

    @property
    def stale(self) -> bool:
        """Return whether a close now means that the connection was stale when it was reused."""
        return self.reused_at is not None and asyncio.get_running_loop().time() - self.reused_at < STALE_S

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's class does not inherit from it
        self.pool.add(self)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        self.writable.set()
        self.pool.discard(self)
        if self.reply is not None:
            self.reply.connection_lost(exc)

    @override
    def eof_received(self) -> bool:
        return False

    @override
    def pause_writing(self) -> None:
        self.writable.clear()

    @override
    def resume_writing(self) -> None:
        self.writable.set()

    @override
    def data_received(self, data: bytes) -> None:
        reply = self.reply
        if reply is None:
            self.transport.abort()  # data without a request: the connection is not reliable
            return
        self._bare_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            reply.fail(UpstreamError(FailureKind.UPSTREAM, notice("attempt.not_http", reason=str(error))))
            self.transport.abort()
        else:
            if self._bare_bytes > HEAD_BYTES and not reply.done:
                reply.fail(UpstreamError(FailureKind.UPSTREAM, notice("attempt.headers_too_long")))
                self.transport.abort()
        reply.deliver()

    def on_status(self, status: bytes) -> None:
        """Add a piece of the reason phrase."""
        self._reason += status

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header."""
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Start the reply with its head, unless that is an interim one (1xx)."""
        status = self._parser.get_status_code()
        headers, reason = self._headers, self._reason
        self._headers, self._reason = [], b""
        self._interim = status < 200
        reply = self.reply
        if self._interim or reply is None or reply.started:
            return
        reply.begin(status, reason, headers, reusable=self._parser.should_keep_alive())
        self.writable.set()  # wakes the sender of a body, which stops now

    def on_body(self, data: bytes) -> None:
        """Add a piece of the body, without its chunk framing."""
        self._bare_bytes = 0
        if self.reply is not None:
            self.reply.feed(data)

    def on_message_complete(self) -> None:
        """Mark the reply as complete."""
        if self.reply is not None and not self._interim:
            self.reply.done = True

    def on_message_begin(self) -> None:
        """Mark the connection as not reusable if data follows a complete reply."""
        if self.reply is not None and self.reply.done:
            self.reply.reusable = False

    def expect(self, reply: "UpstreamReply") -> None:
        """Expect `reply` next."""
        self.reply = reply
        self._bare_bytes = 0


@dataclass(slots=True, eq=False)
class UpstreamReply:
    """The reply of an instance. `started`: its head has arrived; `done`: its whole body has.

    `reason` and `headers` are as the instance wrote them. `reusable`: the connection can be used again.
    """

    _connection: UpstreamConnection | None
    _head_only: bool
    _buffer: list[bytes] = field(default_factory=list)
    _size: int = 0
    _paused: bool = False
    _until_close: bool = False
    _error: Exception | None = None
    _write: Callable[[list[bytes]], bool] | None = None
    _values: dict[bytes, bytes] = field(default_factory=dict)
    _waiter: asyncio.Future[None] | None = None
    started: bool = False
    done: bool = False
    reusable: bool = False
    status: int = 0
    reason: bytes = b""
    headers: RawHeaders = field(default_factory=list)

    def begin(self, status: int, reason: bytes, headers: RawHeaders, *, reusable: bool) -> None:
        """Start the reply with its head."""
        self.status = status
        self.reason = reason
        self.headers = headers
        self._values = values = {name.lower(): value for name, value in headers}
        self.started = True
        self._until_close = b"content-length" not in values and b"transfer-encoding" not in values
        # llhttp does not know that the request was a HEAD and waits for a body: the connection is not reusable.
        self.done = self._head_only
        self.reusable = reusable and not self._head_only

    def feed(self, data: bytes) -> None:
        """Add a piece of the body; data after its end is dropped."""
        if self.done:
            self.reusable = False
            return
        self._buffer.append(data)
        self._size += len(data)
        if self._size > BUFFER_BYTES and not self._paused and self._connection is not None:
            self._paused = True
            self._connection.transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """Handle the close of the connection, which can be the end of the body."""
        self.reusable = False
        if not self.done:
            if self.started and self._until_close and exc is None:
                self.done = True
            else:
                self.fail(self._close_error(exc))
        self._wake()

    def _close_error(self, exc: Exception | None) -> UpstreamError:
        reason = str(exc) if exc else ""
        if self.started:
            why = notice("attempt.broken_off_by_error", reason=reason) if reason else notice("attempt.broken_off")
            return UpstreamError(FailureKind.CLOSED, why)
        kind = StaleError if self._connection is not None and self._connection.stale else UpstreamError
        why = notice("attempt.closed_by_error", reason=reason) if reason else notice("attempt.closed")
        return kind(FailureKind.CLOSED, why)

    def fail(self, error: Exception) -> None:
        """Fail the reply with `error`, unless it has failed before."""
        self._error = self._error or error
        self.reusable = False
        self._wake()

    def deliver(self) -> None:
        """Pass what has arrived to the writer set by `pipe`; wake the reader if there is no writer, or at the end."""
        if self._write is not None and self._buffer and not self._write(self._take_pieces()):
            self._write = None
        if self._write is None or self.done or self._error is not None:
            self._wake()

    def _wake(self) -> None:
        """Wake the reader."""
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    async def _wait_change(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    async def wait_started(self) -> None:
        """Wait for the head. Raises `UpstreamError` if none comes."""
        while not self.started:
            if self._error is not None:
                raise self._error
            await self._wait_change()

    def header(self, name: bytes) -> bytes:
        """Return the value of a header, named in lower case, or b"" if there is none."""
        return self._values.get(name, b"")

    @property
    def length(self) -> int | None:
        """Return the length of the body from the headers, or None if it is not given."""
        length = self._values.get(b"content-length")
        return None if length is None else int(length)

    @property
    def ready(self) -> bool:
        """Return whether `read` would return or raise at once."""
        return bool(self._buffer) or self.done or self._error is not None

    @property
    def settled(self) -> bool:
        """Return whether the head has arrived, or never will."""
        return self.started or self._error is not None

    async def read(self) -> list[bytes]:
        """Wait for data and return the pieces of the body that have arrived; [] = clean end.

        Raises `UpstreamError` if the reply breaks.
        """
        while not self._buffer:
            if self.done:
                return []
            if self._error is not None:
                raise self._error
            await self._wait_change()
        return self._take_pieces()

    async def pipe(self, write: Callable[[list[bytes]], bool]) -> bool:
        """Call `write` with the pieces of the body as soon as they arrive; return True at the clean end.

        Return False once `write` has returned False, to be called again later. Raises `UpstreamError` as `read` does.
        """
        if self._buffer and not write(self._take_pieces()):
            return False
        self._write = write
        try:
            while not self.done:
                if self._error is not None:
                    raise self._error
                await self._wait_change()
                if self._write_refused:
                    return False
        finally:
            self._write = None
        return True

    @property
    def _write_refused(self) -> bool:
        """Return whether `write` has returned False."""
        return self._write is None

    def _take_pieces(self) -> list[bytes]:
        pieces, self._buffer = self._buffer, []
        self._size = 0
        if self._paused and self._connection is not None and not self._connection.closed:
            self._paused = False
            self._connection.transport.resume_reading()
        return pieces

    def close(self) -> None:
        """Release the connection if the reply is complete, else close it, which stops the instance's generation."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        connection.reply = None
        if self.done and self.reusable and not self._paused and not connection.closed:
            connection.pool.release(connection)
        elif not connection.closed:
            connection.transport.abort()
