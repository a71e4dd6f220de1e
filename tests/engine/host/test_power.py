"""What reads power and heat on each system."""

import ctypes
import sys
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from ollama_panel.core.telemetry import ThermalPressure
from ollama_panel.engine.host.power import PowerReading, of_mac, power_sensors
from ollama_panel.engine.host.power_windows import saves_power
from ollama_panel.engine.host.process_info import ProcessInfo
from tests.engine.host.test_process_info import Runtime


@pytest.mark.parametrize(
    ("state", "pressure"),
    [(0, ThermalPressure.NOMINAL), (2, ThermalPressure.SERIOUS), (3, ThermalPressure.CRITICAL), (9, None)],
)
def test_a_mac_tells_of_battery_power_and_heat(
    monkeypatch: pytest.MonkeyPatch, state: int, pressure: ThermalPressure | None
) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: SimpleNamespace(power_plugged=False), raising=False)
    process = ProcessInfo(Runtime(isLowPowerModeEnabled=1, thermalState=state))
    assert of_mac(process) == PowerReading(on_battery=True, low_power=True, thermal_pressure=pressure)


@pytest.mark.parametrize(("flag", "answers", "expected"), [(0, 1, False), (1, 1, True), (1, 0, None)])
def test_windows_tells_whether_battery_saver_is_on(flag: int, answers: int, expected: bool | None) -> None:
    def tell(status: Any) -> int:
        """Fill in SYSTEM_POWER_STATUS: four bytes and two longs."""
        ctypes.memmove(ctypes.addressof(status._obj), bytes([1, 0, 50, flag]), 4)
        return answers

    assert saves_power(SimpleNamespace(GetSystemPowerStatus=tell)) is expected


def test_this_machine_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "linux":
        assert isinstance(power_sensors()(), PowerReading)
    monkeypatch.setattr(sys, "platform", "freebsd14")
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    assert power_sensors()() == PowerReading()
