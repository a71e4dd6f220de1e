"""Why each trial is made, in words, and what candidates are called."""

import pytest

from ollama_panel.core.notices.render import render
from ollama_panel.core.tuning.reasons import candidate_name, percent, rate_text, rounded
from ollama_panel.core.tuning.task import Goal
from ollama_panel.core.tuning.trial import Candidate, TrialKind
from tests.core.tuning.tuning_script import Machine, Tuning, facts, task

GIVES = {1: 100.0, 2: 200.0, 3: 250.0, 4: 330.0, 6: 391.0, 8: 421.0, 12: 420.0, 16: 410.0}
"""Tokens per second of a machine on which 16 slots fit."""


def whys(tuning: Tuning, *kinds: TrialKind) -> list[str]:
    """Return the reasons of the trials of these kinds."""
    return [render(trial.why) for trial in tuning.trials(*kinds)]


def typical() -> Tuning:
    """Return a tuning of that machine."""
    return Tuning(Machine(lambda it: GIVES[it.parallel]), known=facts(budget=16))


def test_the_climb_says_what_the_last_step_gave_and_why_it_goes_on() -> None:
    on = "The climb goes on to the memory limit; a flat step may be followed by a rise."
    assert whys(typical(), TrialKind.RUNG) == [
        "The first step. All steps are measured with 16 slots loaded: the largest step that fits.",
        f"1 slot gave 100 tokens/s. {on}",
        f"2 slots gave 100 % more than 1 slot. {on}",
        f"4 slots gave 65 % more than 2 slots. {on}",
        f"8 slots gave 28 % more than 4 slots. {on}",
    ]


def test_a_step_that_gave_less_is_told_as_such() -> None:
    tuning = Tuning(Machine(lambda it: 100.0 - it.parallel), known=facts(budget=4))
    assert whys(tuning, TrialKind.RUNG)[-1].startswith("2 slots gave 1 % less than 1 slot.")


def test_a_climb_after_a_failure_says_so() -> None:
    tuning = Tuning(Machine(fails=lambda trial: trial.load_parallel > 16))
    assert whys(tuning, TrialKind.RUNG)[1] == "32 slots failed; the climb goes on below."


def test_the_other_trials_say_what_they_are_for() -> None:
    tuning = typical()
    assert whys(tuning, TrialKind.NEIGHBOUR)[0] == "Beside the best so far, 8 slots."
    assert whys(tuning, TrialKind.BATCH)[0].startswith(
        "Larger batches may read prompts faster. Measured in turns with 8"
    )
    assert whys(tuning, TrialKind.DRIFT)[0].startswith("The first step again")
    assert whys(tuning, TrialKind.VERIFY) == [
        "The best with a fresh load, for twice as long: it should give 421 tokens/s again."
    ]


def test_a_second_best_that_is_verified_says_why() -> None:
    machine = Machine(lambda it: GIVES[it.parallel], fresh=lambda it: 0.9 if it.parallel == 8 else 1.0)
    tuning = Tuning(machine, known=facts(budget=16))
    assert whys(tuning, TrialKind.VERIFY)[1] == (
        "A fresh load of the best gave less than predicted. The next best should give 420 tokens/s."
    )


@pytest.mark.parametrize(
    ("busy", "said"),
    [
        (61.4, "The GPU is busy for 61 % of the time: another worker may use the rest."),
        (None, "How busy the GPU is cannot be read here: another worker tells whether it has time."),
    ],
)
def test_another_worker_is_tried_for_a_reason(busy: float | None, said: str) -> None:
    tuning = Tuning(Machine(lambda it: 100.0 - it.parallel, busy=busy))
    assert whys(tuning, TrialKind.WORKERS)[0] == said


def test_a_cache_says_what_it_costs() -> None:
    asked = task(less_quality=True)
    assert whys(Tuning(asked=asked), TrialKind.CACHE)[0] == (
        "Half the KV cache is read faster, at a slight loss of quality. Measured in turns with 32 slots, so that what "
        "disturbs both does not count."
    )
    assert whys(Tuning(asked=asked, known=facts(budget=8)), TrialKind.CACHE)[0] == (
        "The smaller KV cache made room for the climb; this one loses no quality. Measured in turns with 16 slots with "
        "KV cache q8_0, so that what disturbs both does not count."
    )


def test_where_the_need_is_unknown_and_where_only_workers_help_the_first_step_says_so() -> None:
    unknown, serial = Tuning(known=facts(budget=None)), Tuning(known=facts(serial=True))
    assert "is not known" in whys(unknown, TrialKind.RUNG)[0]
    assert whys(serial, TrialKind.RUNG)[:2] == [
        "The first step. This model answers one request at a time: only workers can be added.",
        "1 worker gave 100 tokens/s. The climb goes on to 4 workers.",
    ]


def test_settings_of_now_beside_the_climb_are_measured_to_tell_the_gain() -> None:
    tuning = Tuning(present=Candidate(workers=2, parallel=4))
    assert whys(tuning, TrialKind.RUNG)[-1] == "Your settings now, to tell the gain."


@pytest.mark.parametrize(
    ("candidate", "name"),
    [
        (Candidate(), "1 slot"),
        (Candidate(parallel=8), "8 slots"),
        (Candidate(workers=2, parallel=8), "2 workers with 8 slots each"),
        (Candidate(parallel=8, batch=1024), "8 slots with batch size 1,024"),
        (Candidate(parallel=8, cache_type="q8_0"), "8 slots with KV cache q8_0"),
        (Candidate(parallel=8, batch=1024, cache_type="q8_0"), "8 slots with batch size 1,024 and KV cache q8_0"),
    ],
)
def test_a_candidate_is_called_by_what_is_unusual_in_it(candidate: Candidate, name: str) -> None:
    assert render(candidate_name(candidate)) == name


def test_a_model_that_serves_one_at_a_time_is_called_by_its_workers() -> None:
    assert render(candidate_name(Candidate(), serial=True)) == "1 worker"
    assert render(candidate_name(Candidate(workers=3), serial=True)) == "3 workers"


def test_figures_have_as_many_digits_as_they_deserve() -> None:
    assert [rounded(value) for value in (421.4, 53.46, 5.346)] == [421, 53.5, 5.35]
    assert [percent(share) for share in (0.272, -0.0449, 0.004)] == [27, 4.5, 0.4]
    assert render(rate_text(131.2, Goal.EMBEDDING)) == "131 embeddings/s"
