from ollama_panel.core.scheduling.ticket import Stage, Ticket
from ollama_panel.core.scheduling.timers import TimerHeap, TimerKind
from tests.core.scheduling.script import job


def ticket(name="one", stage=Stage.WAITING):
    return Ticket(job(name), 1, 0, stage=stage)


def test_due_timers_come_in_order_of_time():
    timers, first, second = TimerHeap(), ticket("first"), ticket("second")
    timers.add(20, TimerKind.HEARTBEAT, second)
    timers.add(10, TimerKind.EXPIRY, first)
    assert list(timers.due(30, 10)) == [(TimerKind.EXPIRY, first), (TimerKind.HEARTBEAT, second)]


def test_timers_of_requests_that_moved_on_are_dropped():
    timers = TimerHeap()
    timers.add(10, TimerKind.HEARTBEAT, ticket(stage=Stage.RUNNING))
    timers.add(10, TimerKind.LOST, ticket(stage=Stage.WAITING))
    assert list(timers.due(30, 10)) == []


def test_one_step_handles_a_limited_number():
    timers = TimerHeap()
    for number in range(5):
        timers.add(number, TimerKind.HEARTBEAT, ticket())
    assert len(list(timers.due(30, 3))) == 3
    assert len(list(timers.due(30, 3))) == 2


def test_the_timer_is_set_only_to_be_earlier():
    timers = TimerHeap()
    assert timers.arm(0) is None
    timers.add(50, TimerKind.REVIEW)
    assert timers.arm(0) == 50
    timers.add(70, TimerKind.REVIEW)
    assert timers.arm(0) is None
    timers.add(30, TimerKind.REVIEW)
    assert timers.arm(0) == 30


def test_the_timer_is_not_set_for_requests_that_moved_on():
    timers = TimerHeap()
    timers.add(10, TimerKind.HEARTBEAT, ticket(stage=Stage.RUNNING))
    timers.add(20, TimerKind.HEARTBEAT, ticket())
    assert timers.arm(0) == 20


def test_what_is_late_is_due_now():
    timers = TimerHeap()
    timers.add(10, TimerKind.REVIEW)
    assert timers.arm(15) == 15
    timers.add(5, TimerKind.REVIEW)
    assert timers.arm(16) is None


def test_stale_timers_do_not_accumulate():
    timers = TimerHeap()
    for number in range(5000):
        timers.add(10**9 + number, TimerKind.HEARTBEAT, ticket(stage=Stage.GONE))
    assert len(timers.heap) <= 1025
