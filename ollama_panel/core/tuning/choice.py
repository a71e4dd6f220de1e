"""What a tuning is for where its caller leaves that open: the pool, the model, the goal and the workload."""

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.models import ModelFacts, canonical, is_embedding
from ollama_panel.core.records import Role
from ollama_panel.core.settings import edits
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.tuning.task import MOST_MINUTES, MOST_TRIALS, Bounds, Goal, TuningTask, WorkloadKind

_WORKLOADS = {Role.EMBEDDING: WorkloadKind.EMBEDDINGS, Role.CODE: WorkloadKind.CODING}
"""The workload of a pool by its role; that of all others is CHAT."""


class NewTuning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tuning that is asked for; what is left out is chosen. The times in seconds are the bounds of a `TuningTask`."""

    pool: str = ""
    model: str = ""
    goal: Goal | None = None
    workload: WorkloadKind | None = None
    first_token_s: Annotated[float, Meta(ge=0.01, le=3600)] | None = None
    token_s: Annotated[float, Meta(ge=0.001, le=60)] | None = None
    less_quality: bool = False
    most_trials: Annotated[int, Meta(ge=1, le=64)] = MOST_TRIALS
    most_minutes: Annotated[float, Meta(ge=1, le=240)] = MOST_MINUTES

    @property
    def bounds(self) -> Bounds:
        """The bounds that are asked for."""
        return Bounds(self.first_token_s, self.token_s)


class Choice(msgspec.Struct, frozen=True):
    """A task, and why it is this one where that was left open."""

    task: TuningTask
    why: tuple[Notice, ...] = ()


def choose(
    wanted: NewTuning,
    settings: Settings,
    models: Collection[ModelFacts],
    loaded: Mapping[PoolName, Collection[ModelName]],
) -> Choice:
    """Return the task of a tuning.

    The pool is the only one that has workers and serves the wanted model or goal, else answers. The model is the
    largest of the pool's own, else of those that are `loaded` there, else of the store. Raises PanelError if there is
    no such pool or model, if several pools fit, or if a goal needs bounds.
    """
    pool, of_pool = _pool(wanted, settings, models)
    model, of_model = _model(wanted, pool, models, loaded.get(pool.name, ()))
    task = TuningTask(
        pool.name,
        model,
        _goal(wanted, pool),
        wanted.bounds,
        wanted.workload or _WORKLOADS.get(pool.role, WorkloadKind.CHAT),
        wanted.less_quality,
        wanted.most_trials,
        wanted.most_minutes,
    )
    return Choice(task, (*of_pool, *of_model))


def _pool(
    wanted: NewTuning, settings: Settings, models: Collection[ModelFacts]
) -> tuple[PoolSettings, tuple[Notice, ...]]:
    if wanted.pool:
        return edits.find_pool(settings, wanted.pool), ()
    embeds = wanted.goal is Goal.EMBEDDING
    if wanted.model:
        embeds = any(facts.name == canonical(wanted.model) and is_embedding(facts) for facts in models)
    fitting = [pool for pool in settings.pools if pool.workers and (pool.role is Role.EMBEDDING) == embeds]
    meant = [pool for pool in fitting if wanted.model and canonical(wanted.model) in map(canonical, pool.models)]
    match meant or fitting:
        case []:
            raise PanelError(notice("tuning_choice.no_pool"))
        case [pool]:
            return pool, (notice("tuning_choice.pool", pool=pool.name),)
        case several:
            raise PanelError(notice("tuning_choice.several_pools", pools=tuple(pool.name for pool in several)))


def _model(
    wanted: NewTuning, pool: PoolSettings, models: Collection[ModelFacts], loaded: Collection[ModelName]
) -> tuple[ModelName, tuple[Notice, ...]]:
    if wanted.model:
        return canonical(wanted.model), ()
    local = {facts.name: facts for facts in models if not facts.remote}
    for names in (tuple(map(canonical, pool.models)), tuple(loaded), tuple(local)):
        fitting = [*_of_role(pool.role, names, local)]
        if fitting:
            model = max(fitting, key=lambda facts: (facts.size, facts.name)).name
            code = "tuning_choice.only_model" if len(fitting) == 1 else "tuning_choice.largest_model"
            return model, (notice(code, model=model, pool=pool.name),)
    raise PanelError(notice("tuning_choice.no_model", pool=pool.name))


def _of_role(role: Role, names: Collection[ModelName], local: Mapping[ModelName, ModelFacts]) -> Iterator[ModelFacts]:
    """Yield the models that a pool of this role may serve: those that embed, or those that answer."""
    for name in names:
        facts = local.get(name)
        if facts is not None and is_embedding(facts) == (role is Role.EMBEDDING):
            yield facts


def _goal(wanted: NewTuning, pool: PoolSettings) -> Goal:
    """Return the goal: that of embeddings is the only one of their pools. Raises PanelError if bounds are missing."""
    unbound = wanted.bounds == Bounds()
    if pool.role is Role.EMBEDDING:
        return Goal.EMBEDDING
    if wanted.goal is Goal.LATENCY and unbound:
        raise PanelError(notice("tuning_choice.no_bounds"))
    return wanted.goal or (Goal.BALANCED if unbound else Goal.LATENCY)
