"""An editor for a number: its name, a slider, and a spin box for the exact value."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ollama_panel.core.settings import catalog
from ollama_panel.gui import setting_texts
from ollama_panel.gui.tokens import MD
from ollama_panel.gui.widgets.card import set_property
from ollama_panel.gui.widgets.inputs import Slider, SpinBox


class SettingSlider(QWidget):
    """A slider over `stops`, and a spin box for every value of the setting; `changed` is emitted with a new value.

    `name` is the accessible name, of both.
    """

    changed = Signal(int)

    def __init__(self, key: str, name: str, stops: Sequence[int], step: int = 1) -> None:
        super().__init__()
        setting = catalog.find(key)
        assert setting.low is not None
        assert setting.high is not None
        self._stops = tuple(stops)
        self._changed = False
        # Opaque, so that a step does not paint card and page behind it anew.
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._label = QLabel(setting_texts.title(key))
        self._slider = Slider()
        self._slider.setRange(0, len(stops) - 1)
        self._slider.setPageStep(max(1, len(stops) // 8))
        self._spin = SpinBox()
        self._spin.setRange(setting.low, setting.high)
        self._spin.setSingleStep(step)
        self._spin.setKeyboardTracking(False)
        self._spin.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._spin.setProperty("strong", True)
        self._spin.setGroupSeparatorShown(True)
        self._describe(name, setting_texts.meaning(key))
        self._lay_out()
        self._follow(self._spin.value())
        self._slider.valueChanged.connect(self._slid)
        self._spin.valueChanged.connect(self._typed)

    def value(self) -> int:
        """Return the current value."""
        return self._spin.value()

    def set_value(self, value: int) -> None:
        """Show a value without emitting `changed`."""
        if value != self._spin.value():
            with QSignalBlocker(self._spin):
                self._spin.setValue(value)
            self._follow(value)

    def mark_changed(self, changed: bool) -> None:
        """Mark the name of a value that differs from the one in force, by its tone and by a dot."""
        if changed != self._changed:
            self._changed = changed
            set_property(self._label, "tone", "warn" if changed else "")
            text = self._label.text().removesuffix(" •")
            self._label.setText(f"{text} •" if changed else text)

    def _describe(self, name: str, tip: str) -> None:
        self._label.setBuddy(self._slider)
        for widget in (self._label, self._slider, self._spin):
            widget.setToolTip(tip)
        self._slider.setAccessibleName(name)
        self._spin.setAccessibleName(name)
        self._slider.setAccessibleDescription(tip)
        self._spin.setAccessibleDescription(tip)

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(MD)
        layout.setColumnStretch(1, 1)
        self._label.setFixedWidth(104)
        self._spin.setFixedSize(78, 27)
        for column, widget in enumerate((self._label, self._slider, self._spin)):
            layout.addWidget(widget, 0, column)

    def _follow(self, value: int) -> None:
        nearest = min(range(len(self._stops)), key=lambda at: abs(self._stops[at] - value))
        with QSignalBlocker(self._slider):
            self._slider.setValue(nearest)

    @Slot(int)
    def _slid(self, at: int) -> None:
        with QSignalBlocker(self._spin):
            self._spin.setValue(self._stops[at])
        self.changed.emit(self._stops[at])

    @Slot(int)
    def _typed(self, value: int) -> None:
        self._follow(value)
        self.changed.emit(value)
