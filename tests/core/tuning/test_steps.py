"""The one line of a tuning's chart: what is on it, what is planned there, and what is marked."""

import msgspec

from ollama_panel.core.tuning.findings import rate_of
from ollama_panel.core.tuning.record import Outlook
from ollama_panel.core.tuning.steps import Axis, Steps, steps_of
from ollama_panel.core.tuning.task import Goal
from ollama_panel.core.tuning.trial import Candidate, Outcome, Trial, TrialKind
from ollama_panel.core.tuning.verdict import VerdictKind
from tests.core.tuning.records import DONE, GIVES, RUNNING, WHY, measured


def places(steps: Steps) -> list[int]:
    return [step.place for step in steps.measured]


def test_the_step_under_way_is_on_the_line_and_marked() -> None:
    steps = steps_of(RUNNING)
    assert places(steps) == [1, 2, 4, 8, 16]
    assert [step.place for step in steps.measured if step.running] == [16]
    assert (steps.axis, steps.present, steps.best, steps.fits) == (Axis.SLOTS, 2, None, 16)


def test_what_is_planned_is_told_unless_it_is_on_another_line_or_left_out() -> None:
    assert steps_of(RUNNING).planned == (6, 12)


def test_a_step_that_failed_is_not_on_the_line() -> None:
    failed = Outcome(Trial(TrialKind.RUNG, Candidate(1, 16), 16, WHY), problem=WHY)
    record = msgspec.structs.replace(RUNNING, outcomes=(*RUNNING.outcomes, failed), partial=failed)
    assert places(steps_of(record)) == [1, 2, 4, 8]


def test_another_batch_size_is_on_no_line_with_the_climb() -> None:
    batch = Outcome(Trial(TrialKind.BATCH, Candidate(1, 8, 1024), 8, WHY), measured(500.0, 1.0, 20.0))
    steps = steps_of(msgspec.structs.replace(DONE, outcomes=(*DONE.outcomes, batch)))
    (eight,) = [step for step in steps.measured if step.place == 8]
    assert eight.measurement.tokens_per_s.mean == GIVES[8][0]


def test_the_best_is_marked_unless_the_differences_are_within_the_intervals() -> None:
    assert steps_of(DONE).best == 8
    assert DONE.verdict is not None
    uncertain = msgspec.structs.replace(DONE.verdict, kind=VerdictKind.UNCERTAIN)
    assert steps_of(msgspec.structs.replace(DONE, verdict=uncertain)).best is None


def test_enough_is_97_percent_of_the_most_that_was_measured_to_its_end() -> None:
    assert steps_of(DONE).enough == 0.97 * 430
    assert steps_of(RUNNING).enough == 0.97 * 421
    assert Steps().enough is None


def test_only_the_goal_balanced_is_content_with_enough() -> None:
    assert steps_of(DONE).content
    greedy = msgspec.structs.replace(DONE, task=msgspec.structs.replace(DONE.task, goal=Goal.THROUGHPUT))
    assert not steps_of(greedy).content


def test_a_model_that_answers_one_request_at_a_time_has_a_line_of_workers() -> None:
    outcomes = tuple(
        Outcome(Trial(TrialKind.WORKERS, Candidate(workers), 1, WHY), measured(100.0 * workers, 1.0, 8.0))
        for workers in (1, 2, 3)
    )
    outlook = (Outlook(WHY, (Candidate(4),)),)
    record = msgspec.structs.replace(RUNNING, outcomes=outcomes, current=None, partial=None, outlook=outlook)
    steps = steps_of(record)
    assert (steps.axis, places(steps), steps.planned, steps.present) == (Axis.WORKERS, [1, 2, 3], (4,), 1)
    assert steps.fits is None


def test_without_a_trial_there_is_the_present_alone() -> None:
    record = msgspec.structs.replace(RUNNING, outcomes=(), current=None, partial=None, outlook=())
    assert steps_of(record) == Steps(present=2, fits=16, beyond=32, content=True)


def test_of_embeddings_the_texts_are_counted_and_the_requests_timed() -> None:
    task = msgspec.structs.replace(DONE.task, goal=Goal.EMBEDDING)
    steps = steps_of(msgspec.structs.replace(DONE, task=task))
    first = steps.measured[0]
    assert steps.embeds
    assert first.rate == rate_of(Goal.EMBEDDING, first.measurement)
    assert first.request_s == 1 / first.measurement.requests_per_s.mean
