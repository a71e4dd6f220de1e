"""A loop with a virtual clock, so that time-outs of minutes pass at once and deterministically."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from typing_extensions import override

STEPS = 8
"""In how many steps time passes: a time-out of parts (`proxy.patient_timer`) sees each of them."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """asyncio's loop with a real clock that tests can advance or pause; all timers and time-outs follow it.

    The proxy uses this clock: its own timers, aiohttp's and `asyncio.timeout`.
    """

    _skipped = 0.0
    _paused_at: float | None = None

    @override
    def time(self) -> float:
        return super().time() + self._skipped if self._paused_at is None else self._paused_at

    def skip(self, seconds: float) -> None:
        """Advance the clock by `seconds`."""
        if self._paused_at is None:
            self._skipped += seconds
        else:
            self._paused_at += seconds

    def timers(self) -> list[asyncio.TimerHandle]:
        """Return the scheduled timers, including cancelled ones that are not removed yet."""
        return list(self._scheduled)  # type: ignore[attr-defined] # asyncio has no other way to see them

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Pause the clock in the block, except for `skip`; sockets still work."""
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
    """Advance the running loop by `seconds`; return when the timers due by then have run.

    All at once, as after a machine stood still. For what tells that from time that passes there is `pass_by`.
    """
    loop = virtual_loop()
    loop.skip(seconds)
    over = loop.create_future()
    loop.call_at(loop.time(), over.set_result, None)
    await over


async def pass_by(seconds: float) -> None:
    """Let time pass for the running loop in some steps; return when the timers due by then have run."""
    end = virtual_loop().time() + seconds
    for left in range(STEPS - 1, -1, -1):
        await advance(max(0.0, end - left * seconds / STEPS - virtual_loop().time()))
