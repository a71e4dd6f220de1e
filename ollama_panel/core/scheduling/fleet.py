"""The instances, the models in their memory, and which of them may serve which request."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.ollama.memory import (
    DEFAULT_CONTEXT,
    RunnerConfig,
    effective_context,
    longest_context,
    model_parts,
)
from ollama_panel.core.ollama.models import ModelFacts, forced_serial
from ollama_panel.core.records import Role
from ollama_panel.core.roles import may_serve
from ollama_panel.core.scheduling.context import ContextNeed, serves
from ollama_panel.core.scheduling.instances import ADOPTED, OTHER_ROLE, Copy, Instance
from ollama_panel.core.scheduling.messages import InstancePlanned, InstanceUp, MemoryMeasured, Reserved
from ollama_panel.core.scheduling.model_state import (
    COLD,
    FAILED,
    LOADING,
    UNLOADING,
    WARM,
    ModelEvent,
    step,
)
from ollama_panel.core.scheduling.other_programs import RELEASE_US, OtherPrograms, held
from ollama_panel.core.scheduling.retry import CircuitBreaker
from ollama_panel.core.scheduling.ticket import Want

SizeKey: TypeAlias = tuple[ModelName, RunnerConfig, int | None]
"""A model, the settings of its runner, and the context that it was loaded with, if that is not the instance's own."""


