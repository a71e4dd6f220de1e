"""Other controllers of the requests at once, to compare the panel's own with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from typing_extensions import override

from ollama_panel.core.scheduling.slo import SloController

START = 4.0
"""The limit that they begin with, as in the scheduling study, section 7."""


@dataclass(slots=True)
class Gradient2(SloController):
    """Netflix' Gradient2 (concurrency-limits, `Gradient2Limit.java`) with its defaults: the time of whole requests.

    `long` is the mean of the last 600 requests.
    """

    limit: float = START
    long: float = 0.0
    seen: int = 0

    @override
    def sample(self, token: float, first: float, began: int, now: int, in_flight: int, slots: int) -> None:
        """Learn from the time of a request; the SLO does not count."""
        took = float(now - began)
        self.seen += 1
        weight = 1 / self.seen if self.seen <= 10 else 2 / 601
        self.long += weight * (took - self.long)
        if self.long > 2 * took:
            self.long *= 0.95
        if in_flight < self.limit / 2:
            return
        gradient = max(0.5, min(1.0, 1.5 * self.long / took))
        self.limit = max(1.0, min(float(slots), 0.8 * self.limit + 0.2 * (gradient * self.limit + 4)))


@dataclass(slots=True)
class NaiveAimd(SloController):
    """Additive increase, multiplicative decrease with every answer, without a window."""

    limit: float = START

    @override
    def sample(self, token: float, first: float, began: int, now: int, in_flight: int, slots: int) -> None:
        """Learn from an answer."""
        late = max(token, first) > 1
        self.limit = max(1.0, 0.9 * self.limit) if late else min(float(slots), self.limit + 1 / self.limit)


CONTROLLERS: Mapping[str, Callable[[], SloController]] = {"Gradient2": Gradient2, "naive AIMD": NaiveAimd}
