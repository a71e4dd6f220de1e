"""What the clients of the last ten minutes did: `core.clients.ClientRecord`, kept while requests come and go.

Adding up costs the same however many requests a client sends: what has ended is counted in spans of half a minute, and
of waits it is counted how many were how long, in steps of a tenth. Times are seconds.
"""

import math
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ollama_panel.core.client_rules import lasting_name, rule_of
from ollama_panel.core.clients import SPAN_S, ClientRecord, Process, Sighting
from ollama_panel.core.ids import ClientId, ModelName
from ollama_panel.core.latest import keep_latest
from ollama_panel.core.ollama.api import Dialect, dialect_of
from ollama_panel.core.records import Job, RequestClass
from ollama_panel.core.settings.tree import ApiKey, Settings
from ollama_panel.core.snapshot import RequestState
from ollama_panel.core.timeline.entry import Entry

MOST_CLIENTS = 200
"""How many clients are remembered besides those that have requests open: anybody may invent names."""
MOST_VALUES = 8
"""How many paths, models and so on of a client are told, the last ones."""
EVERY_S = 1.0
"""How often the records are made anew at most: clients change with every request."""

_STEP_S = 30.0
_MOST_PROCESSES = 64
_LEAST_S = 0.001
_RATIO = math.log(1.1)
T = TypeVar("T")


@dataclass(slots=True)
class _Ended:
    """What ended within a time, from `began` on. The waits and first tokens are counted by their steps."""

    began: float = 0.0
    ends: Counter[RequestState] = field(default_factory=Counter)
    turned_away: int = 0
    busy_s: float = 0.0
    waits: Counter[int] = field(default_factory=Counter)
    first_tokens: Counter[int] = field(default_factory=Counter)

    def add(self, other: "_Ended") -> None:
        """Count what another one has, too."""
        self.busy_s += other.busy_s
        self.turned_away += other.turned_away
        for mine, theirs in self._counters(other):
            mine.update(theirs)

    def remove(self, other: "_Ended") -> None:
        """Count no longer what another one has."""
        self.busy_s -= other.busy_s
        self.turned_away -= other.turned_away
        for mine, theirs in self._counters(other):
            mine.subtract(theirs)
            for step in [step for step, times in mine.items() if not times]:
                del mine[step]

    def _counters(self, other: "_Ended") -> tuple[tuple[Counter[Any], Counter[Any]], ...]:
        return (self.ends, other.ends), (self.waits, other.waits), (self.first_tokens, other.first_tokens)


@dataclass(slots=True)
class _Client:
    """One client. `dispatched` is the sum of the times at which its running requests were sent to an instance.

    `asked` is what its newest request asked for: a path, a model and a class; None = something else was noted since.
    What has ended is in `newest`, for half a minute, then in `before`, of which `spans` are the parts.
    """

    client: ClientId
    first_seen: float
    last_seen: float
    sighting: Sighting = Sighting("")  # noqa: RUF009 - immutable
    process: Process | None = None
    processes: OrderedDict[int, None] = field(default_factory=OrderedDict)
    dialects: OrderedDict[Dialect, None] = field(default_factory=OrderedDict)
    paths: OrderedDict[str, None] = field(default_factory=OrderedDict)
    models: OrderedDict[ModelName, None] = field(default_factory=OrderedDict)
    classes: OrderedDict[RequestClass, None] = field(default_factory=OrderedDict)
    asked: tuple[str, ModelName, RequestClass] | None = None
    heartbeats: bool = True
    seen: bool = False
    waiting: int = 0
    running: int = 0
    dispatched: float = 0.0
    newest: _Ended | None = None
    before: _Ended = field(default_factory=_Ended)
    spans: deque[_Ended] = field(default_factory=deque)

    @property
    def is_open(self) -> bool:
        """Whether it has requests that run or wait."""
        return bool(self.waiting or self.running)

    @property
    def has_ended(self) -> bool:
        """Whether any of its requests has ended lately."""
        return self.newest is not None or bool(self.spans)

    def ending(self, now: float) -> _Ended:
        """Return where to count what ends now."""
        newest = self.newest
        if newest is None or now - newest.began >= _STEP_S:
            self.forget(now)
            newest = self.newest = _Ended(now)
        return newest

    def forget(self, now: float) -> None:
        """Forget what ended more than ten minutes ago."""
        newest, spans = self.newest, self.spans
        if newest is not None and now - newest.began >= _STEP_S:
            self.before.add(newest)
            spans.append(newest)
            self.newest = None
        while spans and spans[0].began <= now - SPAN_S:
            self.before.remove(spans.popleft())
        if not spans:
            self.before.busy_s = 0.0  # no rounding error stays

    def ended(self) -> _Ended:
        """Return all that has ended lately."""
        whole = _Ended()
        for part in (self.before, self.newest):
            if part is not None:
                whole.add(part)
        return whole

    def busy_s(self, now: float) -> float:
        """Return for how long its requests have occupied slots."""
        newest, running = self.newest, self.running * now - self.dispatched
        return self.before.busy_s + (newest.busy_s if newest is not None else 0.0) + max(0.0, running)


