"""What was measured on this machine and what is published of others, one answer at a time; hidden until asked for."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ollama_panel.core.advice.questions import Answer
from ollama_panel.gui import format as fmt
from ollama_panel.gui.tokens import LG
from ollama_panel.gui.widgets.card import button, label

Row = tuple[str, str, str, str]


class HardwareTable(QWidget):
    """A button, and the table that it shows and hides."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self.toggle = button("", self.tr("What was measured here, and what is published, with sources"), small=True)
        self.toggle.setCheckable(True)
        self.toggle.toggled.connect(self.show_rows)
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(LG)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(3, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addWidget(self._table)
        self.show_rows(False)

    @property
    def is_open(self) -> bool:
        """Whether the table shows."""
        return self.toggle.isChecked()

    def show_rows(self, on: bool) -> None:
        """Show or hide the table."""
        self.toggle.setChecked(on)
        self._table.setVisible(on)
        hide, show = self.tr("Hide other hardware"), self.tr("Compare with other hardware")
        self.toggle.setText(hide if on else show)

    def show_answer(self, answer: Answer) -> None:
        """Show what was measured here first, then what is published."""
        rows = self._rows_of(answer)
        if rows == self._rows:
            return
        self._rows = rows
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        titles = (self.tr("Hardware"), self.tr("Model"), self.tr("tokens/s"), self.tr("Source"))
        for place, cells in enumerate((titles, *rows)):
            for column, text in enumerate(cells):
                self._grid.addWidget(label(text, "caption" if place else "section"), place, column)

    def _rows_of(self, answer: Answer) -> list[Row]:
        rows: list[Row] = []
        for model, here in sorted(answer.measured.items()):
            told = self.tr("measured in %n answer(s)", "", here.answers)
            rows.append((self.tr("This machine"), model, fmt.rate(here.tokens_per_s), told))
        published = ((one.name, one.measured) for one in answer.published if one.measured is not None)
        rows.extend((name, it.model, fmt.rate(it.tokens_per_s), it.source) for name, it in published)
        for figure in answer.circulating:
            told = self.tr("guides, without model or method: {requests} requests/s")
            requests = told.format(requests=fmt.number(figure.requests_per_s, 1))
            rows.append((figure.machine, fmt.UNKNOWN, fmt.rate(figure.tokens_per_s), requests))
        return rows
