"""The curve of a tuning."""

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.notices import notice
from ollama_panel.core.scheduling.curve import Curve, CurvePoint
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement, Outcome, Trial, TrialKind

CHAT, LLAMA = PoolName("chat"), ModelName("llama3.1:8b")
CLIFF = Curve(
    CHAT,
    LLAMA,
    tuple(CurvePoint(at, rate, 1e6 * at / rate) for at, rate in ((1, 337.0), (8, 1336.0), (16, 706.0), (32, 1400.0))),
)
"""A kernel with a cliff behind its tile (llama.cpp #25453)."""


def outcome(parallel: int, rate: float | None, workers: int = 1, batch: int = 0) -> Outcome:
    trial = Trial(TrialKind.RUNG, Candidate(workers, parallel, batch), 8, notice("limit.slots", limit=1, slots=1))
    measured = None if rate is None else Measurement(Estimate(rate), Estimate(1.0), token_p50_s=0.02)
    return Outcome(trial, measured)


def test_it_has_the_steps_of_one_worker_with_the_settings_in_force() -> None:
    pool = Settings().pools[0]
    found = Curve.of(pool, LLAMA, [outcome(2, 80.0, workers=2), outcome(1, 50.0), outcome(4, 99.0, batch=2048)])
    assert found == Curve(CHAT, LLAMA, (CurvePoint(1, 50.0, 20_000), CurvePoint(2, 40.0, 20_000)))


def test_a_tuning_without_a_measurement_has_none() -> None:
    assert Curve.of(Settings().pools[0], LLAMA, [outcome(2, None)]) is None


def test_between_two_steps_it_is_a_straight_line_and_beyond_them_flat() -> None:
    assert [CLIFF.rate(at) for at in (0, 1, 12, 64)] == [337.0, 337.0, 1021.0, 1400.0]


def test_a_limit_between_two_tiles_snaps_to_the_one_that_is_faster() -> None:
    assert [CLIFF.snapped(limit) for limit in (1, 4, 8, 12, 16, 32)] == [1, 4, 8, 8, 8, 32]


def test_the_fewest_that_are_nearly_as_fast_are_enough() -> None:
    assert [CLIFF.enough(slots) for slots in (4, 8, 16, 32)] == [1, 8, 8, 32]
