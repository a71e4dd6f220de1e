"""A run that was recorded replays to the very records, counts and rates that the window showed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import FailureKind, Job, Placement, Refusal, RefusalReason, RequestClass, Role, Usage
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.event_log import Step, read
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.snapshot import RequestRecord, RequestState
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.admission import Admission
from ollama_panel.engine.recorder import Recorder
from ollama_panel.lab.replay import Replay, bench_replay
from ollama_panel.proxy.gate import Heartbeat, Lease, Verdict
from tests.engine.test_admission import NO_UNLOADER, Clock
from tests.fakes.leak_checks import assert_admission_empty
from tests.fakes.timelines import shown

ONE = InstanceId("chat-1")
A, B = ModelName("a:8b"), ModelName("b:14b")
GB = 10**9
CONTEXT = 4096


class RecordedRun:
    """An admission with one instance of one slot, whose memory holds one model, and a recorder."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.timeline, self.crashes = Clock(), Timeline(), list[Exception]()
        self.dispatcher = Dispatcher(Policy(queue_timeout_us=30_000_000))
        self.recorder = Recorder(self.dispatcher, self.timeline, folder, self.clock)
        self.recorder.begin()
        self.path = Path(self.recorder.record().path)
        self.gate = Admission(
            self.recorder, self.timeline, **NO_UNLOADER, micros=self.clock, on_crash=self.crashes.append
        )
        self.leases: dict[str, Any] = {}
        self.post(m.CatalogRead(tuple(ModelFacts(name, size=9 * GB, capabilities=("completion",)) for name in (A, B))))
        self.post(m.MemoryMeasured(16 * GB, 16 * GB))
        self.up()

    def post(self, event: m.Event) -> None:
        self.clock.now += 10_000
        self.gate.post(event)

    def up(self) -> None:
        self.post(m.InstanceUp(ONE, PoolName("chat"), Role.CHAT, "http://127.0.0.1:1", 1, context_length=CONTEXT))

    def later(self, seconds: float) -> None:
        """Let time pass, with the timer of every tenth second."""
        for _ in range(round(seconds * 10)):
            self.clock.now += 100_000
            self.gate.post(m.TimerFired())

    async def arrive(self, name: str, kind: RequestClass = RequestClass.INTERACTIVE, model: ModelName = A) -> Lease:
        client = ClientId(f"client of {name}")
        job = Job(RequestId(name), client, kind, Role.CHAT, model, "/api/chat", True, prompt_tokens=300, heartbeat=True)
        self.clock.now += 20_000
        lease = self.leases[name] = self.gate.admit(job)
        await lease.__aenter__()
        return lease

    async def placed(self, name: str, kind: RequestClass = RequestClass.INTERACTIVE, model: ModelName = A) -> Lease:
        lease = await self.arrive(name, kind, model)
        await placement(lease)
        return lease

    async def leave(self, name: str) -> None:
        self.clock.now += 20_000
        await self.leases.pop(name).__aexit__(None, None, None)

    def answer(self, lease: Lease, prompt_tokens: int = 280) -> PromptCut | None:
        """Stream an answer of 40 tokens in a second and a half; return how its prompt was cut."""
        self.clock.now += 500_000
        lease.first_byte()
        for _ in range(2):
            self.clock.now += 500_000
            lease.progress(15)
        return lease.finished(Usage(prompt_tokens, 40), 200)

    def state(self, name: str) -> RequestState:
        return self.record(name).state

    def record(self, name: str) -> RequestRecord:
        return next(one for one in self.timeline.finished_records() if one.id == name)


async def verdict(lease: Lease) -> Verdict:
    """Return the next verdict that is not a heartbeat."""
    while isinstance(found := await lease.wait(), Heartbeat):
        pass
    return found


async def placement(lease: Lease) -> None:
    assert isinstance(await verdict(lease), Placement)


async def refusal(lease: Lease) -> RefusalReason:
    found = await verdict(lease)
    assert isinstance(found, Refusal)
    return found.reason


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[RecordedRun]:
    run = RecordedRun(tmp_path)
    yield run
    for name in list(run.leases):
        await run.leave(name)
    run.gate.close()
    assert run.crashes == []
    assert_admission_empty(run.gate, run.timeline, run.dispatcher)


def replayed(run: RecordedRun) -> tuple[Replay, list[Step]]:
    """Close the recorder; return the replay of the log and its steps, which are decided as they were."""
    run.recorder.close()
    again = Replay()
    steps = list(again.take(read(run.path.read_bytes().splitlines())))
    assert [step for step, actions in steps if list(step.actions) != actions] == []
    return again, [step for step, _ in steps]


async def preempt(run: RecordedRun) -> None:
    batch = await run.placed("batch", RequestClass.BATCH)
    reasons = list[Notice | None]()
    batch.on_preempted(reasons.append)
    chat = await run.arrive("chat")
    assert len(reasons) == 1
    async with asyncio.TaskGroup() as group:
        back = group.create_task(placement(batch))
        await placement(chat)
        run.answer(chat)
        await back
    run.answer(batch)
    assert (run.record("chat").attempts, run.record("batch").attempts) == (1, 2)


async def fail(run: RecordedRun) -> None:
    retried = await run.placed("retried")
    retried.failed(FailureKind.CLOSED, sent=False, why=notice("attempt.closed"))
    run.later(5)
    await placement(retried)
    run.answer(retried)
    broken = await run.placed("broken")
    broken.first_byte()
    broken.progress(7)
    broken.failed(FailureKind.CLOSED, sent=True, why=notice("attempt.closed"))
    given_up = await run.placed("given up")
    given_up.failed(FailureKind.TIMEOUT, sent=False, why=notice("attempt.timeout", limit=60))
    assert await refusal(given_up) is RefusalReason.FAILED
    refused = await run.placed("refused there")
    refused.finished(Usage(), 404)
    assert run.record("retried").attempts == 2
    assert [run.state(name) for name in ("broken", "given up", "refused there")] == [RequestState.FAILED] * 3


