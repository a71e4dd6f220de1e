"""The memory forecast: the bytes that a model will need once it is loaded, from settings and model facts.

The pools' cards and the scheduler use it.

Sources: the layout of llama.cpp's caches (`llama-kv-cache.cpp`, `llama-kv-cache-iswa.cpp`, `llama-context.cpp` of build
b10488, which Ollama 0.32 uses) and Ollama's choice of batch size (`server/sched.go`); `core.ollama.kvcache` has the
formula of the cache. The recorded KV sizes of Ollama 0.9, 0.24 and 0.32 are reproduced exactly, the compute buffers of
0.32 within 1 %. Older versions need more for computing: up to 0.24 the logits of a whole batch, and without flash
attention the attention scores.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.kvcache import cache_bytes
from ollama_panel.core.ollama.models import ModelFacts, canonical, forced_serial, is_embedding
from ollama_panel.core.ollama.sizes import GIB, MIB
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings

FIT_MARGIN = GIB
"""What llama.cpp leaves free on each GPU when it places layers (`LLAMA_ARG_FIT_TARGET`, 1024 MiB)."""

DEFAULT_CONTEXT = 4096
"""Ollama's own context on small GPUs (`server/routes.go`, below 23 GiB), assumed if nothing sets another one."""
LONGEST_CONTEXT = 1 << 20
"""The upper end of the search for the longest context."""

_GPU_OVERHEAD = 457 * MIB  # Ollama's MinimumMemory: a runner's own buffers on the device (512 MiB with Metal)
_CPU_OVERHEAD = 64 * MIB  # a runner's code and buffers without a GPU; an allowance, not a measurement
_MODELS_PER_GPU = 3  # OLLAMA_MAX_LOADED_MODELS, server/sched.go
_PROMPT_CACHE_MIB = 8192  # LLAMA_ARG_CACHE_RAM
_VISION_CONTEXT = 2048
_STEP = 256  # caches are rounded up to a multiple of this many cells


class Parts(msgspec.Struct, frozen=True):
    """Bytes by purpose; None = facts are missing.

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

    `parallel` and `context_length` (tokens per slot) are the configured values; `cache_type` is `OLLAMA_KV_CACHE_TYPE`.
    """

    parallel: int = 1
    context_length: int = DEFAULT_CONTEXT
    cache_type: str = "f16"
    flash_attention: bool = True
    gpu: bool = True

    @classmethod
    def of(cls, pool: PoolSettings, *, gpu: bool = True) -> "RunnerConfig":
        """Return the configuration of a pool; its environment overrides its settings."""
        flash = pool.environment.get("OLLAMA_FLASH_ATTENTION", "").strip().lower()
        return cls(
            parallel=_setting(pool, "OLLAMA_NUM_PARALLEL") or pool.parallel,
            context_length=_setting(pool, "OLLAMA_CONTEXT_LENGTH") or pool.context_length,
            cache_type=pool.environment.get("OLLAMA_KV_CACHE_TYPE", "").strip().lower() or "f16",
            flash_attention=flash not in ("0", "f", "false"),
            gpu=gpu,
        )


class ModelForecast(msgspec.Struct, frozen=True):
    """One loaded model. `parallel` is the effective number of slots, `context` its tokens per slot."""

    name: ModelName
    parallel: int
    context: int
    parts: Parts


class Forecast(msgspec.Struct, frozen=True):
    """The needs of a pool: `worker` for each of its `workers`, `total` for all. `margin` must stay free as well."""

    workers: int
    models: tuple[ModelForecast, ...]
    worker: Parts
    total: Parts
    margin: int = 0

    def fits(self, budget: int | None, others: int = 0) -> bool | None:
        """Return whether the pool fits into `budget` bytes beside `others`, or None if either side is unknown."""
        needed = self.total.total
        if budget is None or needed is None:
            return None
        return needed + others + (self.margin if needed else 0) <= budget


