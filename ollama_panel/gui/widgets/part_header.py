"""The strip above a part of a page: its title and count, and the titles of its columns, which sort the part."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget
from typing_extensions import override

from ollama_panel.gui.models.records import RecordTable
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import RADIUS_CONTROL
from ollama_panel.gui.widgets.delegates import brush, faces, pen

HEIGHT = 30
"""Pixels."""
_PAD = 8
_UP, _DOWN = "↑", "↓"


class PartHeader(QHeaderView):
    """A header whose first column has the title of the whole part, with a count behind it, and stays the first.

    A click on a title sorts: the largest numbers or the first texts come first, at the second click the others, and the
    third brings the order back that the part has by itself. `sorted_by` tells the column and whether it descends; -1
    is no column.
    """

    sorted_by = Signal(int, bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._count = ""
        self.column, self.descending = -1, False
        self.sectionClicked.connect(self._click)
        theme.changed.connect(self.viewport().update)

    def make_sortable(self) -> None:
        """Let clicks sort, and drags move columns and change their widths; only now the table has set its own."""
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)

    def show_count(self, text: str) -> None:
        """Show how many rows the part has."""
        if text != self._count:
            self._count = text
            self._describe()

    def show_order(self, column: int, descending: bool) -> None:
        """Show by which column the part is sorted, -1 = by none."""
        self.column, self.descending = column, descending
        self._describe()

    def title(self, column: int) -> str:
        """Return the title of a column."""
        return str(self.model().headerData(column, Qt.Orientation.Horizontal) or "")

    def _describe(self) -> None:
        order = self.tr("sorted by {column}").format(column=self.title(self.column)) if self.column >= 0 else ""
        self.setAccessibleDescription(", ".join(text for text in (self._count, order) if text))
        self.viewport().update()

    def _click(self, column: int) -> None:
        table = self.model()
        if not isinstance(table, RecordTable) or not table.is_sortable(column):
            return
        first = table.is_number(column)
        if column != self.column:
            self.sorted_by.emit(column, first)
        elif self.descending is first:
            self.sorted_by.emit(column, not first)
        else:
            self.sorted_by.emit(-1, False)

    @override
    def sizeHint(self) -> QSize:
        return QSize(HEIGHT, HEIGHT)  # the table makes it as wide as itself; Qt would measure each title

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        colours = self._theme.tokens
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(rect)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush(colours.surface2))
        painter.drawRoundedRect(QRectF(0, 0, self.length(), rect.height()), RADIUS_CONTROL, RADIUS_CONTROL)
        body, small = faces(self.window().font())
        title = self.title(logicalIndex)
        arrow = (_DOWN if self.descending else _UP) if logicalIndex == self.column else ""
        room = rect.adjusted(_PAD, 0, -_PAD, 0)
        align = self.model().headerData(logicalIndex, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        if logicalIndex == 0:
            painter.setFont(_bold(body.font))
            painter.setPen(pen(colours.text))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, title)
            room.setLeft(room.x() + QFontMetrics(painter.font()).horizontalAdvance(title) + 6)
            painter.setFont(small.font)
            title = f"{self._count} {arrow}".strip()
        else:
            painter.setFont(_bold(small.font))
            right = Qt.AlignmentFlag.AlignRight in Qt.AlignmentFlag(align)
            title = (f"{arrow} {title}" if right else f"{title} {arrow}").strip()
        painter.setPen(pen(colours.text if arrow and logicalIndex else colours.muted))
        metrics = painter.fontMetrics()
        painter.drawText(room, align, metrics.elidedText(title, Qt.TextElideMode.ElideRight, room.width()))
        painter.restore()


def _bold(font: QFont) -> QFont:
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold)
    return made
