"""Tunes Python's cycle collector for a long-running process: imported objects are frozen, collections are rarer.

Measured with the thresholds alone, 16 requests at once, six alternating rounds on two cores: 222 instead of 248 us of
CPU per request (median; minimum 216 against 228).
"""

import gc

_THRESHOLDS = (50_000, 50, 100)
"""Allocations per collection of the youngest generation, and collections per one of the next (default 700, 10, 10)."""


def tune_collector() -> None:
    """Tune the collector. Call once, after the imports."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
