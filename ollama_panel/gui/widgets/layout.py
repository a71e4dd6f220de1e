"""Layout shared by the pages."""

from collections.abc import Container
from typing import Self, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui.tokens import LG, MD, SM, XL
from ollama_panel.gui.widgets.alert_strip import HEIGHT, AlertStrip
from ollama_panel.gui.widgets.card import label, set_property
from ollama_panel.gui.widgets.elided_label import ElidedLabel

SCROLL_BAR = 10
"""Pixels: the width of a scroll bar in the style sheet. It cannot be seen unless it is needed."""
K = TypeVar("K")
R = TypeVar("R", bound=QWidget)


class PageFrame(QWidget):
    """The frame of every page: a heading with controls, a line below it, and a body that scrolls.

    The line shows the page's summary, or an alert in its place: the strip that the page `holds` decides.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._summary = ElidedLabel()
        set_property(self._summary, "role", "muted")
        self._summary.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._strip: AlertStrip | None = None
        self.controls = QHBoxLayout()
        self.controls.setSpacing(MD)
        name = label(title, "h1")
        name.setMinimumHeight(32)
        row = QHBoxLayout()
        row.addWidget(name, 1)
        row.addLayout(self.controls)
        self._below_heading = QVBoxLayout()
        self._below_heading.setContentsMargins(0, 0, 0, 0)
        self._below_heading.addWidget(self._summary)
        line = QWidget()
        line.setFixedHeight(HEIGHT)
        line.setLayout(self._below_heading)
        heading = QVBoxLayout()
        heading.setContentsMargins(XL, LG, XL, 0)
        heading.setSpacing(2)
        heading.addLayout(row)
        heading.addWidget(line)
        content = QWidget()
        content.setObjectName("page")
        self.body = QVBoxLayout(content)
        self.body.setContentsMargins(XL, SM, XL - SCROLL_BAR, LG)
        self.body.setSpacing(LG - 2)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        self._whole.addLayout(heading)
        self.area = scrolled(content, self)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # it must not move the content
        self._whole.addWidget(self.area, 1)
        self.bar: QWidget | None = None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the engine's state."""
        raise NotImplementedError  # Qt has a metaclass of its own: no ABC

    def take_over(self, old: Self) -> None:
        """Take what the user has begun, chosen and scrolled on a page that this one replaces in another language."""
        raise NotImplementedError  # Qt has a metaclass of its own: no ABC

    def add_bar(self, bar: QWidget) -> None:
        """Put a bar with buttons below the body, where it stays in view."""
        self.bar = bar
        self._whole.addWidget(bar)

    @property
    def summary(self) -> str:
        """The sentence that summarises the state."""
        return self._summary.text()

    def set_summary(self, text: str) -> None:
        """Set a sentence that summarises the state."""
        self._summary.show_text(text)
        if self._strip is not None:
            self._strip.show_summary(text)

    def hold(self, strip: AlertStrip) -> None:
        """Show the strip of the alerts in the line below the heading, until another page holds it."""
        if strip.parentWidget() is not self._below_heading.parentWidget():
            self._below_heading.addWidget(strip)
        self._strip = strip
        self._summary.hide()
        strip.show_summary(self._summary.text())

    def release(self) -> None:
        """Leave the strip to another page."""
        self._strip = None
        self._summary.show()


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


def scroll_like(area: QAbstractScrollArea, old: QAbstractScrollArea) -> None:
    """Scroll an area to where another one is, once it is laid out.

    The bar is asked for only then: Shiboken may take the object that stands for it for gone meanwhile, although the bar
    is there.
    """
    place = old.verticalScrollBar().value()
    QTimer.singleShot(0, area, lambda: area.verticalScrollBar().setValue(place))


def drop_rows(rows: dict[K, R], names: Container[K], layout: QLayout) -> None:
    """Remove the rows of what is gone: those whose keys are not among `names`."""
    for gone in [name for name in rows if name not in names]:
        row = rows.pop(gone)
        layout.removeWidget(row)
        row.deleteLater()
