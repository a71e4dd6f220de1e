"""The rows of the steps of a plan."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.takeover_step import StepRow, fit_rows


def test_rows_follow_what_stands_before_them_and_are_as_many_as_steps(qtbot: QtBot, theme: Theme) -> None:
    whole, head, tail = QWidget(), QLabel(), QLabel()
    qtbot.addWidget(whole)
    place, rows = QVBoxLayout(whole), list[StepRow]()
    place.addWidget(head)
    place.addWidget(tail)
    for count in (3, 1, 2):
        fit_rows(rows, place, count, theme, print, first=1)
        assert [place.itemAt(index).widget() for index in range(place.count())] == [head, *rows, tail]
        assert len(rows) == count
