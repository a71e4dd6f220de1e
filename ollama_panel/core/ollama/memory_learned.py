"""The memory of a load, forecast from what earlier loads of the same model on the same device really took. Pure.

Weights are as measured. Each kind of cache follows its own rule of `core.ollama.kvcache`, from its measured size. The
compute buffers are a batch times the bytes of a token, and these follow the formula of `core.ollama.compute`: one load
shows how far the formula is off, a second one, with another context, also how much faster the real buffers grow.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import msgspec

from ollama_panel.core.ollama.compute import batch_size, compute_bytes
from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.kvcache import CacheParts, bytes_of_32, cache_parts, padded
from ollama_panel.core.ollama.measured_load import MeasuredLoad
from ollama_panel.core.ollama.models import ModelFacts, is_embedding

_SAME = 1.02
"""Loads whose tokens should take nearly the same tell nothing about growth: that much is rounding in the log."""
_STEEPEST = 4.0
"""The formula is never that wrong about growth; a fit that says so has hit a change of the graph between its loads."""
_MORE_COPIES = 3
_FURTHEST = 2.0
"""Below the smallest measured load a difference from the formula may be a share of it instead of a constant."""


class Setup(msgspec.Struct, frozen=True):
    """How a model is loaded: `context` are tokens per slot, `batch` tokens, `shared` as in `compute_bytes`.

    `asked`: the batch is as the settings have it, else as Ollama would choose it with ample memory.
    """

    context: int
    parallel: int
    batch: int
    cache_type: str
    flash: bool
    shared: bool = False
    asked: bool = False


class Corrected(msgspec.Struct, frozen=True):
    """The bytes by purpose; `overhead` is None if it was never measured."""

    weights: int
    kv: int
    compute: int
    overhead: int | None


def corrected(facts: ModelFacts, loads: Sequence[MeasuredLoad], engine: Engine, setup: Setup) -> Corrected:
    """Return the bytes of a load; `loads` are of the same model, engine and device, newest first, at least one.

    At the setup of the newest they are what was measured. They never fall as the context or the slots grow.
    """
    newest = loads[0]
    if not setup.asked:
        setup = msgspec.structs.replace(setup, batch=_batch(facts, newest, engine, setup.batch))
    overhead = next((one.overhead for one in loads if one.overhead is not None), None)
    return Corrected(
        newest.weights, _cache(facts, newest, engine, setup), _compute(facts, loads, engine, setup), overhead
    )


def _batch(facts: ModelFacts, newest: MeasuredLoad, engine: Engine, asked: int) -> int:
    """Return the batch: one that was smaller than usual, for want of memory, or larger, as asked, will be so again."""
    usual = batch_size(facts, newest.context, newest.parallel, engine, embedding=is_embedding(facts))
    if newest.batch < usual:
        return min(asked, newest.batch)
    return max(asked, newest.batch) if newest.batch > usual else asked


def _cache(facts: ModelFacts, load: MeasuredLoad, engine: Engine, setup: Setup) -> int:
    now, then = _cold_cache(facts, engine, setup), _cold_cache(facts, engine, _setup(load, setup.shared))
    if now is None or then is None:
        now, then = _all_full(setup), _all_full(_setup(load, setup.shared))
    if not load.split:
        return _scaled(load.kv, now.total, then.total)
    pairs = ((load.full, now.full, then.full), (load.sliding, now.sliding, then.sliding))
    return sum(_scaled(*one) for one in (*pairs, (load.state, now.state, then.state)))


def _scaled(measured: int, now: int, then: int) -> int:
    return measured * now // then if then else measured


def _cold_cache(facts: ModelFacts, engine: Engine, setup: Setup) -> CacheParts | None:
    return cache_parts(facts, setup.context, setup.parallel, setup.batch, setup.cache_type, engine)


def _all_full(setup: Setup) -> CacheParts:
    """Return a cache of one number for each token: the most that one can grow, for a model of unknown layers."""
    return CacheParts(full=padded(setup.context) * setup.parallel * bytes_of_32(setup.cache_type))


def _compute(facts: ModelFacts, loads: Sequence[MeasuredLoad], engine: Engine, setup: Setup) -> int:
    """Return the bytes of the compute buffers.

    One load leaves open how they grow: by the formula, beside which a token takes something constant, as was so in all
    measured loads. Of loads without flash attention nothing follows for those with it, nor the other way round: they
    plan for different steps.
    """
    same = [one for one in loads if one.flash == setup.flash]
    cold = _cold_token(facts, engine, setup)
    if not same and cold:
        return round(cold * setup.batch) + loads[0].encoder
    same = same or list(loads)
    points = _points([(_cold_token(facts, engine, _setup(one, setup.shared)), _token(one)) for one in same])
    of_token = _followed(points, cold, _growth(facts, same[0]))
    return round(of_token * setup.batch) + same[0].encoder


def _growth(facts: ModelFacts, load: MeasuredLoad) -> float:
    """Return how many times as much as by the formula the buffers of all devices grow with the context.

    Each device has a buffer of its own; several have three more copies of the inputs, of which the mask grows
    (llama.cpp `ggml-backend.cpp GGML_SCHED_MAX_COPIES`). With flash attention it is all that grows.
    """
    devices = sum(one.compute > 0 for one in load.devices)
    if devices <= 1:
        return 1.0
    return devices * (1 + _MORE_COPIES / (1 if load.flash else (facts.heads or 0) + 1))


def _token(load: MeasuredLoad) -> float:
    return (load.compute - load.encoder) / load.batch


@lru_cache(maxsize=1024)  # those of the measured loads are asked for again and again
def _cold_token(facts: ModelFacts, engine: Engine, setup: Setup) -> float:
    """Return the bytes of a token by the formula, 0 if facts are missing."""
    size = compute_bytes(
        facts, setup.context, setup.parallel, setup.batch, engine, flash=setup.flash, shared=setup.shared
    )
    return (size or 0) / setup.batch


def _points(found: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the bytes of a token by the formula and as measured, in order of size.

    Where a load contradicts a newer one, as more took less, the newer one counts.
    """
    kept: list[tuple[float, float]] = []
    for cold, real in found:
        if all(max(cold, one) > _SAME * min(cold, one) and (cold - one) * (real - other) >= 0 for one, other in kept):
            kept.append((cold, real))
    return sorted(kept)


def _followed(points: Sequence[tuple[float, float]], cold: float, growth: float) -> float:
    """Return the real bytes of a token for those of the formula, on the line through the measured points."""
    (first, smallest), (last, largest) = points[0], points[-1]
    slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in pairwise(points)]
    steepest = _STEEPEST * growth
    if cold >= last:
        return largest + (min(slopes[-1], steepest) if slopes else growth) * (cold - last)
    if cold <= first:
        share = smallest * cold / first
        constant = smallest - (min(slopes[0], steepest) if slopes else growth) * (first - cold)
        return min(max(constant, share / _FURTHEST), share * _FURTHEST)
    place = next(place for place, (x, _) in enumerate(points[1:]) if cold <= x)
    return points[place][1] + slopes[place] * (cold - points[place][0])


def _setup(load: MeasuredLoad, shared: bool) -> Setup:
    return Setup(load.context, load.parallel, load.batch, load.cache_type, load.flash, shared)
