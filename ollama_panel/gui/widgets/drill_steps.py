"""The table of a drill: each fault with its times, its requests and its verdict."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ollama_panel.core.drill import DrillRecord
from ollama_panel.gui import drill_texts
from ollama_panel.gui import format as fmt
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tokens import LG, XS
from ollama_panel.gui.widgets.card import label, set_tone

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_WORDS, _NUMBERS = 0, range(1, 6)
_VERDICT = 92
"""Pixels of the longest verdict: the columns beside it stay where they are."""


class DrillSteps(QWidget):
    """Two lines for each fault: the figures, and what is said of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(LG)
        self._grid.setVerticalSpacing(XS)
        self._grid.setColumnStretch(_WORDS, 1)
        self._grid.setColumnMinimumWidth(6, _VERDICT)
        self._titles = (
            self.tr("Fault"),
            self.tr("Noticed after"),
            self.tr("Back after"),
            self.tr("Requests"),
            self.tr("Lost"),
            self.tr("Broken off"),
            self.tr("Verdict"),
        )
        for column, title in enumerate(self._titles):
            head = label(title, "head")
            if column in _NUMBERS:
                head.setAlignment(_RIGHT)
            self._grid.addWidget(head, 0, column)
        self._rows: list[tuple[QLabel, ...]] = []
        self._told: list[QLabel] = []

    def show_record(self, record: DrillRecord, now: float) -> None:
        """Show the steps of a drill at a time of the engine's clock."""
        while len(self._rows) < len(record.steps):
            self._add_row()
        for number, (cells, told) in enumerate(zip(self._rows, self._told, strict=True)):
            there = number < len(record.steps)
            for cell in cells:
                cell.setVisible(there)
            told.setVisible(there and record.steps[number].told is not None)
        for step, cells, told in zip(record.steps, self._rows, self._told, strict=False):
            name = drill_texts.fault_label(step.fault)
            text, tone = drill_texts.verdict(step, record.state)
            texts = (
                name,
                drill_texts.noticed(step, record, now),
                drill_texts.recovered(step, record, now),
                *(fmt.number(None if step.began is None else count) for count in (step.sent, step.lost, step.broken)),
                text,
            )
            for cell, one, title in zip(cells, texts, self._titles, strict=True):
                cell.setText(one)
                cell.setAccessibleName(f"{name}, {title}")
                cell.setAccessibleDescription(one)
            set_tone(cells[1], "danger" if step.false_alarm else "")
            set_tone(cells[4], "danger" if step.lost else "")
            set_tone(cells[5], "warn" if step.broken else "")
            set_tone(cells[6], tone)
            told.setText(notice_text(step.told))

    def _add_row(self) -> None:
        row = 2 * len(self._rows) + 1
        cells = tuple(label("", "value" if column in (0, len(self._titles) - 1) else "") for column in range(7))
        for column, cell in enumerate(cells):
            if column in _NUMBERS:
                cell.setAlignment(_RIGHT)
            self._grid.addWidget(cell, row, column)
        told = label("", "caption", wrap=True)
        self._grid.addWidget(told, row + 1, 0, 1, len(self._titles))
        self._rows.append(cells)
        self._told.append(told)
