"""Ways to choose the settings of a pool: the panel's tuner, and simpler ones to compare it with."""

from collections.abc import Callable
from random import Random

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.tuning.planner import Planner
from ollama_panel.core.tuning.space import RUNGS, STEPS, PlannerFacts
from ollama_panel.core.tuning.task import Bounds, Goal, TuningTask
from ollama_panel.core.tuning.trial import Candidate, Measurement, Outcome, Trial
from ollama_panel.lab.tuner_trials import Meter, Question

Contender = Callable[[Question, Meter], Candidate]
"""Chooses a candidate for a question by what a meter measures."""


def tuner(goal: Goal) -> Contender:
    """Return the panel's tuner with a goal."""

    def choose(question: Question, meter: Meter) -> Candidate:
        system = question.system
        bounds, less_quality = Bounds(token_s=question.bound_s), len(question.caches) > 1
        task = TuningTask(PoolName("chat"), ModelName("model"), goal, bounds, less_quality=less_quality)
        planner = Planner(task, Candidate(), PlannerFacts(system.needed, int(system.budget), system.serial))
        outcomes: list[Outcome] = []
        while isinstance(step := planner.next(outcomes), Trial):
            outcomes.append(meter.outcome(step))
        return step.best

    return choose


def one_slot(question: Question, meter: Meter) -> Candidate:
    """Choose what Ollama has by itself."""
    return Candidate()


def four_slots(question: Question, meter: Meter) -> Candidate:
    """Choose four slots, or what fits of them."""
    return _at_most(question, 4)


def doubling(question: Question, meter: Meter) -> Candidate:
    """Double the slots until the gain is less than 5 %."""
    best, most = Candidate(), 0.0
    for slots in RUNGS:
        candidate = Candidate(parallel=slots)
        if not question.fits(candidate):
            break
        rate = _rate(question, meter.single(candidate))
        if rate < 1.05 * most:
            break
        best, most = candidate, rate
    return best


def ternary_search(question: Question, meter: Meter) -> Candidate:
    """Search the slots by thirds, as if the rate had one maximum."""
    known: dict[int, float] = {}

    def rate(place: int) -> float:
        candidate = Candidate(parallel=STEPS[place])
        if place not in known:
            known[place] = _rate(question, meter.single(candidate)) if question.fits(candidate) else 0.0
        return known[place]

    low, high = 0, len(STEPS) - 1
    while high - low > 2:
        first, second = low + (high - low) // 3, high - (high - low) // 3
        if rate(first) < rate(second):
            low = first
        else:
            high = second
    return Candidate(parallel=STEPS[max(range(low, high + 1), key=rate)])


def random_twelve(question: Question, meter: Meter) -> Candidate:
    """Measure twelve candidates at random out of those that fit."""
    grid = list(question.candidates())
    drawn = Random(len(grid)).sample(grid, min(12, len(grid)))
    return max(drawn, key=lambda it: _rate(question, meter.single(it)))


def _rate(question: Question, measured: Measurement) -> float:
    """Return the tokens per second that were measured, 0 if a bound is broken."""
    bound, token_s = question.bound_s, measured.token_p95_s
    return 0.0 if bound is not None and token_s is not None and token_s > bound else measured.tokens_per_s.mean


def _at_most(question: Question, slots: int) -> Candidate:
    steps = (Candidate(parallel=step) for step in STEPS if step <= slots)
    return max((it for it in steps if question.fits(it)), default=Candidate())


BASELINES: dict[str, Contender] = {
    "one slot, as Ollama is": one_slot,
    "four slots": four_slots,
    "doubling until < 5 % more": doubling,
    "ternary search": ternary_search,
    "twelve at random": random_twelve,
}
