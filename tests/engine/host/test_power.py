"""Tests of where the machine has its power from."""

from types import SimpleNamespace

import psutil
import pytest

from ollama_panel.engine.host.power import on_battery


@pytest.mark.parametrize(("told", "expected"), [(True, False), (False, True), (None, None)])
def test_a_battery_tells_whether_it_is_used(
    monkeypatch: pytest.MonkeyPatch, told: bool | None, expected: bool | None
) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: SimpleNamespace(power_plugged=told), raising=False)
    assert on_battery() is expected


def test_a_machine_without_a_battery_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    assert on_battery() is None


def test_a_system_without_such_sensors_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(psutil, "sensors_battery", raising=False)
    assert on_battery() is None
