"""Item delegates that paint table cells: texts with captions, two-line names, state pills, load bars.

Qt's own delegate asks the model for seven roles for each cell, and a style sheet makes it several times slower; these
ask for what they paint, and keep fonts, pens and shortened texts. Each sets all of the painter's state that it uses.
"""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen, QStaticText, QTextLayout, QTransform
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from ollama_panel.gui import format as fmt
from ollama_panel.gui.models.records import CAPTION_ROLE, LOAD_ROLE, TONE_ROLE, RecordTable
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import CAPTION, MONOSPACE, tint

Index = QModelIndex | QPersistentModelIndex
_PAD, _GAP, _ANY = 8, 6, 100_000
_SELECTED = QStyle.StateFlag.State_Selected.value


def caption(font: QFont) -> QFont:
    """Return `font` in the caption size."""
    made = QFont(font)
    made.setPixelSize(CAPTION)
    return made


@lru_cache(maxsize=64)
def pen(colour: str) -> QPen:
    """Return a pen of a colour, `#rrggbb`."""
    return QPen(QColor(colour))


@lru_cache(maxsize=64)
def brush(colour: str) -> QBrush:
    """Return a brush of a colour, `#rrggbb`."""
    return QBrush(QColor(colour))


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A font and its metrics."""

    font: QFont
    metrics: QFontMetrics


_faces: dict[str, tuple[Face, Face]] = {}
_variants: dict[tuple[str, str], Face] = {}


def faces(font: QFont) -> tuple[Face, Face]:
    """Return a font, and the same in the caption size."""
    key = font.key()
    if key not in _faces:
        body, small = QFont(font), caption(font)
        _faces[key] = Face(body, QFontMetrics(body)), Face(small, QFontMetrics(small))
    return _faces[key]


def strong(face: Face) -> Face:
    """Return the same face, half bold."""
    key = face.font.key(), "strong"
    if key not in _variants:
        font = QFont(face.font)
        font.setWeight(QFont.Weight.DemiBold)
        _variants[key] = Face(font, QFontMetrics(font))
    return _variants[key]


def monospace(face: Face) -> Face:
    """Return the face of one width for all letters, in the same size."""
    key = face.font.key(), "monospace"
    if key not in _variants:
        font = QFont(face.font)
        font.setFamilies(list(MONOSPACE))
        _variants[key] = Face(font, QFontMetrics(font))
    return _variants[key]


@lru_cache(maxsize=4096)
def laid_out(face: Face, text: str, width: int) -> tuple[QStaticText, float, float]:
    """Return a text as far as it fits into a width in pixels, ready to be painted, its width, and its ascent.

    The ascent is that of the fonts that its letters come from: Chinese ones are in another than Latin ones.
    """
    shown = face.metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    made = QStaticText(shown)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    made.prepare(QTransform(), face.font)
    layout = QTextLayout(shown, face.font)
    layout.beginLayout()
    line = layout.createLine()
    if shown:
        line.setLineWidth(_ANY)
    layout.endLayout()
    return made, made.size().width(), line.ascent() if shown else 0.0


def centred(face: Face, middle: float) -> float:
    """Return the base line of a line of text around a height, in pixels."""
    return round(middle + (face.metrics.ascent() - face.metrics.descent()) / 2)


class PaintedDelegate(QStyledItemDelegate):
    """A delegate that paints the cell over the row's selection colour."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        if option.state.value & _SELECTED:
            painter.fillRect(rect, brush(self._theme.tokens.sel))
        body, small = faces(option.font)
        painter.setFont(body.font)
        self.draw(painter, rect, index, body, small)

    def draw(self, painter: QPainter, rect: QRect, index: Index, body: Face, small: Face) -> None:
        """Paint the cell's content; the painter has the font of `body`."""
        raise NotImplementedError  # Qt has a metaclass of its own: no ABC


