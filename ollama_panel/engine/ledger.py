"""The ledger of all requests: their records and counts for the snapshot. Times are seconds."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from ollama_panel.core.context_notices import CutPrompts
from ollama_panel.core.ids import InstanceId, ModelName, RequestId
from ollama_panel.core.latest import keep_latest
from ollama_panel.core.ollama.serverlog_facts import PromptTruncated
from ollama_panel.core.ollama.truncation import Conversations, PromptCut, cut_by_counters
from ollama_panel.core.records import Job, Placement, Role, Usage
from ollama_panel.core.scheduling.waiting import Waiting
from ollama_panel.core.series import Window, percentile
from ollama_panel.core.snapshot import RequestRecord, RequestState

MAX_FINISHED = 200
"""How many finished requests a snapshot contains."""

MAX_OPEN = 500
"""How many open requests a snapshot contains; its counts include all of them."""

MODELS_KEPT = 256
"""How many models' cut prompts are remembered."""

LATE_S = 1.0
"""How long after an answer the log's line about its prompt may come: on a busy machine both are read at once."""

RATE_WINDOW_S = 4.0
FIRST_TOKEN_WINDOW_S = 60.0
_NO_USAGE = Usage()
_IN_FLIGHT = (RequestState.LOADING, RequestState.RUNNING)
_NOT_WAITING: dict[str, Any] = {"position": None, "eta_s": None}


@dataclass(slots=True, eq=False)
class _Entry:
    """One request: its record as it is now. `why` is the reason why it was requeued last.

    `prompt_estimate` is its length in tokens as estimated, `context` what it may have at its instance. `told` is when
    the log said that its prompt is cut.
    """

    role: Role
    record: RequestRecord
    prompt_estimate: int
    turns: tuple[int, ...] = ()
    context: int | None = None
    why: str = ""
    told: float = 0.0

    def update(self, **changes: Any) -> None:
        self.record = msgspec.structs.replace(self.record, **changes)


