"""One loaded model: its slots, the queue for them, and the batch that all busy slots share.

The loop is llama-server's `update_slots`: each step gives every decoding slot one token and fills the batch with
prompt tokens in slot order. Several steps that differ only in the growing context are taken at once unless each token
is to be an event of its own.
"""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Protocol

from ollama_panel.core.records import LoadOptions
from ollama_panel.sim.machine.cache import HostCache, Slot, length, place
from ollama_panel.sim.machine.service_time import ServiceTimeModel
from ollama_panel.sim.machine.work import Counters, Done, Failed, Kind, Output, Started, Tokens, Work

DIED = "an error was encountered while running the model: unexpected EOF"
STOPPED = (
    "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, "
    "check ollama server logs for details"
)


class Job:
    """A request on its way through an instance; times in microseconds."""

    __slots__ = (
        "arrived",
        "began",
        "cached",
        "context",
        "first",
        "gone",
        "made",
        "obtained",
        "ready",
        "slot",
        "todo",
        "work",
    )

    def __init__(self, work: Work, now: int) -> None:
        self.work = work
        self.arrived = now
        self.obtained = now
        self.began = now
        self.first = now
        self.slot: Slot | None = None
        self.ready = self.gone = False
        self.todo = self.made = self.context = self.cached = 0


class World(Protocol):
    """The interface of the machine that a runner uses."""

    now: int
    every_token: bool
    overhead_us: int
    item_us: int

    def at(self, time: int, call: Callable[[], None]) -> None:
        """Call `call` at a time."""
        ...

    def emit(self, output: Output) -> None:
        """Add an event to the output."""
        ...

    def share(self) -> float:
        """Return the factor on the time of a step that results from all who use the GPU now."""
        ...

    def stalled(self) -> bool:
        """Return whether the GPU has stopped working for good (a fault)."""
        ...

    def set_busy(self, runner: "Runner", busy: bool) -> None:
        """Note whether a runner uses the GPU."""
        ...

    def produced(self, runner: "Runner", tokens: int) -> None:
        """Count produced tokens for the faults."""
        ...


class Plan:
    """Steps that began at `start`: the first takes `first_us`, each later one `growth_us` more than the one before."""

    __slots__ = ("chunks", "decoding", "first_us", "growth_us", "start", "steps")

    def __init__(self, start: int, first_us: float, growth_us: float, steps: int) -> None:
        self.start, self.first_us, self.growth_us, self.steps = start, first_us, growth_us, steps
        self.decoding: list[Job] = []
        self.chunks: list[tuple[Job, int]] = []

    def end(self) -> int:
        """Return when the last step ends."""
        return self.start + max(1, round(self._after(self.steps)))

    def cut(self, now: int) -> None:
        """Make the step that runs at `now` the last one."""
        low, high = 1, self.steps
        while low < high:
            middle = (low + high) // 2
            if self.start + self._after(middle) > now:
                high = middle
            else:
                low = middle + 1
        self.steps = low

    def _after(self, steps: int) -> float:
        return steps * self.first_us + self.growth_us * steps * (steps - 1) / 2


