"""Time-outs that a standstill of the machine does not use up."""

import asyncio
from collections.abc import Callable

PARTS = 4
"""After a suspend or a SIGSTOP all timers are due, although nobody could send anything. One part of it is late."""


class PatientTimer:
    """Calls `late` after `limit_s` seconds in which the loop ran, in so many parts."""

    __slots__ = ("_due", "_late", "_left", "_loop", "_part_s", "_timer")

    def __init__(self, limit_s: float, late: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._late = late
        self._left = PARTS
        self._part_s = limit_s / PARTS
        self._due = self._loop.time() + self._part_s
        self._timer = self._loop.call_at(self._due, self._part_over)

    def cancel(self) -> None:
        """Do not call."""
        self._timer.cancel()

    def _part_over(self) -> None:
        self._left -= 1
        if self._left == 0:
            self._late()
            return
        now = self._loop.time()
        self._due = self._due + self._part_s if now < self._due + self._part_s else now + self._part_s
        self._timer = self._loop.call_at(self._due, self._part_over)