class Ledger:
    """The records and counts of requests. The admission writes it, the store and the sampler read it."""

    def __init__(self) -> None:
        self._open: dict[RequestId, _Entry] = {}
        self._finished: deque[_Entry] = deque(maxlen=MAX_FINISHED)
        self._waiting: Counter[Role] = Counter()
        self._running: Counter[InstanceId] = Counter()
        self._idle: dict[InstanceId, list[asyncio.Future[None]]] = {}
        self._tokens = Window(RATE_WINDOW_S)
        self._tokens_of: dict[InstanceId, Window] = {}
        self._first_tokens = Window(FIRST_TOKEN_WINDOW_S)
        self.served_by: Counter[InstanceId] = Counter()
        self.failed_by: Counter[InstanceId] = Counter()
        self.served = 0
        self.failed = 0
        self.refused = 0
        self._conversations = Conversations()
        self.cuts: dict[ModelName, CutPrompts] = {}

    def arrived(self, job: Job, now: float) -> None:
        """Record a new request, which waits."""
        state = RequestState.WAITING
        record = RequestRecord(job.id, job.client, job.request_class, job.model, job.path, job.stream, state, now)
        self._open[job.id] = _Entry(job.role, record, job.prompt_tokens, job.turns)
        self._waiting[job.role] += 1

    def dispatched(self, request: RequestId, placement: Placement, now: float, *, loading: bool) -> None:
        """Record the dispatch of a request to an instance; `loading`: it must load the model first."""
        entry, instance = self._open[request], placement.instance
        entry.context = placement.context
        self._waiting[entry.role] -= 1
        self._running[instance] += 1
        state = RequestState.LOADING if loading else RequestState.RUNNING
        attempts = entry.record.attempts + 1
        entry.update(state=state, instance=instance, dispatched=now, attempts=attempts, **_NOT_WAITING, why="")

    def requeued(self, request: RequestId, why: str) -> None:
        """Record that a dispatched request waits again."""
        entry = self._open[request]
        if entry.record.state in _IN_FLIGHT:
            self._release(entry.record.instance)
            self._waiting[entry.role] += 1
            entry.why = why
            entry.update(state=RequestState.WAITING, instance=None, dispatched=None, why=why, cut=None)

    def truncated(self, instance: InstanceId, fact: PromptTruncated, at: float) -> None:
        """Record what the log of an instance says at `at` about a prompt that it cuts: whose it probably is.

        It says so before the prompt is read, but its line may come later than the answer.
        """
        self._tell(instance, fact, at)

    def prompt_cut(self, request: RequestId, usage: Usage) -> PromptCut | None:
        """Return whether the prompt of a request was cut, as far as the log or the counters of its answer tell.

        If the counter is another one than the log's, the line was about a request beside this one.
        """
        entry = self._open[request]
        told, instance, counted = entry.record.cut, entry.record.instance, usage.prompt_tokens
        if told is not None and instance is not None and told.kept is not None and counted not in (None, told.kept):
            fact = PromptTruncated(None, told.prompt_tokens, told.kept)
            if self._tell(instance, fact, entry.told, besides=entry):
                entry.update(cut=None)
        if entry.record.cut is None and entry.role is not Role.EMBEDDING:  # its counter is the sum of all inputs
            cut = cut_by_counters(usage.prompt_tokens, entry.prompt_estimate, entry.context)
            if cut is None and usage.prompt_tokens is not None:
                cut = self._conversations.left_out(
                    entry.record.model, entry.turns, usage.prompt_tokens, entry.prompt_estimate, entry.context
                )
            if cut is not None:
                entry.update(cut=cut)
        return entry.record.cut

    def _tell(self, instance: InstanceId, fact: PromptTruncated, at: float, besides: _Entry | None = None) -> bool:
        """Record a cut with the request that it is about; return whether there is one."""
        entry = self._answered(instance, fact, at) or self._unanswered(instance, fact, besides)
        if entry is None:
            return False
        counted = entry.record.cut is not None
        entry.told = at
        entry.update(cut=PromptCut(fact.prompt_tokens, fact.kept, entry.context))
        if entry.record.finished is not None:
            self._count_cut(entry.record, entry.record.finished, again=counted)
        return True

    def _answered(self, instance: InstanceId, fact: PromptTruncated, at: float) -> _Entry | None:
        """Return the first answered request whose counter says that the line is about it."""
        for entry in self._finished:
            record = entry.record
            untold = record.cut is None or record.cut.prompt_tokens is None
            counted = record.prompt_tokens is not None and record.prompt_tokens == fact.kept
            late = record.finished is not None and record.finished >= at - LATE_S
            if record.instance == instance and late and untold and counted and entry.role is not Role.EMBEDDING:
                return entry
        return None

    def _unanswered(self, instance: InstanceId, fact: PromptTruncated, besides: _Entry | None) -> _Entry | None:
        """Return the request at an instance whose estimated length fits best, rather one without an answer so far."""
        wanted = fact.prompt_tokens or 0
        return min(
            (
                one
                for one in self._open.values()
                if one.record.instance == instance and one.record.cut is None and one is not besides
            ),
            key=lambda one: (one.record.first_byte is not None, abs(one.prompt_estimate - wanted)),
            default=None,
        )

    def first_byte(self, request: RequestId, now: float) -> None:
        """Record that the first payload byte was sent to the client."""
        entry = self._open[request]
        entry.update(state=RequestState.RUNNING, first_byte=now)
        if entry.record.stream:
            self._first_tokens.add(now, now - entry.record.arrived)

    def progress(self, request: RequestId, tokens: int, now: float) -> None:
        """Record newly streamed tokens."""
        entry = self._open[request]
        entry.update(output_tokens=(entry.record.output_tokens or 0) + tokens or None)
        self._count_tokens(entry.record.instance, tokens, now)

    def ended(
        self,
        request: RequestId,
        state: RequestState,
        now: float,
        *,
        usage: Usage = _NO_USAGE,
        status: int | None = None,
        why: str = "",
    ) -> None:
        """Record the end of a request, whatever its outcome."""
        entry = self._open.pop(request)
        record = entry.record
        if record.state in _IN_FLIGHT:
            self._release(record.instance)
        else:
            self._waiting[entry.role] -= 1
        if usage.output_tokens is not None:
            uncounted = usage.output_tokens - (record.output_tokens or 0)
            if uncounted > 0:
                self._count_tokens(record.instance, uncounted, now)
            entry.update(output_tokens=usage.output_tokens)
        if state is RequestState.DONE and record.first_byte is None:
            entry.update(first_byte=now)
        self._count_outcome(state, record.instance)
        if entry.record.cut is not None:
            self._count_cut(entry.record, now, again=False)
        entry.update(
            state=state, finished=now, prompt_tokens=usage.prompt_tokens, status=status, **_NOT_WAITING, why=why
        )
        self._finished.append(entry)

    def in_flight(self, instance: InstanceId) -> int:
        """Return how many requests are in flight at an instance."""
        return self._running[instance]

    async def wait_idle(self, instance: InstanceId) -> None:
        """Wait until no request is in flight at an instance."""
        while self._running[instance]:
            future = asyncio.get_running_loop().create_future()
            self._idle.setdefault(instance, []).append(future)
            await future

    def running(self) -> int:
        """Return how many requests are in flight."""
        return sum(self._running.values())

    def queued(self, role: Role | None = None) -> int:
        """Return how many requests wait, for one role or in total."""
        return sum(self._waiting.values()) if role is None else self._waiting[role]

    def tokens_per_s(self, now: float, instance: InstanceId | None = None) -> float:
        """Return the token rate over the last seconds, of one instance or in total."""
        window = self._tokens if instance is None else self._tokens_of.get(instance)
        return window.rate(now) if window else 0.0

    def first_token_p95_s(self, now: float) -> float | None:
        """Return the 95th percentile, over the last minute, of the seconds from arrival to a stream's first byte."""
        return percentile(self._first_tokens.values(now), 0.95)

    def open_records(self, waiting: Iterable[Waiting]) -> tuple[RequestRecord, ...]:
        """Return the records of requests in flight, then of waiting ones in the given order, at most `MAX_OPEN`.

        A record that has not changed is the identical object.
        """
        records = [entry.record for entry in self._open.values() if entry.record.state in _IN_FLIGHT]
        for place in waiting:
            entry = self._open.get(place.id)
            if entry is not None and entry.record.state is RequestState.WAITING:
                changes = {"position": place.position, "eta_s": place.eta_s, "why": place.why or entry.why}
                if any(getattr(entry.record, name) != value for name, value in changes.items()):
                    entry.update(**changes)
                records.append(entry.record)
        return tuple(records[:MAX_OPEN])

    def finished_records(self) -> tuple[RequestRecord, ...]:
        """Return the records of the last finished requests, oldest first."""
        return tuple(entry.record for entry in self._finished)

    def _count_cut(self, record: RequestRecord, at: float, *, again: bool) -> None:
        """Count the cut of a request that ended at `at`; `again`: more of it is known now."""
        old = self.cuts.get(record.model)
        assert record.cut is not None
        times = (old.times if old else 0) + (not again or old is None)
        at = max(at, old.at) if old else at
        cuts = CutPrompts(record.model, record.client, record.instance, record.cut, times, at)
        keep_latest(self.cuts, record.model, cuts, MODELS_KEPT)

    def _release(self, instance: InstanceId | None) -> None:
        if instance is None:
            return
        self._running[instance] -= 1
        if not self._running[instance]:
            for future in self._idle.pop(instance, []):
                if not future.done():
                    future.set_result(None)

    def _count_tokens(self, instance: InstanceId | None, tokens: int, now: float) -> None:
        self._tokens.add(now, tokens)
        if instance is not None:
            window = self._tokens_of.get(instance)
            if window is None:
                window = self._tokens_of[instance] = Window(RATE_WINDOW_S)
            window.add(now, tokens)

    def _count_outcome(self, state: RequestState, instance: InstanceId | None) -> None:
        if state is RequestState.DONE:
            self.served += 1
        elif state is RequestState.FAILED:
            self.failed += 1
        elif state is RequestState.REFUSED:
            self.refused += 1
        if instance is not None and state in (RequestState.DONE, RequestState.FAILED):
            (self.served_by if state is RequestState.DONE else self.failed_by)[instance] += 1
