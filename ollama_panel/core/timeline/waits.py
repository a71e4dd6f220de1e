"""What goes on while requests wait: who is served, how long the queue is held, models are loaded, nobody answers.

A request that waits keeps a `Mark` of how it was when it came; when it is sent to an instance, the difference is what
held it up. So a request costs the same however many others wait. Times are seconds.
"""

from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from ollama_panel.core.client_rules import lasting_name
from ollama_panel.core.ids import ClientId, InstanceId, ModelName
from ollama_panel.core.latest import keep_latest
from ollama_panel.core.records import Job
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.ticket import Want

SERVED_KEPT = 20_000
"""How many requests are remembered as served, for each model: twice the usual limit of the queue."""
WANTS_KEPT = 256
LONG_S = 1.0
"""A part of a request's time that is shorter needs no reason."""


class Who(msgspec.Struct, eq=False, gc=False):
    """A request in the list of those served: the lasting name of its client, which may become known later.

    Tens of thousands are kept, and refer to nothing that a collection of garbage could find.
    """

    name: str


@dataclass(slots=True)
class Served:
    """The requests for one want that were sent to an instance, and those that run. `first` is the place of `log[0]`."""

    log: list[Who] = field(default_factory=list)
    first: int = 0
    running: set[Who] = field(default_factory=set)
    seen: frozenset[Who] | None = None

    @property
    def place(self) -> int:
        """Return the place that the next request will have."""
        return self.first + len(self.log)

    def started(self, who: Who) -> None:
        """Add a request."""
        self.log.append(who)
        self.running.add(who)
        self.seen = None
        if len(self.log) > 2 * SERVED_KEPT:
            del self.log[:SERVED_KEPT]
            self.first += SERVED_KEPT

    def now_running(self) -> frozenset[Who]:
        """Return those that run; the identical object until that changes, as ten thousand requests may keep it."""
        if self.seen is None:
            self.seen = frozenset(self.running)
        return self.seen


@dataclass(slots=True)
class Spell:
    """For how long something has been so, in all."""

    before: float = 0.0
    since: float | None = None

    def turn(self, now: float, *, on: bool) -> None:
        """Set whether it is so from now on."""
        if on and self.since is None:
            self.since = now
        elif not on and self.since is not None:
            self.before, self.since = self.before + now - self.since, None

    def seconds(self, now: float) -> float:
        """Return for how long it was so, until now."""
        return self.before if self.since is None else self.before + now - self.since


@dataclass(frozen=True, slots=True)
class Mark:
    """How it was when a request began to wait: the seconds of all spells until then, and who was served last."""

    served: Served
    place: int
    running: frozenset[Who]
    paused: float
    given: float
    down: float
    loading: float
    limited: float


@dataclass(frozen=True, slots=True)
class Wait:
    """What held a request up: the seconds of each spell, and whom it waited for: those of `served` up to a `place`."""

    mark: Mark
    place: int
    who: Who
    paused_s: float
    given_s: float
    down_s: float
    loading_s: float
    limited_s: float
    limit: int | None

    def ahead(self) -> Mapping[str, int]:
        """Return how many requests of each client ran when it came, or were sent to an instance while it waited.

        Only the last `SERVED_KEPT` are known.
        """
        served, mark = self.mark.served, self.mark
        log = served.log[max(0, mark.place - served.first) : max(0, self.place - served.first)]
        return Counter(who.name for who in {*mark.running, *log} - {self.who})


class Waits:
    """Keeps what marks are made of. The timeline tells it what happens."""

    __slots__ = ("_down", "_given", "_limited", "_limits", "_loading", "_paused", "_running", "_served", "_up")

    def __init__(self) -> None:
        self._served: OrderedDict[Want, Served] = OrderedDict()
        self._paused = Spell()
        self._given = Spell()
        self._down = Spell(since=0.0)
        self._up = set[InstanceId]()
        self._loading: OrderedDict[ModelName, Spell] = OrderedDict()
        self._limits: Mapping[str, int] = {}
        self._limited: dict[str, Spell] = {}
        self._running = Counter[str]()

    def configured(self, policy: Policy, now: float) -> None:
        """Take note of a pause, of a GPU that is given to others, and of the limits of clients."""
        self._paused.turn(now, on=policy.paused)
        self._given.turn(now, on=policy.given is not None and not policy.paused)
        if policy.limits and not self._limits:
            self._running = Counter(who.name for served in self._served.values() for who in served.running)
        self._limits = policy.limits
        for name in policy.limits.keys() | self._limited.keys():
            self._review(name, now)

    def instance(self, instance: InstanceId, now: float, *, up: bool) -> None:
        """Take note that an instance answers, or is down."""
        (self._up.add if up else self._up.discard)(instance)
        self._down.turn(now, on=not self._up)

    def loading(self, model: ModelName, now: float, *, on: bool) -> None:
        """Take note that a model is being loaded, or no more."""
        spell = self._loading.get(model)
        if spell is None:
            spell = Spell()
            keep_latest(self._loading, model, spell, WANTS_KEPT)
        spell.turn(now, on=on)

    def began(self, job: Job, now: float) -> Mark:
        """Return the mark of a request that begins to wait."""
        served, name = self._of(job), lasting_name(job.client)
        loading, limited = self._loading.get(job.model), self._limited.get(name)
        return Mark(
            served,
            served.place,
            served.now_running(),
            self._paused.seconds(now),
            self._given.seconds(now),
            self._down.seconds(now),
            loading.seconds(now) if loading is not None else 0.0,
            limited.seconds(now) if limited is not None else 0.0,
        )

    def ended(self, mark: Mark, job: Job, who: Who, now: float) -> Wait:
        """Return what held a request up that is sent to an instance now."""
        name = lasting_name(job.client)
        loading, limited = self._loading.get(job.model), self._limited.get(name)
        return Wait(
            mark,
            mark.served.place,
            who,
            self._paused.seconds(now) - mark.paused,
            self._given.seconds(now) - mark.given,
            self._down.seconds(now) - mark.down,
            loading.seconds(now) - mark.loading if loading is not None else 0.0,
            limited.seconds(now) - mark.limited if limited is not None else 0.0,
            self._limits.get(name),
        )

    def started(self, job: Job, who: Who, now: float) -> Served:
        """Take note that a request is sent to an instance; return where it is counted."""
        served = self._of(job)
        served.started(who)
        if self._limits:
            self._count(who.name, now, 1)
        return served

    def stopped(self, served: Served, who: Who, now: float) -> None:
        """Take note that a request, counted there, does not run any more."""
        served.running.discard(who)
        served.seen = None
        if self._limits:
            self._count(who.name, now, -1)

    def renamed(self, who: Who, client: ClientId, now: float, *, runs: bool) -> None:
        """Take note that a request is another client's."""
        before, who.name = who.name, lasting_name(client)
        if self._limits and runs:
            self._count(before, now, -1)
            self._count(who.name, now, 1)

    def _of(self, job: Job) -> Served:
        want = job.model, job.role
        served = self._served.get(want)
        if served is None:
            served = Served()
            keep_latest(self._served, want, served, WANTS_KEPT)
        return served

    def _count(self, name: str, now: float, more: int) -> None:
        number = self._running[name] + more
        if number:
            self._running[name] = number
        else:
            del self._running[name]
        if name in self._limits:
            self._review(name, now)

    def _review(self, name: str, now: float) -> None:
        limit = self._limits.get(name)
        spell = self._limited.get(name)
        if spell is None:
            spell = self._limited[name] = Spell()
        spell.turn(now, on=limit is not None and self._running[name] >= limit)
