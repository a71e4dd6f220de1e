"""The curve of a tuning."""

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.scheduling.curve import Curve, CurvePoint
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.tuning.curve import Point
from ollama_panel.core.tuning.record import Provenance
from ollama_panel.core.tuning.task import WorkloadKind
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement
from ollama_panel.core.tuning.whatif import PoolCurve

CHAT, LLAMA = PoolName("chat"), ModelName("llama3.1:8b")
CLIFF = Curve(
    CHAT,
    LLAMA,
    tuple(CurvePoint(at, rate, 1e6 * at / rate) for at, rate in ((1, 337.0), (8, 1336.0), (16, 706.0), (32, 1400.0))),
    prompt_tokens=400.0,
    answer_tokens=100.0,
)
"""A kernel with a cliff behind its tile (llama.cpp #25453)."""


def measured(*points: tuple[Candidate, float]) -> PoolCurve:
    found = tuple(
        Point(
            one,
            Measurement(
                Estimate(rate), Estimate(1.0), token_p50_s=0.02 * one.workers, prompt_tokens=400.0, answer_tokens=100.0
            ),
        )
        for one, rate in points
    )
    return PoolCurve("t1", CHAT, LLAMA, WorkloadKind.CHAT, Provenance(0.0), 0.0, found)


def test_it_has_the_steps_of_one_worker_with_the_settings_in_force() -> None:
    curve = measured((Candidate(2, 2), 80.0), (Candidate(1, 1), 50.0), (Candidate(1, 4, batch=2048), 99.0))
    points = CurvePoint(1, 50.0, 20_000), CurvePoint(2, 40.0, 40_000, alike=False)
    assert Curve.of(Settings().pools[0], curve) == Curve(CHAT, LLAMA, points, 400.0, 100.0)


def test_the_time_per_token_is_that_of_as_many_workers_as_there_are_because_more_share_the_card() -> None:
    curve = Curve.of(Settings().pools[0], measured((Candidate(1, 4), 80.0), (Candidate(2, 4), 90.0)))
    assert curve is not None
    assert [point.alike for point in curve.points] == [True]
    other = Curve.of(Settings().pools[0], measured((Candidate(2, 4), 90.0)))
    assert other is not None
    assert other.token_us(4) is None


def test_of_other_settings_nothing_is_known() -> None:
    assert Curve.of(Settings().pools[0], measured((Candidate(1, 4, batch=2048), 99.0))) is None


def test_between_two_steps_the_time_of_a_step_is_on_a_line() -> None:
    assert [round(CLIFF.rate(at)) for at in (1, 12, 32)] == [337, 838, 1400]
    at_8, at_12, at_16 = (CLIFF.token_us(at) or 0.0 for at in (8, 12, 16))
    assert round(at_12) == round((at_8 + at_16) / 2)


def test_beyond_the_last_step_nothing_is_promised() -> None:
    assert (CLIFF.rate(64), CLIFF.enough(64)) == (1400, 64)


def test_a_limit_between_two_tiles_snaps_to_the_one_that_is_faster() -> None:
    assert [CLIFF.snapped(limit) for limit in (1, 4, 8, 12, 16, 32)] == [1, 4, 8, 8, 8, 32]


def test_the_fewest_that_are_nearly_as_fast_are_enough() -> None:
    assert [CLIFF.enough(slots) for slots in (1, 8, 16, 32)] == [1, 8, 8, 32]
    assert CLIFF.enough(4) == 4, "between two steps it is faster than at the lower one"
