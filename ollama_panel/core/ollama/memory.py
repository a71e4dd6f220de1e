"""The memory forecast: the bytes that a model will need once it is loaded, from settings and model facts.

The pools' cards and the scheduler use it. It is an estimate by formulas until the model was loaded by this Ollama on
these devices; from then on it is what was measured, carried over to other settings (`core.ollama.memory_learned`).

`core.ollama.kvcache`, `recurrent` and `compute` have the formulas of the parts and their sources, `engines` which
program of Ollama's they hold for. The recorded KV sizes of Ollama 0.9, 0.24 and 0.32 are reproduced exactly, the
compute buffers of 0.32 within 1 %. The forecast is of a model that is on the GPU as a whole.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from enum import StrEnum
from functools import lru_cache

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.compute import batch_size, compute_bytes
from ollama_panel.core.ollama.engines import Engine, engine_of, flash_by_default, flash_on_cpu, shares_cells
from ollama_panel.core.ollama.environment_kinds import switched
from ollama_panel.core.ollama.kvcache import F16, PADDING, cache_bytes
from ollama_panel.core.ollama.measured_load import MeasuredLoad
from ollama_panel.core.ollama.memory_learned import Setup, corrected
from ollama_panel.core.ollama.models import ModelFacts, canonical, forced_serial, is_embedding
from ollama_panel.core.ollama.sizes import GIB, MIB
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings

FIT_MARGIN = GIB
"""What llama.cpp leaves free on each GPU when it places layers (`LLAMA_ARG_FIT_TARGET`, 1024 MiB)."""

DEFAULT_CONTEXT = 4096
"""Ollama's own context on small GPUs (`server/routes.go`, below 23 GiB), assumed if nothing sets another one."""
VISION_CONTEXT = 2048
"""The least context of models that see (`server/routes.go`)."""
MODELS_PER_GPU = 3
"""How many models a server keeps loaded if OLLAMA_MAX_LOADED_MODELS does not say (`server/sched.go`), for each GPU."""
PROMPT_CACHE = 8192 * MIB
"""Bytes of earlier prompts that a runner keeps: the default of `--cache-ram` (llama.cpp b10488 `common/common.h`)."""
LONGEST_CONTEXT = 1 << 20
"""The upper end of the search for the longest context."""

_GPU_OVERHEAD = 457 * MIB  # Ollama's MinimumMemory: a runner's own buffers on the device (512 MiB with Metal)
_CPU_OVERHEAD = 64 * MIB  # a runner's code and buffers without a GPU; an allowance, not a measurement


class Parts(msgspec.Struct, frozen=True):
    """Bytes by purpose; None = facts are missing. `weights` are those that go where the model runs.

    `prompt_cache` is main memory that a runner may fill with earlier prompts: a limit, not part of `total`.
    """

    weights: int | None = 0
    kv: int | None = 0
    compute: int | None = 0
    overhead: int = 0
    prompt_cache: int = 0

    @property
    def total(self) -> int | None:
        """The sum, or None if a part is unknown."""
        if self.weights is None or self.kv is None or self.compute is None:
            return None
        return self.weights + self.kv + self.compute + self.overhead

    @property
    def known(self) -> int:
        """The sum of the known parts: a lower bound of the total."""
        return (self.weights or 0) + (self.kv or 0) + (self.compute or 0) + self.overhead

    def plus(self, other: "Parts") -> "Parts":
        """Return the sum, part by part; the sum with an unknown part is unknown."""
        return self._each(lambda name: _sum(getattr(self, name), getattr(other, name)))

    def times(self, count: int) -> "Parts":
        """Return the parts multiplied by `count`."""
        return self._each(lambda name: None if getattr(self, name) is None else getattr(self, name) * count)

    def _each(self, part: Callable[[str], int | None]) -> "Parts":
        return Parts(**{name: part(name) for name in self.__struct_fields__})  # type: ignore[arg-type] # known stays so


class RunnerConfig(msgspec.Struct, frozen=True):
    """The settings of an instance that decide how much memory a model takes there.

    `parallel` and `context_length` (tokens per slot) are the configured values; `cache_type` is
    `OLLAMA_KV_CACHE_TYPE`, `flash_attention` is `OLLAMA_FLASH_ATTENTION`, None = Ollama decides. `version` is Ollama's,
    "" if it is unknown, which counts as the newest. `num_batch` are the tokens of a batch, None = Ollama decides.
    """

    parallel: int = 1
    context_length: int = DEFAULT_CONTEXT
    cache_type: str = F16
    flash_attention: bool | None = None
    gpu: bool = True
    version: str = ""
    num_batch: int | None = None

    @classmethod
    def of(cls, pool: PoolSettings, *, gpu: bool = True, version: str = "") -> "RunnerConfig":
        """Return the configuration of a pool on an Ollama of `version`; its environment overrides its settings."""
        return cls(
            parallel=_setting(pool, "OLLAMA_NUM_PARALLEL") or pool.parallel,
            context_length=_setting(pool, "OLLAMA_CONTEXT_LENGTH") or pool.context_length,
            cache_type=pool.environment.get("OLLAMA_KV_CACHE_TYPE", "").strip().lower() or F16,
            flash_attention=switched(pool.environment.get("OLLAMA_FLASH_ATTENTION", "")),
            gpu=gpu,
            version=version,
            num_batch=pool.batch or None,
        )


