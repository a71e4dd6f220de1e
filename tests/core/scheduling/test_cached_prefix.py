import pytest

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.scheduling.cached_prefix import CachedPrefix, Conversation, SlotCache
from tests.core.scheduling.script import job

SYSTEM = 600


def prompt(*turns: int, tokens: int):
    return job("one", turns=turns, prompt_tokens=tokens, opening_tokens=SYSTEM)


@pytest.fixture
def slot_cache() -> SlotCache:
    return SlotCache(InstanceId("chat-1"))


def prefix(slot_cache: SlotCache, tokens: int, first: int = 1) -> CachedPrefix:
    return CachedPrefix(Conversation(slot_cache), slot_cache, first, SYSTEM, tokens, 0)


def test_a_conversation_finds_itself_in_its_slot(slot_cache):
    own = prefix(slot_cache, 3000)
    slot_cache.lookup(prompt(1, 5, tokens=2900), None, (), 1)
    slot_cache.store(0, own)
    assert slot_cache.lookup(prompt(1, 5, 6, 7, tokens=3200), own, (), 1) == (0, 3000)


def test_a_conversation_after_a_long_one_is_fetched_from_the_host_cache(slot_cache):
    own, other = prefix(slot_cache, 3000), prefix(slot_cache, 2000)
    slot_cache.lookup(prompt(1, tokens=700), None, (), 1)
    slot_cache.store(0, other)
    assert slot_cache.lookup(prompt(1, 5, 6, tokens=3200), own, (), 1) == (0, 3000)


def test_a_long_conversation_after_an_evictable_one_finds_only_the_system_prompt(slot_cache):
    own, evictable = prefix(slot_cache, 3000), prefix(slot_cache, 1000)
    slot_cache.lookup(prompt(1, tokens=700), None, (), 1)
    slot_cache.store(0, evictable)
    assert evictable.evictable
    assert slot_cache.lookup(prompt(1, 5, 6, tokens=3200), own, (), 1) == (0, SYSTEM)


def test_without_a_shared_beginning_an_evictable_conversation_does_no_harm(slot_cache):
    own, evictable = prefix(slot_cache, 3000), prefix(slot_cache, 1000, first=2)
    slot_cache.lookup(prompt(1, tokens=700), None, (), 1)
    slot_cache.store(0, evictable)
    assert slot_cache.lookup(prompt(1, 5, 6, tokens=3200), own, (), 1) == (0, 3000)


def test_a_new_conversation_finds_the_system_prompt(slot_cache):
    slot_cache.lookup(prompt(1, tokens=700), None, (), 1)
    slot_cache.store(0, prefix(slot_cache, 2000))
    assert slot_cache.lookup(prompt(1, 9, tokens=800), None, (), 1) == (0, SYSTEM)


def test_slots_in_use_are_not_looked_at_and_the_one_idle_for_longest_is_taken(slot_cache):
    slot_cache.lookup(prompt(1, tokens=700), None, (), 3)
    for slot in (1, 2, 0):
        slot_cache.store(slot, prefix(slot_cache, 2000, first=slot))
    assert slot_cache.lookup(prompt(7, 9, tokens=800), None, (), 3) == (1, 0)
    assert slot_cache.lookup(prompt(7, 9, tokens=800), None, {1}, 3) == (2, 0)
    assert slot_cache.lookup(prompt(0, 9, tokens=800), None, (), 3) == (0, SYSTEM)


def test_a_request_outside_a_conversation_overwrites_a_slot(slot_cache):
    slot_cache.lookup(prompt(1, tokens=700), None, (), 1)
    slot_cache.store(0, prefix(slot_cache, 2000))
    slot_cache.store(0, None)
    assert slot_cache.lookup(prompt(1, 9, tokens=800), None, (), 1) == (0, 0)


def test_a_conversation_with_another_home_has_nothing_cached_here(slot_cache):
    elsewhere = prefix(SlotCache(InstanceId("chat-2")), 3000)
    assert slot_cache.lookup(prompt(1, 5, 6, tokens=3200), elsewhere, (), 1) == (0, 0)
