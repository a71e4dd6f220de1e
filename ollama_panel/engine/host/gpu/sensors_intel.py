"""What the drivers i915 and xe tell of each Intel card: clock, temperature, power and what slows it down.

How busy it is, and its memory, they tell to root only. Those inside processors tell nothing but their clock, and are
left out.
"""

from collections.abc import Callable
from pathlib import Path

from ollama_panel.core.telemetry import GpuReading, GpuVendor, Throttle
from ollama_panel.engine import clock
from ollama_panel.engine.host.gpu import sysfs
from ollama_panel.engine.host.gpu.reading import pci_address

_VENDOR = "0x8086"
_CLOCKS = ("gt/gt0/rps_act_freq_mhz", "device/tile0/gt0/freq0/act_freq")  # i915, xe
_REASONS = ("gt/gt0/throttle_reason_{}", "device/tile0/gt0/freq0/throttle/{}")
_KINDS = {
    Throttle.POWER: ("pl1", "pl2", "pl4", "vr_tdc"),
    Throttle.THERMAL: ("thermal", "prochot", "ratl", "vr_thermalert"),
}
"""The kernel's names of the reasons: power limits, current of the regulators; temperatures, their running average."""


class IntelSensors:
    """The cards with sensors of their own; power is that since the reading before. `folder` has the cards."""

    def __init__(self, folder: Path = sysfs.DRM, now: Callable[[], float] = clock.wall) -> None:
        self._folder = folder
        self._now = now
        self._energy = dict[Path, tuple[float, float]]()

    def read(self) -> tuple[GpuReading, ...]:
        """Return a reading of each card."""
        devices = sysfs.cards(self._folder, _VENDOR)
        return tuple(self._reading(device) for device in devices if sysfs.hwmon(device).is_dir())

    def _reading(self, device: Path) -> GpuReading:
        sensors, card = sysfs.hwmon(device), device.parent
        return GpuReading(
            id=pci_address(device.resolve().name) or card.name,
            name="Intel GPU",
            vendor=GpuVendor.INTEL,
            temperature_c=sysfs.temperature(sensors, "pkg"),
            power_w=self._power(device, sensors),
            power_limit_w=sysfs.number(sensors / "power1_max", 1e6) or None,
            clock_graphics_mhz=sysfs.first(*(sysfs.number(card / file) for file in _CLOCKS)),
            throttles=_throttles(card),
        )

    def _power(self, device: Path, sensors: Path) -> float | None:
        """Return the watts since the last reading, from a counter of microjoules."""
        joules, now = sysfs.number(sensors / "energy1_input", 1e6), self._now()
        if joules is None:
            return None
        before, self._energy[device] = self._energy.get(device), (joules, now)
        if before is None or now <= before[1] or joules < before[0]:
            return None
        return (joules - before[0]) / (now - before[1])


def _throttles(card: Path) -> frozenset[Throttle] | None:
    slowed = _reason(card, "status")
    if slowed is None:
        return None
    found = frozenset(kind for kind, reasons in _KINDS.items() if any(_reason(card, one) for one in reasons))
    return found or frozenset({Throttle.HARDWARE} if slowed else ())


def _reason(card: Path, name: str) -> float | None:
    i915, xe = _REASONS
    in_xe = name if name == "status" else f"reason_{name}"
    return sysfs.first(sysfs.number(card / i915.format(name)), sysfs.number(card / xe.format(in_xe)))
