"""The clocks. No other module reads one: time is an argument."""

import time
from collections.abc import Callable
from datetime import datetime

STANDSTILL_S = 10.0
"""A longer time without a look at the clock is none: the engine looks every second, however idle it is."""


class SteadyClock:
    """Monotonic seconds in which the engine could run. Use it from one thread.

    While the machine sleeps or the process is stopped, some systems' clocks go on (all of them after SIGSTOP, those of
    Windows and macOS also in sleep). Then every deadline would have passed at once, although nobody could do anything:
    requests would be given up and instances killed that answer. So this clock leaves such times out.
    """

    def __init__(self, read: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._last = read()
        self._left_out = 0.0

    def seconds(self) -> float:
        """Return the time."""
        now = self._read()
        if now - self._last > STANDSTILL_S:
            self._left_out += now - self._last
        self._last = now
        return now - self._left_out

    def micros(self) -> int:
        """Return the same time in microseconds."""
        return int(self.seconds() * 1e6)


_ENGINE = SteadyClock()

micros = _ENGINE.micros
"""Return the engine's time in microseconds, the unit of `core.records` and the dispatcher."""

seconds = _ENGINE.seconds
"""Return the same time in seconds, the unit of `core.snapshot` and `core.lifecycle`."""


def wall() -> float:
    """Return seconds since 1970, for what is written to disk; not comparable with the monotonic clocks."""
    return time.time()


def local(seconds: float) -> datetime:
    """Return a time since 1970 as this machine's clock on the wall shows it."""
    return datetime.fromtimestamp(seconds).astimezone()
