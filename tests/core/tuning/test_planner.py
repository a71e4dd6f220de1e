"""Which trials a tuning makes, and what it chooses."""

import msgspec
import pytest
from typing_extensions import override

from ollama_panel.core.notices import notice
from ollama_panel.core.tuning.planner import Planner
from ollama_panel.core.tuning.space import PlannerFacts
from ollama_panel.core.tuning.task import Goal
from ollama_panel.core.tuning.trial import Candidate, Outcome, Trial, TrialKind
from tests.core.tuning.tuning_script import GIB, Machine, Tuning, bounds, facts, rate, task

RUNG, NEIGHBOUR, BATCH, CACHE = TrialKind.RUNG, TrialKind.NEIGHBOUR, TrialKind.BATCH, TrialKind.CACHE
WORKERS, DRIFT, VERIFY = TrialKind.WORKERS, TrialKind.DRIFT, TrialKind.VERIFY


def peak(slots: int) -> Machine:
    """Return a machine whose best are so many slots: each more or less costs 5 %."""
    return Machine(lambda it: 1000 - 50 * abs(it.parallel - slots))


# The climb


def test_the_climb_takes_the_rungs_with_one_load_of_the_most() -> None:
    tuning = Tuning()
    assert tuning.slots(RUNG) == [1, 2, 4, 8, 16, 32]
    assert {trial.load_parallel for trial in tuning.trials(RUNG)} == {32}


def test_the_climb_goes_to_the_most_that_fit_and_to_the_slots_of_now() -> None:
    tuning = Tuning(present=Candidate(parallel=3), known=facts(budget=13))
    assert tuning.slots(RUNG) == [1, 2, 3, 4, 8, 12]
    assert {trial.load_parallel for trial in tuning.trials(RUNG)} == {12}


def test_a_flat_step_does_not_end_the_climb() -> None:
    assert Tuning(Machine(lambda it: 900.0 if it.parallel == 32 else 100.0)).verdict.best.parallel == 32


@pytest.mark.parametrize(("bound", "rungs"), [(0.0149, [1, 2, 4]), (0.0131, [1, 2, 4]), (0.0199, [1, 2, 4, 8])])
def test_a_bound_ends_the_climb_when_it_is_broken_by_more_than_a_tenth(bound: float, rungs: list[int]) -> None:
    """A token takes 10 ms with 1 slot, 12.5 ms with 2, 17.5 ms with 4 and 27.5 ms with 8."""
    machine = Machine(lambda it: it.parallel / (0.0075 + 0.0025 * it.parallel))
    assert Tuning(machine, task(Goal.LATENCY, bounds=bounds(token_s=bound))).slots(RUNG) == rungs


def test_a_bound_that_is_hardly_broken_does_not_end_the_climb() -> None:
    machine = Machine(lambda it: it.parallel / (0.0105 if it.parallel == 4 else 0.009))
    tuning = Tuning(machine, task(Goal.LATENCY, bounds=bounds(token_s=0.01)))
    assert tuning.slots(RUNG) == [1, 2, 4, 8, 16, 32]
    assert tuning.verdict.best.parallel == 32


def test_where_the_need_is_unknown_each_step_is_loaded_by_itself() -> None:
    for known in (facts(budget=None), PlannerFacts(lambda _: None, 32 * GIB)):
        trials = Tuning(known=known).trials(RUNG)
        assert [trial.load_parallel for trial in trials] == [1, 2, 4, 8, 16, 32]


@pytest.mark.parametrize("known", [facts(serial=True), facts(embedding=True)])
def test_a_model_that_serves_one_request_at_a_time_gets_more_workers(known: PlannerFacts) -> None:
    tuning = Tuning(Machine(lambda it: min(it.workers, 3) * 100.0), present=Candidate(parallel=4), known=known)
    assert [trial.candidate for trial in tuning.trials(RUNG)] == [Candidate(workers, 1) for workers in (1, 2, 3, 4)]
    assert tuning.verdict.best == Candidate(3, 1)
    assert not tuning.trials(NEIGHBOUR, WORKERS)


def test_the_settings_of_now_are_measured_if_they_are_no_rung() -> None:
    present = Candidate(workers=2, parallel=4)
    tuning = Tuning(present=present)
    assert present in [trial.candidate for trial in tuning.trials(RUNG)]
    assert tuning.verdict.before is not None


def test_settings_of_now_that_do_not_fit_are_not_measured() -> None:
    tuning = Tuning(present=Candidate(workers=4, parallel=16))
    assert Candidate(workers=4, parallel=16) not in [trial.candidate for trial in tuning.trials(RUNG)]
    assert tuning.verdict.before is None


