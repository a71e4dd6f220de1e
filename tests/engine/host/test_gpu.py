"""The memory of GPUs, as reported on several kinds of machine."""

import json
import platform
import plistlib
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.scheduling.messages import MemoryMeasured
from ollama_panel.core.snapshot import Budget, BudgetSource, MemoryKind
from ollama_panel.engine.host.gpu import Cards, Memory, amd, apple
from ollama_panel.engine.host.gpu.budget import budget_of
from ollama_panel.engine.host.gpu.main_memory import MainMemory
from ollama_panel.engine.sampler import usable
from tests.fakes.gpus import GIB, MAC, main, programs, read


def test_main_memory_is_there_everywhere() -> None:
    memory = MainMemory().read()
    assert memory is not None
    assert 0 < memory.used < memory.total
    assert memory.kind is MemoryKind.SYSTEM


def card(folder: Path, name: str, **files: int) -> None:
    device = folder / name / "device"
    device.mkdir(parents=True)
    for kind, value in files.items():
        (device / (kind if kind.startswith("gpu") else f"mem_info_{kind}")).write_text(f"{value}\n")


def test_amd_cards_count_together(tmp_path: Path) -> None:
    card(tmp_path, "card0", vram_total=8 * GIB, vram_used=GIB)
    card(tmp_path, "card1", vram_total=24 * GIB, vram_used=3 * GIB, gtt_total=16 * GIB, gtt_used=GIB)
    memory = read(amd.find(tmp_path))
    assert (memory.kind, memory.total, memory.used) == (MemoryKind.GPU, 32 * GIB, 4 * GIB)
    assert [one.total for one in memory.cards] == [8 * GIB, 24 * GIB]


