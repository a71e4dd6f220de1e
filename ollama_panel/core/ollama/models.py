"""The facts about a model, those of `/api/tags` and `/api/ps`, and whether it can run requests in parallel."""

import re
from functools import lru_cache

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.measured_load import MeasuredLoad
from ollama_panel.core.ollama.versions import NO_VERSION, numbers


class ModelFacts(msgspec.Struct, frozen=True, cache_hash=True):
    """A model of the store. Numbers come from `/api/show` `model_info`; None = the server did not report it.

    `size` is bytes on disk (weights), `host_size` those of them that stay in main memory although all layers are on a
    GPU. `context_trained` and `num_ctx` (Modelfile parameter) are tokens. `kv_heads`, `sliding_layers` and
    `feed_forward_layers` have one entry per layer, or a single one for all layers; () is unknown. `blob` is the path of
    the weights, which identifies the model in a runner's command line. `vocabulary` and `feed_forward` are counts;
    `draft_layers` (the last of `layers`) predict further tokens, `draft_num_predict` (Modelfile parameter) of them.
    `split_projector`: the picture encoder is a file of its own. `complete` is false until `/api/show` has answered
    with all numbers that a forecast needs. `loads` are what loads on this machine's devices really took, newest first.
    """

    name: ModelName
    digest: str = ""
    size: int = 0
    family: str = ""
    format: str = "gguf"
    capabilities: tuple[str, ...] = ()
    remote: bool = False
    architecture: str = ""
    layers: int | None = None
    embedding_length: int | None = None
    heads: int | None = None
    kv_heads: tuple[int, ...] = ()
    key_length: int | None = None
    value_length: int | None = None
    sliding_window: int | None = None
    context_trained: int | None = None
    num_ctx: int | None = None
    parameter_size: str = ""
    quantization: str = ""
    blob: str = ""
    sliding_layers: tuple[bool, ...] = ()
    sliding_pattern: int | None = None
    full_attention_interval: int | None = None
    kv_lora_rank: int | None = None
    key_rope_length: int | None = None
    shared_kv_layers: int | None = None
    key_length_sliding: int | None = None
    value_length_sliding: int | None = None
    state: "StateSpace | None" = None
    vocabulary: int | None = None
    feed_forward: int | None = None
    vision: bool = False
    host_size: int = 0
    feed_forward_layers: tuple[int, ...] = ()
    expert_feed_forward: int | None = None
    experts_used: int | None = None
    draft_layers: int = 0
    draft_num_predict: int | None = None
    split_projector: bool = False
    complete: bool = False
    loads: tuple[MeasuredLoad, ...] = ()


class StateSpace(msgspec.Struct, frozen=True):
    """The recurrent layers of a model (`ssm.*`, `shortconv.*`): their state does not grow with the context."""

    conv_kernel: int
    inner_size: int
    state_size: int
    group_count: int


class LoadedEntry(msgspec.Struct, frozen=True):
    """An entry of `/api/ps`; sizes are in bytes. `context` is in tokens per slot, None before Ollama 0.10."""

    name: ModelName
    digest: str
    size: int
    size_vram: int
    context: int | None = None


class _Details(msgspec.Struct):
    """The `details` object of all three endpoints."""

    format: str = ""
    family: str = ""
    parameter_size: str = ""
    quantization_level: str = ""
    context_length: int | None = None
    embedding_length: int | None = None


class _Model(msgspec.Struct):
    """One model of `/api/tags` or `/api/ps`."""

    name: str = ""
    model: str = ""
    digest: str = ""
    size: int = 0
    size_vram: int = 0
    context_length: int | None = None
    remote_host: str | None = None
    capabilities: list[str] | None = None
    details: _Details | None = None


class _Models(msgspec.Struct):
    """The answer of `/api/tags` and `/api/ps`."""

    models: list[_Model] | None = None


_MODELS = msgspec.json.Decoder(_Models)

_EMBEDDING_FAMILY = re.compile(r"bert|embed|t5encoder", re.IGNORECASE)

