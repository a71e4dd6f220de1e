"""One request as it is now. Times are seconds."""

from dataclasses import dataclass, field

import msgspec

from ollama_panel.core.ids import ClientId, InstanceId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import Job, RequestClass, Usage
from ollama_panel.core.scheduling.waiting import Expected, Waiting
from ollama_panel.core.series import Window
from ollama_panel.core.snapshot import RequestRecord, RequestState
from ollama_panel.core.timeline.parts import Parts, Times, parts_of
from ollama_panel.core.timeline.reasons import Story, reasons
from ollama_panel.core.timeline.waits import Mark, Served, Wait, Who


@dataclass(slots=True, eq=False)
class Entry:
    """One request; only its methods change it. Its record is built when it is read: a request changes more often.

    While it is open, `instance` is None unless it is in flight. `context` is how many tokens it may have there, `rate`
    counts the tokens of that instance, `told` is when the log said that its prompt is cut. `requeued` is why it waits
    again, `preempted` why a `Preempt` for it is under way, None = none is. `output_s` is how long Ollama says that it
    generated, without the prompt.
    `loading`: it had to load its model, `loaded` is when the instance had it. `mark` is what `wait` is made of, when it
    is sent to an instance; `lost_s` are the seconds of attempts that came to nothing. `who` is its name among those
    that are `served`. `asked` is the class that it has without the rules of the user, None = that of its job.
    `parted`: it is sent in parts. `moved`: it was moved to the front. `expected` is how long it will take as it waits.
    `heard` is when the last byte of the answer came from its instance, as far as the relay has told.
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
    output_s: float | None = None
    status: int | None = None
    cut: PromptCut | None = None
    context: int | None = None
    rate: Window | None = None
    told: float = 0.0
    requeued: Notice | None = None
    preempted: Notice | None = None
    moved: bool = False
    expected: Expected | None = None
    loading: bool = False
    loaded: float | None = None
    usage: Usage | None = None
    mark: Mark | None = None
    wait: Wait | None = None
    lost_s: float = 0.0
    who: Who = field(default_factory=lambda: Who(""))
    served: Served | None = None
    asked: RequestClass | None = None
    heard: float | None = None
    parted: bool = False
    _slow: tuple[Notice, ...] | None = None
    _record: RequestRecord | None = None

    def record(self) -> RequestRecord:
        """Return the record: the identical object until the request changes."""
        if self._record is None:
            self._record = self.build()
        return self._record

    def build(self) -> RequestRecord:
        """Return a new record of the request."""
        job, parts, expected = self.job, self._parts(), self.expected
        if self._slow is None:
            self._slow = self._reasons(parts)
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
            self.moved,
            parts.queue_s,
            parts.load_s,
            parts.prompt_s,
            parts.answer_s,
            parts.inside_s,
            parts.proxy_s,
            expected.prompt_s if expected is not None else None,
            expected.answer_s if expected is not None else None,
            self._slow,
        )

    def _parts(self) -> Parts:
        times = Times(
            self.arrived, self.dispatched, self.loaded, self.first_byte, self.finished, self.loading, self.job.stream
        )
        return parts_of(times, self.usage)

    def _reasons(self, parts: Parts) -> tuple[Notice, ...]:
        first = None if self.first_byte is None or self.dispatched is None else self.first_byte - self.dispatched
        job, tokens = self.job, self.output_tokens or None
        story = Story(
            job.client,
            job.model,
            parts,
            self.wait,
            self.lost_s,
            self.requeued,
            self.loading,
            first,
            self.prompt_tokens,
            tokens,
            self.cut,
        )
        return reasons(story)

    def rename(self, client: ClientId) -> None:
        """Set whose it is, once its process is known."""
        self.job = msgspec.structs.replace(self.job, client=client)
        self._record = None

    def place(self, waiting: Waiting) -> None:
        """Set what the scheduler says of a waiting request."""
        position, eta_s, why = waiting.position, waiting.eta_s, waiting.why or self.requeued
        told = position, eta_s, why, waiting.moved, waiting.expected
        if told != (self.position, self.eta_s, self.why, self.moved, self.expected):
            self.position, self.eta_s, self.why, self.moved, self.expected = told
            self._record = None

    def dispatch(self, instance: InstanceId, context: int | None, rate: Window, now: float, *, loading: bool) -> None:
        """Send it to an instance, which may have to load its model first."""
        self.state = RequestState.LOADING if loading else RequestState.RUNNING
        self.instance, self.context, self.rate, self.dispatched = instance, context, rate, now
        self.heard = None
        self.loading, self.loaded = loading, None
        self.attempts += 1
        self.position = self.eta_s = self.expected = None
        self.why = self._slow = None
        self._record = None

    def load(self, now: float) -> None:
        """Set when its instance had loaded its model."""
        self.loaded = now
        self._record = self._slow = None

    def reclass(self, request_class: RequestClass) -> None:
        """Set the class that the user has laid down for its client."""
        self.asked = self.asked or self.job.request_class
        self.job = msgspec.structs.replace(self.job, request_class=request_class)
        self._record = None

    def preempt(self, why: Notice) -> None:
        """Note that a `Preempt` is under way; the record does not show it."""
        self.preempted = why

    def requeue(self, why: Notice, now: float) -> None:
        """Let it wait again; what is known of its prompt was about its instance."""
        self.lost_s += 0.0 if self.dispatched is None else now - self.dispatched
        self._slow = None
        self.state = RequestState.WAITING
        self.instance = self.dispatched = self.cut = self.preempted = None
        self.why = self.requeued = why
        self._record = None

    def answer(self, now: float) -> None:
        """Set the time of the first byte for the client."""
        self.state, self.first_byte, self.preempted = RequestState.RUNNING, now, None
        self.heard = now
        self._record = self._slow = None

    def stream(self, tokens: int, now: float) -> None:
        """Count streamed tokens, its own and its instance's."""
        self.output_tokens += tokens
        self.heard = now
        if self.rate is not None:
            self.rate.add(now, tokens)
        self._record = None

    def part_done(self, inputs: int) -> None:
        """Say how many of its inputs are done."""
        self.state, self.why = RequestState.RUNNING, notice("embedding.done", inputs=inputs, of=self.job.items)
        self._record = None

    def tell_cut(self, cut: PromptCut | None, told: float = 0.0) -> None:
        """Set what is known of a cut of its prompt, and when the log said it."""
        self.cut, self.told = cut, told
        self._record = self._slow = None

    def end(self, state: RequestState, now: float, why: Notice | None) -> None:
        """End it."""
        self.state, self.finished, self.why = state, now, why
        self.position = self.eta_s = self.expected = None
        self._record = self._slow = None

    def finish(self, usage: Usage, status: int, now: float) -> None:
        """End it with the instance's answer; one of 400 and above is the instance's own refusal."""
        self.prompt_tokens, self.status, self.usage = usage.prompt_tokens, status, usage
        self.output_s = None if usage.output_ns is None else usage.output_ns / 1e9
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
