from ollama_panel.core.scheduling.retry import LONGEST_BACKOFF_US, OPEN_US, CircuitBreaker, backoff
from ollama_panel.core.scheduling.ticket import Ticket
from tests.core.scheduling.script import SECOND, job


def tried(name: str, attempts: int) -> Ticket:
    ticket = Ticket(job(name), 1, 0)
    ticket.attempts = attempts
    return ticket


def test_the_pause_grows_and_has_a_limit():
    for attempts in range(1, 12):
        longest = max(backoff(tried(f"r{number}", attempts)) for number in range(300))
        limit = min(LONGEST_BACKOFF_US, 250_000 * 2 ** (attempts - 1))
        assert 0.9 * limit < longest <= limit


def test_requests_that_failed_together_are_not_retried_together():
    assert len({backoff(tried(f"r{number}", 1)) for number in range(100)}) > 95


def test_the_same_request_waits_as_long_in_a_replay():
    assert backoff(tried("one", 2)) == backoff(tried("one", 2))


def test_five_failures_in_half_a_minute_open_the_circuit_breaker():
    breaker = CircuitBreaker()
    assert not any(breaker.failed(second * SECOND) for second in range(4))
    assert breaker.allows(4 * SECOND, 3)
    assert breaker.failed(4 * SECOND)
    assert not breaker.allows(4 * SECOND + OPEN_US - 1, 0)


def test_a_half_open_circuit_breaker_allows_one_request():
    breaker = CircuitBreaker()
    for _ in range(5):
        breaker.failed(0)
    assert breaker.allows(OPEN_US, 0)
    assert not breaker.allows(OPEN_US, 1)
    breaker.succeeded()
    assert breaker.allows(OPEN_US, 9)


def test_a_failure_while_half_open_opens_it_again():
    breaker = CircuitBreaker()
    for _ in range(5):
        breaker.failed(0)
    assert breaker.failed(OPEN_US)
    assert not breaker.allows(OPEN_US + 1, 0)


def test_failures_far_apart_do_not_open_it():
    breaker = CircuitBreaker()
    assert not any(breaker.failed(minute * 60 * SECOND) for minute in range(20))
