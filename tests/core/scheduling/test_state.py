from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.state import State
from tests.core.scheduling.script import NOMIC, Script, embed, job


def test_the_policy_reaches_the_ledger():
    state = State(Policy(weights={"ann": 2.0}))
    assert state.ledger.weights == {"ann": 2.0}


def test_the_time_to_retry_is_estimated_before_anything_was_measured():
    script = Script()
    script.warm(parallel=2)
    script.burst(12)
    assert script.scheduler.state.drain_s(1.0, script.now) == 50
    assert script.scheduler.state.drain_s(0.01, script.now) == 1


def test_there_is_no_estimated_wait_without_a_measurement():
    script = Script()
    script.warm(parallel=1)
    script.arrive(job("first"), job("second"))
    assert [one.eta_s for one in script.scheduler.waiting()] == [None]


def test_the_estimated_wait_is_divided_by_all_slots_of_all_instances():
    script = Script()
    script.warm("chat-1", parallel=2)
    script.arrive(job("first"))
    script.wait(10)
    script.finish("first")
    script.warm("chat-2", parallel=3)
    script.burst(15)
    assert [one.eta_s for one in script.scheduler.waiting()] == [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]
    assert script.scheduler.state.drain_s(1.0, script.now) == 20
    assert script.scheduler.state.drain_s(0.5, script.now) == 10


def test_the_slowest_of_several_queues_says_when_to_come_back():
    script = Script()
    script.warm("chat-1", parallel=4)
    script.warm("embedding-1", 4, NOMIC, Role.EMBEDDING)
    script.burst(12)
    script.arrive(*(embed(f"vector{number}") for number in range(12)))
    assert script.scheduler.state.drain_s(1.0, script.now) == 8 * 10 // 4
    script.tell(say.CatalogRead((ModelFacts(NOMIC, capabilities=("embedding",)),)))
    assert script.scheduler.state.drain_s(1.0, script.now) == 8 * 10, "an embedding model has one slot"
