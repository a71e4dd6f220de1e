"""An answer without an end: it ends when the server stops, when its reader leaves, or when its reader's key is gone."""

import asyncio
from collections.abc import Coroutine, Sequence
from types import TracebackType
from typing import Any, TypeVar

from ollama_panel.proxy.exchange import reason_of
from ollama_panel.proxy.panel_api.call import Call

T = TypeVar("T")
BEAT_S = 15.0
"""How often a stream says that it lives, as the HTML standard recommends for server-sent events (section 9.2.7)."""
EVENTS_TYPE = "text/event-stream"


class Stream:
    """Context manager around the pieces of such an answer. A reader that takes none is cut off like any client.

    `over`: nothing more is to be sent.
    """

    def __init__(self, call: Call, content_type: str) -> None:
        self._call = call
        self._type = content_type
        self._response = call.exchange.response
        self._sent_at = 0.0

    async def __aenter__(self) -> "Stream":
        headers = [(b"Content-Type", self._type.encode()), (b"Cache-Control", b"no-store")]
        self._response.start(200, reason_of(200), self._call.exchange.add_headers(headers), None)
        self._response.flush()
        self._sent_at = asyncio.get_running_loop().time()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            await self._response.write_eof()

    @property
    def over(self) -> bool:
        """Return whether it must end: the server stops, the key opens nothing any more, or only its head is wanted."""
        call = self._call
        return call.ending.is_set() or call.exchange.request.method == "HEAD" or not call.may_go_on()

    async def send(self, pieces: Sequence[bytes]) -> None:
        """Send pieces, and wait while the reader does not take them; if the server stops meanwhile, cut it off."""
        if not pieces:
            return
        self._sent_at = asyncio.get_running_loop().time()
        if not self._response.send([b"".join(pieces)]):
            try:
                await self._or_end(self._response.drain(), None)
            except ExceptionGroup as errors:
                raise errors.exceptions[0] from None
            if self._response.blocked:
                await self._response.abort()

    async def wait(self, coming: Coroutine[Any, Any, T], *, beat: bytes = b"") -> T | None:
        """Return what is coming; None if the server stops, or if nothing came for so long that a sign of life is due.

        `beat` is that sign, and is sent.
        """
        quiet_s = asyncio.get_running_loop().time() - self._sent_at
        found = await self._or_end(coming, max(0.0, BEAT_S - quiet_s))
        if found is None and not self.over and asyncio.get_running_loop().time() - self._sent_at >= BEAT_S:
            await self.send([beat] if beat else [])
        return found

    async def _or_end(self, coming: Coroutine[Any, Any, T], limit_s: float | None) -> T | None:
        """Return what is coming, or None if the server stops before, or after a time."""
        async with asyncio.TaskGroup() as group:
            first = group.create_task(coming)
            ending = group.create_task(self._call.ending.wait())
            await asyncio.wait({first, ending}, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
            first.cancel()
            ending.cancel()
        return None if first.cancelled() else first.result()
