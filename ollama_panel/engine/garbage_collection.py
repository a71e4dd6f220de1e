"""Python's cycle collector in a process that serves for weeks: what was imported is never garbage, look less often.

Measured with the thresholds alone, 16 requests at once, six alternating rounds on two cores: 222 instead of 248 us of
CPU per request (median; least 216 against 228).
"""

import gc

_THRESHOLDS = (50_000, 50, 100)
"""New objects until a look at the youngest, and looks until one at the next older generation (default 700, 10, 10)."""


def tune_collector() -> None:
    """Set the collector for a long life. To be called once, by the program, when it has imported what it needs."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
