"""Sample rings, the reduction of long series, and the charts."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyqtgraph import PlotWidget
from pytestqt.qtbot import QtBot

from ollama_panel.gui.charts.live import LiveChart, Series
from ollama_panel.gui.charts.plot import nice_top
from ollama_panel.gui.charts.ring import SampleRing, averaged, hold, thin
from ollama_panel.gui.charts.sparkline import Sparkline
from ollama_panel.gui.theme import Theme
from tests.gui.snapshots import history, sample


def test_a_ring_keeps_the_newest_samples_in_order() -> None:
    ring = SampleRing(capacity=5)
    for second in range(1, 9):
        ring.push(sample(float(second)))
    assert ring.tail("at", 5).tolist() == [4, 5, 6, 7, 8]
    assert ring.tail("at", 2).tolist() == [7, 8]
    assert len(ring.tail("at", 99)) == 5


@given(pushed=st.integers(0, 40), asked=st.integers(0, 12))
def test_any_tail_of_a_ring_is_the_end_of_the_pushed_samples(pushed: int, asked: int) -> None:
    ring = SampleRing(capacity=7)
    for second in range(1, pushed + 1):
        ring.push(sample(float(second)))
    kept = list(range(1, pushed + 1))[-7:]
    assert ring.tail("at", asked).tolist() == (kept[-asked:] if asked else [])


def test_a_repeated_sample_is_not_added() -> None:
    ring = SampleRing()
    assert ring.push(sample(1.0))
    assert not ring.push(sample(1.0))
    assert ring.count == 1


@pytest.mark.parametrize("pushed", [0, 3, 7, 20])
def test_what_was_missed_is_filled_in_and_what_is_older_stays(pushed: int) -> None:
    ring = SampleRing(capacity=12)
    kept = [*range(pushed), pushed + 5]  # five were missed before the newest one came
    for second in kept:
        ring.push(sample(float(second)))
    ring.fill([sample(float(second)) for second in range(max(0, pushed - 2), pushed + 6)])
    assert ring.tail("at", 12).tolist() == list(range(pushed + 6))[-12:]
    assert ring.last == sample(float(pushed + 5))
    assert ring.push(sample(float(pushed + 6)))
    assert ring.tail("at", 12).tolist() == list(range(pushed + 7))[-12:]


def test_a_ring_that_missed_nothing_is_not_filled() -> None:
    ring = SampleRing(capacity=5)
    for second in range(9):
        ring.push(sample(float(second)))
    ring.fill([sample(float(second)) for second in range(6, 9)])
    assert (ring.count, ring.tail("at", 5).tolist()) == (9, [4, 5, 6, 7, 8])
    ring.fill([])
    assert ring.count == 9


def test_a_ring_knows_how_many_samples_a_time_range_holds() -> None:
    ring = SampleRing(capacity=100)
    for second in range(1, 51):
        ring.push(sample(float(second)))
    assert ring.since(10.0) == 11
    assert ring.since(1000.0) == 50
    assert SampleRing().since(10.0) == 0


def test_unknown_values_are_not_drawn_as_zero() -> None:
    ring = SampleRing()
    ring.push(
        sample(1.0).__class__(
            at=1.0,
            queued=0,
            in_flight=0,
            slots=0,
            tokens_per_s=0.0,
            first_token_p95_s=None,
            memory_used=None,
            memory_total=None,
        )
    )
    assert np.isnan(ring.tail("memory_used", 1)[0])


def test_thinning_keeps_every_extreme() -> None:
    values = np.arange(20.0)
    values[7] = 99
    times, thinned = thin(np.arange(20.0), values, width_s=5)
    assert thinned.tolist() == [0, 4, 5, 99, 10, 14, 15, 19]
    assert times.tolist() == [2.5, 2.5, 7.5, 7.5, 12.5, 12.5, 17.5, 17.5]


def test_thinned_curves_keep_their_shape_while_they_scroll() -> None:
    times, values = np.arange(100.0), np.sin(np.arange(100.0))
    _, early = thin(times[:80], values[:80], width_s=5)
    _, late = thin(times[3:83], values[3:83], width_s=5)
    assert early[2:].tolist() == late[2 : len(early)].tolist()


def test_thinning_goes_by_time_not_by_number() -> None:
    seldom, often = np.arange(0.0, 40.0, 10.0), np.arange(40.0, 50.0, 0.25)
    times = np.concatenate([seldom, often])
    at, values = thin(times, times, width_s=10)
    assert values.tolist() == [0, 0, 10, 10, 20, 20, 30, 30, 40, 49.75]
    assert at.tolist() == [5, 5, 15, 15, 25, 25, 35, 35, 45, 45]
    assert [part.tolist() for part in thin(np.empty(0), np.empty(0), 5)] == [[], []]


def test_the_newest_point_of_a_thinned_curve_is_not_in_the_future() -> None:
    times, _ = thin(np.array([1.0, 2.0, 10.5]), np.array([1.0, 2.0, 3.0]), width_s=10)
    assert times.tolist() == [5, 5, 10.5, 10.5]


def test_a_curve_keeps_its_value_while_nobody_looked() -> None:
    times, values = hold(np.array([0.0, 10.0, 17.0, 18.0]), np.array([0.0, 0.0, 5.0, 6.0]), gap_s=1.5)
    assert list(zip(times.tolist(), values.tolist(), strict=True)) == [
        (0, 0),
        (10, 0),
        (10, 0),
        (17, 0),
        (17, 5),
        (18, 6),
    ]


def test_values_at_even_distances_are_those_of_the_last_sample_before() -> None:
    ring = SampleRing()
    for at, queued in ((0.0, 1), (10.0, 2), (10.5, 3), (11.0, 4)):
        ring.push(msgspec.structs.replace(sample(at), queued=queued))
    assert ring.even("queued", 12.0, 0.5).tolist() == [1] * 20 + [2, 3, 4]
    assert ring.even("queued", 1.0, 0.5).tolist() == [2, 3, 4]
    assert SampleRing().even("queued", 10.0, 1.0).tolist() == []


def test_values_at_even_distances_are_the_samples_themselves_where_these_are_even() -> None:
    ring = SampleRing()
    for one in history(60, until=100.013):
        ring.push(one)
    assert ring.even("tokens_per_s", 60.0, 0.25).tolist() == ring.tail("tokens_per_s", 240).tolist()


@pytest.mark.parametrize("span", [60.0, 600.0, 3600.0])
def test_a_chart_shows_when_something_happened_although_samples_are_unevenly_spaced(
    qtbot: QtBot, theme: Theme, span: float
) -> None:
    chart = LiveChart(theme, "Requests", (Series("queued", "waiting", "warn", str),), floor=4)
    qtbot.addWidget(chart)
    chart.add_plot()
    ring = SampleRing()
    begin, end = 4970.0, 5000.0
    idle = [(at, 0) for at in np.arange(0.0, begin, 10.0)]
    for at, queued in (*idle, *((at, 7) for at in np.arange(begin + 3, end + 0.1, 0.25))):
        ring.push(msgspec.structs.replace(sample(float(at)), queued=queued))
    chart.show_ring(ring, span)
    (curve,) = chart.findChild(PlotWidget).listDataItems()
    xs, ys = curve.getData()
    assert all(np.diff(xs) >= 0)
    assert xs[-1] == 0
    busy = xs[ys == 7]
    resolution = span / 360
    assert busy[0] == pytest.approx(begin + 3 - end, abs=resolution)
    assert xs[ys == 0][-1] == pytest.approx(busy[0], abs=max(1.5, 1.5 * resolution)), "it rises at once, not in a ramp"


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 1), (1, 1), (19, 20), (21, 24), (974, 1000), (1030, 1200), (0.3, 0.3)]
)
def test_an_axis_ends_at_a_round_number(highest: float, top: float) -> None:
    assert nice_top(highest) == pytest.approx(top)


def test_a_chart_draws_its_curves_and_shows_the_newest_values(qtbot: QtBot, theme: Theme) -> None:
    chart = LiveChart(theme, "Requests", (Series("queued", "waiting", "warn", str),), floor=4)
    qtbot.addWidget(chart)
    ring = SampleRing()
    ring.fill(history(120))
    chart.resize(400, 120)
    chart.add_plot()
    chart.show()
    chart.show_ring(ring, 60.0)
    qtbot.waitExposed(chart)
    assert chart.accessibleDescription() == f"waiting {float(ring.last.queued)}"  # type: ignore[union-attr]
    colours = {chart.grab().toImage().pixelColor(x, y).name() for x in range(60, 390, 3) for y in range(30, 100)}
    assert theme.tokens.warn in colours


def test_a_chart_without_samples_is_empty(qtbot: QtBot, theme: Theme) -> None:
    chart = LiveChart(theme, "Memory", (Series("memory_used", "used", "info", lambda value: str(value)),), floor=1)
    qtbot.addWidget(chart)
    chart.add_plot()
    chart.show_ring(SampleRing(), 60.0)
    assert chart.accessibleDescription() == "used None"


def test_a_sparkline_of_one_value_draws_nothing_and_of_many_a_line(qtbot: QtBot, theme: Theme) -> None:
    line = Sparkline(theme, "accent")
    qtbot.addWidget(line)
    line.resize(120, 34)

    def drawn(values: list[float]) -> bool:
        line.show_values(values)
        image = line.grab().toImage()
        return theme.tokens.accent in {
            image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
        }

    assert not drawn([3.0])
    assert drawn([7.0] * 10)
    assert drawn([float(value) for value in range(100)])


def test_a_long_series_is_averaged_and_unknown_values_are_left_out() -> None:
    assert averaged(np.array([np.nan, 3.0]), 90) == [3.0]
    assert averaged(np.arange(7.0), 3) == [1.5, 3.5, 5.5]
    assert 90 <= len(averaged(np.arange(500.0), 90)) < 180
