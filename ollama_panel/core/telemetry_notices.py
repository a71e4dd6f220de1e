"""Notices about what the sensors tell. Pure."""

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.telemetry import GpuReading, ThermalPressure, Throttle

_REASONS = {
    Throttle.POWER: notice("throttle.power"),
    Throttle.THERMAL: notice("throttle.thermal"),
    Throttle.HARDWARE: notice("throttle.hardware"),
}

_PRESSURES = {
    ThermalPressure.NOMINAL: "heat.nominal",
    ThermalPressure.FAIR: "heat.fair",
    ThermalPressure.SERIOUS: "heat.serious",
    ThermalPressure.CRITICAL: "heat.critical",
}


def of_pressure(pressure: ThermalPressure) -> Notice:
    """Return how hot the machine is."""
    return notice(_PRESSURES[pressure])


def of_gpu(gpu: GpuReading) -> Notice | None:
    """Return whether a card is lost or slowed down, and by what; None if it does not tell."""
    if gpu.lost:
        return notice("gpu.lost")
    if gpu.throttles is None:
        return None
    reasons = tuple(reason for throttle, reason in _REASONS.items() if throttle in gpu.throttles)
    return notice("gpu.slowed", reasons=reasons) if reasons else notice("gpu.full_speed")
