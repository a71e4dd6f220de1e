"""How often a hung instance, or a successor that has failed, may be restarted, and how soon. Pure.

A restart that does not help must not be repeated for ever.
"""

import msgspec

PAUSES_S = (2.0, 10.0, 30.0)
"""Seconds from the verdict, or the failure, to the first, the second and the third restart within `SPAN_S`.

As many restarts are allowed. A sign of life within the pause calls the restart off.
"""
SPAN_S = 3600.0
"""Within so many seconds a restart counts."""


class Budget(msgspec.Struct, frozen=True):
    """The restarts of one instance: when they were, in seconds of the engine's clock."""

    restarts: tuple[float, ...] = ()

    def pause_s(self, now: float) -> float | None:
        """Return how long to wait until the next restart; None if it was restarted too often."""
        lately = self.lately(now)
        return PAUSES_S[lately] if lately < len(PAUSES_S) else None

    def lately(self, now: float) -> int:
        """Return how many restarts still count."""
        return sum(now - at < SPAN_S for at in self.restarts)

    def restarted(self, now: float) -> "Budget":
        """Return this with one more restart."""
        return Budget((*self.restarts[-len(PAUSES_S) + 1 :], now))


NOT_TRIED = Budget()