class ForecastSource(StrEnum):
    """Whether a forecast is learned from loads on this machine, for all its models or for some, or by formulas."""

    MEASURED = "measured"
    PARTLY = "partly measured"
    ESTIMATED = "estimated"


class ModelForecast(msgspec.Struct, frozen=True):
    """One loaded model. `parallel` is the effective number of slots, `context` its tokens per slot.

    `measured` is the newest load from which the parts were learned, None if they are an estimate.
    """

    name: ModelName
    parallel: int
    context: int
    parts: Parts
    measured: MeasuredLoad | None = None

    @property
    def source(self) -> ForecastSource:
        """Where the parts are from."""
        return ForecastSource.ESTIMATED if self.measured is None else ForecastSource.MEASURED


class Forecast(msgspec.Struct, frozen=True):
    """The needs of a pool: `worker` for each of its `workers`, `total` for all. `margin` must stay free as well."""

    workers: int
    models: tuple[ModelForecast, ...]
    worker: Parts
    total: Parts
    margin: int = 0

    @property
    def source(self) -> ForecastSource:
        """Where the needs are from."""
        sources = {one.source for one in self.models}
        return ForecastSource.PARTLY if len(sources) > 1 else next(iter(sources), ForecastSource.ESTIMATED)

    def fits(self, budget: int | None, others: int = 0) -> bool | None:
        """Return whether the pool fits into `budget` bytes beside `others`, or None if either side is unknown."""
        needed = self.total.total
        if budget is None or needed is None:
            return None
        return needed + others + (self.margin if needed else 0) <= budget


