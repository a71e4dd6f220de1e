"""Drift: a model that answers more slowly than its tuning measured it, with as many requests at once."""

from collections import deque
from dataclasses import dataclass, field
from statistics import median

SPAN_US = 60_000_000
"""The answers of the last minute count, by their median."""
LEAST = 5
"""Fewer answers tell nothing."""
SLOW = 0.8
"""Of the measured speed: below it for `SPAN_US` it is told (scheduling study, section 7)."""
VERY_SLOW = 0.6
"""Below this for `LONG_US` another tuning is proposed (scheduling study, section 7)."""
LONG_US = 600_000_000
OVER = 0.9
"""Above this for `SPAN_US` it is over: between the two it stays as it is, so that it does not come and go."""


@dataclass(slots=True)
class Drift:
    """The speed of one model at one instance as a share of the measured one. `since` is None while all is well.

    `below`, `far_below` and `above` are since when it is below `SLOW` and `VERY_SLOW`, and above `OVER`; None = it is
    not.
    """

    samples: deque[tuple[int, float]] = field(default_factory=deque)
    speed: float | None = None
    below: int | None = None
    far_below: int | None = None
    above: int | None = None
    since: int | None = None
    again: bool = False

    def sample(self, speed: float, now: int) -> None:
        """Learn the speed of an answer."""
        self.samples.append((now, speed))
        while now - self.samples[0][0] > SPAN_US:
            self.samples.popleft()
        if len(self.samples) < LEAST:
            return
        self.speed = median(speed for _, speed in self.samples)
        self.below = (self.below or now) if self.speed < SLOW else None
        self.far_below = (self.far_below or now) if self.speed < VERY_SLOW else None
        self.above = (self.above or now) if self.speed > OVER else None
        if self.since is None and self.below is not None and now - self.below >= SPAN_US:
            self.since = self.below
        elif self.since is not None and self.above is not None and now - self.above >= SPAN_US:
            self.since, self.again = None, False
        if self.far_below is not None and now - self.far_below >= LONG_US:
            self.again = True
