"""The size of a model's caches in bytes: keys and values layer by layer, and the state of recurrent layers.

Sources: llama.cpp `llama-kv-cache.cpp`, `llama-kv-cache-iswa.cpp` (build b10488, Ollama 0.32; and the one in Ollama
v0.24.0 `llama/llama.cpp`), Ollama v0.24.0 `kvcache/causal.go` for its own engine.
"""

import msgspec

from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.recurrent import drafted_tokens, is_recurrent, kv_heads, state_bytes, trunk

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

F16 = "f16"
"""The type of a cache's numbers where nobody asks for another one."""
OLD_CACHE_TYPES = (F16, "q8_0", "q4_0")
"""What versions before llama-server take (0.24 `fs/ggml/ggml.go SupportsKVCacheType`)."""
PADDING = 256
"""To a multiple of this many tokens llama.cpp rounds a context and a cache up (b10488 `llama-context.cpp`)."""

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

# Ollama's own engine keeps more than the window of these, to go back in a text (`NewSWAMemCache` in `model/models`).
_KEPT = {"gemma4": 4096, "gpt-oss": 4096, "gptoss": 4096}


def has_cache(facts: ModelFacts) -> bool:
    """Return whether a model keeps anything of the tokens that it has read; encoders do not."""
    return not any(word in facts.architecture for word in _NO_CACHE)


class CacheParts(msgspec.Struct, frozen=True):
    """The bytes of a model's caches: of layers with full attention, of those with a window, and recurrent states."""

    full: int = 0
    sliding: int = 0
    state: int = 0

    @property
    def total(self) -> int:
        """The sum."""
        return self.full + self.sliding + self.state


def cache_bytes(
    facts: ModelFacts,
    context: int,
    parallel: int,
    batch: int,
    cache_type: str = F16,
    engine: Engine = Engine.LLAMA_SERVER,
) -> int | None:
    """Return the bytes of all caches for `parallel` slots of `context` tokens, or None if facts are missing."""
    parts = cache_parts(facts, context, parallel, batch, cache_type, engine)
    return None if parts is None else parts.total


def cache_parts(
    facts: ModelFacts,
    context: int,
    parallel: int,
    batch: int,
    cache_type: str = F16,
    engine: Engine = Engine.LLAMA_SERVER,
) -> CacheParts | None:
    """Return the bytes by kind of layer for `parallel` slots of `context` tokens, or None if facts are missing.

    For each layer: KV heads x (key length + value length) x cells. An unknown `cache_type` counts as f16. The layers
    that predict further tokens have a cache, of the whole context, only where the model drafts with them.
    """
    if not has_cache(facts):
        return CacheParts()
    if facts.layers is None or not facts.kv_heads:
        return None
    last = facts.layers if drafted_tokens(facts, engine) else trunk(facts)
    numbers = {True: 0, False: 0}
    for layer in range(last - (facts.shared_kv_layers or 0)):
        of_token = _layer_numbers(facts, layer, engine)
        if of_token is None:
            return None
        numbers[is_sliding(facts, layer)] += of_token * _cells(facts, layer, context, parallel, batch, engine)
    full, sliding = (numbers[kind] * bytes_of_32(cache_type) // 32 for kind in (False, True))
    return CacheParts(full, sliding, state_bytes(facts, parallel, engine))


def bytes_of_32(cache_type: str) -> int:
    """Return the bytes of 32 numbers in a cache; an unknown type counts as f16."""
    return CACHE_TYPES.get(cache_type, CACHE_TYPES[F16])


def is_sliding(facts: ModelFacts, layer: int) -> bool:
    """Return whether a layer has sliding-window attention."""
    if _window(facts) is None:
        return False
    if facts.sliding_layers:
        return facts.sliding_layers[layer % len(facts.sliding_layers)]
    period = facts.sliding_pattern or _PERIODS.get(facts.architecture)
    return period is not None and layer % period < period - 1


def _layer_numbers(facts: ModelFacts, layer: int, engine: Engine) -> int | None:
    """Return how many numbers a layer stores for one token."""
    if is_recurrent(facts, layer):
        return 0
    if _is_compressed(facts, layer):
        return _compressed_numbers(facts, engine)
    sliding = is_sliding(facts, layer)
    key = (facts.key_length_sliding if sliding else None) or facts.key_length or _head_length(facts)
    value = (facts.value_length_sliding if sliding else None) or facts.value_length or _head_length(facts)
    if key is None or value is None:
        return None
    return kv_heads(facts, layer) * (key + value)


def _is_compressed(facts: ModelFacts, layer: int) -> bool:
    """Return whether a layer stores one compressed row per token instead of heads (multi-head latent attention).

    Files made before llama.cpp did so have `kv_lora_rank` as well, but as many KV heads as heads. Ollama's own
    `glm4moelite` files have them, too, and are run compressed all the same: Ollama v0.24.0
    `model/models/glm4moelite/model.go`, v0.33.0 `llama/compat/llama-ollama-compat.cpp handle_glm4moelite`.
    """
    if facts.kv_lora_rank is None:
        return False
    return facts.architecture == "glm4moelite" or kv_heads(facts, layer) == 1


def _compressed_numbers(facts: ModelFacts, engine: Engine) -> int | None:
    """Return the row of a compressed layer: the compressed numbers and those of the position.

    llama-server reads the values from the same row (`llama-kv-cache.cpp has_v`); both earlier engines keep the
    compressed numbers once more as values.
    """
    assert facts.kv_lora_rank is not None
    key = facts.kv_lora_rank + facts.key_rope_length if facts.key_rope_length else facts.key_length
    if key is None:
        return None
    return key if engine is Engine.LLAMA_SERVER else key + facts.kv_lora_rank


def _cells(facts: ModelFacts, layer: int, context: int, parallel: int, batch: int, engine: Engine) -> int:
    """Return the cells of a layer, all slots together, rounded up.

    In a sliding-window layer llama-server keeps the window and one batch for each slot. llama.cpp in Ollama's runner
    keeps the whole context: `llama/llama.go` leaves `swa_full` at its default, true, and before 0.11.5 llama.cpp knew
    no other way. Ollama's own engine keeps what it may go back to for each slot and one batch for all of them.
    """
    whole, window = padded(context), _window(facts)
    if engine is Engine.LLAMA_RUNNER or window is None or not is_sliding(facts, layer):
        return parallel * whole
    if engine is Engine.LLAMA_SERVER:
        return parallel * min(whole, padded(window + batch))
    kept = max(_KEPT.get(facts.architecture, 0), window + (parallel > 1))
    return parallel * whole if kept >= context or facts.architecture == "llama4" else padded(parallel * kept + batch)


def _window(facts: ModelFacts) -> int | None:
    return facts.sliding_window or (_LLAMA4_CHUNK if facts.architecture == "llama4" else None)


def _head_length(facts: ModelFacts) -> int | None:
    if facts.embedding_length is None or not facts.heads:
        return None
    return facts.embedding_length // facts.heads


def padded(tokens: int) -> int:
    """Return a context as llama.cpp rounds it up."""
    return -(-tokens // PADDING) * PADDING
