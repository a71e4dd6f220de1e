"""Measured with llama.cpp of October 2026 on a CPU: models of random weights, a few layers each."""

import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.compute import asked_batch, batch_size, compute_bytes
from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.kvcache import cache_bytes
from ollama_panel.core.ollama.models import ModelFacts, StateSpace
from ollama_panel.core.ollama.sizes import MIB

WINDOWS = ModelFacts(
    ModelName("windows:1"),
    architecture="gemma2",
    layers=4,
    embedding_length=512,
    feed_forward=1408,
    heads=8,
    kv_heads=(2,),
    key_length=64,
    value_length=64,
    sliding_window=512,
)
EXPERTS = ModelFacts(
    ModelName("experts:1"),
    architecture="gpt-oss",
    layers=4,
    embedding_length=512,
    feed_forward=1408,
    expert_feed_forward=1024,
    experts_used=4,
    heads=8,
    kv_heads=(2,),
    key_length=64,
    value_length=64,
    sliding_window=128,
)
CONVOLUTIONS = ModelFacts(
    ModelName("convolutions:1"),
    architecture="lfm2",
    layers=4,
    embedding_length=512,
    feed_forward=1408,
    heads=8,
    kv_heads=(0, 2, 0, 2),
    state=StateSpace(3, 512, 0, 0),
)
HYBRID = ModelFacts(
    ModelName("hybrid:1"),
    architecture="qwen35",
    layers=4,
    embedding_length=512,
    feed_forward=1408,
    heads=8,
    kv_heads=(2,),
    key_length=128,
    value_length=128,
    full_attention_interval=4,
    state=StateSpace(4, 1024, 128, 4),
)
COMPRESSED = ModelFacts(
    ModelName("compressed:1"),
    architecture="deepseek2",
    layers=3,
    embedding_length=512,
    feed_forward=1408,
    heads=8,
    kv_heads=(1,),
    key_length=160,
    value_length=128,
    kv_lora_rank=128,
    key_rope_length=32,
)


@pytest.mark.parametrize(
    ("facts", "short", "long"),
    [
        (WINDOWS, (5.0, 18.28), (19.0, 45.55)),
        (EXPERTS, (4.75, 33.78), (18.5, 76.55)),
        (CONVOLUTIONS, (4.01, 17.27), (16.02, 42.54)),
        (HYBRID, (5.57, 17.52), (19.14, 43.05)),
        (COMPRESSED, (3.75, 17.26), (15.0, 42.53)),
    ],
    ids=lambda value: value.name if isinstance(value, ModelFacts) else "",
)
def test_caches_are_those_of_llama_cpp_and_compute_buffers_nearly(
    facts: ModelFacts, short: tuple[float, float], long: tuple[float, float]
) -> None:
    for context, slots, batch, (cache, compute) in ((4096, 1, 512, short), (8192, 2, 1024, long)):
        assert cache_bytes(facts, context, slots, batch) == pytest.approx(cache * MIB, rel=0.002)
        assert compute_bytes(facts, context, slots, batch, flash=True) == pytest.approx(compute * MIB, rel=0.12)


@pytest.mark.parametrize(
    ("facts", "mib"), [(WINDOWS, 81.02), (EXPERTS, 80.52), (CONVOLUTIONS, 78.51), (HYBRID, 84.02), (COMPRESSED, 83.01)]
)
def test_without_flash_attention_the_scores_decide(facts: ModelFacts, mib: float) -> None:
    assert compute_bytes(facts, 4096, 1, 512, flash=False) == pytest.approx(mib * MIB, rel=0.09)


@pytest.mark.parametrize(
    ("context", "slots", "engine", "embedding", "batch"),
    [
        (4096, 1, Engine.LLAMA_SERVER, False, 512),
        (4096, 2, Engine.LLAMA_SERVER, False, 1024),
        (32_768, 1, Engine.LLAMA_SERVER, False, 1024),
        (32_769, 1, Engine.LLAMA_SERVER, False, 2048),
        (8192, 1, Engine.LLAMA_SERVER, True, 2048),
        (512, 1, Engine.LLAMA_SERVER, True, 512),
        (65_536, 1, Engine.OLLAMA, False, 512),
        (256, 1, Engine.LLAMA_RUNNER, False, 256),
    ],
)
def test_a_batch_is_as_large_as_ollama_makes_it(
    context: int, slots: int, engine: Engine, embedding: bool, batch: int
) -> None:
    assert batch_size(WINDOWS, context, slots, engine, embedding=embedding) == batch


@pytest.mark.parametrize(
    ("asked", "context", "slots", "engine", "embedding", "batch"),
    [
        (192, 4096, 1, Engine.LLAMA_SERVER, False, 192),
        (4096, 1024, 2, Engine.LLAMA_SERVER, False, 2048),
        (4096, 1024, 2, Engine.OLLAMA, False, 1024),
        (256, 1024, 1, Engine.LLAMA_SERVER, True, 1024),
        (0, 4096, 1, Engine.LLAMA_SERVER, False, 512),
    ],
)
def test_a_batch_is_as_large_as_asked_within_the_context(
    asked: int, context: int, slots: int, engine: Engine, embedding: bool, batch: int
) -> None:
    assert batch_size(WINDOWS, context, slots, engine, embedding=embedding, asked=asked) == batch


@pytest.mark.parametrize(
    ("asked", "context", "embedding", "put"),
    [(0, 4096, True, None), (256, 4096, False, 256), (256, 4096, True, 2048), (256, None, True, 2048)],
)
def test_an_embedding_model_is_asked_for_no_smaller_batch_than_its_input_may_need(
    asked: int, context: int | None, embedding: bool, put: int | None
) -> None:
    assert asked_batch(asked, context, embedding=embedding) == put


def test_what_is_not_known_of_a_model_is_unknown() -> None:
    assert compute_bytes(ModelFacts(ModelName("x:1")), 4096, 1, 512, flash=True) is None


@pytest.mark.parametrize(
    ("width", "feed_forward", "context", "mib"),
    [
        (256, 688, 1024, 7.54),
        (256, 688, 2048, 9.36),
        (256, 688, 8192, 26.01),
        (1024, 2816, 1024, 23.51),
        (1024, 2816, 2048, 24.51),
        (1024, 2816, 8192, 37.51),
    ],
)
def test_the_runner_of_ollama_0_24_makes_its_mask_twice(width, feed_forward, context, mib):
    """Measured with Ollama 0.24.0 on a CPU, llama models of random weights."""
    facts = ModelFacts(
        ModelName("llama:1"), architecture="llama", embedding_length=width, feed_forward=feed_forward, vocabulary=2308
    )
    found = compute_bytes(facts, context, 1, 512, Engine.LLAMA_RUNNER, flash=True)
    assert found == pytest.approx(mib * MIB, rel=0.05)
