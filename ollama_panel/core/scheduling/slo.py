"""The SLO of a pool, and the limit of requests at once that keeps it: AIMD towards the targets.

AIMD: additive increase, multiplicative decrease. The signals are the time per output token and the time from the
dispatch to the first token, each as a share of its target, never the time of a whole request, which is mostly the
length of its answer (that is why Gradient2, Vegas and Envoy's controller fail here: docs/scheduling.md, section
"Concurrency limit"). Only answers that began after the last change of the limit count, so that a slow phase causes only
one decrease. The limit is increased only if the targets would hold even without any gain from batching, that is if the
times grew in proportion.
"""

from collections import deque
from dataclasses import dataclass, field
from math import floor

import msgspec

from ollama_panel.core.settings.tree import PoolSettings

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
POSSIBLE_BELOW = 0.9
"""An SLO that one request at a time misses becomes possible again below this share of the target."""
GROWTH = 1.5
"""The slow start multiplies the limit by this at most."""


class Slo(msgspec.Struct, frozen=True):
    """The targets of a pool, in microseconds; 0 = none. 95 % of its requests are to meet them."""

    first_token_us: float = 0.0
    token_us: float = 0.0

    @classmethod
    def of(cls, pool: PoolSettings) -> "Slo | None":
        """Return the SLO of a pool, None if it promises nothing."""
        speed = pool.slo_token_rate
        found = cls(1e6 * pool.slo_first_token_s, 1e6 / speed if speed else 0.0)
        return found if found.first_token_us or found.token_us else None


@dataclass(slots=True)
class SloController:
    """The limit of one model at one instance. `slow_start` ends with the first decrease.

    `first_binds`: the slowest answers of the window were so by their first token, not by the others. `impossible`: most
    answers miss the SLO although there is one at a time; the middle one takes `alone`, as a share of the target.
    """

    limit: float = START
    since: int = 0
    slow_start: bool = True
    first_binds: bool = False
    impossible: bool = False
    alone: float = 0.0
    window: deque[tuple[float, bool]] = field(default_factory=lambda: deque(maxlen=WINDOW))

    @property
    def whole(self) -> int:
        """The limit as a number of requests."""
        return max(1, floor(self.limit))

    def sample(self, token: float, first: float, began: int, now: int, in_flight: int, slots: int) -> None:
        """Learn from a finished answer: its time per token and until its first one as shares of the targets; 0 = none.

        `in_flight` run now, out of `slots`.
        """
        if began < self.since:
            return
        share = max(token, first)
        self.window.append((share, first > token))
        if share > OUTLIER and self.whole > 1:
            self.first_binds = first > token
            self._decrease(now)
        elif len(self.window) >= MIN_SAMPLES:
            self._judge()
            self._adjust(now, in_flight, slots)

    def _judge(self) -> None:
        """Decide whether the SLO is impossible: between the two shares it stays as it was, so that it does not flap."""
        self.alone = sorted(share for share, _ in self.window)[len(self.window) // 2]
        self.impossible = self.whole == 1 and self.alone > (POSSIBLE_BELOW if self.impossible else 1)

    def _adjust(self, now: int, in_flight: int, slots: int) -> None:
        slow, self.first_binds = sorted(self.window)[-(len(self.window) // 10 + 1)]
        if slow > DECREASE_ABOVE:
            if self.whole > 1:
                self._decrease(now)
            self.slow_start = False
        elif (
            in_flight >= self.whole - 1 and self.limit < slots and slow * (self.limit + 1) < INCREASE_BELOW * self.limit
        ):
            self._increase(slow, now, slots)

    def _increase(self, slow: float, now: int, slots: int) -> None:
        if self.slow_start:
            self.limit = float(min(slots, floor(self.limit * min(GROWTH, INCREASE_BELOW / slow))))
            self.since = now
            self.window.clear()
        else:
            self.limit = min(float(slots), self.limit + 1.0 / self.limit)

    def _decrease(self, now: int) -> None:
        self.limit = float(max(1, floor(self.limit * DECREASE)))
        self.since, self.slow_start = now, False
        self.window.clear()
