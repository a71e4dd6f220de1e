import pytest

from ollama_panel.core.scheduling.ticket import Ticket
from ollama_panel.core.scheduling.times import PRIOR_STEP_US, ModelTimes
from tests.core.scheduling.script import job


def read(before: int, after: int, own: int, concurrency: int = 1) -> Ticket:
    ticket = Ticket(job("one"), 1, 0)
    ticket.prefilled_before, ticket.prefilled_after = before, after
    ticket.uncached, ticket.concurrency = own, concurrency
    return ticket


def test_step_times_between_known_batches_lie_on_a_line():
    times = ModelTimes(steps={2: 100.0, 6: 300.0})
    assert [times.step_us(batch) for batch in (1, 2, 3, 4, 5, 6, 9)] == [100, 100, 150, 200, 250, 300, 300]
    assert ModelTimes().step_us(3) == PRIOR_STEP_US


def test_concurrent_prefills_share_the_time():
    times = ModelTimes()
    times.learn_prefill(read(0, 2000, 1000), wall=2_000_000, prompt=1000)
    assert times.prefill_us() == 1000


def test_stalls_by_other_prompts_are_not_the_answers_own_time():
    times = ModelTimes(prefill=1000.0, prefilled=1500)
    times.learn_step(read(0, 500, 500), batch=4, wall=3_000_000, output=100)
    assert times.step_us(4) == 20_000


def test_the_time_per_prompt_token_follows_the_undisturbed_samples():
    times = ModelTimes()
    for number in range(400):
        wall = 1_000_000 if number % 2 else 3_000_000
        times.learn_prefill(read(0, 1000, 1000), wall, prompt=1000)
    assert times.prefill_us() == pytest.approx(1000, rel=0.25)


def test_the_uncached_tokens_are_concluded_from_the_time():
    times = ModelTimes(prefill=1000.0)
    assert times.learn_prefill(read(0, 60, 60), wall=50_000, prompt=1000) == pytest.approx(50)


@pytest.mark.parametrize(("concurrency", "step"), [(2, 100.0), (5, 400.0)])
def test_concurrent_decoding_steps_are_not_part_of_a_prefill(concurrency, step):
    """2500 tokens are taken in by three steps, each of which writes the others' tokens too."""
    times = ModelTimes(steps={1: 100.0, 4: 400.0})
    times.learn_prefill(read(0, 2500, 2500, concurrency), wall=1_000_000, prompt=2500)
    assert times.prefill_us() == pytest.approx((1_000_000 - 3 * step) / 2500)


@pytest.mark.parametrize("batch", [1, 4])
def test_the_time_of_a_step_is_learned_for_its_own_batch_and_shared_by_it(batch):
    times = ModelTimes(prefill=10.0)
    times.learn_step(read(0, 0, 0), batch, wall=2_000_000, output=100)
    assert times.steps == {batch: 20_000}
    assert times.cost(100, 50, batch) == 1000 + 50 * 20_000 // batch
