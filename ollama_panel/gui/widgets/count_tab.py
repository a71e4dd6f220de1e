"""A tab with a count behind its title, which has a colour of its own."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter
from typing_extensions import override

from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.guide_choice import TAB

_PAD, _GAP = 11, 8
"""Pixels."""


class CountTab(QPushButton):
    """One of the buttons side by side of which one is chosen. `edge` says which corners are round: first, last."""

    def __init__(self, theme: Theme, title: str, tip: str, edge: str) -> None:
        super().__init__(title)
        self._theme = theme
        self._count = ""
        self.setToolTip(tip)
        self.setCheckable(True)
        self.setFixedHeight(TAB)
        self.setProperty("segment", edge)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    @property
    def _strong(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    @property
    def count(self) -> str:
        """What stands behind the title."""
        return self._count

    def show_count(self, text: str) -> None:
        """Show a count, "" = none."""
        if text != self._count:
            self._count = text
            self.setAccessibleName(f"{self.text()}, {text}" if text else self.text())
            self.updateGeometry()
            self.update()

    @override
    def sizeHint(self) -> QSize:
        count = self.fontMetrics().horizontalAdvance(self._count) + _GAP if self._count else 0
        return QSize(QFontMetrics(self._strong).horizontalAdvance(self.text()) + count + 2 * _PAD + 1, TAB)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        colours = self._theme.tokens
        room = self.rect().adjusted(_PAD, 0, -_PAD, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(QColor(colours.text if self.isChecked() else colours.muted))
        painter.setFont(self._strong if self.isChecked() else self.font())
        painter.drawText(room, flags, self.text())
        room.setLeft(room.left() + painter.fontMetrics().horizontalAdvance(self.text()) + _GAP)
        painter.setFont(self.font())
        painter.setPen(QColor(colours.warn))
        painter.drawText(room, flags, self._count)
        painter.end()
