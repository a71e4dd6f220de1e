"""Why a trial is made, and what a candidate is called, in words."""

from ollama_panel.core.notices import Notice, joined, notice
from ollama_panel.core.ollama.kvcache import F16
from ollama_panel.core.tuning.findings import Findings
from ollama_panel.core.tuning.space import Space, with_slots
from ollama_panel.core.tuning.task import Goal
from ollama_panel.core.tuning.trial import Candidate, Outcome, TrialKind


def slots_name(slots: int) -> Notice:
    """Return a number of slots in words."""
    return notice("tuning_report.slot") if slots == 1 else notice("tuning_report.slots", slots=slots)


def workers_name(workers: int) -> Notice:
    """Return a number of workers in words."""
    return notice("tuning_plan.worker") if workers == 1 else notice("tuning_report.workers", workers=workers)


def candidate_name(candidate: Candidate, serial: bool = False) -> Notice:
    """Return what a candidate is called: its slots, unless its model has one in any case, and what is unusual in it."""
    slots = slots_name(candidate.parallel)
    if serial:
        name = workers_name(candidate.workers)
    elif candidate.workers > 1:
        name = notice("tuning_plan.workers_of", workers=candidate.workers, slots=slots)
    else:
        name = slots
    if candidate.batch and candidate.cache_type != F16:
        return notice("tuning_plan.with_both", name=name, batch=candidate.batch, cache=candidate.cache_type)
    if candidate.batch:
        return notice("tuning_plan.with_batch", name=name, batch=candidate.batch)
    return (
        name if candidate.cache_type == F16 else notice("tuning_plan.with_cache", name=name, cache=candidate.cache_type)
    )


def rate_text(rate: float, goal: Goal) -> Notice:
    """Return tokens per second in words, or embeddings per second if those are the goal."""
    code = "tuning_plan.embeddings_rate" if goal is Goal.EMBEDDING else "tuning_report.rate"
    return notice(code, rate=rounded(rate))


def rounded(value: float) -> float:
    """Return a value as it is told: whole from 100 on, with one decimal from 10 on, else with two."""
    return round(value) if abs(value) >= 100 else round(value, 1 if abs(value) >= 10 else 2)


def percent(share: float) -> float:
    """Return the size of a share in percent: whole from 10 % on, else with one decimal."""
    value = abs(100 * share)
    return round(value) if value >= 10 else round(value, 1)


class Reasons:
    """Says why trials are made."""

    def __init__(self, findings: Findings, space: Space, goal: Goal) -> None:
        """Remember what has been found."""
        self._findings = findings
        self._space = space
        self._goal = goal

    def why(self, kind: TrialKind, candidate: Candidate, load: int) -> Notice:
        """Return why a trial is made."""
        best = self._findings.best
        if kind is TrialKind.RUNG or best is None:
            return self._rung(candidate, load)
        if kind is TrialKind.WORKERS:
            return self._worker(best)
        if kind is TrialKind.VERIFY:
            return self._verify(best)
        full = candidate.cache_type == self._space.present.cache_type
        codes = {
            TrialKind.NEIGHBOUR: "tuning_plan.neighbour",
            TrialKind.BATCH: "tuning_plan.batch",
            TrialKind.CACHE: "tuning_plan.full_cache" if full else "tuning_plan.cache",
        }
        return notice(codes[kind], best=self._name(best)) if kind in codes else notice("tuning_plan.drift")

    def _rung(self, candidate: Candidate, load: int) -> Notice:
        outcomes = self._findings.outcomes
        if candidate == self._space.present and not self._climbs(candidate):
            return notice("tuning_plan.present")
        if not outcomes:
            return self._first(candidate, load)
        last = outcomes[-1]
        if last.measurement is None:
            return notice("tuning_plan.failed", step=self._name(_loaded(last)))
        more = workers_name(self._space.most_workers)
        then = notice("tuning_plan.climb_workers", workers=more) if self._space.serial else notice("tuning_plan.climb")
        return joined(self._gave(last), then)

    def _climbs(self, candidate: Candidate) -> bool:
        """Return whether a candidate belongs to the climb, as far as its first trial tells."""
        outcomes = self._findings.outcomes
        if not outcomes or self._space.serial:
            return True
        first = outcomes[0].trial.candidate
        return (candidate.workers, candidate.cache_type) == (first.workers, first.cache_type)

    def _first(self, candidate: Candidate, load: int) -> Notice:
        if self._space.serial:
            return notice("tuning_plan.first_worker")
        if not self._space.known(candidate):
            return notice("tuning_plan.first_alone")
        return notice("tuning_plan.first", slots=slots_name(load))

    def _gave(self, last: Outcome) -> Notice:
        """Say what the last step gave, against the one before."""
        measured = [outcome.trial.candidate for outcome in self._findings.outcomes if outcome.measurement is not None]
        rates = [self._findings.values[candidate] for candidate in measured]
        step = self._name(last.trial.candidate)
        if len(measured) < 2 or not rates[-2]:
            return notice("tuning_plan.gave", step=step, rate=rate_text(rates[-1], self._goal))
        gain = rates[-1] / rates[-2] - 1
        code = "tuning_plan.gave_less" if gain < 0 else "tuning_plan.gave_more"
        return notice(code, step=step, percent=percent(gain), before=self._name(measured[-2]))

    def _verify(self, best: Candidate) -> Notice:
        rate = rate_text(self._findings.values[best], self._goal)
        again = any(outcome.trial.kind is TrialKind.VERIFY for outcome in self._findings.outcomes)
        return notice("tuning_plan.verify_next" if again else "tuning_plan.verify", rate=rate)

    def _worker(self, best: Candidate) -> Notice:
        measured = self._findings.measured(best)
        if measured is None or measured.busy_percent is None:
            return notice("tuning_plan.busy_unknown")
        return notice("tuning_plan.busy", percent=round(measured.busy_percent))

    def _name(self, candidate: Candidate) -> Notice:
        return candidate_name(candidate, self._space.serial)


def _loaded(outcome: Outcome) -> Candidate:
    return with_slots(outcome.trial.candidate, outcome.trial.load_parallel)
