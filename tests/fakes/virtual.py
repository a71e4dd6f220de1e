"""A loop whose clock a test puts forward, so that a limit of minutes passes at once and never by chance."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from typing_extensions import override


class VirtualLoop(asyncio.SelectorEventLoop):
    """asyncio's loop: its clock goes as always, and jumps when it is told to; all timers and limits follow it.

    It is the clock that the proxy is given: its own timers, aiohttp's and `asyncio.timeout` run on it.
    """

    _skipped = 0.0
    _paused_at: float | None = None

    @override
    def time(self) -> float:
        return super().time() + self._skipped if self._paused_at is None else self._paused_at

    def skip(self, seconds: float) -> None:
        """Let `seconds` pass now."""
        if self._paused_at is None:
            self._skipped += seconds
        else:
            self._paused_at += seconds

    def timers(self) -> list[asyncio.TimerHandle]:
        """Return what is to happen later, and what was cancelled and is not yet forgotten."""
        return list(self._scheduled)  # type: ignore[attr-defined] # asyncio has no other way to see them

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let no time pass in the block but what is skipped; what moves on sockets moves."""
        self._paused_at = self.time()
        try:
            yield
        finally:
            self._skipped += self._paused_at - (super().time() + self._skipped)
            self._paused_at = None


def virtual_loop() -> VirtualLoop:
    """Return the running loop."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop


async def advance(seconds: float) -> None:
    """Let `seconds` pass on the running loop; return when all that was due by then has happened."""
    loop = virtual_loop()
    loop.skip(seconds)
    over = loop.create_future()
    loop.call_at(loop.time(), over.set_result, None)
    await over
