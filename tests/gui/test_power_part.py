"""What the page of the machine says about sleep, power and heat."""

from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from ollama_panel.core.keep_awake import KeepAwakeRecord
from ollama_panel.core.limits import LimitReason, ModelLimit
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree_machine import MachineSettings
from ollama_panel.core.telemetry import SystemReading, Telemetry, ThermalPressure
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.power_part import PowerPart
from ollama_panel.gui.window import MainWindow
from tests.gui.snapshots import LLAMA, SETTINGS, instances, snapshot

PROBLEM = notice("instance.gone", url="http://127.0.0.1:11500")
OFF = msgspec.structs.replace(SETTINGS, machine=MachineSettings(keep_awake=False))


@pytest.fixture
def part(theme: Theme, qtbot: QtBot) -> PowerPart:
    made = PowerPart()
    qtbot.addWidget(made)
    return made


def of_system(**values: Any) -> dict[str, Any]:
    return {"telemetry": Telemetry(1.0, SystemReading(**values))}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"keep_awake": KeepAwakeRecord(True, 40.0, "systemd")}, "Kept awake while 15 requests run or wait"),
        ({}, "May sleep: no request runs or waits"),
        ({"settings": OFF}, "As the system is set; the panel keeps it awake for nothing"),
        ({"keep_awake": KeepAwakeRecord(problem=PROBLEM)}, "Cannot be kept awake"),
    ],
)
def test_it_says_whether_the_machine_is_kept_awake(part: PowerPart, changes: dict[str, Any], words: str) -> None:
    part.show_snapshot(snapshot(**changes))
    assert part.values["sleep"].text() == words


def test_what_prevents_that_is_told_until_it_is_over(part: PowerPart) -> None:
    part.show_snapshot(snapshot(keep_awake=KeepAwakeRecord(problem=PROBLEM)))
    assert "Nothing answers at" in part.problem.text()
    part.show_snapshot(snapshot())
    assert part.problem.isHidden()


@pytest.mark.parametrize(
    ("values", "power", "heat", "tone"),
    [
        ({}, "—", "—", ""),
        ({"on_battery": False, "thermal_pressure": ThermalPressure.NOMINAL}, "mains", "normal", ""),
        ({"on_battery": True, "low_power": True}, "battery, low-power mode", "—", "warn"),
        ({"low_power": True, "thermal_pressure": ThermalPressure.FAIR}, "low-power mode", "warm", "warn"),
    ],
)
def test_power_and_heat_are_told(part: PowerPart, values: dict[str, Any], power: str, heat: str, tone: str) -> None:
    part.show_snapshot(snapshot(**of_system(**values)))
    assert (part.values["power"].text(), part.values["heat"].text()) == (power, heat)
    assert (part.values["power"].property("tone") or "") == tone


@pytest.mark.parametrize(
    ("pressure", "tone"), [(ThermalPressure.SERIOUS, "warn"), (ThermalPressure.CRITICAL, "danger")]
)
def test_heat_that_slows_the_machine_down_stands_out(part: PowerPart, pressure: ThermalPressure, tone: str) -> None:
    part.show_snapshot(snapshot(**of_system(thermal_pressure=pressure)))
    assert "slows the machine down" in part.values["heat"].text()
    assert part.values["heat"].property("tone") == tone


def test_what_the_limiter_lowers_for_it_is_told_once(part: PowerPart) -> None:
    told = notice("limit.slots", limit=1, slots=2)
    limit = ModelLimit(LLAMA, 1, 2, LimitReason.POWER, told)
    limited = tuple(msgspec.structs.replace(one, limits=(limit,)) for one in instances()[:2])
    part.show_snapshot(snapshot(instances=limited))
    assert part.limits.text().count("llama3.1:8b: ") == 1
    part.show_snapshot(snapshot())
    assert part.limits.isHidden()


def test_the_page_shows_it(window: MainWindow) -> None:
    window.show_page_named("machine")
    assert window.machine.power.isVisible()


def test_it_is_in_the_column_with_room_for_its_sentences(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page_named("machine")
    page = window.machine
    for width in (1280, 880):
        window.resize(width, 800)
        qtbot.waitUntil(lambda: page.power.width() == page.advice.width() and page.power.y() > page.advice.y())
