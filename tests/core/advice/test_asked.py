import pytest

from ollama_panel.core.advice.asked import Case, asked_for, embedding_workers, worker_limit
from ollama_panel.core.advice.machines import MachineFacts, described
from ollama_panel.core.advice.uses import Scale, Use
from ollama_panel.core.ollama.models import ModelFacts
from tests.core.advice.golden import LLAMA_3B, LLAMA_8B, MACHINES, QWEN35


def workers_and_parallel(machine: MachineFacts, facts: ModelFacts, use: Use, people: int) -> tuple[int, int]:
    asked, _ = asked_for(Case(machine, use, people, {}), [facts])
    return asked.workers, asked.parallel


@pytest.mark.parametrize(
    ("machine", "use", "people", "expected"),
    [
        ("rtx-4090-24gb", Use.CHAT, 1, (1, 1)),
        ("rtx-4090-24gb", Use.CHAT, 8, (1, 2)),
        ("rtx-4090-24gb", Use.AGENT, 6, (1, 6)),
        ("rtx-4090-24gb", Use.AGENT, 20, (1, 8)),  # guides: 6 to 8 on a card of 24 GB
        ("rtx-4090-24gb", Use.BATCH, 1, (1, 8)),
        ("a100-80gb", Use.BATCH, 1, (1, 16)),
        ("mac-m4-16gb", Use.AGENT, 6, (1, 1)),  # 17 tokens/s: two would have 8 each
        ("mac-m3-pro-36gb", Use.AGENT, 6, (1, 2)),
        ("mac-m2-ultra-192gb", Use.AGENT, 20, (1, 8)),  # Metal loses beyond 8
        ("mac-m2-ultra-192gb", Use.BATCH, 1, (1, 8)),
        ("cpu-16gb", Use.CHAT, 8, (1, 1)),
        ("cpu-16gb", Use.BATCH, 1, (1, 4)),
    ],
)
def test_as_many_at_once_as_pay_on_the_hardware(machine: str, use: Use, people: int, expected: tuple[int, int]) -> None:
    assert workers_and_parallel(MACHINES[machine], LLAMA_8B, use, people) == expected


def test_a_quicker_model_serves_more_at_once() -> None:
    machine = described("16GiB", ["M4"])
    assert workers_and_parallel(machine, LLAMA_3B, Use.AGENT, 8) == (1, 2)


@pytest.mark.parametrize(
    ("machine", "people", "expected"),
    [
        ("a100-80gb", 12, (3, 1)),
        ("a100-80gb", 200, (7, 1)),
        ("mac-m4-16gb", 12, (1, 1)),
        ("cpu-16gb", 12, (1, 1)),
        ("rtx-4060-8gb", 200, (2, 1)),  # 3 workers in all, one of them for embeddings
    ],
)
def test_a_family_that_runs_singly_gets_workers_as_far_as_each_is_quick_enough(
    machine: str, people: int, expected: tuple[int, int]
) -> None:
    asked, reasons = asked_for(Case(MACHINES[machine], Use.RAG, people, {}), [QWEN35], beside=1)
    assert (asked.workers, asked.parallel) == expected
    assert reasons.serial is not None


@pytest.mark.parametrize(("gib", "most"), [(6, 3), (8, 3), (12, 4), (16, 4), (17, 8), (192, 8)])
def test_small_machines_have_few_workers(gib: int, most: int) -> None:
    assert worker_limit(described(f"{gib}GiB", [])) == most


def test_without_a_gpu_a_second_worker_for_embeddings_needs_cores() -> None:
    assert embedding_workers(described("16GiB", [], 4), Scale.PRODUCT) == 1
    assert embedding_workers(described("16GiB", [], 16), Scale.PRODUCT) == 2
    assert embedding_workers(MACHINES["rtx-4090-24gb"], Scale.PRODUCT) == 3
    assert embedding_workers(MACHINES["rtx-4090-24gb"], Scale.ONE) == 1


def test_a_context_beyond_what_a_model_was_trained_for_is_not_wanted() -> None:
    asked, _ = asked_for(Case(MACHINES["rtx-4090-24gb"], Use.AGENT, 1, {}), [LLAMA_3B])
    assert asked.contexts == (65536, 32768, 16384)
    short = ModelFacts(LLAMA_3B.name, size=10**9, context_trained=20_000)
    asked, _ = asked_for(Case(MACHINES["rtx-4090-24gb"], Use.AGENT, 1, {}), [short])
    assert asked.contexts == (20_000, 16384)
