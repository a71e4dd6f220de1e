import pytest

from ollama_panel.core.records import Usage
from ollama_panel.core.scheduling.estimate import PRIOR_OUTPUT, Estimates
from ollama_panel.core.scheduling.ticket import Ticket
from tests.core.scheduling.script import LLAMA, SECOND, job

MS = 1_000_000


def flown(name="one", prompt=1000, **more):
    ticket = Ticket(job(name, prompt_tokens=prompt, **more), 1, 0)
    ticket.dispatched, ticket.first_byte, ticket.concurrency = 0, SECOND, 1
    ticket.uncached = ticket.prefilled_after = prompt
    return ticket


def test_there_is_no_estimate_before_a_measurement():
    assert Estimates().wait(LLAMA, 3, 2) is None


def test_the_wait_grows_with_the_queue_and_shrinks_with_the_slots():
    estimates = Estimates()
    estimates.learn(flown(), Usage(1000, 100), 1, 4 * SECOND)
    assert estimates.wait(LLAMA, 6, 2) == 12 * SECOND
    assert estimates.wait(LLAMA, 6, 4) == 6 * SECOND


def test_the_cost_of_a_request_is_learned_from_its_counters():
    estimates = Estimates()
    usage = Usage(1000, 100, 3000 * MS, 0, 1000 * MS, 2000 * MS)
    assert estimates.learn(flown(), usage, 1, 3 * SECOND) == 3 * SECOND
    assert estimates.cost(flown(), 1, cached=0) == 3 * SECOND
    assert estimates.cost(flown(), 1, cached=500) == 2.5 * SECOND


def test_a_cached_prompt_costs_little():
    estimates = Estimates()
    estimates.learn(flown(), Usage(1000, 100, 3000 * MS, 0, 1000 * MS, 2000 * MS), 1, 3 * SECOND)
    again = flown("two")
    again.uncached, again.prefilled_after = 100, 100
    cost = estimates.learn(again, Usage(1000, 100, 2100 * MS, 0, 100 * MS, 2000 * MS), 1, 3 * SECOND)
    assert cost < 2.2 * SECOND


def test_answers_are_as_long_as_this_client_usually_gets_them():
    estimates = Estimates()
    assert estimates.output(flown()) == PRIOR_OUTPUT
    estimates.learn(flown(), Usage(1000, 40), 1, 3 * SECOND)
    assert estimates.output(flown()) == 40
    assert estimates.output(flown(max_tokens=8)) == 8
    assert estimates.output(flown(client="bob")) == PRIOR_OUTPUT


def test_load_times_are_learned_and_reuse_is_not_a_load():
    estimates = Estimates()
    estimates.learn(flown(), Usage(10, 10, load_ns=20 * MS), 1, SECOND)
    assert LLAMA not in estimates.loads
    estimates.learn(flown(), Usage(10, 10, load_ns=4000 * MS), 1, SECOND)
    assert estimates.loads[LLAMA] == 4 * SECOND


def test_the_rate_of_arrivals_fades():
    estimates = Estimates()
    for second in range(60):
        estimates.arrived(LLAMA, second * SECOND)
    assert 0.5 < estimates.rate(LLAMA, 60 * SECOND) < 1
    assert estimates.rate(LLAMA, 600 * SECOND) < 0.001


@pytest.mark.parametrize("batch", [1, 2, 4])
def test_a_request_in_a_batch_costs_its_share_of_each_step(batch):
    estimates = Estimates()
    usage = Usage(1000, 100, 3000 * MS, 0, 1000 * MS, 2000 * MS)
    assert estimates.learn(flown(), usage, batch, 3 * SECOND) == SECOND + 2 * SECOND // batch
    assert estimates.cost(flown(), batch, cached=500) == SECOND // 2 + 2 * SECOND // batch


def test_more_cached_tokens_than_the_prompt_has_cost_no_prefill():
    estimates = Estimates()
    estimates.learn(flown(), Usage(1000, 100, 3000 * MS, 0, 1000 * MS, 2000 * MS), 1, 3 * SECOND)
    assert estimates.cost(flown(), 1, cached=1000) == estimates.cost(flown(), 1, cached=5000) == 2 * SECOND