class ClientBook:
    """The clients; the timeline tells it of requests, the proxy by `seen` who sends them."""

    __slots__ = ("_clients", "_made", "_made_for", "_records", "_room")

    def __init__(self) -> None:
        self._clients: OrderedDict[str, _Client] = OrderedDict()
        self._room = MOST_CLIENTS
        self._records: dict[str, ClientRecord] = {}
        self._made = -math.inf
        self._made_for: Settings | None = None

    def seen(self, client: ClientId, sighting: Sighting, now: float) -> None:
        """Note who sends a request, or has sent one."""
        one = self._of(client, now)
        one.seen, one.client = True, client
        process = sighting.process
        if process is not None and process is not one.process and process != one.process:
            one.process = process
            keep_latest(one.processes, process.pid, None, _MOST_PROCESSES)
        if sighting.turned_away:
            one.ending(now).turned_away += 1
            if one.sighting.address:
                return  # what it told with a valid key says more
        elif sighting.path:
            _note(one.paths, sighting.path)
            _note(one.dialects, sighting.dialect)
            one.asked = None
        one.sighting = sighting

    # The timeline's side

    def arrived(self, job: Job, now: float) -> None:
        """Count a request that waits."""
        one = self._of(job.client, now)
        one.client = job.client
        one.waiting += 1
        self._asks(one, job)

    def dispatched(self, job: Job, now: float) -> None:
        """Count a request that waited as running."""
        one = self._clients[lasting_name(job.client)]
        one.last_seen = now  # its place among the others counts once nothing of it is open
        one.waiting -= 1
        one.running += 1
        one.dispatched += now

    def requeued(self, job: Job, dispatched: float, now: float) -> None:
        """Count a request that ran as one that waits."""
        one = self._of(job.client, now)
        self._stopped(one, one.ending(now), dispatched, now)
        one.waiting += 1

    def renamed(self, entry: Entry, client: ClientId, now: float) -> None:
        """Count an open request for another client: its process is known now."""
        job, before, after = entry.job, self._of(entry.job.client, now), self._of(client, now)
        if entry.dispatched is None:
            before.waiting -= 1
            after.waiting += 1
        else:
            before.running -= 1
            before.dispatched -= entry.dispatched
            after.running += 1
            after.dispatched += entry.dispatched
        after.first_seen = min(after.first_seen, entry.arrived)
        self._asks(after, job, entry.asked)

    def gone(self, entry: Entry, now: float) -> None:
        """Count the end of a request."""
        one = self._of(entry.job.client, now)
        ending = one.ending(now)
        ending.ends[entry.state] += 1
        if entry.dispatched is None:
            one.waiting -= 1
            return
        self._stopped(one, ending, entry.dispatched, now)
        ending.waits[_step(entry.dispatched - entry.arrived)] += 1
        if entry.job.stream and entry.first_byte is not None:
            ending.first_tokens[_step(entry.first_byte - entry.arrived)] += 1

    # The snapshot's side

    def records(self, now: float, settings: Settings) -> tuple[ClientRecord, ...]:
        """Return the clients of the last ten minutes, the newest first; those of the last second if it was asked then.

        A record that has not changed is the identical object.
        """
        if settings is self._made_for and self._made <= now < self._made + EVERY_S:
            return tuple(self._records.values())
        for name, one in list(self._clients.items()):
            one.forget(now)
            if not one.is_open and now - one.last_seen > SPAN_S:
                del self._clients[name]
        self._make_room()
        keys = {key.name: key for key in settings.proxy.api_keys}
        whole = sum(one.busy_s(now) for one in self._clients.values())
        shown = [(name, one) for name, one in self._clients.items() if one.seen or one.is_open or one.has_ended]
        shown.sort(key=lambda each: (not each[1].is_open, -each[1].last_seen))
        new = {name: self._record(name, one, settings, keys, whole, now) for name, one in shown[:MOST_CLIENTS]}
        self._records = {name: self._unchanged_or_new(name, record) for name, record in new.items()}
        self._made, self._made_for = now, settings
        return tuple(self._records.values())

    def _unchanged_or_new(self, name: str, new: ClientRecord) -> ClientRecord:
        old = self._records.get(name)
        return old if old is not None and old == new else new

    def _of(self, client: ClientId, now: float) -> _Client:
        name = lasting_name(client)
        one = self._clients.get(name)
        if one is None:
            one = self._clients[name] = _Client(client, now, now)
            if len(self._clients) > self._room:
                self._make_room()
        elif one.last_seen != now:
            self._clients.move_to_end(name)
        one.last_seen = now
        return one

    def _make_room(self) -> None:
        """Forget those without open requests that were not seen for the longest time, all but `MOST_CLIENTS`.

        All are looked at, and then not before as many new ones have come: ten thousand names may wait.
        """
        idle = [name for name, one in self._clients.items() if not one.is_open]
        for name in idle[:-MOST_CLIENTS]:
            del self._clients[name]
        self._room = len(self._clients) + MOST_CLIENTS

    @staticmethod
    def _asks(one: _Client, job: Job, asked: RequestClass | None = None) -> None:
        one.heartbeats = job.heartbeat
        wanted = job.path, job.model, asked or job.request_class
        if wanted != one.asked:
            one.asked = path, model, request_class = wanted
            _note(one.paths, path)
            _note(one.dialects, dialect_of(path))
            _note(one.models, model)
            _note(one.classes, request_class)

    @staticmethod
    def _stopped(one: _Client, ending: _Ended, dispatched: float, now: float) -> None:
        one.running -= 1
        one.dispatched = one.dispatched - dispatched if one.running else 0.0  # no rounding error stays
        ending.busy_s += min(now - dispatched, SPAN_S)

    @staticmethod
    def _record(
        name: str, one: _Client, settings: Settings, keys: dict[str, ApiKey], whole_s: float, now: float
    ) -> ClientRecord:
        ended = one.ended()
        ends = ended.ends
        sighting, key, rule = one.sighting, keys.get(one.sighting.key), rule_of(settings.scheduling, one.client)
        return ClientRecord(
            name=name,
            client=one.client,
            process=one.process,
            processes=len(one.processes),
            address=sighting.address,
            key=sighting.key,
            user=sighting.user,
            agent=sighting.agent,
            dialects=tuple(one.dialects),
            paths=tuple(one.paths),
            models=tuple(one.models),
            classes=tuple(one.classes),
            requests=ends.total(),
            failed=ends[RequestState.FAILED] + ends[RequestState.REFUSED],
            cancelled=ends[RequestState.CANCELLED],
            turned_away=ended.turned_away,
            running=one.running,
            waiting=one.waiting,
            share=round(one.busy_s(now) / whole_s, 3) if whole_s > 0 else None,
            wait_p50_s=_percentile(ended.waits, 0.5),
            wait_p95_s=_percentile(ended.waits, 0.95),
            first_token_p95_s=_percentile(ended.first_tokens, 0.95),
            first_seen=one.first_seen,
            last_seen=one.last_seen,
            heartbeats=one.heartbeats,
            request_class=rule.request_class or (key.request_class if key else None),
            weight=rule.weight,
            limit=rule.limit,
        )


def _note(values: OrderedDict[T, None], value: T) -> None:
    """Make a value the newest."""
    if next(reversed(values), None) != value:
        keep_latest(values, value, None, MOST_VALUES)


def _step(seconds: float) -> int:
    """Return the step of a duration: each is a tenth longer than the one before, from a millisecond on."""
    return math.ceil(math.log(seconds / _LEAST_S) / _RATIO) if seconds > _LEAST_S else 0


def _percentile(steps: Counter[int], share: float) -> float | None:
    """Return the nearest-rank percentile in seconds, the middle of its step; None without values."""
    rank = max(1, math.ceil(steps.total() * share))
    for step in sorted(steps):
        rank -= steps[step]
        if rank <= 0:
            return round(_LEAST_S * math.exp(_RATIO * (step - 0.5)), 4) if step else 0.0
    return None
