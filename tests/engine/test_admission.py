"""The admission with the real dispatcher: leases get their verdicts, and no slot is leaked."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.records import (
    FailureKind,
    Job,
    Placement,
    Refusal,
    RefusalReason,
    RequestClass,
    Role,
    Usage,
)
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.snapshot import RequestState
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.admission import Admission
from ollama_panel.proxy.gate import Heartbeat, Lease
from tests.fakes.leak_checks import assert_admission_empty, assert_loop_empty
from tests.fakes.virtual import advance

MODEL = ModelName("llama3.1:8b")
ONE = InstanceId("chat-1")


class Clock:
    """Virtual microseconds."""

    def __init__(self) -> None:
        self.now = 1_000_000

    def __call__(self) -> int:
        return self.now


NO_UNLOADER: dict[str, Any] = {"unload": lambda *_: None}
"""A model unloader that does nothing."""


class AdmissionHarness:
    """An admission with one ready instance of one slot."""

    def __init__(self) -> None:
        self.clock, self.timeline, self.crashes = Clock(), Timeline(), list[Exception]()
        self.dispatcher = Dispatcher(Policy())
        self.gate = Admission(
            self.dispatcher, self.timeline, **NO_UNLOADER, micros=self.clock, on_crash=self.crashes.append
        )
        self.up()

    def up(self) -> None:
        self.gate.post(m.InstanceUp(ONE, PoolName("chat"), Role.CHAT, "http://127.0.0.1:1", 1))
        self.gate.post(m.Loaded(ONE, MODEL, parallel=1))

    def later(self, seconds: int) -> None:
        self.clock.now += seconds * 1_000_000
        self.gate.post(m.TimerFired())

    def states(self) -> list[RequestState]:
        return [record.state for record in self.timeline.finished_records()]


@pytest.fixture
async def harness() -> AsyncIterator[AdmissionHarness]:
    harness = AdmissionHarness()
    yield harness
    harness.gate.close()
    assert harness.crashes == []
    assert_admission_empty(harness.gate, harness.timeline, harness.dispatcher)
    await assert_loop_empty()


def job(name: str, *, stream: bool = True) -> Job:
    return Job(
        RequestId(name), ClientId("me"), RequestClass.INTERACTIVE, Role.CHAT, MODEL, "/api/chat", stream, body_bytes=10
    )


@pytest.mark.parametrize(("status", "loaded"), [(200, True), (400, False), (404, False)])
async def test_an_answer_says_that_its_model_is_loaded_unless_it_is_an_error(
    harness: AdmissionHarness, status: int, loaded: bool
) -> None:
    harness.gate.post(m.Unloaded(ONE, MODEL))
    async with harness.gate.admit(job("a")) as lease:
        assert isinstance(await lease.wait(), Placement)
        lease.finished(Usage(), status)
    assert harness.dispatcher.holds(MODEL) is loaded


async def test_a_request_runs_and_its_time_line_is_kept(harness: AdmissionHarness) -> None:
    async with harness.gate.admit(job("a")) as lease:
        placement = await lease.wait()
        assert isinstance(placement, Placement)
        assert placement.instance == ONE
        harness.clock.now += 500_000
        lease.first_byte()
        lease.progress(3)
        harness.clock.now += 500_000
        lease.finished(Usage(prompt_tokens=7, output_tokens=5), 200)
    (record,) = harness.timeline.finished_records()
    assert (record.state, record.instance, record.status) == (RequestState.DONE, ONE, 200)
    assert (record.arrived, record.dispatched, record.first_byte, record.finished) == (1.0, 1.0, 1.5, 2.0)
    assert (record.prompt_tokens, record.output_tokens) == (7, 5)
    assert harness.timeline.counts.first_token_p95_s(2.0) == 0.5
    assert harness.timeline.counts.tokens_per_s(2.0) == 5 / 4


async def test_the_second_waits_for_the_first_and_gets_its_slot(harness: AdmissionHarness) -> None:
    async with harness.gate.admit(job("a")) as first, harness.gate.admit(job("b")) as second:
        assert isinstance(await first.wait(), Placement)
        waiting = asyncio.ensure_future(second.wait())  # noqa: TID251 the test awaits it below
        await asyncio.sleep(0)
        assert not waiting.done()
        assert (harness.timeline.counts.queued(), harness.timeline.counts.in_flight(ONE)) == (1, 1)
        (waits,) = harness.dispatcher.waiting()
        records = harness.timeline.open_records([waits])
        assert [(one.id, one.state, one.position) for one in records] == [
            ("a", RequestState.RUNNING, None),
            ("b", RequestState.WAITING, 1),
        ]
        assert all(new is old for new, old in zip(harness.timeline.open_records([waits]), records, strict=True))
        first.finished(Usage(), 200)
        assert isinstance(await waiting, Placement)
        second.finished(Usage(), 200)


async def test_a_client_that_leaves_the_queue_or_its_slot_leaves_nothing(harness: AdmissionHarness) -> None:
    async with harness.gate.admit(job("a")) as first:
        await first.wait()
        async with harness.gate.admit(job("b")):
            pass
    assert harness.states() == [RequestState.CANCELLED, RequestState.CANCELLED]


@pytest.mark.parametrize("placed", [True, False])
async def test_cancelling_the_task_at_any_await_frees_the_slot(harness: AdmissionHarness, placed: bool) -> None:
    blocker = harness.gate.admit(job("blocker"))
    if not placed:
        await blocker.__aenter__()
    entered = asyncio.Event()

    async def client() -> None:
        async with harness.gate.admit(job("a")) as lease:
            entered.set()
            await lease.wait()
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(client())
        await entered.wait()
        await asyncio.sleep(0)
        task.cancel()
    if not placed:
        await blocker.__aexit__(None, None, None)


async def test_a_failed_attempt_without_a_byte_is_tried_again(harness: AdmissionHarness) -> None:
    async with harness.gate.admit(job("a")) as lease:
        await lease.wait()
        lease.failed(FailureKind.CLOSED, sent=False, why=notice("attempt.closed"))
        assert harness.timeline.counts.in_flight(ONE) == 0
        harness.later(60)
        assert isinstance(await lease.wait(), Placement)
        lease.finished(Usage(), 200)
    assert harness.timeline.finished_records()[0].attempts == 2


async def test_idle_comes_when_the_last_request_of_an_instance_ends(harness: AdmissionHarness) -> None:
    harness.gate.post(m.Loaded(ONE, MODEL, parallel=2))
    async with harness.gate.admit(job("a")) as first, harness.gate.admit(job("b")) as last:
        assert [isinstance(await one.wait(), Placement) for one in (first, last)] == [True, True]
        async with asyncio.TaskGroup() as group:
            idle = group.create_task(harness.gate.wait_idle(ONE))
            await asyncio.sleep(0)
            first.finished(Usage(), 200)
            await asyncio.sleep(0)
            assert not idle.done()
            last.finished(Usage(), 200)
    await harness.gate.wait_idle(InstanceId("chat-2"))


async def test_idle_does_not_wait_for_requests_whose_model_stands_still(harness: AdmissionHarness) -> None:
    harness.gate.post(m.Loaded(ONE, MODEL, parallel=2))
    silent = set[ModelName]()
    async with harness.gate.admit(job("a")) as lease:
        assert isinstance(await lease.wait(), Placement)
        async with asyncio.TaskGroup() as group:
            idle = group.create_task(harness.gate.wait_idle(ONE, lambda: silent))
            await asyncio.sleep(0)
            harness.later(1)
            await asyncio.sleep(0)
            assert not idle.done()
            silent.add(MODEL)
            harness.later(1)  # any event, such as that which tells the scheduler of the silence
        await harness.gate.wait_idle(ONE, lambda: silent)
        lease.finished(Usage(), 200)


async def test_a_failed_attempt_after_a_byte_is_final(harness: AdmissionHarness) -> None:
    async with harness.gate.admit(job("a")) as lease:
        await lease.wait()
        lease.first_byte()
        lease.failed(FailureKind.CLOSED, sent=True, why=notice("attempt.broken_off"))
    (record,) = harness.timeline.finished_records()
    assert (record.state, record.why) == (RequestState.FAILED, notice("attempt.broken_off"))


async def test_a_request_that_waits_can_be_cancelled_by_the_user(harness: AdmissionHarness) -> None:
    async with harness.gate.admit(job("a")) as first, harness.gate.admit(job("b")) as second:
        await first.wait()
        harness.gate.cancel(RequestId("b"))
        verdict = await second.wait()
        assert isinstance(verdict, Refusal)
        assert verdict.reason is RefusalReason.CANCELLED
        first.finished(Usage(), 200)
    assert harness.states() == [RequestState.CANCELLED, RequestState.DONE]


async def test_a_request_that_runs_can_be_cancelled_by_the_user(harness: AdmissionHarness) -> None:
    async with harness.gate.admit(job("a")) as lease:
        await lease.wait()
        reasons = list[Notice | None]()
        lease.on_preempted(reasons.append)
        harness.gate.cancel(RequestId("a"))
        harness.gate.cancel(RequestId("a"))
        assert reasons == [notice("request.cancelled")]
        assert isinstance(await lease.wait(), Refusal)
        lease.failed(FailureKind.CLOSED, sent=False)


async def test_two_open_requests_of_one_id_are_two_requests(harness: AdmissionHarness) -> None:
    async with harness.gate.admit(job("a")) as first, harness.gate.admit(job("a")) as second:
        await first.wait()
        assert harness.timeline.counts.queued() == 1
        first.finished(Usage(), 200)
        await second.wait()
        second.finished(Usage(), 404)
    assert [(one.id, one.state) for one in harness.timeline.finished_records()] == [
        ("a", RequestState.DONE),
        ("a~2", RequestState.FAILED),
    ]


class ScriptedScheduler:
    """A scheduler that returns the actions that the test has set."""

    def __init__(self) -> None:
        self.seen, self.answers = list[m.Event](), dict[type, list[m.Action]]()

    def step(self, event: m.Event, now: int) -> list[m.Action]:
        self.seen.append(event)
        return self.answers.pop(type(event), [])


@pytest.fixture
def script() -> ScriptedScheduler:
    return ScriptedScheduler()


@pytest.fixture
def scripted(script: ScriptedScheduler) -> Admission:
    return Admission(script, Timeline(), **NO_UNLOADER, micros=Clock(), on_crash=lambda _: None)


URGENT = notice("preempted.chat")
PLACED = m.Dispatch(RequestId("a"), Placement(ONE, "http://127.0.0.1:1"))


async def preempted_while_it_runs(script: ScriptedScheduler, scripted: Admission, lease: Lease) -> list[Notice | None]:
    """Take the placement, preempt it, and return what the relay hears of that from now on."""
    await lease.wait()
    reasons = list[Notice | None]()
    lease.on_preempted(reasons.append)
    script.answers[m.TimerFired] = [m.Preempt(RequestId("a"), URGENT)]
    scripted.post(m.TimerFired())
    return reasons


async def test_a_placement_that_was_not_read_yet_is_taken_back_at_once(
    script: ScriptedScheduler, scripted: Admission
) -> None:
    script.answers[m.Arrived] = [PLACED, m.Preempt(RequestId("a"), URGENT)]
    async with scripted.admit(job("a")) as lease:
        assert m.Preempted(RequestId("a")) in script.seen
        scripted.post(m.TimerFired())
        script.answers[m.TimerFired] = [PLACED]
        scripted.post(m.TimerFired())
        assert await lease.wait() == PLACED.placement


async def test_a_placement_that_runs_is_returned_when_the_relay_asks_again(
    script: ScriptedScheduler, scripted: Admission
) -> None:
    script.answers[m.Arrived] = [PLACED]
    async with scripted.admit(job("a")) as lease:
        reasons = await preempted_while_it_runs(script, scripted, lease)
        assert reasons == [URGENT]
        assert m.Preempted(RequestId("a")) not in script.seen
        script.answers[m.Preempted] = [PLACED]
        assert await lease.wait() == PLACED.placement
        assert m.Preempted(RequestId("a")) in script.seen


async def test_a_first_byte_makes_a_preemption_void_and_a_cancel_is_heard_afterwards(
    script: ScriptedScheduler, scripted: Admission
) -> None:
    script.answers[m.Arrived] = [PLACED]
    async with scripted.admit(job("a")) as lease:
        reasons = await preempted_while_it_runs(script, scripted, lease)
        lease.first_byte()
        assert reasons == [URGENT, None]
        refusal = Refusal(RefusalReason.CANCELLED, notice("request.cancelled"))
        script.answers[m.Cancelled] = [m.Reply(RequestId("a"), refusal)]
        scripted.cancel(RequestId("a"))
        assert reasons == [URGENT, None, refusal.notice]
        assert await lease.wait() == refusal
    assert m.Preempted(RequestId("a")) not in script.seen


async def test_an_answer_in_one_piece_makes_a_preemption_void(script: ScriptedScheduler, scripted: Admission) -> None:
    script.answers[m.Arrived] = [PLACED]
    async with scripted.admit(job("a")) as lease:
        reasons = await preempted_while_it_runs(script, scripted, lease)
        lease.finished(Usage(), 200)
        assert reasons == [URGENT, None]


async def test_a_placement_that_fails_while_it_is_taken_back_is_not_returned_as_well(
    script: ScriptedScheduler, scripted: Admission
) -> None:
    script.answers[m.Arrived] = [PLACED]
    async with scripted.admit(job("a")) as lease:
        await lease.wait()
        script.answers[m.TimerFired] = [m.Preempt(RequestId("a"), URGENT)]
        scripted.post(m.TimerFired())
        script.answers[m.Failed] = [PLACED]
        lease.failed(FailureKind.CLOSED, sent=False)
        assert await lease.wait() == PLACED.placement
        assert m.Preempted(RequestId("a")) not in script.seen


async def test_only_the_newest_beat_is_told(script: ScriptedScheduler, scripted: Admission) -> None:
    script.answers[m.Arrived] = [m.Heartbeat(RequestId("a"), 3), m.Heartbeat(RequestId("a"), 2, 9)]
    async with scripted.admit(job("a")) as lease:
        assert await lease.wait() == Heartbeat(2, 9)


async def test_the_timer_comes_back_as_an_event(script: ScriptedScheduler, scripted: Admission) -> None:
    fired = asyncio.Event()
    script.answers[m.Arrived] = [m.SetTimer(0)]
    script.answers[m.TimerFired] = [PLACED]
    async with scripted.admit(job("a")) as lease:
        assert await lease.wait() == PLACED.placement
        fired.set()
    assert fired.is_set()


class BrokenScheduler:
    """A scheduler that fails when time has passed."""

    def step(self, event: m.Event, now: int) -> list[m.Action]:
        if isinstance(event, m.TimerFired):
            raise ZeroDivisionError
        return [m.SetTimer(now + 10_000_000)]


async def test_an_error_in_the_brain_is_reported_and_not_swallowed() -> None:
    crashes = list[Exception]()
    gate = Admission(BrokenScheduler(), Timeline(), **NO_UNLOADER, micros=Clock(), on_crash=crashes.append)
    with pytest.raises(ZeroDivisionError):
        gate.post(m.TimerFired())
    assert [type(error) for error in crashes] == [ZeroDivisionError]


async def test_an_error_at_a_deadline_is_reported_once_and_not_to_the_loop() -> None:
    crashes, told = list[Exception](), list[dict[str, Any]]()
    clock = Clock()
    gate = Admission(BrokenScheduler(), Timeline(), **NO_UNLOADER, micros=clock, on_crash=crashes.append)
    gate.post(m.Draining(ONE, True))
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    clock.now += 11_000_000
    await advance(11)
    assert [type(error) for error in crashes] == [ZeroDivisionError]
    assert told == []
