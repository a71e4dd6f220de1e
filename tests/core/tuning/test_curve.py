"""What each number of slots gives: measured points, and estimates between them."""

import pytest

from ollama_panel.core.notices import notice
from ollama_panel.core.tuning import curve
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement, Outcome, Trial, TrialKind

WHY = notice("trial.running")


def measured(slots: int, tokens: float, requests: int = 50) -> Measurement:
    """Return what a machine gives whose step takes in proportion with the slots; of 1 GB and 100 MB for each slot."""
    return Measurement(
        Estimate(tokens, 2.0),
        Estimate(tokens / 100),
        token_p95_s=slots / tokens,
        memory_bytes=1000 + 100 * slots,
        requests=requests,
    )


def outcome(slots: int, measurement: Measurement | None, against: Measurement | None = None) -> Outcome:
    """Return the outcome of a trial, in turns with a larger batch size where `against` is given."""
    other = Candidate(parallel=slots, batch=1024) if against else None
    trial = Trial(TrialKind.RUNG, Candidate(parallel=slots), slots, WHY, against=other)
    return Outcome(trial, measurement, None, against)


def test_a_point_is_the_longest_measurement_of_its_candidate() -> None:
    first, longer = measured(4, 200.0), measured(4, 204.0, requests=100)
    found = curve.points([outcome(8, measured(8, 300.0)), outcome(4, first), outcome(4, longer), outcome(2, None)])
    assert [(point.candidate.parallel, point.measurement.tokens_per_s.mean) for point in found] == [
        (4, 204.0),
        (8, 300.0),
    ]


def test_the_repeated_first_step_is_no_point() -> None:
    """It tells whether the machine has changed, and may be the longer one of the two."""
    again = Trial(TrialKind.DRIFT, Candidate(parallel=4), 4, WHY)
    found = curve.points([outcome(4, measured(4, 200.0)), Outcome(again, measured(4, 150.0, requests=100))])
    assert [point.measurement.tokens_per_s.mean for point in found] == [200.0]


def test_both_sides_of_a_pair_are_points() -> None:
    found = curve.points([outcome(4, measured(4, 200.0), measured(4, 210.0))])
    assert [point.candidate for point in found] == [Candidate(parallel=4), Candidate(parallel=4, batch=1024)]


def test_between_measured_steps_it_is_estimated() -> None:
    known = curve.points([outcome(slots, measured(slots, slots / (0.010 + 0.002 * slots))) for slots in (4, 8)])
    assert curve.at(known, Candidate(parallel=4)) == known[0]
    found = curve.at(known, Candidate(parallel=6))
    assert found is not None
    assert (found.estimated, found.between) == (True, (4, 8))
    assert found.measurement.tokens_per_s == Estimate(pytest.approx(6 / 0.022), None)
    assert found.measurement.token_p95_s == pytest.approx(0.022)
    assert found.measurement.memory_bytes == 1600
    assert found.measurement.first_token_p95_s is None


def test_the_memory_of_a_larger_load_is_not_that_of_the_step() -> None:
    trial = Trial(TrialKind.RUNG, Candidate(parallel=4), 16, WHY)
    (point,) = curve.points([Outcome(trial, measured(4, 200.0))])
    assert point.measurement.memory_bytes is None
    assert point.measurement.tokens_per_s.mean == 200.0


def test_nothing_is_said_beyond_the_measured_steps() -> None:
    known = curve.points([outcome(slots, measured(slots, 100.0)) for slots in (4, 8)])
    assert curve.at(known, Candidate(parallel=12)) is None
    assert curve.at(known, Candidate(parallel=6, batch=1024)) is None
    assert curve.at((), Candidate()) is None
