"""Where things are in each state: nothing moves, is cut off or has no name."""

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from ollama_panel.gui.pages.tuning import TuningPage
from ollama_panel.gui.widgets.tuning_buttons import View
from ollama_panel.gui.window import MainWindow
from tests.core.tuning.records import DONE, RUNNING
from tests.gui.fake_client import FakeClient
from tests.gui.test_accessibility import name_of, shared_names, tab_chain
from tests.gui.tuning.states import ENDS, FAILED, STATES, place, with_tuning


def test_nothing_moves_when_the_state_changes(window: MainWindow, page: TuningPage, client: FakeClient) -> None:
    client.push(with_tuning(RUNNING))
    parts = (page.progress, page.curve, page.trials, page.traffic, page.progress.bar, page.buttons.cancel)
    before = [place(part, window) for part in parts]
    for name, record in STATES.items():
        client.push(with_tuning(record))
        assert [place(part, window) for part in parts] == before, name
        assert page.view is View.LIVE, name


def test_the_curve_stays_where_it_is_when_a_tuning_ends(
    window: MainWindow, page: TuningPage, client: FakeClient
) -> None:
    client.push(with_tuning(RUNNING))
    before = place(page.curve, window)
    client.push(with_tuning(DONE))
    assert place(page.curve, window) == before


def test_every_control_can_be_reached_and_has_a_name_of_its_own(
    window: MainWindow, page: TuningPage, client: FakeClient
) -> None:
    for name, record in (STATES | ENDS).items():
        client.push(with_tuning(record))
        assert [repr(widget) for widget in tab_chain(window) if not name_of(widget)] == [], name
        assert shared_names(window) == [], name


@pytest.mark.parametrize("size", [(880, 600), (1280, 800), (2560, 1440)])
def test_nothing_is_cut_off_in_any_window(
    window: MainWindow, page: TuningPage, client: FakeClient, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window.resize(*size)
    for record in (None, RUNNING, DONE, FAILED):
        client.push(with_tuning(record))
        qtbot.waitUntil(lambda: page.width() == window.width() - window.sidebar.width())
        content = page.area.widget()
        assert content.minimumSizeHint().width() <= page.area.viewport().width()
        buttons = [one for one in (page.buttons.last, page.buttons.cancel, page.buttons.apply) if one.isVisible()]
        assert [one.mapTo(window, QPoint(one.width(), 0)).x() <= window.width() for one in buttons] == [True]
