"""Sample rings, the reduction of long series, and the charts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from ollama_panel.gui.charts.live import LiveChart, Series, nice_top
from ollama_panel.gui.charts.ring import SampleRing, thin
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
    thinned = thin(values, first=0, bucket=5)
    assert thinned.tolist() == [0, 4, 5, 99, 10, 14, 15, 19]


def test_thinned_curves_keep_their_shape_while_they_scroll() -> None:
    values = np.sin(np.arange(100.0))
    early = thin(values[:80], first=0, bucket=5)
    late = thin(values[3:83], first=3, bucket=5)
    assert early[2:].tolist() == late[: len(early) - 2].tolist()


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 1), (1, 1), (19, 20), (21, 24), (974, 1000), (1030, 1200), (0.3, 0.3)]
)
def test_an_axis_ends_at_a_round_number(highest: float, top: float) -> None:
    assert nice_top(highest) == pytest.approx(top)


def test_a_chart_draws_its_curves_and_shows_the_newest_values(qtbot: QtBot, theme: Theme) -> None:
    chart = LiveChart(theme, "Requests", (Series("queued", "waiting", "warn", lambda value: f"{value:.0f}"),), floor=4)
    qtbot.addWidget(chart)
    ring = SampleRing()
    for one in history(120):
        ring.push(one)
    chart.resize(400, 120)
    chart.show()
    chart.show_ring(ring, 60.0)
    qtbot.waitExposed(chart)
    assert chart.accessibleDescription() == f"waiting {ring.last.queued}"  # type: ignore[union-attr]
    colours = {chart.grab().toImage().pixelColor(x, y).name() for x in range(60, 390, 3) for y in range(30, 100)}
    assert theme.tokens.warn in colours


def test_a_chart_without_samples_is_empty(qtbot: QtBot, theme: Theme) -> None:
    chart = LiveChart(theme, "Memory", (Series("memory_used", "used", "info", lambda value: str(value)),), floor=1)
    qtbot.addWidget(chart)
    chart.show_ring(SampleRing(), 60.0)
    assert chart.accessibleDescription() == "used None"


def test_a_sparkline_of_one_value_draws_nothing_and_of_many_a_line(qtbot: QtBot, theme: Theme) -> None:
    line = Sparkline(theme, "accent")
    qtbot.addWidget(line)
    line.resize(120, 34)
    line.show_values(np.array([np.nan, 3.0]))
    line.grab()
    line.show_values(np.arange(500.0))
    assert line.points <= 2 * 90
    line.show_values(np.full(10, 7.0))
    line.grab()
