"""Notices about models that answer more slowly than their tunings measured them, with the likely reason."""

import shlex
from collections.abc import Iterable

from ollama_panel.core.limits import DriftRecord, Power
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.incident import Kind
from ollama_panel.core.ollama.memory import FIT_MARGIN
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.telemetry import Telemetry, ThermalPressure, Throttle

STEP = 5
"""Percent to which the speed is rounded, so that the sentence does not change with every answer."""

_SPARED = {
    Power.BATTERY: "drift.battery",
    Power.LOW_POWER: "drift.low_power",
    Power.HEAT: "drift.heat",
    Power.CRITICAL_HEAT: "drift.heat",
}


def powers_of(telemetry: Telemetry | None) -> tuple[Power, ...]:
    """Return all reasons to spare the machine, the weightiest first; none if that is unknown."""
    if telemetry is None:
        return ()
    system = telemetry.system
    reasons = {
        Power.CRITICAL_HEAT: system.thermal_pressure is ThermalPressure.CRITICAL,
        Power.BATTERY: system.on_battery,
        Power.LOW_POWER: system.low_power,
        Power.HEAT: system.thermal_pressure is ThermalPressure.SERIOUS or _is_throttled(telemetry, Throttle.THERMAL),
    }
    return tuple(power for power, holds in reasons.items() if holds)


def power_of(telemetry: Telemetry | None) -> Power | None:
    """Return why the machine is to be spared, None if it is not, or if that is unknown."""
    return next(iter(powers_of(telemetry)), None)


def drift_notices(drifts: Iterable[DriftRecord], snapshot: Snapshot) -> tuple[Notice, ...]:
    """Return one notice for each model: about its slowest copy."""
    slowest = {one.model: one for one in sorted(drifts, key=lambda one: -one.speed)}
    return tuple(_told(one, snapshot) for one in slowest.values())


def _told(drift: DriftRecord, snapshot: Snapshot) -> Notice:
    percent = max(STEP, round(100 * drift.speed / STEP) * STEP)
    reason = _reason(drift, snapshot)
    told = notice("drift.slow", model=drift.model, instance=drift.instance, percent=percent, reason=reason)
    command = f"ollama-panel tune --pool {drift.pool} --model {shlex.quote(drift.model)}"
    return told.by(notice("drift.tune", command=command)) if drift.again else told


def _reason(drift: DriftRecord, snapshot: Snapshot) -> Notice:
    telemetry, budget = snapshot.telemetry, snapshot.sample.budget if snapshot.sample is not None else None
    power = power_of(telemetry)
    if power is not None:
        return notice(_SPARED[power])
    spilled = Kind.LAYERS_SPILLED.value
    if any(one.code == spilled and one.model == drift.model for one in snapshot.machine_alerts):
        return notice("drift.spilled")
    if budget is not None and budget.others > FIT_MARGIN:
        return notice("drift.others", bytes=budget.others)
    if telemetry is not None and _is_throttled(telemetry, Throttle.POWER, Throttle.HARDWARE):
        return notice("drift.power")
    return notice("drift.unknown")


def _is_throttled(telemetry: Telemetry, *kinds: Throttle) -> bool:
    return any(gpu.throttles and not gpu.throttles.isdisjoint(kinds) for gpu in telemetry.gpus)