# Beside the best


def test_the_steps_beside_the_best_are_tried() -> None:
    assert Tuning(peak(8)).slots(NEIGHBOUR) == [12, 6]
    assert Tuning(peak(6)).verdict.best.parallel == 6


def test_neighbours_use_the_load_of_the_climb() -> None:
    assert {trial.load_parallel for trial in Tuning(peak(12)).trials(NEIGHBOUR)} == {32}


# Pairs


def test_a_batch_size_is_measured_in_turns_with_the_best() -> None:
    tuning = Tuning(peak(8))
    pairs = tuning.trials(BATCH)
    assert [trial.candidate.batch for trial in pairs] == [2048, 1024]
    assert {trial.against for trial in pairs} == {Candidate(parallel=8)}
    assert tuning.verdict.best.batch == 0


@pytest.mark.parametrize(("gain", "batch"), [(1.03, 2048), (1.01, 0)])
def test_a_batch_size_is_kept_if_it_gives_two_percent_more(gain: float, batch: int) -> None:
    machine = Machine(lambda it: rate(it) * (gain if it.batch == 2048 else 1.0))
    assert Tuning(machine).verdict.best == Candidate(parallel=32, batch=batch)


def test_a_smaller_batch_size_is_not_tried_once_the_larger_one_has_helped() -> None:
    machine = Machine(lambda it: rate(it) * (1.1 if it.batch else 1.0))
    assert [trial.candidate.batch for trial in Tuning(machine).trials(BATCH)] == [2048]


def test_a_batch_size_is_left_alone_where_the_panel_cannot_set_it() -> None:
    assert not Tuning(known=facts(batch=False)).trials(BATCH)


def test_the_cache_is_left_alone_unless_less_quality_is_allowed() -> None:
    assert not Tuning().trials(CACHE)


@pytest.mark.parametrize(("gain", "cache_type"), [(1.05, "q8_0"), (1.01, "f16")])
def test_a_smaller_cache_is_kept_if_it_gives_two_percent_more(gain: float, cache_type: str) -> None:
    machine = Machine(lambda it: rate(it) * (gain if it.cache_type == "q8_0" else 1.0))
    tuning = Tuning(machine, task(less_quality=True))
    assert [trial.against for trial in tuning.trials(CACHE)] == [Candidate(parallel=32)]
    assert tuning.verdict.best.cache_type == cache_type


def test_the_climb_uses_the_smaller_cache_if_more_slots_fit_with_it() -> None:
    tuning = Tuning(asked=task(less_quality=True), known=facts(budget=8))
    rungs = [trial.candidate for trial in tuning.trials(RUNG)]
    assert [it.parallel for it in rungs if it.cache_type == "q8_0"] == [1, 2, 4, 8, 16]
    assert tuning.trials(CACHE)[0].candidate == Candidate(parallel=8)
    assert tuning.verdict.best == Candidate(parallel=16, cache_type="q8_0")


def test_a_smaller_cache_that_gains_little_gives_way_to_that_of_full_quality() -> None:
    machine = Machine(lambda it: 500.0)
    tuning = Tuning(machine, task(less_quality=True), known=facts(budget=8))
    assert tuning.verdict.best.cache_type == "f16"


@pytest.mark.parametrize(("busy", "tried"), [(95.0, False), (60.0, True), (None, True)])
def test_another_worker_is_tried_where_the_gpu_is_not_busy(busy: float | None, tried: bool) -> None:
    machine = Machine(lambda it: 1000.0 - it.parallel, busy=busy)
    assert bool(Tuning(machine, present=Candidate(parallel=2)).trials(WORKERS)) == tried


def test_workers_are_added_as_long_as_they_help() -> None:
    machine = Machine(lambda it: min(it.workers, 2) * 100.0 + (it.parallel == 1), busy=50)
    tuning = Tuning(machine)
    assert [trial.candidate.workers for trial in tuning.trials(WORKERS)] == [2, 3]
    assert tuning.verdict.best.workers == 2


def test_within_bounds_the_workers_share_the_slots() -> None:
    machine = Machine(lambda it: 100.0 * it.parallel * it.workers + 30 * it.workers, busy=50)
    tuning = Tuning(machine, task(Goal.LATENCY, bounds=bounds(token_s=1.0)))
    assert tuning.trials(WORKERS)[0].candidate == Candidate(workers=2, parallel=16)


# The choice


