"""Paints the parts of a chart of steps: grid, curves with their error bars, marks, and the wall of the memory limit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from ollama_panel.gui import format as fmt
from ollama_panel.gui.charts.scale import LinearScale
from ollama_panel.gui.tokens import CAPTION, RADIUS_CONTROL, Tokens, tint

_DOT, _HOLLOW, _CAP, _HATCH = 4.0, 4.5, 5.0, 9.0
"""Pixels: half the width of a filled and a hollow point and of an error bar's ends; between two lines of a hatching."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a curve: its place in pixels, half its interval in pixels, whether it is hollow, and its label."""

    x: float
    y: float
    error: float = 0.0
    hollow: bool = False
    text: str = ""


class StepsPainter:
    """Paints with the colours of a theme; `font` is that of the body."""

    def __init__(self, painter: QPainter, colours: Tokens, font: QFont) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter, self._colours = painter, colours
        self._small, self._strong, self._head = QFont(font), QFont(font), QFont(font)
        self._small.setPixelSize(CAPTION)
        self._strong.setPixelSize(CAPTION)
        for bold in (self._strong, self._head):
            bold.setWeight(QFont.Weight.DemiBold)

    def heading(self, left: float, y: float, title: str, more: str, room: float) -> None:
        """Paint the heading of a plot: its title, and what is said of it as far as there is room."""
        width = self._write(QPointF(left, y), title, self._head, self._colours.text)
        metrics = QFontMetricsF(self._small)
        shown = metrics.elidedText(more, Qt.TextElideMode.ElideRight, max(0.0, room - width - 8))
        self._write(QPointF(left + width + 8, y), shown, self._small, self._colours.muted)

    def grid(self, area: QRectF, scale: LinearScale) -> None:
        """Paint the lines of a scale with their labels at the left."""
        decimals = 0 if scale.step == round(scale.step) else 1
        for value in scale.ticks:
            y = round(scale.at(value)) + 0.5
            self._painter.setPen(QPen(QColor(self._colours.border), 1))
            self._painter.drawLine(QLineF(area.left(), y, area.right(), y))
            self._write(
                QPointF(area.left() - 10, y + 4), fmt.number(value, decimals), self._small, self._colours.muted, 1
            )

    def curve(self, dots: Sequence[Dot], colour: str, *, dashed: bool = False, square: bool = False) -> None:
        """Paint a curve; it is dashed on the way to a hollow point, and its points are square if that is asked for."""
        for one, two in pairwise(dots):
            open_end = one.hollow or two.hollow
            self._painter.setPen(_pen(colour, 1.5 if dashed or open_end else 2.0, dashed=dashed or open_end))
            self._painter.drawLine(QLineF(one.x, one.y, two.x, two.y))
        for dot in dots:
            self._error(dot, colour)
            self._dot(dot, colour, hollow=dot.hollow or (dashed and not square), square=square)

    def plan(self, x: float, y: float) -> None:
        """Paint a step to come, on the axis."""
        self._dot(Dot(x, y), self._colours.muted, hollow=True, square=False)

    def labels(self, dots: Iterable[Dot], area: QRectF) -> None:
        """Paint the labels of points, the most important first: above the point, else below, else not at all."""
        metrics, taken = QFontMetricsF(self._strong), list[QRectF]()
        for dot in dots:
            width = metrics.horizontalAdvance(dot.text)
            left = min(max(dot.x - width / 2, area.left() + 2), area.right() - width - 2)
            for base in (dot.y - dot.error - 9, dot.y + dot.error + 19):
                place = QRectF(left, base - 11, width, 14)
                free = not any(place.adjusted(-3, -1, 3, 1).intersects(other) for other in taken)
                if free and area.adjusted(0, -12, 0, 0).contains(place):
                    taken.append(place)
                    self._painter.fillRect(place.adjusted(-1, 1, 1, -1), QColor(self._colours.surface))
                    self._write(QPointF(left, base), dot.text, self._strong, self._colours.text)
                    break

    def upright(self, x: float, areas: Iterable[QRectF], colour: str, *, dashed: bool) -> None:
        """Paint a line through plots."""
        self._painter.setPen(_pen(colour, 1.3, dashed=dashed))
        for area in areas:
            self._painter.drawLine(QLineF(x, area.top(), x, area.bottom()))

    def flag(self, x: float, y: float, text: str, colour: str, area: QRectF) -> QRectF:
        """Paint a text in a frame around a line, and return its place."""
        width = QFontMetricsF(self._strong).horizontalAdvance(text) + 16
        left = min(max(x - width / 2, area.left()), area.right() - width)
        place = QRectF(left, y - 19, width, 19)
        self._painter.setPen(QPen(QColor(colour), 1))
        self._painter.setBrush(QColor(self._colours.surface2))
        self._painter.drawRoundedRect(place, 4, 4)
        self._write(QPointF(left + 8, y - 6), text, self._strong, self._colours.text)
        return place

    def level(self, area: QRectF, y: float, text: str, right: float, dots: Sequence[Dot]) -> None:
        """Paint a dotted line at a height with its meaning, where neither the curve nor its labels are."""
        pen = _pen(self._colours.ok, 1.2)
        pen.setDashPattern([1.5, 3.0])
        self._painter.setPen(pen)
        self._painter.drawLine(QLineF(area.left(), y, right, y))
        width = QFontMetricsF(self._small).horizontalAdvance(text)
        ends = [area.left() + 6, right - 6 - width]
        if dots and abs(dots[-1].y - y) > abs(dots[0].y - y):
            ends.reverse()
        places = [QRectF(left, base - 11, width, 14) for base in (y - 5, y + 14) for left in ends]
        place = next((one for one in places if area.contains(one) and _is_free(one, dots)), places[0])
        self._write(place.topLeft() + QPointF(0, 11), text, self._small, self._colours.ok)

    def wall(self, area: QRectF, left: float) -> None:
        """Paint the limit of the memory, and a hatching beyond it."""
        beyond = QRectF(QPointF(left, area.top()), area.bottomRight())
        self._painter.save()
        self._painter.setClipRect(beyond)
        self._painter.setPen(_pen(tint(self._colours.danger, self._colours.surface, 0.28), 1.0))
        reach, x = beyond.height(), beyond.left() - beyond.height()
        while x < beyond.right():
            self._painter.drawLine(QLineF(x, beyond.bottom(), x + reach, beyond.top()))
            x += _HATCH
        self._painter.restore()
        self._painter.setPen(_pen(self._colours.danger, 1.6))
        self._painter.drawLine(QLineF(left, beyond.top(), left, beyond.bottom()))

    def note(self, area: QRectF, title: str, text: str) -> None:
        """Paint a text with a title at the bottom of an area, on a ground of its own."""
        wrap = int(Qt.TextFlag.TextWordWrap.value)
        metrics = QFontMetricsF(self._small)
        room = area.width() - 18
        height = metrics.boundingRect(QRectF(0, 0, room, 1000), wrap, text).height() if text else 0
        whole = QRectF(area.left() + 8, area.bottom() - height - 30, room + 4, height + 22)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(self._colours.surface))
        self._painter.drawRoundedRect(whole, RADIUS_CONTROL, RADIUS_CONTROL)
        shown = QFontMetricsF(self._strong).elidedText(title, Qt.TextElideMode.ElideRight, room)
        self._write(QPointF(whole.left() + 4, whole.top() + 14), shown, self._strong, self._colours.danger)
        self._painter.setFont(self._small)
        self._painter.setPen(QColor(self._colours.muted))
        self._painter.drawText(QRectF(whole.left() + 4, whole.top() + 18, room, height + 2), wrap, text)

    def hint(self, area: QRectF, text: str) -> None:
        """Paint a text in the middle of an area."""
        self._painter.setFont(self._small)
        self._painter.setPen(QColor(self._colours.muted))
        self._painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter.value), text)

    def legend(self, right: float, y: float, entries: Sequence[tuple[str, bool]], colour: str) -> float:
        """Paint what filled and hollow points mean, up to the pixel `right`; return where it begins."""
        metrics = QFontMetricsF(self._small)
        for text, hollow in reversed(entries):
            right -= metrics.horizontalAdvance(text)
            self._write(QPointF(right, y), text, self._small, self._colours.muted)
            self._dot(Dot(right - 8, y - 4), colour, hollow=hollow, square=False)
            right -= 22
        return right

    def tick(self, x: float, y: float, text: str) -> None:
        """Paint the label of a step below the plots."""
        self._write(QPointF(x, y), text, self._small, self._colours.muted, 0.5)

    def axis_name(self, left: float, y: float, text: str) -> None:
        """Paint what the axis shows."""
        self._write(QPointF(left, y), text, self._strong, self._colours.text)

    def _error(self, dot: Dot, colour: str) -> None:
        if dot.error < 1:
            return
        self._painter.setPen(_pen(colour, 1.6))
        top, bottom = dot.y - dot.error, dot.y + dot.error
        self._painter.drawLine(QLineF(dot.x, top, dot.x, bottom))
        for y in (top, bottom):
            self._painter.drawLine(QLineF(dot.x - _CAP, y, dot.x + _CAP, y))

    def _dot(self, dot: Dot, colour: str, *, hollow: bool, square: bool) -> None:
        half = _HOLLOW if hollow and dot.hollow else _DOT - 1 if hollow else _DOT
        self._painter.setPen(_pen(colour, 1.6) if hollow else Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(self._colours.surface if hollow else colour))
        place = QRectF(dot.x - half, dot.y - half, 2 * half, 2 * half)
        self._painter.drawRect(place) if square else self._painter.drawEllipse(place)

    def _write(self, at: QPointF, text: str, font: QFont, colour: str, share: float = 0.0) -> float:
        """Write a text from a point, or with a share of it before that; return its width."""
        width = QFontMetricsF(font).horizontalAdvance(text)
        self._painter.setFont(font)
        self._painter.setPen(QColor(colour))
        self._painter.drawText(QPointF(at.x() - share * width, at.y()), text)
        return width


def _is_free(place: QRectF, dots: Sequence[Dot]) -> bool:
    """Return whether a place is clear of a curve, its error bars and the labels above its points."""
    bars = (QRectF(dot.x - 16, dot.y - dot.error - 22, 32, 2 * dot.error + 26) for dot in dots)
    sides = QLineF(place.topLeft(), place.bottomRight()), QLineF(place.bottomLeft(), place.topRight())
    lines = (QLineF(one.x, one.y, two.x, two.y) for one, two in pairwise(dots))
    crossed = (
        line.intersects(side)[0] == QLineF.IntersectionType.BoundedIntersection for line in lines for side in sides
    )
    return not any(place.intersects(bar) for bar in bars) and not any(crossed)


def _pen(colour: str, width: float, *, dashed: bool = False) -> QPen:
    made = QPen(QColor(colour), width)
    if dashed:
        made.setDashPattern([3.0, 2.5])
    return made
