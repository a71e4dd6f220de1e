"""The readings of the sensors on the page of the machine."""

import msgspec
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.telemetry import GpuReading, InstanceReading, SystemReading, Telemetry, Throttle
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.readings_part import ReadingsPart
from tests.gui.snapshots import GIB, snapshot

CARD = GpuReading(
    "0000:01:00.0",
    "RTX 4090",
    utilization_percent=97,
    memory_used=20 * GIB,
    memory_total=24 * GIB,
    temperature_c=71,
    power_w=442,
    power_limit_w=450,
    clock_graphics_mhz=2520,
    clock_memory_mhz=10501,
    throttles=frozenset({Throttle.POWER}),
)
LOST = GpuReading("0000:02:00.0", "", lost=True)
TOLD = Telemetry(
    1.0,
    SystemReading(38, 10 * GIB, 31 * GIB, 0, 8 * GIB),
    (CARD, LOST),
    (InstanceReading(InstanceId("chat-1"), 6 * GIB, 250),),
)


@pytest.fixture
def part(theme: Theme, qtbot: QtBot) -> ReadingsPart:
    made = ReadingsPart()
    qtbot.addWidget(made)
    return made


def shows(part: ReadingsPart, telemetry: Telemetry | None) -> None:
    part.show_snapshot(snapshot(telemetry=telemetry))


def texts(cells: dict[str, QLabel]) -> list[str]:
    return [cell.text() for cell in cells.values()]


def test_all_readings_have_their_units(part: ReadingsPart) -> None:
    shows(part, TOLD)
    assert texts(part.system.cells) == ["38 %", "10.0 GiB / 31.0 GiB", "0 MiB / 8.0 GiB"]
    card = part.gpus[CARD.id]
    assert (card.name.text(), card.state.text()) == ("RTX 4090", "slowed by its power limit")
    assert texts(card.values.cells) == [
        "97 %",
        "20.0 GiB / 24.0 GiB",
        "71 °C",
        "442 W / 450 W",
        "2,520 MHz",
        "10,501 MHz",
    ]
    assert texts(part.instances["chat-1"].values.cells) == ["6.0 GiB", "250 %"]


def test_what_is_unknown_is_a_dash_and_never_zero(part: ReadingsPart) -> None:
    shows(part, None)
    assert texts(part.system.cells) == ["—", "—", "—"]
    shows(part, TOLD)
    lost = part.gpus[LOST.id]
    assert (lost.name.text(), lost.state.text()) == ("Graphics card", "lost by its driver")
    assert set(texts(lost.values.cells)) == {"—"}


def test_cards_and_instances_come_and_go(part: ReadingsPart) -> None:
    shows(part, TOLD)
    kept = part.gpus[CARD.id]
    shows(part, msgspec.structs.replace(TOLD, at=2.0))
    assert part.gpus[CARD.id] is kept, "nothing is built anew while they are the same"
    shows(part, msgspec.structs.replace(TOLD, at=3.0, gpus=(LOST,), instances=()))
    assert (list(part.gpus), list(part.instances)) == ([LOST.id], [])
