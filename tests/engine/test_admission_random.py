"""Random sequences of arrivals, disconnects, failures, cancels and restarts of instances: no slot is leaked."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.records import FailureKind, Job, Placement, Refusal, RequestClass, Role, Usage
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.event_log import read
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.admission import Admission
from ollama_panel.engine.recorder import Recorder
from ollama_panel.lab.replay import Replay
from ollama_panel.proxy.gate import Heartbeat, Lease
from tests.engine.test_admission import NO_UNLOADER, Clock
from tests.fakes.leak_checks import assert_admission_empty
from tests.fakes.timelines import shown
from tests.fakes.virtual import VirtualLoop

ROLES = (Role.CHAT, Role.CHAT, Role.EMBEDDING)
MODELS = (ModelName("a:latest"), ModelName("b:latest"))
SOURCES = ("local", "pid 7", "10.0.0.1")
INSTANCES = (InstanceId("chat-1"), InstanceId("chat-2"))


class CountingRecorder(Recorder):
    """A recorder that counts its steps."""

    steps = 0

    @override
    def step(self, event: m.Event, now: int) -> list[m.Action]:
        self.steps += 1
        return super().step(event, now)


class RandomRun:
    """One random run, determined by its seed."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = random.Random(seed)
        self.clock, self.timeline, self.crashes = Clock(), Timeline(), list[Exception]()
        self.dispatcher = Dispatcher(Policy(queue_limit=20, queue_timeout_us=30_000_000, no_instance_grace_us=1))
        self.recorder = CountingRecorder(self.dispatcher, self.timeline, folder, self.clock)
        self.recorder.begin()
        self.log = Path(self.recorder.record().path)
        self.shown: dict[int, dict[str, object]] = {}
        self.gate = Admission(
            self.recorder, self.timeline, **NO_UNLOADER, micros=self.clock, on_crash=self.crashes.append
        )
        self.clients: list[asyncio.Task[None]] = []
        self.count = 0

    async def run(self, steps: int) -> None:
        """Run random steps, then cancel all clients and check for leaks."""
        steps_to_choose: list[Callable[[asyncio.TaskGroup], None]] = [
            self.arrive,
            self.arrive,
            self.arrive,
            self.leave,
            self.cancel,
            self.identified,
            self.instance,
            self.drain,
            self.later,
            self.read_log_line,
            self.show,
        ]
        async with asyncio.TaskGroup() as group:
            for _ in range(steps):
                self.random.choice(steps_to_choose)(group)
                for _ in range(self.random.randrange(3)):
                    await asyncio.sleep(0)
                self.assert_counts_agree()
            for client in self.clients:
                client.cancel()
        self.gate.close()
        self.show(group)
        self.recorder.close()
        assert_admission_empty(self.gate, self.timeline, self.dispatcher)

    def assert_counts_agree(self) -> None:
        """Assert that the timeline and the dispatcher have the same counts."""
        assert self.timeline.counts.queued() == self.dispatcher.queued()
        for instance in INSTANCES:
            assert self.timeline.counts.in_flight(instance) >= self.dispatcher.in_flight(instance)
        assert self.timeline.counts.in_flight() == self.dispatcher.in_flight()

    def show(self, group: asyncio.TaskGroup) -> None:
        """Take what a snapshot shows now; a replay compares it after as many steps."""
        self.shown[self.recorder.steps] = shown(self.timeline, self.dispatcher, self.clock.now)

    def read_log_line(self, group: asyncio.TaskGroup) -> None:
        self.gate.post(m.PromptTruncated(self.random.choice(INSTANCES), 9000, self.random.choice((None, 2050, 4096))))

    def arrive(self, group: asyncio.TaskGroup) -> None:
        self.count += 1
        name = RequestId(f"r{self.random.randrange(self.count)}")
        kind = self.random.choice(list(RequestClass))
        client = ClientId(f"c{self.random.randrange(3)}")
        model, stream, role = self.random.choice(MODELS), self.random.random() < 0.8, self.random.choice(ROLES)
        prompt_tokens, source = self.random.randrange(9000), self.random.choice(SOURCES)
        job = Job(name, client, kind, role, model, "/api/chat", stream, prompt_tokens=prompt_tokens, source=source)
        self.clients.append(group.create_task(self.client(job)))

    def leave(self, group: asyncio.TaskGroup) -> None:
        if self.clients:
            self.clients.pop(self.random.randrange(len(self.clients))).cancel()

    def cancel(self, group: asyncio.TaskGroup) -> None:
        self.gate.cancel(RequestId(f"r{self.random.randrange(self.count + 1)}"))

    def identified(self, group: asyncio.TaskGroup) -> None:
        name = RequestId(f"r{self.random.randrange(self.count + 1)}")
        source = self.random.choice(SOURCES)
        self.gate.identified({name: source}, {name: ClientId(source)})

    def instance(self, group: asyncio.TaskGroup) -> None:
        name = self.random.choice(INSTANCES)
        if self.random.random() < 0.3:
            self.gate.post(m.InstanceDown(name, removed=self.random.random() < 0.5))
            return
        slots = self.random.randrange(1, 4)
        self.gate.post(m.InstanceUp(name, PoolName("chat"), Role.CHAT, "http://x", slots, context_length=4096))
        self.gate.post(m.Loaded(name, self.random.choice(MODELS), bytes=1))

    def drain(self, group: asyncio.TaskGroup) -> None:
        self.gate.post(m.Draining(self.random.choice(INSTANCES), self.random.random() < 0.4))

    def later(self, group: asyncio.TaskGroup) -> None:
        self.clock.now += self.random.randrange(10_000_000)
        self.gate.post(m.TimerFired())

    async def client(self, job: Job) -> None:
        async with self.gate.admit(job) as lease:
            while True:
                match await lease.wait():
                    case Placement():
                        if await self.attempt(lease):
                            return
                    case Refusal():
                        return
                    case Heartbeat():
                        continue

    async def attempt(self, lease: Lease) -> bool:
        """Do what relays do; return whether the request is over."""
        taken = asyncio.Event()
        lease.on_preempted(lambda _: taken.set())
        match self.random.randrange(5):
            case 0:
                lease.failed(self.random.choice(list(FailureKind)), sent=False, why=notice("attempt.closed"))
                return False
            case 1:
                lease.first_byte()
                lease.progress(2)
                await asyncio.sleep(0)
                lease.failed(FailureKind.CLOSED, sent=True)
            case 2:
                await taken.wait()
                return False
            case _:
                await asyncio.sleep(0)
                if taken.is_set():
                    return False
                if self.random.random() < 0.7:
                    lease.first_byte()
                prompt_tokens = self.random.choice((None, 100, 2050, 4096))
                lease.finished(Usage(prompt_tokens, self.random.choice((None, 3))), self.random.choice((200, 404)))
        return True


@given(st.integers(min_value=0, max_value=2**32))
def test_whatever_happens_timeline_and_dispatcher_agree_end_empty_and_replay(seed: int) -> None:
    with TemporaryDirectory() as folder:
        storm = RandomRun(seed, Path(folder))
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(storm.run(120))
        assert storm.crashes == []
        assert_replays(storm.log, storm.shown)


def assert_replays(log: Path, expected: dict[int, dict[str, object]]) -> None:
    """Assert that a log replays to what was shown after so many steps."""
    again = Replay()
    for number, (step, actions) in enumerate(again.take(read(log.read_bytes().splitlines())), 1):
        assert list(step.actions) == actions
        if number in expected:
            assert shown(again.timeline, again.scheduler, again.now) == expected[number]
    assert number == max(expected)
