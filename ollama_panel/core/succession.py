"""Whether a worker's successor may start while the worker still runs: the memory must surely hold both. Pure."""

from collections.abc import Collection, Iterable, Mapping
from enum import Enum, auto

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.ollama.compute import asked_batch
from ollama_panel.core.ollama.evictions import most_loaded
from ollama_panel.core.ollama.memory import forecast
from ollama_panel.core.ollama.models import ModelFacts, canonical, is_embedding
from ollama_panel.core.records import LoadOptions
from ollama_panel.core.scheduling.residency import SHARE_BESIDE_OTHERS, SHARE_BY_ITSELF
from ollama_panel.core.settings.tree import PoolSettings

_ONE_CARD = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "GGML_VK_VISIBLE_DEVICES")
"""The variables that say which cards a worker uses (Ollama `envconfig/config.go`)."""


class Way(Enum):
    """What may help after a successor has failed.

    AGAIN: another one, as it may have been an accident. DRAIN: the memory did not hold both, so the worker ends first.
    NONE: it was started again and again, and does not run.
    """

    AGAIN = auto()
    DRAIN = auto()
    NONE = auto()


class Load(msgspec.Struct, frozen=True):
    """A model that a worker is to have; `bytes` is what it needs there with its runner, None = unknown."""

    model: ModelName
    bytes: int | None
    options: LoadOptions = LoadOptions()


def loads_of(
    spec: InstanceSpec,
    pool: PoolSettings,
    inherited: Mapping[str, str],
    loaded: Collection[ModelName],
    facts: Mapping[ModelName, ModelFacts],
    *,
    gpu: bool,
    version: str,
) -> tuple[tuple[Load, ...], int]:
    """Return what a worker that starts as `spec` is to load, in order, and the bytes that must stay free.

    That are the models that its pool pins and the `loaded` ones. `inherited` are the variables that it has beside its
    own, `version` is that of its Ollama. Models that run elsewhere need no load, pinned ones that are not in the store
    get none. Of more pinned models than the server keeps loaded the first ones count, of all models the largest ones.
    """
    effective = msgspec.structs.replace(pool, environment={**inherited, **spec.environment})
    pinned = [name for name in map(canonical, pool.preload) if name in facts]
    names = dict.fromkeys((*pinned[: most_loaded(effective.environment, cards=1)], *loaded))
    present = [facts[name] for name in names if name in facts and not facts[name].remote]
    found = forecast(effective, present, gpu=gpu, version=version)
    loads = {
        one.name: Load(one.name, one.parts.total, _options(pool, facts[one.name], one.context)) for one in found.models
    }
    unknown = (Load(name, None) for name in loaded if name not in facts)
    return (*(loads[one.name] for one in present if one.name in loads), *unknown), found.margin


def fit(loads: Iterable[Load], free: int | None, margin: int = 0) -> bool:
    """Return whether loads surely fit into `free` bytes, one after the other, so that `margin` stays free.

    Ollama loads beside other models only what takes a part of the free memory, and forecasts leave something out.
    """
    if free is None:
        return False
    left = free - margin
    for number, load in enumerate(loads):
        share = SHARE_BESIDE_OTHERS if number else SHARE_BY_ITSELF
        if load.bytes is None or load.bytes > share * left:
            return False
        left -= load.bytes
    return True


def total_bytes(loads: Iterable[Load]) -> int:
    """Return the sum of the known sizes in bytes."""
    return sum(load.bytes or 0 for load in loads)


def on_chosen_cards(spec: InstanceSpec, inherited: Mapping[str, str]) -> bool:
    """Return whether a worker is limited to some cards, so that what is free on all of them says little."""
    environment = {**inherited, **spec.environment}
    return any(environment.get(name, "").strip() for name in _ONE_CARD)


def _options(pool: PoolSettings, facts: ModelFacts, context: int) -> LoadOptions:
    """Return the options that the pool's requests have: Ollama reloads a model whose batch size differs."""
    return LoadOptions(num_batch=asked_batch(pool.batch or None, context, embedding=is_embedding(facts)))