async def end_early(run: RecordedRun) -> None:
    running = await run.placed("cancelled running")
    waiting = await run.arrive("cancelled waiting")
    run.gate.cancel(RequestId("cancelled waiting"))
    run.gate.cancel(RequestId("cancelled running"))
    assert [await refusal(one) for one in (running, waiting)] == [RefusalReason.CANCELLED] * 2
    await run.placed("left running")
    await run.arrive("left waiting")
    await run.leave("left waiting")
    await run.leave("left running")
    blocker = await run.placed("blocker")
    late = await run.arrive("late")
    blocker.first_byte()
    run.later(31)
    assert await refusal(late) is RefusalReason.QUEUE_TIMEOUT
    run.answer(blocker)


async def swap(run: RecordedRun) -> None:
    other = await run.arrive("other model", model=B)
    run.later(12)
    run.post(m.Unloaded(ONE, A))
    await placement(other)
    run.answer(other)
    run.post(m.Loaded(ONE, B, 9 * GB, 1, CONTEXT))
    back = await run.arrive("first model again")
    run.later(12)
    run.post(m.Unloaded(ONE, B))
    await placement(back)
    run.answer(back)


async def cut(run: RecordedRun) -> None:
    for name, told in (("cut, told before", True), ("cut, told by its counters", False)):
        lease = await run.placed(name)
        if told:
            run.post(m.PromptTruncated(ONE, 9000, CONTEXT))
            assert lease.prompt_cut() == PromptCut(9000, CONTEXT, CONTEXT)
        assert run.answer(lease, CONTEXT) == PromptCut(9000 if told else None, CONTEXT, CONTEXT)
    run.post(m.PromptTruncated(ONE, 7000, CONTEXT))
    assert run.record("cut, told by its counters").cut == PromptCut(7000, CONTEXT, CONTEXT)


async def lose_the_instance(run: RecordedRun) -> None:
    failed = await run.placed("failed with it")
    run.post(m.InstanceDown(ONE))
    failed.failed(FailureKind.CLOSED, sent=False)
    run.up()
    run.later(2)
    await placement(failed)
    run.answer(failed)
    silent = await run.placed("silent with it")
    gone = asyncio.Event()
    silent.on_preempted(lambda _: gone.set())
    run.post(m.InstanceDown(ONE))
    run.later(6)
    assert gone.is_set()
    run.up()
    await placement(silent)
    run.answer(silent)


async def test_a_recorded_run_shows_what_the_window_showed(run: RecordedRun) -> None:
    run.answer(await run.placed("served"))
    run.post(m.Loaded(ONE, A, 9 * GB, 1, CONTEXT))
    for part in (preempt, fail, end_early, swap, cut, lose_the_instance):
        await part(run)
    running = await run.placed("still running")
    await run.arrive("still waiting")
    running.first_byte()
    running.progress(11)
    run.later(1)
    now = shown(run.timeline, run.dispatcher, run.clock.now)
    again, steps = replayed(run)
    assert shown(again.timeline, again.scheduler, run.clock.now) == now
    events = {type(step.event) for step in steps}
    actions = {type(action) for step in steps for action in step.actions}
    assert events >= {m.Preempted, m.Failed, m.Cancelled, m.PromptTruncated, m.InstanceDown, m.Unloaded, m.TimerFired}
    assert actions >= {m.Preempt, m.Reply, m.Unload, m.Heartbeat, m.Dispatch}
    assert {one.state for one in again.records()} == set(RequestState) - {RequestState.LOADING}
    assert again.timeline.counts.tokens_per_s(run.clock.now / 1e6) > 0


async def test_a_replay_prints_the_last_requests_as_the_window_showed_them(run: RecordedRun) -> None:
    run.answer(await run.placed("served"))
    await fail(run)
    await cut(run)
    await run.placed("still running")
    run.recorder.close()
    said = list[str]()
    assert bench_replay(said.append, run.path, requests=3) == 0
    assert said[:5] == [
        "       8 arrived",
        "       4 done",
        "       3 failed",
        "       1 running at the end",
        "       3 failed attempts",
    ]
    assert {f"{ONE}: 4 done, 2 failed", f"{A}: 2 prompts cut"} <= set(said)
    header, *rows = said[-5:-1]
    assert header.split("  ")[0].strip() == "arrived"
    assert [(row.split()[-1], " (cut) " in row) for row in rows] == [
        ("before", True),
        ("counters", True),
        ("running", False),
    ]
    assert " running  chat-1 " in rows[2]


async def test_a_replay_prints_each_request_on_one_line_whatever_its_model_is_called(run: RecordedRun) -> None:
    lease = await run.placed("odd", model=ModelName("a\n\x1b[2J\u2028\u65e5{}%s:latest"))
    lease.failed(FailureKind.RUNNER, sent=True, why=notice("attempt.error", error="one\ntwo"))
    await run.leave("odd")
    run.recorder.close()
    said = list[str]()
    assert bench_replay(said.append, run.path, requests=1) == 0
    (row,) = (text for text in said if "client of odd" in text)
    assert "a\ufffd\ufffd[2J\ufffd\u65e5{}%s:latest" in row
    assert row.endswith('The instance answered with the error "one\ufffdtwo".')
