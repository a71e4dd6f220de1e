"""What a tuning still plans, and what it leaves out with the reason."""

from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.tuning.planner import Planner
from ollama_panel.core.tuning.task import Goal
from ollama_panel.core.tuning.trial import Candidate
from tests.core.tuning.tuning_script import GIB, Machine, Tuning, bounds, facts, task

GIVES = {1: 118.0, 2: 205.0, 3: 280.0, 4: 331.0, 6: 391.0, 8: 421.0, 12: 428.0, 16: 430.0}


def lines(tuning: Tuning, trials: int) -> list[str]:
    """Return the outlook of a tuning after so many trials."""
    found = tuning.planner.outlook(tuning.outcomes[:trials])
    return [f"{render(it.what)} - {render(it.skipped)}" if it.skipped else render(it.what) for it in found]


def typical() -> Tuning:
    """Return a tuning on a machine on which 20 slots fit."""
    return Tuning(Machine(lambda it: GIVES[it.parallel]), task(Goal.BALANCED), known=facts(budget=20))


def test_before_the_first_trial_the_whole_plan_is_told() -> None:
    assert lines(typical(), 0) == [
        "1 slot",
        "2 slots",
        "4 slots",
        "8 slots",
        "16 slots",
        "Beside the best",
        "Batch size 2,048, in turns with 512",
        "First step again",
        "Best again, fresh load, longer",
        "32 slots - 32 slots would need 32.0 GiB; models may use 20.0 GiB.",
        "KV cache q8_0, in turns with f16 - It loses some quality: allow less quality to have it tried.",
    ]


def test_during_the_climb_the_steps_beside_the_best_so_far_are_named() -> None:
    assert lines(typical(), 4)[:3] == [
        "16 slots",
        "6 and 12 slots, beside the best",
        "Batch size 2,048, in turns with 512",
    ]


def test_another_worker_is_left_out_where_the_gpu_is_busy() -> None:
    assert lines(typical(), 5)[-1] == "2 workers - The GPU is busy for 100 % of the time."


def test_another_worker_that_does_not_fit_is_left_out() -> None:
    tuning = Tuning(Machine(busy=50), known=facts(budget=1))
    assert lines(tuning, 1)[-1].startswith("2 workers - 2 workers with 1 slot each would need")


def test_steps_beyond_a_broken_bound_are_left_out() -> None:
    tuning = Tuning(Machine(lambda it: 100.0), task(Goal.LATENCY, bounds=bounds(token_s=0.05)))
    assert "32 slots - More slots break the bound further." in lines(tuning, 5)


def test_a_batch_size_that_cannot_be_set_is_left_out() -> None:
    tuning = Tuning(known=facts(batch=False))
    assert "Another batch size - The panel cannot set it for this model." in lines(tuning, 0)


def test_with_a_model_that_serves_one_at_a_time_workers_are_planned() -> None:
    tuning = Tuning(known=facts(budget=2, serial=True))
    assert lines(tuning, 0)[:2] == ["1 worker", "2 workers"]
    assert "3 workers - 3 workers would need 3.0 GiB; models may use 2.0 GiB." in lines(tuning, 0)


def test_at_the_end_nothing_is_planned() -> None:
    tuning = typical()
    assert not [it for it in tuning.planner.outlook(tuning.outcomes) if it.skipped is None]


def test_the_slots_that_fit_are_told_exactly() -> None:
    for budget, slots in ((20, 20), (0, 0), (99, 32), (None, None)):
        assert Planner(task(), Candidate(), facts(budget)).slots_that_fit == slots


def test_what_lies_beyond_the_memory_is_the_next_rung() -> None:
    beyond = Planner(task(), Candidate(), facts(20)).beyond
    assert beyond is not None
    assert beyond.values["needed"] == 32 * GIB
    assert Planner(task(), Candidate(), facts(99)).beyond is None
    assert Planner(task(), Candidate(), facts(None)).beyond is None


def test_the_number_of_trials_is_told_beforehand_and_comes_true() -> None:
    tuning = typical()
    assert abs(tuning.planner.expected([]) - len(tuning.outcomes)) <= 3
    assert tuning.planner.expected(tuning.outcomes) == len(tuning.outcomes)


def test_with_a_smaller_cache_allowed_more_slots_fit() -> None:
    planner = Planner(task(less_quality=True), Candidate(), facts(8))
    assert planner.slots_that_fit == 16
    assert planner.beyond is not None
    assert planner.beyond.values["needed"] == 16 * GIB


def test_what_the_time_does_not_suffice_for_is_left_out() -> None:
    """Three steps of a minute each were made, and two minutes are left: they are for the fresh load."""
    tuning = Tuning()
    planner = Planner(task(most_minutes=5.0), Candidate(), facts())
    found = planner.outlook(tuning.outcomes[:3], 180.0)
    late = [render(it.what) for it in found if it.skipped == notice("tuning_plan.no_time")]
    assert late[:3] == ["8 slots", "16 slots", "32 slots"]
    assert [render(it.what) for it in found if it.skipped is None] == ["Best again, fresh load, longer"]
    assert planner.expected(tuning.outcomes[:3], 180.0) == 4
