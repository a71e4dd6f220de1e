"""Admission: posts the events of the proxy's requests to the dispatcher and executes the actions that it returns.

Every method runs on the engine's loop. An event that is posted while actions are executed is handled after all of
them, so that events and actions have the same order everywhere.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName, RequestId
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import FailureKind, Job, Placement, Refusal, RefusalReason, Usage
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.snapshot import RequestState
from ollama_panel.engine.ledger import Ledger
from ollama_panel.engine.recorder import Recorder
from ollama_panel.proxy.gate import Heartbeat, Verdict

_NO_USAGE = Usage()
_REFUSED = {RefusalReason.FAILED: RequestState.FAILED, RefusalReason.CANCELLED: RequestState.CANCELLED}


class Admission:
    """Admits the proxy's requests. `loaded` returns whether an instance has a model in memory.

    `load` and `unload` return at once; their outcome is posted as an event. `on_crash` is called with an exception of
    the scheduler.
    """

    def __init__(
        self,
        scheduler: Dispatcher | Recorder,
        ledger: Ledger,
        *,
        load: Callable[[InstanceId, ModelName], None],
        unload: Callable[[InstanceId, ModelName], None],
        loaded: Callable[[InstanceId, ModelName], bool],
        micros: Callable[[], int],
        on_crash: Callable[[Exception], None],
    ) -> None:
        self._scheduler = scheduler
        self._ledger = ledger
        self._load = load
        self._unload = unload
        self._loaded = loaded
        self._micros = micros
        self._on_crash = on_crash
        self._leases: dict[RequestId, _Lease] = {}
        self._events: deque[m.Event] = deque()
        self._stepping = False
        self._timer: asyncio.TimerHandle | None = None

    def admit(self, job: Job) -> "_Lease":
        """Queue a request; see `proxy.gate`. If its id is in use, a number is appended to it."""
        number, wanted = 1, job.id
        while job.id in self._leases:
            number += 1
            job = msgspec.structs.replace(job, id=RequestId(f"{wanted}~{number}"))
        return _Lease(self, job)

    def cancel(self, request: RequestId) -> None:
        """Cancel a request for the user; does nothing if it has ended."""
        lease = self._leases.get(request)
        if lease is not None:
            lease.cancel()

    def post(self, event: m.Event) -> None:
        """Post an event to the dispatcher and execute the actions that follow."""
        self._events.append(event)
        if self._stepping:
            return
        self._stepping = True
        try:
            while self._events:
                for action in self._scheduler.step(self._events.popleft(), self._micros()):
                    self._execute(action)
        except Exception as error:
            self._on_crash(error)
            raise
        finally:
            self._stepping = False

    def close(self) -> None:
        """Cancel the timer; requests that still wait end when the proxy stops."""
        if self._timer is not None:
            self._timer.cancel()

    def add(self, lease: "_Lease") -> None:
        """Add a lease and post the arrival of its request."""
        self._leases[lease.job.id] = lease
        self._ledger.arrived(lease.job, self._now())
        self.post(m.Arrived(lease.job))

    def remove(self, lease: "_Lease") -> None:
        """Remove a lease, whatever its state."""
        del self._leases[lease.job.id]

    def ended(self, request: RequestId, state: RequestState, usage: Usage, status: int | None, why: str) -> None:
        """Record the end of a request."""
        self._ledger.ended(request, state, self._now(), usage=usage, status=status, why=why)

    def first_byte(self, request: RequestId) -> None:
        """Record and post the first byte."""
        self._ledger.first_byte(request, self._now())
        self.post(m.FirstByte(request))

    def progress(self, request: RequestId, tokens: int) -> None:
        """Record and post streamed tokens."""
        self._ledger.progress(request, tokens, self._now())
        self.post(m.Progressed(request, tokens))

    def prompt_cut(self, request: RequestId, usage: Usage) -> PromptCut | None:
        """Return whether the prompt of a request was cut."""
        return self._ledger.prompt_cut(request, usage)

    def requeued(self, request: RequestId, why: str) -> None:
        """Record that a request waits again."""
        self._ledger.requeued(request, why)

    def _now(self) -> float:
        return self._micros() / 1e6

    def _execute(self, action: m.Action) -> None:
        match action:
            case m.Dispatch(id=request, placement=placement):
                self._dispatch(request, placement)
            case m.Preempt(id=request, why=why):
                self._leases[request].preempt(why)
            case m.Heartbeat(id=request, position=position, eta_s=eta_s):
                self._leases[request].heartbeat(Heartbeat(position, eta_s))
            case m.Reply(id=request, refusal=refusal):
                self._leases[request].refuse(refusal)
            case m.Load(instance=instance, model=model):
                self._load(instance, model)
            case m.Unload(instance=instance, model=model):
                self._unload(instance, model)
            case m.SetTimer(at=at):
                self._set_timer(at)

    def _dispatch(self, request: RequestId, placement: Placement) -> None:
        lease = self._leases[request]
        loading = not self._loaded(placement.instance, lease.job.model)
        self._ledger.dispatched(request, placement, self._now(), loading=loading)
        lease.dispatch(placement)

    def _timer_fired(self) -> None:
        with suppress(Exception):  # `on_crash` was called; the loop need not report it again
            self.post(m.TimerFired())

    def _set_timer(self, at: int) -> None:
        self.close()
        delay = max(0, at - self._micros()) / 1e6
        self._timer = asyncio.get_running_loop().call_later(delay, self._timer_fired)


@dataclass(slots=True, eq=False)
class _Lease:
    """One request's lease, and the context manager around it.

    `_verdicts` holds the verdicts that the relay has not awaited yet: at most a heartbeat or a placement, then perhaps
    a refusal. `_ended`: the dispatcher no longer knows the request.
    """

    _admission: Admission
    job: Job
    _verdicts: list[Verdict] = field(default_factory=list)
    _waiter: asyncio.Future[None] | None = None
    _on_preempted: Callable[[str], None] | None = None
    _dispatched: bool = False
    _preempting: bool = False
    _ended: bool = False
    _why: str = ""

    async def __aenter__(self) -> "_Lease":
        self._admission.add(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if not self._ended:
                self._end(RequestState.CANCELLED, why="The client left.")
                self._admission.post(m.Cancelled(self.job.id))
        finally:
            self._admission.remove(self)

    # The proxy's side

    async def wait(self) -> Verdict:
        """Return the next verdict."""
        if self._preempting:
            self._preempting = False
            self._preempted()
        while not self._verdicts:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        verdict = self._verdicts.pop(0)
        self._dispatched = isinstance(verdict, Placement)
        return verdict

    def on_preempted(self, callback: Callable[[str], None]) -> None:
        """Set the callback for preemption of the current placement."""
        self._on_preempted = callback

    def first_byte(self) -> None:
        """Report that payload was sent to the client."""
        if not self._ended:
            self._preempting = False
            self._admission.first_byte(self.job.id)

    def prompt_cut(self, usage: Usage) -> PromptCut | None:
        """Return whether the prompt was cut, as far as it is known."""
        return None if self._ended else self._admission.prompt_cut(self.job.id, usage)

    def progress(self, tokens: int) -> None:
        """Report newly streamed tokens."""
        if not self._ended:
            self._admission.progress(self.job.id, tokens)

    def finished(self, usage: Usage, status: int) -> None:
        """Report that the complete response was sent; a status of 400 and above is the instance's own refusal."""
        if not self._ended:
            state = RequestState.DONE if status < 400 else RequestState.FAILED
            self._ended = True
            # First: the next request goes to the free slot.
            self._admission.post(m.Finished(self.job.id, usage, status))
            self._admission.ended(self.job.id, state, usage, status, "")

    def failed(self, kind: FailureKind, *, sent: bool, message: str = "") -> None:
        """Report a failed attempt; with `sent` it is final."""
        if self._ended:
            return
        self._dispatched, self._on_preempted, self._preempting = False, None, False
        if sent:
            self._end(RequestState.FAILED, why=message or kind.value)
        else:
            self._admission.requeued(self.job.id, message or kind.value)
        self._admission.post(m.Failed(self.job.id, kind, sent, message))

    # The dispatcher's side

    def dispatch(self, placement: Placement) -> None:
        """Deliver a placement."""
        self._on_preempted = None
        self._deliver(placement)

    def heartbeat(self, heartbeat: Heartbeat) -> None:
        """Deliver a heartbeat; it replaces one that the relay has not awaited yet."""
        self._verdicts = [verdict for verdict in self._verdicts if not isinstance(verdict, Heartbeat)]
        self._deliver(heartbeat)

    def refuse(self, refusal: Refusal) -> None:
        """End the request with a refusal."""
        self._verdicts.clear()
        self._end(_REFUSED.get(refusal.reason, RequestState.REFUSED), why=refusal.message)
        self._deliver(refusal)
        self._notify_preempted(refusal.message)

    def preempt(self, why: str) -> None:
        """Preempt a placement: at once if the relay has not awaited it, else when the relay calls `wait` again."""
        self._why = why
        if self._dispatched:
            self._preempting = True
            self._notify_preempted(why)
        else:
            self._verdicts.clear()
            self._preempted()

    def cancel(self) -> None:
        """Cancel the request for the user."""
        if self._ended:
            return
        self.refuse(Refusal(RefusalReason.CANCELLED, "The request was cancelled in Ollama Panel."))
        self._admission.post(m.Cancelled(self.job.id))

    def _preempted(self) -> None:
        if not self._ended:
            self._dispatched = False
            self._admission.requeued(self.job.id, self._why)
            self._admission.post(m.Preempted(self.job.id))

    def _end(self, state: RequestState, usage: Usage = _NO_USAGE, status: int | None = None, why: str = "") -> None:
        self._ended = True
        self._admission.ended(self.job.id, state, usage, status, why)

    def _notify_preempted(self, why: str) -> None:
        callback, self._on_preempted = self._on_preempted, None
        if callback is not None:
            callback(why)

    def _deliver(self, verdict: Verdict) -> None:
        self._verdicts.append(verdict)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
