"""The instances, the models in their memory, and which of them may serve which request."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ollama_panel.core.ids import InstanceId, ModelName, RequestId
from ollama_panel.core.ollama.memory import (
    DEFAULT_CONTEXT,
    RunnerConfig,
    effective_context,
    longest_context,
    model_parts,
)
from ollama_panel.core.ollama.models import ModelFacts, forced_serial
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling.context import ContextNeed, serves
from ollama_panel.core.scheduling.limiter import Limiter
from ollama_panel.core.scheduling.messages import InstancePlanned, InstanceUp, MemoryMeasured
from ollama_panel.core.scheduling.model_state import (
    COLD,
    FAILED,
    LOADING,
    UNLOADING,
    WARM,
    ModelEvent,
    ModelState,
    step,
)
from ollama_panel.core.scheduling.retry import CircuitBreaker
from ollama_panel.core.scheduling.slot_probe import SlotProbe
from ollama_panel.core.scheduling.ticket import Ticket, Want

OTHER_ROLE = 3
"""Instances whose pool has another role have ranks from here on."""
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
    needs its memory. `load_failed_at` is when a load last failed here, -1 = never.
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
    limiter: Limiter = field(default_factory=Limiter)
    slot_probe: SlotProbe = field(default_factory=SlotProbe)

    @property
    def ready(self) -> bool:
        """Return whether requests may be dispatched here without a load."""
        return self.state is WARM and not self.draining and self.instance.takes_work


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
    def takes_work(self) -> bool:
        """Return whether new requests may be dispatched here."""
        return self.up and not self.draining

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

        Whether it has the model at all comes first, then its pool's role, then the pool's list of models.
        """
        named = 0 if want[0] in self.facts.models else 2 if self.facts.models else 1
        elsewhere = NOT_HERE if self.facts.store is not None and want[0] not in self.facts.store else 0
        if want[0] in self.missing:
            elsewhere = NOT_FOUND
        return elsewhere + (named if self.facts.role is want[1] else OTHER_ROLE + named)


