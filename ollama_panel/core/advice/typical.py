"""Typical models, to advise where none is known, and to reckon with the layout of one where that of a model is not.

Sizes are those of Ollama's library, rounded; the layouts are those of the published configurations of the models.
"""

import msgspec

from ollama_panel.core.advice.uses import NEEDS, Use
from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import ModelFacts, canonical, is_embedding
from ollama_panel.core.records import Role


def _model(name: str, gigabytes: float, billions: float, layers: int, width: int, heads: int, kv_heads: int,
           feed_forward: int, context: int, family: str) -> ModelFacts:  # fmt: skip
    return ModelFacts(
        ModelName(name),
        size=int(gigabytes * 10**9),
        family=family,
        architecture=family,
        capabilities=("completion",),
        layers=layers,
        embedding_length=width,
        heads=heads,
        kv_heads=(kv_heads,),
        feed_forward=feed_forward,
        context_trained=context,
        parameter_size=f"{billions}B",
        quantization="Q4_K_M",
        vocabulary=128256 if family == "llama" else 152064,
        complete=True,
    )


_QWEN_CODER_30B = msgspec.structs.replace(
    _model("qwen3-coder:30b", 18.6, 30.5, 48, 2048, 32, 4, 6144, 262144, "qwen3moe"),
    key_length=128,
    value_length=128,
    expert_feed_forward=768,
    experts_used=8,
)

CHAT_MODELS = (
    msgspec.structs.replace(
        _model("llama3.2:1b", 1.32, 1.24, 16, 2048, 32, 8, 8192, 131072, "llama"), quantization="Q8_0"
    ),
    _model("llama3.2:3b", 2.02, 3.21, 28, 3072, 24, 8, 8192, 131072, "llama"),
    _model("llama3.1:8b", 4.92, 8.03, 32, 4096, 32, 8, 14336, 131072, "llama"),
    _model("qwen2.5:14b", 8.99, 14.8, 48, 5120, 40, 8, 13824, 32768, "qwen2"),
    _model("qwen2.5:32b", 19.9, 32.8, 64, 5120, 40, 8, 27648, 32768, "qwen2"),
    _model("llama3.3:70b", 42.5, 70.6, 80, 8192, 64, 8, 28672, 131072, "llama"),
)
CODE_MODELS = (
    _model("qwen2.5-coder:1.5b", 0.99, 1.54, 28, 1536, 12, 2, 8960, 32768, "qwen2"),
    _model("qwen2.5-coder:3b", 1.93, 3.09, 36, 2048, 16, 2, 11008, 32768, "qwen2"),
    _model("qwen2.5-coder:7b", 4.68, 7.62, 28, 3584, 28, 4, 18944, 32768, "qwen2"),
    _model("qwen2.5-coder:14b", 8.99, 14.8, 48, 5120, 40, 8, 13824, 32768, "qwen2"),
    _QWEN_CODER_30B,
)
EMBEDDING_MODEL = ModelFacts(
    ModelName("nomic-embed-text:latest"),
    size=274_000_000,
    family="nomic-bert",
    architecture="nomic-bert",
    capabilities=("embedding",),
    layers=12,
    embedding_length=768,
    heads=12,
    feed_forward=3072,
    context_trained=2048,
    parameter_size="137M",
    quantization="F16",
    complete=True,
)

_ALL = (*CHAT_MODELS, *CODE_MODELS, EMBEDDING_MODEL)


def typical_for(use: Use) -> tuple[ModelFacts, ...]:
    """Return the typical models for a use, the smallest first."""
    return CODE_MODELS if NEEDS[use].role is Role.CODE else CHAT_MODELS


def find(name: str) -> ModelFacts | None:
    """Return the typical model of a name, None if it is none of them."""
    wanted = canonical(name)
    return next((one for one in _ALL if canonical(one.name) == wanted), None)


def like(facts: ModelFacts) -> ModelFacts:
    """Return the typical model whose layout stands for an unknown one: the smallest that is as large, or the largest.

    A larger model has a larger cache for each token, so this seldom says too little.
    """
    if is_embedding(facts):
        return EMBEDDING_MODEL
    return next((one for one in CHAT_MODELS if one.size >= facts.size), CHAT_MODELS[-1])


def with_layout_of(facts: ModelFacts, other: ModelFacts) -> ModelFacts:
    """Return a model of unknown layout with that of another; name, size and what else is known of it stay."""
    known = {
        name: getattr(facts, name)
        for name in ("name", "size", "family", "format", "capabilities", "quantization", "num_ctx", "vision")
        if getattr(facts, name)
    }
    trained = facts.context_trained or other.context_trained
    size = facts.parameter_size or ""
    return msgspec.structs.replace(other, **known, context_trained=trained, parameter_size=size)
