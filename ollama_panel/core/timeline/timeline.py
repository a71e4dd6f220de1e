"""The timeline: folds the events and the actions of the scheduler into the records of all requests."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ollama_panel.core.client_rules import lasting_name
from ollama_panel.core.ids import InstanceId, ModelName, RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import RefusalReason
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.waiting import Waiting
from ollama_panel.core.snapshot import RequestRecord, RequestState
from ollama_panel.core.timeline.class_counts import ClassCounts
from ollama_panel.core.timeline.client_book import ClientBook
from ollama_panel.core.timeline.counts import Counts
from ollama_panel.core.timeline.cuts import Cuts
from ollama_panel.core.timeline.entry import Entry
from ollama_panel.core.timeline.last_change import LastChanges
from ollama_panel.core.timeline.parted import PartDone, Parted
from ollama_panel.core.timeline.waits import LONG_S, Waits, Who

MAX_FINISHED = 200
"""How many finished requests a snapshot contains."""

MAX_OPEN = 500
"""How many open requests a snapshot contains; its counts include all of them."""

_OTHER = object()
"""What a handler returns if the actions are about another request: the second of its name, which is refused."""

_LEFT = notice("request.client_left")
_REFUSED = {RefusalReason.FAILED: RequestState.FAILED, RefusalReason.CANCELLED: RequestState.CANCELLED}


def nobody(_: Entry) -> None:
    """Take note of nothing."""


class Timeline:
    """What happened to every request. Like the scheduler, it ignores late events about requests that have ended.

    `on_end` is called with each request that has ended.
    """

    __slots__ = (
        "_ended",
        "_handlers",
        "_loading",
        "_on_end",
        "_open",
        "_parted",
        "_waits",
        "classes",
        "clients",
        "counts",
        "cuts",
        "last_changes",
    )

    def __init__(self, on_end: Callable[[Entry], None] = nobody) -> None:
        self._on_end = on_end
        self._open: dict[RequestId, Entry] = {}
        self._ended: deque[Entry] = deque(maxlen=MAX_FINISHED)
        self.counts = Counts()
        self.clients = ClientBook()
        self.classes = ClassCounts()
        self.last_changes = LastChanges(self.classes)
        self.cuts = Cuts(self._open, self._ended)
        self._waits = Waits()
        self._parted = Parted(self.counts.occupied)
        self._loading: dict[tuple[InstanceId, ModelName], Entry] = {}
        self._handlers: dict[type[say.Message], Callable[[Any, float], object]] = {
            say.Arrived: self._arrived,
            say.Identified: self._identified,
            say.FirstByte: self._first_byte,
            say.Progressed: self._progressed,
            say.Finished: self._finished,
            say.Failed: self._failed,
            say.Preempted: self._preempted,
            say.Cancelled: self._cancelled,
            say.Reconfigured: self._configured,
            say.InstanceUp: self._instance_up,
            say.InstanceDown: self._instance_down,
            say.Loaded: self._loaded,
            say.PromptTruncated: self.cuts.logged,
            say.Dispatch: self._dispatch,
            say.Classed: self._classed,
            say.Preempt: self._preempt,
            say.Reply: self._reply,
            PartDone: self._part_done,
        }

    def fold(self, event: say.Event, actions: Sequence[say.Action], now_us: int) -> None:
        """Take one step of the scheduler: its event, the actions that followed, and its time in microseconds."""
        if self._parted or (type(event) is say.Arrived and event.job.part is not None):
            self._fold_parts(event, actions, now_us / 1e6)
            return
        now, handlers = now_us / 1e6, self._handlers
        handler = handlers.get(type(event))
        if handler is not None and handler(event, now) is _OTHER:
            return
        for action in actions:
            handler = handlers.get(type(action))
            if handler is not None:
                handler(action, now)
        if type(event) is say.Arrived and (entry := self._open.get(event.job.id)) and entry.instance is None:
            entry.mark = self._waits.began(entry.job, now)

    def _fold_parts(self, event: say.Event, actions: Sequence[say.Action], now: float) -> None:
        """Do the same while requests are sent in parts: what is told of these is about the whole request."""
        handlers, translated = self._handlers, self._parted.translated
        for message in translated(event):
            handler = handlers.get(type(message))
            if handler is not None and handler(message, now) is _OTHER:
                return
        for action in actions:
            for message in translated(action):
                handler = handlers.get(type(message))
                if handler is not None:
                    handler(message, now)
        if type(event) is say.Arrived:
            entry = self._open.get(self._parted.whole_of(event.job.id))
            if entry is not None and entry.instance is None and entry.mark is None:
                entry.mark = self._waits.began(entry.job, now)

    # What the snapshot and the proxy read

    def prompt_cut(self, request: RequestId) -> PromptCut | None:
        """Return how the prompt of a request was cut, as far as it is known; an open one goes before an ended one."""
        if request in self._open:
            return self._open[request].cut
        for entry in reversed(self._ended):
            if entry.job.id == request:
                return entry.cut
        return None

    def record(self, request: RequestId) -> RequestRecord | None:
        """Return the record of a request, of an open one rather than of the last that has ended; None if unknown."""
        found = self._open.get(request) or next((one for one in reversed(self._ended) if one.job.id == request), None)
        return found.record() if found is not None else None

    def is_open(self, request: RequestId) -> bool:
        """Return whether a request waits or is in flight."""
        return request in self._open

    def heard_at(self, request: RequestId) -> float | None:
        """Return when the last byte of the answer to an open request came, None if there was none yet."""
        entry = self._open.get(request)
        return entry.heard if entry is not None else None

    def models_at(self, instance: InstanceId) -> Iterator[ModelName]:
        """Yield the model of each request in flight at an instance."""
        yield from self._parted.models_at(instance)
        for entry in self._open.values():
            if entry.instance == instance and not entry.parted:
                yield entry.job.model

    def open_records(self, waiting: Iterable[Waiting]) -> tuple[RequestRecord, ...]:
        """Return the records of requests in flight, then of waiting ones in the given order, at most `MAX_OPEN`.

        A record that has not changed is the identical object.
        """
        entries = [entry for entry in self._open.values() if entry.instance is not None]
        entries += self._placed(waiting)
        return tuple([entry.record() for entry in entries[:MAX_OPEN]])

    def waiting_records(self, waiting: Iterable[Waiting]) -> tuple[RequestRecord, ...]:
        """Return the records of these waiting requests, however many they are."""
        return tuple([entry.record() for entry in self._placed(waiting)])

    def _placed(self, waiting: Iterable[Waiting]) -> list[Entry]:
        found = []
        seen = set[RequestId]()
        for place in waiting:
            request = self._parted.whole_of(place.id) if self._parted else place.id
            entry = self._open.get(request)
            if entry is not None and entry.instance is None and request not in seen:
                entry.place(place)
                found.append(entry)
                seen.add(request)
        return found

    def finished_records(self) -> tuple[RequestRecord, ...]:
        """Return the records of the last finished requests, oldest first."""
        return tuple([entry.record() for entry in self._ended])

    # Events

    def _arrived(self, event: say.Arrived, now: float) -> object:
        job = event.job
        if job.id in self._open:
            return _OTHER
        self._open[job.id] = Entry(job, now, who=Who(lasting_name(job.client)), parted=job.id in self._parted)
        self.counts.arrived(job)
        self.classes.arrived(job, now)
        self.clients.arrived(job, now)
        return None

    def _identified(self, event: say.Identified, now: float) -> None:
        for request, client in event.clients.items():
            entry = self._open.get(request)
            if entry is not None:
                self.clients.renamed(entry, client, now)
                self._waits.renamed(entry.who, client, now, runs=entry.instance is not None)
                entry.rename(client)

    def _running(self, request: RequestId) -> Entry | None:
        entry = self._open.get(request)
        return entry if entry is not None and entry.instance is not None else None

    def _first_byte(self, event: say.FirstByte, now: float) -> None:
        entry = self._running(event.id)
        if entry is not None and entry.first_byte is None:
            if self._loading:
                self._load_ended(entry, now)
            entry.answer(now)
            if entry.job.stream:
                self.counts.answered(now - entry.arrived, now)
                self.classes.answered(entry.job, now - entry.arrived, now)

    def _progressed(self, event: say.Progressed, now: float) -> None:
        entry = self._running(event.id)
        if entry is not None:
            entry.stream(event.tokens, now)
            self.classes.tokens[entry.job.request_class] += event.tokens

    def _finished(self, event: say.Finished, now: float) -> None:
        entry = self._running(event.id)
        if entry is None:
            return
        self.cuts.answered(entry, event.usage)
        streamed = entry.output_tokens
        entry.finish(event.usage, event.status, now)
        self.classes.tokens[entry.job.request_class] += max(0, entry.output_tokens - streamed)
        self._end(entry, now)

    def _failed(self, event: say.Failed, now: float) -> None:
        entry = self._running(event.id)
        if entry is None:
            return
        if event.sent or entry.first_byte is not None:
            entry.end(RequestState.FAILED, now, event.why)
            self._end(entry, now)
        else:
            self._requeue(entry, event.why, now)

    def _preempted(self, event: say.Preempted, now: float) -> None:
        entry = self._open.get(event.id)
        if entry is not None and entry.preempted is not None:
            self._requeue(entry, entry.preempted, now)

    def _requeue(self, entry: Entry, why: Notice, now: float) -> None:
        """Let a request wait again; if the scheduler gives it up, a refusal follows."""
        if entry.instance is not None and entry.dispatched is not None:
            self.counts.requeued(entry.job, entry.instance)
            self.classes.requeued(entry.job, now)
            self.clients.requeued(entry.job, entry.dispatched, now)
            self._stopped(entry, now)
            entry.requeue(why, now)
            entry.mark = entry.mark or self._waits.began(entry.job, now)

    def _cancelled(self, event: say.Cancelled, now: float) -> None:
        entry = self._open.get(event.id)
        if entry is not None and not event.by_user:  # the user's is answered by a refusal
            entry.end(RequestState.CANCELLED, now, event.why or _LEFT)
            self._end(entry, now)

    def _end(self, entry: Entry, now: float) -> None:
        del self._open[entry.job.id]
        if entry.instance is not None:
            self._stopped(entry, now)
        self.counts.gone(entry.job, entry.state, entry.instance, slots=not entry.parted)
        self.classes.gone(entry.job, entry.state, now, in_flight=entry.instance is not None)
        self.clients.gone(entry, now)
        self.cuts.count(entry)
        self._ended.append(entry)
        self._on_end(entry)

    def _stopped(self, entry: Entry, now: float) -> None:
        """Note that a request is in flight no more."""
        if self._loading:
            self._load_ended(entry, now)
        if entry.served is not None:
            self._waits.stopped(entry.served, entry.who, now)

    def _configured(self, event: say.Reconfigured, now: float) -> None:
        self._waits.configured(event.policy, now)

    def _instance_up(self, event: say.InstanceUp, now: float) -> None:
        self._waits.instance(event.instance, now, up=True)

    def _instance_down(self, event: say.InstanceDown, now: float) -> None:
        self._waits.instance(event.instance, now, up=False)

    def _loaded(self, event: say.Loaded, now: float) -> None:
        entry = self._loading.get((event.instance, event.model))
        if entry is not None:
            entry.load(now)
            self._load_ended(entry, now)

    def _load_ended(self, entry: Entry, now: float) -> None:
        """Note that a request loads its model no more, if it did."""
        if entry.instance is not None:
            key = entry.instance, entry.job.model
            if self._loading.get(key) is entry:
                del self._loading[key]
                self._waits.loading(entry.job.model, now, on=False)

    def _part_done(self, event: PartDone, now: float) -> None:
        entry = self._running(event.id)
        if entry is not None:
            entry.part_done(event.inputs)

    # Actions, which are about open requests only

    def _dispatch(self, action: say.Dispatch, now: float) -> None:
        entry, placement = self._open[action.id], action.placement
        rate = self.counts.dispatched(entry.job, placement.instance, slots=not entry.parted)
        self.classes.dispatched(entry.job, now - entry.arrived, now)
        self.clients.dispatched(entry.job, now)
        if entry.mark is not None and now - entry.arrived >= LONG_S:
            entry.wait = self._waits.ended(entry.mark, entry.job, entry.who, now)
        entry.served = self._waits.started(entry.job, entry.who, now)
        if action.loading:
            self._loading[placement.instance, entry.job.model] = entry
            self._waits.loading(entry.job.model, now, on=True)
        entry.dispatch(placement.instance, placement.context, rate, now, loading=action.loading)

    def _classed(self, action: say.Classed, now: float) -> None:
        entry = self._open[action.id]
        self.classes.reclassed(entry.job, action.request_class, in_flight=entry.instance is not None)
        entry.reclass(action.request_class)

    def _preempt(self, action: say.Preempt, now: float) -> None:
        self._open[action.id].preempt(action.why)

    def _reply(self, action: say.Reply, now: float) -> None:
        entry, refusal = self._open[action.id], action.refusal
        entry.end(_REFUSED.get(refusal.reason, RequestState.REFUSED), now, refusal.notice)
        self._end(entry, now)
