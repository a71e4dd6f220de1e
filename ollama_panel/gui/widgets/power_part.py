"""The part of the machine page about sleep and power: what keeps it awake, and what lowers what runs at once."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ollama_panel.core.keep_awake import KeepAwakeRecord
from ollama_panel.core.limits import LimitReason
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.telemetry import SystemReading, ThermalPressure
from ollama_panel.gui import format as fmt
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tokens import LG
from ollama_panel.gui.widgets.card import Card, label, set_tone

_TONES = {ThermalPressure.SERIOUS: "warn", ThermalPressure.CRITICAL: "danger"}


class PowerPart(Card):
    """A line each for sleep, power and heat, and what the limiter makes of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Sleep and power"), parent)
        grid = QGridLayout()
        grid.setHorizontalSpacing(LG)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        self.values: dict[str, QLabel] = {}
        names: Mapping[str, str] = {
            "sleep": self.tr("Sleep"),
            "power": self.tr("Power"),
            "heat": self.tr("Heat"),
        }
        for row, (key, name) in enumerate(names.items()):
            self.values[key] = value = label(fmt.UNKNOWN, wrap=True)
            grid.addWidget(label(name, "muted", of=value), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
        self.body.addLayout(grid)
        self.problem, self.limits = label("", "muted", wrap=True), label("", "caption", wrap=True)
        self.body.addWidget(self.problem)
        self.body.addWidget(self.limits)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what is known now."""
        awake = snapshot.keep_awake
        system = snapshot.telemetry.system if snapshot.telemetry is not None else SystemReading()
        self.values["sleep"].setText(self._sleep(snapshot, awake))
        self.values["sleep"].setToolTip(awake.method)
        self.values["power"].setText(self._power(system))
        set_tone(self.values["power"], "warn" if system.on_battery or system.low_power else "")
        self.values["heat"].setText(self._heat(system.thermal_pressure))
        heat = system.thermal_pressure
        set_tone(self.values["heat"], _TONES.get(heat, "") if heat is not None else "")
        self.problem.setText(notice_text(awake.problem))
        self.problem.setVisible(awake.problem is not None)
        limits = (limit for one in snapshot.instances for limit in one.limits if limit.reason is LimitReason.POWER)
        told = dict.fromkeys(f"{limit.model}: {notice_text(limit.told)}" for limit in limits)
        self.limits.setText("\n".join(told))
        self.limits.setVisible(bool(told))

    def _sleep(self, snapshot: Snapshot, awake: KeepAwakeRecord) -> str:
        if awake.held:
            busy = sum(one.in_flight for one in snapshot.instances) + sum(one.queued for one in snapshot.pools)
            return self.tr("Kept awake while %n request(s) run or wait", "", busy)
        if not snapshot.settings.machine.keep_awake:
            return self.tr("As the system is set; the panel keeps it awake for nothing")
        if awake.problem is not None:
            return self.tr("Cannot be kept awake")
        return self.tr("May sleep: no request runs or waits")

    def _power(self, system: SystemReading) -> str:
        source = {None: "", True: self.tr("battery"), False: self.tr("mains")}[system.on_battery]
        saving = self.tr("low-power mode") if system.low_power else ""
        return self.tr(", ").join(filter(None, (source, saving))) or fmt.UNKNOWN

    def _heat(self, pressure: ThermalPressure | None) -> str:
        return {
            None: fmt.UNKNOWN,
            ThermalPressure.NOMINAL: self.tr("normal"),
            ThermalPressure.FAIR: self.tr("warm"),
            ThermalPressure.SERIOUS: self.tr("hot: the system slows the machine down"),
            ThermalPressure.CRITICAL: self.tr("too hot: the system slows the machine down a lot"),
        }[pressure]
