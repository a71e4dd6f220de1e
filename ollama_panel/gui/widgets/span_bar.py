"""The bar of a time line: solid where a part was measured, hatched or outlined where it is expected."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ollama_panel.core.request_spans import Part, Span
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.delegates import caption

COLOURS = {
    Part.QUEUE: "info",
    Part.INSIDE: "servers",
    Part.LOAD: "pools",
    Part.PROMPT: "warn",
    Part.INSTANCE: "warn",
    Part.ANSWER: "ok",
    Part.PANEL: "muted",
}
"""The colour token of each part."""

_BAR, _BELOW = 12, 18
"""Pixels: how high the bar is, and the line of times below it."""
_GAP, _LEAST, _RADIUS = 1, 3, 3


class SpanBar(QWidget):
    """The spans side by side, and below them the times of the beginning, of now and of the end."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._spans: tuple[Span, ...] = ()
        self._times = ("", "", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_spans(self, spans: tuple[Span, ...], times: tuple[str, str, str]) -> None:
        """Show spans; `times` are what is said of the beginning, of the end of what was measured, and of the end."""
        self._spans, self._times = spans, times
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, _BAR + _BELOW)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, now = 0.0, None
        for span, width in zip(self._spans, shares([one.seconds for one in self._spans], self.width()), strict=True):
            if not span.measured and now is None:
                now = x
            self._paint_span(painter, span, QRectF(x, 0.5, max(1.0, width - _GAP), _BAR - 1))
            x += width
        self._paint_times(painter, now)
        painter.end()

    def _paint_span(self, painter: QPainter, span: Span, place: QRectF) -> None:
        colour = QColor(getattr(self._theme.tokens, COLOURS[span.part]))
        radius = min(_RADIUS, place.width() / 2)
        if span.measured:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(place, radius, radius)
            return
        painter.setPen(QPen(colour, 1))
        hatched = span.part is Part.QUEUE
        painter.setBrush(QBrush(colour, Qt.BrushStyle.BDiagPattern) if hatched else QBrush(Qt.BrushStyle.NoBrush))
        painter.drawRoundedRect(place.adjusted(0.5, 0, -0.5, 0), radius, radius)

    def _paint_times(self, painter: QPainter, now: float | None) -> None:
        begin, middle, end = self._times
        small = caption(self.font())
        metrics = QFontMetrics(small)
        room = QRectF(0, _BAR, self.width(), _BELOW)
        painter.setFont(small)
        painter.setPen(QColor(self._theme.tokens.muted))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, begin)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, end)
        if now is None or not middle:
            return
        painter.setPen(QPen(QColor(self._theme.tokens.text), 1.5))
        painter.drawLine(QPointF(now, 0), QPointF(now, _BAR + 2))
        strong = QFont(small)
        strong.setWeight(QFont.Weight.DemiBold)
        painter.setFont(strong)
        half = QFontMetrics(strong).horizontalAdvance(middle) / 2 + 4
        least = metrics.horizontalAdvance(begin) + half + 4 if begin else half
        most = self.width() - metrics.horizontalAdvance(end) - half - 4
        if least <= most:
            at = min(max(now, least), most)
            painter.drawText(QRectF(at - half, _BAR, 2 * half, _BELOW), Qt.AlignmentFlag.AlignCenter, middle)


def shares(seconds: Sequence[float], width: float) -> list[float]:
    """Return the width in pixels of each span; also the shortest can be seen, and the longest one gives for it."""
    whole = sum(seconds)
    if not whole:
        return [0.0 for _ in seconds]
    found = [max(_LEAST + _GAP, part / whole * width) for part in seconds]
    longest = found.index(max(found))
    found[longest] = max(_LEAST + _GAP, found[longest] - (sum(found) - width))
    return found
