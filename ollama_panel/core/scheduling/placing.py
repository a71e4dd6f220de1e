"""Placement: which waiting request is dispatched to which free slot."""

from collections.abc import Sequence
from math import inf

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.records import Job, Refusal, RefusalReason, Role
from ollama_panel.core.scheduling.batch_isolation import BatchIsolation
from ollama_panel.core.scheduling.context import ANY, ContextNeed, need_of
from ollama_panel.core.scheduling.context_switches import ContextSwitches
from ollama_panel.core.scheduling.fair_queue import FairQueue, QueueHead
from ollama_panel.core.scheduling.homes import Homes
from ollama_panel.core.scheduling.in_flight import InFlight
from ollama_panel.core.scheduling.instances import Copy, load_order
from ollama_panel.core.scheduling.model_state import COLD, WARM
from ollama_panel.core.scheduling.option_profiles import NO_OPTIONS
from ollama_panel.core.scheduling.own_loads import OwnLoads
from ollama_panel.core.scheduling.queue import Group
from ollama_panel.core.scheduling.residency import Residency
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import DISPATCH, INTERACTIVE, PARKED, Ticket, Urgency, Want

SPILL = 4.0
"""A conversation spills to another instance if the wait at home is this many times the prefill of its whole prompt."""

RETRY_S = 60
"""When to try again what does not fit beside pinned models."""

CLIENTS_COMPARED = 8
"""The most clients whose next requests are compared by their cached prefix."""


