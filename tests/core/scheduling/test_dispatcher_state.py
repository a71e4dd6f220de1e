from ollama_panel.core.ids import InstanceId, RequestId
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import LLAMA, NOMIC, Script, job

CHAT = InstanceId("chat-1")


def test_an_empty_dispatcher_knows_no_instance_and_holds_no_model() -> None:
    empty = Dispatcher(Policy())
    assert (empty.queued(), empty.in_flight(), empty.in_flight(CHAT), empty.slots(CHAT)) == (0, 0, 0, 0)
    assert (empty.waiting(), empty.limits(CHAT), empty.generation(CHAT)) == ((), (), 0)
    assert not empty.holds(LLAMA)
    assert not empty.holds_at(CHAT, LLAMA)


def test_it_tells_what_runs_and_what_waits_and_where_a_model_is() -> None:
    script = Script()
    script.warm(parallel=1)
    script.arrive(job("one"), job("two"), job("three"))
    state = script.scheduler
    assert (state.in_flight(), state.in_flight(CHAT), state.queued(), state.slots(CHAT)) == (1, 1, 2, 1)
    assert [one.id for one in state.waiting()] == [one.id for one in state.waiting_jobs()] == ["two", "three"]
    assert [one.id for one in state.waiting_of([RequestId("three"), RequestId("one")])] == ["three"]
    assert state.models_of(CHAT, state.generation(CHAT)) == (LLAMA,)
    assert (state.holds(LLAMA), state.holds_at(CHAT, LLAMA), state.holds(NOMIC)) == (True, True, False)
    assert not state.loads()
