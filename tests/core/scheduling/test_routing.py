from ollama_panel.core.scheduling.routing import COMPANY, KEEP_US, KEPT, LIVELY_US, Homes
from tests.core.scheduling.script import LLAMA, job


def turn(*turns: int, prompt_tokens: int = 100):
    return job("one", turns=turns, prompt_tokens=prompt_tokens)


def test_a_conversation_is_known_by_any_longer_form_of_itself():
    homes = Homes()
    homes.settle(turn(1, 2), "chat-1", 150, 0)
    assert homes.find(turn(1, 2, 3, 4)) == "chat-1"
    assert homes.find(turn(1, 2)) == "chat-1"


def test_a_shared_system_prompt_gives_no_home():
    homes = Homes()
    homes.settle(turn(1, 2), "chat-1", 150, 0)
    assert homes.find(turn(1, 9)) is None


def test_a_branch_goes_to_the_nearest_ancestor():
    homes = Homes()
    homes.settle(turn(1, 2), "chat-1", 150, 0)
    homes.settle(turn(1, 2, 3), "chat-2", 250, 1)
    assert homes.find(turn(1, 2, 8)) == "chat-1"
    assert homes.find(turn(1, 2, 3, 4)) == "chat-2"


def test_the_weight_of_an_instance_is_that_of_its_lively_conversations():
    homes = Homes()
    homes.settle(turn(1, 2), "chat-1", 150, 0)
    homes.settle(turn(1, 2, 3), "chat-1", 250, 1)
    assert homes.weight("chat-1", LLAMA) == 250 + COMPANY
    homes.settle(turn(7, 8), "chat-2", 90, LIVELY_US + 10)
    assert (homes.weight("chat-1", LLAMA), homes.weight("chat-2", LLAMA)) == (0, 90 + COMPANY)
    assert homes.find(turn(1, 2, 3, 4)) == "chat-1"


def test_silent_conversations_are_forgotten():
    homes = Homes()
    homes.settle(turn(1, 2), "chat-1", 150, 0)
    homes.settle(turn(7, 8), "chat-2", 90, KEEP_US + 1)
    assert homes.find(turn(1, 2, 3)) is None


def test_an_instance_that_lost_its_caches_is_no_home():
    homes = Homes()
    homes.settle(turn(1, 2), "chat-1", 150, 0)
    homes.leave("chat-1")
    assert homes.find(turn(1, 2, 3)) is None
    assert homes.weight("chat-1", LLAMA) == 0


def test_cached_tokens_are_claimed_only_at_home():
    homes = Homes()
    homes.settle(turn(1, 2), "chat-1", 150, 0)
    assert homes.known_tokens(turn(1, 2, 3, prompt_tokens=400), "chat-1") == 150
    assert homes.known_tokens(turn(1, 2, 3, prompt_tokens=400), "chat-2") == 0


def test_the_number_remembered_is_limited():
    homes = Homes()
    for number in range(KEPT + 10):
        homes.settle(turn(number), "chat-1", 1, 0)
    assert len(homes.homes) == KEPT


def test_a_request_without_turns_is_no_conversation():
    homes = Homes()
    homes.settle(turn(), "chat-1", 150, 0)
    assert homes.homes == {}
