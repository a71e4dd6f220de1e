"""The size of a model's key-value cache in bytes, layer by layer, in the layout of llama.cpp (build b10488)."""

from ollama_panel.core.ollama.models import ModelFacts

# Bytes of one llama.cpp block: 32 numbers and their scale (ggml-common.h).
CACHE_TYPES: dict[str, int] = {
    "f32": 128,
    "f16": 64,
    "bf16": 64,
    "q8_0": 34,
    "q5_1": 24,
    "q5_0": 22,
    "q4_1": 20,
    "q4_0": 18,
    "iq4_nl": 18,
}

# Architectures that process a text as a whole and have no cache.
_NO_CACHE = ("bert", "t5encoder", "gemma-embedding", "gemma_embedding")

# One of this many layers has full attention, if the file does not say (`models/*.cpp load_swa_pattern`);
# Ollama's own files spell some names differently.
_PERIODS = {
    "gemma2": 2,
    "gemma3": 6,
    "gemma3n": 5,
    "gpt-oss": 2,
    "gptoss": 2,
    "cohere2": 4,
    "llama4": 4,
    "exaone4": 4,
    "olmo2": 4,
    "plamo3": 8,
}
_LLAMA4_CHUNK = 8192


def cache_bytes(facts: ModelFacts, context: int, parallel: int, batch: int, cache_type: str = "f16") -> int | None:
    """Return the bytes of keys and values for `parallel` slots of `context` tokens, or None if facts are missing.

    For each layer: KV heads x (key length + value length) x cells, where a slot has as many cells as its context, and
    in a sliding-window layer at most the window and one batch, both rounded up to 256. A recurrent layer has a state
    of its own (f32) that does not grow with the context. An unknown `cache_type` counts as f16.
    """
    if any(word in facts.architecture for word in _NO_CACHE):
        return 0
    if facts.layers is None or not facts.kv_heads:
        return None
    width = CACHE_TYPES.get(cache_type, CACHE_TYPES["f16"])
    numbers = state = 0
    for layer in range(facts.layers - (facts.shared_kv_layers or 0)):
        of_token = _layer_numbers(facts, layer)
        if of_token is None:
            return None
        numbers += of_token * _cells(facts, layer, context, batch)
        state += _state_bytes(facts) if is_recurrent(facts, layer) else 0
    return (numbers * width // 32 + state) * parallel


def is_sliding(facts: ModelFacts, layer: int) -> bool:
    """Return whether a layer has sliding-window attention."""
    if _window(facts) is None:
        return False
    if facts.sliding_layers:
        return facts.sliding_layers[layer % len(facts.sliding_layers)]
    period = facts.sliding_pattern or _PERIODS.get(facts.architecture)
    return period is not None and layer % period < period - 1


def is_recurrent(facts: ModelFacts, layer: int) -> bool:
    """Return whether a layer keeps a state instead of keys and values."""
    if facts.state is None:
        return False
    if facts.full_attention_interval:
        return (layer + 1) % facts.full_attention_interval != 0
    return _kv_heads(facts, layer) == 0


def _layer_numbers(facts: ModelFacts, layer: int) -> int | None:
    """Return how many numbers a layer stores for one token."""
    if is_recurrent(facts, layer):
        return 0
    sliding = is_sliding(facts, layer)
    key = (facts.key_length_sliding if sliding else None) or facts.key_length or _head_length(facts)
    value = (facts.value_length_sliding if sliding else None) or facts.value_length or _head_length(facts)
    if key is None or value is None:
        return None
    heads = _kv_heads(facts, layer)
    compressed = facts.kv_lora_rank is not None and heads == 1
    return heads * (key if compressed else key + value)


def _cells(facts: ModelFacts, layer: int, context: int, batch: int) -> int:
    whole, window = _padded(context), _window(facts)
    if window is None or not is_sliding(facts, layer):
        return whole
    return min(whole, _padded(window + batch))


def _window(facts: ModelFacts) -> int | None:
    return facts.sliding_window or (_LLAMA4_CHUNK if facts.architecture == "llama4" else None)


def _kv_heads(facts: ModelFacts, layer: int) -> int:
    return facts.kv_heads[layer] if layer < len(facts.kv_heads) else facts.kv_heads[-1]


def _head_length(facts: ModelFacts) -> int | None:
    if facts.embedding_length is None or not facts.heads:
        return None
    return facts.embedding_length // facts.heads


def _state_bytes(facts: ModelFacts) -> int:
    state = facts.state
    assert state is not None
    convolution = (state.conv_kernel - 1) * (state.inner_size + 2 * state.group_count * state.state_size)
    return 4 * (convolution + state.state_size * state.inner_size)


def _padded(tokens: int) -> int:
    return -(-tokens // 256) * 256
