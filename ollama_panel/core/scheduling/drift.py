"""Drift: a model that answers more slowly than its tuning measured it, with as many requests at once.

Long prompts make answers slower, too: each step reads their cache, and waits while others are read. So only traffic
like that of the tuning is compared with it.
"""

from collections import deque
from dataclasses import dataclass, field
from statistics import median

SPAN_US = 60_000_000
"""The answers of the last minute count, by their median."""
APART_US = 1_000_000
"""Answers are looked at so far apart, so that the median costs as little where there are hundreds a second."""
LEAST = 5
"""Fewer answers tell nothing."""
SLOW = 0.8
"""Of the measured speed: below it for `SPAN_US` it is told (scheduling study, section 7)."""
VERY_SLOW = 0.6
"""Below this for `LONG_US` another tuning is proposed (scheduling study, section 7)."""
LONG_US = 600_000_000
ALIKE = 1.3
"""The traffic is like that of the tuning while its prompts are at most so many times as long, each by itself and for
each token of an answer: 1.4 times as long they cost 5 % on the simulated rtx-4090, 12 % on the m4-max."""
DECAY = 0.95
"""The weight of a request in the mean lengths of the traffic after each later one."""
OVER = 0.9
"""Above this for `SPAN_US` it is over: between the two it stays as it is, so that it does not come and go."""


@dataclass(slots=True)
class Traffic:
    """The mean lengths of the last requests: decayed sums of their number, prompt tokens and answer tokens."""

    requests: float = 0.0
    prompts: float = 0.0
    answers: float = 0.0

    def add(self, prompt: int, answer: int) -> None:
        """Count a request."""
        self.requests = DECAY * self.requests + 1
        self.prompts = DECAY * self.prompts + prompt
        self.answers = DECAY * self.answers + answer

    def like(self, prompt: float, answer: float) -> bool:
        """Return whether a tuning with prompts and answers of these mean lengths tells how fast it should be."""
        longest, most = ALIKE * prompt * self.requests, ALIKE * prompt * self.answers
        return self.prompts <= longest and self.prompts * answer <= most


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
        if self.samples and now - self.samples[-1][0] < APART_US:
            return
        self.samples.append((now, speed))
        while now - self.samples[0][0] > SPAN_US:
            self.samples.popleft()
        if len(self.samples) < LEAST:
            self.below = self.far_below = self.above = None
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

    def interrupt(self) -> None:
        """Begin anew: the traffic is another one than that of the tuning, so that nothing is known."""
        self.samples.clear()
        self.below = self.far_below = self.above = None
