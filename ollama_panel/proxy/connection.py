"""Client connections: aiohttp's, plus a header time-out, limits on connections and header bytes, and errors as JSON.

The classes extend aiohttp's own, because the parser and its limits are there and only there.
"""

import asyncio
import heapq
import logging
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator

from aiohttp import StreamReader, web
from aiohttp.http import RawRequestMessage
from aiohttp.http_exceptions import LineTooLong
from typing_extensions import override

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.api import Dialect, error_body
from ollama_panel.proxy.connection_limit import ConnectionLimit
from ollama_panel.proxy.exchange import reason_of, request_id
from ollama_panel.proxy.hangup import has_unread, hung_up
from ollama_panel.proxy.headers import JSON
from ollama_panel.proxy.identity import Peer
from ollama_panel.proxy.patient_timer import PatientTimer
from ollama_panel.proxy.response import Response
from ollama_panel.proxy.write_watch import WriteWatch

_log = logging.getLogger(__name__)

LINE_BYTES = 65536
HEADER_COUNT = 256
HEADERS_BYTES = 262_144
"""The limit of all headers of one request together."""
KEEPALIVE_S = 75.0
HANGUP_CHECK_S = 0.1
"""How often to check for a hang-up while reading is paused."""
LINGER_S = 2.0
"""How long the unread rest of a body is read and dropped, so that the error response is not lost in a reset."""
SILENT_S = 10.0
"""How long a connection without a request must have been silent before it may be closed to make room for others.

nginx closes such a connection at once, however short its rest; Go counts one without a request as idle after 5 s.
"""
STALLED_S = 30.0
"""The same for one whose client stopped in the middle of a body: a slow disk or radio link may take some seconds."""
MADE_ROOM = 32
"""How many silent connections are closed at a time, as in nginx (`ngx_drain_connections`)."""


class ParseErrorResponse(Response):
    """The response to bytes that were no valid request; closes the connection."""

    def __init__(self, request: web.BaseRequest, status: int, why: Notice) -> None:
        super().__init__(request)
        self._why = why
        self._code = status
        self._http_1_1 = True  # the version of an invalid request is not reliable
        self.force_close()

    @override
    async def prepare(self, request: web.BaseRequest) -> None:
        headers = [(b"X-Request-ID", request_id(None).encode()), (b"Content-Type", JSON)]
        await self.send_whole(self._code, reason_of(self._code), headers, _error(self._code, self._why))


