"""A tuning on a machine that a test describes: the planner asks, and the machine answers, trial by trial."""

from collections.abc import Callable
from itertools import count

import msgspec

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.notices import notice
from ollama_panel.core.tuning.planner import Planner
from ollama_panel.core.tuning.space import PlannerFacts
from ollama_panel.core.tuning.task import Bounds, Goal, TuningTask
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement, Outcome, Trial, TrialKind
from ollama_panel.core.tuning.verdict import Verdict

PROBLEM = notice("trial.unreachable", url="http://127.0.0.1:11500", reason="out of memory")
GIB = 1024**3
MEMORY = 32
"""The memory of most machines here in GiB: that of 32 slots."""
ONE_SLOT = Candidate()


def rate(candidate: Candidate) -> float:
    """Return 100 tokens per second for each slot: a machine that gains from every one."""
    return 100.0 * candidate.parallel * candidate.workers


def needed(candidate: Candidate) -> int:
    """Return the bytes of all workers: 1 GiB for each slot, half of that with a smaller cache."""
    return candidate.workers * candidate.parallel * GIB // (1 if candidate.cache_type == "f16" else 2)


def facts(budget: int | None = MEMORY, **others: bool) -> PlannerFacts:
    """Return the facts of a machine with so many GiB of memory."""
    return PlannerFacts(needed, None if budget is None else budget * GIB, **others)


def task(goal: Goal = Goal.THROUGHPUT, **others: object) -> TuningTask:
    """Return a task with this goal."""
    return msgspec.structs.replace(TuningTask(PoolName("chat"), ModelName("llama3.1:8b"), goal), **others)


class Machine:
    """A machine; each trial gets what `rate` says, unless `fails` says that it fails.

    `busy` is how busy the GPU is in percent. A token takes the time that its slot gives it, the first one four times as
    long. Fresh loads give `fresh` times as much, and the drift is `drift`.
    """

    def __init__(
        self,
        rate: Callable[[Candidate], float] = rate,
        fails: Callable[[Trial], bool] = lambda _: False,
        busy: float | None = 100.0,
        fresh: Callable[[Candidate], float] = lambda _: 1.0,
        drift: float = 1.0,
    ) -> None:
        """Describe the machine."""
        self._rate = rate
        self._fails = fails
        self._busy = busy
        self._fresh = fresh
        self._drift = drift

    def outcome(self, trial: Trial) -> Outcome:
        """Make a trial."""
        if self._fails(trial):
            return Outcome(trial, problem=PROBLEM)
        changed = {TrialKind.VERIFY: self._fresh(trial.candidate), TrialKind.DRIFT: self._drift}.get(trial.kind, 1.0)
        against = None if trial.against is None else self._measured(trial.against, 1.0)
        return Outcome(trial, self._measured(trial.candidate, changed), against=against)

    def _measured(self, candidate: Candidate, changed: float) -> Measurement:
        tokens = self._rate(candidate) * changed
        token_s = candidate.parallel * candidate.workers / tokens if tokens else None
        first_s = None if token_s is None else 4 * token_s
        return Measurement(
            Estimate(tokens, tokens / 100),
            Estimate(tokens / 50, tokens / 5000),
            first_s, first_s, token_s, token_s,
            memory_bytes=needed(candidate),
            busy_percent=self._busy,
            requests=100,
            seconds=20.0,
        )  # fmt: skip


class Tuning:
    """A tuning from its first trial to its verdict."""

    def __init__(
        self,
        machine: Machine | None = None,
        asked: TuningTask | None = None,
        present: Candidate = ONE_SLOT,
        known: PlannerFacts | None = None,
    ) -> None:
        """Make the whole tuning."""
        self.planner = Planner(asked or task(), present, known or facts())
        self.outcomes: list[Outcome] = []
        for _ in count():
            step = self.planner.next(self.outcomes)
            if isinstance(step, Verdict):
                self.verdict = step
                break
            self.outcomes.append((machine or Machine()).outcome(step))

    def trials(self, *kinds: TrialKind) -> list[Trial]:
        """Return the trials of these kinds, in their order."""
        return [outcome.trial for outcome in self.outcomes if outcome.trial.kind in kinds]

    def slots(self, *kinds: TrialKind) -> list[int]:
        """Return the slots of the trials of these kinds, in their order."""
        return [trial.candidate.parallel for trial in self.trials(*kinds)]


def bounds(first_token_s: float | None = None, token_s: float | None = None) -> Bounds:
    """Return bounds."""
    return Bounds(first_token_s, token_s)
