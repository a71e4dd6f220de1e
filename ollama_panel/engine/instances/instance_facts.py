"""What the dispatcher is told of an instance that is up."""

from collections.abc import Mapping

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.ollama import durations
from ollama_panel.core.ollama.evictions import most_loaded
from ollama_panel.core.ollama.memory import RunnerConfig
from ollama_panel.core.ollama.models import canonical
from ollama_panel.core.ollama.runners import ParallelSource
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.scheduling.keep_alives import KEEP_ALIVE_S
from ollama_panel.core.scheduling.keeping import of_setting
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.stores import MANAGED


def instance_up(
    status: InstanceRecord,
    pool: PoolSettings,
    effective: PoolSettings,
    parallel: int | None,
    started: Mapping[str, str] | None,
    store: tuple[ModelName, ...] | None,
    store_id: InstanceId,
    cards: int,
) -> m.InstanceUp:
    """Return the event for an instance that is up.

    `effective` is its pool with all variables that its workers have, `started` the environment that its process was
    started with, None = another's. `store` and `store_id` are those of its models, `cards` is how many GPUs the
    servers have found.
    """
    ours = status.managed
    config = RunnerConfig.of(effective) if ours else RunnerConfig()
    return m.InstanceUp(
        instance=status.id,
        pool=pool.name,
        role=pool.role,
        url=status.url,
        parallel=parallel or 1,
        models=named(pool.models) if ours else (),
        context_length=config.context_length if ours else None,
        parallel_known=parallel is not None and status.parallel_source is not ParallelSource.UNKNOWN,
        store=store,
        own_store=store_id != MANAGED,
        store_id=store_id or None,
        cache_type=config.cache_type,
        flash_attention=config.flash_attention,
        keep_alive_s=_keep_alive_s(effective.environment if ours else {}),
        version=status.version or "",
        managed=ours,
        silent=status.silent,
        num_batch=config.num_batch,
        pinned=named(pool.preload) if ours else (),
        keep_alive=of_setting(pool.keep_alive) if ours else "",
        most_loaded=most_loaded(effective.environment if started is None else started, cards) if ours else None,
        started_keep_alive_s=_keep_alive_s(started) if ours and started is not None else None,
    )


def _keep_alive_s(environment: Mapping[str, str]) -> float:
    found = durations.parse_setting(environment.get("OLLAMA_KEEP_ALIVE", ""))
    return KEEP_ALIVE_S if found is None else found


def named(models: tuple[str, ...]) -> tuple[ModelName, ...]:
    """Return names of models as Ollama writes them."""
    return tuple(canonical(name) for name in models)
