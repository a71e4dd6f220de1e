"""The memory of GPUs, as reported on four kinds of machine."""

import plistlib
from pathlib import Path
from types import SimpleNamespace

import pytest

from ollama_panel.core.scheduling.messages import MemoryMeasured
from ollama_panel.core.snapshot import MemoryKind
from ollama_panel.engine.host.gpu import Cards, Memory, amd, apple, nvidia
from ollama_panel.engine.host.gpu.main_memory import MainMemory
from ollama_panel.engine.sampler import usable

GIB = 1 << 30


def test_main_memory_is_there_everywhere() -> None:
    memory = MainMemory().read()
    assert memory is not None
    assert 0 < memory.used < memory.total
    assert memory.kind is MemoryKind.SYSTEM


def card(folder: Path, name: str, **files: int) -> None:
    device = folder / name / "device"
    device.mkdir(parents=True)
    for kind, value in files.items():
        (device / f"mem_info_{kind}").write_text(f"{value}\n")


def test_the_amd_card_with_the_most_memory_counts(tmp_path: Path) -> None:
    card(tmp_path, "card0", vram_total=8 * GIB, vram_used=GIB)
    card(tmp_path, "card1", vram_total=24 * GIB, vram_used=3 * GIB, gtt_total=16 * GIB, gtt_used=GIB)
    found = amd.find(tmp_path)
    assert found is not None
    assert found.read() == Memory(MemoryKind.GPU, 24 * GIB, 3 * GIB)


def test_an_amd_apu_counts_the_memory_that_it_borrows(tmp_path: Path) -> None:
    card(tmp_path, "card0", vram_total=GIB // 2, vram_used=GIB // 4, gtt_total=16 * GIB, gtt_used=2 * GIB)
    found = amd.find(tmp_path)
    assert found is not None
    assert found.read() == Memory(MemoryKind.GPU, 16 * GIB + GIB // 2, 2 * GIB + GIB // 4)


def test_an_amd_card_that_stops_telling_is_unknown(tmp_path: Path) -> None:
    card(tmp_path, "card0", vram_total=8 * GIB, vram_used=GIB)
    found = amd.find(tmp_path)
    assert found is not None
    (tmp_path / "card0" / "device" / "mem_info_vram_used").unlink()
    assert found.read() is None
    assert amd.find(tmp_path) is None


def test_a_machine_without_amd_has_no_amd_card(tmp_path: Path) -> None:
    assert amd.find(tmp_path) is None


def test_a_mac_tells_what_its_gpu_uses() -> None:
    entries = [{"PerformanceStatistics": {"In use system memory": 5}}, {"Other": 1}]
    assert apple.gpu_bytes(plistlib.dumps(entries)) == 5
    assert apple.gpu_bytes(plistlib.dumps([{}])) is None
    assert apple.gpu_bytes(b"nonsense") is None


class FakeDriver:
    """As much of pynvml as is used."""

    class NVMLError(Exception):
        """The driver's error."""

    def __init__(self, *cards: tuple[int, int]) -> None:
        self.cards = cards
        self.lost = False

    def nvmlInit(self) -> None:  # noqa: N802 (NVML's name)
        if not self.cards:
            raise self.NVMLError

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802
        return len(self.cards)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:  # noqa: N802
        return index

    def nvmlDeviceGetName(self, handle: int) -> str:  # noqa: N802
        return f"Card {handle}"

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> SimpleNamespace:  # noqa: N802
        if self.lost:
            raise self.NVMLError
        return SimpleNamespace(total=self.cards[handle][0], used=self.cards[handle][1])


def test_nvidia_cards_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = FakeDriver((24 * GIB, GIB), (8 * GIB, GIB))
    monkeypatch.setattr(nvidia, "pynvml", driver)
    found = nvidia.find()
    assert found is not None
    assert found.read() == Memory(MemoryKind.GPU, 32 * GIB, 2 * GIB, "Card 0")
    driver.lost = True
    assert found.read() is None


@pytest.mark.parametrize("driver", [None, FakeDriver()])
def test_without_driver_or_library_there_is_no_nvidia_card(
    monkeypatch: pytest.MonkeyPatch, driver: FakeDriver | None
) -> None:
    monkeypatch.setattr(nvidia, "pynvml", driver)
    assert nvidia.find() is None


async def test_there_is_always_a_memory_to_read() -> None:
    memory = await Cards.find().read()
    assert memory is not None
    assert memory.total > 0


def test_models_may_use_three_quarters_of_a_mac_and_all_of_a_card() -> None:
    memory = Memory(MemoryKind.UNIFIED, 64 * GIB, 10 * GIB)
    assert usable(memory, "darwin") == MemoryMeasured(48 * GIB, 48 * GIB)
    assert usable(memory, "linux") == MemoryMeasured(64 * GIB, 54 * GIB)
    assert usable(memory, "linux", main=32 * GIB).spill == 32 * GIB
    assert usable(memory, "darwin", main=64 * GIB).spill == 0


def test_the_main_memory_is_no_gpus():
    assert not usable(Memory(MemoryKind.SYSTEM, 64 * GIB, 10 * GIB), "linux").gpu
    assert not MainMemory().read().gpu
