"""What the sensors of the machine tell at one instant. None = unknown (shown as "—"), never 0.

Sizes are bytes, shares are percent, temperatures degrees Celsius, powers watts, clocks MHz.
"""

from enum import Enum

import msgspec

from ollama_panel.core.ids import InstanceId


class GpuVendor(Enum):
    """Whose driver tells of a card."""

    NVIDIA = "nvidia"
    AMD = "amd"
    APPLE = "apple"
    INTEL = "intel"


class Throttle(Enum):
    """What makes a card run slower than it could. Idleness and clocks that the user has set are none of these.

    POWER: its power limit. THERMAL: its temperature. HARDWARE: a slowdown by the card's own circuits whose reason is
    not told, such as the power supply's.
    """

    POWER = "power"
    THERMAL = "thermal"
    HARDWARE = "hardware"


class ThermalPressure(Enum):
    """How hot the machine is, as its system tells (Apple's `NSProcessInfoThermalState`): it slows down from SERIOUS."""

    NOMINAL = "nominal"
    FAIR = "fair"
    SERIOUS = "serious"
    CRITICAL = "critical"


class SystemReading(msgspec.Struct, frozen=True):
    """The machine without its cards. 100 % of the CPU are all cores; `memory_used` is what new programs cannot have.

    `on_battery`: it runs on its battery; None also where it has none. `low_power`: its user or its system has chosen to
    save power.
    """

    cpu_percent: float | None = None
    memory_used: int | None = None
    memory_total: int | None = None
    swap_used: int | None = None
    swap_total: int | None = None
    on_battery: bool | None = None
    low_power: bool | None = None
    thermal_pressure: ThermalPressure | None = None


class GpuReading(msgspec.Struct, frozen=True):
    """One card, or the usable instance of a divided one. Each field may be unknown on its own.

    `id` stays the same over restarts of the panel: the PCI address as Ollama writes it (`0000:01:00.0`), the UUID where
    there is none, `apple` for Apple's GPU. `unified`: its memory is main memory, which it shares with the CPU;
    `memory_total` is then the most it can have, if that is told. `throttles` is empty if it runs as fast as it could.
    `driver` is the version of its driver. `lost`: that told of it before, and does not any more; all else but its name
    is then unknown.
    """

    id: str
    name: str = ""
    vendor: GpuVendor | None = None
    utilization_percent: float | None = None
    memory_used: int | None = None
    memory_total: int | None = None
    unified: bool = False
    temperature_c: float | None = None
    power_w: float | None = None
    power_limit_w: float | None = None
    clock_graphics_mhz: float | None = None
    clock_memory_mhz: float | None = None
    throttles: frozenset[Throttle] | None = None
    driver: str = ""
    lost: bool = False


_PLAUSIBLE: dict[str, tuple[float, float]] = {
    "utilization_percent": (0, 100),
    "memory_used": (0, 1 << 50),
    "memory_total": (0, 1 << 50),
    "temperature_c": (-50, 200),
    "power_w": (0, 10_000),
    "power_limit_w": (0, 10_000),
    "clock_graphics_mhz": (0, 20_000),
    "clock_memory_mhz": (0, 50_000),
}
"""What a card can have, with room for those to come: drivers tell 65,535 and the like where a sensor is missing."""


def plausible(reading: GpuReading) -> GpuReading:
    """Return a reading without the values that no card can have."""
    wrong = [
        name
        for name, (least, most) in _PLAUSIBLE.items()
        if (value := getattr(reading, name)) is not None and not least <= value <= most
    ]
    return msgspec.structs.replace(reading, **dict.fromkeys(wrong)) if wrong else reading


class InstanceReading(msgspec.Struct, frozen=True):
    """One Ollama server with its runners. 100 % of the CPU are one core."""

    id: InstanceId
    rss_bytes: int | None = None
    cpu_percent: float | None = None


class Telemetry(msgspec.Struct, frozen=True):
    """All readings of one instant; `at` is that of the engine's monotonic clock, as `Snapshot.at`."""

    at: float
    system: SystemReading = SystemReading()
    gpus: tuple[GpuReading, ...] = ()
    instances: tuple[InstanceReading, ...] = ()

    @property
    def lost(self) -> tuple[GpuReading, ...]:
        """The cards whose driver does not tell of them any more."""
        return tuple(gpu for gpu in self.gpus if gpu.lost)