def test_balanced_is_the_fewest_slots_with_nearly_the_most() -> None:
    gives = {1: 100.0, 2: 200.0, 3: 280.0, 4: 330.0, 6: 391.0, 8: 421.0, 12: 428.0, 16: 430.0}
    machine = Machine(lambda it: gives[it.parallel])
    for goal, slots in ((Goal.BALANCED, 8), (Goal.THROUGHPUT, 16)):
        assert Tuning(machine, task(goal), known=facts(budget=16)).verdict.best.parallel == slots


def test_the_goal_of_embeddings_counts_requests() -> None:
    tuning = Tuning(asked=task(Goal.EMBEDDING), known=facts(budget=2, embedding=True))
    assert tuning.verdict.best == Candidate(workers=2)


def test_among_those_within_bounds_the_most_is_chosen() -> None:
    machine = Machine(lambda it: it.parallel / (0.0075 + 0.0025 * it.parallel))
    verdict = Tuning(machine, task(Goal.LATENCY, bounds=bounds(first_token_s=0.1))).verdict
    assert verdict.best.parallel == 6  # a token takes 22.5 ms, the first one 90 ms


# The end


def test_the_first_step_is_repeated_before_the_best_is_loaded_afresh() -> None:
    tuning = Tuning()
    drift, verify = (outcome.trial for outcome in tuning.outcomes[-2:])
    assert (drift.kind, drift.candidate, drift.load_parallel) == (DRIFT, Candidate(), 32)
    assert (verify.kind, verify.candidate, verify.fresh, verify.longer) == (VERIFY, tuning.verdict.best, True, True)
    assert tuning.verdict.verified


def test_the_next_best_is_taken_if_a_fresh_load_gives_less_than_predicted() -> None:
    machine = Machine(lambda it: 1000.0 - abs(it.parallel - 8), fresh=lambda it: 0.9 if it.parallel == 8 else 1.0)
    tuning = Tuning(machine)
    first, second = tuning.trials(VERIFY)
    assert first.candidate.parallel == 8
    assert tuning.verdict.best == second.candidate != first.candidate
    assert tuning.verdict.verified


def test_a_best_that_disappoints_and_still_is_the_best_is_no_verified_one() -> None:
    tuning = Tuning(Machine(fresh=lambda _: 0.9))
    assert len(tuning.trials(VERIFY)) == 1
    assert tuning.verdict.best.parallel == 32
    assert not tuning.verdict.verified


def test_the_settings_of_now_need_no_fresh_load() -> None:
    assert not Tuning(peak(8), present=Candidate(parallel=8)).trials(VERIFY)


# The budget


@pytest.mark.parametrize("most", [1, 2, 4, 8, 16])
def test_no_more_trials_are_made_than_asked_for(most: int) -> None:
    machine = Machine(lambda it: rate(it) * (1.1 if it.batch else 1.0), busy=10)
    tuning = Tuning(machine, task(most_trials=most))
    assert len(tuning.outcomes) <= most
    assert tuning.verdict.after is not None


@pytest.mark.parametrize(("minutes", "kind"), [(6.0, NEIGHBOUR), (6.5, DRIFT), (7.0, VERIFY), (8.0, None)])
def test_time_is_kept_for_the_drift_and_the_fresh_load(minutes: float, kind: TrialKind | None) -> None:
    """Six waves were made: in 10 minutes there is time for 4, 3.2, 2.6 and 1.5 more."""
    step = Planner(task(most_minutes=10.0), Candidate(), facts()).next(Tuning().outcomes[:6], minutes * 60)
    assert step.kind is kind if isinstance(step, Trial) else kind is None


@pytest.mark.parametrize(("made", "kind"), [(1, RUNG), (2, RUNG), (3, VERIFY)])
def test_a_short_time_is_for_other_steps_rather_than_for_the_first_one_again(made: int, kind: TrialKind) -> None:
    """Five waves fit into 5 minutes."""
    step = Planner(task(most_minutes=5.0), Candidate(), facts()).next(Tuning().outcomes[:made], made * 60)
    assert isinstance(step, Trial)
    assert step.kind is kind


def test_a_pair_for_which_time_is_lacking_is_left_out() -> None:
    """Four waves for the pair and three to follow: they do not suffice after seven of 13."""
    planner, tuning = Planner(task(most_minutes=13.0), Candidate(), facts()), Tuning()
    seven = tuning.outcomes[:7]
    assert [it.trial.kind for it in seven] == [RUNG] * 6 + [NEIGHBOUR]
    kinds = [planner.next(seven, minutes * 60) for minutes in (6.5, 7)]
    assert [step.kind for step in kinds if isinstance(step, Trial)] == [BATCH, DRIFT]


