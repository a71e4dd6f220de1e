"""What the checks of memory, disks and clock find, and what they leave alone."""

import msgspec
import pytest

from ollama_panel.core.doctor import examine
from ollama_panel.core.doctor.checks.memory import CHECKS
from ollama_panel.core.doctor.facts import ContainerFacts, Disk, Facts, LoadedFacts, MachineFacts
from ollama_panel.core.findings import CheckState, RunCommands
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.snapshot import Budget, BudgetSource, Sample
from ollama_panel.core.stores import Found, StoreRecord
from tests.core.doctor.panels import CARD, POOL, facts, panel

MODEL = LoadedFacts(7, "llama3.1:8b", 6 * GIB, 0, 4096, "llama")
CONTAINER = ContainerFacts("ollama", server=7, memory_limit=4 * GIB)
MEMORY = MachineFacts(memory_total=64 * GIB, memory_available=GIB, swap_used=8 * GIB)


def found(given: Facts) -> list[str]:
    return [one.id for one in examine(given, checks=CHECKS).findings]


def test_a_container_that_is_too_small_gets_more_for_now() -> None:
    (finding,) = examine(Facts(containers=(CONTAINER,), loaded=(MODEL,)), checks=CHECKS).findings
    assert render(finding.told) == "The container ollama may use 4.0 GiB, but llama3.1:8b needs 6.0 GiB of main memory"
    assert finding.fix == RunCommands(
        ("docker update --memory 8g --memory-swap 8g ollama",),
        (f"docker update --memory {4 * GIB} --memory-swap {4 * GIB} ollama",),
    )


@pytest.mark.parametrize(
    "given",
    [
        Facts(containers=(msgspec.structs.replace(CONTAINER, memory_limit=8 * GIB),), loaded=(MODEL,)),
        Facts(containers=(msgspec.structs.replace(CONTAINER, memory_limit=None),), loaded=(MODEL,)),
        Facts(containers=(msgspec.structs.replace(CONTAINER, server=8),), loaded=(MODEL,)),
        Facts(containers=(CONTAINER,), loaded=(msgspec.structs.replace(MODEL, size_vram=6 * GIB),), gpus=(CARD,)),
    ],
    ids=["it is large enough", "it has no limit", "the model is another server's", "the model is on the card"],
)
def test_a_container_with_enough_memory_is_well(given: Facts) -> None:
    assert found(given) == []


@pytest.mark.parametrize(
    ("memory", "expected"),
    [
        (MEMORY, ["memory.swap"]),
        (msgspec.structs.replace(MEMORY, memory_available=20 * GIB), []),
        (msgspec.structs.replace(MEMORY, swap_used=GIB // 2), []),
        (msgspec.structs.replace(MEMORY, swap_used=None), []),
    ],
)
def test_used_swap_matters_only_while_memory_is_short(memory: MachineFacts, expected: list[str]) -> None:
    assert found(Facts(machine=memory)) == expected


@pytest.mark.parametrize(
    ("ahead", "expected"), [(400.0, "clock_ahead=7min"), (-400.0, "clock_ahead=-7min"), (200.0, ""), (-2.0, "")]
)
def test_a_clock_may_be_wrong_by_some_minutes(ahead: float, expected: str) -> None:
    findings = examine(Facts(machine=MachineFacts(clock_ahead_s=ahead)), checks=CHECKS).findings
    assert "".join(one.evidence[0].text for one in findings) in (expected, expected.replace("7min", "6.7min"))


def test_what_is_unknown_is_said_to_be_unknown_and_what_is_not_there_is_left_out() -> None:
    states = {one.id: one.state for one in examine(Facts(), checks=CHECKS).checks}
    assert states["memory.clock"] is states["memory.swap"] is CheckState.UNKNOWN
    assert "memory.disk" not in states


@pytest.mark.parametrize(
    ("disk", "expected"),
    [
        (Disk("/m", 9 << 40, 2 << 40, "nfs4"), ["memory.disk-kind:/m"]),
        (Disk("/m", 9 << 40, 2 << 40, "9p", read_only=True), ["memory.read-only:/m", "memory.disk-kind:/m"]),
        (Disk("/m", 500 * GIB, 2 * GIB, "ext4"), ["alert.disk_nearly_full:/m"]),
        (Disk("/m", 500 * GIB, 90 * GIB, "btrfs"), []),
        (Disk("/m", None, None, ""), []),
    ],
)
def test_a_disk_has_room_is_fast_and_can_be_written(disk: Disk, expected: list[str]) -> None:
    assert found(Facts(disks=(disk,))) == expected


def sample(total: int) -> Sample:
    return Sample(0.0, 0, 0, 0, 0.0, None, None, None, budget=Budget(total, total, BudgetSource.DRIVER))


def test_pools_that_do_not_fit_together_are_told_before_they_are_loaded() -> None:
    pool = msgspec.structs.replace(POOL, workers=4, context_length=32_768)
    assert found(facts(panel(pool, sample=sample(24 * GIB), instances=()))) == ["memory.pools"]
    assert found(facts(panel(sample=sample(24 * GIB), instances=()))) == []


def test_what_is_loaded_whole_fits_whatever_was_reckoned() -> None:
    assert found(facts(panel(sample=sample(8 * GIB)))) == []
    assert found(facts(panel(sample=sample(8 * GIB), instances=()))) == ["memory.pools"]


def test_the_disk_of_a_home_without_models_may_be_on_the_network() -> None:
    store = StoreRecord(InstanceId("x"), "/m", Found.HOME, ())
    given = Facts(
        disks=(Disk("/m", 9 << 40, 2 << 40, "ext4"), Disk("/home/a", 9 << 40, 2 << 40, "nfs4")), stores=(store,)
    )
    assert found(given) == []
