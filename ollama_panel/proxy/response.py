"""The answer to one request: status line, headers, pieces, end, each exactly once, straight to the client's connection.

Written by ourselves, because an answer that passes through must keep the instance's headers in their bytes, case and
order and get no others (aiohttp's response adds Server, Date and Content-Type and takes text only), must be able to go
out from the very call that brings it, without an await on the way, and may end with trailers.
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
"""How long a broken answer's last words may take to reach a slow client before its connection is cut."""


class Response(web.StreamResponse):
    """What aiohttp's server waits for; `begun` once there is a head, `over` once there is an end.

    `send` and `finish` never wait: when `blocked`, wait with `drain` before sending more.
    """

    _STATUSES_WITHOUT_BODY: ClassVar[frozenset[int]] = frozenset({204, 304})

    def __init__(self, request: web.BaseRequest) -> None:
        super().__init__()
        self.request = request
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
        """Close the connection after this answer."""
        self._allows_keep_alive = False

    @property
    def accepts_trailers(self) -> bool:
        """Say whether the client takes headers after the body; only a chunked one can have them."""
        return self._http_1_1 and "trailers" in self.request.headers.get("TE", "").lower()

    def start(self, status: int, reason: bytes, headers: RawHeaders, length: int | None) -> None:
        """Prepare the head; it goes out with the first piece, or with `flush`.

        `length` is that of the body where it is known, and then stands in `headers`, too. Nothing in `headers` or
        `reason` may hold the end of a line: what came off a socket cannot, and what is ours must not.
        """
        self.started = True
        lines = [b"HTTP/1.%d %d %b\r\n" % (self._http_1_1, status, reason)]
        lines += [b"%b: %b\r\n" % pair for pair in headers]
        if length is None and self._has_body(status):
            lines.append(self._choose_framing())
        if self._http_1_1 and not self._allows_keep_alive:
            lines.append(b"Connection: close\r\n")
        elif self._allows_keep_alive and not self._http_1_1:
            lines.append(b"Connection: keep-alive\r\n")
        lines.append(b"\r\n")
        self._head = b"".join(lines)

    def _has_body(self, status: int) -> bool:
        return self.request.method != "HEAD" and status not in self._STATUSES_WITHOUT_BODY

    def _choose_framing(self) -> bytes:
        """Choose how the client will know the end of a body of unknown length; return the header that says so."""
        if self._http_1_1:
            self._chunked = True
            return b"Transfer-Encoding: chunked\r\n"
        self._allows_keep_alive = False
        self._framed = False
        return b""

    def send(self, pieces: Sequence[bytes]) -> bool:
        """Send pieces, each a chunk of its own, as one write; return whether more may follow at once, see `drain`."""
        if pieces:
            self._write_pieces(self._chunks(pieces) if self._chunked else pieces)
        return not self.blocked

    def finish(self, pieces: Sequence[bytes] = (), trailers: RawHeaders | None = None) -> None:
        """End the answer whole, with its last pieces; only chunked answers can have trailers."""
        if self.ended:
            return
        self.ended = True
        if self._chunked:
            end = b"".join((b"0\r\n", *(b"%b: %b\r\n" % pair for pair in trailers or ()), b"\r\n"))
            self._write_pieces([*self._chunks(pieces), end])
        elif pieces or self._head:
            self._write_pieces(pieces)

    @staticmethod
    def _chunks(pieces: Sequence[bytes]) -> list[bytes]:
        return [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece]

    def _write_pieces(self, pieces: Sequence[bytes]) -> None:
        """Write, with the head before the first piece. What a client that has gone does not get, `drain` tells."""
        transport = self.request.transport
        if transport is not None and not transport.is_closing():
            head, self._head = self._head, b""
            transport.write(b"".join((head, *pieces)))

    @property
    def blocked(self) -> bool:
        """Say whether the client reads more slowly than it is sent, or has gone."""
        protocol = self.request.protocol
        return protocol.writing_paused or protocol.transport is None or protocol.transport.is_closing()

    @override
    async def drain(self) -> None:
        """Wait until the client has caught up; raises ConnectionError when it has gone."""
        transport = self.request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the client has gone")
        await self.request.writer.drain()

    @override
    async def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send a piece, and wait when the client reads more slowly."""
        if not self.send([bytes(data)]):
            await self.drain()

    def flush(self) -> None:
        """Send the head without a body yet."""
        if self._head:
            self._write_pieces(())

    @override
    async def write_eof(self, data: bytes = b"") -> None:
        """End the answer whole; called by the server, too, when the request has been handled."""
        self.finish([data] if data else ())
        if self.blocked:
            await self.drain()

    async def send_whole(self, status: int, reason: bytes, headers: RawHeaders, body: bytes) -> None:
        """Send an answer that is at hand, with its length."""
        headers.append((b"Content-Length", b"%d" % len(body)))
        self.start(status, reason, headers, len(body))
        await self.write_eof(body if self._has_body(status) else b"")

    async def abort(self, final_piece: bytes = b"") -> None:
        """End the answer so that nobody takes it for whole: no last chunk, the connection goes.

        `final_piece` go first where the framing has room for them.
        """
        self.ended = True
        self._allows_keep_alive = False
        transport = self.request.transport
        if transport is None:
            return
        if final_piece and (self._chunked or not self._framed):
            self.send([final_piece])
            transport.close()
            asyncio.get_running_loop().call_later(FLUSH_TIMEOUT_S, transport.abort)
        else:
            transport.abort()

    @override
    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Do nothing: the head is written by `start`."""
        return self.request.writer
