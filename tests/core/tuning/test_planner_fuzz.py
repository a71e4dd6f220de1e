"""Random machines with all kinds of failures: a tuning always ends, and keeps its rules whatever happens."""

from collections.abc import Callable
from random import Random

import msgspec
import pytest

from ollama_panel.core.tuning.planner import Planner
from ollama_panel.core.tuning.space import PlannerFacts
from ollama_panel.core.tuning.task import Bounds, Goal, TuningTask
from ollama_panel.core.tuning.trial import Candidate, Outcome, Trial
from ollama_panel.core.tuning.verdict import Verdict, VerdictKind
from tests.core.tuning.tuning_script import GIB, Machine, needed, task

SEEDS = range(300)
CACHES = ("f16", "f16", "q8_0", "q4_0")


def random_machine(random: Random) -> Machine:
    """Return a machine whose rates are noise, and whose trials fail by size, by chance, or in all of one kind."""
    rates = {slots: random.uniform(0, 500) for slots in range(1, 100)}
    limit, luck, bad = random.choice((0, 3, 20, 999)), random.choice((0.0, 0.1, 0.5)), random.choice(CACHES[2:])
    seed = random.random()

    def fails(trial: Trial) -> bool:
        chance = Random(f"{seed} {trial.candidate} {trial.load_parallel} {trial.kind}").random()
        return trial.load_parallel > limit or chance < luck or trial.candidate.cache_type == bad

    def rate(candidate: Candidate) -> float:
        return rates[candidate.parallel] * random.choice((1, candidate.workers)) * random.choice((0, 1, 1, 1))

    busy = random.choice((None, 10.0, 95.0))
    return Machine(rate, fails, busy, fresh=lambda _: random.uniform(0.8, 1.1), drift=random.uniform(0.5, 1.5))


def random_task(random: Random) -> TuningTask:
    """Return a task."""
    bounds = Bounds(random.choice((None, 0.05, 2.0)), random.choice((None, 0.001, 0.1)))
    goal, most = random.choice(tuple(Goal)), random.choice((1, 3, 7, 16, 16))
    return task(goal, bounds=bounds, less_quality=random.random() < 0.5, most_trials=most)


def random_facts(random: Random) -> PlannerFacts:
    """Return facts."""
    known: Callable[[Candidate], int | None] = random.choice((needed, needed, lambda _: None))
    serial, embedding, batch = (random.random() < share for share in (0.2, 0.1, 0.8))
    return PlannerFacts(known, random.choice((None, 0, GIB, 7 * GIB, 32 * GIB, 100 * GIB)), serial, embedding, batch)


def random_present(random: Random) -> Candidate:
    """Return the settings of now."""
    slots = random.choice((1, 1, 2, 5, 16, 40))
    return Candidate(random.choice((1, 1, 2, 6)), slots, random.choice((0, 0, 256, 2048)), random.choice(CACHES))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_tuning_ends_within_its_budget_and_asks_only_for_what_can_be(seed: int) -> None:
    random = Random(seed)
    asked, facts, present, machine = (
        make(random) for make in (random_task, random_facts, random_present, random_machine)
    )
    planner, outcomes = Planner(asked, present, facts), list[Outcome]()
    while isinstance(step := planner.next(outcomes), Trial):
        assert len(outcomes) < asked.most_trials
        assert step.load_parallel >= step.candidate.parallel
        _check_memory(step, facts)
        _check_again(step, outcomes)
        assert Planner(asked, present, facts).next(tuple(outcomes)) == step, "the history is the whole state"
        assert len(outcomes) <= planner.expected(outcomes) <= asked.most_trials
        outcomes.append(machine.outcome(step))
    _check_verdict(step, outcomes)


def _check_memory(trial: Trial, facts: PlannerFacts) -> None:
    loaded = msgspec.structs.replace(trial.candidate, parallel=trial.load_parallel)
    bytes_needed = facts.needed(loaded)
    assert bytes_needed is None or facts.budget is None or bytes_needed <= facts.budget


def _check_again(trial: Trial, outcomes: list[Outcome]) -> None:
    """Nothing is tried twice, but what is repeated on purpose, and steps whose load has failed."""
    same = [it.trial for it in outcomes if (it.trial.kind, it.trial.candidate) == (trial.kind, trial.candidate)]
    assert all(trial.load_parallel < earlier.load_parallel for earlier in same)


def _check_verdict(verdict: Verdict, outcomes: list[Outcome]) -> None:
    measured = {it.trial.candidate for it in outcomes if it.measurement is not None}
    if verdict.after is None:
        assert (verdict.kind, verdict.best) == (VerdictKind.SAME, verdict.present)
    else:
        assert verdict.best in measured
    assert verdict.kind is not VerdictKind.SAME or verdict.best == verdict.present
