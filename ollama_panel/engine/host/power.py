"""Why a machine is to be spared: its battery, its low-power mode, its heat, as the system tells them."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ollama_panel.core.telemetry import ThermalPressure
from ollama_panel.engine.host.battery import on_battery
from ollama_panel.engine.host.power_linux import LinuxPower
from ollama_panel.engine.host.power_windows import saves_power
from ollama_panel.engine.host.process_info import ProcessInfo

_APPLE = (ThermalPressure.NOMINAL, ThermalPressure.FAIR, ThermalPressure.SERIOUS, ThermalPressure.CRITICAL)


@dataclass(frozen=True)
class PowerReading:
    """None = unknown; see `core.telemetry.SystemReading`."""

    on_battery: bool | None = None
    low_power: bool | None = None
    thermal_pressure: ThermalPressure | None = None


ReadPower = Callable[[], PowerReading]
"""Reads it; may block for some milliseconds, and remembers what it has read before."""


def power_sensors() -> ReadPower:
    """Return what reads this machine."""
    return _READERS.get(sys.platform, lambda: lambda: PowerReading(on_battery()))()


def of_mac(process: ProcessInfo) -> PowerReading:
    """Return the reading of a Mac."""
    state = process.thermal_state()
    pressure = _APPLE[state] if 0 <= state < len(_APPLE) else None
    return PowerReading(on_battery(), process.low_power(), pressure)


def of_windows() -> PowerReading:
    """Return the reading of Windows, which tells no program of its heat."""
    return PowerReading(on_battery(), saves_power())


def of_linux(machine: LinuxPower) -> PowerReading:
    """Return the reading of a machine with Linux."""
    return PowerReading(machine.on_battery(), machine.low_power(), machine.thermal_pressure())


_READERS: dict[str, Callable[[], ReadPower]] = {
    "darwin": lambda: partial(of_mac, ProcessInfo.of_system()),
    "win32": lambda: of_windows,
    "linux": lambda: partial(of_linux, LinuxPower(Path("/sys"))),
}
