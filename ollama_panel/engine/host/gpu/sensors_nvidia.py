"""What NVML tells of each NVIDIA card; of a divided one (MIG) what it tells of the whole."""

from typing import Any

from ollama_panel.core.telemetry import GpuReading, GpuVendor, Throttle
from ollama_panel.engine.host.gpu.nvidia import address
from ollama_panel.engine.host.gpu.nvml import (
    CardGoneError,
    Library,
    ask,
    driver_version,
    memory_info,
    shares_memory,
    text,
)

_TEMPERATURE = 0  # NVML_TEMPERATURE_GPU
_GRAPHICS, _MEMORY = 0, 2  # NVML_CLOCK_GRAPHICS, NVML_CLOCK_MEM

_HARDWARE = 0x8
_REASONS = {0x4: Throttle.POWER, 0x20: Throttle.THERMAL, 0x40: Throttle.THERMAL, 0x80: Throttle.POWER}
"""The bits of nvml.h, "ClocksEventReasons": SwPowerCap, SwThermalSlowdown, HwThermalSlowdown, HwPowerBrakeSlowdown.

HwSlowdown is set together with one of the last two where the card tells which.
"""


class NvidiaSensors:
    """The cards that the driver reaches."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def read(self) -> tuple[GpuReading, ...]:
        """Return a reading of each card."""
        found = list[GpuReading]()
        for number, handle in enumerate(self._library.handles()):
            try:
                found.append(_reading(handle, number))
            except CardGoneError:
                self._library.failed()
        return tuple(found)


def throttles_of(reasons: int) -> frozenset[Throttle]:
    """Return what slows a card down, of the bits that NVML tells."""
    found = frozenset(throttle for bit, throttle in _REASONS.items() if reasons & bit)
    return found or frozenset({Throttle.HARDWARE} if reasons & _HARDWARE else ())


def _reading(handle: Any, number: int) -> GpuReading:
    memory, rates = memory_info(handle), ask("nvmlDeviceGetUtilizationRates", handle)
    reasons = ask("nvmlDeviceGetCurrentClocksEventReasons", handle)
    if reasons is None:  # the name before driver 535
        reasons = ask("nvmlDeviceGetCurrentClocksThrottleReasons", handle)
    return GpuReading(
        id=address(handle) or text(ask("nvmlDeviceGetUUID", handle)) or f"nvidia-{number}",
        name=text(ask("nvmlDeviceGetName", handle)),
        vendor=GpuVendor.NVIDIA,
        utilization_percent=None if rates is None else float(rates.gpu),
        memory_used=None if memory is None else int(memory.used),
        memory_total=None if memory is None else int(memory.total),
        unified=memory is None and shares_memory(handle),
        temperature_c=_scaled(ask("nvmlDeviceGetTemperature", handle, _TEMPERATURE)),
        power_w=_scaled(ask("nvmlDeviceGetPowerUsage", handle), 1000),
        power_limit_w=_scaled(ask("nvmlDeviceGetEnforcedPowerLimit", handle), 1000),
        clock_graphics_mhz=_scaled(ask("nvmlDeviceGetClockInfo", handle, _GRAPHICS)),
        clock_memory_mhz=_scaled(ask("nvmlDeviceGetClockInfo", handle, _MEMORY)),
        throttles=None if reasons is None else throttles_of(int(reasons)),
        driver=driver_version(),
    )


def _scaled(value: int | None, unit: int = 1) -> float | None:
    return None if value is None else value / unit
