"""The clocks. No other module reads one: time is an argument."""

import time


def micros() -> int:
    """Return monotonic time in microseconds, the unit of `core.records` and the dispatcher."""
    return time.monotonic_ns() // 1000


seconds = time.monotonic
"""Return the same monotonic time in seconds, the unit of `core.snapshot` and `core.lifecycle`."""


def wall() -> float:
    """Return seconds since 1970, for what is written to disk; not comparable with the monotonic clocks."""
    return time.time()
