import pytest

from ollama_panel.core.records import Usage
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.limiter import START, Limiter
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import LLAMA, Script, job

PROMISE = 100.0


def settle(limiter: Limiter, pace, slots: int = 32, samples: int = 400) -> list[int]:
    """Feed a limiter with the time per token of a machine that always runs as many requests as it may."""
    limits = []
    for now in range(samples):
        running = limiter.allowed(slots)
        limiter.sample(pace(running), PROMISE, now, now, running, slots)
        limits.append(limiter.allowed(slots))
    return limits


@pytest.fixture
def limiter() -> Limiter:
    limiter = Limiter()
    limiter.set_limited(limited=True)
    return limiter


def test_without_a_target_there_is_no_limit():
    assert Limiter().allowed(7) == 7


def test_it_starts_low_and_finds_the_limit_of_a_machine_where_batching_is_nearly_free(limiter):
    limits = settle(limiter, lambda running: 30 + 2 * running)
    assert limits[0] == START
    assert 24 <= limits[-1] <= 32


def test_it_stays_low_where_batching_gains_nothing(limiter):
    limits = settle(limiter, lambda running: 30.0 * running)
    assert max(limits) <= 3


def test_it_is_steady_once_it_has_settled(limiter):
    limits = settle(limiter, lambda running: 20 + 5 * running)
    assert max(limits[100:]) - min(limits[100:]) <= 1


def test_a_slower_machine_is_noticed_within_few_answers(limiter):
    settle(limiter, lambda running: 20 + 5 * running)
    limits = settle(limiter, lambda running: 1.6 * (20 + 5 * running), samples=40)
    assert 1.6 * (20 + 5 * limits[-1]) <= PROMISE


def test_only_answers_that_began_after_a_decrease_count(limiter):
    limiter.limit = 10.0
    limiter.sample(200.0, PROMISE, began=5, now=10, in_flight=10, slots=32)
    assert limiter.allowed(32) == 8
    limiter.sample(200.0, PROMISE, began=6, now=11, in_flight=8, slots=32)
    assert limiter.allowed(32) == 8


def test_an_answer_from_before_a_decrease_causes_no_second_one(limiter):
    limiter.limit = 10.0
    for now in range(4):
        limiter.sample(95.0, PROMISE, began=now, now=now, in_flight=10, slots=32)
    assert limiter.allowed(32) == 8
    for now in range(10, 16):
        limiter.sample(84.0, PROMISE, began=now, now=now, in_flight=8, slots=32)
    assert limiter.allowed(32) == 8


def test_the_target_of_the_policy_limits_what_runs():
    script = Script(Policy(promise_us=50_000))
    script.warm(parallel=8)
    script.burst(12)
    assert script.at("chat-1") == START
    for _ in range(8):
        name = next(iter(script.sent))
        script.first_byte(name)
        script.wait(10)
        del script.sent[name]
        script.tell(say.Finished(name, Usage(10, 100, output_ns=9_900_000_000)))
    assert script.at("chat-1") == 1
    script.tell(say.Reconfigured(Policy()))
    script.burst(20, "bob")
    assert script.at("chat-1") == 8


def test_the_slots_that_are_shown_are_those_that_the_limit_allows():
    script = Script(Policy(promise_us=50_000))
    script.warm(parallel=8)
    script.burst(3)
    assert script.scheduler.slots("chat-1") == script.at("chat-1") == START
    assert script.why("ann2") == f"All 2 slots of {LLAMA} are taken."
    script.tell(say.Reconfigured(Policy()))
    assert script.scheduler.slots("chat-1") == 8


@pytest.mark.parametrize("told", [True, False], ids=["by the server", "by the clock"])
def test_the_time_per_token_is_that_between_tokens(told):
    """Eight tokens are seven steps: 875 ms are 125 ms a token, too slow by more than a fifth."""
    script = Script(Policy(promise_us=100_000))
    script.warm(parallel=8)
    script.burst(3)
    script.first_byte("ann0")
    script.wait(0.875)
    usage = {"output_ns": 875_000_000} if told else {}
    script.finish("ann0", prompt_tokens=10, output_tokens=8, **usage)
    script.finish("ann1")
    assert script.sent == {"ann2": "chat-1"}
    script.arrive(job("next"))
    assert script.sent == {"ann2": "chat-1"}, "one at a time after the cut"
