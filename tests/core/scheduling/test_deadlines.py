import pytest

from ollama_panel.core.records import RefusalReason
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.deadlines import TIMERS_PER_STEP
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import LLAMA, SECOND, Script, job


@pytest.fixture
def script() -> Script:
    return Script()


def test_ten_thousand_heartbeats_are_spread_over_steps(script):
    script.warm(parallel=1)
    script.burst(3 * TIMERS_PER_STEP, heartbeat=True)
    script.now, script.timer = 11 * SECOND, None
    assert len([one for one in script.tell(say.TimerFired()) if isinstance(one, say.Heartbeat)]) == TIMERS_PER_STEP
    script.wait(0)
    assert len(script.heartbeats) == 3 * TIMERS_PER_STEP - 1


def test_a_relaxed_timeout_keeps_requests_waiting(script):
    script.tell(say.Reconfigured(Policy(queue_timeout_us=10 * SECOND)))
    script.warm(parallel=1)
    script.burst(2)
    script.tell(say.Reconfigured(Policy(queue_timeout_us=30 * SECOND)))
    script.wait(20)
    assert not script.replies
    script.wait(11)
    assert script.replies["ann1"].reason is RefusalReason.QUEUE_TIMEOUT


def test_applying_again_adds_no_second_series_of_heartbeats(script):
    script.warm(parallel=1)
    script.arrive(job("first"), job("second", heartbeat=True))
    for limit in (5, 6):
        script.tell(say.Reconfigured(Policy(queue_limit=limit)))
    script.wait(31)
    assert [heartbeat.id for heartbeat in script.heartbeats] == ["second"] * 8


def test_switching_heartbeats_off_and_on_adds_no_second_series(script):
    script.warm(parallel=1)
    script.arrive(job("first"), job("second", heartbeat=True))
    for pause in (0, 10 * SECOND, 0, 10 * SECOND):
        script.wait(1)
        script.tell(say.Reconfigured(Policy(heartbeat_after_us=pause)))
    script.wait(31)
    assert [heartbeat.id for heartbeat in script.heartbeats] == ["second"] * 3


def test_a_request_that_waits_for_its_next_try_gets_one_series_of_heartbeats(script):
    script.warm(parallel=1)
    script.arrive(job("first"), job("second", heartbeat=True))
    script.finish("first")
    script.fail("second")
    script.tell(say.Draining("chat-1", on=True))
    script.wait(31)
    assert [heartbeat.id for heartbeat in script.heartbeats] == ["second"] * 8


def test_a_load_that_never_ends_is_preempted_and_tried_elsewhere(script):
    script.up("chat-1")
    script.up("chat-2")
    script.arrive(job("first"))
    script.wait(31)
    assert script.aborts == ["first"]
    script.requeue("first")
    assert script.sent == {"first": "chat-2"}


def test_a_slow_load_gets_twice_the_time_when_there_is_nowhere_else(script):
    script.up("chat-1")
    script.arrive(job("first"))
    script.wait(31)
    script.requeue("first")
    script.wait(59)
    assert script.aborts == ["first"]
    script.loaded(model=LLAMA)
    script.wait(60)
    assert script.aborts == ["first"]


@pytest.mark.parametrize(("stream", "due"), [(True, 3.5), (False, 20)])
def test_a_request_that_fails_at_once_gets_its_first_heartbeat_as_late_as_others(script, stream, due):
    script.warm(parallel=1)
    script.arrive(job("first", stream=stream, heartbeat=True))
    script.fail("first")
    script.tell(say.Draining("chat-1", on=True))
    script.wait(due - 0.1)
    assert script.heartbeats == []
    script.wait(0.2)
    assert [heartbeat.id for heartbeat in script.heartbeats] == ["first"]


@pytest.mark.parametrize("stream", [True, False])
def test_a_request_that_waits_again_after_long_gets_a_heartbeat_at_once(script, stream):
    script.warm(parallel=1)
    script.arrive(job("first", stream=stream, heartbeat=True))
    script.wait(40)
    script.tell(say.Draining("chat-1", on=True))
    script.fail("first")
    script.wait(0.1)
    assert [heartbeat.id for heartbeat in script.heartbeats] == ["first"]


def test_a_preempted_request_gets_heartbeats_again(script):
    script.up("chat-1")
    script.arrive(job("first", heartbeat=True))
    script.wait(31)
    script.tell(say.Draining("chat-1", on=True))
    script.requeue("first")
    script.wait(11)
    assert [heartbeat.id for heartbeat in script.heartbeats] == ["first"] * 4