def test_what_an_amd_apu_borrows_does_not_count_beside_a_card(tmp_path: Path) -> None:
    card(tmp_path, "card0", vram_total=GIB // 2, vram_used=0, gtt_total=48 * GIB, gtt_used=0)
    card(tmp_path, "card1", vram_total=16 * GIB, vram_used=GIB, gtt_total=48 * GIB, gtt_used=0)
    assert read(amd.find(tmp_path)).total == 16 * GIB


def test_an_amd_apu_counts_the_memory_that_it_borrows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main(monkeypatch, total=32 * GIB, available=30 * GIB)
    card(tmp_path, "card0", vram_total=GIB // 2, vram_used=GIB // 4, gtt_total=16 * GIB, gtt_used=2 * GIB)
    memory = read(amd.find(tmp_path))
    assert memory == Memory(MemoryKind.UNIFIED, 16 * GIB + GIB // 2, 2 * GIB + GIB // 4)
    main(monkeypatch, total=32 * GIB, available=4 * GIB)
    assert read(amd.find(tmp_path)).free == 4 * GIB + GIB // 4, "nobody can borrow what others use"


def test_rocm_smi_tells_the_name_of_the_only_amd_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = programs(monkeypatch, rocm_smi=json.dumps({"card0": {"Card series": "Radeon RX 7800 XT"}}))
    card(tmp_path, "card0", vram_total=8 * GIB, vram_used=GIB)
    assert read(amd.find(tmp_path)).name == "Radeon RX 7800 XT"
    assert commands == ["rocm-smi --showproductname --json"]
    card(tmp_path, "card1", vram_total=8 * GIB, vram_used=GIB)
    assert read(amd.find(tmp_path)).name == ""
    for nonsense in ("", "[]", "{}", "no JSON", '{"card0": {}}'):
        assert amd.name_in(nonsense) == ""


def test_an_amd_card_that_stops_telling_is_unknown(tmp_path: Path) -> None:
    card(tmp_path, "card0", vram_total=8 * GIB, vram_used=GIB)
    found = amd.find(tmp_path)
    assert found is not None
    (tmp_path / "card0" / "device" / "mem_info_vram_used").unlink()
    assert found.read() is None
    assert amd.find(tmp_path) is None


def test_a_machine_without_amd_has_no_amd_card(tmp_path: Path) -> None:
    assert amd.find(tmp_path) is None


def test_a_mac_tells_what_its_gpu_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    programs(monkeypatch, **MAC)
    main(monkeypatch, total=16 * GIB, available=12 * GIB)
    assert read(apple.find()) == Memory(
        MemoryKind.UNIFIED, 16 * GIB, 3 * GIB, "Apple M2", gpu_used=5 * GIB, swap_used=GIB
    )


def test_a_mac_whose_programs_tell_nothing_is_read_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    programs(monkeypatch)
    main(monkeypatch, total=16 * GIB, available=12 * GIB)
    assert apple.find() is None
    memory = read(apple.UnifiedMemory())
    assert (memory.used, memory.gpu_used, memory.limit) == (4 * GIB, None, None)


def test_a_mac_with_intels_chip_has_no_gpu_for_models(monkeypatch: pytest.MonkeyPatch) -> None:
    intel = {"model": "Intel UHD Graphics 630", "PerformanceStatistics": {"In use system memory": 5}}
    programs(monkeypatch, ioreg=plistlib.dumps([intel, {"model": b"AMD Radeon Pro 5500M\0"}]))
    assert apple.find() is None
    assert apple.accelerator(b"nonsense") is None


@pytest.mark.parametrize(
    "output",
    [
        MAC["ioreg"][:200],
        b"<plist><integer>x</integer></plist>",
        plistlib.dumps({"model": "Apple M2"}),
        plistlib.dumps(["Apple M2"]),
        plistlib.dumps([]),
    ],
)
def test_what_is_no_list_of_accelerators_is_none(output: bytes) -> None:
    assert apple.accelerator(output) is None


def test_figures_that_cannot_be_are_left_out() -> None:
    for told in ("none", {"In use system memory": -5, "Device Utilization %": "71"}):
        output = plistlib.dumps([{"model": "Apple M2", "PerformanceStatistics": told}])
        assert apple.accelerator(output) == apple.Accelerator("Apple M2")


def test_a_limit_above_the_memory_lends_no_more_than_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    programs(monkeypatch, **(MAC | {"sysctl": "65536\n"}))
    main(monkeypatch, total=16 * GIB, available=12 * GIB)
    assert read(apple.UnifiedMemory()).limit == 16 * GIB


def test_the_programs_of_a_mac_are_asked_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    commands = programs(monkeypatch, **MAC)
    main(monkeypatch, total=16 * GIB, available=12 * GIB)
    now = 1000.0
    memory = apple.UnifiedMemory(lambda: now)
    assert read(memory).limit is None
    assert len(commands) == 3
    commands = programs(monkeypatch, **(MAC | {"sysctl": "14336\n"}))
    read(memory)
    assert commands == []
    now += 5
    assert read(memory).limit is None
    assert [command.split()[0] for command in commands] == ["/usr/sbin/ioreg", "/usr/bin/vm_stat"]
    now += 60
    assert (read(memory).limit, read(memory).source) == (14 * GIB, BudgetSource.LIMIT)


def test_there_is_always_a_memory_to_read() -> None:
    memory = Cards.find().read()
    assert memory is not None
    assert memory.total > 0


def test_models_may_use_a_share_of_a_mac_and_all_of_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "mac_ver", lambda: ("15.5", ("", "", ""), "arm64"))
    memory = Memory(MemoryKind.UNIFIED, 64 * GIB, 10 * GIB)
    assert budget_of(memory, "darwin") == Budget(48 * GIB, 48 * GIB, BudgetSource.MACOS)
    assert usable(memory, "darwin") == MemoryMeasured(48 * GIB, 48 * GIB)
    card = Memory(MemoryKind.GPU, 64 * GIB, 10 * GIB)
    assert budget_of(card, "linux") == Budget(64 * GIB, 54 * GIB, BudgetSource.DRIVER)
    assert usable(card, "linux", main=32 * GIB) == MemoryMeasured(64 * GIB, 54 * GIB, spill=32 * GIB)


@pytest.mark.parametrize("system", ["darwin", "linux"])
def test_there_is_no_main_memory_beside_one_that_is_shared(system: str) -> None:
    assert usable(Memory(MemoryKind.UNIFIED, 64 * GIB, 10 * GIB), system, main=64 * GIB).spill == 0


def test_what_the_gpu_of_a_mac_uses_is_not_free() -> None:
    memory = Memory(MemoryKind.UNIFIED, 64 * GIB, 40 * GIB, limit=48 * GIB, gpu_used=30 * GIB)
    assert budget_of(memory, "darwin").free == 18 * GIB
    crowded = msgspec.structs.replace(memory, used=60 * GIB)
    assert budget_of(crowded, "darwin").free == 4 * GIB


def test_what_the_driver_reserves_is_not_for_models() -> None:
    memory = Memory(MemoryKind.GPU, 24 * GIB, GIB, reserved=GIB // 2)
    assert budget_of(memory, "linux") == Budget(23 * GIB + GIB // 2, 22 * GIB + GIB // 2, BudgetSource.DRIVER)


def test_the_main_memory_is_no_gpus() -> None:
    memory = Memory(MemoryKind.SYSTEM, 64 * GIB, 10 * GIB, source=BudgetSource.SYSTEM)
    assert usable(memory, "darwin", main=64 * GIB) == MemoryMeasured(64 * GIB, 54 * GIB, gpu=False)
    assert not read(MainMemory()).gpu
