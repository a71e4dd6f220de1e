"""The parts of a memory forecast as one bar, with a legend in GiB."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ollama_panel.gui import format as fmt
from ollama_panel.gui.preview import Part
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.delegates import caption

_HEIGHT = 12
_LINE = 17
_ROWS = 2
"""The rows of the legend for which there is always room, so that nothing moves when a draft makes it longer."""


class FitBar(QWidget):
    """The parts side by side; a red mark shows where the available memory ends if they exceed it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts: tuple[Part, ...] = ()
        self._places: list[tuple[float, int, Part, str]] = []
        self._total: int | None = None
        self._reserved = _ROWS
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self.sizeHint().height())

    @override
    def sizeHint(self) -> QSize:
        return QSize(220, _HEIGHT + 2 + self._reserved * _LINE + 4)

    def show_parts(self, parts: tuple[Part, ...], total: int | None) -> None:
        """Show the parts relative to `total` bytes of memory, None = unknown."""
        if (parts, total) == (self._parts, self._total):
            return
        self._parts, self._total = parts, total
        self.setAccessibleDescription(", ".join(f"{part.name} {fmt.size(part.bytes)}" for part in self._legend()))
        self._reserve(self._reserved)
        self.update()

    def _reserve(self, rows: int) -> None:
        """Make room for so many rows, or for more if the legend has them."""
        self._places = self._placed()
        self._reserved = max(rows, *(row + 1 for _, row, _, _ in self._places), 1)
        self.setFixedHeight(self.sizeHint().height())

    def _legend(self) -> tuple[Part, ...]:
        return tuple(part for part in self._parts if part.bytes)

    def _placed(self) -> list[tuple[float, int, Part, str]]:
        """Return the layout of the legend's entries: x, row, part, text."""
        metrics = self.fontMetrics()
        places, x, row = [], 0.0, 0
        for part in self._legend():
            text = f"{part.name} {fmt.gibibytes(part.bytes)}"
            width = metrics.horizontalAdvance(text) * 11 / 13 + 26
            if x and x + width - 12 > self.width():
                x, row = 0.0, row + 1
            places.append((x, row, part, text))
            x += width
        return places

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.oldSize().width() != self.width():
            self._reserve(_ROWS)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_bar(painter)
        painter.setFont(caption(self.font()))
        for x, row, part, text in self._places:
            self._paint_entry(painter, QPointF(x, _HEIGHT + 6 + row * _LINE), part, text)
        painter.end()

    def _paint_bar(self, painter: QPainter) -> None:
        frame = QRectF(0, 1, self.width(), _HEIGHT)
        clip = QPainterPath()
        clip.addRoundedRect(frame, _HEIGHT / 2, _HEIGHT / 2)
        painter.setClipPath(clip)
        painter.fillRect(frame, QColor(self._theme.tokens.track))
        asked = sum(part.bytes for part in self._parts)
        scale = self.width() / max(asked, self._total or 0, 1)
        x = 0.0
        for part in self._parts:
            width = part.bytes * scale
            painter.fillRect(
                QRectF(x, 1, max(0.0, width - 1.5), _HEIGHT), QColor(getattr(self._theme.tokens, part.colour))
            )
            x += width
        if self._total and asked > self._total:
            edge = self._total * scale
            painter.fillRect(QRectF(edge - 1, 1, 2.5, _HEIGHT), QColor(self._theme.tokens.danger))
        painter.setClipping(False)

    def _paint_entry(self, painter: QPainter, at: QPointF, part: Part, text: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(self._theme.tokens, part.colour)))
        painter.drawEllipse(QPointF(at.x() + 4, at.y() + 6), 3.5, 3.5)
        painter.setPen(QColor(self._theme.tokens.muted))
        painter.drawText(QPointF(at.x() + 13, at.y() + 10), text)
