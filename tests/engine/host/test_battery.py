"""Whether the machine runs on its battery."""

from types import SimpleNamespace

import psutil
import pytest

from ollama_panel.engine.host.battery import on_battery


@pytest.mark.parametrize(("plugged", "expected"), [(True, False), (False, True), (None, None)])
def test_a_battery_tells_whether_it_is_used(
    monkeypatch: pytest.MonkeyPatch, plugged: bool | None, expected: bool | None
) -> None:
    told = SimpleNamespace(percent=80, secsleft=3600, power_plugged=plugged)
    monkeypatch.setattr(psutil, "sensors_battery", lambda: told, raising=False)
    assert on_battery() is expected


def test_a_machine_without_a_battery_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    assert on_battery() is None
    monkeypatch.delattr(psutil, "sensors_battery")
    assert on_battery() is None


def test_a_battery_that_cannot_be_read_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied() -> None:
        raise PermissionError

    monkeypatch.setattr(psutil, "sensors_battery", denied, raising=False)
    assert on_battery() is None
