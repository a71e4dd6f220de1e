"""Cards, from what drivers print anywhere."""

import plistlib

from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.facts import MachineFacts
from ollama_panel.core.telemetry import GpuVendor
from ollama_panel.engine.doctor.graphics import cards_of, drivers_of, problem_of

NVIDIA = """\

==============NVSMI LOG==============

Driver Version                            : 550.54.15
CUDA Version                              : 12.4

Attached GPUs                             : 1
GPU 00000000:01:00.0
    FB Memory Usage
        Total                             : 24564 MiB
        Reserved                          : 300 MiB
        Used                              : 1000 MiB
        Free                              : 23264 MiB
    Utilization
        Gpu                               : 7 %
"""
AMD = """\
device/vendor:0x1002
device/device:0x744c
device/revision:0xc8
device/mem_info_vram_total:25753026560
device/mem_info_vram_used:1000
device/mem_info_gtt_total:1
device/mem_info_gtt_used:1
device/gpu_busy_percent:12
device/pp_dpm_sclk:0: 500Mhz
device/pp_dpm_sclk:1: 2500Mhz *
device/hwmon/hwmon3/name:amdgpu
device/hwmon/hwmon3/temp1_input:45000
device/hwmon/hwmon3/temp1_label:edge
/etc/passwd:x
device/../../x:y
"""


def test_a_card_of_nvidia_with_its_drivers() -> None:
    found = [
        Block("nvidia", (), NVIDIA),
        Block("nvidia_names", (), "GPU 0: NVIDIA GeForce RTX 4090 (UUID: GPU-1)\n"),
        Block("driver", ("nvidia",), "550.54.15\n"),
    ]
    (card,) = cards_of(found, MachineFacts())
    assert (card.id, card.name, card.vendor) == ("0000:01:00.0", "NVIDIA GeForce RTX 4090", GpuVendor.NVIDIA)
    assert (card.memory_total, card.utilization_percent) == (24564 << 20, 7.0)
    assert drivers_of(found) == {"nvidia": "550.54.15", "cuda": "12.4"}
    assert problem_of(found) == ""


def test_a_driver_that_does_not_answer_is_said() -> None:
    text = "Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.90\n"
    assert problem_of([Block("nvidia", (), text)]) == "Failed to initialize NVML: Driver/library version mismatch"
    assert cards_of([Block("nvidia", (), text)], MachineFacts()) == ()


def test_a_card_of_amd_by_the_files_of_its_kernel() -> None:
    found = [
        Block("card", ("card1", "0000:03:00.0"), AMD),
        Block("names", (), "744C,\tC8,\tAMD Radeon RX 7900 XTX\n"),
    ]
    (card,) = cards_of(found, MachineFacts())
    assert (card.id, card.name, card.vendor) == ("0000:03:00.0", "AMD Radeon RX 7900 XTX", GpuVendor.AMD)
    assert (card.memory_total, card.utilization_percent) == (25753026560, 12.0)
    assert (card.clock_graphics_mhz, card.temperature_c) == (2500.0, 45.0)


def test_the_gpu_of_a_mac() -> None:
    entry = {"model": "Apple M4", "PerformanceStatistics": {"In use system memory": 5, "Device Utilization %": 3}}
    found = [Block("ioreg", (), plistlib.dumps([entry]).decode()), Block("wired", (), "0\n")]
    (card,) = cards_of(found, MachineFacts("Darwin", release="15.1", memory_total=16 << 30))
    assert (card.id, card.name, card.unified, card.memory_used) == ("apple", "Apple M4", True, 5)
    assert card.memory_total is not None
    (limited,) = cards_of([found[0], Block("wired", (), "12000\n")], MachineFacts("Darwin"))
    assert limited.memory_total == 12000 << 20
