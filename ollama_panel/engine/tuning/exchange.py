"""One request of a trial, from its first byte to the last one of its answer."""

import asyncio
import os
import re
from http import HTTPStatus

import aiohttp

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.api import Dialect, Kind, Route
from ollama_panel.core.ollama.stream import Tail, error_text

SILENT_S = 600.0
"""How long a server may send nothing: on slow machines long prompts of many requests are read one after the other."""

_JSON = {"Content-Type": "application/json"}
_CHAT = Route(Kind.INFERENCE, Dialect.NATIVE, "chat")
_TEXT = re.compile(rb'"(?:content|thinking)":\s*"[^"]')
_TEXT_BEGINS = 32
"""At least as many bytes as of the beginning of a text may be in one piece of a stream and its rest in the next one."""


class Exchange:
    """What has come of an answer that was asked for at `sent`; times are seconds of the loop's clock.

    `stream`: it comes in lines. `first` is the time of the first text, which may be one of the model's thoughts.
    `prompt_tokens` and `output_tokens` are what the server has counted.
    """

    __slots__ = ("_begin", "_tail", "ended", "first", "output_tokens", "prompt_tokens", "sent", "stream")

    def __init__(self, sent: float, *, stream: bool) -> None:
        self.sent = sent
        self.stream = stream
        self.first: float | None = None
        self.ended = sent
        self.prompt_tokens = 0
        self.output_tokens = 0
        self._tail = Tail(sse=False)
        self._begin = b""

    @property
    def pieces(self) -> int:
        """What can be counted before the end: lines, about as many as tokens. Of an answer in one piece its tokens."""
        return self._tail.tokens if self.stream else self.tokens

    @property
    def tokens(self) -> int:
        """The tokens that the server has made: those of the text, or those that it has embedded."""
        return self.output_tokens if self.stream else self.prompt_tokens

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.sent

    @property
    def token_s(self) -> float | None:
        """The time for each token after the first."""
        if self.first is None or self.output_tokens < 2:
            return None
        return (self.ended - self.first) / (self.output_tokens - 1)

    def take(self, piece: bytes, now: float) -> None:
        """Take a piece of the answer."""
        self._tail.feed(piece)
        if self.first is None and self.stream:
            self._begin += piece
            if _TEXT.search(self._begin):
                self.first = now
            self._begin = self._begin[-_TEXT_BEGINS:]

    def end(self, now: float) -> None:
        """Take the end of the answer. Raises PanelError if it ended with an error, or before its end."""
        error = self._tail.error()
        if error is not None:
            raise PanelError(notice("measuring.error", answer=error))
        if self.stream and not self._tail.complete(_CHAT):
            raise PanelError(notice("measuring.broken_off"))
        usage = self._tail.usage()
        self.prompt_tokens, self.output_tokens = usage.prompt_tokens or 0, usage.output_tokens or 0
        self.ended = now


def now() -> float:
    """Return the seconds of the clock by which requests are timed: the loop's, which tests let leap."""
    return asyncio.get_running_loop().time()


async def carry_out(session: aiohttp.ClientSession, url: str, body: bytes, answer: Exchange) -> None:
    """Send a request, and put what comes into `answer`.

    When it is cancelled its connection is closed, so that the server stops. Raises PanelError if it fails.
    """
    try:
        response = await session.post(url, data=body, headers=_JSON)
        try:
            if response.status != HTTPStatus.OK:
                words = error_text(await response.read())
                raise PanelError(notice("measuring.refused", status=response.status, answer=words))
            async for piece in response.content.iter_any():
                answer.take(piece, now())
        finally:
            response.close()  # one that was read to its end has given its connection back
    except aiohttp.ClientConnectorError as error:
        raise PanelError(notice("measuring.unreachable", url=url, reason=why_not_connected(error))) from error
    except aiohttp.ConnectionTimeoutError as error:
        raise PanelError(notice("measuring.unreachable", url=url, reason=str(error))) from error
    except aiohttp.ServerTimeoutError as error:
        raise PanelError(notice("measuring.silent", url=url, seconds=SILENT_S)) from error
    except aiohttp.ClientError as error:
        raise PanelError(notice("measuring.broken_off")) from error
    answer.end(now())


def why_not_connected(error: aiohttp.ClientConnectorError) -> str:
    """Return the system's reason, in its own words: asyncio's repeat the address."""
    system = error.os_error
    return os.strerror(system.errno) if system.errno else str(system)
