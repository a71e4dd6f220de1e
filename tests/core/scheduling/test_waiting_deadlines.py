from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import Ticket
from ollama_panel.core.scheduling.waiting_deadlines import expiry, set_deadlines
from tests.core.scheduling.script import job


def test_the_earlier_of_two_limits_counts():
    policy = Policy(queue_timeout_us=100)
    assert expiry(Ticket(job("one"), 1, 50), policy) == 150
    assert expiry(Ticket(job("one", deadline_us=120), 1, 50), policy) == 120
    assert expiry(Ticket(job("one"), 1, 50), Policy()) is None


def test_only_requests_with_heartbeats_get_a_heartbeat_timer():
    state = State(Policy())
    state.fleet.all_down_at = 0
    set_deadlines(state, Ticket(job("one"), 1, 0), 0)
    quiet = len(state.timers.heap)
    set_deadlines(state, Ticket(job("two", heartbeat=True), 2, 0), 0)
    assert len(state.timers.heap) == 2 * quiet + 1
