"""Invariants of the scheduler's state, checked from outside, and that nothing is left once all requests have ended."""

from collections import Counter, defaultdict
from dataclasses import replace

from ollama_panel.core.client_rules import lasting_name
from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.fleet import Fleet
from ollama_panel.core.scheduling.instances import Copy
from ollama_panel.core.scheduling.model_state import ModelState
from ollama_panel.core.scheduling.queue import Queue
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import URGENCIES, Stage, Ticket, Want
from ollama_panel.core.scheduling.timers import TimerKind
from ollama_panel.core.scheduling.waiting_deadlines import expiry


def check(scheduler: Dispatcher, now: int) -> None:
    """Check everything that must hold after every step."""
    state = scheduler.state
    check_queue(state.queue)
    check_ledger(state)
    check_limits(state)
    check_classes(state)
    check_slots(state)
    check_loads(state)
    check_swap(scheduler)
    check_timers(state, now)
    check_stops(state)
    check_remembered(state.fleet, now, scheduler.policy.no_instance_grace_us)


def check_remembered(fleet: Fleet, now: int, grace: int) -> None:
    """Check that what the fleet remembers is what it finds anew."""
    assert fleet.stores == {one.reads for one in fleet.instances.values()}
    anew = replace(fleet, cache={}, own={}, shortest={})
    for copy, known in fleet.own.items():
        assert known == anew.own_context(copy), "a copy's own context"
    for want, known in fleet.shortest.items():
        assert known == anew.shortest_own_context(want), "the shortest own context"
    for want, copies in fleet.cache.items():
        assert copies == anew.candidates(want, now, grace), "the candidates"


def check_queue(queue: Queue) -> None:
    assert queue.bytes == sum(ticket.job.body_bytes for ticket in queue.tickets.values()), "bytes that wait"
    check_backlogs(queue)
    lined = defaultdict[object, list[Ticket]](list)
    for ticket in queue.tickets.values():
        assert ticket.stage in (Stage.WAITING, Stage.PARKED, Stage.HELD)
        assert ticket.charge == 0, "a waiting request is not charged"
        if ticket.stage is Stage.WAITING:
            lined[ticket.want].append(ticket)
    assert queue.groups.keys() == lined.keys(), "only groups that are not empty"
    for want, group in queue.groups.items():
        tickets = lined[want]
        assert group.size == len(tickets) == sum(one.size for one in group.queues.values())
        assert group.times == {ticket.seq: ticket.since for ticket in tickets}
        assert group.arrived == sum(group.times.values())
        for urgency in URGENCIES:
            assert group.arrivals[urgency] == sorted(one.seq for one in tickets if one.urgency is urgency)
        for request_class in RequestClass:
            needs = {one.need for one in tickets if one.job.request_class is request_class}
            for need in needs:
                of_need = sorted(
                    one.seq for one in tickets if (one.need, one.job.request_class) == (need, request_class)
                )
                assert group.needs[need, request_class] == of_need
        for key, queue in group.queues.items():
            here = Counter(one.account for one in tickets if (one.urgency, one.home, one.need) == key)
            assert {account: client.live for account, client in queue.clients.items()} == here
            for account, client in queue.clients.items():
                head = client.head(key)
                assert head is not None, "a client that waits has a first request"
                assert head.account == account
        assert all(group.needs.values()), "only contexts that something waits for"
        assert {*group.front} == {one for one in tickets if one.moved}, "only what was moved is at the front"
        assert len(group.front) == len(group.passed)


def check_backlogs(queue: Queue) -> None:
    for source, backlog in queue.backlogs.sources.items():
        tickets = [ticket for one in backlog.classes.values() for _, ticket in one]
        assert all(queue.tickets[ticket.job.id] is ticket for ticket in tickets), "only what waits is dropped"
        assert {ticket.source for ticket in tickets} == {source}, "only sources with requests"
        assert backlog.count == len(tickets), "requests of a source"
        assert backlog.bytes == sum(ticket.job.body_bytes for ticket in tickets), "bytes of a source"
        for request_class, one in backlog.classes.items():
            assert [number for number, _ in one] == sorted(ticket.seq for _, ticket in one), "by arrival"
            assert all(ticket.job.request_class is request_class for _, ticket in one)


def check_ledger(state: State) -> None:
    running = [ticket for ticket, _ in state.in_flight.values()]
    charged = dict[object, int]()
    for ticket in running:
        charged[ticket.account] = charged.get(ticket.account, 0) + ticket.charge
    pending = state.ledger.pending
    assert pending.keys() <= charged.keys()
    assert {one: pending.get(one, 0) for one in charged} == charged, "charges of the running requests"
    under_way = Counter(ticket.account for ticket in (*running, *state.queue.tickets.values()))
    assert state.ledger.active == under_way, "waiting and running requests by account"
    assert state.ledger.counters.keys() >= under_way.keys()


