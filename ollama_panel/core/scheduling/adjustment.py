"""The adjusted limit: as few requests at once as give nearly the most tokens per second, found by measuring.

More at once than that make every answer slower and the machine no faster. Once a load was measured, the next step below
is tried, and kept if it is as fast; the first that is slower ends the descent. So the limit changes only where a load
is higher than those before, or the speed has changed. With the curve of a tuning nothing is tried.
"""

from dataclasses import dataclass

from ollama_panel.core.scheduling.curve import ENOUGH

STEPS = (1, 2, 4, 8, 16, 32, 64)
"""What is tried: tiles of matrix kernels are powers of two (scheduling study, section 8)."""
ANSWERS = 8
"""A level is measured by so many answers at least, and by as many as run at once."""
FULL = 0.75
"""An answer counts for a level if at least this share of it ran at once."""
CHANGED = 0.2
"""A speed that differs by this share from that of the descent begins another one."""


@dataclass(slots=True)
class Adjustment:
    """The limit of one model at one instance; None = all its slots.

    `level` is how many ran at once when the measurement began, at `since`; its answers had `tokens`, and held their
    slots for `busy` microseconds together. `trying`: the limit is tried, `kept` is the one before. `settled` are level
    and tokens per second of the last limit that was kept, `best` is the most of its descent.
    """

    limit: int | None = None
    kept: int | None = None
    trying: bool = False
    settled: tuple[int, float] | None = None
    best: float = 0.0
    level: int = 0
    since: int = 0
    answers: int = 0
    tokens: int = 0
    busy: int = 0

    def sample(self, tokens: int, began: int, now: int, at_once: int) -> None:
        """Learn from an answer of `tokens` that held its slot from `began` to `now`; in the end `at_once` ran."""
        if began < self.since or not tokens:
            return
        if not FULL * self.level <= at_once <= self.level / FULL:
            self._set(self.kept, at_once, now)
            return
        self.answers += 1
        self.tokens += tokens
        self.busy += now - began
        if self.answers >= max(ANSWERS, self.level):
            self._measured(1e6 * self.level * self.tokens / self.busy, now)

    def _measured(self, rate: float, now: int) -> None:
        if self.trying and rate < ENOUGH * self.best:
            self._set(self.kept, self.level, now)
        elif self.trying or self._is_new(rate):
            self._keep(rate, now)
        else:
            self._set(self.kept, self.level, now)

    def _is_new(self, rate: float) -> bool:
        """Return whether a load is higher than that of the descent, or as high and no longer as fast."""
        if self.settled is None:
            return True
        level, before = self.settled
        as_high = FULL * level <= self.level <= level / FULL
        return self.level > level / FULL or (as_high and abs(rate / before - 1) > CHANGED)

    def _keep(self, rate: float, now: int) -> None:
        """Keep the limit and try the step below; a limit that is no longer as fast goes, and the load is measured."""
        if self.limit is not None and not self.trying:
            self.settled = None
            self._set(None, self.level, now)
            return
        self.best = max(rate, self.best) if self.trying else rate
        self.kept, self.settled = self.limit, (self.level, rate)
        lower = max((step for step in STEPS if step < self.level), default=None)
        self._set(self.kept if lower is None else lower, lower or self.level, now, trying=lower is not None)

    def _set(self, limit: int | None, level: int, now: int, *, trying: bool = False) -> None:
        """Set the limit, and measure from now on."""
        self.limit, self.trying, self.level, self.since = limit, trying, level, now
        if not trying:
            self.kept = limit
        self.answers = self.tokens = self.busy = 0