class Connection(web.RequestHandler):
    """A client connection.

    `client` and `port` are the peer's address; `over_limit`: it is one connection too many. `silent_since` is the
    loop's time when the client was last heard or answered. `cut_off` is why the panel has aborted it, None if not.
    """

    __slots__ = (
        *("_body", "_hangup_timer", "_header_bytes", "_header_timer", "_server", "_write_watch"),
        *("client", "cut_off", "over_limit", "port", "silent_since"),
    )

    def __init__(self, server: "ClientServer") -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type] # aiohttp's way to say "no access log"
            auto_decompress=False,
            max_line_size=LINE_BYTES,
            max_field_size=LINE_BYTES,
            max_headers=HEADER_COUNT,
            keepalive_timeout=KEEPALIVE_S,
            lingering_time=LINGER_S,
        )
        # aiohttp's parser (3.14.5) counts a request whose body came late as one that still waits: it stops one request
        # before the queue is full, and would be asked for the rest only if it was full.
        self._max_msg_queue_size -= 1
        self._server = server
        self._header_timer: PatientTimer | None = None
        self._header_bytes = 0
        self._body: StreamReader | None = None
        self._hangup_timer: asyncio.TimerHandle | None = None
        self.client = ""
        self.port = 0
        self.over_limit = False
        self.silent_since = self._loop.time()
        self.cut_off: Notice | None = None
        self._write_watch: WriteWatch | None = None

    @property
    def idle(self) -> bool:
        """Return whether no request is in progress on this connection, and none has come."""
        return self._current_request is None and not self.waiting

    @property
    def waiting(self) -> bool:
        """Return whether, with no request in progress, bytes have come that the loop has not read or not handled."""
        transport = self.transport
        if self._current_request is not None or transport is None or transport.is_closing():
            return False
        if self._messages:
            return True
        return not self._not_reading and has_unread(transport.get_extra_info("socket").fileno())

    @property
    def patience_s(self) -> float:
        """How long it may be silent while others wait for room."""
        if self.idle:
            return SILENT_S
        owes_body = self._body is not None and not self._body.is_eof() and not self._not_reading
        return STALLED_S if owes_body else math.inf

    def make_room(self) -> None:
        """Close, because it has been silent for too long; a client in the middle of a body is told."""
        if self.idle:
            self.force_close()
        else:
            self._refuse(408, notice("body.late", limit=STALLED_S))

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        if isinstance(peer, tuple):
            self.client, self.port = str(peer[0]), int(peer[1])
        self.over_limit = self._server.connected(self.client)
        self._start_header_timer()

    @override
    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop_header_timer()
        if self._hangup_timer is not None:
            self._hangup_timer.cancel()
        self._server.disconnected((self.client, self.port))
        super().connection_lost(exc)
        if self._write_watch is not None:
            self._write_watch.stop()

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_writing(blocked=True)

    @override
    def resume_writing(self) -> None:
        if self._write_watch is not None:
            self._write_watch.resumed()
        super().resume_writing()

    @override
    def force_close(self) -> None:
        """Close the connection once what was written is flushed."""
        self._watch_writing(blocked=False)
        super().force_close()

    @override
    async def start(self) -> None:
        try:
            await super().start()
        finally:
            self._watch_writing(blocked=False)  # it may be closing

    def _watch_writing(self, *, blocked: bool) -> None:
        transport, limit = self.transport, self._server.write_timeout_s
        if transport is None or not limit or not transport.get_write_buffer_size():
            return
        if self._write_watch is None:
            self._write_watch = WriteWatch(transport, self._stalled)
        self._write_watch.start(limit, blocked=blocked)

    def _stalled(self, limit_s: float) -> None:
        self.cut_off = notice("request.client_stalled", limit=limit_s)
        _log.info("%s (%s:%d)", render(self.cut_off), self.client, self.port)

    @override
    def data_received(self, data: bytes) -> None:
        before, in_body = self._request_count, self._body is not None and not self._body.is_eof()
        self.silent_since = self._loop.time()
        super().data_received(data)
        if self._request_count != before:
            self._body = self._messages[-1][1] if self._messages else None
            self._stop_header_timer()
            self._report_broken_framing()
        elif self._current_request is None and data and not in_body:
            self._count_header_bytes(len(data))
        if self._not_reading and self._hangup_timer is None:
            self._schedule_hangup_check()

    @override
    def _process_keepalive(self) -> None:
        """Close an idle connection; where a request has begun to come, the timer of its headers decides."""
        self._keepalive_handle = None
        if self._header_bytes == 0 or self._header_timer is None:
            super()._process_keepalive()

    @override
    def resume_reading(self, resume_parser: bool = True) -> None:
        """Resume if reading is paused; aiohttp calls this after every body, and would parse once more for nothing."""
        if self._not_reading:
            super().resume_reading(resume_parser)

    @property
    def _not_reading(self) -> bool:
        """Return whether reading is paused because the read buffer is full."""
        return self._reading_paused or self._buffer_paused

    def _schedule_hangup_check(self) -> None:
        self._hangup_timer = self._loop.call_later(HANGUP_CHECK_S, self._check_hangup)

    def _check_hangup(self) -> None:
        """Abort if the client hung up while reading is paused; a half-close counts only after a complete request."""
        self._hangup_timer = None
        request, transport = self._current_request, self.transport
        if transport is None or transport.is_closing() or not self._not_reading:
            return
        whole = request is not None and request.content.is_eof()
        if hung_up(transport.get_extra_info("socket").fileno(), closing=whole):
            transport.abort()
        else:
            self._schedule_hangup_check()

    def _count_header_bytes(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > HEADERS_BYTES:
            self._refuse(431, notice("http.headers_too_long", limit=HEADERS_BYTES))
        elif self._header_timer is None:
            self._start_header_timer()

    def _report_broken_framing(self) -> None:
        """Raise in the reader of a body whose framing is broken; aiohttp (3.14.5) would let it wait for ever."""
        request = self._current_request
        broken = self._messages and not isinstance(self._messages[-1][0], RawRequestMessage)
        if request is not None and broken and not request.content.is_eof():
            request.content.set_exception(web.RequestPayloadError())
            request.content.feed_eof()

    def _start_header_timer(self) -> None:
        if self._server.header_timeout_s:
            self._header_timer = PatientTimer(self._server.header_timeout_s, self._header_timeout)

    def _stop_header_timer(self) -> None:
        self._header_bytes = 0
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _header_timeout(self) -> None:
        self._header_timer = None
        if self._current_request is None:
            self._refuse(408, notice("http.headers_late"))

    def _refuse(self, status: int, why: Notice) -> None:
        """Send an error before there is a complete request, and close."""
        if self.transport is None:
            return
        body = _error(status, why)
        lines = (
            b"HTTP/1.1 %d %b" % (status, reason_of(status)),
            b"X-Request-ID: %b" % request_id(None).encode(),
            b"Content-Type: %b" % JSON,
            b"Content-Length: %d" % len(body),
            b"Connection: close",
        )
        self.transport.write(b"\r\n".join((*lines, b"", body)))
        self.force_close()

    @override
    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Return the response to what the parser refused: 431 for too many or too long headers, 400 otherwise."""
        if isinstance(exc, LineTooLong) or "Too many headers" in (message or ""):
            return ParseErrorResponse(request, 431, notice("http.header_too_long", limit=LINE_BYTES))
        reason = _first_line(message)
        why = notice("http.invalid", reason=reason) if reason else notice("http.unreadable")
        return ParseErrorResponse(request, status, why)


def _error(status: int, why: Notice) -> bytes:
    """Return the body of an error; there is no path yet that tells the dialect."""
    return error_body(Dialect.NATIVE, status, render(why), code=why.code)


def _first_line(message: str | None) -> str:
    lines = (message or "").strip().splitlines()
    return lines[0].rstrip(":. ") if lines else ""


class ClientServer(web.Server):
    """aiohttp's server with our `Connection`, counted per client address; `on_disconnect` is called for each closed."""

    def __init__(
        self,
        handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        on_disconnect: Callable[[Peer], None],
        limit: ConnectionLimit,
    ) -> None:
        super().__init__(handler, handler_cancellation=True)
        self._on_disconnect = on_disconnect
        self._limit = limit
        self.header_timeout_s = 0.0
        self.connections_per_client = 0
        self.write_timeout_s = 0.0
        self.all_disconnected = asyncio.Event()
        self.all_disconnected.set()
        self._counts: Counter[str] = Counter()

    @override
    def __call__(self) -> Connection:
        return Connection(self)

    def connected(self, client: str) -> bool:
        """Count a new connection; return whether the client has one too many."""
        self._counts[client] += 1
        self.all_disconnected.clear()
        return 0 < self.connections_per_client < self._counts[client]

    def disconnected(self, peer: Peer) -> None:
        """Count a closed connection."""
        self._limit.release()
        self._on_disconnect(peer)
        client = peer[0]
        self._counts[client] -= 1
        if self._counts[client] <= 0:
            del self._counts[client]
        if not self._counts:
            self.all_disconnected.set()

    def close_idle(self) -> None:
        """Close the connections on which no request is in progress."""
        for connection in self._all():
            if connection.idle:
                connection.force_close()

    async def begin_all(self) -> None:
        """Return when every request that has come so far is in progress."""
        while any(connection.waiting for connection in self._all()):  # noqa: ASYNC110 - only the loop's turns read
            await asyncio.sleep(0)
        await asyncio.sleep(0)  # the handler's first step

    def make_room(self) -> bool:
        """Close some of the connections that have been silent for too long; return whether there were any.

        The longest silent ones go first.
        """
        now = asyncio.get_running_loop().time()
        silent = [one for one in self._all() if one.silent_since <= now - one.patience_s]
        for connection in heapq.nsmallest(MADE_ROOM, silent, key=lambda one: one.silent_since):
            connection.make_room()
        return bool(silent)

    def _all(self) -> Iterator[Connection]:
        return (one for one in self.connections if isinstance(one, Connection))
