"""The next trial of a tuning, or its verdict, from the trials so far: the history is the whole state.

The next trial is the first that one of these stages still wants, in this order (scheduling study, section 8.1):

1. climb: the rungs 1 2 4 8 16 32, the slots of now, and the most that fit, all with one load of the most. A flat step
   does not end it; a bound that is broken by more than 10 % does. Where the model serves one request at a time: 1 to 4
   workers.
2. present: the settings of now, if they were no rung.
3. neighbours: the steps beside the best.
4. cache, workers, batch: another value of one setting against the best, in turns (A B B A). The dearer value stays if
   it gives more than 2 %. Another worker is tried where the GPU is not busy.
5. drift: the first step again, to see whether the machine has changed meanwhile.
6. verify: the best with a fresh load, for longer; the next best if it gives less than 97 % of what was predicted.

A trial that fails rules out all that ask for as much, and the stages go on below it.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from math import inf

import msgspec

from ollama_panel.core.notices import Notice
from ollama_panel.core.tuning import conclusion, outlook
from ollama_panel.core.tuning.findings import Findings
from ollama_panel.core.tuning.reasons import Reasons
from ollama_panel.core.tuning.record import Outlook
from ollama_panel.core.tuning.space import (
    MOST_WORKERS,
    RUNGS,
    PlannerFacts,
    Space,
    batch_of,
    with_batch,
    with_cache,
    with_slots,
    with_workers,
)
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.core.tuning.trial import Candidate, Outcome, Trial, TrialKind
from ollama_panel.core.tuning.verdict import Verdict

RESERVED = 3
"""Trials that are kept for the drift and for two best ones to verify, of a small budget a quarter."""
_AFTERWARDS = {TrialKind.DRIFT: 2, TrialKind.VERIFY: 0}
"""The waves for which time is kept when a trial begins: those of the fresh load, and before the drift its one, too.

