"""One request to one instance. The relay knows only the two Protocols here; aiohttp is behind them.

The settings of the client pool are those of a proxy: no limits, no read time-out (loading a model is silent for
minutes), no decompression, no cookies, no redirects, no headers of its own.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol, TypeAlias, cast

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from ollama_panel.core.records import FailureKind

CONNECT_TIMEOUT_S = 5.0
HEADER_LIMIT = 65536

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
    def reason(self) -> str:
        """Return the reason phrase as the instance wrote it."""
        ...

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """Return the headers, case as written."""
        ...

    async def read(self) -> bytes:
        """Return what has arrived of the body, waiting for the first byte; b"" is a clean end.

        Raises `UpstreamError` when the instance breaks off.
        """
        ...

    def close(self) -> None:
        """Give the connection back when the answer is whole, else close it: the instance stops generating."""
        ...


class UpstreamClient(Protocol):
    """Sends requests to instances."""

    async def open(self, method: str, url: str, headers: CIMultiDict[str], body: Payload) -> Reply:
        """Send a request and wait for the headers of the answer.

        `url` is taken as it stands. Raises `UpstreamError` when none came.
        """
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...


class AiohttpReply:
    """`Reply` over aiohttp."""

    __slots__ = ("_content", "_response", "headers", "reason", "status")

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self._content = response.content
        self.status = response.status
        self.reason = response.reason or ""
        self.headers = response.headers

    async def read(self) -> bytes:
        """See `Reply.read`."""
        try:
            return await self._content.readany()
        except (aiohttp.ClientError, OSError) as error:
            raise UpstreamError(FailureKind.CLOSED, f"the instance broke off its answer ({_words(error)})") from error

    def close(self) -> None:
        """See `Reply.close`."""
        if self._content.at_eof():
            self._response.release()
        else:
            self._response.close()


class AiohttpClient:
    """`UpstreamClient` over two pools of aiohttp: one that keeps connections, one that never does.

    A streamed body cannot be sent twice, so it must not meet a connection that the instance has just closed.
    """

    def __init__(self) -> None:
        self._kept = _session(force_close=False)
        self._single = _session(force_close=True)

    async def open(self, method: str, url: str, headers: CIMultiDict[str], body: Payload) -> Reply:
        """See `UpstreamClient.open`."""
        replayable = body is None or isinstance(body, bytes)
        session = self._kept if replayable else self._single
        target = URL(url, encoded=True)
        try:
            return await _send(session, method, target, headers, body)
        except aiohttp.ClientConnectorError as error:
            raise UpstreamError(FailureKind.CONNECT, f"no connection to the instance ({_words(error)})") from error
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
            if not replayable:
                raise UpstreamError(
                    FailureKind.CLOSED, f"the instance closed the connection ({_words(error)})"
                ) from error
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise UpstreamError(_kind(error), f"the instance gave no valid answer ({_words(error)})") from error
        return await self._again(method, target, headers, body)

    async def _again(self, method: str, target: URL, headers: CIMultiDict[str], body: Payload) -> Reply:
        """Send once more, on a new connection: the kept one may have been closed long ago."""
        try:
            return await _send(self._single, method, target, headers, body)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise UpstreamError(_kind(error), f"the instance gave no answer ({_words(error)})") from error

    async def close(self) -> None:
        """See `UpstreamClient.close`."""
        await self._kept.close()
        await self._single.close()


async def _send(
    session: aiohttp.ClientSession, method: str, target: URL, headers: CIMultiDict[str], body: Payload
) -> AiohttpReply:
    # Above 1 MiB aiohttp warns about bytes, and sends them in one write: an iterator lets other streams breathe.
    data = _pieces(body) if isinstance(body, bytes) and len(body) > 1_000_000 else body
    response = await session.request(method, target, headers=headers, data=data, allow_redirects=False)
    return AiohttpReply(response)


async def _pieces(body: bytes, size: int = 262_144) -> AsyncIterator[bytes]:
    view = memoryview(body)
    for start in range(0, len(body), size):
        yield cast("bytes", view[start : start + size])


def _session(*, force_close: bool) -> aiohttp.ClientSession:
    connector = (
        aiohttp.TCPConnector(limit=0, force_close=True)
        if force_close
        else aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
    )
    return aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT_S, sock_read=None),
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        max_line_size=HEADER_LIMIT,
        max_field_size=HEADER_LIMIT,
    )


def _kind(error: BaseException) -> FailureKind:
    if isinstance(error, aiohttp.ClientConnectorError | asyncio.TimeoutError):
        return FailureKind.CONNECT
    closed = isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError)
    return FailureKind.CLOSED if closed else FailureKind.UPSTREAM


def _words(error: BaseException) -> str:
    return str(error).strip() or type(error).__name__
