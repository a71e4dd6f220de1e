"""The verdict of a tuning in words: what is best, what it gains, and its price."""

from collections.abc import Iterator
from math import hypot

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.tuning.findings import WORTH, Findings
from ollama_panel.core.tuning.reasons import candidate_name, percent, rate_text, rounded, workers_name
from ollama_panel.core.tuning.space import Space, batch_of, with_slots, with_workers
from ollama_panel.core.tuning.task import Goal, TuningTask
from ollama_panel.core.tuning.trial import Candidate, Measurement, TrialKind
from ollama_panel.core.tuning.verdict import Verdict, VerdictKind

READING_PACE = 10.0
"""Tokens per second at which people read: scheduling study, section 9."""
DRIFT = 0.05
"""The change of the first step from which on the machine is said to have changed: scheduling study, section 8.2."""
SLOWER = 1.15
"""The time of a token of a larger step, in those of the best, from which on it is told."""
TIMES = 0.95
"""The gain from which on it is told as so many times as much, and not in percent."""


def conclude(findings: Findings, space: Space, task: TuningTask, *, cut_short: bool = False) -> Verdict:
    """Return the verdict; its `after` is None if nothing could be measured.

    `cut_short`: the budget did not suffice for all steps, or for the settings of now.
    """
    return _Conclusion(findings, space, task, cut_short).verdict()


