from random import Random

import pytest

from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.placing import Placing
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import LLAMA, NOMIC, Script, embed, job


@pytest.fixture
def script() -> Script:
    script = Script()
    for number in (1, 2, 3):
        script.warm(f"chat-{number}", parallel=1)
    return script


def turn(name: str, *turns: int, client: str = "ann", prompt_tokens: int = 4000):
    return job(name, client, turns=turns, prompt_tokens=prompt_tokens)


def answer(script: Script, name: str, hold_s: float = 1) -> str:
    where = script.sent[name]
    script.first_byte(name)
    script.wait(hold_s)
    script.finish(name, prompt_tokens=4000, output_tokens=50, prompt_ns=10**9, output_ns=10**9, total_ns=2 * 10**9)
    return where


def test_a_conversation_goes_on_where_it_began(script):
    script.arrive(job("noise"), turn("first", 1, 2))
    where = answer(script, "first")
    script.finish("noise")
    script.arrive(turn("second", 1, 2, 3, 4))
    assert script.sent["second"] == where


def test_new_conversations_spread(script):
    for number in range(3):
        script.arrive(turn(f"r{number}", 1, 10 + number))
    assert set(script.sent.values()) == {"chat-1", "chat-2", "chat-3"}


def test_a_conversation_waits_for_its_busy_home_rather_than_lose_its_cache(script):
    script.arrive(turn("a1", 1, 2))
    where = answer(script, "a1")
    script.arrive(*(job(f"other{number}", f"c{number}") for number in range(3)))
    script.arrive(turn("a2", 1, 2, 3))
    for name, place in list(script.sent.items()):
        if place != where:
            script.finish(name)
    assert "a2" not in script.sent
    script.finish(next(name for name, place in script.sent.items() if place == where))
    assert script.sent["a2"] == where


def test_the_wait_at_home_is_shared_by_its_slots():
    script = Script()
    for number in (1, 2):
        script.warm(f"chat-{number}", parallel=4)
    script.arrive(turn("a1", 1, 2))
    home = answer(script, "a1", hold_s=3)
    script.arrive(*(job(f"other{number}", f"c{number}") for number in range(8)))
    script.arrive(*(turn(f"a{number}", 1, 2, number) for number in (3, 4, 5)))
    script.finish(next(name for name, place in script.sent.items() if place != home))
    assert len(script.sent) == 7, "1.9 s at home (2.5 times 3 s by 4 slots) are less than 4 times 1 s of reading"
    script.finish(next(name for name, place in script.sent.items() if place == home))
    assert script.sent["a3"] == home


def test_a_conversation_moves_when_its_home_is_gone(script):
    script.arrive(turn("a1", 1, 2))
    where = answer(script, "a1")
    script.down(where)
    script.arrive(turn("a2", 1, 2, 3))
    assert script.sent["a2"] != where


def test_a_conversation_moves_when_its_home_becomes_busy_and_drains(script):
    script.arrive(turn("a1", 1, 2))
    where = answer(script, "a1")
    script.arrive(*(job(f"other{number}", f"c{number}") for number in range(3)))
    script.arrive(turn("a2", 1, 2, 3))
    script.tell(say.Draining(where, on=True))
    assert "a2" not in script.sent
    free = next(name for name, place in script.sent.items() if place != where)
    script.finish(free)
    assert script.sent["a2"] != where


def test_a_short_prompt_does_not_wait_long_for_its_home(script):
    for number in range(3):
        script.arrive(turn(f"a{number}", 1, 2 + number, prompt_tokens=10))
    where = {name: answer(script, name) for name in list(script.sent)}
    home = where["a0"]
    script.arrive(*(job(f"other{number}", f"c{number}") for number in range(3)))
    script.arrive(turn("again", 1, 2, 9, prompt_tokens=10))
    free = next(name for name, place in script.sent.items() if place != home)
    script.finish(free)
    assert "again" in script.sent


def test_among_clients_with_equal_counters_the_most_cached_request_goes_first():
    script = Script()
    script.warm("chat-1", parallel=1)
    script.arrive(turn("ann1", 1, 2), job("noise", "zoe"))
    answer(script, "ann1")
    script.arrive(turn("bob1", 1, 7, client="bob"), turn("ann2", 1, 2, 3, 4))
    script.finish("noise")
    assert "ann2" in script.sent


def test_the_prefix_cache_gives_no_client_priority_over_one_with_a_much_smaller_counter():
    script = Script()
    script.warm("chat-1", parallel=1)
    for number in range(1, 6):
        script.arrive(turn(f"ann{number}", *range(1, number + 2)))
        script.first_byte(f"ann{number}")
        if number < 5:
            script.finish(f"ann{number}", prompt_tokens=4000, output_tokens=4000, prompt_ns=10**9, output_ns=10**11)
    script.arrive(turn("bob1", 1, 99, client="bob"), turn("ann6", *range(1, 8)))
    script.finish("ann5", prompt_tokens=4000, output_tokens=4000, prompt_ns=10**9, output_ns=10**11)
    assert "bob1" in script.sent


