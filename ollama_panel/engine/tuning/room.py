"""The memory for a trial: what others hold, and which models leave for it."""

from collections.abc import Collection, Iterable

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.ollama.memory import runner_overhead
from ollama_panel.core.ollama.runners import LoadedModel
from ollama_panel.core.snapshot import Budget, InstanceRecord


def taken(model: LoadedModel, *, gpu: bool) -> int:
    """Return the bytes that a loaded model takes with its runner, of the memory that models are loaded into."""
    return (model.size_vram or 0 if gpu else model.size) + runner_overhead(gpu=gpu)


def budget_for(pool: PoolName, budget: Budget | None, instances: Iterable[InstanceRecord], *, gpu: bool) -> int | None:
    """Return the bytes that a pool may have: all but what other programs and the models of other pools hold.

    None = unknown. Models of other pools are in use by somebody, so that the pool must do with the rest later, too.
    """
    if budget is None:
        return None
    others = (model for one in instances if not one.managed or one.pool != pool for model in one.models)
    return max(0, budget.total - budget.others - sum(taken(model, gpu=gpu) for model in others))


def free_beside(
    measuring: Collection[InstanceId], budget: Budget | None, instances: Iterable[InstanceRecord], *, gpu: bool
) -> int | None:
    """Return the bytes that are free if these instances hold nothing, None = unknown."""
    if budget is None:
        return None
    held = (model for one in instances if one.id not in measuring for model in one.models)
    return budget.total - budget.others - sum(taken(model, gpu=gpu) for model in held)


def to_unload(
    needed: int | None,
    measuring: Collection[InstanceId],
    pool: PoolName,
    budget: Budget | None,
    instances: Collection[InstanceRecord],
    *,
    gpu: bool,
) -> tuple[tuple[InstanceId, ModelName], ...]:
    """Return the idle models that must leave so that `needed` bytes are free: none while that is unknown.

    Those of the same pool leave first, of these the largest, so that as few as possible do. Models of adopted servers
    belong to other programs.
    """
    free = free_beside(measuring, budget, instances, gpu=gpu)
    if needed is None or free is None:
        return ()
    idle = [
        (one, model)
        for one in instances
        if one.managed and not one.in_flight and one.id not in measuring
        for model in one.models
    ]
    idle.sort(key=lambda held: (held[0].pool != pool, -taken(held[1], gpu=gpu)))
    leaving = list[tuple[InstanceId, ModelName]]()
    for one, model in idle:
        if free >= needed:
            break
        free += taken(model, gpu=gpu)
        leaving.append((one.id, model.name))
    return tuple(leaving)
