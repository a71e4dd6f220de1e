"""One server, the models in its memory, and how well it fits a request."""

from dataclasses import dataclass, field

from ollama_panel.core.ids import InstanceId, ModelName, RequestId
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling.limiter import Limiter
from ollama_panel.core.scheduling.messages import InstanceUp
from ollama_panel.core.scheduling.model_state import COLD, WARM, ModelState
from ollama_panel.core.scheduling.retry import CircuitBreaker
from ollama_panel.core.scheduling.slot_probe import SlotProbe
from ollama_panel.core.scheduling.ticket import Ticket, Want

OTHER_ROLE = 3
"""Instances whose pool has another role have ranks from here on."""
ADOPTED = 6
"""Adopted servers have ranks from here on: they get what no managed worker has."""
LAST_RESORT = 9
"""The rank of an embedding worker for requests of other roles, where these are allowed there."""
NOT_HERE = 10
"""Instances that do not have the model at all have ranks from here on."""
NOT_FOUND = 20
"""Instances that have just said so have ranks from here on."""


@dataclass(slots=True, eq=False)
class Copy:
    """A model at an instance. `parallel` is the effective number of slots where it is known.

    `context` is what it was loaded with, in tokens per slot, None = the instance's own. While it is cold, that is what
    it was loaded with last, or if `switching` what it will be loaded with. `own_seen`: the instance's own as reported.

    `prefilling` are the requests in prefill (dispatched, no first byte), `slots_in_use` counts the requests by the slot
    that they probably have, `batch` those of the batch class. A `draining` copy gets no requests because another model
    needs its memory. `load_failed_at` is when a load last failed here, `cold_since` when it left the memory; -1: never.
    `given_up`: the panel has unloaded it at an adopted server, and not loaded it again. `probed` is 1 while the
    watchdog asks it for a tiny answer, which holds a slot, else 0. `kept` is the `keep_alive` that its runner was told
    last, "" = what a client has asked for, None = nothing yet. `of_panel`: a request of the panel has loaded it.
    """

    instance: "Instance"
    model: ModelName
    state: ModelState = COLD
    parallel: int | None = None
    context: int | None = None
    switching: bool = False
    own_seen: int | None = None
    bytes: int = 0
    warm_since: int = 0
    used: int = 0
    running: dict[RequestId, Ticket] = field(default_factory=dict)
    prefilling: dict[RequestId, Ticket] = field(default_factory=dict)
    slots_in_use: dict[int, int] = field(default_factory=dict)
    batch: int = 0
    draining: bool = False
    unload_sent_at: int = 0
    load_failed_at: int = -1
    cold_since: int = -1
    given_up: bool = False
    probed: int = 0
    kept: str | None = None
    of_panel: bool = False
    limiter: Limiter = field(default_factory=Limiter)
    slot_probe: SlotProbe = field(default_factory=SlotProbe)

    @property
    def current(self) -> list[Ticket]:
        """Return the requests that run at the instance as it is now, not at a process that was there before."""
        generation = self.instance.generation
        return [ticket for ticket in self.running.values() if ticket.generation == generation]

    @property
    def ready(self) -> bool:
        """Return whether requests may be dispatched here without a load."""
        return self.state is WARM and not self.draining and self.takes_work

    @property
    def takes_work(self) -> bool:
        """Return whether the instance takes requests, and its runner of the model answers, if there is one."""
        return self.instance.takes_work and not self.silent

    @property
    def silent(self) -> bool:
        """Return whether it is in memory, and its runner does not answer: requests would stand still there."""
        return self.model in self.instance.facts.silent and self.state is not COLD

    @property
    def pinned(self) -> bool:
        """Return whether its pool keeps it in memory: it is not unloaded for another model, nor for a client."""
        return self.model in self.instance.facts.pinned

    @property
    def of_others(self) -> bool:
        """Return whether somebody else has loaded it again after the panel had unloaded it: it is left alone."""
        return self.given_up and self.state is WARM


@dataclass(slots=True, eq=False)
class Instance:
    """One server. `since` is when it went up or down, `generation` counts how often it came up again.

    `missing` are models that its store does not have, as it said itself, whatever the list of its store says.
    """

    facts: InstanceUp
    number: int
    up: bool = True
    draining: bool = False
    since: int = 0
    generation: int = 0
    copies: dict[ModelName, Copy] = field(default_factory=dict)
    missing: set[ModelName] = field(default_factory=set)
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    id: InstanceId = field(init=False)

    def __post_init__(self) -> None:
        self.id = self.facts.instance

    @property
    def store(self) -> InstanceId | None:
        """Return the identity of its store; None is that of all instances without a store of their own."""
        return (self.facts.store_id or self.id) if self.facts.own_store else None

    @property
    def reads(self) -> tuple[InstanceId | None, bool]:
        """Return its store and whether the panel manages it: another user's server may read what a worker cannot."""
        return self.store, self.facts.managed

    @property
    def takes_work(self) -> bool:
        """Return whether new requests may be dispatched here."""
        return self.up and not self.draining

    def may_get(self, now: int) -> bool:
        """Return whether it takes work and its circuit breaker allows a request."""
        return self.takes_work and (not self.breaker.tripped or self.breaker.allows(now, self.in_flight()))

    def copy(self, model: ModelName) -> Copy:
        """Return the copy of a model here, created if it is new."""
        copy = self.copies.get(model)
        if copy is None:
            copy = self.copies[model] = Copy(self, model)
        return copy

    def in_flight(self) -> int:
        """Return how many requests are in flight here."""
        return sum(len(copy.running) for copy in self.copies.values())

    def rank(self, want: Want) -> int:
        """Return how well this instance fits a want; 0 is best.

        Whether it has the model at all comes first, then whether the panel manages it, then its pool's role, then the
        pool's list of models. An adopted one serves all roles alike; an embedding worker other roles last of all.
        """
        named = 0 if want[0] in self.facts.models else 2 if self.facts.models else 1
        elsewhere = NOT_HERE if self.facts.store is not None and want[0] not in self.facts.store else 0
        if want[0] in self.missing:
            elsewhere = NOT_FOUND
        if not self.facts.managed:
            return elsewhere + ADOPTED
        if self.facts.role is Role.EMBEDDING and want[1] is not Role.EMBEDDING:
            return elsewhere + LAST_RESORT
        return elsewhere + (named if self.facts.role is want[1] else OTHER_ROLE + named)


def load_order(copy: Copy) -> tuple[int, int, int, int]:
    """Order copies for a load: first those without a recent failed load, then those whose instance is least busy."""
    resident = sum(one.state is not COLD for one in copy.instance.copies.values())
    return copy.load_failed_at, copy.instance.in_flight(), resident, copy.instance.number
