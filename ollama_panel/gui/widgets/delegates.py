"""Item delegates that paint table cells: two-line names, state pills, load bars."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from ollama_panel.gui import format as fmt
from ollama_panel.gui.models.records import CAPTION_ROLE, LOAD_ROLE, TONE_ROLE
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import CAPTION, tint

Index = QModelIndex | QPersistentModelIndex
_PAD = 8


def caption(font: QFont) -> QFont:
    """Return `font` in the caption size."""
    made = QFont(font)
    made.setPixelSize(CAPTION)
    return made


class _PaintedDelegate(QStyledItemDelegate):
    """A delegate that paints the cell over the row's selection colour."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(self._theme.tokens.sel))
        painter.setFont(option.font)
        self.draw(painter, rect, index)
        painter.restore()

    def draw(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Paint the cell's content."""
        raise NotImplementedError


class TwoLineDelegate(_PaintedDelegate):
    """Paints a name, and a caption below it (CAPTION_ROLE)."""

    @override
    def draw(self, painter: QPainter, rect: QRect, index: Index) -> None:
        inner = QRect(rect.x() + _PAD, rect.center().y() - 16, rect.width() - 2 * _PAD, 34)
        colours = self._theme.tokens
        metrics = painter.fontMetrics()
        painter.setPen(QColor(colours.text))
        name = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignTop, name)
        painter.setFont(caption(painter.font()))
        painter.setPen(QColor(colours.muted))
        second = painter.fontMetrics().elidedText(
            str(index.data(CAPTION_ROLE) or ""), Qt.TextElideMode.ElideRight, inner.width()
        )
        painter.drawText(inner, Qt.AlignmentFlag.AlignBottom, second)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, 42)


class PillDelegate(_PaintedDelegate):
    """Paints a state as its name and a dot on a tinted background (TONE_ROLE: a colour token), not by colour alone."""

    @override
    def draw(self, painter: QPainter, rect: QRect, index: Index) -> None:
        tone = index.data(TONE_ROLE)
        if tone:
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


class LoadBarDelegate(_PaintedDelegate):
    """Paints the share of its slots that an instance uses (LOAD_ROLE: 0 to 1, None = unknown), and the numbers."""

    @override
    def draw(self, painter: QPainter, rect: QRect, index: Index) -> None:
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
