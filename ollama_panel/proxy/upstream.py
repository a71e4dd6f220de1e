"""One request to one instance, as the relay knows it: two Protocols. `upstream_connection` is behind them.

A proxy's client has no limit of connections, no read time-out (loading a model is silent for minutes), no
decompression, no cookies, no redirects and no headers of its own.
"""

from collections.abc import AsyncIterator, Callable
from typing import Protocol, TypeAlias

from ollama_panel.core.records import FailureKind
from ollama_panel.proxy.headers import RawHeaders

Payload: TypeAlias = bytes | AsyncIterator[bytes] | None
"""A request body: in memory (may be sent again), a stream (may not), or none."""


class UpstreamError(Exception):
    """An attempt failed for a reason that is not the client's; `kind` says what may be tried again."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Reply(Protocol):
    """An answer whose headers have come."""

    @property
    def status(self) -> int:
        """Return the status code."""
        ...

    @property
    def reason(self) -> bytes:
        """Return the reason phrase as the instance wrote it."""
        ...

    @property
    def headers(self) -> RawHeaders:
        """Return the headers as they came."""
        ...

    @property
    def length(self) -> int | None:
        """Return the length of the body that the headers tell, None when its end will show."""
        ...

    def header(self, name: bytes) -> bytes:
        """Return a header's value by its name in lower case, b"" when there is none."""
        ...

    @property
    def ready(self) -> bool:
        """Say whether `read` would return, or fail, at once."""
        ...

    @property
    def done(self) -> bool:
        """Say whether the whole body has come: the next `read` returns all that is left of it."""
        ...

    async def read(self) -> list[bytes]:
        """Return what has arrived of the body in the pieces that it was sent in, waiting for the first; [] = clean end.

        Raises `UpstreamError` when the instance breaks off.
        """
        ...

    async def pass_on(self, take: Callable[[list[bytes]], bool]) -> bool:
        """Call `take` with each part of the body the moment it comes; True at the clean end.

        False when `take` returned False: it wants no more before the next call. Raises `UpstreamError` as `read` does.
        """
        ...

    def close(self) -> None:
        """Give the connection back when the answer is whole, else close it: the instance stops generating."""
        ...


class UpstreamClient(Protocol):
    """Sends requests to instances."""

    async def open(self, method: str, base: str, path: str, headers: RawHeaders, body: Payload) -> Reply:
        """Send a request to the instance at `base` and wait for the headers of its answer.

        `path` goes into the request line as it stands; `headers` may give the length of a streamed body. Raises
        `UpstreamError` when no answer came.
        """
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...
