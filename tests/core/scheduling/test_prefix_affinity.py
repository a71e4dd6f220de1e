from ollama_panel.core.scheduling import prefix_affinity
from ollama_panel.core.scheduling.prefix_affinity import ACTIVE_US, CLIENTS_KEPT, FIXED_COST, KEPT_US, PrefixAffinity
from tests.core.scheduling.script import LLAMA, job


def turn(*turns: int, prompt_tokens: int = 100, client: str = "ann"):
    return job("one", client, turns=turns, prompt_tokens=prompt_tokens, opening_tokens=20)


def test_a_conversation_is_recognised_in_any_longer_form():
    affinity = PrefixAffinity()
    affinity.assign_slot(turn(1, 2), "chat-1", 150, 0)
    assert affinity.home_of(turn(1, 2, 3, 4)) == "chat-1"
    assert affinity.home_of(turn(1, 2)) == "chat-1"


def test_a_shared_system_prompt_gives_no_home():
    affinity = PrefixAffinity()
    affinity.assign_slot(turn(1, 2), "chat-1", 150, 0)
    assert affinity.home_of(turn(1, 9)) is None


def test_a_branch_goes_to_the_nearest_ancestor():
    affinity = PrefixAffinity()
    affinity.assign_slot(turn(1, 2), "chat-1", 150, 0)
    affinity.assign_slot(turn(1, 2, 3), "chat-2", 250, 1)
    assert affinity.home_of(turn(1, 2, 8)) == "chat-1"
    assert affinity.home_of(turn(1, 2, 3, 4)) == "chat-2"


def test_the_placement_cost_grows_with_the_own_tokens_of_active_conversations():
    affinity = PrefixAffinity()
    affinity.assign_slot(turn(1, 2), "chat-1", 150, 0)
    affinity.assign_slot(turn(1, 2, 3), "chat-1", 250, 1)
    assert affinity.placement_cost("chat-1", LLAMA) == FIXED_COST + 230
    affinity.assign_slot(turn(7, 8), "chat-2", 90, ACTIVE_US + 10)
    assert (affinity.placement_cost("chat-1", LLAMA), affinity.placement_cost("chat-2", LLAMA)) == (0, FIXED_COST + 70)
    assert affinity.home_of(turn(1, 2, 3, 4)) == "chat-1"


def test_a_client_that_opens_a_new_conversation_has_left_the_old_one():
    affinity = PrefixAffinity()
    affinity.assign_slot(turn(1, 2), "chat-1", 150, 0)
    affinity.assign_slot(turn(1, 9), "chat-2", 150, 0)
    assert affinity.placement_cost("chat-1", LLAMA) == 0
    affinity.assign_slot(turn(1, 5, client="bob"), "chat-1", 150, 0)
    assert affinity.placement_cost("chat-2", LLAMA) == FIXED_COST + 130


def test_a_client_that_returned_to_an_old_conversation_may_do_so_again():
    affinity = PrefixAffinity()
    affinity.assign_slot(turn(1, 2), "chat-1", 150, 0)
    affinity.assign_slot(turn(1, 9), "chat-2", 150, 0)
    affinity.assign_slot(turn(1, 2, 3), "chat-1", 200, 1)
    affinity.assign_slot(turn(1, 7), "chat-3", 150, 2)
    costs = [affinity.placement_cost(f"chat-{number}", LLAMA) - FIXED_COST for number in (1, 2, 3)]
    assert costs == [180, 130, 130]


def test_branches_of_a_conversation_count_once():
    affinity = PrefixAffinity()
    affinity.assign_slot(turn(1, 2), "chat-1", 150, 0)
    for branch in (3, 4, 5):
        affinity.assign_slot(turn(1, 2, branch), "chat-1", 250, 1)
    assert affinity.placement_cost("chat-1", LLAMA) == FIXED_COST + 230
    affinity.assign_slot(turn(1, 9), "chat-2", 150, 2)
    assert affinity.placement_cost("chat-1", LLAMA) == 0


def test_one_more_conversation_costs_least_where_one_is_evictable():
    affinity = PrefixAffinity()
    affinity.assign_slot(turn(1, 2), "chat-1", 1000, 0)
    affinity.assign_slot(turn(1, 3, client="bob"), "chat-1", 40, 0)
    assert affinity.placement_cost("chat-1", LLAMA) == 2 * FIXED_COST


def test_silent_conversations_are_forgotten():
    affinity = PrefixAffinity()
    affinity.assign_slot(turn(1, 2), "chat-1", 150, 0)
    affinity.assign_slot(turn(7, 8), "chat-2", 90, KEPT_US + 1)
    assert affinity.home_of(turn(1, 2, 3)) is None


def test_the_conversations_of_an_unloaded_model_are_forgotten():
    affinity = PrefixAffinity()
    affinity.assign_slot(turn(1, 2), "chat-1", 150, 0)
    affinity.forget("chat-1", "another model")
    assert affinity.home_of(turn(1, 2, 3)) == "chat-1"
    affinity.forget("chat-1", LLAMA)
    assert affinity.home_of(turn(1, 2, 3)) is None
    assert affinity.cached(turn(1, 2, 3), "chat-1") == 0


def test_clients_are_forgotten_when_there_are_too_many():
    affinity = PrefixAffinity()
    for number in range(CLIENTS_KEPT + 2):
        affinity.assign_slot(turn(number, client=f"client-{number}"), "chat-1", 1, 0)
    assert len(affinity.latest) <= CLIENTS_KEPT


def test_an_instance_that_lost_its_caches_is_not_a_home():
    affinity = PrefixAffinity()
    affinity.assign_slot(turn(1, 2), "chat-1", 150, 0)
    affinity.forget("chat-1")
    assert affinity.home_of(turn(1, 2, 3)) is None
    assert affinity.placement_cost("chat-1", LLAMA) == 0


def test_cached_tokens_are_claimed_only_at_home():
    affinity = PrefixAffinity()
    affinity.assign_slot(turn(1, 2), "chat-1", 150, 0)
    assert affinity.cached(turn(1, 2, 3, prompt_tokens=400), "chat-1") == 150
    assert affinity.cached(turn(1, 2, 3, prompt_tokens=400), "chat-2") == 0


def test_the_number_remembered_is_limited(monkeypatch):
    monkeypatch.setattr(prefix_affinity, "PREFIXES_KEPT", 50)
    affinity = PrefixAffinity()
    for number in range(60):
        affinity.assign_slot(turn(number), "chat-1", 1, 0)
        assert len(affinity.prefixes) == min(50, number + 1)
    assert affinity.home_of(turn(9)) is None
    assert affinity.home_of(turn(10)) == "chat-1"


def test_a_request_without_turns_is_not_a_conversation():
    affinity = PrefixAffinity()
    affinity.assign_slot(turn(), "chat-1", 150, 0)
    assert affinity.prefixes == {}
