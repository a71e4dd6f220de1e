"""What the trials so far have found: the rate of each candidate, whether it keeps the bounds, and the best one."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec

from ollama_panel.core.tuning import curve
from ollama_panel.core.tuning.loaded import is_spill
from ollama_panel.core.tuning.space import batch_of, dearer, with_slots
from ollama_panel.core.tuning.task import Goal, TuningTask, WorkloadKind
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement, Outcome, TrialKind
from ollama_panel.core.tuning.workload import PRESETS

NEARLY = 0.97
"""The share of the best that is as good as the best, and of its prediction that a fresh load must give: a trial is
uncertain by 2 % (scheduling study, sections 8 and 8.2)."""
WORTH = 0.02
"""The gain from which on a setting is worth its memory: scheduling study, section 8.1."""
BUSY_PERCENT = 90.0
"""From here on a GPU has nothing left for another worker: scheduling study, section 8.1."""
BREACH = 1.1
"""How far a bound must be broken to end the climb: steps with more slots break it further."""


class _Rate(msgspec.Struct, frozen=True):
    """A rate measured in `seconds`; `fresh`: with a fresh load."""

    mean: float
    seconds: float
    fresh: bool


def rate_of(goal: Goal, measurement: Measurement) -> Estimate:
    """Return what a goal wants most of: tokens per second, or embeddings per second, of which a request has several."""
    if goal is not Goal.EMBEDDING:
        return measurement.tokens_per_s
    texts, requests = PRESETS[WorkloadKind.EMBEDDINGS].items, measurement.requests_per_s
    half = requests.half_width
    return Estimate(texts * requests.mean, None if half is None else texts * half)


class Findings:
    """What follows from the outcomes of a task."""

    def __init__(self, task: TuningTask, outcomes: Sequence[Outcome]) -> None:
        """Read the outcomes."""
        self._task = task
        self.outcomes = tuple(outcomes)
        self._measured = {point.candidate: point.measurement for point in curve.points(outcomes)}

    # Single candidates

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Those that were measured, in their order."""
        return tuple(self._measured)

    def measured(self, candidate: Candidate) -> Measurement | None:
        """Return the longest measurement of a candidate."""
        return self._measured.get(candidate)

    def rate(self, measurement: Measurement) -> Estimate:
        """Return what the goal wants most of: tokens per second, or embeddings per second."""
        return rate_of(self._task.goal, measurement)

    @cached_property
    def values(self) -> dict[Candidate, float]:
        """The mean rate of each candidate; that of the fresh load alone if it is far below the others."""
        return {candidate: self._value(candidate) for candidate in self._measured}

    def _value(self, candidate: Candidate) -> float:
        return _mean(rate for rate in self._rates[candidate] if rate.fresh or not self.disappointing(candidate)) or 0.0

    def disappointing(self, candidate: Candidate) -> bool:
        """Return whether a fresh load gave far less than was predicted."""
        fresh, predicted = self.fresh(candidate), self.predicted(candidate)
        return fresh is not None and predicted is not None and fresh < NEARLY * predicted

    def fresh(self, candidate: Candidate) -> float | None:
        """Return the rate of a candidate with a fresh load, None = not verified."""
        return _mean(rate for rate in self._rates.get(candidate, ()) if rate.fresh)

    def predicted(self, candidate: Candidate) -> float | None:
        """Return the rate of a candidate in all trials but that with a fresh load, None = not measured."""
        return _mean(rate for rate in self._rates.get(candidate, ()) if not rate.fresh)

    @cached_property
    def _rates(self) -> dict[Candidate, list[_Rate]]:
        """The rates of each candidate."""
        rates: dict[Candidate, list[_Rate]] = {candidate: [] for candidate in self._measured}
        for outcome in self.outcomes:
            fresh = outcome.trial.kind is TrialKind.VERIFY
            for candidate, measurement in curve.measurements((outcome,)):
                rates[candidate].append(_Rate(self.rate(measurement).mean, measurement.seconds or 1.0, fresh))
        return rates

    def strain(self, candidate: Candidate) -> float:
        """Return how much of its bounds a candidate uses: above 1 it breaks one, without bounds it is 0."""
        measurement, bounds = self._measured[candidate], self._task.bounds
        pairs = ((measurement.first_token_p95_s, bounds.first_token_s), (measurement.token_p95_s, bounds.token_s))
        return max((value / bound for value, bound in pairs if value is not None and bound is not None), default=0.0)

    def keeps(self, candidate: Candidate) -> bool:
        """Return whether a candidate keeps the bounds."""
        return self.strain(candidate) <= 1

    def breach(self, candidate: Candidate) -> bool:
        """Return whether a candidate breaks a bound so far that those with more slots need not be tried."""
        return self.strain(candidate) > BREACH

    def idle(self, candidate: Candidate) -> bool:
        """Return whether the GPU has time left, or may have, where that is unknown."""
        busy = self._measured[candidate].busy_percent
        return busy is None or busy < BUSY_PERCENT

    # Comparisons

    def pair(self, outcome: Outcome) -> tuple[Candidate, float] | None:
        """Return the dearer one of two candidates that were measured in turns, and the share by which it gave more.

        None if the trial was no pair, or has failed.
        """
        trial, measured, against = outcome.trial, outcome.measurement, outcome.against
        if trial.against is None or measured is None or against is None:
            return None
        one, other = self.rate(measured).mean, self.rate(against).mean
        if not one or not other:
            return None
        dear = dearer(trial.candidate, trial.against)
        return (trial.candidate, one / other - 1) if dear else (trial.against, other / one - 1)

    def worth(self, outcome: Outcome) -> bool:
        """Return whether the dearer candidate of a pair gave so much more that it is worth its price; no for no pair.

        The gain must exceed `WORTH`, and the half width of each side as far as it is known. What disturbs both sides
        does not count in their difference, so the intervals may touch.
        """
        pair, sides = self.pair(outcome), (outcome.measurement, outcome.against)
        errors = (self.rate(side).relative or 0.0 for side in sides if side is not None)
        return pair is not None and pair[1] > max(WORTH, *errors)

    def rejected(self, candidate: Candidate) -> bool:
        """Return whether a candidate has a setting that was not worth its price."""
        return any(_has_setting(candidate, dear, kind) for kind, dear in self._not_worth)

    @cached_property
    def _not_worth(self) -> list[tuple[TrialKind, Candidate]]:
        """The dearer ones of pairs that gave too little more, with what was compared."""
        pairs = ((outcome, self.pair(outcome)) for outcome in self.outcomes)
        return [(one.trial.kind, pair[0]) for one, pair in pairs if pair is not None and not self.worth(one)]

    @cached_property
    def drift(self) -> float | None:
        """The share by which the first step gave more when it was repeated, None = not repeated."""
        for outcome in self.outcomes:
            if outcome.trial.kind is TrialKind.DRIFT and outcome.measurement is not None:
                first = self.predicted(outcome.trial.candidate)
                return self.rate(outcome.measurement).mean / first - 1 if first else None
        return None

    # The best

    @cached_property
    def best(self) -> Candidate | None:
        """The best by the goal; the nearest if none keeps the bounds, None if none was measured."""
        choice = [one for one in self._measured if not self.rejected(one) and not self.failed_fresh(one)]
        keeping = [one for one in choice if self.keeps(one)]
        if not keeping:
            return min(choice, key=self.strain, default=None)
        most = max(self.values[one] for one in keeping)
        if self._task.goal is Goal.BALANCED:
            nearly = [one for one in keeping if self.values[one] >= NEARLY * most]
            return min(nearly, key=lambda one: (one.workers * one.parallel, -self.values[one]))
        return max(keeping, key=lambda one: (self.values[one], -one.workers, -one.parallel))

    # Failures

    def failed_fresh(self, candidate: Candidate) -> bool:
        """Return whether the fresh load of a candidate failed."""
        return any(
            outcome.measurement is None and outcome.trial.candidate == candidate
            for outcome in self.outcomes
            if outcome.trial.kind is TrialKind.VERIFY
        )

    def failed_alone(self, candidate: Candidate) -> bool:
        """Return whether a trial of a candidate with its own slots loaded has failed."""
        trials = (outcome.trial for outcome in self.outcomes if outcome.measurement is None)
        return any((trial.candidate, trial.load_parallel) == (candidate, candidate.parallel) for trial in trials)

    def broken(self, loaded: Candidate) -> bool:
        """Return whether a load that asked for no more has failed otherwise than by a spill."""
        others = [outcome for outcome in self.outcomes if outcome.problem is None or not is_spill(outcome.problem)]
        return Findings(self._task, others).impossible(loaded)

    def spilled(self, candidate: Candidate) -> bool:
        """Return whether a part of the model was not on the GPU when a candidate was measured."""
        measurement = self.measured(candidate)
        return measurement is not None and any(map(is_spill, measurement.cautions))

    def impossible(self, loaded: Candidate) -> bool:
        """Return whether a trial has failed that asked for no more in any setting."""
        return any(_at_most(failed, loaded) for failed in self.failed)

    @cached_property
    def failed(self) -> list[Candidate]:
        """What trials that failed have asked for: all slots that were loaded, unless that load has worked before."""
        failed, worked = [], set[Candidate]()
        for outcome in self.outcomes:
            load = with_slots(outcome.trial.candidate, outcome.trial.load_parallel)
            if outcome.measurement is not None:
                worked.add(load)
            else:
                failed.append(outcome.trial.candidate if load in worked else load)
        return failed


def _mean(rates: Iterable[_Rate]) -> float | None:
    """Return the mean of rates, weighted by their seconds, None of none."""
    total = weights = 0.0
    for rate in rates:
        total, weights = total + rate.mean * rate.seconds, weights + rate.seconds
    return total / weights if weights else None


def _at_most(candidate: Candidate, other: Candidate) -> bool:
    """Return whether a candidate asks for no more than another in any setting."""
    return (
        candidate.workers <= other.workers
        and candidate.parallel <= other.parallel
        and batch_of(candidate) <= batch_of(other)
        and candidate.cache_type == other.cache_type
    )


def _has_setting(candidate: Candidate, dear: Candidate, kind: TrialKind) -> bool:
    """Return whether a candidate has the setting of another that pairs of this kind compare."""
    if kind is TrialKind.BATCH:
        return batch_of(candidate) == batch_of(dear)
    if kind is TrialKind.CACHE:
        return candidate.cache_type == dear.cache_type
    return candidate.workers >= dear.workers
