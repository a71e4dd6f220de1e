"""The facts about a model from `/api/tags`, `/api/show` and `/api/ps`, and whether it can run requests in parallel."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from ollama_panel.core.ids import ModelName


class ModelFacts(msgspec.Struct, frozen=True):
    """A model of the store. Numbers come from `/api/show` `model_info`; None = the server did not report it.

    `size` is bytes on disk (weights). `context_trained` and `num_ctx` (Modelfile parameter) are tokens. `kv_heads` and
    `sliding_layers` have one entry per layer, or a single one for all layers; () is unknown. `blob` is the path of
    the weights, which identifies the model in a runner's command line. `vocabulary` and `feed_forward` are counts.
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


class StateSpace(msgspec.Struct, frozen=True):
    """The recurrent layers of a model (`ssm.*`): their state does not grow with the context."""

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


class _Show(msgspec.Struct):
    """The fields of an answer of `/api/show` that we use."""

    modelfile: str = ""
    parameters: str = ""
    remote_host: str | None = None
    capabilities: list[str] | None = None
    details: _Details | None = None
    model_info: dict[str, Any] | None = None


_MODELS = msgspec.json.Decoder(_Models)
_SHOW = msgspec.json.Decoder(_Show)

_BLOB = re.compile(r"^FROM (.*[/\\]blobs[/\\]\S+)\s*$", re.MULTILINE)
_NUM_CTX = re.compile(r"^num_ctx\s+(\d+)\s*$", re.MULTILINE)
_EMBEDDING_FAMILY = re.compile(r"bert|embed|t5encoder", re.IGNORECASE)

# Ollama server/sched.go, 0.33: these get one slot whatever OLLAMA_NUM_PARALLEL is. Older versions force fewer.
_SERIAL_FAMILIES = frozenset(
    {
        "lfm2",
        "lfm2moe",
        "mllama",
        "nemotron_h",
        "nemotron_h_moe",
        "nemotron_h_omni",
        "qwen35",
        "qwen35moe",
        "qwen3next",
        "qwen3vl",
        "qwen3vlmoe",
    }
)


def canonical(name: str) -> ModelName:
    """Return the name in the form for comparisons: lower case, with a tag, without Ollama's own registry and `:local`.

    `:local` says only that the model does not run in the cloud (Ollama `internal/modelref`, 2026).
    """
    plain = name.strip().lower().removesuffix(":local").removeprefix("registry.ollama.ai/").removeprefix("library/")
    return ModelName(plain if ":" in plain.rsplit("/", 1)[-1] else f"{plain}:latest")


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


def facts_from_show(facts: ModelFacts, body: bytes) -> ModelFacts:
    """Return `facts` completed by an answer of `/api/show`, which has per-layer numbers only with `verbose`.

    Raises msgspec.DecodeError if it is not such an answer.
    """
    show = _SHOW.decode(body)
    info = show.model_info or {}
    details = show.details or _Details()
    blob, num_ctx = _BLOB.search(show.modelfile), _NUM_CTX.search(show.parameters)
    capabilities = tuple(show.capabilities or ()) or facts.capabilities
    return msgspec.structs.replace(
        facts,
        family=details.family or facts.family,
        format=details.format or facts.format,
        capabilities=capabilities,
        remote=facts.remote or bool(show.remote_host),
        blob=blob[1].strip().strip('"') if blob else "",
        num_ctx=int(num_ctx[1]) if num_ctx else None,
        vision="vision" in capabilities,
        **_numbers(info, facts),
    )


def _numbers(info: Mapping[str, Any], facts: ModelFacts) -> dict[str, Any]:
    """Read `model_info`: the name of the architecture is the prefix of each key."""
    architecture = info.get("general.architecture", "")

    def number(key: str) -> int | None:
        return _integer(info.get(f"{architecture}.{key}"))

    heads, kv_heads = _integers(info, architecture, "attention.head_count"), "attention.head_count_kv"
    pattern = info.get(f"{architecture}.attention.sliding_window_pattern")
    return {
        "architecture": architecture,
        "layers": number("block_count"),
        "embedding_length": number("embedding_length") or facts.embedding_length,
        "heads": max(heads, default=None),
        "kv_heads": _integers(info, architecture, kv_heads) or heads,
        "key_length": number("attention.key_length"),
        "value_length": number("attention.value_length"),
        "key_length_sliding": number("attention.key_length_swa"),
        "value_length_sliding": number("attention.value_length_swa"),
        "sliding_window": number("attention.sliding_window"),
        "sliding_layers": tuple(map(bool, pattern)) if isinstance(pattern, list) else (),
        "sliding_pattern": _integer(pattern),
        "shared_kv_layers": number("attention.shared_kv_layers"),
        "full_attention_interval": number("full_attention_interval"),
        "kv_lora_rank": number("attention.kv_lora_rank"),
        "key_rope_length": number("rope.dimension_count"),
        "context_trained": number("context_length") or facts.context_trained,
        "vocabulary": number("vocab_size") or _length(info.get("tokenizer.ggml.tokens")),
        "feed_forward": number("feed_forward_length"),
        "state": _state(number),
    }


def _state(number: Any) -> StateSpace | None:
    kernel, inner, state = (number(f"ssm.{key}") for key in ("conv_kernel", "inner_size", "state_size"))
    if kernel is None or inner is None or state is None:
        return None
    return StateSpace(kernel, inner, state, number("ssm.group_count") or 0)


def _integers(info: Mapping[str, Any], architecture: str, key: str) -> tuple[int, ...]:
    value = info.get(f"{architecture}.{key}")
    if isinstance(value, list):
        return tuple(int(entry) for entry in value)
    number = _integer(value)
    return () if number is None else (number,)


def _integer(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _length(value: object) -> int | None:
    return len(value) if isinstance(value, list) else None


def loaded_from_ps(body: bytes) -> tuple[LoadedEntry, ...]:
    """Return the models in an answer of `/api/ps`. Raises msgspec.DecodeError if it is not one."""
    return tuple(
        LoadedEntry(
            canonical(model.name or model.model), model.digest, model.size, model.size_vram, model.context_length
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


def forced_serial(facts: ModelFacts) -> str:
    """Return why Ollama runs one request at a time of this model, or "" if it does not (Ollama `server/sched.go`)."""
    if is_embedding(facts):
        return "Ollama runs embedding models one request at a time; add workers instead."
    if facts.format == "safetensors":
        return "Ollama runs safetensors (MLX) models one request at a time; add workers instead."
    if facts.family in _SERIAL_FAMILIES:
        return f"Ollama runs the {facts.family} family one request at a time; add workers instead."
    return ""
