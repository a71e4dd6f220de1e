"""How long requests in flight may be silent, and the slot that a tiny answer of the watchdog holds."""

import pytest

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.records import LoadOptions, Role
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.allowances import FLOOR_S, Flights, flights_at
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.times import ModelTimes
from tests.core.scheduling.script import LLAMA, NOMIC, Script, embed, job

CHAT = InstanceId("chat-1")


@pytest.fixture
def script() -> Script:
    script = Script()
    script.warm(parallel=2)
    return script


def measured(script: Script) -> None:
    """Let it be known that a token of a prompt takes a millisecond, and one of an answer ten."""
    script.scheduler.state.estimates.models[LLAMA] = ModelTimes(prefill=1000.0, steps={1: 10_000.0, 2: 10_000.0})


def flights(script: Script) -> Flights:
    return flights_at(script.scheduler.state, CHAT, script.now)[LLAMA]


def test_a_stream_may_take_what_its_prompt_and_some_tokens_take(script):
    measured(script)
    script.arrive(job("a", prompt_tokens=1000))
    (one,) = flights(script).requests
    assert (one.id, one.began) == ("a", 0.0)
    assert one.allowance_s == pytest.approx(FLOOR_S + 5 * (1.5 * 1.0 + 256 * 0.01))


def test_what_others_have_still_to_read_counts_too(script):
    measured(script)
    script.arrive(job("a", prompt_tokens=1000), job("b", "bob", prompt_tokens=100_000))
    first, second = flights(script).requests
    assert first.allowance_s == second.allowance_s > 5 * 100
    script.first_byte("b")
    assert flights(script).requests[0].allowance_s < FLOOR_S + 60


def test_an_answer_in_one_piece_may_take_all_its_tokens(script):
    measured(script)
    script.arrive(job("a", stream=False, max_tokens=2000))
    assert flights(script).requests[0].allowance_s == pytest.approx(FLOOR_S + 5 * 20)
    script.finish("a")
    script.arrive(job("b", stream=False))
    assert flights(script).requests[0].allowance_s > 5 * 80, "an answer without a limit may fill the context"


def test_before_anything_was_measured_the_machine_is_taken_to_be_slow(script):
    script.arrive(job("a", prompt_tokens=1000))
    slow = flights(script)
    measured(script)
    assert slow.requests[0].allowance_s > 10 * flights(script).requests[0].allowance_s
    assert slow.answer_s > 100 * flights(script).answer_s


def test_it_is_known_whether_a_slot_is_idle(script):
    script.arrive(job("a"))
    assert flights(script).idle_slot
    script.arrive(job("b"))
    assert not flights(script).idle_slot


def test_a_model_that_is_being_loaded_says_so():
    script = Script()
    script.up()
    script.arrive(job("a"))
    assert flights(script).loading
    script.loaded()
    assert not flights(script).loading


def test_a_model_that_embeds_is_asked_for_embeddings(script):
    script.loaded(model=NOMIC)
    script.arrive(embed("e"))
    found = flights_at(script.scheduler.state, CHAT, script.now)
    assert found[NOMIC].embeds
    assert not found[LLAMA].embeds


def test_an_instance_that_is_gone_has_nothing_in_flight(script):
    assert flights_at(script.scheduler.state, InstanceId("chat-9"), 0) == {}


def test_a_tiny_answer_of_the_watchdog_holds_a_slot(script):
    script.arrive(job("a"))
    script.tell(say.Probing(CHAT, LLAMA, on=True))
    script.arrive(job("b", "bob"))
    assert script.order() == ["a"]
    script.tell(say.Probing(CHAT, LLAMA, on=False))
    assert script.order() == ["a", "b"]


def test_a_tiny_answer_at_an_instance_that_is_gone_holds_nothing(script):
    script.tell(say.Probing(InstanceId("chat-9"), LLAMA, on=True))
    script.arrive(job("a"), job("b", "bob"))
    assert script.order() == ["a", "b"]


def test_a_tiny_answer_has_the_options_with_which_requests_are_sent():
    script = Script()
    script.up(context_length=4096)
    script.arrive(job("a", options=LoadOptions(num_ctx=8192, num_thread=3)))
    script.loaded()
    assert flights(script).options == script.placements["a"].options == LoadOptions(num_ctx=8192)


def test_where_clients_keep_their_options_a_tiny_answer_has_theirs():
    script = Script(Policy(option_profiles=False))
    script.warm()
    script.arrive(job("a", options=LoadOptions(num_ctx=8192, num_thread=3)))
    assert flights(script).options == LoadOptions(num_ctx=8192, num_thread=3)


def test_requests_at_a_process_whose_place_was_taken_are_apart(script):
    script.arrive(job("old"))
    before = script.scheduler.generation(CHAT)
    script.tell(say.InstanceUp(CHAT, PoolName("chat"), Role.CHAT, "http://chat-1-again", 2))
    script.loaded(parallel=2)
    script.arrive(job("new"))
    state = script.scheduler.state
    assert [one.id for one in flights(script).requests] == ["new"]
    left = flights_at(state, CHAT, script.now, before)[LLAMA]
    assert [one.id for one in left.requests] == ["old"]
    assert not left.idle_slot
    script.finish("old")
    assert flights_at(state, CHAT, script.now, before) == {}
    assert flights_at(state, InstanceId("nobody"), script.now) == {}
