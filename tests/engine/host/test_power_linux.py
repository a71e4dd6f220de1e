"""What Linux's kernel tells of power and heat, in folders like those of /sys."""

from pathlib import Path

import pytest

from ollama_panel.core.telemetry import ThermalPressure
from ollama_panel.engine.host.power_linux import LinuxPower

NOMINAL, FAIR, SERIOUS, CRITICAL = ThermalPressure

BAT0 = {"BAT0/type": "Battery", "BAT0/status": "Discharging"}
MOUSE = {"hidpp_battery_0/type": "Battery", "hidpp_battery_0/scope": "Device", "hidpp_battery_0/status": "Discharging"}
LAPTOP = {"trip_point_0_type": "critical", "trip_point_0_temp": "105000", "trip_point_1_type": "passive"}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n")


@pytest.mark.parametrize(
    ("supplies", "expected"),
    [
        ({}, None),
        ({"AC/type": "Mains", "AC/online": "1"}, None),
        (MOUSE, None),
        (MOUSE | {"AC/type": "Mains", "AC/online": "0"}, None),
        (BAT0, True),
        (BAT0 | {"AC/type": "Mains", "AC/online": "0"}, True),
        (BAT0 | {"AC/type": "Mains", "AC/online": "1"}, False),
        (BAT0 | {"ucsi/type": "USB", "ucsi/online": "1"}, False),
        (BAT0 | {"BAT0/status": "Charging"}, False),
        (BAT0 | {"BAT0/status": "Not charging"}, False),
        (BAT0 | {"BAT0/status": "Unknown"}, None),
        ({"BAT0/type": "Battery", "BAT0/status": "Full", "BAT1/type": "Battery", "BAT1/status": "Discharging"}, True),
        ({"ups/type": "UPS", "ups/status": "Discharging"}, True),
    ],
)
def test_a_machine_runs_on_a_battery_of_its_own(
    tmp_path: Path, supplies: dict[str, str], expected: bool | None
) -> None:
    write(tmp_path / "class/power_supply", supplies)
    assert LinuxPower(tmp_path).on_battery() is expected


@pytest.mark.parametrize(
    ("profile", "preferences", "expected"),
    [
        ("", (), None),
        ("balanced", (), False),
        ("low-power", (), True),
        ("", ("power", "power"), True),
        ("", ("power", "balance_performance"), False),
        ("performance", ("power",), True),
    ],
)
def test_the_profile_saves_power(
    tmp_path: Path, profile: str, preferences: tuple[str, ...], expected: bool | None
) -> None:
    write(tmp_path / "firmware/acpi", {"platform_profile": profile} if profile else {})
    for number, preference in enumerate(preferences):
        write(tmp_path / f"devices/system/cpu/cpufreq/policy{number}", {"energy_performance_preference": preference})
    assert LinuxPower(tmp_path).low_power() is expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ({"temp": "60000"}, None),
        (LAPTOP | {"temp": "60000", "trip_point_1_temp": "95000"}, NOMINAL),
        (LAPTOP | {"temp": "95000", "trip_point_1_temp": "95000"}, SERIOUS),
        (LAPTOP | {"temp": "102000", "trip_point_1_temp": "95000"}, CRITICAL),
        ({"temp": "90000", "trip_point_0_type": "hot", "trip_point_0_temp": "90000"}, CRITICAL),
        (LAPTOP | {"temp": "40000", "trip_point_1_temp": "0"}, NOMINAL),
        (LAPTOP | {"temp": "40000", "trip_point_1_temp": "-274000"}, NOMINAL),
        ({"temp": "40000", "trip_point_0_type": "active", "trip_point_0_temp": "30000"}, None),
        (LAPTOP | {"temp": "96000", "trip_point_1_temp": "95000", "policy": "user_space"}, NOMINAL),
        (LAPTOP | {"temp": "96000", "trip_point_1_temp": "95000", "mode": "disabled"}, None),
        (LAPTOP | {"temp": "unreadable", "trip_point_1_temp": "95000"}, None),
    ],
)
def test_a_zone_is_as_hot_as_its_trip_points_say(
    tmp_path: Path, zone: dict[str, str], expected: ThermalPressure | None
) -> None:
    write(tmp_path / "class/thermal/thermal_zone0", zone)
    assert LinuxPower(tmp_path).thermal_pressure() is expected


def test_processors_that_heat_slows_down_count_by_the_share_of_the_time(tmp_path: Path) -> None:
    now = 0.0
    machine = LinuxPower(tmp_path, lambda: now)

    def after(seconds: float, count: int, slowed_ms: int) -> ThermalPressure | None:
        nonlocal now
        now += seconds
        for number in range(2):
            folder = tmp_path / f"devices/system/cpu/cpu{number}/thermal_throttle"
            write(folder, {"package_throttle_count": str(count), "package_throttle_total_time_ms": str(slowed_ms)})
        return machine.thermal_pressure()

    assert after(0, 700, 90_000) is NOMINAL, "what was before the panel"
    assert after(5, 700, 90_000) is NOMINAL
    assert after(5, 701, 90_100) is FAIR
    assert after(5, 740, 90_600) is SERIOUS
    assert after(5, 740, 90_600) is NOMINAL


def test_the_worst_of_all_counts(tmp_path: Path) -> None:
    write(tmp_path / "class/thermal/thermal_zone0", LAPTOP | {"temp": "60000", "trip_point_1_temp": "95000"})
    write(tmp_path / "class/thermal/thermal_zone1", LAPTOP | {"temp": "96000", "trip_point_1_temp": "95000"})
    assert LinuxPower(tmp_path).thermal_pressure() is SERIOUS
