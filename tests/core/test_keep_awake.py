"""When the lock against sleep is wanted."""

from ollama_panel.core.keep_awake import LINGER_S, RETRY_S, AwakeRule


def test_the_lock_is_wanted_from_the_first_request_until_some_time_after_the_last() -> None:
    rule = AwakeRule()
    assert not rule.wanted(0.0)
    rule.used(5.0)
    assert rule.wanted(5.0)
    rule.used(8.0)
    assert rule.left_s(10.0) == LINGER_S - 2.0
    assert rule.wanted(8.0 + LINGER_S - 0.001)
    assert not rule.wanted(8.0 + LINGER_S)
    assert rule.left_s(8.0 + LINGER_S) == 0.0


def test_a_system_that_gives_no_lock_is_not_asked_at_each_request() -> None:
    rule = AwakeRule()
    assert rule.may_try(0.0)
    rule.failed(100.0)
    assert not rule.may_try(100.0 + RETRY_S - 0.001)
    assert rule.may_try(100.0 + RETRY_S)
