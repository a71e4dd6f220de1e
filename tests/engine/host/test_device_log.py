"""What the servers' logs say of the devices, and what that makes of a driver's reading."""

import pytest

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.ollama.serverlog_facts import ComputeFound, Configured, DeviceMemory, Fact
from ollama_panel.core.snapshot import Budget, BudgetSource, MemoryKind
from ollama_panel.engine.host.gpu import Memory
from ollama_panel.engine.host.gpu.budget import budget_of
from ollama_panel.engine.host.gpu.device_log import DeviceLog
from ollama_panel.engine.host.gpu.reading import CardMemory, of_cards

GIB = 1 << 30
ONE, TWO = InstanceId("chat-1"), InstanceId("chat-2")
CPU = ComputeFound("cpu", "cpu", 32 * GIB, 30 * GIB)
MAIN = Memory(MemoryKind.SYSTEM, 32 * GIB, 8 * GIB, source=BudgetSource.SYSTEM)
ARC = ComputeFound("vulkan", "Intel Arc A770", 16 * GIB, 14 * GIB, "0000:03:00.0")
XE = ComputeFound("vulkan", "Intel Iris Xe", 16 * GIB, 16 * GIB, integrated=True)


def log(*facts: Fact, loaded: int = 0) -> DeviceLog:
    found = DeviceLog()
    for fact in facts:
        found.heard(ONE, fact, loaded)
    return found


def budget(log: DeviceLog, memory: Memory | None, loaded: int = 0, system: str = "linux") -> Budget:
    applied = log.applied(memory, loaded)
    assert applied is not None
    return budget_of(applied, system)


def test_a_driver_counts_alone_before_a_server_has_named_its_devices() -> None:
    memory = Memory(MemoryKind.GPU, 24 * GIB, GIB, "Card")
    assert log().applied(memory, 0) is memory
    assert log(CPU).applied(MAIN, 0) is MAIN
    assert log().applied(None, 0) is None


def test_a_card_without_a_driver_library_has_the_memory_that_the_log_says() -> None:
    applied = log(ARC).applied(MAIN, 5 * GIB)
    assert applied == Memory(MemoryKind.GPU, 16 * GIB, 7 * GIB, "Intel Arc A770", source=BudgetSource.LOG), (
        "2 GiB are of other programs, 5 of models"
    )
    assert budget(log(ARC), MAIN, 5 * GIB) == Budget(16 * GIB, 9 * GIB, BudgetSource.LOG)


def test_several_cards_without_a_driver_library_are_added_up() -> None:
    second = ComputeFound("vulkan", "Intel Arc A380", 6 * GIB, 6 * GIB, "0000:04:00.0")
    assert budget(log(ARC, second), MAIN) == Budget(22 * GIB, 20 * GIB, BudgetSource.LOG)


def test_a_gpu_that_shares_the_main_memory_has_what_nobody_uses_there() -> None:
    crowded = Memory(MemoryKind.SYSTEM, 32 * GIB, 28 * GIB, source=BudgetSource.SYSTEM)
    applied = log(XE).applied(crowded, 0)
    assert applied is not None
    assert applied.kind is MemoryKind.UNIFIED
    assert budget(log(XE), crowded).free == 4 * GIB
    assert budget(log(XE), None).free == 16 * GIB


def test_what_a_runner_says_renews_what_other_programs_use() -> None:
    found = log(ARC)
    found.heard(ONE, DeviceMemory("Vulkan0", "Intel Arc A770", 16 * GIB, 6 * GIB), 5 * GIB)
    assert budget(found, MAIN, 5 * GIB).free == 6 * GIB
    assert budget(found, MAIN, 0).free == 11 * GIB


def test_a_mac_lends_what_the_log_says_and_not_what_the_rule_does() -> None:
    metal = ComputeFound("metal", "Apple M1 Pro", int(11.8 * GIB), int(11.8 * GIB))
    mac = Memory(MemoryKind.UNIFIED, 16 * GIB, 9 * GIB, "Apple M1 Pro", gpu_used=GIB)
    assert budget(log(metal), mac, system="darwin") == Budget(int(11.8 * GIB), 7 * GIB, BudgetSource.LOG)


def test_the_limit_that_the_user_has_set_counts_before_a_log_that_may_be_older() -> None:
    metal = ComputeFound("metal", "Apple M1 Pro", 11 * GIB, 11 * GIB)
    mac = Memory(MemoryKind.UNIFIED, 16 * GIB, 2 * GIB, limit=14 * GIB, source=BudgetSource.LIMIT)
    assert budget(log(metal), mac, system="darwin") == Budget(14 * GIB, 14 * GIB, BudgetSource.LIMIT)


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (23 * GIB + GIB // 2, Budget(23 * GIB + GIB // 2, 21 * GIB, BudgetSource.LOG)),
        (24 * GIB - GIB // 20, Budget(24 * GIB, 21 * GIB, BudgetSource.DRIVER)),
    ],
)
def test_the_log_is_right_about_a_card_if_it_says_something_else_than_the_driver(total: int, expected: Budget) -> None:
    card = Memory(MemoryKind.GPU, 24 * GIB, 3 * GIB)
    assert budget(log(ComputeFound("cuda", "Card", total, None)), card) == expected


CARDS = of_cards(
    (CardMemory(24 * GIB, 20 * GIB, address="0000:01:00.0"), CardMemory(24 * GIB, GIB, address="0000:02:00.0")),
    "Card",
)


def test_of_several_cards_those_count_that_the_log_names() -> None:
    second = ComputeFound("cuda", "Second", 24 * GIB, 23 * GIB, "0000:02:00.0")
    applied = log(second).applied(CARDS, 0)
    assert applied is not None
    assert (applied.total, applied.used, applied.name) == (24 * GIB, GIB, "Second")
    assert budget(log(second), CARDS) == Budget(24 * GIB, 23 * GIB, BudgetSource.DRIVER)


def test_a_driver_of_other_cards_than_the_logs_does_not_count() -> None:
    assert budget(log(ARC), CARDS) == Budget(16 * GIB, 14 * GIB, BudgetSource.LOG)


def test_a_server_that_starts_again_keeps_its_devices_until_it_has_named_them() -> None:
    found = log(ARC, Configured({}))
    assert found.devices.total == 16 * GIB
    found.heard(ONE, CPU, 0)
    assert found.devices.on_gpu is False


def test_a_server_that_is_kept_from_the_gpu_does_not_hide_it() -> None:
    found = log(ARC)
    found.heard(TWO, CPU, 0)
    assert found.devices.total == 16 * GIB


def test_a_server_that_is_gone_hides_no_lost_gpu() -> None:
    found = log(ARC)
    found.heard(TWO, ARC, 0)
    found.heard(TWO, Configured({}), 0)
    found.heard(TWO, CPU, 0)
    found.only([TWO])
    assert found.devices.on_gpu is False


def test_the_devices_stay_known_while_no_server_runs() -> None:
    found = log(ARC)
    found.only([])
    assert found.devices.total == 16 * GIB
    found.heard(TWO, Configured({}), 0)
    found.only([TWO])
    assert found.devices.total == 16 * GIB
