"""The gauges of the sensors."""

from prometheus_client.parser import text_string_to_metric_families

from ollama_panel.core.history.statistics import RequestStatistics
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.telemetry import (
    GpuReading,
    GpuVendor,
    InstanceReading,
    SystemReading,
    Telemetry,
    ThermalPressure,
    Throttle,
)
from ollama_panel.engine.metrics import exposition

CARD = GpuReading(
    "0000:01:00.0",
    "RTX 4090",
    GpuVendor.NVIDIA,
    utilization_percent=57,
    memory_used=6 << 30,
    memory_total=24 << 30,
    temperature_c=71,
    power_w=301.5,
    power_limit_w=450,
    clock_graphics_mhz=2520,
    clock_memory_mhz=10501,
    throttles=frozenset({Throttle.POWER}),
)


def lines(telemetry: Telemetry | None) -> dict[str, float]:
    """Return the values by name and labels, without the prefix."""
    text = exposition(Snapshot(at=1.0, settings=Settings(), telemetry=telemetry), RequestStatistics()).decode()
    return {
        sample.name.removeprefix("ollama_panel_")
        + "".join(f" {label}" for label in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_every_reading_has_a_gauge_with_the_units_of_prometheus() -> None:
    system = SystemReading(12.5, 10, 20, 0, 5, True, False, ThermalPressure.FAIR)
    found = lines(Telemetry(1.0, system, (CARD,), (InstanceReading(InstanceId("chat-1"), 7, 250.0),)))
    card = " 0000:01:00.0 RTX 4090"
    right = {
        "cpu_utilization_ratio": 0.125,
        "system_memory_used_bytes": 10,
        "system_memory_total_bytes": 20,
        "swap_used_bytes": 0,
        "swap_total_bytes": 5,
        "on_battery": 1,
        "low_power": 0,
        "thermal_pressure nominal": 0,
        "thermal_pressure fair": 1,
        "thermal_pressure serious": 0,
        "thermal_pressure critical": 0,
        "gpu_utilization_ratio" + card: 0.57,
        "gpu_memory_used_bytes" + card: 6 << 30,
        "gpu_memory_total_bytes" + card: 24 << 30,
        "gpu_temperature_celsius" + card: 71,
        "gpu_power_watts" + card: 301.5,
        "gpu_power_limit_watts" + card: 450,
        "gpu_clock_graphics_hertz" + card: 2.52e9,
        "gpu_clock_memory_hertz" + card: 10.501e9,
        "gpu_lost" + card: 0,
        f"gpu_throttled{card} power": 1,
        f"gpu_throttled{card} thermal": 0,
        f"gpu_throttled{card} hardware": 0,
        "instance_resident_memory_bytes chat-1": 7,
        "instance_cpu_ratio chat-1": 2.5,
    }
    assert {name: found[name] for name in right} == right


def test_what_is_unknown_has_no_line_and_is_never_zero() -> None:
    lost = GpuReading("0000:02:00.0", "RTX 3050", lost=True)
    found = lines(Telemetry(1.0, gpus=(CARD, lost), instances=(InstanceReading(InstanceId("chat-1")),)))
    assert [name for name in found if "RTX 3050" in name] == ["gpu_lost 0000:02:00.0 RTX 3050"]
    assert [name for name in found if "chat-1" in name or name.startswith(("swap", "cpu", "system"))] == []


def test_before_the_sensors_are_read_there_is_no_gauge_of_them() -> None:
    sensors = [name for name in lines(None) if not name.startswith("gpu_given")]
    assert [name for name in sensors if name.startswith(("gpu_", "cpu_", "swap_"))] == []