# Failures


def test_a_load_that_fails_is_halved() -> None:
    tuning = Tuning(Machine(fails=lambda trial: trial.load_parallel > 12))
    assert [trial.load_parallel for trial in tuning.trials(RUNG)][:3] == [32, 16, 8]
    assert tuning.verdict.best.parallel == 12  # beside the best of the climb


def test_a_step_that_fails_under_a_load_that_works_ends_the_climb_there() -> None:
    tuning = Tuning(Machine(fails=lambda trial: trial.candidate.parallel >= 16))
    assert tuning.slots(RUNG) == [1, 2, 4, 8, 16]
    assert tuning.verdict.best.parallel == 12


def test_a_pair_that_fails_leaves_the_best_as_it_is() -> None:
    tuning = Tuning(Machine(fails=lambda trial: trial.kind is BATCH))
    assert [trial.candidate.batch for trial in tuning.trials(BATCH)] == [2048, 1024]
    assert tuning.verdict.best == Candidate(parallel=32)


def test_the_next_best_is_taken_if_the_fresh_load_fails() -> None:
    tuning = Tuning(Machine(fails=lambda trial: trial.kind is VERIFY and trial.candidate.parallel == 32))
    assert tuning.slots(VERIFY) == [32, 24]
    assert tuning.verdict.best.parallel == 24


def test_a_smaller_cache_that_does_not_work_leaves_the_other_one() -> None:
    machine = Machine(fails=lambda trial: trial.candidate.cache_type == "q8_0")
    assert Tuning(machine, task(less_quality=True), known=facts(budget=8)).verdict.best == Candidate(parallel=8)


def test_nothing_is_advised_if_nothing_can_be_measured() -> None:
    tuning = Tuning(Machine(fails=lambda _: True))
    assert tuning.verdict.after is None
    assert tuning.verdict.best == Candidate()
    assert len(tuning.outcomes) <= 6


def test_nothing_is_tried_if_nothing_fits() -> None:
    tuning = Tuning(known=facts(budget=0))
    assert tuning.outcomes == []
    assert tuning.verdict.after is None


# How the model was loaded


def spilled(trial: Trial) -> Outcome:
    """Return that the model did not fit for a trial."""
    settings = notice("tuning_report.slots", slots=trial.load_parallel)
    problem = notice("tuning.spilled_layers", layers=14, whole=33, settings=settings)
    return Outcome(trial, problem=problem, loading=True)


class SpillingMachine(Machine):
    """A machine whose memory holds eight slots, whatever the forecast says."""

    @override
    def outcome(self, trial: Trial) -> Outcome:
        fits = trial.load_parallel <= 8
        return super().outcome(trial) if fits or trial.may_spill else spilled(trial)


def test_after_a_spill_the_climb_goes_on_with_fewer_slots_loaded() -> None:
    tuning = Tuning(SpillingMachine())
    assert [trial.load_parallel for trial in tuning.trials(RUNG)] == [32, 16, 8, 8, 8, 8]
    assert tuning.verdict.best.parallel == 8


def test_the_settings_of_now_are_measured_even_if_they_spill() -> None:
    tuning = Tuning(SpillingMachine(), present=Candidate(parallel=12))
    now = [trial for trial in tuning.trials(RUNG) if trial.candidate.parallel == 12]
    assert [(trial.load_parallel, trial.may_spill) for trial in now] == [(12, True)]
    assert tuning.verdict.before is not None


def test_the_smallest_load_is_measured_even_if_it_spills() -> None:
    trials = Tuning(Machine(fails=lambda trial: not trial.may_spill)).trials(RUNG)
    assert [(trial.candidate.parallel, trial.load_parallel) for trial in trials if trial.may_spill] == [(1, 1)]


def test_a_model_that_turns_out_to_answer_one_request_at_a_time_is_tried_with_more_workers() -> None:
    class OneAtATime(Machine):
        @override
        def outcome(self, trial: Trial) -> Outcome:
            found = super().outcome(trial)
            return msgspec.structs.replace(found, serial=trial.load_parallel > 1)

    tuning = Tuning(OneAtATime(), present=Candidate(parallel=4))
    assert tuning.slots(RUNG) == [1, 1, 1, 1]
    assert [trial.candidate.workers for trial in tuning.trials(RUNG)] == [1, 2, 3, 4]
    assert tuning.verdict.best == Candidate(workers=4)
