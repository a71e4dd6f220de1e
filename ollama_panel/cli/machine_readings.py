"""What the sensors tell, as `ollama-panel machine` prints it."""

from collections.abc import Iterator

from ollama_panel.cli.output import UNKNOWN
from ollama_panel.core.columns import aligned
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import ENGLISH, render
from ollama_panel.core.telemetry import GpuReading, InstanceReading, SystemReading, Telemetry
from ollama_panel.core.telemetry_notices import of_gpu, of_pressure
from ollama_panel.core.text import printable

_GPUS = ("CARD", "NAME", "BUSY", "MEMORY", "TEMPERATURE", "POWER", "CLOCK", "MEMORY CLOCK", "STATE")
_INSTANCES = ("INSTANCE", "PROCESS MEMORY", "CPU")


def system(telemetry: Telemetry | None) -> list[tuple[str, str]]:
    """Return names and values of the machine without its cards."""
    one = telemetry.system if telemetry else SystemReading()
    return [
        ("CPU:", _number(one.cpu_percent, "%")),
        ("Memory:", _part(one.memory_used, one.memory_total)),
        ("Swap:", _part(one.swap_used, one.swap_total)),
        ("Power:", _supply(one)),
        ("Heat:", UNKNOWN if one.thermal_pressure is None else render(of_pressure(one.thermal_pressure))),
    ]


def tables(telemetry: Telemetry | None) -> Iterator[str]:
    """Yield the lines about the cards and the instances, each table after an empty line."""
    if telemetry is None:
        return
    if telemetry.gpus:
        yield ""
        yield from aligned([_GPUS, *map(_gpu, telemetry.gpus)])
    if telemetry.instances:
        yield ""
        yield from aligned([_INSTANCES, *map(_instance, telemetry.instances)])


def _supply(one: SystemReading) -> str:
    supply = UNKNOWN if one.on_battery is None else render(notice("power.battery" if one.on_battery else "power.mains"))
    return f"{supply}, {render(notice('power.saved'))}" if one.low_power else supply


def _gpu(gpu: GpuReading) -> tuple[str, ...]:
    state = of_gpu(gpu)
    return (
        gpu.id,
        printable(gpu.name) or UNKNOWN,
        _number(gpu.utilization_percent, "%"),
        _part(gpu.memory_used, gpu.memory_total),
        _number(gpu.temperature_c, "°C"),
        _power(gpu.power_w, gpu.power_limit_w),
        _number(gpu.clock_graphics_mhz, "MHz"),
        _number(gpu.clock_memory_mhz, "MHz"),
        UNKNOWN if state is None else render(state),
    )


def _instance(one: InstanceReading) -> tuple[str, ...]:
    return one.id, UNKNOWN if one.rss_bytes is None else ENGLISH.bytes(one.rss_bytes), _number(one.cpu_percent, "%")


def _number(value: float | None, unit: str) -> str:
    return UNKNOWN if value is None else f"{ENGLISH.count(value)} {unit}"


def _power(watts: float | None, limit: float | None) -> str:
    if limit is None:
        return _number(watts, "W")
    return f"{UNKNOWN if watts is None else ENGLISH.count(watts)} of {_number(limit, 'W')}"


def _part(used: int | None, total: int | None) -> str:
    if used is None and total is None:
        return UNKNOWN
    one, whole = (UNKNOWN if size is None else ENGLISH.bytes(size) for size in (used, total))
    return f"{one} of {whole}"
