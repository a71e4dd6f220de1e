"""An entry of the sidebar: a page's icon and title, and how many things wait there, as a badge."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget
from typing_extensions import override

from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import CAPTION, XS, tint

_HEIGHT, _PAD, _SLACK = 18, 3, 8
"""Pixels: the height of a badge, which is its least width too, the room beside its number, and what Qt leaves free."""
_MOST = 99
"""The greatest number that is told; greater ones are "99+"."""


class NavButton(QToolButton):
    """A checkable button with a badge in the colour of a token.

    There is always room for the badge, so that nothing moves when it comes. Without texts it lies on the icon's corner.
    """

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._badge, self._tone = "", "warn"
        self.has_badge = False
        self.setText(" " + title.replace("&", "&&"))
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setProperty("nav", True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setIconSize(QSize(18, 18))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def badge(self) -> str:
        """The number in the badge, "" if there is none."""
        return self._badge

    @property
    def tone(self) -> str:
        """The token of the badge's colour."""
        return self._tone

    def show_count(self, count: int, told: str, tone: str = "warn") -> None:
        """Show how many there are; 0 takes the badge away. `told` says it to a screen reader."""
        text = "" if count <= 0 else str(count) if count <= _MOST else f"{_MOST}+"
        self.setAccessibleDescription(told if text else "")
        if (text, tone) != (self._badge, self._tone):
            self._badge, self._tone = text, tone
            self.update()

    @override
    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        return size + QSize(self._width(f"{_MOST}+") - _SLACK, 0) if self.has_badge and self._with_text() else size

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._badge:
            return
        colours, place = self._theme.tokens, self._place()
        tone = getattr(colours, self._tone)
        ground = colours.sel if self.isChecked() else colours.surface
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tint(tone, ground)))
        painter.drawRoundedRect(place, _HEIGHT / 2, _HEIGHT / 2)
        painter.setPen(QColor(tone))
        painter.setFont(self._font())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._badge)
        painter.end()

    def _place(self) -> QRect:
        width = self._width(self._badge)
        if self._with_text():
            return QRect(self.width() - XS - width, (self.height() - _HEIGHT) // 2, width, _HEIGHT)
        return QRect(self.width() - width, 0, width, _HEIGHT)

    def _with_text(self) -> bool:
        return self.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon

    def _width(self, text: str) -> int:
        return max(_HEIGHT, QFontMetrics(self._font()).horizontalAdvance(text) + 2 * _PAD)

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(CAPTION)
        font.setWeight(QFont.Weight.DemiBold)
        return font
