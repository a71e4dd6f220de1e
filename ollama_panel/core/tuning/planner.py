"""The next trial of a tuning, or its verdict, from the trials so far: the history is the whole state."""

from collections.abc import Callable, Sequence

import msgspec

from ollama_panel.core.notices import Notice
from ollama_panel.core.tuning.record import Outlook
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.core.tuning.trial import Candidate, Outcome, Trial
from ollama_panel.core.tuning.verdict import Verdict

STEPS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
"""The numbers of slots that may be tried: scheduling study, section 8."""
RUNGS = (1, 2, 4, 8, 16, 32)
"""Those of the climb."""


class PlannerFacts(msgspec.Struct, frozen=True):
    """What is known without a trial.

    `needed` returns the bytes that a candidate needs in all its workers, None = unknown; `budget` are those that it may
    have, None = unknown. `serial`: the model answers one request at a time whatever is set. `embedding`: it makes
    embeddings. `batch`: the panel can set the batch size for this model.
    """

    needed: Callable[[Candidate], int | None]
    budget: int | None = None
    serial: bool = False
    embedding: bool = False
    batch: bool = True


class Planner:
    """Plans the trials of one task for a pool that has the candidate `present` now."""

    def __init__(self, task: TuningTask, present: Candidate, facts: PlannerFacts) -> None:
        """Remember what is asked for and what is known."""
        self._task = task
        self._present = present
        self._facts = facts

    @property
    def slots_that_fit(self) -> int | None:
        """The most slots of one worker that fit into the memory, at most 32; None = unknown, 0 = not even one."""
        return None

    @property
    def beyond(self) -> Notice | None:
        """What the next step beyond the memory would need, None = unknown, or all fit."""
        return None

    @property
    def expected(self) -> int:
        """About how many trials there will be."""
        return 10

    def next(self, outcomes: Sequence[Outcome], elapsed_s: float = 0.0) -> Trial | Verdict:
        """Return the next trial, or the verdict when nothing is left to try or the budget is used up.

        `elapsed_s` are the seconds that the tuning has taken; those of `most_minutes` are its limit. A verdict whose
        `after` is None says that nothing could be measured.
        """
        raise NotImplementedError

    def outlook(self, outcomes: Sequence[Outcome]) -> tuple[Outlook, ...]:
        """Return what is planned after these trials, and what is left out with the reason."""
        raise NotImplementedError
