"""The verdict of a tuning in words: what is best, what it gains, and its price."""

import msgspec
import pytest

from ollama_panel.core.notices.render import render
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.tuning.planner import Planner
from ollama_panel.core.tuning.task import Goal
from ollama_panel.core.tuning.trial import Candidate, TrialKind
from ollama_panel.core.tuning.verdict import Verdict, VerdictKind
from tests.core.tuning.tuning_script import Machine, Tuning, bounds, facts, task

GIVES = {1: 118.0, 2: 205.0, 3: 280.0, 4: 331.0, 6: 391.0, 8: 421.0, 12: 428.0, 16: 430.0}


def gives(candidate: Candidate) -> float:
    """Return the tokens per second of a machine on which 16 slots fit; larger batches give 0.4 % more."""
    return GIVES[candidate.parallel] * (1.004 if candidate.batch else 1.0)


def typical(goal: Goal = Goal.BALANCED, slots: int = 2, machine: Machine | None = None, **others: object) -> Tuning:
    """Return a tuning of that machine for a pool with so many slots."""
    return Tuning(machine or Machine(gives), task(goal, **others), Candidate(parallel=slots), facts(budget=16))


def lines(verdict: Verdict) -> list[str]:
    """Return the lines of a verdict."""
    return [render(line) for line in verdict.lines]


def test_a_typical_verdict() -> None:
    verdict = typical().verdict
    assert verdict.kind is VerdictKind.BETTER
    assert verdict.verified
    assert render(verdict.headline) == "8 slots instead of 2 slots: 2.1 times the tokens per second"
    assert lines(verdict) == [
        "8 slots: 421 tokens/s, 3.6 times as much as 1 slot.",
        "16 slots would add 2.1 % and make each token take 2 times as long.",
        "In one answer text comes at 52.6 tokens/s instead of 102.",
        "The model takes 8.0 GiB instead of 2.0 GiB.",
        "A batch size of 2,048 did not help (+0.4 %).",
        "A batch size of 1,024 did not help (+0.4 %).",
        "A fresh load gave 421 tokens/s.",
    ]


def test_a_gain_of_less_than_twice_is_told_in_percent() -> None:
    assert render(typical(slots=4).verdict.headline) == "8 slots instead of 4 slots: 27 % more tokens per second"


def test_fewer_slots_with_nearly_the_same_are_better() -> None:
    verdict = typical(slots=16).verdict
    assert verdict.kind is VerdictKind.BETTER
    assert render(verdict.headline) == (
        "8 slots instead of 16 slots: nearly the same tokens per second, and each answer is quicker"
    )


def test_nothing_better_is_a_verdict_too() -> None:
    verdict = typical(slots=8).verdict
    assert verdict.kind is VerdictKind.SAME
    assert render(verdict.headline) == "8 slots: nothing better was found"
    assert "A fresh load" not in " ".join(lines(verdict))


def test_a_gain_within_the_intervals_is_uncertain() -> None:
    verdict = typical(Goal.THROUGHPUT, slots=12).verdict
    assert verdict.kind is VerdictKind.UNCERTAIN
    assert render(verdict.headline) == (
        "16 slots may be better than 12 slots, but the difference is within the intervals"
    )


def test_settings_of_now_that_were_not_measured_cannot_be_compared() -> None:
    machine = Machine(gives, fails=lambda trial: trial.candidate.workers == 4)
    verdict = Tuning(machine, task(), Candidate(workers=4, parallel=8), facts(budget=16)).verdict
    assert (verdict.kind, verdict.before) == (VerdictKind.BETTER, None)
    assert render(verdict.headline) == "16 slots: 430 tokens/s"


def test_settings_of_now_for_which_the_budget_does_not_suffice_are_not_said_to_be_worse() -> None:
    """Of one trial it is not known whether the best of now is better: nothing is to be applied unseen."""
    verdict = Tuning(Machine(gives), task(most_trials=1), Candidate(parallel=2), facts(budget=16)).verdict
    assert (verdict.kind, verdict.before) == (VerdictKind.UNCERTAIN, None)
    assert render(verdict.headline) == "1 slot: 118 tokens/s, but 2 slots could not be measured in time"
    assert "The budget did not suffice for all steps: a longer tuning may find a better one." in lines(verdict)


def test_no_more_memory_is_told_if_that_is_the_limit() -> None:
    assert "No more slots fit into the memory: more memory, or a smaller context, may give more." in lines(
        typical(Goal.THROUGHPUT).verdict
    )


def test_a_best_that_gives_as_much_as_one_slot_is_not_called_one_time_as_much() -> None:
    verdict = typical(slots=2, machine=Machine(lambda it: 98.0 if it.parallel == 2 else 95.0)).verdict
    assert lines(verdict)[0] == "2 slots: 98 tokens/s."


def test_embeddings_are_counted_as_such() -> None:
    verdict = Tuning(asked=task(Goal.EMBEDDING), known=facts(budget=2, embedding=True)).verdict
    assert render(verdict.headline) == "2 workers instead of 1 worker: 2 times the embeddings per second"


