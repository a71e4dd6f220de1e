"""The facts about a model from `/api/show`: the metadata of its file, its parameters and the tables in its tensors."""

import math
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from ollama_panel.core.ollama.models import ModelFacts, StateSpace


class _Details(msgspec.Struct):
    """The `details` object."""

    format: str = ""
    family: str = ""


class _Tensor(msgspec.Struct):
    """One tensor of `/api/show`; the first of `shape` is the length of a row."""

    name: str = ""
    type: str = ""
    shape: list[int] | None = None


class _Show(msgspec.Struct):
    """The fields of an answer of `/api/show` that we use.

    The values of `model_info` are decoded one by one: with `verbose` the tokenizer's are megabytes.
    """

    modelfile: str = ""
    parameters: str = ""
    remote_host: str | None = None
    capabilities: list[str] | None = None
    details: _Details | None = None
    model_info: dict[str, msgspec.Raw] | None = None
    projector_info: dict[str, msgspec.Raw] | None = None
    tensors: list[_Tensor] | None = None


_SHOW = msgspec.json.Decoder(_Show)

_BLOB = re.compile(r"^FROM (.*[/\\]blobs[/\\]\S+)\s*$", re.MULTILINE)
_PARAMETER = re.compile(r"^(num_ctx|draft_num_predict)\s+(\d+)\s*$", re.MULTILINE)

# Numbers of `model_info` that some files have once for each layer; without `verbose` such a list is null, or [] up to
# Ollama 0.9 (`server/routes.go getModelData`).
_BY_LAYER = (
    "attention.head_count",
    "attention.head_count_kv",
    "attention.sliding_window_pattern",
    "feed_forward_length",
)

# Bits per weight of the types that embeddings are stored in (`ggml-common.h`: bytes of a block by its weights).
_BITS = {
    "F32": 32.0,
    "F16": 16.0,
    "BF16": 16.0,
    "Q8_0": 8.5,
    "Q6_K": 6.5625,
    "Q5_K": 5.5,
    "Q5_1": 6.0,
    "Q5_0": 5.5,
    "Q4_K": 4.5,
    "Q4_1": 5.0,
    "Q4_0": 4.5,
    "Q3_K": 3.4375,
    "Q2_K": 2.625,
    "IQ4_NL": 4.5,
    "IQ4_XS": 4.25,
}


def facts_from_show(facts: ModelFacts, body: bytes, *, verbose: bool = False) -> ModelFacts:
    """Return `facts` completed by an answer of `/api/show`.

    They stay incomplete if the answer lacks numbers by layer, as it does without `verbose`; those of a `verbose` one
    are all that there is. That one has megabytes of vocabulary, so decode it in a thread; nothing of it is kept.
    Raises msgspec.DecodeError if it is not such an answer.
    """
    show = _SHOW.decode(body)
    details = show.details or _Details()
    blob, parameters = _BLOB.search(show.modelfile), dict(_PARAMETER.findall(show.parameters))
    capabilities = tuple(show.capabilities or ()) or facts.capabilities
    raw = show.model_info or {}
    info = {key: msgspec.json.decode(value) for key, value in raw.items() if not key.startswith("tokenizer.")}
    tensors = {tensor.name: tensor for tensor in show.tensors or ()}
    return msgspec.structs.replace(
        facts,
        family=details.family or facts.family,
        format=details.format or facts.format,
        capabilities=capabilities,
        remote=facts.remote or bool(show.remote_host),
        blob=blob[1].strip().strip('"') if blob else "",
        num_ctx=_parameter(parameters, "num_ctx"),
        draft_num_predict=_parameter(parameters, "draft_num_predict"),
        vision="vision" in capabilities,
        split_projector=bool(show.projector_info),
        host_size=_host_size(tensors),
        complete=verbose or not _lacks_lists(info),
        **_numbers(info, facts) | {"vocabulary": _vocabulary(info, tensors, raw.get("tokenizer.ggml.tokens"))},
    )


def _parameter(parameters: Mapping[str, str], name: str) -> int | None:
    return int(parameters[name]) if name in parameters else None


def _lacks_lists(info: Mapping[str, Any]) -> bool:
    architecture = info.get("general.architecture", "")
    return any(info.get(f"{architecture}.{key}", 0) in (None, []) for key in _BY_LAYER)


def _host_size(tensors: Mapping[str, _Tensor]) -> int:
    """Return the bytes that stay in main memory: tables, of which a token needs one row (llama.cpp `llama-model.cpp`).

    If there is no separate output layer, a GPU has a copy of the token embeddings, so the whole file counts there. The
    result is 0 where the server does not list tensors.
    """
    tables = ["per_layer_token_embd.weight"]
    if "output.weight" in tensors:
        tables.append("token_embd.weight")
    found = [tensors[name] for name in tables if name in tensors]
    return int(sum(math.prod(one.shape or (0,)) * _BITS.get(one.type.upper(), 0.0) / 8 for one in found))


def _vocabulary(info: Mapping[str, Any], tensors: Mapping[str, _Tensor], tokens: msgspec.Raw | None) -> int | None:
    """Return the number of tokens, from the first of the places that has it."""
    named = _integer(info.get(f"{info.get('general.architecture', '')}.vocab_size"))
    if named:
        return named
    table = tensors.get("token_embd.weight", _Tensor()).shape
    if table:
        return table[-1]
    found = msgspec.json.decode(tokens, type=list[msgspec.Raw] | None) if tokens else None
    return len(found) if found else None


def _numbers(info: Mapping[str, Any], facts: ModelFacts) -> dict[str, Any]:
    """Read `model_info`: the name of the architecture is the prefix of each key."""
    architecture = info.get("general.architecture", "")

    def number(key: str) -> int | None:
        return _integer(info.get(f"{architecture}.{key}"))

    heads, kv_heads = _integers(info, architecture, "attention.head_count"), "attention.head_count_kv"
    forward = _integers(info, architecture, "feed_forward_length")
    pattern = info.get(f"{architecture}.attention.sliding_window_pattern")
    absent = f"{architecture}.{kv_heads}" not in info
    return {
        "architecture": architecture,
        "layers": number("block_count"),
        "embedding_length": number("embedding_length") or facts.embedding_length,
        "heads": max(heads, default=None),
        "kv_heads": heads if absent else _integers(info, architecture, kv_heads),
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
        "feed_forward": max(forward, default=None),
        "feed_forward_layers": forward if len(forward) > 1 else (),
        "expert_feed_forward": number("expert_feed_forward_length"),
        "experts_used": number("expert_used_count"),
        "draft_layers": number("nextn_predict_layers") or 0,
        "state": _state(number),
    }


def _state(number: Any) -> StateSpace | None:
    short, width = number("shortconv.l_cache"), number("embedding_length")
    if short is not None and width is not None:
        return StateSpace(short, width, 0, 0)
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
