"""The memory for a trial, and which models leave for it."""

import pytest

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.memory import runner_overhead
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.records import Role
from ollama_panel.core.snapshot import Budget, BudgetSource, InstanceRecord
from ollama_panel.engine.tuning.room import budget_for, free_beside, to_unload

CHAT = PoolName("chat")
OVERHEAD = runner_overhead(gpu=True)
BUDGET = Budget(40 * GIB, 0, BudgetSource.DRIVER, others=4 * GIB)


def instance(name: str, *sizes: int, managed: bool = True, in_flight: int = 0) -> InstanceRecord:
    """Return an instance of the pool in its name, with models of so many GiB."""
    models = tuple(
        LoadedModel(ModelName(f"m{size}"), size * GIB, size * GIB - OVERHEAD, 4096, 1, ParallelSource.ENVIRONMENT)
        for size in sizes
    )
    pool = PoolName(name.rpartition("-")[0])
    return InstanceRecord(
        *(InstanceId(name), pool, Role.CHAT, managed, "http://127.0.0.1:1", Phase.READY),
        models=models,
        in_flight=in_flight,
    )


ALL = (
    instance("chat-1", 8),
    instance("chat-2", 5, 3),
    instance("code-1", 6),
    instance("theirs-1", 2, managed=False),
)


def test_a_pool_may_have_all_but_what_others_hold() -> None:
    assert budget_for(CHAT, BUDGET, ALL, gpu=True) == (40 - 4 - 6 - 2) * GIB
    assert budget_for(CHAT, None, ALL, gpu=True) is None


def test_what_the_workers_that_measure_hold_counts_as_free() -> None:
    assert free_beside((InstanceId("chat-2"),), BUDGET, ALL, gpu=True) == (40 - 4 - 8 - 6 - 2) * GIB
    assert free_beside((), BUDGET, ALL, gpu=True) == (40 - 4 - 8 - 5 - 3 - 6 - 2) * GIB


@pytest.mark.parametrize(
    ("needed", "leaving"),
    [
        (None, []),
        (20, []),
        (21, [("chat-1", "m8")]),
        (29, [("chat-1", "m8"), ("code-1", "m6")]),
        (99, [("chat-1", "m8"), ("code-1", "m6")]),
    ],
)
def test_only_as_many_models_leave_as_must_and_those_of_the_pool_first(
    needed: int | None, leaving: list[tuple[str, str]]
) -> None:
    wanted = None if needed is None else needed * GIB
    assert list(to_unload(wanted, (InstanceId("chat-2"),), CHAT, BUDGET, ALL, gpu=True)) == leaving


def test_no_model_leaves_that_is_in_use_or_belongs_to_another_program() -> None:
    busy = (instance("chat-1", 8, in_flight=1), instance("theirs-1", 20, managed=False))
    assert to_unload(99 * GIB, (), CHAT, BUDGET, busy, gpu=True) == ()
