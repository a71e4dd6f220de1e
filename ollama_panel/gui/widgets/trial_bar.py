"""How far a tuning is: one segment a trial."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ollama_panel.gui.theme import Theme

_HEIGHT, _GAP = 6, 4
"""Pixels."""


class TrialBar(QWidget):
    """Paints a segment for each trial, in the colour token of its state."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tones: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Trials of the tuning"))
        theme.changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def show_tones(self, tones: Sequence[str], told: str) -> None:
        """Show segments; `told` says the same in words."""
        if tuple(tones) != self._tones:
            self._tones = tuple(tones)
            self.update()
        self.setAccessibleDescription(told)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._tones:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        width = (self.width() - _GAP * (len(self._tones) - 1)) / len(self._tones)
        for place, tone in enumerate(self._tones):
            painter.setBrush(QColor(getattr(self._theme.tokens, tone)))
            painter.drawRoundedRect(QRectF(place * (width + _GAP), 0, width, _HEIGHT), _HEIGHT / 2, _HEIGHT / 2)
        painter.end()
