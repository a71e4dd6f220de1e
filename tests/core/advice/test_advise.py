"""The advice as a whole: golden files, the arithmetic of three cases by hand, and what holds for every machine."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.advice.advise import advise
from ollama_panel.core.advice.machines import MachineFacts, described
from ollama_panel.core.advice.plans import margin_of
from ollama_panel.core.advice.result import Advice
from ollama_panel.core.advice.speed import Measurement
from ollama_panel.core.advice.typical import CHAT_MODELS, CODE_MODELS, EMBEDDING_MODEL
from ollama_panel.core.advice.uses import Scale, Use
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.memory import forecast
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import GIB, MIB
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import MemoryKind
from tests.core.advice.golden import FOLDER, GEMMA_12B, GPT_OSS, LLAMA_8B, LLAMA_70B, LLAMA_F16, MACHINES, QWEN35, text

EVERY = (*CHAT_MODELS, *CODE_MODELS, EMBEDDING_MODEL, GPT_OSS, GEMMA_12B, LLAMA_F16, QWEN35)
BY_NAME = {one.name: one for one in EVERY}


def told(advice: Advice) -> str:
    lines = (*advice.lines, *advice.ways, *(line for pool in advice.pools for line in pool.lines))
    return "\n".join(map(render, lines))


@pytest.mark.parametrize("name", MACHINES)
def test_the_advice_is_what_people_have_judged(name: str) -> None:
    """After a wanted change: `python -m tests.core.advice.golden`, and read what has changed."""
    assert text(MACHINES[name]) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_the_arithmetic_of_a_chat_on_a_card_by_hand() -> None:
    """8B on an RTX 4070 for 8 people: a quarter waits at once, and 32 layers x 8 heads x 256 numbers x 2 bytes each."""
    advice = advise(described("32GiB", ["RTX 4070 12GiB"]), [LLAMA_8B], Use.CHAT, 8)
    (pool,) = advice.pools
    assert (pool.settings.workers, pool.settings.parallel, pool.settings.context_length) == (1, 2, 16_384)
    token = 32 * 8 * (128 + 128) * 2
    assert token == 128 * 1024
    weights, cache = 4_920_000_000, 2 * 16_384 * token
    # A batch of 1,024, because the contexts have 32,768 together: 4 bytes x (4 x width + 3 x feed-forward), mask.
    compute = 1024 * (4 * (4 * 4096 + 3 * 14_336) + 2 * 16_384)
    assert pool.needed == weights + cache + compute + 457 * MIB
    assert advice.margin == GIB
    assert advice.machine.budget == int(12 * GIB * 0.98) - GIB // 2
    # 70 % of 504 GB/s; read are the weights and the cache of 300 + 125 tokens, padded to 512.
    assert pool.speed is not None
    assert pool.speed.alone is not None
    share = 151.0 * 4.66 / 1008
    assert share == pytest.approx(0.7, abs=0.01)
    assert pool.speed.alone == pytest.approx(0.7 * 504e9 / (weights + 512 * token))
    assert pool.speed.together == pytest.approx(pool.speed.alone * 1.84)
    assert pool.speed.requests == pytest.approx(pool.speed.alone * 1.84 / 250)
    assert "weights 4.6 GiB + 2 x 16,384 tokens x 128 KiB = 4.0 GiB + compute 264 MiB + runner 457 MiB = 9.3 GiB" in (
        told(advice)
    )
    assert "In all 9.3 GiB + 1.0 GiB that llama.cpp leaves free = 10.3 GiB of 11.3 GiB." in told(advice)


def test_the_arithmetic_of_rag_on_a_mac_by_hand() -> None:
    """16 GB of an M4: macOS lends 74 %; an 8B model and the embedding model beside it, one at a time for the pace."""
    advice = advise(described("16GiB", ["M4"]), [LLAMA_8B, EMBEDDING_MODEL], Use.RAG, 6)
    chat, embedding = advice.pools
    assert advice.machine.budget == int(16 * GIB * 0.74)
    compute = 1024 * (4 * (4 * 4096 + 3 * 14_336) + 2 * 16_384)
    assert chat.needed == 4_920_000_000 + 16_384 * 128 * 1024 + compute + 457 * MIB
    # An encoder has no cache: a batch of 2,048 tokens x (4 x (3 x width + feed-forward) + 2 x 2,048).
    one = 274_000_000 + 2048 * (4 * (3 * 768 + 3072) + 2 * 2048) + 457 * MIB
    assert (embedding.settings.workers, embedding.needed) == (2, 2 * one)
    # What is left for earlier prompts: 16 GiB - (2 GiB + a sixteenth) - the models, in steps of 256 MiB.
    room = 16 * GIB - (2 * GIB + GIB) - advice.needed
    assert chat.settings.environment["LLAMA_ARG_CACHE_RAM"] == str(room // (256 * MIB) * 256)
    assert "LLAMA_ARG_CACHE_RAM" not in embedding.settings.environment
    # 24.11 tokens/s x 3.82 GB of 120 GB/s: two at once would have half of that each, less than 10.
    assert chat.speed is not None
    assert chat.speed.alone is not None
    assert chat.speed.alone == pytest.approx(24.11 * 3.82e9 / (4_920_000_000 + 3328 * 128 * 1024), rel=0.02)
    assert 10 < chat.speed.alone < 20
    assert chat.settings.parallel == 1
    # A prompt: 221.3 tokens/s with 6.74 billion parameters, so 221.3 x 6.74 / 8.03 with 8.03.
    assert chat.speed.prompt_s == pytest.approx(3000 / (221.3 * 6.74 / 8.03))


def test_the_arithmetic_of_batch_work_on_a_cpu_by_hand() -> None:
    """16 GB, 8 cores: the F16 file of 16.1 GB does not fit, and Q8_0 takes 8.5008 / 16.0005 of it."""
    machine = described("16GiB", [], 8)
    assert machine.budget == 16 * GIB - 2 * GIB - GIB
    advice = advise(machine, [LLAMA_F16], Use.BATCH)
    assert advice.pools == ()
    (quantisation, _) = advice.ways
    assert quantisation.values["size"] == int(16_100_000_000 * 8.5008 / 16.0005) == 8_553_662_698
    assert quantisation.values["saved"] == 16_100_000_000 - 8_553_662_698
    small = advise(machine, [msgspec.structs.replace(LLAMA_8B, quantization="Q4_K_M")], Use.BATCH)
    (pool,) = small.pools
    # On 2 cores four answers at once made 1.64 times as many tokens as one, and two made fewer.
    assert (pool.settings.parallel, pool.settings.context_length) == (4, 8192)
    assert pool.speed is not None
    assert pool.speed.gain == 1.64
    assert pool.needed == 4_920_000_000 + 4 * 8192 * 128 * 1024 + 1024 * (4 * (4 * 4096 + 3 * 14336) + 2 * 8192) + (
        64 * MIB
    )


NAMES = ("RTX 4090", "RTX 4070", "GTX 1060", "M2", "M4 Max", "M2 Ultra", "A100", "RX 7900 XTX", "unknown card", "")
MODELS = st.lists(st.sampled_from(EVERY), unique=True, max_size=4)
USES, PEOPLE = st.sampled_from(Use), st.integers(1, 200)
KINDS = st.sampled_from(MemoryKind)


def machine_of(kind: MemoryKind, name: str, mib: int, cards: int, main: int | None) -> MachineFacts:
    total = mib * MIB
    budget = int(total * 0.8)
    main_bytes = main * GIB if kind is MemoryKind.GPU and main else None if kind is MemoryKind.GPU else total
    return MachineFacts(kind, budget, total, main_bytes, name, cards if kind is MemoryKind.GPU else 1, 8)


MACHINE = st.builds(
    machine_of,
    KINDS,
    st.sampled_from(NAMES),
    st.integers(512, 200_000),
    st.integers(1, 4),
    st.none() | st.integers(4, 256),
)


@given(MACHINE, MODELS, USES, PEOPLE, st.booleans())
def test_it_never_needs_more_than_the_forecast_allows(
    machine: MachineFacts, models: list[ModelFacts], use: Use, people: int, all_named: bool
) -> None:
    named = [one.name for one in models] if all_named else ()
    advice = advise(machine, models, use, people, named)
    assert machine.budget is not None
    needed = caches = 0
    for pool in advice.pools:
        own = [BY_NAME.get(ModelName(name)) for name in pool.settings.models]
        found = forecast(pool.settings, [one for one in own if one is not None], gpu=machine.gpu)
        needed += found.total.known
        caches += found.total.prompt_cache
        assert msgspec.convert(msgspec.to_builtins(pool.settings), type(pool.settings)) == pool.settings
    if advice.pools:
        assert needed <= advice.needed
        assert advice.needed + margin_of(machine) <= machine.budget
        if machine.main is not None:
            taken = 0 if machine.kind is MemoryKind.GPU else needed
            assert caches + taken <= machine.main
    assert told(advice)


@given(MACHINE, MODELS, USES, PEOPLE)
def test_it_is_the_same_each_time_and_sane(
    machine: MachineFacts, models: list[ModelFacts], use: Use, people: int
) -> None:
    advice = advise(machine, models, use, people)
    assert advice == advise(machine, list(reversed(models)), use, people)
    for pool in advice.pools:
        assert 1 <= pool.settings.workers <= 8
        assert 1 <= pool.settings.parallel <= 16
        assert pool.settings.context_length >= 2048
        assert pool.settings.models
    assert sum(pool.settings.workers for pool in advice.pools) <= (3 if machine.total <= 8 * GIB else 8)


def as_good(before: PoolSettings, after: PoolSettings) -> bool:
    """Return whether settings for more memory are as good: a larger model, or neither context nor answers are lost."""
    (old,), (new,) = before.models, after.models
    if old != new:
        return BY_NAME[ModelName(new)].size > BY_NAME[ModelName(old)].size
    slots, more = before.workers * before.parallel, after.workers * after.parallel
    longer, shorter = after.context_length > before.context_length, after.context_length < before.context_length
    return (more >= slots or longer) and (not shorter or more > slots)


@given(MACHINE, MODELS, USES, PEOPLE, st.integers(1, 64_000), st.booleans())
def test_more_memory_never_gives_worse_advice(
    machine: MachineFacts, models: list[ModelFacts], use: Use, people: int, more: int, named: bool
) -> None:
    budget, total = (machine.budget or 0) + more * MIB, machine.total + more * MIB
    larger = msgspec.structs.replace(machine, budget=budget, total=total)
    names = [one.name for one in models[:1]] if named else []
    less, then = (advise(one, models, use, people, names) for one in (machine, larger))
    assert len(then.pools) >= len(less.pools)
    if less.pools:
        assert as_good(less.pools[0].settings, then.pools[0].settings)


def test_one_person_needs_nothing_of_the_panel() -> None:
    advice = advise(described("32GiB", ["RTX 4070"]), [LLAMA_8B], Use.CHAT, 1)
    assert advice.scale is Scale.ONE
    assert "Ollama as it is will do" in told(advice)
    assert (advice.pools[0].settings.workers, advice.pools[0].settings.parallel) == (1, 1)


def test_a_product_gets_a_second_worker_where_it_is_quick_enough() -> None:
    (pool,) = advise(MACHINES["a100-80gb"], [LLAMA_8B], Use.CHAT, 40).pools
    assert (pool.settings.workers, pool.settings.parallel) == (2, 5)
    (pool,) = advise(MACHINES["mac-m4-16gb"], [LLAMA_8B], Use.CHAT, 40).pools
    assert (pool.settings.workers, pool.settings.parallel) == (1, 1)


def test_what_was_measured_here_counts_more_than_the_table() -> None:
    machine = described("32GiB", ["RTX 4070"])
    quick = advise(machine, [LLAMA_8B], Use.CHAT, 8, here={LLAMA_8B.name: Measurement(12, 51.0)})
    assert quick.pools[0].speed is not None
    assert quick.pools[0].speed.alone == 51
    assert "51 tokens/s, measured here in 12 answers; by the table about 71." in told(quick)
    slow = advise(machine, [LLAMA_8B], Use.CHAT, 8, here={LLAMA_8B.name: Measurement(12, 9.0)})
    assert slow.pools[0].settings.parallel == 1


def test_an_unknown_card_has_no_speed_but_an_advice() -> None:
    machine = MachineFacts(MemoryKind.GPU, 20 * GIB, 24 * GIB, name="Arc B60")
    advice = advise(machine, [LLAMA_8B], Use.CHAT, 8)
    assert advice.pools[0].speed is not None
    assert advice.pools[0].speed.alone is None
    assert "How fast it is, is not known" in told(advice)
    assert "another 8 GiB of main memory for each loaded model" in told(advice)


def test_nothing_is_advised_before_the_memory_is_known() -> None:
    advice = advise(MachineFacts(MemoryKind.GPU, None, 0), [LLAMA_8B], Use.CHAT, 8)
    assert advice.pools == ()
    assert "not known yet" in told(advice)


def test_without_models_typical_ones_are_reckoned_with_and_it_says_so() -> None:
    advice = advise(described("", ["RTX 4090"]), [], Use.RAG, 4)
    assert [pool.settings.role for pool in advice.pools] == [Role.CHAT, Role.EMBEDDING]
    assert "No model is known here: these are typical ones." in told(advice)
    assert "RAG needs an embedding model: nomic-embed-text" in told(advice)


def test_a_model_that_nobody_has_is_left_out_and_a_typical_one_need_not_be_installed() -> None:
    advice = advise(described("", ["RTX 4090"]), [], Use.CHAT, 1, ["llama3.1:8b", "what:1b"])
    assert advice.pools[0].settings.models == ("llama3.1:8b",)
    assert "what:1b is not known here" in told(advice)


def test_an_embedding_model_alone_is_no_model_to_chat_with() -> None:
    advice = advise(MACHINES["rtx-4090-24gb"], [EMBEDDING_MODEL], Use.CHAT, 1, [EMBEDDING_MODEL.name])
    assert advice.pools[0].settings.models == ("qwen2.5:32b",)
    assert "these are typical ones" in told(advice)


def test_a_model_too_large_for_everything_gets_what_would_fit() -> None:
    advice = advise(described("16GiB", []), [LLAMA_70B], Use.CHAT, 1)
    assert advice.pools == ()
    assert "No room for llama3.3:70b" in told(advice)
    assert "This would fit: qwen2.5:14b" in told(advice)
    tiny = MachineFacts(MemoryKind.SYSTEM, GIB // 2, GIB, GIB)
    assert told(advise(tiny, [LLAMA_70B], Use.CHAT, 1)).endswith("No model is small enough for this machine.")


def test_models_in_the_cloud_take_no_memory_and_are_not_chosen() -> None:
    cloud = msgspec.structs.replace(LLAMA_70B, name=ModelName("big:cloud"), remote=True)
    (pool,) = advise(described("", ["RTX 4090"]), [cloud, LLAMA_8B], Use.CHAT, 1).pools
    assert pool.settings.models == ("llama3.1:8b",)


def test_coding_agents_get_a_model_for_code_if_there_is_one() -> None:
    coder = CODE_MODELS[2]
    (pool,) = advise(described("", ["RTX 4090"]), [LLAMA_8B, coder], Use.AGENT, 1).pools
    assert (pool.settings.role, pool.settings.models) == (Role.CODE, (coder.name,))


def test_a_family_that_runs_singly_gets_workers_and_an_older_ollama_slots() -> None:
    machine = MACHINES["a100-80gb"]
    (pool, _) = advise(machine, [QWEN35], Use.RAG, 12).pools
    assert (pool.settings.workers, pool.settings.parallel) == (3, 1)
    old = msgspec.structs.replace(machine, version="0.17.1")
    (pool, _) = advise(old, [QWEN35], Use.RAG, 12).pools
    assert pool.settings.parallel == 3
    assert "LLAMA_ARG_CACHE_RAM" not in pool.settings.environment


def test_the_context_of_a_models_own_file_is_that_of_the_plan_and_of_its_arithmetic() -> None:
    own = msgspec.structs.replace(LLAMA_8B, num_ctx=2048, context_trained=8192)
    advice = advise(described("32GiB", ["RTX 4070 12GiB"]), [own], Use.CHAT, 1)
    (pool,) = advice.pools
    assert pool.settings.context_length == 2048
    said = told(advice)
    assert "x 2,048 tokens x" in said
    assert "llama3.1:8b has a context of 2,048 tokens in its own file (num_ctx), which goes before the pool's" in said
    assert "trained for" not in said
    assert "OLLAMA_CONTEXT_LENGTH" not in said
    assert "does not fit" not in said


def test_beside_a_model_without_a_context_of_its_own_the_pools_counts() -> None:
    own = msgspec.structs.replace(LLAMA_8B, num_ctx=2048)
    other = msgspec.structs.replace(LLAMA_8B, name=ModelName("other:8b"), digest="other")
    advice = advise(described("64GiB", ["RTX 4090 24GiB"]), [own, other], Use.CHAT, 8, (own.name, other.name))
    assert advice.pools[0].settings.context_length > 2048
    assert "llama3.1:8b has a context of 2,048 tokens in its own file" in told(advice)
    assert "other:8b has a context" not in told(advice)


def test_people_are_told_how_many_of_them_a_machine_is_enough_for() -> None:
    lines = told(advise(MACHINES["rtx-4070-12gb"], [LLAMA_8B], Use.CHAT, 200))
    assert "Of the 50 answers that people want at once it writes 8: enough for about 32 people." in lines
    assert "that people want" not in told(advise(MACHINES["rtx-4070-12gb"], [LLAMA_8B], Use.CHAT, 32))


def test_workers_with_a_card_each_do_not_share_its_speed() -> None:
    two = MACHINES["two-rtx-4090-48gb"]
    assert "2 workers on 2 cards are faster" in told(advise(two, [LLAMA_8B], Use.CHAT, 6))
    assert "2 workers on 2 cards" not in told(advise(two, [LLAMA_8B], Use.CHAT, 1)), "one person needs one worker"
    assert "2 workers on 2 cards" not in told(advise(two, [LLAMA_70B], Use.CHAT, 6)), "it needs both cards"
    assert "With a card each they are faster" in told(advise(two, [LLAMA_8B], Use.CHAT, 30))
    assert "They share the machine" in told(advise(MACHINES["a100-80gb"], [LLAMA_8B], Use.CHAT, 30))


def test_if_nothing_fits_it_is_not_said_that_ollama_as_it_is_will_do() -> None:
    assert "will do" not in told(advise(described("1GiB", []), [LLAMA_8B], Use.CHAT))
