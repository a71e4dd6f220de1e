"""The state of recurrent layers, which replaces keys and values and does not grow with the context.

Sources: llama.cpp `llama-hparams.cpp n_embd_r, n_embd_s` and `llama-memory-recurrent.cpp` (build b10488, Ollama 0.32),
Ollama v0.24.0 `kvcache/recurrent.go`. Every one of them keeps the state in f32, whatever the type of the cache.
"""

from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.models import ModelFacts

_CHECKPOINTS = 24  # of each slot, all reserved at the load: `kvcache/recurrent.go DefaultCheckpointCount`


def is_recurrent(facts: ModelFacts, layer: int) -> bool:
    """Return whether a layer keeps a state.

    In models without an interval these are the layers without KV heads; Nemotron also has layers that are a
    feed-forward network alone (llama.cpp `models/nemotron-h.cpp`: neither heads nor a feed-forward length).
    """
    if facts.state is None or layer >= trunk(facts):
        return False
    if facts.full_attention_interval:
        return (layer + 1) % facts.full_attention_interval != 0
    if facts.architecture.startswith("nemotron_h") and layer < len(facts.feed_forward_layers):
        return not kv_heads(facts, layer) and not facts.feed_forward_layers[layer]
    return not kv_heads(facts, layer)


def trunk(facts: ModelFacts) -> int:
    """Return the number of layers without those that predict further tokens (`nextn_predict_layers`, the last)."""
    return (facts.layers or 0) - facts.draft_layers


def kv_heads(facts: ModelFacts, layer: int) -> int:
    """Return the number of KV heads of a layer."""
    return facts.kv_heads[layer] if layer < len(facts.kv_heads) else facts.kv_heads[-1]


def state_bytes(facts: ModelFacts, parallel: int, engine: Engine) -> int:
    """Return the bytes of the states of all recurrent layers.

    A layer has the last inputs of its convolution and, except in LFM2, a matrix. llama-server keeps one per slot, and
    one more for each token that it drafts (`--spec-draft-n-max`, to take drafts back); Ollama's own engine keeps 24
    earlier ones beside it.
    """
    state = facts.state
    if state is None:
        return 0
    layers = sum(is_recurrent(facts, layer) for layer in range(trunk(facts)))
    convolution = (state.conv_kernel - 1) * (state.inner_size + 2 * state.group_count * state.state_size)
    copies = 1 + (_CHECKPOINTS if engine is Engine.OLLAMA else drafted_tokens(facts, engine))
    return layers * 4 * (convolution + state.state_size * state.inner_size) * copies * parallel


def drafted_tokens(facts: ModelFacts, engine: Engine) -> int:
    """Return how many tokens a model drafts with its own layers: none unless its Modelfile has `draft_num_predict`.

    Source: Ollama v0.33.0 `llm/llama_server.go appendDraftArgs`; the earlier engines do not draft.
    """
    drafts = engine is Engine.LLAMA_SERVER and facts.draft_layers > 0
    return facts.draft_num_predict or 0 if drafts else 0
