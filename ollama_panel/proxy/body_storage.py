"""Where request bodies are until their requests end: in memory, or beyond that in temporary files.

A body counts from its first byte on, so clients that stall in the middle cannot fill the memory either.
"""

import logging
import mmap
import tempfile
from collections.abc import AsyncIterator, Iterable
from typing import IO, Protocol, TypeAlias

from ollama_panel.core.errors import reason_of
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.sizes import GIB, MIB
from ollama_panel.proxy.upstream import Payload

MEMORY_BYTES = 256 * MIB
"""How much memory all bodies take together. 10,000 waiting requests of 25 KB each are in memory."""
DISK_BYTES = 2 * GIB
"""How much all temporary files take together: twice what may wait (`Policy.queue_bytes`); one body may take more."""
LARGE_BYTES = 8 * MIB
"""A longer body goes to a file however much memory is left."""
SMALL_BYTES = 65_536
"""Longer bodies get half of the memory only, so that a few of them leave room for many short ones: those would need a
descriptor each."""
RETRY_AFTER_S = 10
_PIECE_BYTES = 262_144

View: TypeAlias = bytes | mmap.mmap

_log = logging.getLogger(__name__)


class BodyError(Exception):
    """A body that is refused; `status` and the notice are the response."""

    def __init__(self, status: int, why: Notice, retry_after_s: int | None = None) -> None:
        super().__init__(status, why)
        self.status = status
        self.notice = why
        self.retry_after_s = retry_after_s


class Body(Protocol):
    """A whole request body."""

    @property
    def size(self) -> int:
        """Return the length in bytes."""
        ...

    def view(self) -> View:
        """Return the bytes for reading; a spooled body is mapped, not loaded. Raises `BodyError` if it cannot be."""
        ...

    def payload(self) -> Payload:
        """Return the body for sending; call once per attempt. Raises `BodyError` as `view` does."""
        ...

    def close(self) -> None:
        """Free memory and files."""
        ...


class BodyStore:
    """Counts the bytes of all bodies, `in_memory` and `on_disk`; both stay below `memory_bytes` and `disk_bytes`."""

    def __init__(self, memory_bytes: int = MEMORY_BYTES, disk_bytes: int = DISK_BYTES) -> None:
        self.memory_bytes = memory_bytes
        self.disk_bytes = disk_bytes
        self.in_memory = 0
        self.on_disk = 0
        self._warned = False

    def fits(self, size: int, more: int) -> bool:
        """Return whether `more` bytes of a body that has `size` with them may be in memory."""
        share = self.memory_bytes if size <= SMALL_BYTES else self.memory_bytes // 2
        return size <= LARGE_BYTES and self.in_memory + more <= share

    def failed(self, error: OSError) -> BodyError:
        """Return the answer to a request whose body cannot be kept in a file; the log says it until one can."""
        why = notice("body.no_storage", reason=reason_of(error))
        if not self._warned:
            self._warned = True
            _log.warning(render(why))
        return BodyError(507, why, RETRY_AFTER_S)

    def spooled(self) -> None:
        """Note that a body was kept in a file."""
        self._warned = False


class MemoryBody:
    """A body in memory."""

    __slots__ = ("_store", "data", "size")

    def __init__(self, data: bytes, store: BodyStore) -> None:
        self.data = data
        self.size = len(data)
        self._store = store

    def view(self) -> View:
        """See `Body.view`."""
        return self.data

    def payload(self) -> Payload:
        """See `Body.payload`."""
        return self.data

    def close(self) -> None:
        """See `Body.close`."""
        self._store.in_memory -= len(self.data)
        self.data = b""


class SpooledBody:
    """A body in a temporary file, which the system deletes when it is closed."""

    __slots__ = ("_file", "_store", "size")

    def __init__(self, file: IO[bytes], size: int, store: BodyStore) -> None:
        self._file = file
        self._store = store
        self.size = size

    def view(self) -> View:
        """See `Body.view`. The map ends with its last reader: while the body waits, none of it is in memory.

        Its pages are the system's cache, which may be taken back at any time, though `VmRSS` counts them (300 MB:
        +300 MB of `RssFile`, +0 of `RssAnon`). Reading in pieces would not help: parsers need the whole document.
        """
        try:
            return mmap.mmap(self._file.fileno(), self.size, access=mmap.ACCESS_READ)
        except OSError as error:
            raise self._store.failed(error) from error

    def payload(self) -> Payload:
        """See `Body.payload`."""
        return in_parts((memoryview(self.view()),))

    def close(self) -> None:
        """See `Body.close`."""
        if not self._file.closed:
            self._file.close()
            self._store.on_disk -= self.size


async def in_parts(pieces: Iterable[bytes | memoryview]) -> AsyncIterator[bytes]:
    """Yield pieces in parts of at most `_PIECE_BYTES`."""
    for piece in pieces:
        for start in range(0, len(piece), _PIECE_BYTES):
            yield bytes(piece[start : start + _PIECE_BYTES])


class BodyBuffer:
    """Collects the pieces of a body of at most `limit` bytes, in memory while that has room, else in a file.

    `add` and `body` raise `BodyError` if it is too long, or if there is no room for it; then call `discard`.
    """

    __slots__ = ("_data", "_file", "_limit", "_store", "size")

    def __init__(self, store: BodyStore, limit: int) -> None:
        self._store = store
        self._limit = limit
        self._data: bytes | bytearray = b""
        self._file: IO[bytes] | None = None
        self.size = 0

    def check(self, size: int) -> None:
        """Raise `BodyError` if a body of `size` bytes is too long."""
        if size > self._limit:
            raise BodyError(413, notice("body.too_long", limit=self._limit))

    def add(self, piece: bytes) -> None:
        """Add a piece."""
        self.check(self.size + len(piece))
        if self._file is None and self._store.fits(self.size + len(piece), len(piece)):
            self._store.in_memory += len(piece)
            self._data = self._joined(piece)
        else:
            try:
                self._spool(piece)
            except OSError as error:
                raise self._store.failed(error) from error
        self.size += len(piece)

    def _joined(self, piece: bytes) -> bytes | bytearray:
        """Return the data with one more piece: a list of very short ones would take many times their length."""
        data = self._data
        if not data:
            return piece
        joined = data if isinstance(data, bytearray) else bytearray(data)
        joined += piece
        return joined

    def _spool(self, piece: bytes) -> None:
        if self._file is None:
            # Unbuffered: closing a buffered file on a full disk would try to write once more, and fail.
            self._file = tempfile.TemporaryFile(prefix="ollama-panel-", buffering=0)  # noqa: SIM115 - the body owns it
            before, self._data, self.size = self._data, b"", 0
            self._store.in_memory -= len(before)
            self._write(before)
            self.size = len(before)
        self._write(piece)

    def _write(self, data: bytes | bytearray) -> None:
        store, file = self._store, self._file
        assert file is not None
        if store.on_disk + len(data) > max(store.disk_bytes, self._limit):
            raise BodyError(503, notice("body.no_room", size=store.on_disk), RETRY_AFTER_S)
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]
        store.on_disk += len(data)

    def body(self) -> Body:
        """Return the body, which is whole now."""
        if self._file is not None:
            self._store.spooled()
            return SpooledBody(self._file, self.size, self._store)
        return MemoryBody(bytes(self._data), self._store)

    def discard(self) -> None:
        """Free memory and file."""
        if self._file is not None:
            self._file.close()
            self._store.on_disk -= self.size
        else:
            self._store.in_memory -= len(self._data)