class Placing:
    """Late binding: a request is dispatched only when a slot is free for it, so that no server ever holds a queue."""

    __slots__ = ("homes", "in_flight", "isolation", "own_loads", "residency", "state", "switches")

    def __init__(self, state: State, in_flight: InFlight) -> None:
        self.state = state
        self.in_flight = in_flight
        self.isolation = BatchIsolation(state)
        self.residency = Residency(state)
        self.homes = Homes(state, self.residency)
        self.switches = ContextSwitches(state)
        self.own_loads = OwnLoads(state, self.residency, self.switches)

    def arrived(self, ticket: Ticket, now: int) -> None:
        """Record an arrival for later decisions, and choose the home instance of its conversation."""
        state, job = self.state, ticket.job
        state.estimates.arrived(job.model, now)
        if ticket.need is not ANY or job.options != NO_OPTIONS:
            state.profiles.note(job, ticket.need, state.fleet.shortest_own_context(ticket.want), now)
        if job.request_class is INTERACTIVE:
            state.last_chats[ticket.want] = now
        if job.turns and state.policy.prefix_affinity and len(state.fleet.instances) > 1:
            ticket.home = state.affinity.home_of(job) or self._new_home(ticket, now)

    def need(self, job: Job) -> ContextNeed:
        """Return the context that a request needs."""
        fleet, fit_context = self.state.fleet, self.state.policy.fit_context
        plain = job.options == NO_OPTIONS and job.role is not Role.EMBEDDING and job.path.startswith("/api/")
        if plain and not fit_context:
            return ANY
        facts, own = fleet.catalog.get(job.model), fleet.shortest_own_context((job.model, job.role))
        expected = self.state.estimates.context(job) if fit_context else 0
        return need_of(job, own, facts.context_trained if facts else None, expected)

    def cannot_fit(self, job: Job, need: ContextNeed) -> Notice | None:
        """Return why no memory of this machine holds the context that a request asks for, or None if it may fit."""
        if not job.options.num_ctx or not self.state.policy.option_profiles:
            return None
        want = job.model, job.role
        if need.tokens is None or need.tokens <= (self.state.fleet.shortest_own_context(want) or 0):
            return None
        longest = self.state.fleet.context_that_fits(want, spill=True)
        if not longest or need.tokens <= longest:
            return None
        return notice("context.too_long", tokens=need.tokens, model=job.model, longest=longest)

    def _new_home(self, ticket: Ticket, now: int) -> InstanceId | None:
        """Return the instance where a new conversation costs the others least, or None if there is no choice."""
        warm = [copy for copy in self.state.candidates(ticket.want, now) if copy.ready]
        if len(warm) < 2:
            return None
        best = min(warm, key=lambda copy: (self._placement_cost(copy), len(copy.running), copy.instance.number))
        return best.instance.id

    def reroute(self, ticket: Ticket, failed: Copy, now: int) -> None:
        """Make another instance the home of a failed request, if one takes work and has the model or memory for it."""
        others = [copy for copy in self._serving(ticket.want, now) if copy is not failed and not copy.draining]
        warm = [copy for copy in others if copy.state is WARM]
        there = warm or [copy for copy in others if _loadable(copy) and self.residency.fits(copy)]
        if there:
            ticket.home = min(there, key=self._fullness).instance.id

    def _placement_cost(self, copy: Copy) -> int:
        return self.state.affinity.placement_cost(copy.instance.id, copy.model)

    def dispatch_now(self, ticket: Ticket, now: int) -> bool:
        """Dispatch a new request if none with its want waits and its home, or any copy, has a free slot for it.

        This is what `place` would decide once it is queued, at a third of the cost. Return whether it was dispatched.
        """
        state, want = self.state, ticket.want
        if state.policy.holds or self.residency.swap is not None or want in state.queue.groups:
            return False
        if state.queue.limits.holds_back(ticket):
            return False
        copies = self._open(want, now)
        for copy in self._free(copies):
            elsewhere = ticket.home is not None and ticket.home != copy.instance.id
            if elsewhere or not state.serves(copy, ticket.need):
                continue
            if ticket.batch and self.isolation.batch_waits(want, copy, copies, now):
                continue
            ticket.advance(DISPATCH)
            self._send(ticket, copy, now)
            return True
        return False

    def place(self, now: int, want: Want | None = None) -> None:
        """Fill every free slot that a request waits for, then start at most one load, those for requests first.

        `want`: only slots for it can have become free.
        """
        state = self.state
        self.residency.time_out_unloads(now)
        if state.policy.holds or not (state.queue.groups or self.residency.swap or state.own_loads):
            return
        self.residency.advance(now)
        groups = list(state.queue.groups.values()) if want is None else [state.queue.groups.get(want)]
        for group in groups:
            if group is not None:
                self._fill(group, now)
        if state.fleet.loading is None and not state.fleet.reserved.loading and state.queue.groups:
            self._start_load(now)
        if state.fleet.loading is None and not state.fleet.reserved.loading and state.own_loads:
            self.own_loads.start(now)

    def _fill(self, group: Group, now: int) -> None:
        copies = self._open(group.want, now)
        free = self._free(copies)
        while free and (pair := self._pair(group, free, copies, now)) is not None:
            self.state.queue.remove(pair[0], DISPATCH)
            self._send(*pair, now)
            free = self._free(free) if group.size else []
        if group.arrivals[Urgency.INTERACTIVE]:
            self.isolation.preempt_for_waiting(group, copies, now)

    def _send(self, ticket: Ticket, copy: Copy, now: int) -> None:
        self.in_flight.dispatch(ticket, copy, now)
        if copy.batch and not ticket.batch:
            self.isolation.preempt_prefills(copy, now)

    def _open(self, want: Want, now: int) -> list[Copy]:
        """Return the copies of the wanted model that are loaded, are not draining, and may get a request now."""
        return [copy for copy in self.state.candidates(want, now) if copy.ready and _allowed(copy, now)]

    def _free(self, copies: Sequence[Copy]) -> list[Copy]:
        """Return the copies with a free slot: the emptiest first, then those with the lowest placement cost."""
        limit = self.state.fleet.limit
        free = [copy for copy in copies if len(copy.running) + copy.probed < limit(copy)]
        if len(free) > 1:
            free.sort(key=self._fullness)
        return free

    def _pair(self, group: Group, free: Sequence[Copy], copies: Sequence[Copy], now: int) -> tuple[Ticket, Copy] | None:
        """Return the next request and its slot."""
        if group.front:  # it takes any slot, but rather one where its conversation is cached
            home = group.front[0].home
            free = sorted(free, key=lambda copy: copy.instance.id != home)
        for copy in free:
            ticket = self._choose(group, copy, copies, now)
            if ticket is not None:
                return ticket, copy
        return None

    def _fullness(self, copy: Copy) -> tuple[float, int, int]:
        share = len(copy.running) / self.state.fleet.limit(copy)
        return share, self._placement_cost(copy), copy.instance.number

    def _choose(self, group: Group, copy: Copy, copies: Sequence[Copy], now: int) -> Ticket | None:
        for ticket in group.front:
            if self.state.serves(copy, ticket.need):
                return ticket
        for urgency in self.isolation.order(group, now):
            if not group.arrivals[urgency]:
                continue
            if urgency is Urgency.BATCH and self.isolation.batch_waits(group.want, copy, copies, now):
                continue
            best = self._best(group, urgency, copy, copies, now)
            if best is not None:
                return best
        return None

    def _best(self, group: Group, urgency: Urgency, copy: Copy, copies: Sequence[Copy], now: int) -> Ticket | None:
        """Return the best of those whose home is here or takes no requests, else one that spills from a busy home."""
        here = (None, copy.instance.id)
        ledger = self.state.ledger
        best: QueueHead | None = None
        spilled: QueueHead | None = None
        queues: list[FairQueue] = []
        for queue in group.queues_of(urgency):
            head = queue.best(ledger) if self.state.serves(copy, queue.key[2]) else None
            if head is None:
                continue
            if queue.key[1] in here or not self._home_serves(head[2]):
                queues.append(queue)
                if best is None or head < best:
                    best = head
            elif (spilled is None or head < spilled) and self._spills(queue, head[2], copies, now):
                spilled = head
        if best is not None:
            return self._least_to_prefill(best, queues, copy)
        return spilled[2] if spilled else None

    def _home_serves(self, ticket: Ticket) -> bool:
        """Return whether the home of a request takes it; if it does not, any free slot will do."""
        home = self.state.fleet.instances.get(ticket.home) if ticket.home else None
        if home is None or not (copy := home.copy(ticket.job.model)).takes_work:
            return False
        return ticket.need is ANY or self.state.serves(copy, ticket.need)

    def _least_to_prefill(self, best: QueueHead, queues: Sequence[FairQueue], copy: Copy) -> Ticket:
        """Among clients with nearly the smallest virtual counter, prefer the request with least left to prefill.

        Nearly: within the cost of one request (deficit longest prefix match: Cao et al., "Locality-aware Fair
        Scheduling in LLM Serving", 2025). Requests with nothing cached come last.
        """
        state = self.state
        if (copy.instance.id, copy.model) not in state.affinity.caches or sum(queue.size for queue in queues) < 2:
            return best[2]
        slots, busy = state.fleet.slots(copy), copy.slots_in_use
        limit = best[0] + state.estimates.cost(best[2], slots, 0)

        def remaining(ticket: Ticket) -> tuple[float, int, int]:
            cached = state.affinity.cached(ticket.job, copy.instance.id, busy, slots)
            unread = ticket.job.prompt_tokens - cached if cached else inf
            return unread, state.ledger.counter(ticket.account), ticket.seq

        heads = (one for queue in queues for one in queue.heads_within(state.ledger, limit, CLIENTS_COMPARED))
        return min(heads, key=remaining)

    def _spills(self, queue: FairQueue, ticket: Ticket, copies: Sequence[Copy], now: int) -> bool:
        """Return whether a conversation should change its home: for good, so that it does not alternate."""
        home = next((copy for copy in copies if copy.instance.id == queue.key[1]), None)
        if home is None:
            return not (ticket.last_error and self._loads_at_home(ticket, now))
        limit = self.state.fleet.limit(home)
        if ticket.last_error and len(home.running) < limit:
            return False  # it was rerouted there
        times = self.state.estimates.of(ticket.job.model)
        wait = (queue.size - 0.5) * times.hold_us() / limit
        return wait > SPILL * ticket.job.prompt_tokens * times.prefill_us()

    def _loads_at_home(self, ticket: Ticket, now: int) -> bool:
        """Return whether `_start_load` would load the model now at the home of a failed request."""
        swap = self.residency.swap
        if self.state.fleet.loading is not None or (swap is not None and swap.want != ticket.want):
            return False
        home = next((copy for copy in self._serving(ticket.want, now) if copy.instance.id == ticket.home), None)
        return home is not None and _loadable(home) and self.residency.fits(home)

    def _serving(self, want: Want, now: int) -> list[Copy]:
        """Return the copies of the wanted model that may get requests, loaded or not."""
        return [copy for copy in self.state.candidates(want, now) if copy.takes_work and _allowed(copy, now)]

    def _start_load(self, now: int) -> None:
        """Load the model of the request that has waited longest, at the least busy instance."""
        groups = [(group, self._serving(group.want, now)) for group in self.state.queue.groups.values()]
        waiting = [
            (group, copies, unserved)
            for group, copies in groups
            if (unserved := self.switches.unserved(group, copies)) or any(map(_loadable, copies))
        ]
        if self.state.fleet.adopted:
            self.homes.move_one(groups, now)
        if len(waiting) > 1:
            waiting.sort(key=lambda one: one[0].urgency())
        for group, copies, unserved in waiting:
            cold = sorted(filter(_loadable, copies), key=load_order)
            needs = unserved or self.switches.by_urgency(group)
            if any(self._load(group, copy, need, now) for need in needs for copy in cold):
                return
            if self.residency.swap is None and len(cold) < len(copies):
                self._switch(group, copies, unserved, now)
            elif all(map(self.residency.shut_out, cold)):
                if self._beside_pinned(group, cold, now):
                    return
            elif self.residency.swap is None and self.state.policy.swaps:
                self._swap(group, cold[0], needs[0], now)

    def _load(self, group: Group, copy: Copy, need: ContextNeed, now: int) -> bool:
        """Dispatch the request that loads a copy with the context that is needed; return whether it was."""
        swap = self.residency.swap
        if swap is not None and (swap.want != group.want or not self.residency.is_free(swap, now)):
            return False
        ticket: Ticket | None = None
        if copy.switching:  # a switch has set its context
            copy.switching = False
            ticket = self._choose(group, copy, (copy,), now) if self.residency.fits(copy) else None
        if ticket is None and self._plan(copy, need, now):
            ticket = self._choose(group, copy, (copy,), now)
        if ticket is None:
            return False
        self.state.queue.remove(ticket, DISPATCH)
        self.in_flight.dispatch(ticket, copy, now)
        return True

    def _beside_pinned(self, group: Group, cold: Sequence[Copy], now: int) -> bool:
        """Load a copy with layers in the main memory where that is possible; refuse the requests where it is not.

        Return whether a load has begun. The copies do not fit beside the pinned ones, which never leave.
        """
        if self.residency.swap is not None:
            return False
        for copy in filter(self.residency.spills, cold):
            ticket = self._choose(group, copy, (copy,), now)
            if ticket is not None:
                self.state.queue.remove(ticket, DISPATCH)
                self.in_flight.dispatch(ticket, copy, now)
                return True
        why = self.own_loads.no_room(cold[0])
        for ticket in [one for one in self.state.queue.tickets.values() if one.want == group.want]:
            if ticket.waits and ticket.stage is not PARKED:
                self.state.refuse(ticket, Refusal(RefusalReason.NO_INSTANCE, why, RETRY_S))
        return False

    def _plan(self, copy: Copy, need: ContextNeed, now: int) -> bool:
        """Set the context with which a cold copy is loaded for a need; return whether there is room for it."""
        for context in self.switches.targets(copy, need, now):
            self.state.fleet.set_context(copy, context)
            if self.residency.fits(copy):
                return True
        return False

    def _swap(self, group: Group, copy: Copy, need: ContextNeed, now: int) -> None:
        """Unload other models for a copy if memory is short and they are worth less."""
        self._plan(copy, need, now)
        victims = self.residency.plan(copy, now)
        if victims and self.residency.worthwhile(group, copy, victims, now):
            self.residency.begin(group, copy, victims, now)

    def _switch(self, group: Group, copies: Sequence[Copy], unserved: Sequence[ContextNeed], now: int) -> None:
        """Reload a copy with another context if requests wait for that, it is their turn, and there is room for it.

        What an adopted server has loaded is loaded at a managed worker instead, if there is one.
        """
        for copy, context in self.switches.possible(group, copies, unserved, now):
            if self.homes.move(group, copies, now):  # it must be loaded anew in any case
                return
            need = self.state.fleet.bytes_with(copy, context)
            victims: tuple[Copy, ...] = ()
            if not self.residency.fits(copy, need=need):
                victims = self.residency.plan(copy, now, need) if self.state.policy.swaps else ()
                if not victims or not self.residency.worthwhile(group, copy, victims, now):
                    continue
            self.switches.begun(group.want, now)
            self.residency.begin(group, copy, (copy, *victims), now, context)
            return


def _allowed(copy: Copy, now: int) -> bool:
    """Return whether the circuit breaker of an instance allows a request."""
    instance = copy.instance
    return not instance.breaker.tripped or instance.breaker.allows(now, instance.in_flight())


def _loadable(copy: Copy) -> bool:
    """Return whether a copy is not loaded and no request is loading it."""
    return copy.state is COLD and not copy.running
