"""What the drivers of AMD's, Intel's and Apple's GPUs tell, and what becomes of a card that is not told of any more."""

import struct
from pathlib import Path

import pytest

from ollama_panel.core.telemetry import GpuReading, GpuVendor, Throttle
from ollama_panel.engine.host.gpu import amd_metrics, apple, sensors_apple
from ollama_panel.engine.host.gpu.sensors import Sensors
from ollama_panel.engine.host.gpu.sensors_amd import AmdSensors
from ollama_panel.engine.host.gpu.sensors_apple import AppleSensors
from ollama_panel.engine.host.gpu.sensors_intel import IntelSensors
from tests.fakes.gpus import GIB, MAC, main, programs


def tree(folder: Path, address: str, card: str, files: dict[str, str | int | bytes]) -> Path:
    """Make a card as sysfs has it: a folder whose `device` is a link to that of its PCI address; return that."""
    device = folder / "devices" / address
    device.mkdir(parents=True)
    drm = folder / "drm" / card
    drm.mkdir(parents=True)
    (drm / "device").symlink_to(device)
    for name, value in files.items():
        file = drm / name.removeprefix("../") if name.startswith("../") else device / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(value if isinstance(value, bytes) else f"{value}\n".encode())
    return device


def metrics(version: tuple[int, int], offset: int, status: int) -> bytes:
    size = offset + 8
    return (struct.pack("<HBB", size, *version) + b"\xff" * size)[:offset] + struct.pack("<Q", status)


RX_7900: dict[str, str | int | bytes] = {
    "vendor": "0x1002",
    "device": "0x744c",
    "revision": "0xc8",
    "gpu_busy_percent": 88,
    "mem_info_vram_total": 24 * GIB,
    "mem_info_vram_used": 20 * GIB,
    "mem_info_gtt_total": 32 * GIB,
    "mem_info_gtt_used": GIB,
    "power/runtime_status": "active",
    "gpu_metrics": metrics((1, 3), 112, 0),
    "hwmon/hwmon4/temp1_input": 61000,
    "hwmon/hwmon4/temp1_label": "edge",
    "hwmon/hwmon4/temp2_input": 83000,
    "hwmon/hwmon4/temp2_label": "junction",
    "hwmon/hwmon4/power1_average": 312000000,
    "hwmon/hwmon4/power1_cap": 339000000,
    "hwmon/hwmon4/freq1_input": 2431000000,
    "hwmon/hwmon4/freq1_label": "sclk",
    "hwmon/hwmon4/freq2_input": 1249000000,
    "hwmon/hwmon4/freq2_label": "mclk",
}
NAMES = "# List of AMDGPU IDs\n1.0.0\n744C,\tC8,\tAMD Radeon RX 7900 XTX\n1681,\tC8,\tAMD Radeon 680M\n"


@pytest.fixture
def names(tmp_path: Path) -> Path:
    file = tmp_path / "amdgpu.ids"
    file.write_text(NAMES)
    return file


def test_an_amd_card_tells_all_values(tmp_path: Path, names: Path) -> None:
    tree(tmp_path, "0000:03:00.0", "card1", RX_7900)
    (tmp_path / "drm" / "card1-DP-1").mkdir()
    assert AmdSensors(tmp_path / "drm", names).read() == (
        GpuReading(
            "0000:03:00.0",
            "AMD Radeon RX 7900 XTX",
            GpuVendor.AMD,
            utilization_percent=88,
            memory_used=20 * GIB,
            memory_total=24 * GIB,
            temperature_c=61,
            power_w=312,
            power_limit_w=339,
            clock_graphics_mhz=2431,
            clock_memory_mhz=1249,
            throttles=frozenset(),
        ),
    )


@pytest.mark.parametrize("missing", sorted(RX_7900.keys() - {"vendor", "mem_info_vram_total"}))
def test_a_file_that_is_missing_leaves_the_rest(tmp_path: Path, names: Path, missing: str) -> None:
    tree(tmp_path, "0000:03:00.0", "card1", {name: text for name, text in RX_7900.items() if name != missing})
    (found,) = AmdSensors(tmp_path / "drm", names).read()
    values = [getattr(found, name) for name in GpuReading.__struct_fields__]
    assert values.count(None) <= 1
    assert found.memory_total == 24 * GIB


