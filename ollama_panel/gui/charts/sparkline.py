"""The small curve of a key figure, painted without axes at a third of the cost of a chart widget."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ollama_panel.gui.theme import Theme


class Sparkline(QWidget):
    """A curve scaled to its own range. Screen readers skip it, because the card's text has the value."""

    def __init__(self, theme: Theme, colour: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colour = colour
        self._values: Sequence[float] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(34)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, 34)

    def show_values(self, values: Sequence[float]) -> None:
        """Draw these values, evenly spaced."""
        self._values = values
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if len(self._values) < 2:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(getattr(self._theme.tokens, self._colour))
        line = self._line()
        area = QPainterPath()
        area.addPolygon(line)
        area.lineTo(self.width(), self.height())
        area.lineTo(0, self.height())
        painter.fillPath(area, _fade(colour, self.height()))
        painter.setPen(QPen(colour, 1.6))
        painter.drawPolyline(line)
        painter.end()

    def _line(self) -> QPolygonF:
        values = self._values
        low, high = min(values), max(values)
        top, room = 2.0, self.height() - 5.0
        levels = [(value - low) / (high - low) if high > low else 0.12 for value in values]
        step = self.width() / (len(values) - 1)
        return QPolygonF([QPointF(place * step, top + room * (1 - level)) for place, level in enumerate(levels)])


def _fade(colour: QColor, height: int) -> QLinearGradient:
    gradient = QLinearGradient(0, 0, 0, height)
    strong, clear = QColor(colour), QColor(colour)
    strong.setAlpha(64)
    clear.setAlpha(0)
    gradient.setColorAt(0, strong)
    gradient.setColorAt(1, clear)
    return gradient