class Runner:
    """A llama-server child of a simulated instance. `session_us` is its keep-alive, negative = for ever."""

    def __init__(
        self,
        world: World,
        instance: str,
        model: str,
        service_time: ServiceTimeModel,
        *,
        slots: int,
        num_ctx: int,
        batch: int,
        options: LoadOptions,
        cache_tokens: int,
        on_end: Callable[["Runner", Job], None],
    ) -> None:
        self.world, self.instance, self.model, self.service_time = world, instance, model, service_time
        self.slots = [Slot(index) for index in range(slots)]
        self.num_ctx, self.batch, self.options = num_ctx, batch, options
        self.bytes = self.vram = 0
        self.session_us = 0
        self.expires_at: int | None = None
        self.timer = 0
        self.leaving = ""
        self.users: set[Job] = set()
        self.waiting: deque[Job] = deque()
        self.busy: dict[int, Job] = {}
        self.slowdown = 1.0
        self._host = HostCache(cache_tokens)
        self._plan: Plan | None = None
        self._version = 0
        self._on_end = on_end

    @property
    def running(self) -> int:
        """Return how many requests hold a slot."""
        return len(self.busy)

    def enter(self, job: Job) -> None:
        """Queue a request for a slot (Ollama's semaphore: first come, first served, no limit)."""
        self.waiting.append(job)
        self._admit()

    def leave(self, job: Job) -> None:
        """Drop a request whose client left; its slot is free at once."""
        job.gone = True
        if job.slot is None:
            self.waiting.remove(job)
            return
        self._vacate(job)
        self.cut()
        self._admit()

    def cut(self) -> None:
        """End the plan with the step that runs now, because something has changed."""
        plan = self._plan
        if plan is not None and plan.steps > 1:
            plan.cut(self.world.now)
            self._schedule(plan)

    def wake(self) -> None:
        """Begin the next step if there is work and no step runs."""
        if self._plan is None:
            self._next()

    def die(self) -> None:
        """Drop all requests: those in a slot get the error of a broken stream, those in the queue another."""
        for job in self.stop():
            message = DIED if job.slot is not None else STOPPED
            self.world.emit(Failed(self.world.now, self.instance, job.work.id, 500, message, job.made > 0))

    def stop(self) -> list[Job]:
        """Stop for good without an event, and return the requests that were here."""
        self._version += 1
        self._plan = None
        self.world.set_busy(self, False)
        jobs = [*self.busy.values(), *self.waiting]
        for job in jobs:
            job.gone = True
        self.busy.clear()
        self.waiting.clear()
        return jobs

    def _admit(self) -> None:
        while self.waiting and len(self.busy) < len(self.slots):
            job = self.waiting.popleft()
            free = [slot for slot in self.slots if slot.index not in self.busy]
            slot, cached = place(free, job.work.prompt, self._host)
            job.slot, job.cached, job.context = slot, cached, cached
            job.todo = self._work_of(job) - cached
            slot.content, slot.saved = (), True
            self.busy[slot.index] = job
            self.world.emit(Started(self.world.now, self.instance, job.work.id, slot.index, cached))
            self.world.at(self.world.now + self.world.overhead_us, partial(self._begin, job))

    def _work_of(self, job: Job) -> int:
        if job.work.kind is Kind.EMBED:
            return len(job.work.items)
        return max(1, length(job.work.prompt))

    def _begin(self, job: Job) -> None:
        if job.gone:
            return
        job.ready, job.began = True, self.world.now
        self.cut()
        self.wake()

    def _next(self) -> None:
        ready = [job for job in self.busy.values() if job.ready]
        if not ready or self.world.stalled():
            self.world.set_busy(self, False)
            return
        self.world.set_busy(self, True)
        plan = self._embedding(ready[0]) if ready[0].work.kind is Kind.EMBED else self._batch(ready)
        self._plan = plan
        self._schedule(plan)

    def _schedule(self, plan: Plan) -> None:
        self._version += 1
        version = self._version
        self.world.at(plan.end(), lambda: self._finish(version))

    def _embedding(self, job: Job) -> Plan:
        items = job.work.items[len(job.work.items) - job.todo :]
        if self.world.every_token:
            items = items[:1]
        gpu = sum(self.service_time.compute(max(1, tokens)) for tokens in items) / len(items)
        each = gpu * 1e6 * self.world.share() * self.slowdown + self.world.item_us
        plan = Plan(self.world.now, each, 0.0, len(items))
        plan.chunks = [(job, len(items))]
        return plan

    def _batch(self, ready: list[Job]) -> Plan:
        decoding = [job for job in ready if not job.todo]
        budget = self.batch - len(decoding)
        chunks: list[tuple[Job, int]] = []
        context = float(sum(job.context for job in decoding))
        for job in sorted((job for job in ready if job.todo), key=_slot_order):
            part = min(job.todo, budget)
            if part > 0:
                chunks.append((job, part))
                budget -= part
                context += job.context + part / 2
        factor = 1e6 * self.world.share() * self.slowdown
        first = self.service_time.step(len(decoding), sum(part for _, part in chunks), context) * factor
        steps = 1 if chunks or self.world.every_token else min(job.work.output_tokens - job.made for job in decoding)
        plan = Plan(self.world.now, first, self.service_time.kv_s * len(decoding) * factor, max(1, steps))
        plan.decoding, plan.chunks = decoding, chunks
        return plan

    def _finish(self, version: int) -> None:
        plan = self._plan
        if version != self._version or plan is None:
            return
        self._plan = None
        for job, part in plan.chunks:
            if not job.gone:
                self._progress(job, plan.steps if job.work.kind is Kind.EMBED else part)
        for job in plan.decoding:
            if not job.gone:
                self._decoded(job, plan.steps)
        if self._plan is None:
            self._next()

    def _progress(self, job: Job, part: int) -> None:
        job.todo -= part
        job.context += part
        if job.work.kind is Kind.EMBED:
            self._tell(job, part)
            if not job.todo and not job.gone:
                self._complete(job)
        elif not job.todo:
            job.first = self.world.now
            self._decoded(job, 1)

    def _decoded(self, job: Job, tokens: int) -> None:
        job.made += tokens
        job.context += tokens
        if self.world.every_token or job.made == tokens:
            self._tell(job, tokens)
        if job.gone:
            return
        if job.made >= job.work.output_tokens:
            self._complete(job)

    def _tell(self, job: Job, tokens: int) -> None:
        self.world.emit(Tokens(self.world.now, self.instance, job.work.id, tokens))
        self.world.produced(self, tokens)

    def _complete(self, job: Job) -> None:
        now = self.world.now
        embedding = job.work.kind is Kind.EMBED
        counters = Counters(
            total_us=now - job.arrived,
            load_us=job.obtained - job.arrived + self.world.overhead_us // 4,
            prompt_tokens=sum(job.work.items) if embedding else length(job.work.prompt),
            cached_tokens=job.cached,
            prompt_us=now - job.began if embedding else job.first - job.began,
            output_tokens=job.made,
            output_us=0 if embedding else now - job.first,
        )
        self._vacate(job)
        job.gone = True
        self.world.emit(Done(now, self.instance, job.work.id, job.work.reason, counters))
        self._on_end(self, job)
        self._admit()

    def _vacate(self, job: Job) -> None:
        slot = job.slot
        if slot is None or self.busy.get(slot.index) is not job:
            return
        del self.busy[slot.index]
        worked = job.context if job.work.kind is Kind.GENERATE else 0
        content = job.work.prompt if worked >= length(job.work.prompt) else _start(job.work.prompt, worked)
        if job.made:
            content += job.work.reply if job.made >= job.work.output_tokens else _start(job.work.reply, job.made)
        slot.remember(content, self.world.now)


def _slot_order(job: Job) -> int:
    return job.slot.index if job.slot is not None else 0


def _start(prompt: tuple[tuple[int, int], ...], tokens: int) -> tuple[tuple[int, int], ...]:
    """Return the whole segments of a prompt that fit into `tokens`."""
    kept: list[tuple[int, int]] = []
    for segment in prompt:
        tokens -= segment[1]
        if tokens < 0:
            break
        kept.append(segment)
    return tuple(kept)
