"""What is installed beside what an export would put there; one below the other where there is little room."""

from collections.abc import Iterator, Sequence
from itertools import groupby

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


class DifferenceView(QStackedWidget):
    """Shows the rows of a difference, or why there is none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._syntax = Syntax.TEXT
        self.before = NumberedText(theme, self.tr("What is installed"))
        self.after = NumberedText(theme, self.tr("What the export has"))
        self.both = NumberedText(theme, self.tr("The difference"))
        self.message = label("", "muted", wrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setMargin(MD)
        sides = QWidget()
        row = QHBoxLayout(sides)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SM)
        for title, text in ((self.tr("Installed"), self.before), (self.tr("Export"), self.after)):
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
        lines = list(_unified(self._rows))
        marks = {place: tone for place, (_, tone, _) in enumerate(lines, 1)}
        self.both.show_text(
            "\n".join(text for text, _, _ in lines), self._syntax, marks, [number for _, _, number in lines]
        )


def _tone(row: Row, tone: str) -> str:
    """Return the colour of a line that has changed: a comment's is grey."""
    if row.change is LineChange.SAME:
        return ""
    return tone if row.matters else "muted"


def _unified(rows: Sequence[Row]) -> Iterator[tuple[str, str, int]]:
    """Yield the lines with tone and number: of those that have changed the old ones, then the new ones."""
    for changed, group in groupby(rows, key=lambda row: row.change is not LineChange.SAME):
        together = list(group)
        if changed:
            yield from ((row.before, _tone(row, "danger"), 0) for row in together if row.before_number)
        yield from ((row.after, _tone(row, "ok"), row.after_number) for row in together if row.after_number)
