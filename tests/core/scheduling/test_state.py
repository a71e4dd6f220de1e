from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.state import State
from tests.core.scheduling.script import Script, job


def test_the_policy_reaches_those_who_follow_it():
    state = State(Policy(weights={"ann": 2.0}, num_batch=256))
    assert state.ledger.weights == {"ann": 2.0}
    assert state.profiles.num_batch == 256


def test_the_time_to_come_back_is_guessed_before_anything_was_measured():
    script = Script()
    script.warm(parallel=2)
    script.burst(12)
    assert script.scheduler.state.drain_s(1.0, script.now) == 50
    assert script.scheduler.state.drain_s(0.01, script.now) == 1


def test_no_time_to_go_is_claimed_without_a_measurement():
    script = Script()
    script.warm(parallel=1)
    script.arrive(job("first"), job("second"))
    assert [one.eta_s for one in script.scheduler.waiting()] == [None]
