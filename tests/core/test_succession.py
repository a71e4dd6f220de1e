"""Whether a successor may start beside the worker whose place it takes, and what it loads."""

import msgspec
import pytest

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.ollama.memory import FIT_MARGIN
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import GIB, MIB
from ollama_panel.core.records import LoadOptions, Role
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.succession import Load, fit, loads_of, on_chosen_cards, total_bytes
from tests.core.scheduling.models import GEMMA_27B, LLAMA_8B

LLAMA, GEMMA = LLAMA_8B.name, GEMMA_27B.name
NOMIC = ModelFacts(ModelName("nomic-embed-text:latest"), size=274 * MIB, capabilities=("embedding",))
CLOUD = ModelFacts(ModelName("big:cloud"), remote=True)
FACTS = {one.name: one for one in (LLAMA_8B, GEMMA_27B, NOMIC, CLOUD)}
POOL = PoolSettings(PoolName("chat"), parallel=2, context_length=4096)


def spec(parallel: int = 2, context: int = 4096, **more: str) -> InstanceSpec:
    environment = {"OLLAMA_NUM_PARALLEL": str(parallel), "OLLAMA_CONTEXT_LENGTH": str(context), **more}
    return InstanceSpec(InstanceId("chat-1"), 1, POOL.name, Role.CHAT, ("ollama",), "127.0.0.1", 11500, environment)


def loads(
    *loaded: ModelName,
    pool: PoolSettings = POOL,
    target: InstanceSpec | None = None,
    inherited: dict[str, str] | None = None,
    gpu: bool = True,
) -> tuple[tuple[Load, ...], int]:
    return loads_of(target or spec(), pool, inherited or {}, loaded, FACTS, gpu=gpu, version="0.32.15")


def names(found: tuple[Load, ...]) -> list[str]:
    return [load.model for load in found]


def test_pinned_models_are_loaded_first_and_each_once() -> None:
    pool = msgspec.structs.replace(POOL, preload=("gemma3:27b", "LLAMA3.1:8b"))
    found, _ = loads(LLAMA, pool=pool)
    assert names(found) == [GEMMA, LLAMA]


def test_the_sizes_are_those_of_the_new_settings() -> None:
    small, large, longer = (
        loads(LLAMA, target=target)[0][0].bytes for target in (spec(), spec(parallel=8), spec(context=16_384))
    )
    assert small is not None
    assert large is not None
    assert longer is not None
    assert large - small >= 3 * GIB, "6 more slots of 4,096 tokens, 128 KiB each"
    assert longer - small >= 3 * GIB


def test_a_variable_that_a_worker_inherits_counts() -> None:
    plain, quantised = (
        loads(LLAMA, target=spec(context=32_768), inherited=own)[0][0].bytes
        for own in ({}, {"OLLAMA_KV_CACHE_TYPE": "q8_0", "OLLAMA_FLASH_ATTENTION": "1"})
    )
    assert plain is not None
    assert quantised is not None
    assert quantised < 0.75 * plain


def test_a_card_keeps_a_margin_and_main_memory_none() -> None:
    assert loads(LLAMA)[1] == FIT_MARGIN
    assert loads(LLAMA, target=spec(LLAMA_ARG_FIT_TARGET="256"))[1] == 256 * MIB
    assert loads(LLAMA, gpu=False)[1] == 0


def test_the_size_of_a_loaded_model_that_the_store_does_not_tell_is_unknown() -> None:
    found, _ = loads(ModelName("gone:7b"))
    assert found == (Load(ModelName("gone:7b"), None),)
    (load,), _ = loads(NOMIC.name)
    assert load.bytes is None, "the numbers of its layers are missing"


def test_a_pinned_model_that_is_not_there_is_left_out() -> None:
    assert loads(pool=msgspec.structs.replace(POOL, preload=("missing:1b",)))[0] == ()


def test_a_model_that_runs_elsewhere_is_not_loaded() -> None:
    assert loads(CLOUD.name)[0] == ()


def test_no_more_models_than_the_server_keeps_are_loaded() -> None:
    found, _ = loads(LLAMA, GEMMA, target=spec(OLLAMA_MAX_LOADED_MODELS="1"))
    assert names(found) == [GEMMA], "the largest one counts"


def test_of_more_pinned_models_than_the_server_keeps_the_first_ones_are_loaded() -> None:
    pool = msgspec.structs.replace(POOL, preload=("llama3.1:8b", "gemma3:27b"))
    found, _ = loads(pool=pool, inherited={"OLLAMA_MAX_LOADED_MODELS": "1"})
    assert names(found) == [LLAMA]


def test_the_batch_size_of_the_pool_is_asked_for() -> None:
    found, _ = loads(LLAMA, NOMIC.name, pool=msgspec.structs.replace(POOL, batch=1024))
    assert [load.options.num_batch for load in found] == [1024, 2048], "an embedding must fit into one batch"
    assert loads(LLAMA)[0][0].options == LoadOptions()


@pytest.mark.parametrize(
    ("sizes", "free", "margin", "fits"),
    [
        ((), 0, 0, True),
        ((), 3, 5, True),
        ((), None, 0, False),
        ((90,), 100, 0, True),
        ((91,), 100, 0, False),
        ((80,), 100, 10, True),
        ((82,), 100, 10, False),
        ((90, 8), 100, 0, True),
        ((90, 9), 100, 0, False),
        ((10, None), 100, 0, False),
        ((10,), None, 0, False),
    ],
)
def test_loads_fit_one_after_the_other_with_what_is_known_for_sure(
    sizes: tuple[int | None, ...], free: int | None, margin: int, fits: bool
) -> None:
    wanted = [Load(ModelName(f"m{number}:1b"), size) for number, size in enumerate(sizes)]
    assert fit(wanted, free, margin) is fits


def test_the_sum_leaves_out_what_is_unknown() -> None:
    assert total_bytes([Load(LLAMA, 3), Load(GEMMA, None), Load(NOMIC.name, 4)]) == 7


def test_a_worker_on_chosen_cards_is_known_by_its_variables() -> None:
    assert not on_chosen_cards(spec(), {"CUDA_VISIBLE_DEVICES": ""})
    assert on_chosen_cards(spec(), {"CUDA_VISIBLE_DEVICES": "1"})
    assert on_chosen_cards(spec(HIP_VISIBLE_DEVICES="0"), {})
