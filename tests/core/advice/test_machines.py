import msgspec
import pytest

from ollama_panel.core.advice.machines import at_hand, described, of_snapshot, reserved
from ollama_panel.core.errors import PanelError
from ollama_panel.core.launch import Inherited
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Budget, BudgetSource, MemoryKind, Sample, Snapshot
from ollama_panel.core.telemetry import GpuReading, SystemReading, Telemetry


@pytest.mark.parametrize(
    ("memory", "cards", "kind", "gib", "name", "count"),
    [
        ("32GiB", ["RTX 4070 12GiB"], MemoryKind.GPU, 12, "RTX 4070", 1),
        ("32", ["RTX 4070"], MemoryKind.GPU, 12, "RTX 4070", 1),
        ("", ["4090"], MemoryKind.GPU, 24, "RTX 4090", 1),
        ("", ["2x RTX 4090 24GB"], MemoryKind.GPU, 48, "RTX 4090", 2),
        ("", ["RTX 4090", "RTX 3060 12 GiB"], MemoryKind.GPU, 36, "RTX 4090", 2),
        ("", ["Some new card 17GiB"], MemoryKind.GPU, 17, "Some new card", 1),
        ("16GB", ["M2"], MemoryKind.UNIFIED, 16, "M2", 1),
        ("", ["Apple M4Max 64GiB"], MemoryKind.UNIFIED, 64, "Apple M4Max", 1),
        ("8 GiB", [], MemoryKind.SYSTEM, 8, "", 1),
    ],
)
def test_a_machine_is_described_as_on_its_box(
    memory: str, cards: list[str], kind: MemoryKind, gib: int, name: str, count: int
) -> None:
    found = described(memory, cards, 8)
    assert (found.kind, found.total, found.name, found.cards, found.cores) == (kind, gib * GIB, name, count, 8)
    assert found.budget is not None
    assert 0 < found.budget < found.total


def test_driver_and_desktop_keep_a_part_of_each_card() -> None:
    one, two = described("", ["RTX 4090"]).budget, described("", ["2x RTX 4090"]).budget
    assert one is not None
    assert 22.5 * GIB < one < 23.1 * GIB
    assert two == 2 * one


def test_a_machine_smaller_than_what_its_system_needs_has_nothing_for_models() -> None:
    tiny = described("1GiB", [])
    assert tiny.budget == 0
    assert at_hand(msgspec.structs.replace(tiny, budget=GIB), GIB, cores=1).budget == 0


@pytest.mark.parametrize(
    ("memory", "cards", "told"),
    [
        ("", [], "The memory of the machine is missing"),
        ("", ["M2"], "The memory of the machine is missing"),
        ("lots", [], '"lots" is no size'),
        ("16 tons", [], '"16 tons" is no size'),
        ("0", [], '"0" is no size'),
        ("", ["Voodoo 2"], 'The card "Voodoo 2" is not understood'),
        ("", ["12GiB"], 'The card "12GiB" is not understood'),
        ("", ["99x RTX 4090"], "is not understood"),
        ("", [""], "is not understood"),
    ],
)
def test_what_is_not_understood_gets_one_sentence(memory: str, cards: list[str], told: str) -> None:
    with pytest.raises(PanelError, match=told.split('"')[0] or told.split('"')[1]):
        described(memory, cards)


def test_this_machine_has_what_other_programs_leave() -> None:
    snapshot = Snapshot(0.0, Settings(), ollama_version="0.32.15", cores=12, inherited=Inherited({"X": "1"}))
    assert of_snapshot(snapshot).budget is None
    budget = Budget(24 * GIB, 20 * GIB, BudgetSource.DRIVER, others=2 * GIB)
    sample = Sample(
        0.0, 0, 0, 0, 0.0, None, 4 * GIB, 25 * GIB, MemoryKind.GPU, "NVIDIA GeForce RTX 4090", budget=budget
    )
    found = of_snapshot(msgspec.structs.replace(snapshot, sample=sample))
    assert (found.budget, found.total, found.main) == (22 * GIB, 25 * GIB, None)
    assert (found.name, found.version, found.cores) == ("NVIDIA GeForce RTX 4090", "0.32.15", 12)
    assert found.inherited == snapshot.inherited
    cards = (GpuReading("a"), GpuReading("b"), GpuReading("c", unified=True), GpuReading("d", lost=True))
    telemetry = Telemetry(0.0, SystemReading(memory_total=64 * GIB), cards)
    found = of_snapshot(msgspec.structs.replace(snapshot, sample=sample, telemetry=telemetry))
    assert (found.cards, found.main) == (2, 64 * GIB)


def test_where_models_are_in_the_main_memory_the_system_keeps_some_however_idle_it_is() -> None:
    found = msgspec.structs.replace(described("16GiB", []), budget=16 * GIB)
    assert at_hand(found, 16 * GIB, cores=4).budget == 16 * GIB - reserved(16 * GIB) == 13 * GIB
    busy = msgspec.structs.replace(found, budget=5 * GIB)
    assert at_hand(busy, 16 * GIB, cores=4).budget == 5 * GIB
