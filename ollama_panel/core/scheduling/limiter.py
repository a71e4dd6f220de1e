"""How many at once, from the time per output token: additive increase, multiplicative decrease towards a promise.

The signal is time per output token, never the time of a whole request, which is mostly the length of its answer (that
is why Gradient2, Vegas and Envoy's controller fail here: scheduling study section 7). Only answers that began after the
last cut count, so that one bad moment is paid for once.
"""

from collections import deque
from dataclasses import dataclass, field
from math import floor

WINDOW = 12
ENOUGH = 4
CUT = 0.8
TOO_SLOW = 0.95
"""Share of the promised time at which the 90th percentile calls for a cut; below ROOM there is room for one more."""
ROOM = 0.75
OUTLIER = 1.3


@dataclass(slots=True)
class Limiter:
    """The limit of one model at one instance; `limit` None = not limited yet."""

    limit: float | None = None
    cut_at: int = 0
    window: deque[float] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def allowed(self, slots: int) -> int:
        """Return how many requests may run at once."""
        return slots if self.limit is None else max(1, min(slots, floor(self.limit)))

    def sample(self, tpot: float, promise: float, began: int, now: int, in_flight: int, slots: int) -> None:
        """Take in an answer that ended: time per output token and the promised one in microseconds."""
        if began < self.cut_at:
            return
        if self.limit is None:
            self.limit = float(max(1, min(slots, in_flight)))
        self.window.append(tpot)
        if tpot > OUTLIER * promise:
            self._cut(now)
        elif len(self.window) >= ENOUGH:
            self._adjust(promise, now, in_flight, slots)

    def _adjust(self, promise: float, now: int, in_flight: int, slots: int) -> None:
        limit = self.limit or 1.0
        slow = sorted(self.window)[-max(1, len(self.window) // 10 + 1)]
        if slow > TOO_SLOW * promise:
            self._cut(now)
        elif slow < ROOM * promise and in_flight >= floor(limit) - 1:
            self.limit = min(float(slots), limit + 1.0 / limit)

    def _cut(self, now: int) -> None:
        self.limit = float(max(1, floor((self.limit or 1.0) * CUT)))
        self.cut_at = now
        self.window.clear()
