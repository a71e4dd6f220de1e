"""How well a pool keeps its SLO: the share of its last requests that met it, and what held up the others."""

from collections import deque
from dataclasses import dataclass, field
from enum import Enum

COUNTED = 200
"""The last requests of which the share is told: 5 % of them are 10."""
FEWEST = 20
"""Fewer requests do not tell whether it is kept."""
KEPT = 0.05
"""An SLO is kept if at most this share of the requests miss it: it is about the 95th percentile."""
BROKEN = 0.1
"""It is told from this share on; between the two it stays as it was, so that it does not come and go."""
NEAR = 0.9
"""A request that took more than this share of a target puts the SLO in danger ..."""
DANGER_US = 10_000_000
"""... for so long: then batch work gets no slot while somebody chats."""


class Miss(Enum):
    """Why a request missed the SLO: it waited for a slot, its prompt was read slowly, or its answer came slowly."""

    __hash__ = object.__hash__

    WAIT = "wait"
    FIRST = "first"
    TOKENS = "tokens"


@dataclass(slots=True)
class Compliance:
    """The requests of a pool since the panel started. `last` has None for each that met the SLO.

    `waits`: the SLO is missed by requests that wait for a slot, which no limit of requests at once can mend.
    """

    last: deque[Miss | None] = field(default_factory=lambda: deque(maxlen=COUNTED))
    met: int = 0
    missed: int = 0
    danger_until: int = 0
    waits: bool = False

    def add(self, token: float, first: float, waited: float, now: int) -> None:
        """Count a request by its times as shares of the targets, 0 = no target.

        `token` is the time per token, `first` that from the dispatch to the first token, `waited` that before.
        """
        if max(token, first + waited) > NEAR:
            self.danger_until = now + DANGER_US
        miss = None
        if first + waited > 1:
            miss = Miss.WAIT if waited > first else Miss.FIRST
        elif token > 1:
            miss = Miss.TOKENS
        self.last.append(miss)
        if miss is None:
            self.met += 1
        else:
            self.missed += 1
        self._judge()

    def _judge(self) -> None:
        late = len(self.last) - self.last.count(None)
        if late <= KEPT * len(self.last):
            self.waits = False
        elif len(self.last) >= FEWEST and late > BROKEN * len(self.last):
            self.waits = self.last.count(Miss.WAIT) > late / 2

    @property
    def kept(self) -> float | None:
        """The share of the last requests that met the SLO, None if there was none."""
        return self.last.count(None) / len(self.last) if self.last else None
