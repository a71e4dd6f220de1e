"""The memory of NVIDIA's cards, as the library NVML and the program nvidia-smi report it."""

import pytest

from ollama_panel.core.snapshot import MemoryKind
from ollama_panel.engine.host.gpu import Memory, nvidia, nvidia_smi, nvml
from ollama_panel.engine.host.gpu.main_memory import MainMemory
from ollama_panel.engine.sampler import usable
from tests.fakes.gpus import GIB, FakeDriver, main, programs, read


def nvidia_reading(monkeypatch: pytest.MonkeyPatch, driver: FakeDriver) -> Memory:
    monkeypatch.setattr(nvml, "pynvml", driver)
    return read(nvidia.find())


def test_nvidia_cards_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = FakeDriver((24 * GIB, GIB), (8 * GIB, GIB))
    memory = nvidia_reading(monkeypatch, driver)
    assert (memory.kind, memory.total, memory.used, memory.name) == (MemoryKind.GPU, 32 * GIB, 2 * GIB, "Card 0")
    assert (memory.reserved, memory.free) == (GIB, 29 * GIB)
    assert [one.address for one in memory.cards] == ["0000:00:00.0", "0000:01:00.0"]
    found = nvidia.find()
    driver.lost = True
    assert found is not None
    assert found.read() is None


def test_an_early_nvidia_driver_does_not_tell_what_it_reserves(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = nvidia_reading(monkeypatch, FakeDriver((24 * GIB, GIB), old=True))
    assert (memory.reserved, memory.free) == (0, 22 * GIB + GIB // 2)


def test_an_nvidia_chip_without_memory_of_its_own_has_the_main_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    main(monkeypatch, total=64 * GIB, available=60 * GIB)
    memory = nvidia_reading(monkeypatch, FakeDriver(None))
    total = MainMemory().read().total
    assert (memory.kind, memory.total, memory.name, memory.gpu) == (MemoryKind.UNIFIED, total, "Card 0", True)
    assert usable(memory, "linux", main=total).spill == 0


def test_a_program_can_use_one_part_of_a_divided_nvidia_card(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = nvidia_reading(monkeypatch, FakeDriver((80 * GIB, GIB), divided=(2, 3)))
    assert (memory.total, memory.used) == (20 * GIB, GIB)
    monkeypatch.setattr(nvml, "pynvml", FakeDriver((80 * GIB, GIB), divided=()))
    assert nvidia.find() is None, "a divided card without parts is of no use"


NVIDIA_SMI = """
Attached GPUs                             : 2
GPU 00000000:01:00.0
    FB Memory Usage
        Total                             : 8192 MiB
        Reserved                          : 192 MiB
        Used                              : 1000 MiB
        Free                              : 7000 MiB
    BAR1 Memory Usage
        Total                             : 256 MiB
        Used                              : 5 MiB
        Free                              : 251 MiB
GPU 00000000:02:00.0
    FB Memory Usage
        Total                             : 4096 MiB
        Used                              : 96 MiB
        Free                              : 4000 MiB
"""
SHARED = """
GPU 0000000F:01:00.0
    FB Memory Usage
        Total                             : [N/A]
        Used                              : [N/A]
        Free                              : [N/A]
"""


def test_nvidias_program_tells_what_its_library_would(monkeypatch: pytest.MonkeyPatch) -> None:
    names = "GPU 0: NVIDIA RTX A4000 (UUID: GPU-1)\nGPU 1: NVIDIA T400 (UUID: GPU-2)\n"
    commands = programs(monkeypatch, nvidia_smi=names)
    found = nvidia_smi.find()
    programs(monkeypatch, nvidia_smi=NVIDIA_SMI)
    memory = read(found)
    assert commands == ["nvidia-smi -L"]
    assert (memory.name, memory.total, memory.used) == ("NVIDIA RTX A4000", 12 * GIB, 1096 << 20)
    assert (memory.reserved, memory.free) == (192 << 20, 11000 << 20)
    assert [one.address for one in memory.cards] == ["0000:01:00.0", "0000:02:00.0"]


def test_nvidias_program_is_asked_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    commands = programs(monkeypatch, nvidia_smi=NVIDIA_SMI)
    found = nvidia_smi.NvidiaSmi("nvidia-smi", ["Card"], lambda: now)
    assert found.read() == found.read()
    assert len(commands) == 1
    now += 5
    programs(monkeypatch)
    assert found.read() is None


def test_nvidias_program_knows_chips_that_share_the_main_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    programs(monkeypatch, nvidia_smi=SHARED)
    assert read(nvidia_smi.NvidiaSmi("nvidia-smi", ["GB10"])).kind is MemoryKind.UNIFIED


def test_without_nvidias_program_there_is_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    programs(monkeypatch)
    assert nvidia_smi.find() is None


@pytest.mark.parametrize("driver", [None, FakeDriver()])
def test_without_driver_or_library_there_is_no_nvidia_card(
    monkeypatch: pytest.MonkeyPatch, driver: FakeDriver | None
) -> None:
    monkeypatch.setattr(nvml, "pynvml", driver)
    assert nvidia.find() is None
