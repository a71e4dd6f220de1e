"""The waiting requests by want, urgency, home instance and client; first come, first served within a client."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ollama_panel.core.ids import ClientId, RequestId
from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling.client_limits import ClientLimits
from ollama_panel.core.scheduling.context import ContextNeed
from ollama_panel.core.scheduling.fair_queue import FairQueue, FairQueueKey
from ollama_panel.core.scheduling.fairness import Ledger
from ollama_panel.core.scheduling.longest_queue_drop import Backlogs
from ollama_panel.core.scheduling.ticket import (
    DISPATCH,
    HELD,
    PARKED,
    QUEUE,
    URGENCIES,
    WAITING,
    Account,
    Step,
    Ticket,
    Urgency,
    Want,
)

EMPTY_QUEUES_KEPT = 32
"""With more fair queues in a group, empty ones go: clients may ask for any number of contexts."""


@dataclass(slots=True)
class Group:
    """Everything that waits for one want. `arrivals` are the sorted ticket numbers per urgency, for positions.

    `needs` are those per context and class. `front` are those that the user has moved to the front, the next one first,
    and `passed` their usual order: urgency and number, sorted. `times` are the times since when they wait by ticket
    number, `arrived` is their sum.
    """

    want: Want
    queues: dict[FairQueueKey, FairQueue] = field(default_factory=dict)
    arrivals: dict[Urgency, list[int]] = field(default_factory=lambda: {one: [] for one in URGENCIES})
    needs: dict[tuple[ContextNeed, RequestClass], list[int]] = field(default_factory=dict)
    front: list[Ticket] = field(default_factory=list)
    passed: list[tuple[int, int]] = field(default_factory=list)
    size: int = 0
    arrived: int = 0
    times: dict[int, int] = field(default_factory=dict)

    def waits_since(self, urgency: Urgency) -> int | None:
        """Return when the oldest waiting request of an urgency arrived, or None if there is none."""
        arrivals = self.arrivals[urgency]
        return self.times[arrivals[0]] if arrivals else None

    def waits(self, now: int) -> int:
        """Return the sum of all waiting times in microseconds."""
        return self.size * now - self.arrived

    def queue(self, key: FairQueueKey) -> FairQueue:
        """Return a fair queue, created if it is new."""
        queue = self.queues.get(key)
        if queue is None:
            queue = self.queues[key] = FairQueue(key)
        return queue

    def queues_of(self, urgency: Urgency) -> Iterator[FairQueue]:
        """Yield the fair queues of an urgency that are not empty."""
        return (queue for key, queue in self.queues.items() if key[0] is urgency and queue.size)

    def urgency(self) -> tuple[bool, int]:
        """Return what the groups are sorted by to load their models: whom the user has moved, then who is oldest."""
        return not self.front, min(arrivals[0] for arrivals in self.arrivals.values() if arrivals)

    def to_front(self, ticket: Ticket) -> None:
        """Let a waiting ticket be the next, before those that were moved earlier."""
        self.front.insert(0, ticket)
        insort(self.passed, _usual_order(ticket))

    def leave_front(self, ticket: Ticket) -> None:
        """Take a ticket from the front."""
        self.front.remove(ticket)
        del self.passed[bisect_left(self.passed, _usual_order(ticket))]

    def position(self, ticket: Ticket) -> int:
        """Return the position from 1: what was moved to the front, then what is more urgent, then by arrival."""
        if ticket.moved:
            return self.front.index(ticket) + 1
        ahead = self.more_urgent(ticket.urgency) + bisect_left(self.arrivals[ticket.urgency], ticket.seq)
        overtaken_by = len(self.passed) - bisect_left(self.passed, _usual_order(ticket))
        return ahead + overtaken_by + 1

    def more_urgent(self, urgency: Urgency) -> int:
        """Return how many more urgent requests wait."""
        more = URGENCIES[: URGENCIES.index(urgency)]
        return sum(len(self.arrivals[one]) for one in more)


def _usual_order(ticket: Ticket) -> tuple[int, int]:
    return URGENCIES.index(ticket.urgency), ticket.seq


@dataclass(slots=True)
class Queue:
    """All waiting requests, parked ones included; `groups` holds only groups that are not empty.

    `bytes` is the total length of their bodies, which are in memory or on disk; `following` counts the parts of
    requests that came before. `backlogs` are those that may leave a full queue, by source. `limits` says whom it holds
    back outside the groups.
    """

    ledger: Ledger
    limits: ClientLimits = field(default_factory=ClientLimits)
    bytes: int = 0
    following: int = 0
    tickets: dict[RequestId, Ticket] = field(default_factory=dict)
    groups: dict[Want, Group] = field(default_factory=dict)
    backlogs: Backlogs = field(default_factory=Backlogs)

    def __len__(self) -> int:
        return len(self.tickets)

    def add(self, ticket: Ticket) -> None:
        """Put a ticket into its fair queue; one that waited before gets its old position back."""
        if ticket.stage is WAITING and not ticket.job.follows:  # it is new
            self.backlogs.add(ticket)
        ticket.advance(QUEUE)
        self._register(ticket)
        self._admit(ticket)

    def _admit(self, ticket: Ticket) -> None:
        """Let a ticket wait in its group, or outside if its client has a limit that holds it back."""
        name = self.limits.name_of(ticket)
        if name is None:
            self._join(ticket)
        else:
            ticket.advance(Step.HOLD)
            self.limits.hold(name, ticket)
            self._slide(name)

    def _slide(self, name: str) -> None:
        """Admit as many requests of a client that has a limit as it may run, and hold the others back."""
        for back, forth in self.limits.slide(name):
            for ticket in back:
                ticket.advance(Step.HOLD)
                self._quit(ticket)
            for ticket in forth:
                ticket.advance(QUEUE)
                self._join(ticket)

    def set_limits(self, limits: dict[str, int], running: Iterable[Ticket]) -> None:
        """Put other limits of clients into force."""
        for ticket in self.limits.replace(limits, self.tickets.values(), running):
            ticket.advance(QUEUE)
            self._join(ticket)
        for name in limits:
            self._slide(name)

    def started(self, ticket: Ticket) -> None:
        """Count a dispatched request towards the limit of its client."""
        name = self.limits.name_of(ticket)
        if name is not None:
            self.limits.count(name, 1)
            self._slide(name)

    def ended(self, ticket: Ticket) -> None:
        """Let the next request of a client run if it has a limit, because this one runs no more."""
        name = self.limits.name_of(ticket)
        if name is not None:
            self.limits.count(name, -1)
            self._slide(name)

    def _join(self, ticket: Ticket) -> None:
        """Put a ticket into its group."""
        group = self.groups.get(ticket.want)
        if group is None:
            group = self.groups[ticket.want] = Group(ticket.want)
        insort(group.arrivals[ticket.urgency], ticket.seq)
        insort(group.needs.setdefault((ticket.need, ticket.job.request_class), []), ticket.seq)
        group.size += 1
        group.arrived += ticket.since
        group.times[ticket.seq] = ticket.since
        if ticket.moved:
            group.to_front(ticket)
        self._enter(group, ticket)

    def move_to_front(self, ticket: Ticket) -> None:
        """Let a waiting ticket be the next; a parked or a held one is as soon as it may run."""
        self._set_moved(ticket, moved=False)
        self._set_moved(ticket, moved=True)

    def move_back(self, ticket: Ticket) -> None:
        """Let a ticket that was moved to the front wait at its former place."""
        self._set_moved(ticket, moved=False)

    def _set_moved(self, ticket: Ticket, *, moved: bool) -> None:
        if ticket.moved is moved:
            return
        with self._replaced(ticket):
            ticket.moved = moved

    def change(self, ticket: Ticket, client: ClientId, request_class: RequestClass) -> None:
        """Change the client and the class of a waiting ticket."""
        droppable = self.backlogs.remove(ticket)
        with self._replaced(ticket):
            self.ledger.leave(ticket.account)
            ticket.become(client, request_class)
            self.ledger.enter(ticket.account)
        if droppable:
            self.backlogs.add(ticket)

    @contextmanager
    def _replaced(self, ticket: Ticket) -> Iterator[None]:
        """Give a ticket its place anew after what its place follows from has changed."""
        name = self.limits.name_of(ticket) if ticket.stage is not PARKED else None
        if name is not None:
            self.limits.forget(name, ticket)
        joined = ticket.stage is WAITING
        if joined:
            self._quit(ticket)
        yield
        if ticket.stage is not PARKED:
            ticket.advance(QUEUE)
            self._admit(ticket)
        if name is not None:
            self._slide(name)

    def _enter(self, group: Group, ticket: Ticket) -> None:
        queue = group.queue((ticket.urgency, ticket.home, ticket.need))
        queue.insert(ticket, self.ledger.counter(ticket.account))

    def park(self, ticket: Ticket) -> None:
        """Let a ticket wait outside the fair queues, for the end of its back-off."""
        ticket.advance(Step.PARK)
        self._register(ticket)

    def _register(self, ticket: Ticket) -> None:
        if ticket.job.id not in self.tickets:
            self.tickets[ticket.job.id] = ticket
            self.bytes += ticket.job.body_bytes
            self.following += ticket.job.follows

    def remove(self, ticket: Ticket, step: Step) -> None:
        """Remove a ticket, because it is dispatched or has ended."""
        was = ticket.stage
        name = self.limits.name_of(ticket)
        if name is not None and was is not PARKED:
            self.limits.forget(name, ticket)
        ticket.advance(step)
        del self.tickets[ticket.job.id]
        self.bytes -= ticket.job.body_bytes
        self.following -= ticket.job.follows
        self.backlogs.remove(ticket)
        if was is WAITING:
            self._quit(ticket)
        if name is not None and step is not DISPATCH:  # a dispatched one is counted by `started`
            self._slide(name)

    def _quit(self, ticket: Ticket) -> None:
        """Take a ticket whose stage has changed already out of its group."""
        group = self.groups[ticket.want]
        if ticket.moved:
            group.leave_front(ticket)
        request_class = ticket.job.request_class
        needing = group.needs[ticket.need, request_class]
        for seqs in (group.arrivals[ticket.urgency], needing):
            del seqs[bisect_left(seqs, ticket.seq)]
        if not needing:
            del group.needs[ticket.need, request_class]
        key = ticket.urgency, ticket.home, ticket.need
        group.queues[key].drop(ticket)
        if not group.queues[key].size and len(group.queues) > EMPTY_QUEUES_KEPT:
            del group.queues[key]
        group.size -= 1
        group.arrived -= group.times.pop(ticket.seq)
        if not group.size:
            del self.groups[ticket.want]

    def counter_fell(self, account: Account) -> None:
        """Handle the fall of an account's virtual counter in all fair queues where it waits."""
        counter = self.ledger.counter(account)
        for group in self.groups.values():
            for key, queue in group.queues.items():
                if key[0].request_class is account[1] and account in queue.clients:
                    queue.counter_fell(account, counter)

    def position(self, ticket: Ticket) -> int:
        """Return a waiting ticket's position from 1; that of a parked one is 1."""
        if ticket.stage is PARKED:
            return 1
        group = self.groups.get(ticket.want)
        if ticket.stage is HELD:
            return (group.size if group is not None else 0) + self.limits.before(ticket) + 1
        assert group is not None, "it waits there"
        return group.position(ticket)
