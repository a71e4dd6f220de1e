"""What is chosen above the text of an export: its file, what computes there, and whose services run it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)
from typing_extensions import override

from ollama_panel.core.export.deployment import Accelerator
from ollama_panel.gui.tokens import SM
from ollama_panel.gui.widgets.inputs import ComboBox

_LEAST, _MOST = 90, 320
"""Pixels: the widths of a choice."""


class ExportOptions(QWidget):
    """A row of choices, of which only those are there that make a difference."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._files: list[tuple[str, str]] = []
        self.file = _Small(self.tr("File"), self.tr("Which of the files is shown"))
        self.accelerator = _Small(self.tr("What computes there"), self.tr("The cards of the machine that it goes to"))
        self.manager = _Small(self.tr("Service manager"), self.tr("Who runs Ollama: the system, or the user"))
        for accelerator, name in self._accelerators():
            self.accelerator.addItem(name, accelerator)
        self.manager.addItem(self.tr("System service"), False)
        self.manager.addItem(self.tr("User service"), True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SM)
        self._parts: tuple[ComboBox, ...] = (self.file, self.accelerator, self.manager)
        for part in self._parts:
            row.addWidget(part, 3 if part is self.file else 2)
            part.hide()
        row.addStretch()
        self.hide()

    def show_files(self, files: Sequence[tuple[str, str]]) -> None:
        """Show the files, each with a word on its state; the chosen one stays chosen, by its name."""
        if list(files) != self._files:
            chosen = self._files[self.file.currentIndex()][0] if self.file.currentIndex() >= 0 else ""
            names = [name for name, _ in files]
            self._files = list(files)
            self.file.blockSignals(True)
            self.file.clear()
            self.file.addItems([f"{name} ({state})" if state else name for name, state in files])
            self.file.setCurrentIndex(names.index(chosen) if chosen in names else min(0, len(names) - 1))
            self.file.blockSignals(False)
        self._show(self.file, len(files) > 1)

    def show_accelerator(self, chosen: Accelerator, *, matters: bool) -> None:
        """Show what computes there, if that makes a difference."""
        self.accelerator.setCurrentIndex(self.accelerator.findData(chosen))
        self._show(self.accelerator, matters)

    def show_manager(self, of_user: bool, *, matters: bool) -> None:
        """Show whose services they are, if that makes a difference."""
        self.manager.setCurrentIndex(self.manager.findData(of_user))
        self._show(self.manager, matters)

    def _show(self, part: ComboBox, on: bool) -> None:
        part.setVisible(on)
        self.setVisible(any(not one.isHidden() for one in self._parts))

    def _accelerators(self) -> list[tuple[Accelerator, str]]:
        return [
            (Accelerator.NVIDIA, self.tr("NVIDIA (CUDA)")),
            (Accelerator.ROCM, self.tr("AMD (ROCm)")),
            (Accelerator.VULKAN, self.tr("Vulkan")),
            (Accelerator.METAL, self.tr("Apple (Metal)")),
            (Accelerator.CPU, self.tr("CPU only")),
        ]


class _Small(ComboBox):
    """A low one, which ends a long choice in an ellipsis."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self.setProperty("small", True)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(_LEAST)
        self.setMaximumWidth(_MOST)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width()
        option.currentText = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideMiddle, room)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
