"""A framed card, and the labels, buttons and lines that pages put on cards."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ollama_panel.gui.tokens import LG, SM
from ollama_panel.gui.widgets.elided_label import ElidedLabel


class Card(QFrame):
    """A surface with a border; its widgets go into `body`."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(LG, LG - 3, LG, LG - 3)
        self.body.setSpacing(SM - 2)
        self.heading = QHBoxLayout()
        self.heading.setSpacing(SM)
        if title:
            heading = ElidedLabel(title, "title")
            heading.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            self.heading.addWidget(heading)
            self.heading.addStretch()
            self.body.addLayout(self.heading)


def needed_height(layout: QLayout, width: int) -> int:
    """Return the pixels that a layout needs for all lines of its wrapped labels; Qt's own hints leave some out."""
    return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()


def label(text: str = "", role: str = "", wrap: bool = False, of: QWidget | None = None) -> QLabel:
    """Return a label in a role of the style sheet; it is the buddy of the widget that it is the title `of`."""
    made = QLabel(text)
    if of is not None:
        made.setBuddy(of)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


def button(text: str, tip: str = "", primary: bool = False, small: bool = False) -> QPushButton:
    """Return a push button; `tip` describes its effect."""
    made = QPushButton(text)
    made.setToolTip(tip)
    made.setProperty("primary", primary)
    made.setProperty("small", small)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def flat_button(name: str, tip: str) -> QToolButton:
    """Return a tool button for an icon without text; `name` is its accessible name."""
    made = QToolButton()
    made.setProperty("flat", True)
    made.setAccessibleName(name)
    made.setToolTip(tip)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def rule() -> QFrame:
    """Return a thin horizontal line."""
    line = QFrame()
    line.setObjectName("rule")
    return line


def set_tone(widget: QWidget, tone: str) -> None:
    """Set the tone of a label: ok, warn, danger, muted, or "" for none."""
    set_property(widget, "tone", tone)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet selects by, and restyle the widget if it changed."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
