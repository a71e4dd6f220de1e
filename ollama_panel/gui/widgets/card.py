"""A framed surface, and the small labelled pieces that stand on it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from ollama_panel.gui.tokens import LG, SM


class Card(QFrame):
    """A surface with a border; put widgets into `body`."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(LG, LG - 3, LG, LG - 3)
        self.body.setSpacing(SM - 2)
        self.heading = QHBoxLayout()
        self.heading.setSpacing(SM)
        if title:
            self.heading.addWidget(label(title, "title"))
            self.heading.addStretch()
            self.body.addLayout(self.heading)


def label(text: str = "", role: str = "", wrap: bool = False, of: QWidget | None = None) -> QLabel:
    """Return a label in one of the stylesheet's roles; screen readers say it before what it is the title `of`."""
    made = QLabel(text)
    if of is not None:
        made.setBuddy(of)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


def button(text: str, tip: str = "", primary: bool = False, small: bool = False) -> QPushButton:
    """Return a push button; `tip` says what it changes."""
    made = QPushButton(text)
    made.setToolTip(tip)
    made.setProperty("primary", primary)
    made.setProperty("small", small)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def flat_button(name: str, tip: str) -> QToolButton:
    """Return a button that will carry only an icon; `name` is what screen readers say."""
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
    """Colour a label by meaning: ok, warn, danger, muted or "" for plain."""
    set_property(widget, "tone", tone)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the stylesheet looks at, and let it look again if it changed."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
