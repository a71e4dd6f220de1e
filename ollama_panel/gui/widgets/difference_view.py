"""What is installed beside what would be put there; one below the other where there is little room."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.export.deployment import Syntax
from ollama_panel.core.export.difference import LineChange, Row
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD, SM
from ollama_panel.gui.widgets.card import label
from ollama_panel.gui.widgets.numbered_text import NumberedText

_SIDE_BY_SIDE_FROM = 760
"""Pixels from which two texts have room beside each other."""


class Line(NamedTuple):
    """A line of a difference: its text, its colour, its number, and whether it goes ("-"), comes ("+") or stays."""

    text: str
    tone: str
    number: int
    sign: str = ""


class DifferenceView(QStackedWidget):
    """Shows the rows of a difference, or why there is none."""

    def __init__(self, theme: Theme, titles: tuple[str, str] | None = None, parent: QWidget | None = None) -> None:
        """`titles` are those of the texts before and after, None = of what is installed and of an export."""
        super().__init__(parent)
        old, new = titles or (self.tr("Installed"), self.tr("Export"))
        self._rows: tuple[Row, ...] = ()
        self._syntax = Syntax.TEXT
        self.before = NumberedText(theme, old if titles else self.tr("What is installed"))
        self.after = NumberedText(theme, new if titles else self.tr("What the export has"))
        self.both = NumberedText(theme, self.tr("The difference"))
        self.message = label("", "muted", wrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setMargin(MD)
        sides = QWidget()
        row = QHBoxLayout(sides)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SM)
        for title, text in ((old, self.before), (new, self.after)):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(label(title, "head"))
            column.addWidget(text, 1)
            row.addLayout(column, 1)
        for one, other in ((self.before, self.after), (self.after, self.before)):
            one.verticalScrollBar().valueChanged.connect(other.verticalScrollBar().setValue)
            one.horizontalScrollBar().valueChanged.connect(other.horizontalScrollBar().setValue)
        for page in (self.message, self.both, sides):
            self.addWidget(page)
        self._sides = sides

    def show_rows(self, rows: Sequence[Row], syntax: Syntax) -> None:
        """Show a difference, with its first line that matters in sight."""
        if (tuple(rows), syntax) != (self._rows, self._syntax) or self.currentWidget() is self.message:
            self._rows, self._syntax = tuple(rows), syntax
            self._show()

    def tell(self, text: str) -> None:
        """Say why there is no difference to show."""
        self._rows = ()
        self.message.setText(text)
        self.setCurrentWidget(self.message)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._rows and (self.currentWidget() is self._sides) is not self._is_wide:
            self._show()

    @property
    def _is_wide(self) -> bool:
        return self.width() >= _SIDE_BY_SIDE_FROM

    def _show(self) -> None:
        if self._is_wide:
            self._show_sides()
            self.setCurrentWidget(self._sides)
        else:
            self._show_both()
            self.setCurrentWidget(self.both)

    def _show_sides(self) -> None:
        old = {place: _tone(row, "danger") for place, row in enumerate(self._rows, 1) if row.before_number}
        new = {place: _tone(row, "ok") for place, row in enumerate(self._rows, 1) if row.after_number}
        self.before.show_text(
            "\n".join(row.before for row in self._rows), self._syntax, old, [row.before_number for row in self._rows]
        )
        self.after.show_text(
            "\n".join(row.after for row in self._rows), self._syntax, new, [row.after_number for row in self._rows]
        )

    def _show_both(self) -> None:
        lines = list(unified(self._rows))
        marks = {place: line.tone for place, line in enumerate(lines, 1)}
        signs = {place: line.sign for place, line in enumerate(lines, 1) if line.sign}
        self.both.show_text(
            "\n".join(line.text for line in lines), self._syntax, marks, [line.number for line in lines], signs
        )


def _tone(row: Row, tone: str) -> str:
    """Return the colour of a line that has changed: a comment's is grey."""
    if row.change is LineChange.SAME:
        return ""
    return tone if row.matters else "muted"


def unified(rows: Sequence[Row]) -> Iterator[Line]:
    """Yield the lines of a difference: of those that have changed the old ones, then the new ones."""
    for changed, group in groupby(rows, key=lambda row: row.change is not LineChange.SAME):
        together = list(group)
        if changed:
            yield from (
                Line(row.before, _tone(row, "danger"), row.before_number, "-") for row in together if row.before_number
            )
        sign = "+" if changed else ""
        yield from (Line(row.after, _tone(row, "ok"), row.after_number, sign) for row in together if row.after_number)
