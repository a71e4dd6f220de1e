from math import isnan

import pytest

from ollama_panel.lab.statistics import interval, jain, mean, percentile


def test_a_percentile_is_one_of_the_values():
    assert percentile([1, 2, 3, 4], 50) == 2
    assert percentile([4, 3, 2, 1], 51) == 3
    assert percentile([1, 2, 3, 4], 100) == 4
    assert percentile(range(1, 101), 95) == 95


def test_what_no_values_have_is_not_a_number():
    assert isnan(percentile([], 50))
    assert isnan(mean([]))


def test_the_mean():
    assert mean(iter([1.0, 2.0, 6.0])) == 3


def test_the_interval_of_the_mean_is_bootstrapped():
    low, high = interval([1.0, 2.0, 3.0, 4.0, 5.0] * 4)
    assert 2 < low < 3 < high < 4
    assert interval([7.0]) == interval([7.0, 7.0]) == (7.0, 7.0)
    assert interval([1.0, 2.0, 3.0]) == interval([1.0, 2.0, 3.0])


def test_jains_index():
    assert jain([1, 1, 1]) == 1
    assert jain([3, 0, 0]) == pytest.approx(1 / 3)
