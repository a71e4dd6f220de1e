"""A loop whose clock a test puts forward, so that a limit of minutes passes at once and never by chance."""

import asyncio

from typing_extensions import override


class VirtualLoop(asyncio.SelectorEventLoop):
    """asyncio's loop: its clock goes as always, and jumps when it is told to; all timers and limits follow it.

    It is the clock that the proxy is given: its own timers, aiohttp's and `asyncio.timeout` run on it.
    """

    _skipped = 0.0

    @override
    def time(self) -> float:
        return super().time() + self._skipped

    def skip(self, seconds: float) -> None:
        """Let `seconds` pass now."""
        self._skipped += seconds


async def passes(seconds: float) -> None:
    """Let `seconds` pass on the running loop; return when all that was due by then has happened."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    loop.skip(seconds)
    over = loop.create_future()
    loop.call_at(loop.time(), over.set_result, None)
    await over