SERIAL_SINCE: dict[str, tuple[int, ...] | None] = {
    "lfm2": (0, 15, 5),
    "lfm2moe": (0, 15, 5),
    "mllama": None,
    "nemotron_h": (0, 20, 0),
    "nemotron_h_moe": (0, 20, 0),
    "nemotron_h_omni": (0, 20, 0),
    "qwen35": (0, 20, 0),
    "qwen35moe": (0, 20, 0),
    "qwen3next": (0, 15, 5),
    "qwen3vl": (0, 12, 7),
    "qwen3vlmoe": (0, 12, 7),
}
"""The families that get one slot whatever OLLAMA_NUM_PARALLEL is, and the version that was the first to have it so.

Source: Ollama `server/sched.go`, up to 0.33. None = from the beginning; those of 0.20.0 may be somewhat older.
"""

_SERIAL_EMBEDDING, _SERIAL_SAFETENSORS = notice("serial.embedding"), notice("serial.safetensors")


@lru_cache(maxsize=1024)
def canonical(name: str) -> ModelName:
    """Return the name in the form for comparisons: lower case, with a tag, without Ollama's own registry and `:local`.

    `:local` says only that the model does not run in the cloud (Ollama `internal/modelref`, 2026).
    """
    plain = name.strip().lower().removesuffix(":local").removeprefix("registry.ollama.ai/").removeprefix("library/")
    return ModelName(plain if ":" in plain.rsplit("/", 1)[-1] else f"{plain}:latest")


@lru_cache(maxsize=1024)
def is_cloud_name(name: str) -> bool:
    """Return whether the tag alone says that the model runs on ollama.com (`:cloud`, `:120b-cloud`).

    Source: Ollama `internal/modelref parseSourceSuffix`.
    """
    tag = name.strip().lower().rpartition(":")[2] if ":" in name else ""
    return tag == "cloud" or (tag.endswith("-cloud") and "/" not in tag)


def facts_from_tags(body: bytes) -> tuple[ModelFacts, ...]:
    """Return the models in an answer of `/api/tags`. Raises msgspec.DecodeError if it is not one."""
    return tuple(_from_tag(model) for model in _MODELS.decode(body).models or () if model.name or model.model)


def _from_tag(model: _Model) -> ModelFacts:
    details = model.details or _Details()
    name = model.name or model.model
    return ModelFacts(
        name=canonical(name),
        digest=model.digest,
        size=model.size,
        family=details.family,
        format=details.format or "gguf",
        capabilities=tuple(model.capabilities or ()),
        remote=bool(model.remote_host) or is_cloud_name(name),
        embedding_length=details.embedding_length,
        context_trained=details.context_length,
        parameter_size=details.parameter_size,
        quantization=details.quantization_level,
    )


def loaded_from_ps(body: bytes) -> tuple[LoadedEntry, ...]:
    """Return the models in an answer of `/api/ps`. Raises msgspec.DecodeError if it is not one."""
    return tuple(
        LoadedEntry(
            canonical(model.name or model.model),
            model.digest,
            model.size,
            model.size_vram,
            model.context_length or None,
        )
        for model in _MODELS.decode(body).models or ()
    )


def is_embedding(facts: ModelFacts) -> bool:
    """Return whether the model only computes embeddings.

    Before 0.30 `/api/tags` and before 0.6.4 `/api/show` have no capabilities: then the name of the family decides.
    """
    if facts.capabilities:
        return "completion" not in facts.capabilities and "embedding" in facts.capabilities
    return bool(_EMBEDDING_FAMILY.search(facts.family or facts.architecture))


def forced_serial(facts: ModelFacts, version: str = "") -> Notice | None:
    """Return why Ollama runs one request at a time of this model, or None if it does not (Ollama `server/sched.go`).

    `version` is Ollama's, "" if it is unknown, which counts as the newest.
    """
    if is_embedding(facts):
        return _SERIAL_EMBEDDING
    if facts.format == "safetensors":
        return _SERIAL_SAFETENSORS
    if is_serial_family(facts.family, version):
        return notice("serial.family", family=facts.family)
    return None


def is_serial_family(family: str, version: str = "") -> bool:
    """Return whether an Ollama of `version`, "" = the newest, runs one request at a time of a family."""
    if family not in SERIAL_SINCE:
        return False
    since, found = SERIAL_SINCE[family], numbers(version)
    return since is None or found <= NO_VERSION or found >= since
