"""What a model that is only partly on the GPU costs, and with which settings it would fit. Pure."""

from collections.abc import Iterable, Iterator

import msgspec

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import ChangePools, Notice, Offer, notice
from ollama_panel.core.ollama.environment_kinds import switched
from ollama_panel.core.ollama.hardware import CPU, known
from ollama_panel.core.ollama.memory import FIT_MARGIN, RunnerConfig, effective_parallel, longest_context, model_parts
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import Runner, is_on_gpu
from ollama_panel.core.ollama.serverlog_facts import BufferKind, MemoryProjected
from ollama_panel.core.ollama.sizes import MIB
from ollama_panel.core.settings.tree import PoolSettings

LEAST_CONTEXT = 2048
"""Tokens. No shorter context is offered: chats with an instruction and some turns need that much."""

CACHE_TYPE = "q8_0"
"""The smaller cache that is offered: about half of f16, usually without a noticeable loss (Ollama `docs/faq.mdx`)."""

_STEP = 1024
_TARGET_STEP = 64
_LEAST_TARGET = 128
"""MiB that llama-server must leave free: less, and the card's driver has nothing left for itself."""


class Fit(msgspec.Struct, frozen=True):
    """With which of these settings alone a model fits; None = with none of that kind.

    `known` is false if facts for a forecast are missing, or the forecast says that the model fits as it is.
    """

    known: bool = False
    context: int | None = None
    cache_type: str | None = None
    parallel: int | None = None


def what_fits(facts: ModelFacts | None, config: RunnerConfig, context: int | None, budget: int | None) -> Fit:
    """Return with which settings a model takes at most `budget` bytes, `context` being its tokens per slot now."""
    if facts is None or budget is None or not context:
        return Fit()
    now = model_parts(facts, config, context)
    room = budget - (FIT_MARGIN if config.gpu else 0)
    if now.total is None or now.total <= room:
        return Fit()
    longest = (longest_context(facts, config, budget) or 0) // _STEP * _STEP
    smaller = msgspec.structs.replace(config, cache_type=CACHE_TYPE, flash_attention=True)
    slots = range(effective_parallel(facts, config.parallel) - 1, 0, -1)
    fewer = (msgspec.structs.replace(config, parallel=slot) for slot in slots)
    return Fit(
        known=True,
        context=longest if LEAST_CONTEXT <= longest < context else None,
        cache_type=CACHE_TYPE if _is_wide(config) and model_parts(facts, smaller, context).known <= room else None,
        parallel=next((one.parallel for one in fewer if model_parts(facts, one, context).known <= room), None),
    )


def what_fits_together(models: Iterable[ModelFacts], config: RunnerConfig, budget: int | None) -> Fit:
    """Return with which settings all these models fit beside each other, each with the context of its instance."""
    models = tuple(models)
    if budget is None or len(models) < 2 or fit_together(models, config, budget):
        return Fit()
    smaller = msgspec.structs.replace(config, cache_type=CACHE_TYPE, flash_attention=True)
    contexts = (config.context_length >> step for step in range(1, 8))
    shorter = (one for one in contexts if one >= LEAST_CONTEXT)
    return Fit(
        known=True,
        context=next(
            (
                one
                for one in shorter
                if fit_together(models, msgspec.structs.replace(config, context_length=one), budget)
            ),
            None,
        ),
        cache_type=CACHE_TYPE if _is_wide(config) and fit_together(models, smaller, budget) else None,
    )


def fit_together(models: Iterable[ModelFacts], config: RunnerConfig, budget: int) -> bool:
    """Return whether models take at most `budget` bytes beside each other; false if facts are missing."""
    needed = [model_parts(one, config).total for one in models]
    return None not in needed and sum(one or 0 for one in needed) + (FIT_MARGIN if config.gpu else 0) <= budget


def advice(fit: Fit, projected: MemoryProjected | None = None) -> Notice:
    """Return the sentence about what fits; `projected` is what the runner has measured itself."""
    if fit.context and fit.cache_type:
        return notice("fits.context_or_type", tokens=fit.context, type=fit.cache_type)
    if fit.context:
        return notice("fits.context", tokens=fit.context)
    if fit.cache_type:
        return notice("fits.type", type=fit.cache_type)
    if fit.parallel:
        return notice("fits.parallel", parallel=fit.parallel)
    if target_of(projected) is not None and projected is not None:
        return notice("fits.target", needed=projected.needed, free=projected.free, margin=FIT_MARGIN)
    return notice("fits.never" if fit.known else "fits.unknown")


