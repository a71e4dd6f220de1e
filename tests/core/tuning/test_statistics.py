"""Means of batches with their intervals, and percentiles over all requests."""

import pytest

from ollama_panel.core.tuning.statistics import enough, estimate, pooled_percentile, quantile
from ollama_panel.core.tuning.trial import Estimate


@pytest.mark.parametrize(
    ("freedom", "expected"),
    [(1, 12.706), (4, 2.776), (10, 2.228), (11, 2.201), (20, 2.086), (30, 2.042), (60, 2.000), (120, 1.980)],
)
def test_the_quantiles_are_those_of_printed_tables(freedom: int, expected: float) -> None:
    assert quantile(freedom) == pytest.approx(expected, rel=0.002)


def test_the_half_width_is_the_quantile_times_the_standard_error() -> None:
    found = estimate([98.0, 102.0, 100.0, 96.0, 104.0])
    assert found.mean == 100.0
    assert found.half_width == pytest.approx(2.776 * (10 / 5) ** 0.5, rel=1e-3)


def test_too_few_batches_have_no_interval() -> None:
    assert estimate([]) == Estimate(0.0)
    assert estimate([100.0]) == Estimate(100.0)


def test_a_trial_goes_on_until_its_mean_is_known_within_two_percent() -> None:
    assert not enough([100.0, 100.0, 100.0, 100.0])  # alike by chance
    assert enough([100.0, 101.0, 99.0, 100.0, 100.0])
    assert not enough([100.0, 110.0, 90.0, 105.0, 95.0])
    assert not enough([0.0] * 8)


def test_percentiles_are_over_all_requests_together() -> None:
    assert pooled_percentile([[1.0] * 98, [5.0, 9.0]], 95) == 1.0
    assert pooled_percentile([[1.0] * 90, [5.0] * 10], 95) == 5.0
    assert pooled_percentile([], 95) is None
