"""Reads a request's body before the request queues: while a body is unread, a disconnect would go unnoticed.

Up to `MEMORY_BYTES` stay in memory, larger bodies go to a temporary file.
"""

import asyncio
import mmap
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from typing import IO, Protocol, TypeAlias

from aiohttp import web

from ollama_panel.core.notices import Notice, notice
from ollama_panel.proxy.upstream import Payload

MEMORY_BYTES = 8 * 1024 * 1024
BYTES_PER_TIMEOUT = 65_536
"""How much of a body must arrive per time-out: half a kilobyte a second with the default of 120 s."""
_PIECE_BYTES = 262_144

View: TypeAlias = bytes | mmap.mmap


class BodyError(Exception):
    """A body that is refused; `status` and the notice are the response."""

    def __init__(self, status: int, why: Notice) -> None:
        super().__init__(status, why)
        self.status = status
        self.notice = why


class Body(Protocol):
    """A whole request body."""

    @property
    def size(self) -> int:
        """Return the length in bytes."""
        ...

    def view(self) -> View:
        """Return the bytes for reading; a spooled body is mapped, not loaded."""
        ...

    def payload(self) -> Payload:
        """Return the body for sending; call once per attempt."""
        ...

    def close(self) -> None:
        """Free memory and files."""
        ...


class MemoryBody:
    """A body in memory."""

    __slots__ = ("data", "size")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = len(data)

    def view(self) -> View:
        """See `Body.view`."""
        return self.data

    def payload(self) -> Payload:
        """See `Body.payload`."""
        return self.data

    def close(self) -> None:
        """See `Body.close`."""
        self.data = b""


class SpooledBody:
    """A body in a temporary file, which the system deletes when it is closed."""

    __slots__ = ("_file", "_map", "size")

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self._map: mmap.mmap | None = None
        self.size = size

    def view(self) -> View:
        """See `Body.view`."""
        if self._map is None:
            self._map = mmap.mmap(self._file.fileno(), self.size, access=mmap.ACCESS_READ)
        return self._map

    def payload(self) -> Payload:
        """See `Body.payload`."""
        return in_parts((memoryview(self.view()),))

    def close(self) -> None:
        """See `Body.close`."""
        if self._map is not None:
            with suppress(BufferError):  # the traceback of a failed attempt still has a part of it
                self._map.close()
            self._map = None
        self._file.close()


async def in_parts(pieces: Iterable[bytes | memoryview]) -> AsyncIterator[bytes]:
    """Yield pieces in parts of at most `_PIECE_BYTES`."""
    for piece in pieces:
        for start in range(0, len(piece), _PIECE_BYTES):
            yield bytes(piece[start : start + _PIECE_BYTES])


async def read_body(request: web.BaseRequest, *, limit: int, timeout_s: float) -> Body:
    """Return the whole body of `request`.

    Raises `BodyError` if it is longer than `limit` bytes, if it arrives too slowly (see `iter_body`; `timeout_s` 0 =
    no limit), or if its framing is broken.
    """
    if not request.body_exists:
        return MemoryBody(b"")
    declared = request.content_length
    if declared is not None and declared > limit:
        raise _too_long(limit)
    content = request.content
    if content.is_eof() and not content.exception():
        return _checked(MemoryBody(content.read_nowait(-1)), limit)
    return await _read_buffered(request, limit, timeout_s)


def _checked(body: MemoryBody, limit: int) -> MemoryBody:
    if body.size > limit:
        raise _too_long(limit)
    return body


def _too_long(limit: int) -> BodyError:
    return BodyError(413, notice("body.too_long", limit=limit))


async def _read_buffered(request: web.BaseRequest, limit: int, timeout_s: float) -> Body:
    buffer = _BodyBuffer()
    try:
        async for piece in iter_body(request, timeout_s):
            buffer.add(piece)
            if buffer.size > limit:
                raise _too_long(limit)
    except BaseException:
        buffer.discard()
        raise
    return buffer.body()


async def iter_body(request: web.BaseRequest, timeout_s: float) -> AsyncIterator[bytes]:
    """Yield the body piece by piece. Raises `BodyError` if it arrives too slowly or its framing is broken.

    The client has `timeout_s` for the first piece and again for every `BYTES_PER_TIMEOUT`, so one byte now and then is
    not enough. The time that the caller spends on a piece does not count.
    """
    content, clock = request.content, asyncio.get_running_loop().time
    waited, size = 0.0, 0
    try:
        while True:
            left = timeout_s * (1 + size // BYTES_PER_TIMEOUT) - waited if timeout_s else None
            begun = clock()
            async with asyncio.timeout(left):
                piece = await content.readany()
            if not piece:
                return
            waited += clock() - begun
            size += len(piece)
            yield piece
    except TimeoutError as error:
        raise BodyError(408, notice("body.late", limit=timeout_s)) from error
    except web.RequestPayloadError as error:
        reason = str(error)
        raise BodyError(400, notice("body.invalid", reason=reason) if reason else notice("body.framing")) from error


class _BodyBuffer:
    """Collects pieces; moves them to a file once they exceed `MEMORY_BYTES`."""

    __slots__ = ("_file", "_pieces", "size")

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._file: IO[bytes] | None = None
        self.size = 0

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self._file is not None:
            self._file.write(piece)
            return
        self._pieces.append(piece)
        if self.size > MEMORY_BYTES:
            self._file = tempfile.TemporaryFile(prefix="ollama-panel-")  # noqa: SIM115 - the body owns it
            self._file.writelines(self._pieces)
            self._pieces.clear()

    def body(self) -> Body:
        if self._file is None:
            return MemoryBody(b"".join(self._pieces))
        self._file.flush()
        return SpooledBody(self._file, self.size)

    def discard(self) -> None:
        if self._file is not None:
            self._file.close()
