from ollama_panel.core.advice.machines import MachineFacts, described
from ollama_panel.core.advice.plans import (
    Asked,
    Candidate,
    candidates,
    first_fit,
    fits,
    forecast_on,
    settings_of,
    with_prompt_cache,
)
from ollama_panel.core.launch import Inherited
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.records import Role
from ollama_panel.core.snapshot import MemoryKind
from tests.core.advice.golden import LLAMA_3B, LLAMA_8B

CONTEXTS = (16384, 8192, 4096)
CARD = described("32GiB", ["RTX 4070"])


def test_a_smaller_cache_comes_before_a_shorter_context_and_that_before_fewer_answers() -> None:
    first = [(one.parallel, one.context, one.cache) for one in candidates(Asked(1, 2, CONTEXTS))][:6]
    assert first == [
        (2, 16384, "f16"),
        (2, 16384, "q8_0"),
        (2, 8192, "f16"),
        (2, 8192, "q8_0"),
        (1, 16384, "f16"),
        (1, 16384, "q8_0"),
    ]


def test_the_last_are_short_and_never_below_2048() -> None:
    every = list(candidates(Asked(1, 4, CONTEXTS)))
    assert min(one.context for one in every) == 2048
    assert [one.full for one in every] == sorted((one.full for one in every), reverse=True)
    assert len(every) == len(set(every))


def test_several_models_take_turns_before_most_of_the_answers_are_given_up() -> None:
    every = list(candidates(Asked(1, 4, CONTEXTS, models=2)))
    turns = [one.turns for one in every]
    assert turns == sorted(turns)
    assert every[turns.index(True)] == Candidate(1, 4, 16384, "f16", turns=True)


def test_a_spare_worker_costs_nothing_else() -> None:
    first, second, *_ = candidates(Asked(1, 8, CONTEXTS, spare=True))
    assert (first.workers, first.parallel, first.context, first.cache) == (2, 4, 16384, "f16")
    assert (second.workers, second.parallel) == (1, 8)


def test_workers_of_one_slot_are_given_up_one_by_one() -> None:
    ways = dict.fromkeys((one.workers, one.parallel) for one in candidates(Asked(3, 1, CONTEXTS)))
    assert list(ways) == [(3, 1), (2, 1), (1, 1)]


def test_a_choice_becomes_the_settings_of_a_pool() -> None:
    pool = settings_of(CARD, Role.CHAT, [LLAMA_8B, LLAMA_3B], Candidate(1, 2, 8192, "q8_0", turns=True))
    assert (pool.name, pool.models) == ("chat", ("llama3.1:8b", "llama3.2:3b"))
    assert pool.environment == {
        "OLLAMA_KV_CACHE_TYPE": "q8_0",
        "OLLAMA_FLASH_ATTENTION": "1",
        "OLLAMA_MAX_LOADED_MODELS": "1",
    }
    old = settings_of(described("", ["GTX 1060"]), Role.CHAT, [LLAMA_3B], Candidate(1, 1, 8192))
    assert old.environment == {"OLLAMA_FLASH_ATTENTION": "0"}


def test_an_old_card_is_never_given_a_smaller_cache() -> None:
    old = described("", ["GTX 1060"])
    choice = first_fit(old, Role.CHAT, [LLAMA_3B], Asked(1, 4, CONTEXTS))
    assert choice is not None
    assert choice.cache == "f16"


def test_each_card_keeps_its_margin() -> None:
    pool = settings_of(CARD, Role.CHAT, [LLAMA_8B], Candidate(1, 1, 4096))
    needed = forecast_on(CARD, pool, [LLAMA_8B]).total.known
    for cards in (1, 2, 4):
        enough = MachineFacts(MemoryKind.GPU, needed + cards * GIB, needed * 2, cards=cards)
        less = MachineFacts(MemoryKind.GPU, needed + cards * GIB - 1, needed * 2, cards=cards)
        assert fits(enough, forecast_on(enough, pool, [LLAMA_8B]))
        assert not fits(less, forecast_on(less, pool, [LLAMA_8B]))


def test_variables_that_workers_inherit_are_reckoned_with() -> None:
    inherited = Inherited({"OLLAMA_CONTEXT_LENGTH": "131072"})
    machine = MachineFacts(MemoryKind.GPU, 10 * GIB, 12 * GIB, inherited=inherited)
    pool = settings_of(machine, Role.CHAT, [LLAMA_8B], Candidate(1, 1, 4096))
    assert forecast_on(machine, pool, [LLAMA_8B]).models[0].context == 131072


def test_runners_keep_no_more_prompts_than_the_main_memory_holds() -> None:
    pool = settings_of(CARD, Role.CHAT, [LLAMA_8B], Candidate(1, 1, 4096))
    embedding = settings_of(CARD, Role.EMBEDDING, [LLAMA_3B], Candidate(1, 1, 2048))
    small = MachineFacts(MemoryKind.GPU, 10 * GIB, 12 * GIB, 8 * GIB)
    pools, room, each = with_prompt_cache(small, [pool, embedding], 1, 6 * GIB)
    assert (room, each) == (8 * GIB - 2 * GIB - GIB // 2, 5 * GIB + GIB // 2)
    assert pools[0].environment["LLAMA_ARG_CACHE_RAM"] == "5632"
    assert pools[1] == embedding
    assert with_prompt_cache(CARD, [pool], 1, 0) == ((pool,), 28 * GIB, None)
    unknown = MachineFacts(MemoryKind.GPU, 10 * GIB, 12 * GIB)
    assert with_prompt_cache(unknown, [pool], 1, 0) == ((pool,), None, None)
    old = MachineFacts(MemoryKind.GPU, 10 * GIB, 12 * GIB, 8 * GIB, version="0.24.0")
    assert with_prompt_cache(old, [pool], 1, 0) == ((pool,), None, 0)
