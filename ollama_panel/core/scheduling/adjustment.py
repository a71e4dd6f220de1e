"""The adjusted limit: as few requests at once as give nearly the most tokens per second, as the traffic itself shows.

More at once than that make every answer slower and the machine no faster. Nothing is tried: a level counts once enough
answers have run with so many at once. So a load that rises costs nothing, and the limit stays where the load does. What
no traffic has shown yet, the curve of a tuning tells.
"""

from dataclasses import dataclass, field

from ollama_panel.core.tuning.findings import NEARLY

ANSWERS = 16
"""A level counts after so many answers ..."""
DECAY = 0.95
"""... of which each weighs so much less with every later one."""
KEPT_US = 3_600_000_000
"""What was measured with so many at once counts for so long: requests may have changed, and with the limit in force
nothing tells about more of them."""
SLOWER = 0.9
"""A limit goes when it gives less than this share of the most: between this and `NEARLY` it stays as it is."""


@dataclass(slots=True)
class Level:
    """What was measured with so many requests at once: output tokens, and the microseconds that slots were held.

    `last` is the time of the last answer.
    """

    last: int = 0
    answers: int = 0
    tokens: float = 0.0
    busy: float = 0.0


@dataclass(slots=True)
class Adjustment:
    """The limit of one model at one instance; None = all its slots."""

    limit: int | None = None
    levels: dict[int, Level] = field(default_factory=dict)

    def sample(self, tokens: int, busy: int, at_once: int, now: int) -> None:
        """Learn from an answer of `tokens` that held its slot for `busy` microseconds, all the time `at_once` ran."""
        self.levels = {number: one for number, one in self.levels.items() if now - one.last <= KEPT_US}
        level = self.levels.setdefault(at_once, Level())
        level.last = now
        level.answers += 1
        level.tokens = DECAY * level.tokens + tokens
        level.busy = DECAY * level.busy + busy
        rates = {
            number: number * one.tokens / one.busy
            for number, one in self.levels.items()
            if one.answers >= ANSWERS and one.busy
        }
        most = max(rates.values(), default=0.0)
        if self.limit is None:
            fewest = min((number for number, rate in rates.items() if rate >= NEARLY * most), default=0)
            self.limit = fewest if fewest < max(rates, default=0) else None
        elif self.limit >= max(rates, default=0) or rates.get(self.limit, 0.0) < SLOWER * most:
            self.limit = None
