"""The trials of a tuning: what each has measured, and which are to come."""

from typing import Self

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ollama_panel.core.tuning.record import TuningRecord
from ollama_panel.gui.models.records import Index
from ollama_panel.gui.models.tuning_trials import TrialRow, trial_rows, trial_table
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, SM
from ollama_panel.gui.widgets.card import Card, button, label
from ollama_panel.gui.widgets.delegates import Face, NumberDelegate, PillDelegate, TwoLineDelegate, strong
from ollama_panel.gui.widgets.tables import ColumnLayout, Table

_ROW, _RATE, _TOKEN, _STATE = 38, 80, 70, 90
"""Pixels: the height of a row, and the widths of the columns."""


class _StrongNumber(NumberDelegate):
    """Paints a number half bold, at the right."""

    @override
    def draw(self, painter: QPainter, rect: QRect, index: Index, body: Face, small: Face) -> None:
        face = strong(body)
        painter.setFont(face.font)
        super().draw(painter, rect, index, face, small)


class TrialsCard(Card):
    """The table; the row of the trial under way is selected, so that it is seen at once.

    `back` leads to what was found, where these trials have led to something.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Trials"), parent)
        self._interval = label(self.tr("± is a 95 % interval"), "caption")
        self.back = button(self.tr("Before and after"), self.tr("Shows what was found"), small=True)
        self.heading.addWidget(self._interval)
        self.heading.addWidget(self.back)
        self._records = trial_table(self)
        self.table: Table[TrialRow] = Table(self._records, self.tr("Trials and what they have measured"))
        columns = (
            ColumnLayout(delegate=TwoLineDelegate(theme, self.table)),
            ColumnLayout(_RATE, _StrongNumber(theme, self.table)),
            ColumnLayout(_TOKEN, NumberDelegate(theme, self.table)),
            ColumnLayout(_STATE, PillDelegate(theme, self.table)),
        )
        self.table.set_up(columns, _ROW)
        self.table.setMinimumHeight(4 * _ROW)
        self.body.setContentsMargins(SM, LG - 3, SM, SM)
        self.heading.setContentsMargins(SM, 0, SM, 0)
        self.body.addWidget(self.table, 1)
        self._shown: dict[str, TrialRow] = {}
        self._current = ""

    def show_record(self, record: TuningRecord) -> None:
        """Show the trials of a tuning."""
        self.back.setVisible(record.verdict is not None)
        self._interval.setVisible(record.verdict is None)
        rows = [self._shown[row.key] if self._shown.get(row.key) == row else row for row in trial_rows(record)]
        self._shown = {row.key: row for row in rows}
        self.table.show_records(rows)
        current = str(len(record.outcomes) + 1) if record.current is not None else ""
        if current != self._current:
            self._current = current
            self._follow(current)

    def take_over(self, old: Self) -> None:
        """Scroll like a card that this one replaces in another language."""
        self.table.take_over(old.table)

    def _follow(self, current: str) -> None:
        """Select the trial under way, and bring it into sight."""
        row = self._records.row_of(current)
        if row < 0:
            self.table.clearSelection()
            return
        self.table.select(row)
        QTimer.singleShot(
            0, self.table, lambda: self.table.scrollTo(self._records.index(row, 0))
        )  # once it is laid out
