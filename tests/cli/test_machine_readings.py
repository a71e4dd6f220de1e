"""What `machine` prints of the sensors."""

import re

from ollama_panel.cli.machine_readings import system, tables
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.telemetry import GpuReading, InstanceReading, SystemReading, Telemetry, ThermalPressure, Throttle

GIB = 1 << 30
CARD = GpuReading(
    "0000:01:00.0",
    "RTX 4090",
    utilization_percent=57.4,
    memory_used=6 * GIB,
    memory_total=24 * GIB,
    temperature_c=71,
    power_w=301.5,
    power_limit_w=450,
    clock_graphics_mhz=2520,
    clock_memory_mhz=10501,
    throttles=frozenset({Throttle.POWER}),
)


def test_all_readings_have_their_units() -> None:
    told = Telemetry(
        1.0,
        SystemReading(12.5, 10 * GIB, 31 * GIB, 0, 8 * GIB, True, True, ThermalPressure.SERIOUS),
        (CARD, GpuReading("0000:02:00.0", "RTX 3050", lost=True)),
        (InstanceReading(InstanceId("chat-1"), 6 * GIB, 250.0), InstanceReading(InstanceId("chat-2"))),
    )
    assert system(told) == [
        ("CPU:", "12 %"),
        ("Memory:", "10.0 GiB of 31.0 GiB"),
        ("Swap:", "0 MiB of 8.0 GiB"),
        ("Power:", "from its battery, saving power"),
        ("Heat:", "slowed down by heat"),
    ]
    cards, instances = "\n".join(tables(told))[1:].split("\n\n")
    titles, first, second = [re.split(r"  +", line) for line in cards.splitlines()]
    assert titles == ["CARD", "NAME", "BUSY", "MEMORY", "TEMPERATURE", "POWER", "CLOCK", "MEMORY CLOCK", "STATE"]
    assert first == [
        "0000:01:00.0",
        "RTX 4090",
        "57 %",
        "6.0 GiB of 24.0 GiB",
        "71 °C",
        "302 of 450 W",
        "2,520 MHz",
        "10,501 MHz",
        "slowed by its power limit",
    ]
    assert second == ["0000:02:00.0", "RTX 3050", *6 * "—", "lost by its driver"]
    assert [re.split(r"  +", line) for line in instances.splitlines()] == [
        ["INSTANCE", "PROCESS MEMORY", "CPU"],
        ["chat-1", "6.0 GiB", "250 %"],
        ["chat-2", "—", "—"],
    ]


def test_before_the_sensors_are_read_all_is_unknown() -> None:
    assert {value for _, value in system(None)} == {"—"}
    assert list(tables(None)) == []
