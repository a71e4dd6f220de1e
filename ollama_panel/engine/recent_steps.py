"""The last minutes of a run, kept in memory so that they can be saved after the fact.

Events and actions are kept as they are, and written when somebody wants them. A step with actions is one entry of a
list; one without, as nearly all are while answers stream, is its time and then its event: a tuple for each costs more.
So that the oldest can go, there is now and then a checkpoint of scheduler and timeline, with which a file can begin.
`tests/bench/recording.py`, steps of streamed tokens: some 10 % more with all this, half of that for the checkpoints.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from ollama_panel.core.recording import RECENT_S
from ollama_panel.core.scheduling import event_log
from ollama_panel.core.scheduling.message import Message
from ollama_panel.core.scheduling.messages import Action, Event
from ollama_panel.core.scheduling.policy import Policy

Step: TypeAlias = tuple[int, Event, Sequence[Action]]
"""A step: its time in microseconds, its event, and the actions that followed."""
Entry: TypeAlias = Step | int | Event
"""A step with actions, or the time of one without, which its event follows."""

MOST_BYTES = 32 * 1024 * 1024
"""What it takes of the memory at most; a busy panel keeps less than ten minutes then."""
STEP_BYTES = 640
"""What a step with actions takes, rather more than less; conversations with many turns take more."""
QUIET_BYTES = 120
"""What a step without actions takes, rather more than less: measured are 110 where answers stream."""

_PARTS = 4
_PART_US = round(RECENT_S * 1e6) // _PARTS
_PART_BYTES = MOST_BYTES // (_PARTS + 1)

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
    entries: list[Entry] = field(default_factory=list)
    acting: int = 0

    def steps_bytes(self) -> int:
        """Return about what the steps take."""
        return STEP_BYTES * self.acting + QUIET_BYTES * (len(self.entries) - self.acting) // 2

    def size(self) -> int:
        return len(self.checkpoint) + self.steps_bytes()

    def steps(self) -> Iterator[Step]:
        entries = iter(self.entries)
        for entry in entries:
            if isinstance(entry, tuple):
                yield entry
            elif isinstance(entry, int) and isinstance(event := next(entries), Message):
                yield entry, event, ()


class RecentSteps:
    """The steps of the last ten minutes and a little more, as far as the memory allows.

    Whoever takes a step calls `look` before it, if it is at `look_at` or later. After it, `acted` takes a step with
    actions; of one without, `add` takes its time and then its event. `checkpoint` returns that of the state of now,
    `policy` the policy in force, `calm` whether few requests are open.
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
        self.add: Callable[[Entry], object] = _forget

    def look(self, now: int) -> None:
        """Begin with a checkpoint, if it is time for one and few requests are open; forget what is too old or much."""
        self.look_at = now + _LOOK_US
        newest = self._parts[-1] if self._parts else None
        if newest is not None and now < newest.at + _PART_US and newest.steps_bytes() < _PART_BYTES:
            return
        if self._begun and not self._is_calm():
            if self.size() > MOST_BYTES:
                self._parts.clear()  # nothing can be kept until there is a checkpoint
                self.add = _forget
            return
        self._begun = True
        part = _Part(now, self._policy(), self._checkpoint())
        self._parts.append(part)
        self.add = part.entries.append
        most = MOST_BYTES - _PART_BYTES  # this part will grow
        while len(self._parts) > 1 and (self._parts[1].at <= now - RECENT_S * 1e6 or self.size() > most):
            self._parts.popleft()

    def acted(self, step: Step) -> None:
        """Add a step with actions."""
        self.add(step)
        if self._parts:
            self._parts[-1].acting += 1

    def size(self) -> int:
        """Return about how many bytes it takes."""
        return sum(part.size() for part in self._parts)

    def seconds(self, now: int) -> float:
        """Return how many seconds before `now` could be saved."""
        return (now - self._parts[0].at) / 1e6 if self._parts else 0.0

    def copy(self) -> "SavedSteps | None":
        """Return what there is, which does not change any more; None if there is nothing."""
        if not self._parts:
            return None
        first = self._parts[0]
        return SavedSteps(
            first.at, first.policy, first.checkpoint, [step for part in self._parts for step in part.steps()]
        )


@dataclass(slots=True, frozen=True)
class SavedSteps:
    """Steps after a checkpoint of the time `at`."""

    at: int
    policy: Policy
    checkpoint: bytes
    steps: Sequence[Step]

    def lines(self, version: str) -> Iterator[bytes]:
        """Yield the lines of a recording of them."""
        yield event_log.head(self.policy, version, self.checkpoint)
        for at, event, actions in self.steps:
            yield event_log.line(at, event, actions)


def _forget(_: Entry) -> None:
    pass
