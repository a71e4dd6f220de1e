"""What a pool would give with other settings, from what tunings have measured."""

import msgspec
import pytest

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.tuning.record import Provenance, TuningState
from ollama_panel.core.tuning.trial import Candidate, TrialKind
from ollama_panel.core.tuning.whatif import Prediction, curve_of, newest, predicted
from tests.fakes.tunings import CURVE, HERE, POOL, measured, outcome, rates, tuning

STALE = notice("validity.digest", model="llama3.1:8b")


def holds(_: Provenance) -> Notice | None:
    return None


def at(*, parallel: int = 2, workers: int = 1, **changes: object) -> PoolSettings:
    """Return the pool with its sliders at a place."""
    return msgspec.structs.replace(POOL, parallel=parallel, workers=workers, **changes)


def prediction(pool: PoolSettings, *tunings: object) -> Prediction:
    """Return the prediction for a pool, from one tuning unless others are given."""
    found = predicted(newest(tunings or (tuning(),)), pool, holds)
    assert found is not None
    return found


@pytest.mark.parametrize(("slots", "rate"), CURVE.items())
def test_at_a_step_that_was_measured_it_is_what_was_measured(slots: int, rate: float) -> None:
    found = prediction(at(parallel=slots))
    assert found.point is not None
    assert found.point.measurement == measured(rate, slots)
    assert not found.point.estimated


def test_between_two_steps_it_is_estimated_from_the_time_of_a_step() -> None:
    found = prediction(at(parallel=6))
    assert found.point is not None
    assert found.point.between == (4, 8)
    assert not found.of_workers
    step_s = (4 / 262 + 8 / 421) / 2
    assert found.point.measurement.token_p50_s == pytest.approx(step_s)
    assert found.point.measurement.tokens_per_s.mean == pytest.approx(6 / step_s)


def test_an_estimate_is_right_where_the_time_of_a_step_grows_linearly() -> None:
    """The law of the scheduling study, section 8, in whole milliseconds."""

    def rate(slots: int) -> float:
        return slots / (0.035 + 0.0005 * slots)

    found = prediction(at(parallel=12), tuning(rates({slots: rate(slots) for slots in (1, 2, 4, 8, 16)})))
    assert found.point is not None
    assert found.point.measurement.tokens_per_s.mean == pytest.approx(rate(12))


def test_beyond_what_was_measured_nothing_is_said() -> None:
    assert prediction(at(parallel=32)).point is None
    assert prediction(at(workers=2)).point is None
    assert prediction(at(workers=0)).point is None


def test_between_numbers_of_workers_it_is_estimated_too() -> None:
    """As of embedding models, which run one request at once."""
    found = prediction(
        at(workers=3, parallel=1),
        tuning(
            tuple(outcome(Candidate(workers=workers), rate) for workers, rate in {1: 40.0, 2: 76.0, 4: 128.0}.items())
        ),
    )
    assert found.point is not None
    assert (found.point.candidate, found.point.between, found.of_workers) == (Candidate(workers=3), (2, 4), True)
    assert found.point.measurement.tokens_per_s.mean == pytest.approx(3 / ((2 / 76 + 4 / 128) / 2))


def test_no_estimate_goes_across_another_batch_or_another_kind_of_cache() -> None:
    outcomes = (*rates(CURVE), outcome(Candidate(parallel=8, batch=1024), 450.0, TrialKind.BATCH))
    record = tuning(outcomes)
    larger = prediction(at(parallel=8, batch=1024), record)
    assert larger.point is not None
    assert larger.point.measurement.tokens_per_s.mean == 450.0
    assert prediction(at(parallel=4, batch=1024), record).point is None
    assert prediction(at(parallel=4, environment={"OLLAMA_KV_CACHE_TYPE": "q8_0"}), record).point is None


@pytest.mark.parametrize(
    "record",
    [
        tuning(state=TuningState.MEASURING, ended=None),
        tuning(()),
        tuning((msgspec.structs.replace(outcome(Candidate(), 80.0), measurement=None, problem=STALE),)),
    ],
)
def test_a_tuning_under_way_or_without_a_measurement_has_no_curve(record: object) -> None:
    assert curve_of(record) is None


def test_a_cancelled_tuning_tells_what_it_has_measured() -> None:
    curve = curve_of(tuning(rates({1: 80.0, 2: 150.0}), state=TuningState.CANCELLED))
    assert curve is not None
    assert [one.candidate.parallel for one in curve.points] == [1, 2]


def test_the_newest_tuning_of_the_models_of_a_pool_counts() -> None:
    old = tuning(rates({2: 100.0}), tuning_id="t-1", ended=1000.0)
    new = tuning(rates({2: 120.0}), tuning_id="t-2", ended=2000.0)
    other = tuning(rates({2: 30.0}), tuning_id="t-3", ended=3000.0, model=ModelName("qwen3:32b"))
    found = prediction(at(), old, other, new)
    assert found.curve.tuning == "t-2"
    assert [curve.tuning for curve in newest((old, other, new))] == ["t-3", "t-2"]
    assert predicted(newest((other,)), POOL, holds) is None


def test_a_pool_for_any_model_is_predicted_from_its_own_tunings() -> None:
    elsewhere = tuning(rates({2: 30.0}), tuning_id="t-3", ended=3000.0, pool=PoolSettings(PoolName("batch")))
    found = prediction(at(models=()), tuning(ended=1000.0), elsewhere)
    assert found.curve.tuning == "t-1"


def test_a_tuning_that_holds_counts_before_a_newer_one_that_does_not() -> None:
    here = tuning(tuning_id="t-1", ended=1000.0)
    elsewhere = tuning(tuning_id="t-2", ended=2000.0, provenance=msgspec.structs.replace(HERE, ollama="0.31.0"))

    def problem(then: Provenance) -> Notice | None:
        return STALE if then.ollama == "0.31.0" else None

    curves = newest((here, elsewhere))
    found = predicted(curves, POOL, problem)
    assert found is not None
    assert (found.curve.tuning, found.problem) == ("t-1", None)
    stale = predicted(curves[:1], POOL, problem)
    assert stale is not None
    assert (stale.curve.tuning, stale.problem) == ("t-2", STALE)
