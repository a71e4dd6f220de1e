"""What a measurement of now would be valid for."""

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.provenance import problem_of, provenance_of
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Budget, BudgetSource, Sample, Snapshot
from ollama_panel.core.telemetry import GpuReading, SystemReading, Telemetry

CARD = GpuReading("0000:01:00.0", "NVIDIA GeForce RTX 4090", power_limit_w=450.0, driver="580.65.06")
SAMPLE = Sample(
    *(1.0, 0, 0, 0, 0.0, None, None, None),
    memory_name="NVIDIA GeForce RTX 4090",
    budget=Budget(24 * GIB, 20 * GIB, BudgetSource.DRIVER),
)
MODEL = ModelFacts(ModelName("llama3.1:8b"), digest="a" * 64)
HERE = Snapshot(
    at=1.0,
    settings=Settings(),
    ollama_version="0.32.15",
    models=(MODEL,),
    sample=SAMPLE,
    telemetry=Telemetry(1.0, SystemReading(on_battery=False), (CARD,)),
)


def test_a_machine_with_a_card_is_known_by_it() -> None:
    found = provenance_of(HERE, "llama3.1:8b", at=5.0)
    assert (found.at, found.hardware, found.memory_bytes) == (5.0, "NVIDIA GeForce RTX 4090", 24 * GIB)
    assert (found.driver, found.ollama, found.power) == ("580.65.06", "0.32.15", "mains 450 W")
    assert (found.model, found.digest) == ("llama3.1:8b", "a" * 64)


def test_cards_are_named_together_and_a_lost_one_is_not() -> None:
    second = GpuReading("0000:02:00.0", "NVIDIA GeForce RTX 3090", power_limit_w=350.0)
    lost = GpuReading("0000:03:00.0", "NVIDIA GeForce RTX 3060", lost=True)
    found = provenance_of(snapshot(telemetry=Telemetry(1.0, gpus=(CARD, second, lost))), "", at=5.0)
    assert found.hardware == "NVIDIA GeForce RTX 3090 + NVIDIA GeForce RTX 4090"
    assert found.power == "800 W"


def test_a_machine_without_a_card_is_known_by_its_cores() -> None:
    found = provenance_of(snapshot(gpu=False, cores=16, telemetry=Telemetry(1.0)), "", at=5.0)
    assert found.hardware == "CPU, 16 cores"


def test_what_a_panel_does_not_know_yet_stays_unknown() -> None:
    found = provenance_of(Snapshot(at=1.0, settings=Settings()), "llama3.1:8b", at=5.0)
    assert (found.hardware, found.memory_bytes, found.driver, found.ollama, found.digest, found.power) == (
        *("", None, "", "", "", ""),
    )


def test_a_measurement_of_this_machine_holds_here_until_something_changes() -> None:
    measured = provenance_of(HERE, "llama3.1:8b", at=5.0)
    assert problem_of(HERE, measured) is None
    later = problem_of(snapshot(ollama_version="0.33.0"), measured)
    assert later is not None
    assert later.code == "validity.changed"


def snapshot(**changes: object) -> Snapshot:
    """Return the machine with changes."""
    return msgspec.structs.replace(HERE, **changes)