def test_a_model_that_was_unloaded_has_no_conversations(script):
    script.arrive(job("noise"), turn("a1", 1, 2))
    where = answer(script, "a1")
    script.tell(say.Unloaded(where, LLAMA))
    script.loaded(where)
    assert script.scheduler.state.affinity.home_of(turn("a2", 1, 2, 3)) is None


@pytest.mark.parametrize("removed", [False, True])
def test_an_instance_that_was_started_again_has_no_conversations(script, removed):
    script.arrive(job("noise"), turn("a1", 1, 2))
    where = answer(script, "a1")
    script.down(where, removed)
    script.warm(where, parallel=1)
    assert script.scheduler.state.affinity.home_of(turn("a2", 1, 2, 3)) is None
    assert script.scheduler.state.affinity.placement_cost(where, LLAMA) == 0


def test_a_model_whose_load_failed_for_one_client_is_loaded_elsewhere_for_the_next():
    script = Script()
    script.up("chat-1")
    script.up("chat-2")
    script.arrive(job("one"))
    script.fail("one", kind=say.FailureKind.OUT_OF_MEMORY)
    script.cancel("one")
    script.arrive(job("two", "bob"))
    assert script.sent == {"two": "chat-2"}


def test_prefix_affinity_can_be_switched_off():
    script = Script(Policy(prefix_affinity=False))
    script.warm("chat-1", parallel=1)
    script.warm("chat-2", parallel=1)
    script.arrive(turn("a1", 1, 2))
    answer(script, "a1")
    script.arrive(job("noise"), turn("a2", 1, 2, 3))
    assert script.sent == {"noise": "chat-1", "a2": "chat-2"}


def test_a_second_copy_is_loaded_only_while_something_waits():
    script = Script()
    script.warm("chat-1", parallel=2)
    script.up("chat-2", parallel=2)
    script.burst(2)
    assert script.at("chat-2") == 0
    script.burst(2, "bob")
    assert script.at("chat-2") == 1


def test_embedding_models_are_spread_over_their_instances():
    script = Script()
    for number in (1, 2):
        script.warm(f"embedding-{number}", 1, NOMIC, Role.EMBEDDING)
    script.arrive(embed("one"), embed("two"), embed("three"))
    assert sorted(script.sent.values()) == ["embedding-1", "embedding-2"]
    assert script.why("three") == f"All 2 slots of {NOMIC} are taken."


def test_a_load_that_failed_is_tried_elsewhere_first():
    script = Script()
    script.up("chat-1")
    script.up("chat-2")
    script.arrive(job("one", model=LLAMA))
    script.fail("one", kind=say.FailureKind.OUT_OF_MEMORY)
    script.wait(11)
    assert script.sent == {"one": "chat-2"}


def test_a_conversation_whose_home_is_free_goes_there_although_another_is_emptier():
    script = Script()
    for number in (1, 2):
        script.warm(f"chat-{number}", parallel=2)
    script.arrive(turn("a1", 1, 2, prompt_tokens=10))
    where = answer(script, "a1")
    script.arrive(turn("a2", 1, 2, 3, prompt_tokens=10), turn("a3", 1, 2, 3, 4, prompt_tokens=10))
    assert script.sent == {"a2": where, "a3": where}


CLASSES = (RequestClass.INTERACTIVE, RequestClass.BATCH, RequestClass.EMBEDDING)


def played(random: Random) -> list[tuple[str, str]]:
    """Let requests of all classes come and go in an order that `random` draws; return what was sent where."""
    script = Script()
    script.warm("chat-1", parallel=2)
    script.warm("chat-2", parallel=3)
    for number in range(60):
        script.wait(random.random())
        if random.random() < 0.55 or not script.sent:
            request_class, client = random.choice(CLASSES), random.choice(("ann", "bob", "eve"))
            script.arrive(job(f"r{number}", client, request_class=request_class, prompt_tokens=random.randrange(3000)))
        else:
            name = random.choice(sorted(script.sent))
            script.first_byte(name)
            script.finish(name, output_tokens=random.randrange(300))
        for name in set(script.aborts) & set(script.sent):
            script.requeue(name)
    return script.dispatches


@pytest.mark.parametrize("seed", range(30))
def test_an_immediate_dispatch_is_what_queueing_would_have_decided(seed, monkeypatch):
    at_once = played(Random(seed))
    monkeypatch.setattr(Placing, "dispatch_now", lambda *_: False)
    assert at_once == played(Random(seed))
