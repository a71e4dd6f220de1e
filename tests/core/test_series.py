"""Moving windows and percentiles."""

import pytest

from ollama_panel.core.series import Recent, Window, percentile


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


def test_recent_values_are_those_of_the_last_seconds_the_oldest_first() -> None:
    recent = Recent[str](10.0)
    for at, value in ((0.0, "a"), (5.0, "b"), (10.0, "c"), (10.5, "d")):
        recent.add(at, value)
    assert list(recent) == [(5.0, "b"), (10.0, "c"), (10.5, "d")]
    assert len(recent) == 3


def test_a_clock_that_is_set_back_takes_the_values_of_the_future_with_it() -> None:
    recent = Recent[str](10.0)
    for at, value in ((100.0, "a"), (200.0, "b"), (95.0, "c"), (96.0, "d")):
        recent.add(at, value)
    assert list(recent) == [(95.0, "c"), (96.0, "d")]
