"""The lease of a request, which the proxy holds while it queues and runs; see `proxy.gate`."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

from ollama_panel.core.ids import ModelName, RequestId
from ollama_panel.core.notices import Notice
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import FailureKind, Job, Placement, Refusal, Usage
from ollama_panel.core.scheduling import messages as m
from ollama_panel.proxy.gate import Verdict


class Admits(Protocol):
    """The admission, to which a lease reports (`engine.admission`)."""

    on_missing: Callable[[ModelName], None]

    def add(self, lease: "Lease") -> None:
        """Take in a lease, and post that its request has arrived."""
        ...

    def remove(self, lease: "Lease") -> None:
        """Remove a lease, whatever its state."""
        ...

    def post(self, event: m.Event) -> None:
        """Post an event to the dispatcher."""
        ...

    def prompt_cut(self, request: RequestId) -> PromptCut | None:
        """Return how the prompt of a request was cut, as far as it is known."""
        ...


@dataclass(slots=True, eq=False)
class Lease:
    """One request's lease, and the context manager around it.

    `_verdict` is the newest verdict that the relay has not awaited yet. `_placed`: the relay has a placement.
    `_preempting`: the dispatcher wants it back. `_ended`: the dispatcher no longer knows the request. `_why_left`: why
    the client was cut off.
    """

    _admission: Admits
    job: Job
    _verdict: Verdict | None = None
    _waiter: asyncio.Future[None] | None = None
    _on_preempted: Callable[[Notice | None], None] | None = None
    _placed: bool = False
    _preempting: bool = False
    _ended: bool = False
    _why_left: Notice | None = None

    async def __aenter__(self) -> "Lease":
        self._admission.add(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if not self._ended:
                self._ended = True
                self._admission.post(m.Cancelled(self.job.id, why=self._why_left))
        finally:
            self._admission.remove(self)

    # The proxy's side

    async def wait(self) -> Verdict:
        """Return the next verdict."""
        if self._preempting:
            self._give_back()
        while self._verdict is None:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        verdict, self._verdict = self._verdict, None
        self._placed = isinstance(verdict, Placement)
        return verdict

    def on_preempted(self, callback: Callable[[Notice | None], None]) -> None:
        """Set the callback for preemption of the current placement; see `proxy.gate`."""
        self._on_preempted = callback

    def first_byte(self) -> None:
        """Report that payload was sent to the client."""
        if not self._ended:
            self._keep()
            self._admission.post(m.FirstByte(self.job.id))

    def progress(self, tokens: int) -> None:
        """Report newly streamed tokens."""
        if not self._ended:
            self._admission.post(m.Progressed(self.job.id, tokens))

    def prompt_cut(self) -> PromptCut | None:
        """Return how the prompt was cut, as far as it is known."""
        return self._admission.prompt_cut(self.job.id)

    def finished(self, usage: Usage, status: int) -> PromptCut | None:
        """Report that the complete response was sent; a status of 400 and above is the instance's own refusal."""
        if not self._ended:
            self._keep()
            self._ended = True
            self._admission.post(m.Finished(self.job.id, usage, status))
        return self.prompt_cut()

    def client_left(self, why: Notice) -> None:
        """Report why leaving the block will end the request."""
        self._why_left = why

    def failed(self, kind: FailureKind, *, sent: bool, why: Notice | None = None) -> None:
        """Report a failed attempt; with `sent` it is final."""
        if not self._ended:
            self._placed, self._on_preempted, self._preempting, self._ended = False, None, False, sent
            self._admission.post(m.Failed(self.job.id, kind, sent, why))
            if kind is FailureKind.NOT_FOUND:
                self._admission.on_missing(self.job.model)

    # The dispatcher's side

    def deliver(self, verdict: Verdict) -> None:
        """Deliver a verdict; it replaces one that the relay has not awaited yet."""
        self._verdict = verdict
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def refuse(self, refusal: Refusal) -> None:
        """End the request with a refusal."""
        self._ended = True
        self.deliver(refusal)
        self._notify_preempted(refusal.notice)

    def preempt(self, why: Notice) -> None:
        """Preempt a placement: at once if the relay has not awaited it, else when the relay calls `wait` again."""
        if self._placed:
            self._preempting = True
            self._notify_preempted(why)
        else:
            self._verdict = None
            self._give_back()

    def _keep(self) -> None:
        """Make a preemption void that came too late."""
        if self._preempting:
            self._preempting = False
            self._notify_preempted(None)

    def _give_back(self) -> None:
        self._preempting = False
        if not self._ended:
            self._placed, self._on_preempted = False, None
            self._admission.post(m.Preempted(self.job.id))

    def _notify_preempted(self, why: Notice | None) -> None:
        if self._on_preempted is not None:
            self._on_preempted(why)
