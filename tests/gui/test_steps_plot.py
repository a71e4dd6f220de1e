"""The chart of a tuning's steps: its scales, and that it can be painted whatever there is to show."""

import math

import msgspec
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from ollama_panel.core.tuning.steps import Steps, steps_of
from ollama_panel.core.tuning.task import Goal
from ollama_panel.gui.charts.scale import LinearScale, LogScale, spaced
from ollama_panel.gui.charts.steps_painter import Dot, _is_free
from ollama_panel.gui.charts.steps_plot import StepsPlot
from ollama_panel.gui.theme import Theme
from tests.core.tuning.records import DONE, RUNNING

EMBEDDINGS = steps_of(msgspec.structs.replace(DONE, task=msgspec.structs.replace(DONE.task, goal=Goal.EMBEDDING)))


@pytest.fixture
def plot(theme: Theme, qtbot: QtBot) -> StepsPlot:
    made = StepsPlot(theme)
    qtbot.addWidget(made)
    made.resize(580, 540)
    return made


def picture(plot: StepsPlot) -> QImage:
    return plot.grab().toImage()


@pytest.mark.parametrize(
    ("highest", "top", "ticks"),
    [(430.0, 500.0, 6), (37.0, 40.0, 5), (1.0, 1.0, 5), (4118.0, 5000.0, 6), (0.19, 0.2, 5)],
)
def test_a_scale_has_round_divisions_and_room_for_the_highest_value(highest: float, top: float, ticks: int) -> None:
    scale = LinearScale.up_to(highest, 200.0, 0.0)
    assert math.isclose(scale.top, top)
    assert len(scale.ticks) == ticks
    assert scale.at(0) == 200.0
    assert math.isclose(scale.at(scale.top), 0.0, abs_tol=1e-9)


def test_a_scale_of_nothing_has_its_zero_alone() -> None:
    assert LinearScale.up_to(0.0, 200.0, 0.0).ticks == (0.0,)


def test_each_doubling_is_as_wide() -> None:
    scale = LogScale(1, 16, 0.0, 400.0)
    assert [round(scale.at(place)) for place in (1, 2, 4, 8, 16)] == [0, 100, 200, 300, 400]
    assert LogScale(4, 4, 0.0, 400.0).at(4) == 200.0


def test_labels_keep_their_distance_and_the_important_ones_stay() -> None:
    assert spaced((100.0, 110.0, 130.0, 80.0), 20.0) == (100.0, 130.0, 80.0)


@pytest.mark.parametrize("steps", [Steps(), steps_of(RUNNING), steps_of(DONE), EMBEDDINGS])
@pytest.mark.parametrize("size", [(300, 300), (580, 540), (1600, 1000)])
def test_it_is_painted_whatever_there_is_to_show(plot: StepsPlot, steps: Steps, size: tuple[int, int]) -> None:
    plot.resize(*size)
    empty = picture(plot)
    plot.show_steps(steps, "16 slots fit", steps_of(DONE))
    assert picture(plot) != empty


def test_another_tuning_is_another_picture(plot: StepsPlot) -> None:
    plot.show_steps(steps_of(DONE))
    alone = picture(plot)
    older = tuple(
        msgspec.structs.replace(step, rate=msgspec.structs.replace(step.rate, mean=100.0))
        for step in steps_of(DONE).measured
    )
    plot.show_steps(steps_of(DONE), other=msgspec.structs.replace(steps_of(DONE), measured=older))
    assert picture(plot) != alone


def test_its_description_has_the_values_of_embeddings_too(plot: StepsPlot) -> None:
    plot.show_steps(EMBEDDINGS)
    assert plot.accessibleDescription().startswith("1: 5.9 ± 0.1 embeddings/s, 1.7 s per request")


def test_the_level_is_named_clear_of_a_flat_curve_and_of_its_intervals() -> None:
    flat = [Dot(100.0, 100.0, 20.0), Dot(500.0, 104.0, 60.0)]
    assert _is_free(QRectF(200, 140, 80, 14), flat)
    assert not _is_free(QRectF(200, 95, 80, 14), flat)
    assert not _is_free(QRectF(430, 60, 80, 14), flat)
