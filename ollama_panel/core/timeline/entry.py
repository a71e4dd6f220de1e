"""One request as it is now. Times are seconds."""

from dataclasses import dataclass

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import Job, Usage
from ollama_panel.core.scheduling.waiting import Waiting
from ollama_panel.core.series import Window
from ollama_panel.core.snapshot import RequestRecord, RequestState


@dataclass(slots=True, eq=False)
class Entry:
    """One request; only its methods change it. Its record is built when it is read: a request changes more often.

    While it is open, `instance` is None unless it is in flight. `context` is how many tokens it may have there, `rate`
    counts the tokens of that instance, `told` is when the log said that its prompt is cut. `requeued` is why it waits
    again, `preempted` why a `Preempt` for it is under way, None = none is.
    """

    job: Job
    arrived: float
    state: RequestState = RequestState.WAITING
    dispatched: float | None = None
    first_byte: float | None = None
    finished: float | None = None
    instance: InstanceId | None = None
    position: int | None = None
    eta_s: float | None = None
    why: Notice | None = None
    attempts: int = 0
    prompt_tokens: int | None = None
    output_tokens: int = 0
    status: int | None = None
    cut: PromptCut | None = None
    context: int | None = None
    rate: Window | None = None
    told: float = 0.0
    requeued: Notice | None = None
    preempted: Notice | None = None
    _record: RequestRecord | None = None

    def record(self) -> RequestRecord:
        """Return the record: the identical object until the request changes."""
        if self._record is None:
            self._record = self.build()
        return self._record

    def build(self) -> RequestRecord:
        """Return a new record of the request."""
        job = self.job
        return RequestRecord(
            job.id,
            job.client,
            job.request_class,
            job.model,
            job.path,
            job.stream,
            self.state,
            self.arrived,
            self.dispatched,
            self.first_byte,
            self.finished,
            self.instance,
            self.position,
            self.eta_s,
            self.why,
            self.attempts,
            self.prompt_tokens,
            self.output_tokens or None,
            self.status,
            self.cut,
        )

    def place(self, waiting: Waiting) -> None:
        """Set what the scheduler says of a waiting request."""
        position, eta_s, why = waiting.position, waiting.eta_s, waiting.why or self.requeued
        if position != self.position or eta_s != self.eta_s or why != self.why:
            self.position, self.eta_s, self.why = position, eta_s, why
            self._record = None

    def dispatch(self, instance: InstanceId, context: int | None, rate: Window, now: float, *, loading: bool) -> None:
        """Send it to an instance, which may have to load its model first."""
        self.state = RequestState.LOADING if loading else RequestState.RUNNING
        self.instance, self.context, self.rate, self.dispatched = instance, context, rate, now
        self.attempts += 1
        self.position = self.eta_s = None
        self.why = None
        self._record = None

    def preempt(self, why: Notice) -> None:
        """Note that a `Preempt` is under way; the record does not show it."""
        self.preempted = why

    def requeue(self, why: Notice) -> None:
        """Let it wait again; what is known of its prompt was about its instance."""
        self.state = RequestState.WAITING
        self.instance = self.dispatched = self.cut = self.preempted = None
        self.why = self.requeued = why
        self._record = None

    def answer(self, now: float) -> None:
        """Set the time of the first byte for the client."""
        self.state, self.first_byte, self.preempted = RequestState.RUNNING, now, None
        self._record = None

    def stream(self, tokens: int, now: float) -> None:
        """Count streamed tokens, its own and its instance's."""
        self.output_tokens += tokens
        if self.rate is not None:
            self.rate.add(now, tokens)
        self._record = None

    def tell_cut(self, cut: PromptCut | None, told: float = 0.0) -> None:
        """Set what is known of a cut of its prompt, and when the log said it."""
        self.cut, self.told = cut, told
        self._record = None

    def end(self, state: RequestState, now: float, why: Notice | None) -> None:
        """End it."""
        self.state, self.finished, self.why = state, now, why
        self.position = self.eta_s = None
        self._record = None

    def finish(self, usage: Usage, status: int, now: float) -> None:
        """End it with the instance's answer; one of 400 and above is the instance's own refusal."""
        self.prompt_tokens, self.status = usage.prompt_tokens, status
        if usage.output_tokens is not None:
            if self.rate is not None and usage.output_tokens > self.output_tokens:
                self.rate.add(now, usage.output_tokens - self.output_tokens)
            self.output_tokens = usage.output_tokens
        if status >= 400:
            self.end(RequestState.FAILED, now, notice("answer.error", instance=self.instance or "—", status=status))
            return
        if self.first_byte is None:
            self.first_byte = now
        self.end(RequestState.DONE, now, None)