def forecast(pool: PoolSettings, models: Iterable[ModelFacts], *, gpu: bool = True) -> Forecast:
    """Return the needs of `pool` with `models` loaded in every worker; remote models need nothing.

    This is cheap enough to be called while a slider moves. With more models than the pool's environment lets Ollama
    keep loaded (three by default), only the largest ones count.
    """
    config = RunnerConfig.of(pool, gpu=gpu)
    every = [_one_model(pool, facts, config) for facts in models if not facts.remote]
    limit = _setting(pool, "OLLAMA_MAX_LOADED_MODELS") or _MODELS_PER_GPU
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
        asked = max(asked, _VISION_CONTEXT)
    return min(asked, facts.context_trained) if facts.context_trained else asked


@lru_cache(maxsize=1024)  # the scheduler asks again and again
def model_parts(facts: ModelFacts, config: RunnerConfig, context: int | None = None) -> Parts:
    """Return the memory of one loaded model, by default with the context that the instance gives it."""
    tokens = effective_context(facts, config.context_length) if context is None else context
    parallel = effective_parallel(facts, config.parallel)
    batch = _batch(facts, tokens * parallel)
    return Parts(
        weights=facts.size or None,
        kv=cache_bytes(facts, tokens, parallel, batch, config.cache_type),
        compute=_compute(facts, tokens, parallel, batch, flash=config.flash_attention),
        overhead=_GPU_OVERHEAD if config.gpu else _CPU_OVERHEAD,
    )


def effective_parallel(facts: ModelFacts, parallel: int) -> int:
    """Return the number of slots that Ollama gives a model if `parallel` are configured."""
    return 1 if forced_serial(facts) else parallel


@lru_cache(maxsize=1024)
def longest_context(facts: ModelFacts, config: RunnerConfig, budget: int) -> int | None:
    """Return the longest context, in tokens per slot, with which a model alone takes at most `budget` bytes.

    The margin of a GPU (`FIT_MARGIN`) stays free. The result is 0 if no context fits, `LONGEST_CONTEXT` at most, None
    if facts are missing. The memory never falls as the context grows, so this is a binary search.
    """
    if model_parts(facts, config, _STEP).total is None:
        return None
    room = budget - (FIT_MARGIN if config.gpu else 0)
    low, high = 0, LONGEST_CONTEXT // _STEP
    while low < high:
        middle = (low + high + 1) // 2
        if model_parts(facts, config, middle * _STEP).known <= room:
            low = middle
        else:
            high = middle - 1
    return low * _STEP


def _one_model(pool: PoolSettings, facts: ModelFacts, config: RunnerConfig) -> ModelForecast:
    parts = model_parts(facts, config)
    return ModelForecast(
        facts.name,
        effective_parallel(facts, config.parallel),
        effective_context(facts, config.context_length),
        msgspec.structs.replace(parts, prompt_cache=0 if is_embedding(facts) else _prompt_cache(pool)),
    )


def _batch(facts: ModelFacts, tokens: int) -> int:
    """Return the batch size that Ollama 0.32 chooses if memory is ample (`sched.go generationBatchForContext`)."""
    if is_embedding(facts) or tokens <= 4096:
        return 512
    return 2048 if tokens > 32768 else 1024


def _compute(facts: ModelFacts, context: int, parallel: int, batch: int, *, flash: bool) -> int | None:
    """Return the scratch memory of one batch.

    It has, for each token of the batch, four rows of the width of the model and three of its feed-forward layer (f32;
    fitted to the recorded sizes of models with gated layers), and a row of the attention mask (f16). Without flash
    attention it also has the scores of every head for every cell.
    """
    if facts.embedding_length is None:
        return None
    feed_forward = facts.feed_forward or 4 * facts.embedding_length
    row = 4 * (4 * facts.embedding_length + 3 * feed_forward) + 2 * context
    scores = 0 if flash else 4 * (facts.heads or 0) * context * parallel
    return batch * (row + scores)


def _prompt_cache(pool: PoolSettings) -> int:
    """Return the limit of the prompt cache in bytes; an unlimited cache counts with the default limit."""
    asked = _setting(pool, "LLAMA_ARG_CACHE_RAM")
    return (_PROMPT_CACHE_MIB if asked is None else asked) * MIB


def _setting(pool: PoolSettings, name: str) -> int | None:
    value = pool.environment.get(name, "").strip()
    return int(value) if value.isdecimal() and len(value) < 12 else None


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
