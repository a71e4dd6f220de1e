"""The delegates of the queue page: ids of one width, what happens with a bar of its progress, and strong numbers."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from ollama_panel.gui.models.records import LOAD_ROLE, RecordTable
from ollama_panel.gui.widgets.delegates import (
    Face,
    Index,
    NumberDelegate,
    PaintedDelegate,
    TextDelegate,
    brush,
    centred,
    laid_out,
    monospace,
    pen,
    strong,
)

_PAD, _GAP = 8, 8
_BAR, _SHORT_BAR, _BAR_HEIGHT, _NARROW = 96, 40, 6, 230
"""Pixels: how long the bar of progress is, also in a column narrower than the last of these, and how high."""
_TOLD = ("warn", "danger")
"""The colour tokens in which words are painted: those of what one should read."""


class ClientDelegate(TextDelegate):
    """Paints a client, and the id of its request behind it."""

    @override
    def draw(self, painter: QPainter, rect: QRect, index: Index, body: Face, small: Face) -> None:
        super().draw(painter, rect, index, body, monospace(small))


class StrongNumberDelegate(NumberDelegate):
    """Paints the number that a part is looked at for."""

    @override
    def draw(self, painter: QPainter, rect: QRect, index: Index, body: Face, small: Face) -> None:
        bold = strong(body)
        painter.setFont(bold.font)
        super().draw(painter, rect, index, bold, small)


class ReasonDelegate(PaintedDelegate):
    """Paints a reason, in the colour of its tone (TONE_ROLE) if that is a warning or an error."""

    @override
    def draw(self, painter: QPainter, rect: QRect, index: Index, body: Face, small: Face) -> None:
        colours, table = self._theme.tokens, index.model()
        assert isinstance(table, RecordTable)
        cell = table.cell(index.row(), index.column())
        colour = colours.muted if cell.faded else getattr(colours, cell.tone if cell.tone in _TOLD else "text")
        text, _, ascent = laid_out(body, cell.text, rect.width() - 2 * _PAD)
        painter.setPen(pen(colour))
        base = centred(body, rect.y() + rect.height() / 2)
        painter.drawStaticText(QPointF(rect.x() + _PAD, base - ascent), text)


class ProgressDelegate(PaintedDelegate):
    """Paints how far a request at work has come (LOAD_ROLE: 0 to 1, None = unknown: an empty bar), and what happens."""

    @override
    def draw(self, painter: QPainter, rect: QRect, index: Index, body: Face, small: Face) -> None:
        colours, table = self._theme.tokens, index.model()
        assert isinstance(table, RecordTable)
        cell = table.cell(index.row(), index.column())
        share: float | None = table.data(index, LOAD_ROLE)
        middle = rect.y() + rect.height() / 2
        bar = QRectF(rect.x() + _PAD, middle - _BAR_HEIGHT / 2, self._bar(rect), _BAR_HEIGHT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush(colours.track))
        painter.drawRoundedRect(bar, 3, 3)
        if share is not None and not cell.faded:
            painter.setBrush(brush(getattr(colours, cell.tone or "accent")))
            painter.drawRoundedRect(QRectF(bar.x(), bar.y(), max(6.0, bar.width() * min(1.0, share)), 6), 3, 3)
        left = round(bar.right()) + _GAP
        text, _, ascent = laid_out(small, cell.text, rect.right() - _PAD - left)
        painter.setFont(small.font)
        painter.setPen(pen(colours.muted))
        painter.drawStaticText(QPointF(left, centred(small, middle) - ascent), text)

    def _bar(self, rect: QRect) -> int:
        return _SHORT_BAR if rect.width() < _NARROW else _BAR