def offers(pool: PoolSettings | None, fit: Fit, projected: MemoryProjected | None = None) -> tuple[Offer, ...]:
    """Return what can be changed at once in a pool, None = the panel does not manage the server."""
    return () if pool is None else tuple(_offers(pool, fit, projected))


def _offers(pool: PoolSettings, fit: Fit, projected: MemoryProjected | None) -> Iterator[Offer]:
    pools = (pool.name,)
    if fit.context:
        yield ChangePools(pools, context_length=fit.context)
    if fit.cache_type:
        yield smaller_cache(pools, pool, fit.cache_type)
    if fit.parallel and not fit.context and not fit.cache_type:
        yield ChangePools(pools, parallel=fit.parallel)
    target = target_of(projected)
    if target is not None and not fit.known:
        yield ChangePools(pools, environment=(("LLAMA_ARG_FIT_TARGET", str(target)),))


def smaller_cache(pools: tuple[PoolName, ...], pool: PoolSettings, cache_type: str) -> ChangePools:
    """Return the offer of a quantised cache, which needs flash attention."""
    off = switched(pool.environment.get("OLLAMA_FLASH_ATTENTION", "")) is False
    flash = (("OLLAMA_FLASH_ATTENTION", "1"),) if off else ()
    return ChangePools(pools, environment=(("OLLAMA_KV_CACHE_TYPE", cache_type), *flash))


def target_of(projected: MemoryProjected | None) -> int | None:
    """Return the MiB to leave free with which a model is whole on the cards, None if it does not fit there.

    llama-server lowers layers until so much is free (`LLAMA_ARG_FIT_TARGET`, `common/fit.cpp`, Ollama 0.30 on).
    """
    if projected is None:
        return None
    left = (projected.free - projected.needed) // MIB // _TARGET_STEP * _TARGET_STEP
    return left if _LEAST_TARGET <= left < FIT_MARGIN // MIB else None


def share_outside(runner: Runner | None, facts: ModelFacts | None, on_gpu: int, layers: int) -> float:
    """Return the share of a model's weights and caches that is not on a card, else that of its layers."""
    weights = facts.size - facts.host_size if facts is not None else 0
    held = dict(runner.buffers) if runner is not None else {}
    there = sum(size for device, size in held.get(BufferKind.WEIGHTS, {}).items() if is_on_gpu(device))
    if weights <= 0 or not 0 < there <= weights:
        return (layers - on_gpu) / layers if layers else 0.0
    caches = [
        (device, size) for kind in (BufferKind.CACHE, BufferKind.STATE) for device, size in held.get(kind, {}).items()
    ]
    cached = sum(size for _, size in caches)
    return 1 - (there + sum(size for device, size in caches if is_on_gpu(device))) / (weights + cached)


def slower(share: float, card: str, *, unified: bool) -> float | None:
    """Return how many times slower answers are, in two digits at most; None if that is unknown or nothing to speak of.

    A GPU that shares the main memory reads it as fast as the processor.
    """
    times = None if unified else _slowdown(share, card)
    if times is None or times < 1.2:
        return None
    return round(times, 1) if times < 3 else float(round(times))


def _slowdown(share_outside: float, card: str) -> float | None:
    """Return how many times as long a token takes if this share of the bytes is not on the card; None = unknown.

    For each token a runner reads all active weights once, so its time is the bytes in each memory divided by the
    bandwidth of that; the share of the bandwidth that is used cancels out (llama.cpp #4167: 42 to 84 % on Apple's
    chips). With 12 of 33 layers of one size outside a card of 912 GB/s: 21/33 + 12/33 x 912/51.2 = 7.1.
    """
    hardware = known(card)
    if hardware is None:
        return None
    return (1 - share_outside) + share_outside * max(1.0, hardware.bandwidth / CPU.bandwidth)


def _is_wide(config: RunnerConfig) -> bool:
    return config.cache_type in ("", "f16", "bf16", "f32")
