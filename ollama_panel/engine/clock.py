"""The only reader of clocks: everybody else is told the time."""

import time


def micros() -> int:
    """Return monotonic time in microseconds, the unit of `core.records` and the dispatcher."""
    return time.monotonic_ns() // 1000


seconds = time.monotonic
"""Return the same monotonic time in seconds, the unit of `core.snapshot` and `core.lifecycle`."""


def wall() -> float:
    """Return seconds since 1970, for what is written to disk; never compare it with the others."""
    return time.time()
