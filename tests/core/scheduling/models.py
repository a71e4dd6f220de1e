"""Models whose caches are laid out differently, as `/api/show` of Ollama 0.32 describes them."""

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import ModelFacts, StateSpace
from tests.core.scheduling.script import LLAMA

LLAMA_8B = ModelFacts(
    LLAMA,
    size=4_920_753_328,
    family="llama",
    architecture="llama",
    capabilities=("completion",),
    layers=32,
    embedding_length=4096,
    feed_forward=14_336,
    heads=32,
    kv_heads=(8,),
    context_trained=131_072,
)
"""Full attention in every layer."""

GEMMA_27B = ModelFacts(
    ModelName("gemma3:27b"),
    size=17_396_936_941,
    family="gemma3",
    architecture="gemma3",
    capabilities=("completion",),
    layers=62,
    embedding_length=5376,
    feed_forward=21_504,
    heads=32,
    kv_heads=(16,),
    key_length=128,
    value_length=128,
    sliding_window=1024,
    context_trained=131_072,
)
"""Five of six layers see the last 1,024 tokens only."""

HYBRID_80B = ModelFacts(
    ModelName("qwen3-next:80b"),
    size=50_000_000_000,
    family="qwen3next",
    architecture="qwen3next",
    capabilities=("completion",),
    layers=48,
    embedding_length=2048,
    feed_forward=5120,
    heads=16,
    kv_heads=(2,),
    key_length=256,
    value_length=256,
    full_attention_interval=4,
    state=StateSpace(conv_kernel=4, inner_size=4096, state_size=128, group_count=16),
    context_trained=262_144,
)
"""Three of four layers keep a state instead of keys and values; Ollama runs it one request at a time."""
