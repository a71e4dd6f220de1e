"""The recorded sizes of real servers are compared in test_memory."""

import msgspec
import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.kvcache import cache_bytes, is_sliding
from ollama_panel.core.ollama.models import ModelFacts, StateSpace
from ollama_panel.core.ollama.sizes import MIB

MINISTRAL = ModelFacts(ModelName("ministral:3b"), layers=26, heads=32, kv_heads=(8,), key_length=128, value_length=128)


def test_the_cache_of_the_reference_model_is_832_mib():
    assert cache_bytes(MINISTRAL, 4096, 2, 512) == 832 * MIB


@pytest.mark.parametrize(("cache_type", "share"), [("q8_0", 1.0625 / 2), ("q4_0", 0.5625 / 2), ("f32", 2), ("f16", 1)])
def test_a_quantised_cache_takes_its_share(cache_type, share):
    assert cache_bytes(MINISTRAL, 4096, 2, 512, cache_type) == share * 832 * MIB


def test_a_sliding_window_keeps_window_and_batch_in_most_layers():
    """gemma3 4b: 34 layers, every sixth sees everything."""
    gemma = ModelFacts(
        ModelName("gemma3:4b"),
        architecture="gemma3",
        layers=34,
        heads=8,
        kv_heads=(4,),
        key_length=256,
        value_length=256,
        sliding_window=1024,
    )
    assert sum(is_sliding(gemma, layer) for layer in range(34)) == 29
    token = 4 * (256 + 256) * 2
    assert cache_bytes(gemma, 32768, 2, 512) == 2 * token * (5 * 32768 + 29 * 1536)
    assert cache_bytes(gemma, 1024, 2, 512) == 2 * token * 34 * 1024


def test_a_pattern_in_the_file_overrides_the_default_of_the_architecture():
    facts = ModelFacts(ModelName("x:1"), architecture="gemma3", sliding_window=1024, sliding_layers=(True, False))
    assert [is_sliding(facts, layer) for layer in range(4)] == [True, False, True, False]


def test_recurrent_layers_keep_a_state_that_does_not_grow():
    hybrid = ModelFacts(
        ModelName("x:1"),
        layers=4,
        heads=8,
        kv_heads=(2,),
        key_length=64,
        value_length=64,
        full_attention_interval=4,
        state=StateSpace(conv_kernel=4, inner_size=1024, state_size=16, group_count=1),
    )
    state = 4 * (3 * (1024 + 2 * 16) + 16 * 1024)
    attention = 2 * (64 + 64) * 2
    assert cache_bytes(hybrid, 4096, 1, 512) == 3 * state + attention * 4096
    assert cache_bytes(hybrid, 8192, 1, 512) == 3 * state + attention * 8192


def test_per_layer_heads_are_added_up_and_shared_layers_left_out():
    facts = ModelFacts(ModelName("x:1"), layers=3, heads=8, kv_heads=(1, 2, 4), key_length=64, value_length=64)
    assert cache_bytes(facts, 256, 1, 512) == (1 + 2 + 4) * 128 * 2 * 256
    shared = msgspec.structs.replace(facts, shared_kv_layers=1)
    assert cache_bytes(shared, 256, 1, 512) == (1 + 2) * 128 * 2 * 256


def test_missing_facts_give_an_unknown_size_and_encoders_need_no_cache():
    assert cache_bytes(ModelFacts(ModelName("x:1")), 4096, 1, 512) is None
    assert cache_bytes(ModelFacts(ModelName("x:1"), layers=2, kv_heads=(2,)), 4096, 1, 512) is None
    assert cache_bytes(ModelFacts(ModelName("x:1"), architecture="nomic-bert"), 4096, 1, 512) == 0


def test_a_compressed_cache_keeps_no_values():
    """deepseek2: one KV head of 512 compressed numbers and 64 of position."""
    facts = ModelFacts(
        ModelName("x:1"), layers=1, heads=16, kv_heads=(1,), key_length=576, value_length=512, kv_lora_rank=512
    )
    assert cache_bytes(facts, 256, 1, 512) == 576 * 2 * 256


def test_the_context_is_rounded_up_to_256_cells():
    assert cache_bytes(MINISTRAL, 4000, 1, 512) == cache_bytes(MINISTRAL, 4096, 1, 512)


HYBRID = ModelFacts(
    ModelName("hybrid:1"),
    layers=4,
    heads=8,
    kv_heads=(2,),
    key_length=64,
    value_length=64,
    full_attention_interval=4,
    state=StateSpace(conv_kernel=4, inner_size=1024, state_size=16, group_count=1),
)
SLIDING = ModelFacts(
    ModelName("sliding:1"),
    architecture="gemma3",
    layers=7,
    heads=8,
    kv_heads=(4,),
    key_length=256,
    value_length=256,
    sliding_window=1024,
    shared_kv_layers=1,
)
COMPRESSED = ModelFacts(ModelName("compressed:1"), layers=3, heads=16, kv_heads=(1,), key_length=576, kv_lora_rank=512)


@pytest.mark.parametrize("facts", [MINISTRAL, HYBRID, SLIDING, COMPRESSED], ids=lambda facts: facts.name)
@pytest.mark.parametrize("slots", [2, 3, 8])
@pytest.mark.parametrize("cache_type", ["f16", "q8_0"])
def test_every_kind_of_layer_takes_its_bytes_once_for_each_slot(facts, slots, cache_type):
    one = cache_bytes(msgspec.structs.replace(facts, value_length=64), 4096, 1, 512, cache_type)
    several = cache_bytes(msgspec.structs.replace(facts, value_length=64), 4096, slots, 512, cache_type)
    assert one
    assert several == slots * one


def test_a_bigger_batch_takes_more_only_in_sliding_layers():
    """Six layers (the seventh is shared), of which five see a window."""
    numbers = 4 * (256 + 256) * 2
    assert cache_bytes(SLIDING, 32768, 3, 2048) - cache_bytes(SLIDING, 32768, 3, 512) == 3 * 5 * numbers * 1536
    assert cache_bytes(HYBRID, 32768, 3, 2048) == cache_bytes(HYBRID, 32768, 3, 512)


def test_the_state_of_a_recurrent_layer_is_not_quantised():
    halves = cache_bytes(HYBRID, 4096, 2, 512) - cache_bytes(HYBRID, 4096, 2, 512, "q8_0")
    assert halves == 2 * 2 * (64 + 64) * 4096 * (64 - 34) // 32
