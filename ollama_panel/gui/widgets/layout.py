"""Layout shared by the pages."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ollama_panel.gui.tokens import LG, MD, XL
from ollama_panel.gui.widgets.card import label


class PageFrame(QWidget):
    """The frame of every page: a heading with a summary below it, controls at its right, and a body."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._summary = label("", "muted")
        self.controls = QHBoxLayout()
        self.controls.setSpacing(MD)
        titles = QVBoxLayout()
        titles.setSpacing(1)
        titles.addWidget(label(title, "h1"))
        titles.addWidget(self._summary)
        heading = QHBoxLayout()
        heading.addLayout(titles, 1)
        heading.addLayout(self.controls)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(XL, LG, XL, LG)
        self.body.setSpacing(LG - 2)
        self.body.addLayout(heading)

    def set_summary(self, text: str) -> None:
        """Show a sentence that summarises the state."""
        if text != self._summary.text():
            self._summary.setText(text)


def scrolled(widget: QWidget, parent: QWidget) -> QScrollArea:
    """Return a frameless area that scrolls `widget` vertically, never horizontally."""
    area = QScrollArea(parent)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(widget)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    widget.setAutoFillBackground(False)
    return area
