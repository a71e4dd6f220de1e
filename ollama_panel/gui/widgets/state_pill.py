"""A state pill as a widget; tables paint the same pill."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.gui.phases import instance_label
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.delegates import draw_pill


class StatePill(QWidget):
    """The name of a state with a dot, on a tinted background."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text, self._tone = "", "muted"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_instance(self, record: InstanceRecord) -> None:
        """Show the state of an instance."""
        self.show_state(*instance_label(record))

    def show_state(self, text: str, tone: str) -> None:
        """Show the name of a state in the colour of a token."""
        if (text, tone) != (self._text, self._tone):
            self._text, self._tone = text, tone
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._text) + 34, 24)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._text:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_pill(painter, self._theme, QRect(self.rect()), self._text, self._tone)
        painter.end()
