"""A fake gate: `slots` requests run at once, the others wait in order; each lease logs the calls it gets."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType

from ollama_panel.core.clients import Sighting
from ollama_panel.core.embedding_parts import Places
from ollama_panel.core.ids import ClientId, InstanceId, ModelName, RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import FailureKind, Job, Placement, Refusal, RefusalReason, Role, Usage
from ollama_panel.proxy.gate import Gate, Heartbeat, Lease, Upstream, Verdict
from tests.fakes.waiting import Changes

URGENT = notice("preempted.chat")
CANCELLED = notice("request.cancelled")
ALL_FAILED = notice("request.failed_again", tries=3, cause=notice("attempt.closed"))


class FakeLease:
    """One request's verdicts and what became of it."""

    def __init__(self, gate: "FakeGate", job: Job) -> None:
        self.gate = gate
        self.job = job
        self.log: list[tuple[object, ...]] = []
        self.verdicts: asyncio.Queue[Verdict] = asyncio.Queue()
        self.preempt: Callable[[Notice | None], None] | None = None
        self.ended = asyncio.Event()
        self.outcome = ""
        self.usage = Usage()
        self.attempts = 0
        self.tokens = 0
        self.running = False

    async def wait(self) -> Verdict:
        return await self.verdicts.get()

    def on_preempted(self, callback: Callable[[Notice | None], None]) -> None:
        self.preempt = callback

    def first_byte(self) -> None:
        self.log.append(("first_byte",))
        self._preempt_too_late()

    def prompt_cut(self) -> PromptCut | None:
        return self.gate.cut_in_log

    def progress(self, tokens: int) -> None:
        self.tokens += tokens

    def finished(self, usage: Usage, status: int) -> PromptCut | None:
        self.usage = usage
        self.log.append(("finished", status))
        self._preempt_too_late()
        self.outcome = f"finished {status}"
        return self.gate.cut if usage.prompt_tokens is not None else self.gate.cut_in_log

    def failed(self, kind: FailureKind, *, sent: bool, why: Notice | None = None) -> None:
        self.log.append(("failed", kind, sent, why))
        if sent:
            self.outcome = f"failed {kind.value}"
        else:
            self.gate.requeue(self)

    def client_left(self, why: Notice) -> None:
        self.outcome = f"cancelled: {why.code}"

    def _preempt_too_late(self) -> None:
        """Preempt, which the answer makes void that is under way already."""
        if self.gate.preempts_too_late and self.preempt is not None:
            self.preempt(URGENT)
            self.preempt(None)

    async def __aenter__(self) -> Lease:
        self.gate.enqueue(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.outcome = self.outcome or "cancelled"
        self.gate.remove(self)


class FakeGate:
    """`slots` None = no limit; `max_attempts` is how often a request is sent before it is refused.

    `cut` is how a prompt was cut, known once its answer has counters, `cut_in_log` before. `preempts_too_late`: each
    placement is wanted back in the very step in which its answer begins. `read_only` are URLs of servers that cannot
    change their store.
    """

    def __init__(self, *urls: str, slots: int | None = None, max_attempts: int = 3) -> None:
        self.urls = list(urls)
        self.read_only = set[str]()
        self.slots = slots
        self.max_attempts = max_attempts
        self.preempts_too_late = False
        self.cut: PromptCut | None = None
        self.cut_in_log: PromptCut | None = None
        self.leases: list[FakeLease] = []
        self.waiting: deque[FakeLease] = deque()
        self.running = 0
        self.peak = 0
        self.splits = False
        self.token_us: float | None = None
        self.wholes: list[Job] = []
        self._changes = Changes(self._state)
        self.known_roles: dict[ModelName, Role] = {}
        self.remote: frozenset[ModelName] = frozenset()
        self.held: set[ModelName] = set()
        self.stopped: list[ModelName] = []
        self.changed: list[InstanceId] = []
        self.sources: dict[RequestId, str] = {}
        self.clients: dict[RequestId, ClientId] = {}
        self.sightings: list[tuple[ClientId, Sighting]] = []
        self.store_read = asyncio.Event()
        self.store_read.set()
        self.placement: Callable[[Placement], Placement] = lambda placement: placement

    def admit(self, job: Job) -> FakeLease:
        lease = FakeLease(self, job)
        self.leases.append(lease)
        return lease

    def places(self, job: Job) -> Places | None:
        """Return the slots of all instances, if there are several."""
        slots = len(self.urls) if self.slots is None else self.slots
        return Places(slots, slots - self.running, self.token_us) if self.splits else None

    @contextmanager
    def whole(self, job: Job) -> Iterator[Job]:
        self.wholes.append(job)
        yield job

    def identified(self, sources: Mapping[RequestId, str], clients: Mapping[RequestId, ClientId]) -> None:
        self.sources.update(sources)
        self.clients.update(clients)

    def seen(self, client: ClientId, sighting: Sighting) -> None:
        self.sightings.append((client, sighting))

    async def upstreams(self) -> tuple[Upstream, ...]:
        return tuple(
            Upstream(_name(number), Role.CHAT, url, url not in self.read_only) for number, url in enumerate(self.urls)
        )

    def stop(self, model: ModelName) -> float | None:
        """Stop a model, in the first second of the year 2000."""
        self.stopped.append(model)
        return 946_684_800.5 if model in self.held else None

    async def store_changed(self, instance: InstanceId) -> None:
        """Wait for `store_read`."""
        self.changed.append(instance)
        self._changes.notify()
        await self.store_read.wait()

    def roles(self) -> Mapping[ModelName, Role]:
        return self.known_roles

    def remote_models(self) -> frozenset[ModelName]:
        return self.remote

    @property
    def jobs(self) -> list[Job]:
        return [lease.job for lease in self.leases]

    def lease(self, request: str) -> FakeLease:
        return next(lease for lease in self.leases if lease.job.id == RequestId(request))

    def enqueue(self, lease: FakeLease) -> None:
        self.waiting.append(lease)
        self._serve()

    def requeue(self, lease: FakeLease) -> None:
        self._stop(lease)
        if lease.attempts >= self.max_attempts:
            lease.verdicts.put_nowait(Refusal(RefusalReason.FAILED, ALL_FAILED, 7))
            return
        self.waiting.appendleft(lease)
        self._serve()

    def preempt(self, lease: FakeLease, why: Notice = URGENT) -> None:
        """Take the placement of a running request back; it waits again, at the front."""
        assert lease.preempt is not None
        lease.preempt(why)
        self._stop(lease)
        self.waiting.appendleft(lease)
        self._changes.notify()

    def cancel(self, lease: FakeLease) -> None:
        """Do what a click on Cancel does."""
        if lease.preempt is not None:
            lease.preempt(CANCELLED)
        lease.verdicts.put_nowait(Refusal(RefusalReason.CANCELLED, CANCELLED))

    def heartbeat(self, lease: FakeLease, position: int, eta_s: int | None = None) -> None:
        lease.verdicts.put_nowait(Heartbeat(position, eta_s))

    def refuse(self, reason: RefusalReason, why: Notice, retry_after_s: int | None = None) -> None:
        """Refuse whoever waits first."""
        self.waiting.popleft().verdicts.put_nowait(Refusal(reason, why, retry_after_s))

    def set_slots(self, slots: int | None = None) -> None:
        """Change the number of slots; None = no limit."""
        self.slots = slots
        self._serve()

    def remove(self, lease: FakeLease) -> None:
        if lease in self.waiting:
            self.waiting.remove(lease)
        self._stop(lease)
        lease.ended.set()
        self._serve()

    def _stop(self, lease: FakeLease) -> None:
        if lease.running:
            lease.running = False
            self.running -= 1

    def _serve(self) -> None:
        while self.waiting and (self.slots is None or self.running < self.slots):
            lease = self.waiting.popleft()
            lease.running = True
            self.running += 1
            self.peak = max(self.peak, self.running)
            number = lease.attempts % len(self.urls)
            lease.attempts += 1
            lease.verdicts.put_nowait(self.placement(Placement(_name(number), self.urls[number])))
        self._changes.notify()

    async def until(self, condition: Callable[[], object]) -> None:
        """Return when `condition` holds; it is looked at whenever something changes here."""
        await self._changes.until(condition)

    def _state(self) -> str:
        outcomes = ", ".join(lease.outcome or "open" for lease in self.leases)
        return f"at the gate {self.running} requests run and {len(self.waiting)} wait; all so far: {outcomes or 'none'}"


def _name(number: int) -> InstanceId:
    return InstanceId(f"chat-{number + 1}")


_check: Callable[[str], Gate] = FakeGate
