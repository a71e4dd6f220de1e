"""Slider, spin box and combo box that the wheel changes only with the focus: without it, the wheel scrolls the page.

Qt's own take every turn of the wheel that passes over them, and two of them the focus with it.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSlider, QSpinBox, QWidget
from typing_extensions import override

from ollama_panel.gui.tokens import SM


def _turn(widget: QWidget, event: QWheelEvent, change: Callable[[QWheelEvent], None]) -> None:
    """Let the wheel change a widget that has the focus; else leave it to what the widget lies in, which scrolls."""
    if widget.hasFocus():
        change(event)
    else:
        event.ignore()


class Slider(QSlider):
    """A horizontal slider."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        _turn(self, event, super().wheelEvent)


class SpinBox(QSpinBox):
    """A field for a whole number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(SM - 2, 0, SM - 2, 0)  # the style sheet's padding does not reach it
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        _turn(self, event, super().wheelEvent)


class DecimalBox(QDoubleSpinBox):
    """A field for a number with up to three decimals; it shows those that the number has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(3)
        self.lineEdit().setTextMargins(SM - 2, 0, SM - 2, 0)  # the style sheet's padding does not reach it
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @override
    def textFromValue(self, value: float) -> str:
        return self.locale().toString(value, "g", 9)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        _turn(self, event, super().wheelEvent)


class ComboBox(QComboBox):
    """A choice from a list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        _turn(self, event, super().wheelEvent)