class TextDelegate(PaintedDelegate):
    """Paints a text, and a caption behind it (CAPTION_ROLE); with TONE_ROLE, a dot of that colour token before it."""

    at_right = False

    @override
    def draw(self, painter: QPainter, rect: QRect, index: Index, body: Face, small: Face) -> None:
        colours, table = self._theme.tokens, index.model()
        assert isinstance(table, RecordTable)
        cell = table.cell(index.row(), index.column())
        left, room, middle = rect.x() + _PAD, rect.width() - 2 * _PAD, rect.y() + rect.height() / 2
        if cell.tone:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(brush(colours.muted if cell.faded else getattr(colours, cell.tone)))
            painter.drawEllipse(QPointF(left + 4, middle), 3.5, 3.5)
            left, room = left + 15, room - 15
        least = min(room // 3, round(laid_out(small, cell.caption, _ANY)[1]) + _GAP) if cell.caption else 0
        text, width, ascent = laid_out(body, cell.text, room - least)
        base = centred(body, middle)
        painter.setPen(pen(colours.muted if cell.faded else colours.text))
        painter.drawStaticText(QPointF(left + room - width if self.at_right else left, base - ascent), text)
        if cell.caption:
            painter.setFont(small.font)
            painter.setPen(pen(colours.muted))
            second, _, ascent = laid_out(small, cell.caption, room - round(width) - _GAP)
            painter.drawStaticText(QPointF(left + width + _GAP, base - ascent), second)


class NumberDelegate(TextDelegate):
    """Paints a number at the right."""

    at_right = True


class TwoLineDelegate(PaintedDelegate):
    """Paints a name, and a caption below it (CAPTION_ROLE) if there is one."""

    @override
    def draw(self, painter: QPainter, rect: QRect, index: Index, body: Face, small: Face) -> None:
        left, room, middle = rect.x() + _PAD, rect.width() - 2 * _PAD, rect.center().y()
        below = index.data(CAPTION_ROLE) or ""
        first, _, ascent = laid_out(body, index.data(), room)
        painter.setPen(pen(self._theme.tokens.text))
        painter.drawStaticText(QPointF(left, centred(body, middle - 8 if below else middle) - ascent), first)
        second, _, ascent = laid_out(small, below, room)
        painter.setFont(small.font)
        painter.setPen(pen(self._theme.tokens.muted))
        painter.drawStaticText(QPointF(left, centred(small, middle + 9) - ascent), second)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, 42)


class PillDelegate(PaintedDelegate):
    """Paints a state as its name and a dot on a tinted background (TONE_ROLE: a colour token), not by colour alone."""

    @override
    def draw(self, painter: QPainter, rect: QRect, index: Index, body: Face, small: Face) -> None:
        tone = index.data(TONE_ROLE)
        if tone:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_pill(painter, self._theme, rect.adjusted(_PAD, 0, 0, 0), str(index.data()), tone)


def draw_pill(painter: QPainter, theme: Theme, rect: QRect, text: str, tone: str) -> None:
    """Paint a pill at the left of `rect`, vertically centred."""
    colour = getattr(theme.tokens, tone)
    width = min(painter.fontMetrics().horizontalAdvance(text) + 31, rect.width())
    shape = QRectF(rect.x(), rect.center().y() - 10.5, width, 22)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tint(colour, theme.tokens.surface)))
    painter.drawRoundedRect(shape, 11, 11)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(QPointF(shape.x() + 12, shape.center().y()), 3.5, 3.5)
    painter.setPen(QColor(colour))
    room = shape.adjusted(21, 0, -6, 0)
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()) + 4)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)


class LoadBarDelegate(PaintedDelegate):
    """Paints the share of its slots that an instance uses (LOAD_ROLE: 0 to 1, None = unknown), and the numbers."""

    @override
    def draw(self, painter: QPainter, rect: QRect, index: Index, body: Face, small: Face) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        share: float | None = index.data(LOAD_ROLE)
        colours = self._theme.tokens
        text = str(index.data())
        room = max(38, painter.fontMetrics().horizontalAdvance(text) + 4)
        track = QRectF(rect.x() + _PAD, rect.center().y() - 2, max(0, rect.width() - room - 3 * _PAD), 6)
        if share is not None and track.width() > 16:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.track))
            painter.drawRoundedRect(track, 3, 3)
            painter.setBrush(QColor(colours.warn if share >= 1 else colours.accent))
            if share > 0:
                filled = QRectF(track)
                filled.setWidth(max(6.0, track.width() * min(share, 1.0)))
                painter.drawRoundedRect(filled, 3, 3)
        painter.setPen(QColor(colours.muted))
        text_rect = QRectF(rect.right() - room - _PAD, rect.y(), room, rect.height())
        painter.drawText(text_rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text or fmt.UNKNOWN)
