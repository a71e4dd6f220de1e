"""What Linux's kernel tells of a machine's power supplies, its power profile and its heat.

Sources: the kernel's Documentation/ABI/testing/sysfs-class-power, sysfs-platform_profile, sysfs-class-thermal and
drivers/thermal/intel/therm_throt.c; power-profiles-daemon's power-saver sets the platform's profile `low-power` and the
processor's preference `power` (`ppd-driver-*.c`).

psutil takes a mouse's battery for the machine's, so a desktop machine with one would be spared for ever.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from ollama_panel.core.telemetry import ThermalPressure
from ollama_panel.engine import clock
from ollama_panel.engine.host.gpu import sysfs

_BATTERIES = ("Battery", "UPS")
_LINES = ("Mains", "USB")

_NEAR_CRITICAL = 3_000
"""Thousandths of a degree Celsius below the trip point at which the kernel switches the machine off."""
_SERIOUS_SHARE = 0.1
"""The share of the time for which the processor was slowed down by its heat, from which that is serious."""

_TRIPS = ("passive", "hot", "critical")
_Trip = tuple[str, float]


class LinuxPower:
    """`sys` is where the kernel's files are; `now` returns seconds."""

    def __init__(self, sys: Path, now: Callable[[], float] = clock.seconds) -> None:
        self._sys = sys
        self._now = now
        self._zones: dict[Path, tuple[_Trip, ...]] | None = None
        self._before: tuple[float, float, float] | None = None

    def on_battery(self) -> bool | None:
        """Return whether the machine runs on a battery of its own or of a UPS; None if it has none."""
        supplies = [one for one in self._sys.glob("class/power_supply/*") if sysfs.text(one / "scope") != "Device"]
        batteries = [one for one in supplies if sysfs.text(one / "type") in _BATTERIES]
        if not batteries:
            return None
        if any(sysfs.text(one / "type") in _LINES and sysfs.number(one / "online") for one in supplies):
            return False
        states = {sysfs.text(one / "status") for one in batteries}
        if "Discharging" in states:
            return True
        return None if states <= {"", "Unknown"} else False

    def low_power(self) -> bool | None:
        """Return whether the machine's profile is to save power; None if there is none."""
        profile = sysfs.text(self._sys / "firmware/acpi/platform_profile")
        preferences = self._sys.glob("devices/system/cpu/cpufreq/policy*/energy_performance_preference")
        told = {text for file in preferences if (text := sysfs.text(file))}
        if not profile and not told:
            return None
        return profile == "low-power" or told == {"power"}

    def thermal_pressure(self) -> ThermalPressure | None:
        """Return the worst of what the thermal zones and the processors tell; None if none does."""
        told = [one for one in (*self._of_zones(), self._of_processors()) if one is not None]
        return max(told, key=list(ThermalPressure).index) if told else None

    def _of_zones(self) -> Iterator[ThermalPressure]:
        """Yield the pressure of each zone in which the kernel does something about heat."""
        if self._zones is None:
            zones = self._sys.glob("class/thermal/thermal_zone*")
            self._zones = {zone: trips for zone in zones if (trips := _trips(zone))}
        for zone, trips in self._zones.items():
            temperature = sysfs.number(zone / "temp")
            if temperature is not None:
                yield _pressure(temperature, trips)

    def _of_processors(self) -> ThermalPressure | None:
        """Return how much processors were slowed down since the last reading; None if they do not tell."""
        folders = list(self._sys.glob("devices/system/cpu/cpu*/thermal_throttle"))
        counts = [one for folder in folders if (one := sysfs.number(folder / "package_throttle_count")) is not None]
        if not counts:
            return None
        times = [sysfs.number(folder / "package_throttle_total_time_ms") or 0.0 for folder in folders]
        read = (self._now(), sum(counts), max(times))
        before, self._before = self._before or read, read
        elapsed, more, slowed = (new - old for new, old in zip(read, before, strict=True))
        if elapsed > 0 and slowed / 1e3 / elapsed >= _SERIOUS_SHARE:
            return ThermalPressure.SERIOUS
        return ThermalPressure.FAIR if more > 0 else ThermalPressure.NOMINAL


def _trips(zone: Path) -> tuple[_Trip, ...]:
    """Return the trip points of a zone, but for those that only a program in user space acts on."""
    if sysfs.text(zone / "mode") == "disabled":
        return ()
    found = list[_Trip]()
    for file in zone.glob("trip_point_*_type"):
        kind, at = sysfs.text(file), sysfs.number(file.with_name(file.name.replace("_type", "_temp")))
        if kind in _TRIPS and at is not None and at > 0:
            found.append((kind, at))
    user = sysfs.text(zone / "policy") == "user_space"
    return tuple(one for one in found if one[0] != "passive" or not user)


def _pressure(temperature: float, trips: tuple[_Trip, ...]) -> ThermalPressure:
    for kind, at in trips:
        if kind != "passive" and temperature >= at - _NEAR_CRITICAL:
            return ThermalPressure.CRITICAL
    passive = any(kind == "passive" and temperature >= at for kind, at in trips)
    return ThermalPressure.SERIOUS if passive else ThermalPressure.NOMINAL
