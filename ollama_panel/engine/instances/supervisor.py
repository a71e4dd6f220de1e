"""The supervisor of one instance: a task and a mailbox that drive the state machine of `core.lifecycle`.

Commands, exits, log lines, health checks and deadlines all become messages; only the loop of `run` handles them, so no
decision is based on an outdated state. Health checks run in a second task, which only posts messages.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import TypeAlias

import httpx
import msgspec

from ollama_panel.core import redact
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.launch import RUN_ID_VARIABLE, InstanceSpec
from ollama_panel.core.lifecycle import LIMITS, Action, Event, Limits, Phase, State, step
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.crashes import says_killed
from ollama_panel.core.ollama.runners import silent_models
from ollama_panel.core.ollama.serverlog import is_status_poll, parse
from ollama_panel.core.ollama.serverlog_facts import Fact, Failure, OutOfMemory, PromptTruncated, RunnerStarted
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.host.descriptors import is_exhausted
from ollama_panel.engine.host.ports import is_free, owner_of
from ollama_panel.engine.instances import process
from ollama_panel.engine.instances.detail import detail, first_record
from ollama_panel.engine.instances.ending import TIMED_OUT, Ending
from ollama_panel.engine.instances.health_check import Answered, HealthCheck, Unanswered
from ollama_panel.engine.instances.loaded import LoadedModels
from ollama_panel.engine.instances.orphans import ChildRegistry
from ollama_panel.engine.instances.process import Child, LogLine, LogRing, Outcome, Spawn

_EARLY_S = 0.05
"""By how much a timer may fire before the clock says so; the two are read at different times."""
_SETTLED = (Phase.STOPPED, Phase.READY, Phase.FAILED)


class Adopted(msgspec.Struct, frozen=True):
    """A server that was already running, at `url` (no slash at the end); `pool` is that of a worker made a service."""

    id: InstanceId
    port: int
    url: str
    pool: PoolName = PoolName("")


class ProbeRate(msgspec.Struct, frozen=True):
    """The intervals of health checks, in seconds, and how many failures in a row mean that the instance is down."""

    starting_s: float = 0.15
    ready_s: float = 1.0
    max_failures: int = 3


PROBE_RATE = ProbeRate()


class _ProcessMessage(msgspec.Struct, frozen=True):
    """A message about one process of the instance; those about an earlier process are dropped."""

    generation: int
    event: "_ProcessEvent"


_ProcessEvent: TypeAlias = Outcome | Fact | Answered | Unanswered
_Message: TypeAlias = Event | _ProcessMessage


class Supervisor:
    """Keeps one instance running or stopped. Commands post and return at once; `report` is called on each change.

    `on_fact` is called with each fact of the instance's log. `pace` returns how long to wait until the next health
    check of an instance that answers, given how long while somebody wants to know.

    `status` is the instance's record as far as the supervisor knows it; the fleet and the store fill in the rest.
    `loaded` knows its models.
    """

    def __init__(
        self,
        target: InstanceSpec | Adopted,
        report: Callable[[InstanceRecord], None],
        *,
        on_fact: Callable[[InstanceId, Fact], None] = lambda *_: None,
        client: httpx.AsyncClient,
        clock: Callable[[], float],
        environment: Mapping[str, str],
        children: ChildRegistry,
        limits: Limits = LIMITS,
        probe_rate: ProbeRate = PROBE_RATE,
        pace: Callable[[float], float] = lambda lively_s: lively_s,
        spawn: Spawn = process.spawn,
        log: LogRing | None = None,
    ) -> None:
        self._target = target
        self._report = report
        self._on_fact = on_fact
        self._clock = clock
        self._inherited = dict(environment)
        self._children = children
        self._limits = limits
        self._probe_rate = probe_rate
        self._pace = pace
        self._spawn_child = spawn
        self._state = State(adopted=isinstance(target, Adopted))
        self._next_target = target
        self._mailbox: asyncio.Queue[_Message] = asyncio.Queue()
        self._waiters: list[asyncio.Future[InstanceRecord]] = []
        self._probe_due = asyncio.Event()
        self._checked = asyncio.Event()
        self._health_check = HealthCheck(client, self.check_soon)
        self._log = log or LogRing()
        self._child: Child | None = None
        self._run_ended = False
        self._ran: tuple[str, ...] = ()
        self._generation = 0
        self._failures = 0
        self._reason: Notice | None = None
        self._reason_before: Notice | None = None
        self._reported: InstanceRecord | None = None
        self._ending = Ending(self._log)
        self.loaded = LoadedModels()
        self.status = first_record(self.spec, target.id, target.pool, target.url, target.port, clock())

    @property
    def spec(self) -> InstanceSpec | None:
        """The spec of the last start, or of the next one if it was changed since; None for an adopted one."""
        return self._next_target if isinstance(self._next_target, InstanceSpec) else None

    def ensure_running(self) -> None:
        """Start it unless it runs; an adopted one: use it."""
        self._post(Event.START)

    def ensure_stopped(self) -> None:
        """Terminate it, and kill it at the deadline; an adopted one: do not use it any more."""
        self._post(Event.STOP)

    def restart(self, spec: InstanceSpec | None = None) -> None:
        """Replace its process, or start one, with `spec` if given."""
        if spec is not None and not self._state.adopted:
            self._next_target = spec
        self._post(Event.RESTART)

    def configure(self, spec: InstanceSpec) -> None:
        """Use `spec` from the next start on."""
        if not self._state.adopted:
            self._next_target = spec

    def check_soon(self) -> None:
        """Check its health now."""
        self._probe_due.set()

    async def checked(self) -> None:
        """Check its health now, if it runs, and return when `status` shows the result."""
        if self._state.phase is Phase.READY:
            self.check_soon()
            await self._checked.wait()

    async def runner_lacked_memory(self) -> bool:
        """Return whether the system has a sign that a runner which was killed just now was killed for memory."""
        return await self._ending.runner_lacked_memory()

    def kill(self) -> None:
        """Kill it at once."""
        self._post(Event.ABORT)

    def struck(self) -> None:
        """Take that a drill kills its process now."""
        self._ending.struck()

    def follow(self, before: "Supervisor") -> None:
        """Put the log of the process whose place it takes before its own."""
        self._ending.follow(before.lines())

    def lines(self, after: int = 0) -> tuple[LogLine, ...]:
        """Return the kept log lines after number `after`; none for an adopted instance."""
        return self._log.after(after)

    async def wait_settled(self) -> InstanceRecord:
        """Wait until all commands are handled and no start or stop is in progress, or `run` ends; return the record."""
        if self._run_ended or self._is_settled():
            return self.status
        waiter: asyncio.Future[InstanceRecord] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        return await waiter

    async def run(self) -> None:
        """Supervise the instance until cancelled; then kill its process, unless it is adopted."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._probe_forever(), name=f"probe {self._target.id}")
                while True:
                    message = await self._receive()
                    await self._handle(message)
                    self._report_change()
                    if isinstance(message, _ProcessMessage) and isinstance(message.event, Answered | Unanswered):
                        self._checked.set()
                        self._checked = asyncio.Event()
        finally:
            self._run_ended = True
            self._health_check.close()
            for waiter in self._waiters:
                if not waiter.done():
                    waiter.set_result(self.status)
            if self._child is not None:
                await self._child.end()
                self._ending.closed()
                self._children.remove(self._child.pid)

    def _post(self, message: _Message) -> None:
        self._mailbox.put_nowait(message)

    def _post_process_event(self, generation: int, event: _ProcessEvent) -> None:
        self._post(_ProcessMessage(generation, event))

    async def _receive(self) -> _Message:
        deadline = self._state.deadline
        while True:
            try:
                async with asyncio.timeout(None if deadline is None else max(0.0, deadline - self._clock())):
                    return await self._mailbox.get()
            except TimeoutError:
                if deadline is not None and deadline - self._clock() < _EARLY_S:
                    return Event.DEADLINE  # else there was a standstill, which the loop's timers do not leave out

    async def _handle(self, message: _Message) -> None:
        if isinstance(message, Event):
            await self._step(message)
        elif message.generation == self._generation:
            await self._handle_process_event(message.event)

    async def _handle_process_event(self, event: _ProcessEvent) -> None:
        match event:
            case Outcome():
                await self._ended(event)
            case Answered():
                await self._answered(event)
            case Unanswered():
                await self._unanswered(event)
            case RunnerStarted():
                self._probe_due.set()
            case Failure(message=message) if says_killed(message):
                if await self._ending.runner_lacked_memory():
                    self._on_fact(self._target.id, OutOfMemory(message))
            case _:
                self.loaded.heard(event)

    async def _step(self, event: Event) -> None:
        before = self._state
        self._state, actions = step(self._state, event, self._clock(), self._limits)
        if before.phase is Phase.STARTING and Action.KILL in actions:
            self._reason = TIMED_OUT
        if self._state.phase is not before.phase:
            self._entered(self._state.phase)
        for action in actions:
            await self._act(action, again=before.phase is Phase.BACKOFF and event is Event.DEADLINE)

    def _entered(self, phase: Phase) -> None:
        self._failures = 0
        self._change(phase=phase, phase_since=self._clock())
        if phase in (Phase.READY, Phase.STOPPING, Phase.STOPPED):
            self._reason = None
        if phase is Phase.READY:
            self._ran = self.spec.command if self.spec else ()
        else:
            self._change(models=(), silent=(), **({"pid": None, "rss_bytes": None} if self._state.adopted else {}))
        self._probe_due.set()

    async def _act(self, action: Action, *, again: bool) -> None:
        if action is Action.SPAWN:
            await self._spawn(again=again)
        elif self._child is None:
            return
        elif action is Action.TERMINATE:
            self._child.terminate()
        else:
            self._child.kill()

    async def _spawn(self, *, again: bool) -> None:
        spec = self._target = self._next_target
        assert isinstance(spec, InstanceSpec)
        self._reason_before, self._reason = self._reason, None
        self._generation += 1
        self._ending.starts()
        self.loaded.started({**self._inherited, **spec.environment})
        parallel, source = self.loaded.parallel
        self._change(url=spec.url, port=spec.port, version=None, parallel=parallel, parallel_source=source)
        if not is_free(spec.host, spec.port):
            owner = await asyncio.to_thread(owner_of, spec.port)
            self._reason = notice("instance.port_taken", port=spec.port, owner=owner)
            await self._step(Event.EXITED)
            return
        try:
            self._child = await self._start(spec, self._generation)
        except PanelError as problem:
            self._reason = problem.notice
            later = spec.command == self._ran or is_exhausted(problem)
            await self._step(Event.UNAVAILABLE if later else Event.IMPOSSIBLE)
            return
        self._change(pid=self._child.pid, restarts=self.status.restarts + (1 if again else 0))
        self._children.add(self._child.pid, self._children.argv_of(spec.argv))
        self._ending.started(self._child.pid, spec.command)

    async def _start(self, spec: InstanceSpec, generation: int) -> Child:
        environment = {**self._inherited, **spec.environment, RUN_ID_VARIABLE: self._children.mark}
        self._log.hide = redact.hider(environment)
        return await self._spawn_child(
            self._children.argv_of(spec.argv),
            environment,
            lambda line: self._read_line(generation, line),
            lambda outcome: self._post_process_event(generation, outcome),
        )

    def _read_line(self, generation: int, line: str) -> None:
        if is_status_poll(line):
            return
        self._log.append(line)
        fact = parse(line)
        if fact is None:
            return
        self._on_fact(self._target.id, fact)  # at once: the answer that a cut prompt belongs to may come with it
        if not isinstance(fact, PromptTruncated):  # of which the supervisor decides nothing
            self._post_process_event(generation, fact)

    async def _ended(self, outcome: Outcome) -> None:
        if self._child is not None:
            self._children.remove(self._child.pid)
        self._child = None
        self._change(pid=None, rss_bytes=None)
        stopping = self._state.phase is Phase.STOPPING
        self._reason, crash = await self._ending.named(outcome, self._target.port, self._reason, stopping=stopping)
        if crash is not None:
            self._on_fact(self._target.id, crash)
        await self._step(Event.EXITED)

    async def _answered(self, event: Answered) -> None:
        self._failures = 0
        if self._child is not None:
            self._child.remember(event.process_tree.processes[1:])
            self._ending.runs(self._clock())
        if self._state.adopted:
            self._change(pid=event.pid)
        await self._step(Event.HEALTHY)
        if self._state.phase is not Phase.READY:
            return
        models = self.loaded.answered(event, self._health_check.facts)
        parallel, source = self.loaded.parallel
        self._change(version=event.version, models=models, parallel=parallel, parallel_source=source)
        silent = silent_models(event.entries, self._health_check.facts, event.silent)
        self._change(rss_bytes=event.process_tree.rss_bytes, silent=silent)

    async def _unanswered(self, event: Unanswered) -> None:
        self._failures += 1
        if event.refused or self._failures >= self._probe_rate.max_failures:
            if self._state.phase is Phase.READY:
                self._reason = notice("instance.silent")
            await self._step(Event.LOST)

    async def _probe_forever(self) -> None:
        while True:
            self._probe_due.clear()
            phase, answered = self._state.phase, True
            if phase in (Phase.STARTING, Phase.READY) or (self._state.adopted and phase is Phase.BACKOFF):
                generation, status = self._generation, self.status
                event = await self._health_check.run(status.url, status.port, status.pid, adopted=self._state.adopted)
                self._post_process_event(generation, event)
                answered = isinstance(event, Answered)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._probe_interval(answered=answered)):
                    await self._probe_due.wait()

    def _probe_interval(self, *, answered: bool) -> float:
        """Return the seconds to the next health check; the least where nothing tells an end, or a runner is silent."""
        if self._state.phase is Phase.STARTING:
            return self._probe_rate.starting_s
        trusted = (not self._state.adopted or self._health_check.connected) and not self._health_check.doubtful
        return self._pace(self._probe_rate.ready_s) if answered and trusted else self._probe_rate.ready_s

    def _change(self, **fields: object) -> None:
        self.status = msgspec.structs.replace(self.status, **fields)

    def _report_change(self) -> None:
        self._change(detail=detail(self._state, self._limits, self._reason, self.status, self._reason_before))
        if self.status != self._reported:
            self._reported = self.status
            self._report(self.status)
        if self._is_settled():
            for waiter in self._waiters:
                if not waiter.done():
                    waiter.set_result(self.status)
            self._waiters.clear()

    def _is_settled(self) -> bool:
        down = self._state.adopted and self._state.phase is Phase.BACKOFF
        return self._mailbox.empty() and (down or self._state.phase in _SETTLED)