def check_limits(state: State) -> None:
    """Check that no client is over its limit, and that nobody is held back who may run."""
    limits = state.queue.limits
    assert limits.limits == state.policy.limits
    running = Counter(lasting_name(ticket.job.client) for ticket, _ in state.in_flight.values())
    assert limits.running == {name: number for name, number in running.items() if name in limits.limits}
    waiting = defaultdict[tuple[str, Want], list[Ticket]](list)
    for ticket in state.queue.tickets.values():
        name = lasting_name(ticket.job.client)
        if name in limits.limits and ticket.stage is not Stage.PARKED:
            waiting[name, ticket.want].append(ticket)
        assert ticket.stage is not Stage.HELD or name in limits.limits, "only a limit holds back"
    for (name, want), tickets in waiting.items():
        window = limits.windows[name][want]
        tickets.sort(key=lambda one: (not one.moved and URGENCIES.index(one.urgency) + 1, one.seq))
        admitted = tickets[: limits.room(name)]
        assert [place[2] for place in window.admitted] == admitted, "the first ones may run"
        assert all(one.stage is Stage.WAITING for one in admitted)
        held = tickets[len(admitted) :]
        assert [place[2] for place in window.held] == held, "the others are held back"
        assert all(one.stage is Stage.HELD for one in held)
    assert {(name, want) for name, windows in limits.windows.items() for want in windows} == waiting.keys()


def check_classes(state: State) -> None:
    """Check that every request has the class that the policy gives its client, or will soon."""
    for ticket in (*state.queue.tickets.values(), *(one for one, _ in state.in_flight.values())):
        wanted = state.policy.classes.get(lasting_name(ticket.job.client)) or ticket.asked
        assert ticket.job.request_class is wanted or ticket in [one for one, _ in state.to_change]


def check_slots(state: State) -> None:
    held = defaultdict[Copy, list[Ticket]](list)
    for ticket, copy in state.in_flight.values():
        assert ticket.stage in (Stage.RUNNING, Stage.PREEMPTING)
        held[copy].append(ticket)
    for copy in {*state.fleet.copies(), *held}:
        tickets = held.get(copy, [])
        assert copy.running == {one.job.id: one for one in tickets}
        assert copy.prefilling == {one.job.id: one for one in tickets if one.first_byte is None}
        assert copy.batch == sum(one.batch for one in tickets)
        assert copy.slots_in_use == Counter(one.slot for one in tickets), "slots that are in use"


def check_loads(state: State) -> None:
    loading = [one for one in state.fleet.copies() if one.state is ModelState.LOADING and one.instance.up]
    assert loading == ([state.fleet.loading] if state.fleet.loading is not None else []), "one load, known to the fleet"
    own = {(one.instance.id, one.model) for one in loading if not one.running}
    assert own <= state.own_loads.keys(), "a load has a request, or the panel wants it"


def check_swap(scheduler: Dispatcher) -> None:
    swap = scheduler._placing.residency.swap
    victims = swap.victims if swap is not None else ()
    for copy in scheduler.state.fleet.copies():
        assert not copy.draining or copy in (*victims, *scheduler.state.leaving), (
            "only who is to leave takes nothing new"
        )


def check_timers(state: State, now: int) -> None:
    due = defaultdict[tuple[TimerKind, Ticket | None], list[int]](list)
    for at, _, kind, ticket in state.timers.heap:
        due[kind, ticket].append(at)
    for ticket in state.queue.tickets.values():
        heartbeats = {at for at in due[TimerKind.HEARTBEAT, ticket] if at >= ticket.heartbeat_at}
        assert len(heartbeats) <= 1, "one series of heartbeats"
        assert heartbeats or not ticket.job.heartbeat or not state.policy.heartbeat_after_us, "a heartbeat is due"
        end = expiry(ticket, state.policy)
        assert end is None or end in due[TimerKind.EXPIRY, ticket] or end <= now, "the expiry is due"
        if ticket.stage is Stage.PARKED:
            assert ticket.retry_at in due[TimerKind.RETRY, ticket], "the retry is due"
    for ticket, copy in state.in_flight.values():
        preemptible = ticket.stage is Stage.RUNNING and ticket.first_byte is None
        if preemptible and not copy.instance.up:
            assert due[TimerKind.LOST, ticket], "the preemption of a lost request is due"
    if state.timers.heap:
        assert state.timers.armed is not None
        assert state.timers.armed <= max(now, min(state.timers.heap)[0])


def check_stops(state: State) -> None:
    waited_for = {ticket.job.model for ticket in state.queue.tickets.values()}
    for copy in state.stopping:
        assert copy.state in (ModelState.LOADING, ModelState.WARM)
        assert copy.running or copy.model in waited_for, "an idle copy is unloaded at once"


def check_empty(scheduler: Dispatcher) -> None:
    """Check that nothing is left once every request has ended."""
    state = scheduler.state
    assert (len(state.queue), state.queue.bytes, state.queue.groups) == (0, 0, {})
    assert state.queue.backlogs.sources == {}
    assert state.in_flight == {}
    assert state.ledger.active == state.ledger.pending == {}
    assert state.fleet.loading is None
    assert state.stopping == {}
    for copy in state.fleet.copies():
        assert (copy.running, copy.prefilling, copy.slots_in_use, copy.batch) == ({}, {}, {}, 0)
        assert copy.state is not ModelState.LOADING
    for _, _, _, ticket in state.timers.heap:
        assert ticket is None or ticket.stage is Stage.GONE