@dataclass(slots=True)
class Fleet:
    """All instances ever seen and not removed. `all_down_at` is when the last one that was up went down.

    `adopted` are those of them that the panel does not manage. `stopped` are those that the user has stopped since.
    `on_embedding`: embedding workers may serve all roles.

    `loading` is the copy that is being loaded: there is at most one at a time. `cache` are the candidates by want,
    `own` and `shortest` the known own contexts by copy and by want, `stores` the different `Instance.reads`. `loaded`
    are the copies that were loaded in this step. `reserved` is the last message about memory that others than the
    copies fill, `given_back` how many bytes of it were given back last, and when.
    """

    instances: dict[InstanceId, Instance] = field(default_factory=dict)
    catalog: dict[ModelName, ModelFacts] = field(default_factory=dict)
    all_down_at: int = 0
    loading: Copy | None = None
    numbers: int = 0
    cache: dict[Want, tuple[Copy, ...]] = field(default_factory=dict)
    own: dict[Copy, int | None] = field(default_factory=dict)
    shortest: dict[Want, int | None] = field(default_factory=dict)
    stores: set[tuple[InstanceId | None, bool]] = field(default_factory=set)
    memory: MemoryMeasured | None = None
    others: OtherPrograms = field(default_factory=OtherPrograms)
    adopted: tuple[Instance, ...] = ()
    stopped: dict[InstanceId, InstanceUp] = field(default_factory=dict)
    on_embedding: bool = False
    serial: frozenset[ModelName] = frozenset()
    sizes: dict[SizeKey, int] = field(default_factory=dict)
    reserved: Reserved = field(default_factory=Reserved)
    given_back: tuple[int, int] = 0, 0
    loaded: list[Copy] = field(default_factory=list)

    def up(self, facts: InstanceUp, now: int) -> Instance:
        """Record an instance that is up, its changed facts, or the process that has taken its place."""
        instance = self.instances.get(facts.instance)
        self.stopped.pop(facts.instance, None)
        if instance is None:
            self.numbers += 1
            instance = self.instances[facts.instance] = Instance(facts, self.numbers, since=now)
        if not instance.up:
            instance.up, instance.since, instance.breaker = True, now, CircuitBreaker()
            instance.generation += 1
        elif instance.facts.url != facts.url:
            instance.breaker = CircuitBreaker()
            instance.generation += 1
            self._lose(instance, now)
        if instance.facts.store != facts.store:
            instance.missing.clear()
        instance.facts = facts
        self.review()
        return instance

    def planned(self, event: InstancePlanned, now: int) -> None:
        """Record an instance that is not up yet; a known one stays as it is."""
        if event.instance not in self.instances:
            self.numbers += 1
            self.stopped.pop(event.instance, None)
            facts = InstanceUp(event.instance, event.pool, event.role, "", 1, event.models)
            self.instances[event.instance] = Instance(facts, self.numbers, up=False, since=now)
            self.review()

    def down(self, name: InstanceId, removed: bool, now: int, *, stopped: bool = False) -> Instance | None:
        """Record that an instance is down; all its models are cold when it comes up again."""
        instance, facts = self.instances.get(name), self.stopped.pop(name, None)
        facts = instance.facts if instance is not None else facts
        if stopped and facts is not None:
            self.stopped[name] = facts
        if instance is None:
            return None
        if instance.up:
            instance.up, instance.since = False, now
        self._lose(instance, now)
        if removed:
            del self.instances[name]
        if not self.answering():
            self.all_down_at = now
        self.review()
        return instance

    def _lose(self, instance: Instance, now: int) -> None:
        """Record that the process of an instance is gone, with all that it had in memory."""
        for copy in instance.copies.values():
            self.advance(copy, ModelEvent.LOST, now)
            copy.parallel, copy.context, copy.own_seen, copy.switching, copy.given_up = None, None, None, False, False
            copy.bytes = 0

    def advance(self, copy: Copy, event: ModelEvent, now: int) -> None:
        """Change the state of a model at an instance after an event; nothing else may change it."""
        before, of_others = copy.state, copy.of_others
        copy.state = step(before, event)
        if event is FAILED:
            copy.load_failed_at = now
        if copy.state is before:
            return
        if copy.state is LOADING:
            self.loading, copy.of_panel = copy, True
        elif self.loading is copy:
            self.loading = None
        copy.kept = copy.kept if copy.state is WARM else None
        if copy.state is LOADING or of_others:
            copy.given_up = False
        if copy.state is WARM:
            copy.warm_since = now
            self.loaded.append(copy)
        elif copy.state is UNLOADING:
            copy.unload_sent_at, copy.given_up = now, not copy.instance.facts.managed
        elif copy.state is COLD:
            copy.cold_since, copy.of_panel = now, False
        if self.adopted:
            self._forget_homes(copy.model)

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
        self.adopted = tuple(one for one in self.instances.values() if not one.facts.managed)
        self.stores = {one.reads for one in self.instances.values()}
        self._forget_own_contexts()

    def _forget_own_contexts(self) -> None:
        self.own.clear()
        self.shortest.clear()

    def _forget_homes(self, model: ModelName) -> None:
        for role in Role:
            self.cache.pop((model, role), None)

    def candidates(self, want: Want, now: int, grace: int) -> tuple[Copy, ...]:
        """Return the copies of the model that may get its requests now: those of its home (`scheduling.homes`).

        That is what an adopted server has loaded, if no managed worker that could serve the model has loaded it.
        """
        found = self.cache.get(want)
        if found is None:
            found = self.best(want, now, grace)
            if self.adopted and all(copy.state is COLD and copy.instance.facts.managed for copy in found):
                found = self._held(want[0]) or found
            self.cache[want] = found
        return found

    def best(self, want: Want, now: int, grace: int) -> tuple[Copy, ...]:
        """Return the copies of the model at the best-ranked instances, without those down for `grace` or longer.

        So a model whose pool does not exist, or has been down for longer, is served by the next best instances, if
        their role allows that.
        """
        live = [one for one in self.instances.values() if one.up or now - one.since < grace]
        live = [one for one in live if self.may_serve(one.facts, want)]
        best = min((one.rank(want) for one in live), default=0)
        return tuple(one.copy(want[0]) for one in live if one.rank(want) == best)

    def may_serve(self, facts: InstanceUp, want: Want) -> bool:
        """Return whether the role of an instance allows it to serve a want."""
        return not facts.managed or may_serve(facts.role, want[1], on_embedding=self.on_embedding)

    def stopped_for(self, want: Want) -> tuple[InstanceId, ...]:
        """Return the instances that the user has stopped and that may serve a want, those of its role if there are."""
        fitting = {name: facts for name, facts in self.stopped.items() if self.may_serve(facts, want)}
        own = tuple(name for name, facts in fitting.items() if facts.role is want[1])
        return own or tuple(fitting)

    def _held(self, model: ModelName) -> tuple[Copy, ...]:
        having = [one for one in self.adopted if one.facts.store is None or model in one.facts.store]
        found = [one.copies.get(model) for one in having if one.takes_work]
        homes = (copy for copy in found if copy is not None and copy.state is not COLD and not copy.of_others)
        return tuple(copy for copy in homes if not copy.silent)

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

        While none is loaded it is what the pool's models would get, 0 if there are none in its store, but in another.
        Every embedding model has one slot (Ollama `server/sched.go`). A name that is not in the catalog, such as a
        misspelt one that got an error, is no model.
        """
        facts = instance.facts
        if not instance.takes_work:
            return 0
        known = self.catalog or instance.copies
        warm = [copy for name, copy in instance.copies.items() if name in known and copy.state is WARM]
        if warm:
            return sum(map(self.limit, warm))
        if facts.store == () and self.catalog:
            return 0
        serial = facts.role is Role.EMBEDDING or (facts.models and self.serial.issuperset(facts.models))
        return 1 if serial else facts.parallel

    def elsewhere(self, copy: Copy, tried: int) -> bool:
        """Return whether another store may have a model, after so many did not: a list of models may be out of date.

        So may another user's server with the same store.
        """
        stores = len(self.stores)
        if stores < 2 or tried >= stores:
            return False
        here, instances = copy.instance.reads, self.instances.values()
        return any(one.takes_work and one.reads != here and copy.model not in one.missing for one in instances)

    def not_found(self, copy: Copy) -> None:
        """Record that the store of a copy does not have its model."""
        for one in self.instances.values():
            if one.reads == copy.instance.reads:
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
        return copy.limiter.allowed(self.slots(copy))

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

    def memory_measured(self, memory: MemoryMeasured, now: int) -> None:
        """Record a measurement of the memory, and what other programs take of it."""
        self.memory = memory
        sizes = ((copy, self.bytes(copy) or 0) for copy in self.copies() if held(copy, now))
        freed, at = self.given_back
        reserved = max(self.reserved.bytes, freed if now - at < RELEASE_US else 0)
        self.others.measured(memory, sizes, reserved)

    def reserve(self, event: Reserved, now: int) -> None:
        """Record what is reserved now; what is given back may be in use a little longer."""
        if event.bytes < self.reserved.bytes:
            self.given_back = self.reserved.bytes, now
        self.reserved = event

    def measured(self, copy: Copy, size: int) -> None:
        """Record the memory of a loaded copy in bytes, for this and the next load."""
        copy.bytes = self.sizes[self._size_key(copy, copy.context)] = size

    def _size_key(self, copy: Copy, context: int | None) -> SizeKey:
        return copy.model, self._config(copy), context

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
            facts.num_batch,
        )

    def meant_for(self, want: Want) -> list[Copy]:
        """Return the copies at the instances of the role that have the model, up or not; else at adopted ones."""
        ranks = [(one.rank(want), one) for one in self.instances.values()]
        best = min((rank for rank, _ in ranks), default=0)
        return [one.copy(want[0]) for rank, one in ranks if rank < OTHER_ROLE or best == rank == ADOPTED]

    def context_that_fits(self, want: Want, *, spill: bool = False) -> int | None:
        """Return the longest context per slot with which a model alone fits into memory, or None if that is unknown.

        If the instances of a role differ, the one with the least memory for it decides, of those that take work: others
        may have other slots when they do again. `spill`: layers may go to the main memory, too, where they are slow.
        """
        facts, memory = self.catalog.get(want[0]), self.memory
        if facts is None or memory is None or not facts.size:
            return None
        budget = memory.total + (memory.spill if spill else 0)
        meant = [copy for copy in self.meant_for(want) if not copy.instance.draining]
        fitting = [longest_context(facts, self._config(copy), budget) for copy in meant]
        return min((one for one in fitting if one is not None), default=None)

    def forget(self, model: ModelName) -> None:
        """Forget a model that no instance has in memory."""
        for instance in self.instances.values():
            instance.missing.discard(model)
            if (copy := instance.copies.pop(model, None)) is not None:
                self.own.pop(copy, None)
        self._forget_homes(model)
        for role in Role:
            self.shortest.pop((model, role), None)
        for key in [one for one in self.sizes if one[0] == model]:
            del self.sizes[key]

    def copies(self) -> Iterator[Copy]:
        """Yield all copies at all instances."""
        return (copy for instance in self.instances.values() for copy in instance.copies.values())