def forecast(pool: PoolSettings, models: Iterable[ModelFacts], *, gpu: bool = True, version: str = "") -> Forecast:
    """Return the needs of `pool` with `models` loaded in every worker; remote models need nothing.

    `version` is that of the workers' Ollama, "" if it is unknown, which counts as the newest.

    This is cheap enough to be called while a slider moves. With more models than the pool's environment lets Ollama
    keep loaded (three by default), only the largest ones count.
    """
    config = RunnerConfig.of(pool, gpu=gpu, version=version)
    every = [_one_model(pool, facts, config) for facts in models if not facts.remote]
    limit = _setting(pool, "OLLAMA_MAX_LOADED_MODELS") or MODELS_PER_GPU
    kept = tuple(sorted(every, key=lambda one: one.parts.total or 0, reverse=True)[:limit])
    worker = Parts()
    for one in kept:
        worker = worker.plus(one.parts)
    margin = (_setting(pool, "LLAMA_ARG_FIT_TARGET") or FIT_MARGIN // MIB) * MIB if gpu else 0
    return Forecast(pool.workers, kept, worker, worker.times(pool.workers), margin)


def likely_models(
    pool: PoolSettings, catalog: Sequence[ModelFacts], loaded: Collection[ModelName] = ()
) -> tuple[ModelFacts, ...]:
    """Return the models to forecast: those that the pool names, else those loaded there, else the role's largest."""
    named = {canonical(name) for name in pool.models} or set(loaded)
    if named:
        return tuple(facts for facts in catalog if facts.name in named)
    wanted = pool.role is Role.EMBEDDING
    fitting = [facts for facts in catalog if not facts.remote and is_embedding(facts) == wanted]
    return (max(fitting, key=lambda facts: facts.size),) if fitting else ()


def effective_context(facts: ModelFacts, context_length: int) -> int:
    """Return the tokens per slot: the Modelfile's `num_ctx` overrides the environment, the training limits both."""
    asked = facts.num_ctx or context_length
    if facts.vision:
        asked = max(asked, VISION_CONTEXT)
    return min(asked, facts.context_trained) if facts.context_trained else asked


@lru_cache(maxsize=1024)  # the scheduler asks again and again
def model_parts(facts: ModelFacts, config: RunnerConfig, context: int | None = None) -> Parts:
    """Return the memory of one loaded model, by default with the context that the instance gives it."""
    tokens = effective_context(facts, config.context_length) if context is None else context
    parallel = effective_parallel(facts, config.parallel)
    engine, loads = engine_of(facts, config.version), measured_loads(facts, config)
    flash = _flash(facts, config, loads)
    cache_type = _cache_type(config, engine, loads, flash=flash)
    batch = batch_size(facts, tokens, parallel, engine, embedding=is_embedding(facts), asked=config.num_batch)
    overhead, shared = runner_overhead(gpu=config.gpu), shares_cells(engine, config.version)
    if loads:
        found = corrected(
            facts,
            loads,
            engine,
            Setup(tokens, parallel, batch, cache_type, flash, shared, asked=bool(config.num_batch)),
        )
        return Parts(found.weights, found.kv, found.compute, overhead if found.overhead is None else found.overhead)
    return Parts(
        weights=max(facts.size - facts.host_size, 0) or None if config.gpu else facts.size or None,
        kv=cache_bytes(facts, tokens, parallel, batch, cache_type, engine),
        compute=compute_bytes(facts, tokens, parallel, batch, engine, flash=flash, shared=shared),
        overhead=overhead,
    )


def measured_loads(facts: ModelFacts, config: RunnerConfig) -> tuple[MeasuredLoad, ...]:
    """Return the loads from which a forecast for an instance is learned, newest first; () while it is an estimate."""
    return tuple(one for one in facts.loads if one.ollama == config.version and one.gpu == config.gpu)


def runner_overhead(*, gpu: bool) -> int:
    """Return the bytes that a runner takes beside what it names: `/api/ps` does not count them."""
    return _GPU_OVERHEAD if gpu else _CPU_OVERHEAD


def effective_parallel(facts: ModelFacts, parallel: int) -> int:
    """Return the number of slots that Ollama gives a model if `parallel` are configured."""
    return 1 if forced_serial(facts) else parallel


@lru_cache(maxsize=1024)
def longest_context(facts: ModelFacts, config: RunnerConfig, budget: int) -> int | None:
    """Return the longest context, in tokens per slot, with which a model alone takes at most `budget` bytes.

    The margin of a GPU (`FIT_MARGIN`) stays free. The result is 0 if no context fits, `LONGEST_CONTEXT` at most, None
    if facts are missing. The memory never falls as the context grows, so this is a binary search.
    """
    if model_parts(facts, config, PADDING).total is None:
        return None
    room = budget - (FIT_MARGIN if config.gpu else 0)
    low, high = 0, LONGEST_CONTEXT // PADDING
    while low < high:
        middle = (low + high + 1) // 2
        if model_parts(facts, config, middle * PADDING).known <= room:
            low = middle
        else:
            high = middle - 1
    return low * PADDING


def _one_model(pool: PoolSettings, facts: ModelFacts, config: RunnerConfig) -> ModelForecast:
    parts = model_parts(facts, config)
    return ModelForecast(
        facts.name,
        effective_parallel(facts, config.parallel),
        effective_context(facts, config.context_length),
        msgspec.structs.replace(parts, prompt_cache=0 if is_embedding(facts) else _prompt_cache(pool)),
        next(iter(measured_loads(facts, config)), None),
    )


def _flash(facts: ModelFacts, config: RunnerConfig, loads: Sequence[MeasuredLoad]) -> bool:
    """Return whether flash attention is on: as asked, else as it was at the last load, else as Ollama's list has it.

    Where Ollama did not do as it was asked, it will not do so again.
    """
    asked = config.flash_attention is True
    like = next((one.flash for one in loads if one.asked_flash is asked), None)
    if config.flash_attention is None:
        return flash_by_default(facts, config.version) if like is None else like
    able = config.gpu or flash_on_cpu(config.version)
    return asked and (able if like is None else like)


def _cache_type(config: RunnerConfig, engine: Engine, loads: Sequence[MeasuredLoad], *, flash: bool) -> str:
    """Return the type of the cache's numbers: what the last load had for which the same was asked.

    Up to 0.24 a quantised one needs flash attention, in Ollama's runner of llama.cpp by the variable: else it stays f16
    (`llm/server.go NewLlamaServer`). From 0.30 on the type is passed on as it is.
    """
    asked = next((one for one in loads if one.asked_type == config.cache_type and one.flash == flash), None)
    if asked is not None:
        return asked.cache_type
    allowed = {
        Engine.LLAMA_SERVER: True,
        Engine.OLLAMA: flash,
        Engine.LLAMA_RUNNER: config.flash_attention is True and flash,
    }
    return config.cache_type if allowed[engine] else F16


def _prompt_cache(pool: PoolSettings) -> int:
    """Return the limit of the prompt cache in bytes; an unlimited cache counts with the default limit."""
    asked = _setting(pool, "LLAMA_ARG_CACHE_RAM")
    return PROMPT_CACHE if asked is None else asked * MIB


def _setting(pool: PoolSettings, name: str) -> int | None:
    value = pool.environment.get(name, "").strip()
    return int(value) if value.isdecimal() and len(value) < 12 else None


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
