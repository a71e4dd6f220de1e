"""The metrics of the sensors. What is unknown has no line."""

from collections.abc import Iterator, Mapping, Sequence

from prometheus_client.core import GaugeMetricFamily, Metric

from ollama_panel.core.telemetry import GpuReading, InstanceReading, SystemReading, Telemetry, ThermalPressure, Throttle

_PERCENT, _MHZ = 100, 1e-6
"""Prometheus' units are ratios and hertz: divide by these."""

_LABELS = ("gpu", "name")
_Table = Mapping[str, tuple[str, float, str]]

_SYSTEM: _Table = {
    "cpu_utilization_ratio": ("cpu_percent", _PERCENT, "How busy all cores are."),
    "system_memory_used_bytes": ("memory_used", 1, "Main memory that new programs cannot have."),
    "system_memory_total_bytes": ("memory_total", 1, "Main memory."),
    "swap_used_bytes": ("swap_used", 1, "Swap in use."),
    "swap_total_bytes": ("swap_total", 1, "Swap."),
    "on_battery": ("on_battery", 1, "Whether the machine runs on its battery."),
    "low_power": ("low_power", 1, "Whether the machine saves power."),
}
_GPU: _Table = {
    "gpu_utilization_ratio": ("utilization_percent", _PERCENT, "How busy the card is."),
    "gpu_memory_used_bytes": ("memory_used", 1, "Memory of the card in use."),
    "gpu_memory_total_bytes": ("memory_total", 1, "Memory of the card."),
    "gpu_temperature_celsius": ("temperature_c", 1, "Temperature of the card."),
    "gpu_power_watts": ("power_w", 1, "Power that the card takes."),
    "gpu_power_limit_watts": ("power_limit_w", 1, "Power that the card may take."),
    "gpu_clock_graphics_hertz": ("clock_graphics_mhz", _MHZ, "Clock of the card's processor."),
    "gpu_clock_memory_hertz": ("clock_memory_mhz", _MHZ, "Clock of the card's memory."),
}
_INSTANCE: _Table = {
    "instance_resident_memory_bytes": ("rss_bytes", 1, "Main memory of the server and its runners."),
    "instance_cpu_ratio": ("cpu_percent", _PERCENT, "Cores that the server and its runners take."),
}


Rows = Sequence[tuple[Sequence[str], float | None]]
"""Values by those of the labels."""


def sensors(telemetry: Telemetry | None) -> Iterator[Metric]:
    """Yield the gauges of the sensors: of the machine, by card and by instance; nothing before they are read."""
    if telemetry is None:
        return
    for name, (field, unit, text) in _SYSTEM.items():
        yield _gauge(name, text, (), [((), _value(telemetry.system, field, unit))])
    pressure = telemetry.system.thermal_pressure
    states = [((one.value,), None if pressure is None else float(one is pressure)) for one in ThermalPressure]
    yield _gauge("thermal_pressure", "Whether the machine is as hot as this state says.", ("state",), states)
    gpus = {(gpu.id, gpu.name): gpu for gpu in telemetry.gpus}
    for name, (field, unit, text) in _GPU.items():
        yield _gauge(name, text, _LABELS, [(labels, _value(gpu, field, unit)) for labels, gpu in gpus.items()])
    lost = [(labels, float(gpu.lost)) for labels, gpu in gpus.items()]
    yield _gauge("gpu_lost", "Whether the driver does not tell of the card any more.", _LABELS, lost)
    throttled = [
        ((*labels, throttle.value), None if gpu.throttles is None else float(throttle in gpu.throttles))
        for labels, gpu in gpus.items()
        for throttle in Throttle
    ]
    yield _gauge("gpu_throttled", "Whether the card is slowed down for this reason.", (*_LABELS, "reason"), throttled)
    for name, (field, unit, text) in _INSTANCE.items():
        rows = [((one.id,), _value(one, field, unit)) for one in telemetry.instances]
        yield _gauge(name, text, ("instance",), rows)


def _value(reading: SystemReading | GpuReading | InstanceReading, field: str, unit: float) -> float | None:
    value = getattr(reading, field)
    return None if value is None else round(value / unit, 6)


def _gauge(name: str, text: str, labels: Sequence[str], rows: Rows) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(f"ollama_panel_{name}", text, labels=labels)
    for values, number in rows:
        if number is not None:
            gauge.add_metric(values, number)
    return gauge
