"""The part of the machine page about its sensors: the machine, each graphics card, each instance."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.telemetry import GpuReading, InstanceReading, SystemReading, Telemetry
from ollama_panel.core.telemetry_notices import of_gpu
from ollama_panel.gui import format as fmt
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tokens import LG, SM
from ollama_panel.gui.widgets.card import Card, label, rule, set_tone

_MOST_COLUMNS = 3
_COLUMN_WIDTH = 210
"""Pixels of the longest title with its value."""


class ReadingsPart(Card):
    """The readings of the machine, and a block for each card and each instance."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Readings"), parent)
        self._shown: Telemetry | None = None
        self.system = _Values({"cpu": self.tr("CPU"), "memory": self.tr("Main memory"), "swap": self.tr("Swap")})
        self.body.addWidget(self.system)
        self._blocks = QVBoxLayout()
        self._blocks.setSpacing(SM)
        self.body.addLayout(self._blocks)
        self.gpus: dict[str, GpuBlock] = {}
        self.instances: dict[str, InstanceBlock] = {}
        self._show_system(SystemReading())

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the newest readings."""
        telemetry = snapshot.telemetry
        if telemetry is None or telemetry is self._shown:
            return
        self._shown = telemetry
        self._show_system(telemetry.system)
        names = (tuple(gpu.id for gpu in telemetry.gpus), tuple(one.id for one in telemetry.instances))
        if names != (tuple(self.gpus), tuple(self.instances)):
            self._build(*names)
        for gpu in telemetry.gpus:
            self.gpus[gpu.id].show_reading(gpu)
        for one in telemetry.instances:
            self.instances[one.id].show_reading(one)

    def _show_system(self, system: SystemReading) -> None:
        self.system.show_values(
            {
                "cpu": fmt.with_unit(system.cpu_percent, "%"),
                "memory": _part(system.memory_used, system.memory_total),
                "swap": _part(system.swap_used, system.swap_total),
            }
        )

    def _build(self, gpus: tuple[str, ...], instances: tuple[str, ...]) -> None:
        for old in (*self.gpus.values(), *self.instances.values()):
            self._blocks.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.gpus = {name: GpuBlock() for name in gpus}
        self.instances = {name: InstanceBlock(name) for name in instances}
        for made in (*self.gpus.values(), *self.instances.values()):
            self._blocks.addWidget(made)


class GpuBlock(QWidget):
    """One card: its name, whether it is lost or slowed down, and its values."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.state = label("", "section"), label("", "muted")
        self.values = _Values(
            {
                "busy": self.tr("Busy"),
                "memory": self.tr("Memory"),
                "temperature": self.tr("Temperature"),
                "power": self.tr("Power"),
                "clock": self.tr("Clock"),
                "memory_clock": self.tr("Memory clock"),
            }
        )
        _fill(self, self.name, self.state, self.values)

    def show_reading(self, gpu: GpuReading) -> None:
        """Show a reading of the card."""
        self.name.setText(gpu.name or self.tr("Graphics card"))
        self.name.setToolTip(gpu.id)
        self.state.setText(notice_text(of_gpu(gpu)))
        set_tone(self.state, "danger" if gpu.lost else "warn" if gpu.throttles else "muted")
        power = fmt.with_unit(gpu.power_w, "W")
        if gpu.power_limit_w is not None:
            power = f"{power} / {fmt.with_unit(gpu.power_limit_w, 'W')}"
        self.values.show_values(
            {
                "busy": fmt.with_unit(gpu.utilization_percent, "%"),
                "memory": _part(gpu.memory_used, gpu.memory_total),
                "temperature": fmt.with_unit(gpu.temperature_c, "°C"),
                "power": power,
                "clock": fmt.with_unit(gpu.clock_graphics_mhz, "MHz"),
                "memory_clock": fmt.with_unit(gpu.clock_memory_mhz, "MHz"),
            }
        )


class InstanceBlock(QWidget):
    """One instance: what its processes take."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values = _Values({"memory": self.tr("Process memory"), "cpu": self.tr("CPU, of one core")})
        _fill(self, label(name, "section"), None, self.values)

    def show_reading(self, one: InstanceReading) -> None:
        """Show a reading of the instance."""
        self.values.show_values({"memory": fmt.size(one.rss_bytes), "cpu": fmt.with_unit(one.cpu_percent, "%")})


class _Values(QWidget):
    """Names with their values, as many in a row as there is room for."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(LG)
        self._grid.setVerticalSpacing(5)
        self._columns = 0
        self.cells: dict[str, QLabel] = {}
        self._titles: dict[str, QLabel] = {}
        for key, name in names.items():
            self.cells[key] = cell = label(fmt.UNKNOWN)
            cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._titles[key] = label(name, "muted", of=cell)
        self._arrange(1)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(max(1, min(_MOST_COLUMNS, self.width() // _COLUMN_WIDTH)))

    def _arrange(self, columns: int) -> None:
        """Put so many values into each row."""
        if columns == self._columns:
            return
        self._columns = columns
        for number, (key, cell) in enumerate(self.cells.items()):
            row, column = number // columns, 2 * (number % columns)
            self._grid.addWidget(self._titles[key], row, column)
            self._grid.addWidget(cell, row, column + 1)
        for column in range(2 * _MOST_COLUMNS):
            self._grid.setColumnStretch(column, column % 2 if column < 2 * columns else 0)

    def show_values(self, values: Mapping[str, str]) -> None:
        """Show the texts of the values."""
        for key, text in values.items():
            self.cells[key].setText(text)


def _fill(block: QWidget, name: QLabel, state: QLabel | None, values: QWidget) -> None:
    heading = QHBoxLayout()
    heading.setSpacing(SM)
    heading.addWidget(name)
    if state is not None:
        heading.addWidget(state)
    heading.addStretch()
    layout = QVBoxLayout(block)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SM - 2)
    layout.addWidget(rule())
    layout.addLayout(heading)
    layout.addWidget(values)


def _part(used: float | None, total: float | None) -> str:
    return fmt.UNKNOWN if used is None and total is None else f"{fmt.size(used)} / {fmt.size(total)}"