@dataclass(slots=True)
class Fleet:
    """All instances ever seen and not removed. `all_down_at` is when the last one that was up went down.

    `loading` is the copy that is being loaded: there is at most one at a time. `cache` are the candidates by want,
    `own` and `shortest` the known own contexts by copy and by want, `stores` the identities of all stores.
    """

    instances: dict[InstanceId, Instance] = field(default_factory=dict)
    catalog: dict[ModelName, ModelFacts] = field(default_factory=dict)
    all_down_at: int = 0
    loading: Copy | None = None
    numbers: int = 0
    cache: dict[Want, tuple[Copy, ...]] = field(default_factory=dict)
    own: dict[Copy, int | None] = field(default_factory=dict)
    shortest: dict[Want, int | None] = field(default_factory=dict)
    stores: set[InstanceId | None] = field(default_factory=set)
    memory: MemoryMeasured | None = None
    serial: frozenset[ModelName] = frozenset()
    sizes: dict[tuple[ModelName, int, int | None], int] = field(default_factory=dict)

    def up(self, facts: InstanceUp, now: int) -> Instance:
        """Record an instance that is up, or its changed facts."""
        instance = self.instances.get(facts.instance)
        if instance is None:
            self.numbers += 1
            instance = self.instances[facts.instance] = Instance(facts, self.numbers, since=now)
        if not instance.up:
            instance.up, instance.since, instance.breaker = True, now, CircuitBreaker()
            instance.generation += 1
        if instance.facts.store != facts.store:
            instance.missing.clear()
        instance.facts = facts
        self.review()
        return instance

    def planned(self, event: InstancePlanned, now: int) -> None:
        """Record an instance that is not up yet; a known one stays as it is."""
        if event.instance not in self.instances:
            self.numbers += 1
            facts = InstanceUp(event.instance, event.pool, event.role, "", 1, event.models)
            self.instances[event.instance] = Instance(facts, self.numbers, up=False, since=now)
            self.review()

    def down(self, name: InstanceId, removed: bool, now: int) -> Instance | None:
        """Record that an instance is down; all its models are cold when it comes up again."""
        instance = self.instances.get(name)
        if instance is None:
            return None
        if instance.up:
            instance.up, instance.since = False, now
        for copy in instance.copies.values():
            self.advance(copy, ModelEvent.LOST, now)
            copy.parallel, copy.context, copy.own_seen, copy.switching = None, None, None, False
        if removed:
            del self.instances[name]
        if not self.answering():
            self.all_down_at = now
        self.review()
        return instance

    def advance(self, copy: Copy, event: ModelEvent, now: int) -> None:
        """Change the state of a model at an instance after an event; nothing else may change it."""
        before, copy.state = copy.state, step(copy.state, event)
        if event is FAILED:
            copy.load_failed_at = now
        if copy.state is before:
            return
        if copy.state is LOADING:
            self.loading = copy
        elif self.loading is copy:
            self.loading = None
        if copy.state is WARM:
            copy.warm_since = now
        elif copy.state is UNLOADING:
            copy.unload_sent_at = now

    def answering(self) -> bool:
        """Return whether any instance is up, draining or not."""
        return any(instance.up for instance in self.instances.values())

    def set_catalog(self, catalog: tuple[ModelFacts, ...]) -> None:
        """Record the models in the store."""
        self.catalog = {facts.name: facts for facts in catalog}
        self.serial = frozenset(facts.name for facts in catalog if forced_serial(facts))
        self._forget_own_contexts()

    def review(self) -> None:
        """Derive anew what depends on the instances: candidates depend on how long those have been down, too."""
        self.cache.clear()
        self.stores = {one.store for one in self.instances.values()}
        self._forget_own_contexts()

    def _forget_own_contexts(self) -> None:
        self.own.clear()
        self.shortest.clear()

    def candidates(self, want: Want, now: int, grace: int) -> tuple[Copy, ...]:
        """Return the copies of the model at the best-ranked instances, without those down for `grace` or longer.

        So a model whose pool does not exist, or has been down for longer, is served by the next best instances.
        """
        found = self.cache.get(want)
        if found is None:
            live = [one for one in self.instances.values() if one.up or now - one.since < grace]
            best = min((one.rank(want) for one in live), default=0)
            found = self.cache[want] = tuple(one.copy(want[0]) for one in live if one.rank(want) == best)
        return found

    def slots(self, copy: Copy) -> int:
        """Return how many requests a warm copy may hold."""
        if copy.model in self.serial:
            return 1
        facts = copy.instance.facts
        if copy.parallel:
            return copy.parallel
        known = facts.parallel if facts.parallel_known else copy.slot_probe.allowed()
        return max(1, known if copy.slot_probe.ceiling is None else min(known, copy.slot_probe.found))

    def all_slots(self, instance: Instance) -> int:
        """Return how many requests an instance may hold now, over all its loaded models; 0 while it takes no work.

        While none is loaded it is what the pool's models would get. Every embedding model has one slot (Ollama
        `server/sched.go`). A name that is not in the catalog, such as a misspelt one that got an error, is no model.
        """
        facts = instance.facts
        if not instance.takes_work:
            return 0
        known = self.catalog or instance.copies
        warm = [copy for name, copy in instance.copies.items() if name in known and copy.state is WARM]
        if warm:
            return sum(map(self.limit, warm))
        serial = facts.role is Role.EMBEDDING or (facts.models and self.serial.issuperset(facts.models))
        return 1 if serial else facts.parallel

    def elsewhere(self, copy: Copy, tried: int) -> bool:
        """Return whether another store may have a model, after so many did not: a list of models may be out of date."""
        stores = len(self.stores)
        if stores < 2 or tried >= stores:
            return False
        here, instances = copy.instance.store, self.instances.values()
        return any(one.takes_work and one.store != here and copy.model not in one.missing for one in instances)

    def not_found(self, copy: Copy) -> None:
        """Record that the store of a copy does not have its model."""
        for one in self.instances.values():
            if one.store == copy.instance.store:
                one.missing.add(copy.model)
        self.review()

    def found_nowhere(self, model: ModelName) -> None:
        """Record that no store had a model: it may appear in any."""
        for one in self.instances.values():
            if model in one.missing:
                one.missing.discard(model)
                self.review()

    def limit(self, copy: Copy) -> int:
        """Return how many requests a copy may hold now; a model that is not loaded gets one, which loads it."""
        if copy.state is not WARM:
            return 0 if copy.state is UNLOADING else 1
        slots = self.slots(copy)
        return slots if copy.limiter.limit is None else copy.limiter.allowed(slots)

    def bytes(self, copy: Copy) -> int | None:
        """Return the memory of a copy in bytes: as last reported, else predicted; None if it is unknown."""
        return copy.bytes or self.bytes_with(copy, copy.context)

    def bytes_with(self, copy: Copy, context: int | None) -> int | None:
        """Return the memory of a copy that is loaded with a context: as once reported, else predicted."""
        known = self.sizes.get(self._size_key(copy, context))
        facts = self.catalog.get(copy.model)
        if known or facts is None or not facts.size:
            return known or None
        return model_parts(facts, self._config(copy), context).known

    def measured(self, copy: Copy, size: int) -> None:
        """Record the memory of a loaded copy in bytes, for this and the next load."""
        copy.bytes = self.sizes[self._size_key(copy, copy.context)] = size

    def _size_key(self, copy: Copy, context: int | None) -> tuple[ModelName, int, int | None]:
        return copy.model, self.slots(copy), context

    def set_context(self, copy: Copy, context: int | None) -> None:
        """Set the context with which a copy is loaded next."""
        if copy.context != context:
            copy.context, copy.bytes = context, 0

    def own_context(self, copy: Copy) -> int | None:
        """Return the context that a copy has if no request asks for another one, None if it is unknown."""
        if copy not in self.own:
            self.own[copy] = self._find_own_context(copy)
        return self.own[copy]

    def _find_own_context(self, copy: Copy) -> int | None:
        facts, served = self.catalog.get(copy.model), copy.instance.facts.context_length
        if facts is not None and (facts.num_ctx or served):
            return effective_context(facts, served or 0)
        return served or copy.own_seen

    def context(self, copy: Copy) -> int | None:
        """Return the tokens per slot that a copy has, or gets once it is loaded; None if they are unknown."""
        return self.own_context(copy) if copy.context is None else copy.context

    def saw_own_context(self, copy: Copy, context: int) -> None:
        """Record the context with which a copy was loaded when no request asked for one."""
        copy.own_seen = context
        self._forget_own_contexts()

    def shortest_own_context(self, want: Want) -> int | None:
        """Return the shortest own context of the instances meant for a want, None if one of them is unknown."""
        if want not in self.shortest:
            own = [self.own_context(copy) for copy in self.meant_for(want)]
            known = [one for one in own if one is not None]
            self.shortest[want] = min(known, default=None) if len(known) == len(own) else None
        return self.shortest[want]

    def serves(self, copy: Copy, need: ContextNeed) -> bool:
        """Return whether a copy, once loaded, serves a request that needs this context without a reload."""
        if copy.context is None and need.tokens is None:
            return True
        return serves(need, copy.context, self.own_context(copy))

    def _config(self, copy: Copy) -> RunnerConfig:
        facts = copy.instance.facts
        return RunnerConfig(
            self.slots(copy),
            facts.context_length or DEFAULT_CONTEXT,
            facts.cache_type,
            facts.flash_attention,
            self.memory is None or self.memory.gpu,
            facts.version,
        )

    def meant_for(self, want: Want) -> list[Copy]:
        """Return the copies at the instances of the role that have the model, up or not."""
        return [one.copy(want[0]) for one in self.instances.values() if one.rank(want) < OTHER_ROLE]

    def context_that_fits(self, want: Want, *, spill: bool = False) -> int | None:
        """Return the longest context per slot with which a model alone fits into memory, or None if that is unknown.

        If the instances of a role differ, the one with the least memory for it decides. `spill`: layers may go to the
        main memory, too, where they are slow.
        """
        facts, memory = self.catalog.get(want[0]), self.memory
        if facts is None or memory is None or not facts.size:
            return None
        budget = memory.total + (memory.spill if spill else 0)
        fitting = [longest_context(facts, self._config(copy), budget) for copy in self.meant_for(want)]
        return min((one for one in fitting if one is not None), default=None)

    def forget(self, model: ModelName) -> None:
        """Forget a model that no instance has in memory."""
        for instance in self.instances.values():
            instance.missing.discard(model)
            if (copy := instance.copies.pop(model, None)) is not None:
                self.own.pop(copy, None)
        for role in Role:
            self.cache.pop((model, role), None)
            self.shortest.pop((model, role), None)
        for key in [one for one in self.sizes if one[0] == model]:
            del self.sizes[key]

    def copies(self) -> Iterator[Copy]:
        """Yield all copies at all instances."""
        return (copy for instance in self.instances.values() for copy in instance.copies.values())