def test_bounds_that_are_kept_by_fewer_slots_are_the_gain() -> None:
    verdict = typical(Goal.LATENCY, slots=16, bounds=bounds(token_s=0.02)).verdict
    assert render(verdict.headline) == "8 slots instead of 16 slots: the bounds are kept"
    assert "16 slots would break the bound." in lines(verdict)


def test_bounds_that_nothing_keeps_are_told_with_what_would_help() -> None:
    verdict = typical(Goal.LATENCY, bounds=bounds(first_token_s=0.01, token_s=0.005)).verdict
    assert verdict.kind is VerdictKind.OUT_OF_BOUNDS
    assert render(verdict.headline) == "Nothing keeps the bounds; 1 slot comes nearest"
    assert lines(verdict)[:4] == [
        "The first token takes 0.03 s at p95; the bound is 0.01 s.",
        "Shorter prompts, a smaller model or a looser bound would help.",
        "Each token takes 8.47 ms at p95; the bound is 5 ms.",
        "A smaller model, a stronger quantisation or a looser bound would help.",
    ]


def test_text_that_comes_slower_than_people_read_is_a_warning() -> None:
    verdict = typical(machine=Machine(lambda it: gives(it) / 10)).verdict
    slow = next(line for line in verdict.lines if line.code == "tuning_verdict.slow")
    assert (slow.level, render(slow)) == (
        Level.WARNING,
        "That is slower than people read, about 10 tokens/s.",
    )


@pytest.mark.parametrize(
    ("kind", "gain", "said"),
    [
        (TrialKind.BATCH, 1.05, "A batch size of 2,048 helped (+5 %)."),
        (TrialKind.BATCH, 0.97, "A batch size of 2,048 did not help (-3 %)."),
        (TrialKind.CACHE, 1.05, "A KV cache of q8_0 helped (+5 %), at a slight loss of quality."),
        (TrialKind.BATCH, 0.9998, "A batch size of 2,048 did not help (+0 %)."),
        (TrialKind.CACHE, 1.0, "A KV cache of q8_0 did not help (+0 %)."),
        (TrialKind.WORKERS, 1.05, "2 workers helped (+5 %)."),
        (TrialKind.WORKERS, 0.8, "2 workers did not help (-20 %)."),
    ],
)
def test_what_was_compared_in_turns_is_told(kind: TrialKind, gain: float, said: str) -> None:
    changed = {
        TrialKind.BATCH: lambda it: it.batch == 2048,
        TrialKind.CACHE: lambda it: it.cache_type == "q8_0",
        TrialKind.WORKERS: lambda it: it.workers == 2,
    }[kind]
    machine = Machine(lambda it: (100.0 - it.parallel) * (gain if changed(it) else 1.0), busy=50)
    tuning = Tuning(machine, task(less_quality=kind is TrialKind.CACHE))
    assert said in lines(tuning.verdict)


def test_a_pair_that_failed_is_told() -> None:
    tuning = typical(machine=Machine(gives, fails=lambda trial: trial.kind is TrialKind.BATCH))
    assert "8 slots with batch size 2,048 could not be measured." in lines(tuning.verdict)


def test_a_fresh_load_that_disappoints_is_told() -> None:
    verdict = typical(machine=Machine(gives, fresh=lambda it: 0.9 if it.parallel == 8 else 1.0)).verdict
    assert "A fresh load of 8 slots gave only 90 % of what was predicted." in lines(verdict)


def test_a_best_without_a_fresh_load_is_told() -> None:
    verdict = typical(most_trials=5).verdict
    assert not verdict.verified
    assert "The budget did not suffice to verify it with a fresh load." in lines(verdict)


@pytest.mark.parametrize(("drift", "said"), [(0.9, "10 % less"), (1.08, "8 % more"), (0.96, None)])
def test_a_machine_that_has_changed_is_told(drift: float, said: str | None) -> None:
    verdict = typical(machine=Machine(gives, drift=drift)).verdict
    drifts = [line for line in lines(verdict) if line.startswith("At the end the first step gave")]
    assert [said in line for line in drifts if said] == [True] * len(drifts)
    assert bool(drifts) == (said is not None)


def test_if_nothing_could_be_measured_the_reason_is_told() -> None:
    failed = typical(machine=Machine(fails=lambda _: True)).verdict
    assert render(failed.headline) == "Nothing could be measured: your settings stay"
    assert lines(failed) == ["1 slot: http://127.0.0.1:11500 did not answer (out of memory): restart the panel."]
    no_room = Tuning(known=facts(budget=0)).verdict
    assert lines(no_room) == ["Not even 1 slot fits: it needs 1.0 GiB, and models may use 0 MiB."]


def test_the_verdict_is_the_same_however_it_was_reached() -> None:
    tuning = typical()
    again = Planner(task(Goal.BALANCED), Candidate(parallel=2), facts(budget=16)).next(tuple(tuning.outcomes))
    assert msgspec.json.encode(again) == msgspec.json.encode(tuning.verdict)
