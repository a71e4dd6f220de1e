"""The response to one request, written to the client's transport: status line, headers, body pieces, end.

Own code, because a forwarded response must keep the bytes, case and order of the instance's headers and get no others
(aiohttp's adds Server, Date and Content-Type and accepts text only), must be written from the callback that receives
it, without an await, and may end with trailers.
"""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpVersion11
from typing_extensions import override

from ollama_panel.proxy.headers import RawHeaders

FLUSH_TIMEOUT_S = 2.0
"""How long the final piece of an aborted response may take to reach a slow client before the connection is aborted."""


class Response(web.StreamResponse):
    """The response object for aiohttp's server. `started`: it has a head; `ended`: its end was written, or it aborted.

    `send` and `finish` never wait: if `blocked`, await `drain` before sending more.
    """

    _STATUSES_WITHOUT_BODY: ClassVar[frozenset[int]] = frozenset({204, 304})

    def __init__(self, request: web.BaseRequest) -> None:
        super().__init__()
        self.request = request
        self._connection = request.protocol
        self.started = False
        self.ended = False
        self._allows_keep_alive = request.keep_alive
        self._chunked = False
        self._framed = True
        self._head = b""
        self._http_1_1 = request.version >= HttpVersion11

    @property
    @override
    def keep_alive(self) -> bool | None:
        return self._allows_keep_alive

    @override
    def force_close(self) -> None:
        """Close the connection after this response."""
        self._allows_keep_alive = False

    @property
    def accepts_trailers(self) -> bool:
        """Return whether the client accepts trailers; only a chunked body can have them."""
        return self._http_1_1 and "trailers" in self.request.headers.get("TE", "").lower()

    def start(self, status: int, reason: bytes, headers: RawHeaders, length: int | None) -> None:
        """Prepare the head, which is written with the first piece or by `flush`.

        `length` is the length of the body, or None if it is unknown; if known, it is in `headers` too. `headers` and
        `reason` must not contain line ends: those from a socket cannot, our own must not.
        """
        self.started = True
        lines = [b"HTTP/1.%d %d %b" % (self._http_1_1, status, reason), *map(b": ".join, headers)]
        if length is None and self._has_body(status):
            lines += self._choose_framing()
        if self._http_1_1 and not self._allows_keep_alive:
            lines.append(b"Connection: close")
        elif self._allows_keep_alive and not self._http_1_1:
            lines.append(b"Connection: keep-alive")
        lines.append(b"\r\n")
        self._head = b"\r\n".join(lines)

    def _has_body(self, status: int) -> bool:
        return self.request.method != "HEAD" and status not in self._STATUSES_WITHOUT_BODY

    def _choose_framing(self) -> tuple[bytes, ...]:
        """Choose the framing of a body of unknown length, chunked or until close, and return the header for it."""
        if self._http_1_1:
            self._chunked = True
            return (b"Transfer-Encoding: chunked",)
        self._allows_keep_alive = False
        self._framed = False
        return ()

    def send(self, pieces: Sequence[bytes]) -> bool:
        """Write pieces, each as its own chunk, in one write; return whether more may be sent without `drain`."""
        if pieces:
            self._write_pieces(self._chunks(pieces) if self._chunked else pieces)
        return not self.blocked

    def finish(self, pieces: Sequence[bytes] = (), trailers: RawHeaders | None = None) -> None:
        """End the response cleanly, after its last pieces; only chunked ones can have trailers."""
        if self.ended:
            return
        self.ended = True
        if self._chunked:
            end = b"\r\n".join((b"0", *map(b": ".join, trailers or ()), b"\r\n"))
            self._write_pieces([*self._chunks(pieces), end])
        elif pieces or self._head:
            self._write_pieces(pieces)

    @staticmethod
    def _chunks(pieces: Sequence[bytes]) -> list[bytes]:
        return [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece]

    def _write_pieces(self, pieces: Sequence[bytes]) -> None:
        """Write the head, if it is still unwritten, and the pieces. If the client has disconnected, `drain` raises."""
        transport = self._connection.transport
        if transport is not None and not transport.is_closing():
            if self._head:
                pieces = (self._head, *pieces)
                self._head = b""
            transport.write(b"".join(pieces))

    @property
    def blocked(self) -> bool:
        """Return whether the write buffer is full or the client has disconnected."""
        connection = self._connection
        transport = connection.transport
        return connection.writing_paused or transport is None or transport.is_closing()

    @override
    async def drain(self) -> None:
        """Wait until the write buffer has room. Raises ConnectionError if the client has disconnected."""
        transport = self.request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("client disconnected")
        await self.request.writer.drain()

    @override
    async def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send a piece, and wait while the write buffer is full."""
        if not self.send([bytes(data)]):
            await self.drain()

    def flush(self) -> None:
        """Write the head before there is a body."""
        if self._head:
            self._write_pieces(())

    @override
    async def write_eof(self, data: bytes = b"") -> None:
        """End the response cleanly; aiohttp's server calls this too, after the request was handled."""
        self.finish([data] if data else ())
        if self.blocked:
            await self.drain()

    async def send_whole(self, status: int, reason: bytes, headers: RawHeaders, body: bytes) -> None:
        """Send a complete response, with its Content-Length."""
        headers.append((b"Content-Length", b"%d" % len(body)))
        self.start(status, reason, headers, len(body))
        await self.write_eof(body if self._has_body(status) else b"")

    async def abort(self, final_piece: bytes = b"") -> None:
        """End the response so that the client sees it is incomplete: close the connection without a last chunk.

        `final_piece` is sent before, if the framing allows more data.
        """
        self.ended = True
        self._allows_keep_alive = False
        transport = self.request.transport
        if transport is None:
            return
        if final_piece and (self._chunked or not self._framed):
            self.send([final_piece])
            transport.close()
            asyncio.get_running_loop().call_later(FLUSH_TIMEOUT_S, self._cut_off)
        else:
            transport.abort()

    def _cut_off(self) -> None:
        # A transport that has closed by itself must not be aborted: in CPython 3.11 that raises an error.
        if (transport := self.request.transport) is not None:
            transport.abort()

    @override
    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Do nothing: the head is written by `start`."""
        return self.request.writer
