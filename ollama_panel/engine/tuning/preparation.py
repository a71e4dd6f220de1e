"""What a tuning is made of: whether it is possible, what is known without a trial, and what plans its trials."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.gpu_yield import YieldState
from ollama_panel.core.notices import Notice, joined, notice
from ollama_panel.core.ollama.memory import forecast
from ollama_panel.core.ollama.models import ModelFacts, canonical, forced_serial, is_embedding
from ollama_panel.core.records import Role
from ollama_panel.core.settings.edits import find_pool
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.planner import Planner
from ollama_panel.core.tuning.space import PlannerFacts
from ollama_panel.core.tuning.task import Goal, TuningTask, WorkloadKind
from ollama_panel.core.tuning.trial import Candidate
from ollama_panel.engine.tuning.bench import Bench
from ollama_panel.engine.tuning.room import budget_for

TRIAL_MINUTES = 0.75
"""How long a trial takes, about: the load of a model, the first requests, and up to a minute of measuring."""

MakeBench = Callable[[TuningTask, PoolSettings, ModelFacts], Awaitable[Bench]]
"""Returns what measures a task at workers of a pool. Raises PanelError if it has no requests for it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A tuning that is possible. `task` is the one that was asked for, as it fits the model."""

    task: TuningTask
    pool: PoolSettings
    planner: Planner
    bench: Bench
    needed: Callable[[PoolSettings], int | None]


async def prepared(snapshot: Snapshot, task: TuningTask, make_bench: MakeBench) -> Prepared:
    """Return what a task needs to begin. Raises PanelError with the reason if it is not possible."""
    if snapshot.gpu_yield.state is not YieldState.SERVING:
        raise PanelError(notice("gpu_yield.no_load"))
    pool = find_pool(snapshot.settings, task.pool)
    facts = _model(snapshot, pool, canonical(task.model))
    task = _fitting(task, facts)

    def needed(placed: PoolSettings) -> int | None:
        effective = snapshot.inherited.effective(placed)
        found = forecast(effective, [facts], gpu=snapshot.gpu, version=snapshot.ollama_version or "")
        return found.total.total

    sample = snapshot.sample
    budget = sample.budget if sample is not None else None
    planner = Planner(
        task,
        Candidate.of(pool),
        PlannerFacts(
            needed=lambda candidate: needed(candidate.applied(pool)),
            budget=budget_for(pool.name, budget, snapshot.instances, gpu=snapshot.gpu),
            serial=forced_serial(facts, snapshot.ollama_version or "") is not None,
            embedding=is_embedding(facts),
        ),
    )
    if planner.slots_that_fit == 0:
        raise PanelError(joined(notice("tuning.no_room", model=facts.name), planner.beyond))
    return Prepared(task, pool, planner, await make_bench(task, pool, facts), needed)


def _model(snapshot: Snapshot, pool: PoolSettings, name: str) -> ModelFacts:
    """Return the model to tune for. Raises PanelError if the pool cannot run it."""
    facts = next((one for one in snapshot.models if one.name == name), None)
    if facts is None:
        raise PanelError(notice("tuning.no_model", model=name))
    if problem := _unfit(pool, facts):
        raise PanelError(problem)
    return facts


def _unfit(pool: PoolSettings, facts: ModelFacts) -> Notice | None:
    if not pool.workers:
        return notice("tuning.no_workers", pool=pool.name)
    if facts.remote:
        return notice("tuning.remote", model=facts.name)
    if pool.models and facts.name not in map(canonical, pool.models):
        return notice("tuning.other_models", pool=pool.name, model=facts.name)
    if is_embedding(facts) and pool.role is not Role.EMBEDDING:
        return notice("tuning.embeds", pool=pool.name, model=facts.name)
    if not is_embedding(facts) and pool.role is Role.EMBEDDING:
        return notice("tuning.answers", pool=pool.name, model=facts.name)
    return None


def _fitting(task: TuningTask, facts: ModelFacts) -> TuningTask:
    """Return the task with the goal and the requests that its model can have: embeddings have but one of each."""
    if is_embedding(facts):
        task = msgspec.structs.replace(task, goal=Goal.EMBEDDING, workload=WorkloadKind.EMBEDDINGS)
    elif task.goal is Goal.EMBEDDING or task.workload is WorkloadKind.EMBEDDINGS:
        raise PanelError(notice("tuning.no_embeddings", model=facts.name))
    return msgspec.structs.replace(task, model=facts.name)