class _Conclusion:
    """The verdict of some findings."""

    def __init__(self, findings: Findings, space: Space, task: TuningTask, cut_short: bool) -> None:
        self._findings = findings
        self._cut_short = cut_short
        self._space = space
        self._task = task
        self._present = space.present
        self._best = findings.best or space.present
        self._before, self._after = self._measured(self._present), self._measured(self._best)

    def verdict(self) -> Verdict:
        """Return the verdict."""
        verified = self._findings.fresh(self._best) is not None and not self._findings.disappointing(self._best)
        if self._after is None:
            kind, headline, lines = VerdictKind.SAME, notice("tuning_verdict.nothing"), tuple(self._problems())
        else:
            kind = self._kind()
            headline, lines = self._headline(kind), tuple(self._lines())
        return Verdict(kind, self._present, self._best, headline, lines, self._before, self._after, verified)

    def _measured(self, candidate: Candidate) -> Measurement | None:
        """Return the measurement of a candidate, with the memory as it is forecast.

        Most steps are measured with more slots loaded, and a measured size beside a forecast one would not compare.
        """
        measurement, needed = self._findings.measured(candidate), self._space.needed(candidate)
        if measurement is None or needed is None:
            return measurement
        return msgspec.structs.replace(measurement, memory_bytes=needed)

    def _kind(self) -> VerdictKind:
        if not self._findings.keeps(self._best):
            return VerdictKind.OUT_OF_BOUNDS
        if self._best == self._present:
            return VerdictKind.SAME
        if self._unknown_gain:
            return VerdictKind.UNCERTAIN
        better = self._gain is None or not self._findings.keeps(self._present) or self._fewer or self._clear
        return VerdictKind.BETTER if better else VerdictKind.UNCERTAIN

    @property
    def _unknown_gain(self) -> bool:
        """Whether the settings of now were not measured though they work: the budget did not suffice."""
        present = self._present
        works = self._space.fits(present) and not self._findings.impossible(present)
        return self._before is None and works

    @property
    def _fewer(self) -> bool:
        """Whether the best has fewer slots than the pool has now."""
        best, present = self._best, self._present
        return best.workers * best.parallel < present.workers * present.parallel

    @property
    def _gain(self) -> float | None:
        """The share by which the best gives more than the settings of now, None = these were not measured."""
        before = self._findings.values.get(self._present)
        return self._findings.values[self._best] / before - 1 if before else None

    @property
    def _clear(self) -> bool:
        """Whether the gain is more than the intervals of both rates leave open."""
        rates = [self._findings.rate(it) for it in (self._before, self._after) if it is not None]
        gain = self._findings.values[self._best] - self._findings.values[self._present]
        return gain > hypot(*(rate.half_width or 0.0 for rate in rates))

    def _headline(self, kind: VerdictKind) -> Notice:
        best, present = self._name(self._best), self._name(self._present)
        if kind is VerdictKind.OUT_OF_BOUNDS:
            return notice("tuning_verdict.out_of_bounds", best=best)
        if kind is VerdictKind.SAME:
            return notice("tuning_verdict.same", present=present)
        if kind is VerdictKind.UNCERTAIN and self._unknown_gain:
            return notice("tuning_verdict.no_comparison", best=best, rate=self._rate(self._best), present=present)
        if kind is VerdictKind.UNCERTAIN:
            return notice("tuning_verdict.uncertain", best=best, present=present)
        return self._better(best, present)

    def _better(self, best: Notice, present: Notice) -> Notice:
        gain, embeddings = self._gain, self._task.goal is Goal.EMBEDDING
        if gain is None:
            return notice("tuning_verdict.first", best=best, rate=self._rate(self._best))
        if not self._findings.keeps(self._present):
            return notice("tuning_verdict.within", best=best, present=present)
        unit = notice("tuning_verdict.embeddings" if embeddings else "tuning_verdict.tokens")
        if gain >= TIMES:
            return notice("tuning_verdict.times", best=best, present=present, times=round(1 + gain, 1), unit=unit)
        if gain <= WORTH and self._fewer:
            return notice("tuning_verdict.fewer", best=best, present=present, unit=unit)
        return notice("tuning_verdict.more", best=best, present=present, percent=percent(gain), unit=unit)

    def _lines(self) -> Iterator[Notice]:
        yield from self._broken()
        yield from self._present_too_large()
        yield self._gives()
        if self._cut_short:
            yield notice("tuning_verdict.cut_short")
        yield from self._next()
        yield from self._price()
        yield from self._turns()
        yield from self._sure()

    def _present_too_large(self) -> Iterator[Notice]:
        """Say that the settings of now were not measured because they do not fit."""
        needed, budget = self._space.needed(self._present), self._space.facts.budget
        if self._before is None and needed is not None and budget is not None and needed > budget:
            yield notice("tuning_plan.beyond", step=self._name(self._present), needed=needed, budget=budget)

    # The gain and its price

    def _gives(self) -> Notice:
        """Say what the best gives, and how much more that is than one slot gives, or one worker."""
        best, values = self._best, self._findings.values
        first = min(values)
        times = round(values[best] / values[first], 1) if values[first] else 1.0
        if first in (best, self._present) or times == 1:
            return notice("tuning_verdict.gives", best=self._name(best), rate=self._rate(best))
        rate, name = self._rate(best), self._name(first)
        return notice("tuning_verdict.gives_times", best=self._name(best), rate=rate, times=times, first=name)

    def _next(self) -> Iterator[Notice]:
        """Say what more slots would give, and that no more fit."""
        best, values = self._best, self._findings.values
        larger = [one for one in values if one.parallel > best.parallel and with_slots(one, best.parallel) == best]
        if not self._findings.keeps(best):
            return
        if larger:
            step = max(larger, key=lambda one: values[one])
            yield self._compared(step, values[step] / values[best] - 1 if values[best] else 0.0)
        elif self._limited(best):
            yield notice("tuning_verdict.limited")

    def _limited(self, best: Candidate) -> bool:
        """Return whether the memory alone keeps the best from having more slots."""
        above = next((slots for slots in self._space.steps if slots > best.parallel), None)
        return above is not None and not self._space.fits(with_slots(best, above))

    def _compared(self, step: Candidate, gain: float) -> Notice:
        name = self._name(step)
        if not self._findings.keeps(step):
            return notice("tuning_verdict.next_breaks", next=name)
        if gain < 0:
            return notice("tuning_verdict.next_less", next=name, percent=percent(gain))
        times = _ratio(self._token_s(step), self._token_s(self._best))
        if times is None or times < SLOWER:
            return notice("tuning_verdict.next_more", next=name, percent=percent(gain))
        return notice("tuning_verdict.next_slower", next=name, percent=percent(gain), times=round(times, 1))

    def _price(self) -> Iterator[Notice]:
        """Say how fast one answer comes, and what the model takes."""
        before, after = (None if it is None else it.token_p50_s for it in (self._before, self._after))
        if after:
            if before and self._best != self._present:
                yield notice("tuning_verdict.token", after=rounded(1 / after), before=rounded(1 / before))
            else:
                yield notice("tuning_verdict.token_alone", after=rounded(1 / after))
            if 1 / after < READING_PACE:
                yield notice("tuning_verdict.slow", pace=READING_PACE)
        small, large = (None if it is None else it.memory_bytes for it in (self._before, self._after))
        if small is not None and large is not None and small != large:
            yield notice("tuning_verdict.memory", before=small, after=large)

    # Settings that were compared in turns

    def _turns(self) -> Iterator[Notice]:
        for outcome in self._findings.outcomes:
            pair = self._findings.pair(outcome)
            if pair is not None:
                yield self._turn(outcome.trial.kind, *pair, helped=self._findings.worth(outcome))
            elif outcome.trial.against is not None:
                yield notice("tuning_verdict.failed", settings=self._name(outcome.trial.candidate))

    def _turn(self, kind: TrialKind, dear: Candidate, gain: float, *, helped: bool) -> Notice:
        """Say what the dearer candidate of a pair gave."""
        text = notice(
            "tuning_verdict.minus" if gain < 0 < percent(gain) else "tuning_verdict.plus", percent=percent(gain)
        )
        if kind is TrialKind.BATCH:
            code = "tuning_verdict.batch_helped" if helped else "tuning_verdict.batch_no_help"
            return notice(code, batch=batch_of(dear), percent=text)
        if kind is TrialKind.CACHE:
            code = "tuning_verdict.cache_helped" if helped else "tuning_verdict.cache_no_help"
            return notice(code, cache=dear.cache_type, percent=text)
        code = "tuning_verdict.workers_helped" if helped else "tuning_verdict.workers_no_help"
        return notice(code, workers=workers_name(dear.workers), percent=text)

    # How sure it is

    def _sure(self) -> Iterator[Notice]:
        for candidate in self._findings.candidates:
            fresh, predicted = self._findings.fresh(candidate), self._findings.predicted(candidate)
            if fresh is not None and predicted and self._findings.disappointing(candidate):
                share, name = 100 * fresh / predicted, self._name(candidate)
                yield notice("tuning_verdict.less_than_predicted", settings=name, percent=round(share))
            elif fresh is not None and candidate == self._best:
                yield notice("tuning_verdict.verified", rate=rate_text(fresh, self._task.goal))
        if self._best != self._present and self._findings.fresh(self._best) is None:
            yield notice("tuning_verdict.not_verified")
        drift = self._findings.drift
        if drift is not None and abs(drift) > DRIFT:
            code = "tuning_verdict.drift_less" if drift < 0 else "tuning_verdict.drift_more"
            yield notice(code, percent=percent(drift))

    # What does not work

    def _broken(self) -> Iterator[Notice]:
        """Say which bounds the best breaks, and what would help."""
        bounds, after = self._task.bounds, self._after
        if after is None:
            return
        first, token = after.first_token_p95_s, after.token_p95_s
        if first is not None and bounds.first_token_s is not None and first > bounds.first_token_s:
            values = {"value": rounded(first), "bound": rounded(bounds.first_token_s)}
            yield notice("tuning_verdict.first_token_broken", **values)
            yield notice("tuning_verdict.first_token_help")
        if token is not None and bounds.token_s is not None and token > bounds.token_s:
            values = {"value": rounded(1000 * token), "bound": rounded(1000 * bounds.token_s)}
            yield notice("tuning_verdict.token_broken", **values)
            yield notice("tuning_verdict.token_help")

    def _problems(self) -> Iterator[Notice]:
        """Say why nothing could be measured."""
        smallest = with_slots(with_workers(self._present, 1), 1)
        needed, budget = self._space.needed(smallest), self._space.facts.budget
        if needed is not None and budget is not None and needed > budget:
            name = self._name(smallest)
            yield notice("tuning_verdict.no_room", step=name, needed=needed, budget=budget)
        for outcome in self._findings.outcomes[-1:]:
            if outcome.problem is not None:
                name = self._name(outcome.trial.candidate)
                yield notice("tuning_report.failed", settings=name, problem=outcome.problem)

    def _token_s(self, candidate: Candidate) -> float | None:
        measurement = self._findings.measured(candidate)
        return None if measurement is None else measurement.token_p50_s

    def _rate(self, candidate: Candidate) -> Notice:
        return rate_text(self._findings.values[candidate], self._task.goal)

    def _name(self, candidate: Candidate) -> Notice:
        return candidate_name(candidate, self._space.serial)


def _ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one is not None and other else None
