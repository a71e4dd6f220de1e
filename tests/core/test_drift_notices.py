"""What is told of a model that is slower than its tuning measured it."""

import pytest

from ollama_panel.core.drift_notices import drift_notices, power_of
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.limits import DriftRecord, Power
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Budget, BudgetSource, MachineAlert, Sample, Snapshot
from ollama_panel.core.telemetry import GpuReading, SystemReading, Telemetry, ThermalPressure, Throttle

LLAMA, GIB = ModelName("llama3.1:8b"), 1 << 30
SPILLED = MachineAlert("layers_spilled", notice("instance.down"), 0.0, model=LLAMA)


def telemetry(*throttles: Throttle, battery: bool | None = None) -> Telemetry:
    return Telemetry(0.0, SystemReading(on_battery=battery), (GpuReading("0", throttles=frozenset(throttles)),))


def sample(others: int) -> Sample:
    budget = Budget(24 * GIB, 0, BudgetSource.DRIVER, others)
    return Sample(0.0, 0, 0, 0, 0.0, None, None, None, budget=budget)


def drift(speed: float, instance: str = "chat-1", *, again: bool = False) -> DriftRecord:
    return DriftRecord(InstanceId(instance), PoolName("chat"), LLAMA, speed, again)


def test_the_machine_is_spared_on_its_battery_and_in_heat() -> None:
    assert power_of(None) is None
    assert power_of(telemetry(Throttle.POWER)) is None
    assert power_of(telemetry(Throttle.THERMAL)) is Power.HEAT
    assert power_of(telemetry(Throttle.THERMAL, battery=True)) is Power.BATTERY
    for system, power in (
        (SystemReading(low_power=True), Power.LOW_POWER),
        (SystemReading(thermal_pressure=ThermalPressure.FAIR), None),
        (SystemReading(thermal_pressure=ThermalPressure.SERIOUS), Power.HEAT),
        (SystemReading(on_battery=True, thermal_pressure=ThermalPressure.CRITICAL), Power.CRITICAL_HEAT),
    ):
        assert power_of(Telemetry(0.0, system)) is power


@pytest.mark.parametrize(
    ("snapshot", "reason"),
    [
        (Snapshot(0.0, Settings(), telemetry=telemetry(battery=True)), "The machine runs on its battery."),
        (Snapshot(0.0, Settings(), telemetry=telemetry(Throttle.THERMAL)), "Heat slows the machine down."),
        (Snapshot(0.0, Settings(), machine_alerts=(SPILLED,)), "Some of its layers are not on the card."),
        (Snapshot(0.0, Settings(), sample=sample(3 * GIB)), "Other programs use 3.0 GiB of the memory for models"),
        (Snapshot(0.0, Settings(), telemetry=telemetry(Throttle.POWER)), "The card is slowed down by its power limit"),
        (Snapshot(0.0, Settings()), "Nothing that the panel sees explains it"),
    ],
)
def test_it_says_the_likely_reason(snapshot: Snapshot, reason: str) -> None:
    [told] = drift_notices([drift(0.713)], snapshot)
    assert render(told).startswith(
        f"{LLAMA} at chat-1 answers with 70 % of the speed that its tuning measured. {reason}"
    )
    assert told.ways == ()


def test_of_several_copies_the_slowest_is_told_and_after_long_how_to_tune_again() -> None:
    [told] = drift_notices([drift(0.5, "chat-2", again=True), drift(0.7)], Snapshot(0.0, Settings()))
    assert told.values["instance"] == "chat-2"
    [way] = told.ways
    assert render(way) == f"Tune it again: ollama-panel tune --pool chat --model {LLAMA}"
