"""The answer to one request, written to aiohttp's stream writer.

A subclass, because `web.StreamResponse` adds headers of its own (Server, Date, Content-Type): an answer that passes
through must keep those of the instance, in its case and order, and nothing else. It is also a third cheaper.
"""

import asyncio
from typing import ClassVar

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpVersion11
from aiohttp.http import StreamWriter as HttpWriter
from multidict import CIMultiDict
from typing_extensions import override

FLUSH_LIMIT_S = 2.0
"""How long a broken answer's last words may take to reach a slow client before its connection is cut."""


class Answer(web.StreamResponse):
    """Status line, headers, chunks, end; each exactly once. Every chunk is one write."""

    _BODILESS: ClassVar[frozenset[int]] = frozenset({204, 304})

    def __init__(self, request: web.BaseRequest) -> None:
        super().__init__()
        self.request = request
        self.begun = False
        self.over = False
        self._may_keep = request.keep_alive
        self._framed = True
        self._modern = request.version >= HttpVersion11

    @property
    @override
    def keep_alive(self) -> bool | None:
        return self._may_keep

    @override
    def force_close(self) -> None:
        """Close the connection after this answer."""
        self._may_keep = False

    async def start(self, status: int, reason: str, headers: CIMultiDict[str]) -> None:
        """Put the head into the writer; it goes out with the first chunk, or with `flush`.

        Raises ValueError when a header holds bytes that must not be in one.
        """
        self._set_status(status, reason)
        writer = self.request.writer
        if self._bodied(status):
            self._frame(writer, headers)
        self._say_connection(headers)
        version = "1.1" if self._modern else "1.0"
        await writer.write_headers(f"HTTP/{version} {status} {reason}", headers)
        self.begun = True

    def _bodied(self, status: int) -> bool:
        return self.request.method != "HEAD" and status not in self._BODILESS

    def _frame(self, writer: AbstractStreamWriter, headers: CIMultiDict[str]) -> None:
        length = headers.get("Content-Length")
        if length is not None:
            writer.length = int(length)
        elif self._modern:
            writer.enable_chunking()
            headers["Transfer-Encoding"] = "chunked"
        else:
            self._may_keep = False
            self._framed = False

    def _say_connection(self, headers: CIMultiDict[str]) -> None:
        if self._modern and not self._may_keep:
            headers["Connection"] = "close"
        elif not self._modern and self._may_keep:
            headers["Connection"] = "keep-alive"

    @override
    async def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send a chunk now; waits when the client reads more slowly than the instance writes."""
        await self.request.writer.write(data)

    def flush(self) -> None:
        """Send the head without a body yet."""
        self.request.writer.send_headers()

    @override
    async def write_eof(self, data: bytes = b"") -> None:
        """End the answer whole."""
        if self.over:
            return
        self.over = True
        await self.request.writer.write_eof(data)

    async def whole(self, status: int, reason: str, headers: CIMultiDict[str], body: bytes) -> None:
        """Send an answer that is at hand, with its length."""
        headers["Content-Length"] = str(len(body))
        await self.start(status, reason, headers)
        await self.write_eof(body if self._bodied(status) else b"")

    async def break_off(self, last_words: bytes = b"") -> None:
        """End the answer so that nobody takes it for whole: no last chunk, the connection goes.

        `last_words` go first where the framing has room for them.
        """
        self.over = True
        self._may_keep = False
        transport = self.request.transport
        if transport is None:
            return
        if last_words and (self._chunked_out() or not self._framed):
            await self.request.writer.write(last_words)
            transport.close()
            asyncio.get_running_loop().call_later(FLUSH_LIMIT_S, transport.abort)
        else:
            transport.abort()

    def _chunked_out(self) -> bool:
        writer = self.request.writer
        return isinstance(writer, HttpWriter) and writer.chunked

    @override
    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Do nothing: the head is written by `start`."""
        return self.request.writer
