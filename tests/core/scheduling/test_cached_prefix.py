import pytest

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.scheduling.cached_prefix import CachedPrefix, Conversation, Place
from tests.core.scheduling.script import job

SYSTEM = 600


def prompt(*turns: int, tokens: int):
    return job("one", turns=turns, prompt_tokens=tokens, opening_tokens=SYSTEM)


@pytest.fixture
def place() -> Place:
    return Place(InstanceId("chat-1"))


def prefix(place: Place, tokens: int, first: int = 1) -> CachedPrefix:
    return CachedPrefix(Conversation(place), place, first, SYSTEM, tokens, 0)


def test_a_conversation_finds_itself_in_its_slot(place):
    own = prefix(place, 3000)
    place.look(prompt(1, 5, tokens=2900), None, (), 1)
    place.fill(0, own)
    assert place.look(prompt(1, 5, 6, 7, tokens=3200), own, (), 1) == (0, 3000)


def test_a_conversation_that_follows_a_long_one_is_fetched_from_the_cache(place):
    own, other = prefix(place, 3000), prefix(place, 2000)
    place.look(prompt(1, tokens=700), None, (), 1)
    place.fill(0, other)
    assert place.look(prompt(1, 5, 6, tokens=3200), own, (), 1) == (0, 3000)


def test_a_long_conversation_that_follows_a_young_one_finds_only_the_system_prompt(place):
    own, evictable = prefix(place, 3000), prefix(place, 1000)
    place.look(prompt(1, tokens=700), None, (), 1)
    place.fill(0, evictable)
    assert evictable.evictable
    assert place.look(prompt(1, 5, 6, tokens=3200), own, (), 1) == (0, SYSTEM)


def test_without_a_shared_beginning_a_young_conversation_does_no_harm(place):
    own, evictable = prefix(place, 3000), prefix(place, 1000, first=2)
    place.look(prompt(1, tokens=700), None, (), 1)
    place.fill(0, evictable)
    assert place.look(prompt(1, 5, 6, tokens=3200), own, (), 1) == (0, 3000)


def test_a_new_conversation_finds_the_system_prompt(place):
    place.look(prompt(1, tokens=700), None, (), 1)
    place.fill(0, prefix(place, 2000))
    assert place.look(prompt(1, 9, tokens=800), None, (), 1) == (0, SYSTEM)


def test_slots_in_use_are_not_looked_at_and_the_one_idle_for_longest_is_taken(place):
    place.look(prompt(1, tokens=700), None, (), 3)
    for slot in (1, 2, 0):
        place.fill(slot, prefix(place, 2000, first=slot))
    assert place.look(prompt(7, 9, tokens=800), None, (), 3) == (1, 0)
    assert place.look(prompt(7, 9, tokens=800), None, {1}, 3) == (2, 0)
    assert place.look(prompt(0, 9, tokens=800), None, (), 3) == (0, SYSTEM)


def test_work_that_is_no_conversation_overwrites_a_slot(place):
    place.look(prompt(1, tokens=700), None, (), 1)
    place.fill(0, prefix(place, 2000))
    place.fill(0, None)
    assert place.look(prompt(1, 9, tokens=800), None, (), 1) == (0, 0)


def test_a_conversation_that_lives_elsewhere_has_nothing_here(place):
    elsewhere = prefix(Place(InstanceId("chat-2")), 3000)
    assert place.look(prompt(1, 5, 6, tokens=3200), elsewhere, (), 1) == (0, 0)


def test_only_slots_that_hold_a_young_conversation_count_as_such(place):
    place.look(prompt(1, tokens=700), None, (), 2)
    place.own = 5000
    for slot in (0, 1):
        place.fill(slot, prefix(place, 1000))
    assert (place.evictable, place.crowded()) == (2, 0)
    for slot in (0, 1):
        place.fill(slot, prefix(place, 3000) if slot else None)
    assert (place.evictable, place.crowded()) == (0, 5000)
