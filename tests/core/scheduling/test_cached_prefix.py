import pytest

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.scheduling.cached_prefix import CachedPrefix, Conversation, SlotCache
from tests.core.scheduling.script import job

SYSTEM = 600


def prompt(*turns: int, tokens: int):
    return job("one", turns=turns, prompt_tokens=tokens, opening_tokens=SYSTEM)


@pytest.fixture
def cache() -> SlotCache:
    return SlotCache(InstanceId("chat-1"))


def prefix(cache: SlotCache, tokens: int, first: int = 1) -> CachedPrefix:
    return CachedPrefix(Conversation(cache), cache, first, SYSTEM, tokens, 0)


def test_a_conversation_finds_itself_in_its_slot(cache):
    own = prefix(cache, 3000)
    cache.lookup(prompt(1, 5, tokens=2900), None, (), 1)
    cache.store(0, own)
    assert cache.lookup(prompt(1, 5, 6, 7, tokens=3200), own, (), 1) == (0, 3000)


def test_a_conversation_after_a_long_one_is_fetched_from_the_host_cache(cache):
    own, other = prefix(cache, 3000), prefix(cache, 2000)
    cache.lookup(prompt(1, tokens=700), None, (), 1)
    cache.store(0, other)
    assert cache.lookup(prompt(1, 5, 6, tokens=3200), own, (), 1) == (0, 3000)


def test_a_long_conversation_after_an_evictable_one_finds_only_the_system_prompt(cache):
    own, evictable = prefix(cache, 3000), prefix(cache, 1000)
    cache.lookup(prompt(1, tokens=700), None, (), 1)
    cache.store(0, evictable)
    assert evictable.evictable
    assert cache.lookup(prompt(1, 5, 6, tokens=3200), own, (), 1) == (0, SYSTEM)


def test_without_a_shared_beginning_an_evictable_conversation_does_no_harm(cache):
    own, evictable = prefix(cache, 3000), prefix(cache, 1000, first=2)
    cache.lookup(prompt(1, tokens=700), None, (), 1)
    cache.store(0, evictable)
    assert cache.lookup(prompt(1, 5, 6, tokens=3200), own, (), 1) == (0, 3000)


def test_a_new_conversation_finds_the_system_prompt(cache):
    cache.lookup(prompt(1, tokens=700), None, (), 1)
    cache.store(0, prefix(cache, 2000))
    assert cache.lookup(prompt(1, 9, tokens=800), None, (), 1) == (0, SYSTEM)


def test_slots_in_use_are_not_looked_at_and_the_one_idle_for_longest_is_taken(cache):
    cache.lookup(prompt(1, tokens=700), None, (), 3)
    for slot in (1, 2, 0):
        cache.store(slot, prefix(cache, 2000, first=slot))
    assert cache.lookup(prompt(7, 9, tokens=800), None, (), 3) == (1, 0)
    assert cache.lookup(prompt(7, 9, tokens=800), None, {1}, 3) == (2, 0)
    assert cache.lookup(prompt(0, 9, tokens=800), None, (), 3) == (0, SYSTEM)


def test_a_request_outside_a_conversation_overwrites_a_slot(cache):
    cache.lookup(prompt(1, tokens=700), None, (), 1)
    cache.store(0, prefix(cache, 2000))
    cache.store(0, None)
    assert cache.lookup(prompt(1, 9, tokens=800), None, (), 1) == (0, 0)


def test_a_conversation_whose_slot_was_overwritten_takes_the_slot_idle_for_longest(cache):
    own = prefix(cache, 3000)
    cache.lookup(prompt(1, tokens=700), None, (), 2)
    cache.store(0, own)
    cache.store(0, prefix(cache, 2000, first=2))
    assert cache.lookup(prompt(1, 5, 6, tokens=3200), own, (), 2) == (1, 3000)


def test_a_conversation_with_another_home_has_nothing_cached_here(cache):
    elsewhere = prefix(SlotCache(InstanceId("chat-2")), 3000)
    assert cache.lookup(prompt(1, 5, 6, tokens=3200), elsewhere, (), 1) == (0, 0)


def test_only_slots_that_hold_an_evictable_conversation_count_as_such(cache):
    cache.lookup(prompt(1, tokens=700), None, (), 2)
    cache.own = 5000
    for slot in (0, 1):
        cache.store(slot, prefix(cache, 1000))
    assert (cache.evictable, cache.eviction_cost()) == (2, 0)
    for slot in (0, 1):
        cache.store(slot, prefix(cache, 3000) if slot else None)
    assert (cache.evictable, cache.eviction_cost()) == (0, 5000)
