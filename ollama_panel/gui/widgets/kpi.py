"""A key figure: its current value, a note such as its change, and its last minutes as a small curve."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ollama_panel.gui.charts.sparkline import Sparkline
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD
from ollama_panel.gui.widgets.card import Card, label, set_tone
from ollama_panel.gui.widgets.elided_label import ElidedLabel


class Kpi(Card):
    """One key figure. `colour` is the colour token of its curve."""

    def __init__(self, theme: Theme, title: str, colour: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.body.setContentsMargins(self.body.contentsMargins().left(), MD, self.body.contentsMargins().right(), MD)
        self.body.setSpacing(2)
        self._title = ElidedLabel(title, "muted")
        self._note = label("", "caption")
        self._value = label("—", "kpi")
        self._unit = ElidedLabel("", "muted")
        self._curve = Sparkline(theme, colour)
        self.setToolTip(tip)
        top, middle = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._note)
        middle.setSpacing(6)
        middle.addWidget(self._value)
        middle.addWidget(self._unit, 1, Qt.AlignmentFlag.AlignBottom)
        self._unit.setContentsMargins(0, 0, 0, 5)
        self.body.addLayout(top)
        self.body.addLayout(middle)
        self.body.addWidget(self._curve)

    def set_title(self, title: str) -> None:
        """Set the title: the memory is the GPU's on one machine and the system's on another."""
        self._title.show_text(title)

    def show_value(self, value: str, unit: str, note: str = "", tone: str = "") -> None:
        """Show a value, and a note beside the title in a tone of the style sheet."""
        self._value.setText(value)
        self._unit.show_text(unit)
        self._note.setText(note)
        set_tone(self._note, tone)
        self.setAccessibleName(self._title.text())
        self.setAccessibleDescription(f"{value} {unit}, {note}".rstrip(", "))

    def show_curve(self, values: Sequence[float]) -> None:
        """Show the last values as a curve."""
        self._curve.show_values(values)
