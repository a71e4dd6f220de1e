"""What a spilled model costs and what would fit, with the arithmetic."""

import pytest

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.notices import ChangePools
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.memory import FIT_MARGIN, RunnerConfig, model_parts
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import Runner
from ollama_panel.core.ollama.serverlog_facts import BufferKind, MemoryProjected
from ollama_panel.core.ollama.sizes import GIB, MIB
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.spill_advice import (
    Fit,
    advice,
    offers,
    share_outside,
    slower,
    target_of,
    what_fits,
    what_fits_together,
)

CHAT = PoolName("chat")
POOL = PoolSettings(CHAT, parallel=2, context_length=32_768)
LLAMA = ModelFacts(
    ModelName("llama3.1:8b"),
    size=4_900_000_000,
    host_size=300_000_000,
    architecture="llama",
    family="llama",
    layers=32,
    embedding_length=4096,
    feed_forward=14_336,
    heads=32,
    kv_heads=(8,),
    vocabulary=128_256,
    context_trained=131_072,
    capabilities=("completion",),
)
CONFIG = RunnerConfig.of(POOL)


def needed(config: RunnerConfig, context: int) -> int:
    total = model_parts(LLAMA, config, context).total
    assert total is not None
    return total + FIT_MARGIN


def test_it_names_the_longest_context_and_the_smaller_cache_with_which_a_model_fits() -> None:
    """The cache of a token: 32 layers x 8 heads x (128 + 128) numbers x 2 bytes = 128 KiB; of 2 x 32,768: 8 GiB."""
    assert model_parts(LLAMA, CONFIG, 32_768).kv == 2 * 32_768 * 32 * 8 * 256 * 2 == 8 * GIB
    budget = 12 * GIB
    fit = what_fits(LLAMA, CONFIG, 32_768, budget)
    assert fit.context is not None
    assert needed(CONFIG, fit.context) <= budget < needed(CONFIG, fit.context + 1024)
    assert fit.cache_type == "q8_0"
    assert fit.parallel == 1
    assert render(advice(fit)) == (f"It fits with a context of {fit.context:,} tokens, or with its KV cache as q8_0.")
    assert offers(POOL, fit) == (
        ChangePools((CHAT,), context_length=fit.context),
        ChangePools((CHAT,), environment=(("OLLAMA_KV_CACHE_TYPE", "q8_0"),)),
    )
    assert offers(None, fit) == (), "the panel does not change another's server"


def test_without_a_card_nothing_needs_to_stay_free() -> None:
    config = RunnerConfig.of(POOL, gpu=False)
    exactly = model_parts(LLAMA, config, 32_768).total
    assert exactly is not None
    assert what_fits(LLAMA, config, 32_768, exactly) == Fit(), "it fits as it is"
    assert what_fits(LLAMA, config, 32_768, exactly - 1).known


def test_where_nothing_is_small_enough_it_says_so() -> None:
    fit = what_fits(LLAMA, CONFIG, 32_768, 5 * GIB)
    assert fit == Fit(known=True)
    assert render(advice(fit)).startswith("Neither a shorter context nor a smaller KV cache is enough")
    assert offers(POOL, fit) == ()


@pytest.mark.parametrize("facts", [None, ModelFacts(ModelName("x:1"), size=GIB)])
def test_without_facts_or_a_budget_it_names_no_numbers(facts: ModelFacts | None) -> None:
    assert what_fits(facts, CONFIG, 4096, 8 * GIB) == what_fits(LLAMA, CONFIG, 4096, None) == Fit()
    assert render(advice(Fit())).startswith("Use a shorter context, fewer slots")


def test_a_quantised_cache_is_offered_with_the_flash_attention_that_it_needs() -> None:
    off = PoolSettings(CHAT, environment={"OLLAMA_FLASH_ATTENTION": "0"})
    (offer,) = offers(off, Fit(known=True, cache_type="q8_0"))
    assert offer.environment == (("OLLAMA_KV_CACHE_TYPE", "q8_0"), ("OLLAMA_FLASH_ATTENTION", "1"))  # type: ignore[union-attr] # it changes pools


def test_a_model_that_would_have_fitted_but_for_the_free_memory_target_gets_a_lower_one() -> None:
    projected = MemoryProjected(2882 * MIB, 3365 * MIB)
    assert target_of(projected) == 448, "3365 - 2882 = 483 MiB are left, in steps of 64"
    assert offers(POOL, Fit(), projected) == (ChangePools((CHAT,), environment=(("LLAMA_ARG_FIT_TARGET", "448"),)),)
    assert "It needs 2.8 GiB, and 3.3 GiB were free" in render(advice(Fit(), projected))


@pytest.mark.parametrize(("needed", "free"), [(3000, 3100), (3000, 2000), (3000, 4100)])
def test_no_target_is_offered_that_leaves_the_driver_nothing_or_changes_nothing(needed: int, free: int) -> None:
    assert target_of(MemoryProjected(needed * MIB, free * MIB)) is None


def test_the_share_outside_is_that_of_the_bytes_where_the_log_tells_them() -> None:
    weights, cache = 4_600_000_000, 1_000_000_000
    own = {
        BufferKind.WEIGHTS: {"CUDA0": weights // 2, "CPU_Mapped": weights},
        BufferKind.CACHE: {"CUDA0": cache // 2, "CPU": cache // 2},
    }
    assert share_outside(Runner("/a", own=own), LLAMA, 21, 33) == pytest.approx(0.5)
    assert share_outside(Runner("/a"), LLAMA, 21, 33) == share_outside(None, None, 21, 33) == pytest.approx(12 / 33)


def test_how_much_slower_is_told_in_round_numbers_and_not_of_shared_memory() -> None:
    assert slower(12 / 33, "NVIDIA GeForce RTX 3080 Ti", unified=False) == 7
    assert slower(2 / 33, "Tesla T4", unified=False) == 1.3
    assert slower(0.01, "Tesla T4", unified=False) is None
    assert slower(12 / 33, "Apple M2", unified=True) is slower(0.4, "", unified=False) is None


def test_models_that_contend_fit_together_with_smaller_caches() -> None:
    other = ModelFacts(**{name: getattr(LLAMA, name) for name in LLAMA.__struct_fields__} | {"name": ModelName("b:1")})
    both = 2 * needed(CONFIG, 32_768)
    fit = what_fits_together([LLAMA, other], CONFIG, both - 2 * GIB)
    assert (fit.known, fit.cache_type, fit.context) == (True, "q8_0", 16_384)
    assert what_fits_together([LLAMA, other], CONFIG, both) == Fit()
    assert what_fits_together([LLAMA], CONFIG, both) == Fit()