def test_a_gpu_inside_an_amd_processor_counts_what_it_borrows(tmp_path: Path, names: Path) -> None:
    apu: dict[str, str | int | bytes] = {
        "vendor": "0x1002",
        "device": "0x1681",
        "revision": "0xc8",
        "mem_info_vram_total": GIB // 2,
        "mem_info_vram_used": GIB // 4,
        "mem_info_gtt_total": 14 * GIB,
        "mem_info_gtt_used": GIB,
        "hwmon/hwmon5/temp1_input": 47000,
        "hwmon/hwmon5/power1_input": 9215000,
        "hwmon/hwmon5/power1_cap": 0,
        "pp_dpm_sclk": "0: 400Mhz\n1: 1900Mhz *\n2: 2200Mhz",
        "pp_dpm_mclk": "0: 400Mhz\n1: 2400Mhz",
        "gpu_metrics": metrics((2, 2), 120, 1 << 33),
    }
    tree(tmp_path, "0000:e5:00.0", "card0", apu)
    (found,) = AmdSensors(tmp_path / "drm", names).read()
    assert (found.name, found.unified) == ("AMD Radeon 680M", True)
    assert (found.memory_used, found.memory_total) == (GIB + GIB // 4, 14 * GIB + GIB // 2)
    assert (found.temperature_c, found.power_w, found.power_limit_w) == (47, 9.215, None)
    assert (found.clock_graphics_mhz, found.clock_memory_mhz) == (1900, None)
    assert found.throttles == {Throttle.THERMAL}


def test_an_amd_card_that_sleeps_is_not_woken(tmp_path: Path, names: Path) -> None:
    device = tree(tmp_path, "0000:03:00.0", "card1", RX_7900 | {"power/runtime_status": "suspended"})
    (found,) = AmdSensors(tmp_path / "drm", names).read()
    assert (found.memory_used, found.temperature_c, found.utilization_percent) == (20 * GIB, None, None)
    (device / "power/runtime_status").write_text("active\n")
    assert AmdSensors(tmp_path / "drm", names).read()[0].temperature_c == 61


@pytest.mark.parametrize(
    ("table", "throttles"),
    [
        (b"", None),
        (b"\x04\x00\x01", None),
        (metrics((1, 3), 112, 0)[:112], None),
        (metrics((1, 4), 112, 0), None),  # another layout
        (metrics((3, 0), 120, 0), None),
        (metrics((1, 3), 112, (1 << 64) - 1), None),  # the driver's filling
        (metrics((1, 3), 112, 0), set()),
        (metrics((1, 3), 112, 1), {Throttle.POWER}),  # PPT0
        (metrics((1, 3), 112, 1 << 16), {Throttle.POWER}),  # TDC_GFX
        (metrics((1, 3), 112, 1 << 36), {Throttle.THERMAL}),  # TEMP_HOTSPOT
        (metrics((2, 3), 120, 1 << 5 | 1 << 47), {Throttle.POWER, Throttle.THERMAL}),  # FPPT, PROCHOT_GFX
    ],
)
def test_an_amd_table_tells_what_slows_a_card_down(table: bytes, throttles: set[Throttle] | None) -> None:
    assert amd_metrics.throttles_in(table) == throttles


def test_an_intel_card_tells_its_power_from_its_energy(tmp_path: Path) -> None:
    files: dict[str, str | int | bytes] = {
        "vendor": "0x8086",
        "hwmon/hwmon2/energy1_input": 5_000_000,
        "hwmon/hwmon2/power1_max": 190_000_000,
        "hwmon/hwmon2/temp2_input": 55000,
        "hwmon/hwmon2/temp2_label": "pkg",
        "tile0/gt0/freq0/act_freq": 2400,
        "tile0/gt0/freq0/throttle/status": 1,
        "tile0/gt0/freq0/throttle/reason_pl1": 1,
        "tile0/gt0/freq0/throttle/reason_thermal": 0,
    }
    device = tree(tmp_path, "0000:0a:00.0", "card0", files)
    now = 100.0
    sensors = IntelSensors(tmp_path / "drm", lambda: now)
    (found,) = sensors.read()
    assert found == GpuReading(
        "0000:0a:00.0",
        "Intel GPU",
        GpuVendor.INTEL,
        temperature_c=55,
        power_limit_w=190,
        clock_graphics_mhz=2400,
        throttles=frozenset({Throttle.POWER}),
    )
    now += 2
    (device / "hwmon/hwmon2/energy1_input").write_text("245000000\n")
    assert sensors.read()[0].power_w == 120


def test_an_intel_card_of_the_older_driver(tmp_path: Path) -> None:
    files: dict[str, str | int | bytes] = {
        "vendor": "0x8086",
        "hwmon/hwmon2/power1_max": 0,
        "../gt/gt0/rps_act_freq_mhz": 2050,
        "../gt/gt0/throttle_reason_status": 1,
    }
    tree(tmp_path, "0000:0a:00.0", "card0", files)
    (found,) = IntelSensors(tmp_path / "drm").read()
    assert (found.clock_graphics_mhz, found.throttles, found.power_limit_w) == (2050, {Throttle.HARDWARE}, None)


def test_a_gpu_inside_an_intel_processor_is_left_out(tmp_path: Path) -> None:
    tree(tmp_path, "0000:00:02.0", "card0", {"vendor": "0x8086", "../gt/gt0/rps_act_freq_mhz": 700})
    assert IntelSensors(tmp_path / "drm").read() == ()


NO_WARNING = "Note: No thermal warning level has been recorded\nNote: No performance warning level has been recorded\n"


def limits(speed: int) -> str:
    return (
        f"2026-03-01 10:00:00 +0100 CPU Power notify\n\tCPU_Scheduler_Limit \t= 100\n\tCPU_Available_CPUs \t= 8\n"
        f"\tCPU_Speed_Limit \t= {speed}\n"
    )


@pytest.mark.parametrize(
    ("text", "throttles"),
    [
        ("", None),
        ("something else", None),
        (NO_WARNING, set()),
        (NO_WARNING + limits(100), set()),
        (NO_WARNING + limits(76), {Throttle.THERMAL}),
        ("Thermal Warning Level = 2\nNote: No performance warning level has been recorded\n", {Throttle.THERMAL}),
        ("Thermal Warning Level = 0\n" + limits(100), set()),
    ],
)
def test_a_mac_tells_whether_heat_slows_it_down(text: str, throttles: set[Throttle] | None) -> None:
    assert sensors_apple.throttles_in(text) == throttles


def test_apples_gpu_tells_what_needs_no_privileges(monkeypatch: pytest.MonkeyPatch) -> None:
    main(monkeypatch, total=16 * GIB, available=12 * GIB)
    commands = programs(monkeypatch, **(MAC | {"pmset": NO_WARNING, "sysctl": "12288\n"}))
    now = 0.0
    sensors = AppleSensors(apple.UnifiedMemory(lambda: now), lambda: now)
    assert sensors.read() == (
        GpuReading(
            "apple",
            "Apple M2",
            GpuVendor.APPLE,
            utilization_percent=71,
            memory_used=5 * GIB,
            memory_total=12 * GIB,
            unified=True,
            throttles=frozenset(),
        ),
    )
    asked = len(commands)
    now += 1
    sensors.read()
    assert len(commands) == asked, "the programs are asked seldom"


class Bus:
    """A bus with one card whose driver may be lost."""

    def __init__(self, folder: Path) -> None:
        self.entry = folder / "0000:03:00.0"
        self.entry.mkdir()
        self.told: tuple[GpuReading, ...] = (GpuReading("0000:03:00.0", "RX", GpuVendor.AMD, temperature_c=50),)
        self.other = GpuReading("apple", "M")
        self.sensors = Sensors([lambda: self.told, lambda: (self.other,)], folder)


def test_a_card_whose_driver_is_lost_keeps_its_place(tmp_path: Path) -> None:
    bus = Bus(tmp_path)
    before, bus.told = bus.sensors.read(), ()
    lost, other = bus.sensors.read()
    assert lost == GpuReading("0000:03:00.0", "RX", GpuVendor.AMD, lost=True)
    assert other == bus.other
    bus.told = before[:1]
    assert bus.sensors.read() == before


def test_a_card_that_has_been_taken_out_is_forgotten(tmp_path: Path) -> None:
    bus = Bus(tmp_path)
    bus.sensors.read()
    bus.told = ()
    bus.entry.rmdir()
    assert bus.sensors.read() == (bus.other,)
    assert bus.sensors.unknown() == (bus.other,)


def test_while_no_driver_answers_the_cards_are_known_but_nothing_of_them(tmp_path: Path) -> None:
    bus = Bus(tmp_path)
    bus.sensors.read()
    assert bus.sensors.unknown()[0] == GpuReading("0000:03:00.0", "RX", GpuVendor.AMD)


def test_what_no_card_can_have_is_unknown(tmp_path: Path) -> None:
    files: dict[str, str | int | bytes] = {
        "gpu_busy_percent": 2**32 - 1,
        "mem_info_vram_used": -1,
        "hwmon/hwmon3/temp1_input": 65_535_000,
        "hwmon/hwmon3/power1_average": "9" * 400,
        "hwmon/hwmon3/power1_input": -5,
    }
    tree(tmp_path, "0000:03:00.0", "card1", RX_7900 | files)
    (card,) = Sensors([AmdSensors(tmp_path / "drm").read]).read()
    assert (card.utilization_percent, card.memory_used, card.temperature_c, card.power_w) == (None, None, None, None)
    assert card.memory_total == 24 * GIB
