"""The ledger of all requests: their records and counts for the snapshot. Times are seconds."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass

from ollama_panel.core.ids import InstanceId, RequestId
from ollama_panel.core.records import Job, Role, Usage
from ollama_panel.core.scheduling.waiting import Waiting
from ollama_panel.core.series import Window, percentile
from ollama_panel.core.snapshot import RequestRecord, RequestState

MAX_FINISHED = 200
"""How many finished requests a snapshot contains."""

MAX_OPEN = 500
"""How many open requests a snapshot contains; its counts include all of them."""

RATE_WINDOW_S = 4.0
FIRST_TOKEN_WINDOW_S = 60.0
_NO_USAGE = Usage()
_IN_FLIGHT = (RequestState.LOADING, RequestState.RUNNING)


@dataclass(slots=True, eq=False)
class _Entry:
    """One request; `record` is the one in the last snapshot."""

    job: Job
    arrived: float
    state: RequestState = RequestState.WAITING
    dispatched: float | None = None
    first_byte: float | None = None
    instance: InstanceId | None = None
    attempts: int = 0
    tokens: int = 0
    why: str = ""
    finished: float | None = None
    usage: Usage = _NO_USAGE
    status: int | None = None
    record: RequestRecord | None = None


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

    def arrived(self, job: Job, now: float) -> None:
        """Record a new request, which waits."""
        self._open[job.id] = _Entry(job, now)
        self._waiting[job.role] += 1

    def dispatched(self, request: RequestId, instance: InstanceId, now: float, *, loading: bool) -> None:
        """Record the dispatch of a request to an instance; `loading`: it must load the model first."""
        entry = self._open[request]
        self._waiting[entry.job.role] -= 1
        self._running[instance] += 1
        entry.state = RequestState.LOADING if loading else RequestState.RUNNING
        entry.instance, entry.dispatched, entry.attempts, entry.why = instance, now, entry.attempts + 1, ""

    def requeued(self, request: RequestId, why: str) -> None:
        """Record that a dispatched request waits again."""
        entry = self._open[request]
        if entry.state in _IN_FLIGHT:
            self._release(entry)
            self._waiting[entry.job.role] += 1
            entry.state, entry.instance, entry.dispatched, entry.why = RequestState.WAITING, None, None, why

    def first_byte(self, request: RequestId, now: float) -> None:
        """Record that the first payload byte was sent to the client."""
        entry = self._open[request]
        entry.state, entry.first_byte = RequestState.RUNNING, now
        if entry.job.stream:
            self._first_tokens.add(now, now - entry.arrived)

    def progress(self, request: RequestId, tokens: int, now: float) -> None:
        """Record newly streamed tokens."""
        entry = self._open[request]
        entry.tokens += tokens
        self._count_tokens(entry.instance, tokens, now)

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
        if state is RequestState.DONE and entry.first_byte is None:
            entry.first_byte = now
        if entry.state in _IN_FLIGHT:
            self._release(entry)
        else:
            self._waiting[entry.job.role] -= 1
        if usage.output_tokens is not None and usage.output_tokens > entry.tokens:
            self._count_tokens(entry.instance, usage.output_tokens - entry.tokens, now)
        self._count_outcome(state, entry.instance)
        entry.state, entry.finished, entry.usage, entry.status, entry.why = state, now, usage, status, why
        entry.record = None
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
        records = [_open_record(entry) for entry in self._open.values() if entry.state in _IN_FLIGHT]
        for place in waiting:
            entry = self._open.get(place.id)
            if entry is not None and entry.state is RequestState.WAITING:
                records.append(_open_record(entry, place))
        return tuple(records[:MAX_OPEN])

    def finished_records(self) -> tuple[RequestRecord, ...]:
        """Return the records of the last finished requests, oldest first; each is created once."""
        return tuple(_finished_record(entry) for entry in self._finished)

    def _release(self, entry: _Entry) -> None:
        instance = entry.instance
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


def _open_record(entry: _Entry, place: Waiting | None = None) -> RequestRecord:
    """Return the record of an open request: the last one if it has not changed."""
    record = _record(entry, place)
    if entry.record is not None and entry.record == record:
        return entry.record
    entry.record = record
    return record


def _finished_record(entry: _Entry) -> RequestRecord:
    if entry.record is None:
        entry.record = _record(entry)
    return entry.record


def _record(entry: _Entry, place: Waiting | None = None) -> RequestRecord:
    job, usage = entry.job, entry.usage
    return RequestRecord(
        id=job.id,
        client=job.client,
        request_class=job.request_class,
        model=job.model,
        path=job.path,
        stream=job.stream,
        state=entry.state,
        arrived=entry.arrived,
        dispatched=entry.dispatched,
        first_byte=entry.first_byte,
        finished=entry.finished,
        instance=entry.instance,
        position=place.position if place else None,
        eta_s=place.eta_s if place else None,
        why=(place.why if place else "") or entry.why,
        attempts=entry.attempts,
        prompt_tokens=usage.prompt_tokens,
        output_tokens=usage.output_tokens if usage.output_tokens is not None else entry.tokens or None,
        status=entry.status,
    )
