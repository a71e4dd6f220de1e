"""The concurrency limit (AIMD): additive increase, multiplicative decrease towards a target time per output token.

The signal is the time per output token, never that of a whole request, which is mostly the length of its answer (that
is why Gradient2, Vegas and Envoy's controller fail here: docs/scheduling.md, section "Concurrency limit"). Only answers
that began after the last change of the limit count, so that a slow phase causes only one decrease. The limit is
increased only if the target would hold even without any gain from batching, that is if the time per token grew in
proportion.
"""

from collections import deque
from dataclasses import dataclass, field
from math import floor

START = 2.0
"""The limit before anything was measured."""
WINDOW = 12
MIN_SAMPLES = 4
DECREASE = 0.8
DECREASE_ABOVE = 0.9
"""The limit decreases if the 90th percentile is above this share of the target."""
INCREASE_BELOW = 0.85
"""The limit increases if the expected 90th percentile is below this share of the target."""
OUTLIER = 1.2


@dataclass(slots=True)
class Limiter:
    """The limit of one model at one instance; `limit` None = not limited. `slow_start` ends with the first decrease."""

    limit: float | None = None
    since: int = 0
    slow_start: bool = True
    window: deque[float] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def set_limited(self, limited: bool) -> None:
        """Switch the limit on or off."""
        if limited and self.limit is None:
            self.limit, self.slow_start = START, True
        elif not limited and self.limit is not None:
            self.limit = None
            self.window.clear()

    def allowed(self, slots: int) -> int:
        """Return how many requests may run at once."""
        return slots if self.limit is None else max(1, min(slots, floor(self.limit)))

    def sample(self, pace: float, target: float, began: int, now: int, in_flight: int, slots: int) -> None:
        """Learn from a finished answer: `pace` is its time per output token, in microseconds like `target`."""
        if self.limit is None or began < self.since:
            return
        self.window.append(pace)
        if pace > OUTLIER * target:
            self._decrease(self.limit, now)
        elif len(self.window) >= MIN_SAMPLES:
            self._adjust(self.limit, target, now, in_flight, slots)

    def _adjust(self, limit: float, target: float, now: int, in_flight: int, slots: int) -> None:
        slow = sorted(self.window)[-(len(self.window) // 10 + 1)]
        if slow > DECREASE_ABOVE * target:
            self._decrease(limit, now)
        elif in_flight >= floor(limit) - 1 and limit < slots and slow * (limit + 1) / limit < INCREASE_BELOW * target:
            self._increase(limit, now, slots)

    def _increase(self, limit: float, now: int, slots: int) -> None:
        if self.slow_start:
            self.limit, self.since = min(float(slots), limit + max(1.0, limit // 4)), now
            self.window.clear()
        else:
            self.limit = min(float(slots), limit + 1.0 / limit)

    def _decrease(self, limit: float, now: int) -> None:
        self.limit = float(max(1, floor(limit * DECREASE)))
        self.since, self.slow_start = now, False
        self.window.clear()
