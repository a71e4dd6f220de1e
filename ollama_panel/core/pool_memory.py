"""The memory that a pool will need, as the window, the HTTP API and the command line tell it. Pure."""

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama import memory
from ollama_panel.core.ollama.memory import ForecastSource
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import Snapshot


class ModelMemory(msgspec.Struct, frozen=True):
    """One model in each worker of a pool; `needed` are its bytes there, None = the server does not tell enough.

    `parallel` are its slots, `context` the tokens of each.
    """

    name: ModelName
    parallel: int
    context: int
    needed: int | None
    source: ForecastSource


class PoolMemory(msgspec.Struct, frozen=True):
    """What a pool needs in all its workers, in bytes, with the models that it will likely have loaded.

    `needed` is the sum of `weights`, `kv_cache`, `compute` and `overhead` (what runners take beside what they name);
    None = the server does not tell enough. `margin` should stay free as well.
    """

    needed: int | None
    weights: int | None
    kv_cache: int | None
    compute: int | None
    overhead: int
    margin: int
    source: ForecastSource
    models: tuple[ModelMemory, ...]


def forecast_of(snapshot: Snapshot, pool: PoolSettings) -> memory.Forecast:
    """Return the memory forecast of a pool with the models that it will likely run."""
    loaded = {model.name for record in snapshot.instances if record.pool == pool.name for model in record.models}
    models = memory.likely_models(pool, snapshot.models, loaded)
    effective = snapshot.inherited.effective(pool)
    return memory.forecast(effective, models, gpu=snapshot.gpu, version=snapshot.ollama_version or "")


def of_servers(snapshot: Snapshot) -> int:
    """Return the bytes that the models of servers take which the panel did not start."""
    models = [model for record in snapshot.instances if not record.managed for model in record.models]
    sizes = [model.size_vram if snapshot.gpu else model.size for model in models]
    return sum(size + memory.runner_overhead(gpu=snapshot.gpu) for size in sizes if size)


def fits(snapshot: Snapshot, pool: PoolSettings) -> bool:
    """Return whether a pool with these settings surely fits beside all others, with what should stay free."""
    budget = snapshot.sample.budget if snapshot.sample is not None else None
    pools = (*(one for one in snapshot.settings.pools if one.name != pool.name), pool)
    forecasts = [forecast_of(snapshot, one) for one in pools if one.workers]
    if budget is None or not forecasts or any(one.total.total is None for one in forecasts):
        return False
    needed = sum(one.total.total or 0 for one in forecasts) + max(one.margin for one in forecasts)
    return needed + of_servers(snapshot) + budget.others <= budget.total


def memory_of(snapshot: Snapshot, pool: PoolSettings) -> PoolMemory | None:
    """Return what a pool needs, None while no model is known that it could run."""
    found = forecast_of(snapshot, pool)
    if not found.models:
        return None
    parts = found.total
    models = tuple(
        ModelMemory(one.name, one.parallel, one.context, one.parts.total, one.source) for one in found.models
    )
    return PoolMemory(
        parts.total, parts.weights, parts.kv, parts.compute, parts.overhead, found.margin, found.source, models
    )
