"""The last minutes of a run, kept in memory so that they can be saved after the fact.

A step costs one entry in a list: the events and actions are kept as they are, and written when somebody wants them. So
that the oldest can go, there is now and then a checkpoint of scheduler and timeline, with which a file can begin.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ollama_panel.core.recording import RECENT_S
from ollama_panel.core.scheduling import event_log
from ollama_panel.core.scheduling.messages import Action, Event
from ollama_panel.core.scheduling.policy import Policy

Recorded = tuple[int, Event, Sequence[Action]]
"""A step: its time in microseconds, its event, and the actions that followed."""

MOST_BYTES = 32 * 1024 * 1024
"""What it takes of the memory at most; a busy panel keeps less than ten minutes then."""
STEP_BYTES = 640
"""What a step takes, rather more than less: measured are 220 on average where answers stream, else 380; conversations
with many turns take more."""

_PARTS = 4
_PART_US = round(RECENT_S * 1e6) // _PARTS
_PART_STEPS = MOST_BYTES // STEP_BYTES // (_PARTS + 1)

_LOOK_US = 1_000_000
"""How often to look whether it is time for a checkpoint: a look at each step would cost more than the step's entry."""

CALM = 400
"""A checkpoint is taken while so few requests are open: it takes 10 ms then, and a second for 10,000 of them."""


@dataclass(slots=True)
class _Part:
    """The steps after a checkpoint, which has `policy`."""

    at: int
    policy: Policy
    checkpoint: bytes
    steps: list[Recorded] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.checkpoint) + STEP_BYTES * len(self.steps)


class RecentSteps:
    """The steps of the last ten minutes and a little more, as far as the memory allows.

    Whoever takes a step calls `look` before it, if it is at `look_at` or later, and `add` with what it was.
    `checkpoint` returns that of the state of now, `policy` the policy in force, `calm` whether few requests are open.
    """

    def __init__(
        self, checkpoint: Callable[[], bytes], policy: Callable[[], Policy], is_calm: Callable[[], bool]
    ) -> None:
        self._checkpoint = checkpoint
        self._policy = policy
        self._is_calm = is_calm
        self._parts = deque[_Part]()
        self._begun = False
        self.look_at = 0
        self.add: Callable[[Recorded], object] = _forget

    def look(self, now: int) -> None:
        """Begin with a checkpoint, if it is time for one and few requests are open; forget what is too old or much."""
        self.look_at = now + _LOOK_US
        newest = self._parts[-1] if self._parts else None
        if newest is not None and now < newest.at + _PART_US and len(newest.steps) < _PART_STEPS:
            return
        if self._begun and not self._is_calm():
            if self.size() > MOST_BYTES:
                self._parts.clear()  # nothing can be kept until there is a checkpoint
                self.add = _forget
            return
        self._begun = True
        part = _Part(now, self._policy(), self._checkpoint())
        self._parts.append(part)
        self.add = part.steps.append
        most = MOST_BYTES - _PART_STEPS * STEP_BYTES  # this part will grow
        while len(self._parts) > 1 and (self._parts[1].at <= now - RECENT_S * 1e6 or self.size() > most):
            self._parts.popleft()

    def size(self) -> int:
        """Return about how many bytes it takes."""
        return sum(part.size for part in self._parts)

    def seconds(self, now: int) -> float:
        """Return how many seconds before `now` could be saved."""
        return (now - self._parts[0].at) / 1e6 if self._parts else 0.0

    def copy(self) -> "SavedSteps | None":
        """Return what there is, which does not change any more; None if there is nothing."""
        if not self._parts:
            return None
        first = self._parts[0]
        return SavedSteps(
            first.at, first.policy, first.checkpoint, [step for part in self._parts for step in part.steps]
        )


@dataclass(slots=True, frozen=True)
class SavedSteps:
    """Steps after a checkpoint of the time `at`."""

    at: int
    policy: Policy
    checkpoint: bytes
    steps: Sequence[Recorded]

    def lines(self, version: str) -> Iterator[bytes]:
        """Yield the lines of a recording of them."""
        yield event_log.head(self.policy, version, self.checkpoint)
        for at, event, actions in self.steps:
            yield event_log.line(at, event, actions)


def _forget(_: Recorded) -> None:
    pass