Of a short time it is a quarter at most, as of few trials: steps that were never measured cannot be chosen."""


class Planner:
    """Plans the trials of one task for a pool that has the candidate `present` now."""

    def __init__(self, task: TuningTask, present: Candidate, facts: PlannerFacts) -> None:
        """Remember what is asked for and what is known."""
        self._task = task
        self._present = present
        self._facts = facts
        self._space = Space(present, facts, task.less_quality)

    def next(self, outcomes: Sequence[Outcome], elapsed_s: float = 0.0) -> Trial | Verdict:
        """Return the next trial, or the verdict when nothing is left to try or the budget is used up.

        `elapsed_s` are the seconds that the tuning has measured; those of `most_minutes` are its limit. A verdict whose
        `after` is None says that nothing could be measured.
        """
        if self._found_serial(outcomes):
            return self._of_serial.next(outcomes, elapsed_s)
        findings, left = Findings(self._task, outcomes), self._waves_left(outcomes, elapsed_s)
        wanted = chain.from_iterable(self._stages(findings))
        total = _made(outcomes) + left
        trial = next((it for it in wanted if _in_time(it, left, total)), None)
        cut_short = any(self._climb(findings)) or any(self._present_settings(findings))
        return trial or conclusion.conclude(findings, self._space, self._task, cut_short=cut_short)

    def _waves_left(self, outcomes: Sequence[Outcome], elapsed_s: float) -> float:
        """Return how many waves the time suffices for, if each takes as long as those before."""
        done = _made(outcomes)
        return done * (60 * self._task.most_minutes / elapsed_s - 1) if done and elapsed_s else inf

    def outlook(self, outcomes: Sequence[Outcome], elapsed_s: float = 0.0) -> tuple[Outlook, ...]:
        """Return what is planned after these trials, and what is left out with the reason."""
        if self._found_serial(outcomes):
            return self._of_serial.outlook(outcomes, elapsed_s)
        findings, left = Findings(self._task, outcomes), self._waves_left(outcomes, elapsed_s)
        total, planned, late = _made(outcomes) + left, list[Trial](), list[Trial]()
        wanted = {(it.kind, it.candidate): it for it in chain.from_iterable(self._stages(findings))}
        for trial in wanted.values():
            if _in_time(trial, left, total):
                planned.append(trial)
                left -= _waves(trial)
            else:
                late.append(trial)
        return outlook.outlook(planned, findings, self._space, late)

    def _found_serial(self, outcomes: Sequence[Outcome]) -> bool:
        """Return whether trials have told that the model answers one request at a time, which was not known before."""
        return not self._space.serial and any(outcome.serial for outcome in outcomes)

    @cached_property
    def _of_serial(self) -> "Planner":
        """What plans then."""
        return Planner(self._task, self._present, msgspec.structs.replace(self._facts, serial=True))

    def expected(self, outcomes: Sequence[Outcome], elapsed_s: float = 0.0) -> int:
        """Return about how many trials there will be, with those that were made."""
        planned = (max(1, len(one.candidates)) for one in self.outlook(outcomes, elapsed_s) if one.skipped is None)
        return min(self._task.most_trials, len(outcomes) + sum(planned))

    @property
    def slots_that_fit(self) -> int | None:
        """The most slots of one worker that fit into the memory, at most 32; None = unknown, 0 = not even one."""
        return outlook.slots_that_fit(self._space)

    @property
    def beyond(self) -> Notice | None:
        """What the first step beyond the memory would need, None = unknown, or all fit."""
        return outlook.beyond(self._space)

    # The stages

    def _stages(self, findings: Findings) -> Iterator[Iterator[Trial]]:
        used, most = len(findings.outcomes), self._task.most_trials
        if used < most - min(RESERVED, most // 4):
            yield self._climb(findings)
            yield self._present_settings(findings)
            yield self._neighbours(findings)
            yield self._cache(findings)
            yield self._workers(findings)
            yield self._batch(findings)
        if used < most:
            yield self._drift(findings)
            yield self._verify(findings)

    def _climb(self, findings: Findings) -> Iterator[Trial]:
        for rung in self._rungs(findings):
            if findings.measured(rung) is None:
                yield from self._alone(TrialKind.RUNG, rung, findings)
            elif findings.breach(rung):
                return

    def _present_settings(self, findings: Findings) -> Iterator[Trial]:
        """Yield the settings of now; where they are known to spill by now, their own load tells what that costs."""
        present = self._space.present
        yield from self._alone(TrialKind.RUNG, present, findings)
        tried = findings.measured(present) is not None or findings.failed_alone(present) or findings.broken(present)
        if self._space.fits(present) and findings.impossible(present) and not tried:
            yield self._trial(TrialKind.RUNG, present, present.parallel, findings)

    def _neighbours(self, findings: Findings) -> Iterator[Trial]:
        best, steps = findings.best, self._space.steps
        if best is not None:
            place = steps.index(best.parallel)
            above = steps[place + 1 : place + 2] if findings.keeps(best) else ()
            for slots in (*above, *steps[max(0, place - 1) : place]):
                yield from self._alone(TrialKind.NEIGHBOUR, with_slots(best, slots), findings)

    def _cache(self, findings: Findings) -> Iterator[Trial]:
        best = findings.best
        if best is not None:
            for cache_type in self._space.cache_types:
                yield from self._in_turns(TrialKind.CACHE, with_cache(best, cache_type), best, findings)

    def _workers(self, findings: Findings) -> Iterator[Trial]:
        best = findings.best
        if best is not None and not self._space.serial and best.workers < MOST_WORKERS and findings.idle(best):
            more, strain = with_workers(best, best.workers + 1), findings.strain(best)
            if strain:  # the time of a token grows with all slots together, until it breaks the bound
                most = int(best.workers * best.parallel / strain) // more.workers
                more = with_slots(more, min(best.parallel, most))
            yield from self._in_turns(TrialKind.WORKERS, more, best, findings)

    def _batch(self, findings: Findings) -> Iterator[Trial]:
        best = findings.best
        if best is not None:
            for size in (it for it in self._space.batches if it > batch_of(best)):
                yield from self._in_turns(TrialKind.BATCH, with_batch(best, size), best, findings)

    def _drift(self, findings: Findings) -> Iterator[Trial]:
        first = next((outcome.trial for outcome in findings.outcomes if outcome.measurement is not None), None)
        if first is not None and not any(outcome.trial.kind is TrialKind.DRIFT for outcome in findings.outcomes):
            yield self._trial(TrialKind.DRIFT, first.candidate, first.load_parallel, findings)

    def _verify(self, findings: Findings) -> Iterator[Trial]:
        best = findings.best
        if best is not None and findings.fresh(best) is None and best != self._space.present and findings.keeps(best):
            yield self._trial(TrialKind.VERIFY, best, best.parallel, findings)

    # What may be tried

    def _rungs(self, findings: Findings) -> list[Candidate]:
        """Return the rungs of the climb, with the cache that allows most slots, or workers."""
        one = with_workers(self._space.present, 1)
        rungs = self._workers_of if self._space.serial else self._slots_of
        climbs = [rungs(with_cache(one, it), findings) for it in self._space.cache_types]
        return max(climbs, key=lambda climb: max((it.workers * it.parallel for it in climb), default=0))

    def _workers_of(self, one: Candidate, findings: Findings) -> list[Candidate]:
        rungs = (with_workers(one, workers) for workers in range(1, MOST_WORKERS + 1))
        return [it for it in rungs if self._possible(it, findings)]

    def _slots_of(self, one: Candidate, findings: Findings) -> list[Candidate]:
        """Return the rungs of slots that are possible; the most that fit is none of them once a load has failed."""
        fitting = [it for it in (with_slots(one, slots) for slots in self._space.steps) if self._space.fits(it)]
        possible = [it for it in fitting if not findings.impossible(it)]
        top = fitting[-1:] if possible == fitting else []
        wanted = (*RUNGS, self._space.present.parallel)
        return [it for it in possible if it.parallel in wanted or it in top]

    def _alone(self, kind: TrialKind, candidate: Candidate, findings: Findings) -> Iterator[Trial]:
        """Yield the trial of a candidate unless it is measured or impossible; rungs are measured with one load."""
        if findings.measured(candidate) is None:
            load = candidate.parallel
            if self._space.known(candidate):
                alike = (rung.parallel for rung in self._rungs(findings) if with_slots(rung, load) == candidate)
                load = max((load, *alike))
            if self._possible(with_slots(candidate, load), findings):
                yield self._trial(kind, candidate, load, findings)

    def _in_turns(self, kind: TrialKind, wanted: Candidate, best: Candidate, findings: Findings) -> Iterator[Trial]:
        """Yield the trial of a candidate in turns with the best, with as many of its slots as fit."""
        steps = (with_slots(wanted, slots) for slots in reversed(self._space.steps) if slots <= wanted.parallel)
        candidate = next((it for it in steps if self._space.fits(it)), None)
        if candidate is None or findings.measured(candidate) is not None or findings.rejected(candidate):
            return
        if not findings.impossible(candidate):
            yield self._trial(kind, candidate, candidate.parallel, findings, against=best)

    def _possible(self, loaded: Candidate, findings: Findings) -> bool:
        return self._space.fits(loaded) and not findings.impossible(loaded)

    def _trial(
        self, kind: TrialKind, candidate: Candidate, load: int, findings: Findings, against: Candidate | None = None
    ) -> Trial:
        why = Reasons(findings, self._space, self._task.goal).why(kind, candidate, load)
        verify = kind is TrialKind.VERIFY
        spill = against is not None and findings.spilled(against)
        return Trial(kind, candidate, load, why, verify, verify, against, self._may_spill(candidate, load) or spill)

    def _may_spill(self, candidate: Candidate, load: int) -> bool:
        """Return whether a load is the smallest one, or that of the settings of now."""
        present = self._space.present
        return load == candidate.parallel and (candidate == present or (candidate.workers, load) == (1, 1))


def _waves(trial: Trial) -> int:
    """Return how many waves of requests a trial takes: a pair is measured as A B B A."""
    return 4 if trial.against is not None else 2 if trial.longer else 1


def _made(outcomes: Sequence[Outcome]) -> int:
    """Return how many waves were measured."""
    return sum(_waves(outcome.trial) for outcome in outcomes)


def _in_time(trial: Trial, left: float, total: float) -> bool:
    """Return whether the waves that are `left` of all suffice for a trial and for what is to follow it."""
    return _waves(trial) + min(_AFTERWARDS.get(trial.kind, 3), total / 4) <= left
