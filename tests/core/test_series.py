"""Moving windows and percentiles."""

import pytest

from ollama_panel.core.series import Window, percentile


def test_a_window_forgets_what_is_older_than_its_span() -> None:
    window = Window(2.0)
    for now in (0.0, 1.0, 2.0, 3.0):
        window.add(now, now * 10)
    assert window.values(3.5) == [20.0, 30.0]
    assert window.rate(3.5) == pytest.approx(25.0)
    assert window.values(9.0) == []


def test_a_rate_is_the_sum_of_the_values_however_long_it_has_run() -> None:
    window = Window(2.0)
    for step in range(10_000):
        window.add(step / 10, 0.1 * (step % 7))
        assert window.rate(step / 10) == pytest.approx(sum(window.values(step / 10)) / 2.0)
    assert window.rate(5000.0) == 0.0


@pytest.mark.parametrize(("share", "value"), [(0.95, 95.0), (0.5, 50.0), (1.0, 100.0), (0.0, 1.0)])
def test_percentiles_are_values_that_were_seen(share: float, value: float) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], share) == value


def test_without_values_there_is_no_percentile() -> None:
    assert percentile([], 0.95) is None
