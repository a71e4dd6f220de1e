"""The waiting requests by want, class, home instance and client; first come, first served within a client."""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush, heapreplace
from typing import TypeAlias

from ollama_panel.core.ids import InstanceId, RequestId
from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling.context import ContextNeed
from ollama_panel.core.scheduling.fairness import Ledger
from ollama_panel.core.scheduling.longest_queue_drop import Backlogs
from ollama_panel.core.scheduling.ticket import PRIORITY_ORDER, QUEUE, WAITING, Account, Step, Ticket, Want

EMPTY_QUEUES_KEPT = 32
"""With more fair queues in a group, empty ones go: clients may ask for any number of contexts."""

FairQueueKey: TypeAlias = tuple[RequestClass, InstanceId | None, ContextNeed]

QueueHead: TypeAlias = tuple[int, int, Ticket]
"""A client's virtual counter, and the number and ticket of its oldest request; the smallest is served next."""

_Entry: TypeAlias = tuple[int, int, Account]


@dataclass(slots=True)
class _ClientQueue:
    """One client's requests. Those removed from the middle stay as stale tickets until they reach the front.

    `entry` is the client's only valid entry in the heap of the fair queue; its counter is never too large.
    """

    entry: _Entry
    tickets: deque[Ticket] = field(default_factory=deque)
    live: int = 0

    def insert(self, ticket: Ticket) -> None:
        self.live += 1
        tickets = self.tickets
        if not tickets or tickets[-1].seq < ticket.seq:
            tickets.append(ticket)
        elif ticket.seq < tickets[0].seq:
            tickets.appendleft(ticket)
        else:
            tickets.insert(bisect_left(tickets, ticket.seq, key=lambda one: one.seq), ticket)

    def head(self, key: FairQueueKey) -> Ticket | None:
        while self.tickets:
            ticket = self.tickets[0]
            if ticket.stage is WAITING and ticket.home == key[1]:
                return ticket
            self.tickets.popleft()
        return None

    def drop(self, key: FairQueueKey) -> None:
        self.live -= 1
        if len(self.tickets) > 2 * self.live + 16:
            kept = (one for one in self.tickets if one.stage is WAITING and one.home == key[1])
            self.tickets = deque(kept)


@dataclass(slots=True)
class FairQueue:
    """The fair queue of one class, home instance and context: its clients, and a heap of their virtual counters.

    A heap entry with too small a counter is corrected when it is at the top; replaced entries are dropped there.
    """

    key: FairQueueKey
    clients: dict[Account, _ClientQueue] = field(default_factory=dict)
    heap: list[_Entry] = field(default_factory=list)
    size: int = 0

    def insert(self, ticket: Ticket, counter: int) -> None:
        """Insert a ticket by order of arrival."""
        entry = counter, ticket.seq, ticket.account
        client = self.clients.get(ticket.account)
        if client is None:
            client = self.clients[ticket.account] = _ClientQueue(entry)
        client.insert(ticket)
        self.size += 1
        if client.tickets[0] is ticket:
            self._enter(client, entry)

    def _enter(self, client: _ClientQueue, entry: _Entry) -> None:
        client.entry = entry
        heappush(self.heap, entry)
        if len(self.heap) > 2 * len(self.clients) + 64:
            self.heap = [one.entry for one in self.clients.values()]
            heapify(self.heap)

    def drop(self, ticket: Ticket) -> None:
        """Stop to count a ticket whose stage or home has already changed."""
        self.size -= 1
        client = self.clients[ticket.account]
        client.drop(self.key)
        if not client.live:
            del self.clients[ticket.account]

    def counter_fell(self, account: Account, counter: int) -> None:
        """Handle the fall of a waiting account's counter: its old heap entry would be served too late."""
        client = self.clients[account]
        head = client.head(self.key)
        if head is not None and counter < client.entry[0]:
            self._enter(client, (counter, head.seq, account))

    def best(self, ledger: Ledger) -> QueueHead | None:
        """Return the oldest request of the client with the smallest counter; ties go to the oldest request."""
        heap = self.heap
        while heap:
            entry = counter, seq, account = heap[0]
            client = self.clients.get(account)
            head = client.head(self.key) if client is not None and client.entry is entry else None
            if client is None or head is None:
                heappop(heap)
                continue
            true = ledger.counters[account]
            if true == counter and head.seq == seq:
                return true, seq, head
            client.entry = true, head.seq, account
            heapreplace(heap, client.entry)
        return None

    def heads_within(self, ledger: Ledger, limit: int, most: int) -> list[Ticket]:
        """Return the oldest requests of up to `most` clients whose counter is at most `limit`, smallest first."""
        found: dict[Account, Ticket] = {}
        heap, frontier = self.heap, [(self.heap[0], 0)] if self.heap else []
        while frontier and len(found) < most:
            (counter, _, account), at = heappop(frontier)
            if counter > limit:
                break
            client = self.clients.get(account)
            head = client.head(self.key) if client else None
            if head is not None and ledger.counter(account) <= limit:
                found[account] = head
            for child in (2 * at + 1, 2 * at + 2):
                if child < len(heap):
                    heappush(frontier, (heap[child], child))
        return list(found.values())


@dataclass(slots=True)
class Group:
    """Everything that waits for one want. `arrivals` are the sorted ticket numbers per class, for positions.

    `needs` are those per context and class. `times` are the times of arrival by ticket number, `arrived` is their sum.
    """

    want: Want
    queues: dict[FairQueueKey, FairQueue] = field(default_factory=dict)
    arrivals: dict[RequestClass, list[int]] = field(default_factory=lambda: {one: [] for one in PRIORITY_ORDER})
    needs: dict[tuple[ContextNeed, RequestClass], list[int]] = field(default_factory=dict)
    size: int = 0
    arrived: int = 0
    times: dict[int, int] = field(default_factory=dict)

    def waits_since(self, request_class: RequestClass) -> int | None:
        """Return when the oldest waiting request of a class arrived, or None if there is none."""
        arrivals = self.arrivals[request_class]
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

    def queues_of(self, request_class: RequestClass) -> Iterator[FairQueue]:
        """Yield the fair queues of a class that are not empty."""
        return (queue for key, queue in self.queues.items() if key[0] is request_class and queue.size)

    def oldest(self) -> int:
        """Return the number of the oldest waiting ticket."""
        return min(arrivals[0] for arrivals in self.arrivals.values() if arrivals)

    def position(self, ticket: Ticket) -> int:
        """Return the position from 1: more urgent classes first, then by arrival."""
        ahead = 0
        for request_class in PRIORITY_ORDER:
            arrivals = self.arrivals[request_class]
            if request_class is ticket.job.request_class:
                return ahead + bisect_left(arrivals, ticket.seq) + 1
            ahead += len(arrivals)
        raise AssertionError(ticket.job.request_class)


@dataclass(slots=True)
class Queue:
    """All waiting requests, parked ones included; `groups` holds only groups that are not empty.

    `bytes` is the total length of their bodies, which are in memory or on disk. `backlogs` are those that may leave a
    full queue, by source.
    """

    ledger: Ledger
    bytes: int = 0
    tickets: dict[RequestId, Ticket] = field(default_factory=dict)
    groups: dict[Want, Group] = field(default_factory=dict)
    backlogs: Backlogs = field(default_factory=Backlogs)

    def __len__(self) -> int:
        return len(self.tickets)

    def add(self, ticket: Ticket) -> None:
        """Put a ticket into its fair queue; one that waited before gets its old position back."""
        if ticket.stage is WAITING:  # it is new
            self.backlogs.add(ticket)
        ticket.advance(QUEUE)
        self._register(ticket)
        group = self.groups.get(ticket.want)
        if group is None:
            group = self.groups[ticket.want] = Group(ticket.want)
        insort(group.arrivals[ticket.job.request_class], ticket.seq)
        insort(group.needs.setdefault((ticket.need, ticket.job.request_class), []), ticket.seq)
        group.size += 1
        group.arrived += ticket.arrived
        group.times[ticket.seq] = ticket.arrived
        self._enter(group, ticket)

    def _enter(self, group: Group, ticket: Ticket) -> None:
        queue = group.queue((ticket.job.request_class, ticket.home, ticket.need))
        queue.insert(ticket, self.ledger.counter(ticket.account))

    def park(self, ticket: Ticket) -> None:
        """Let a ticket wait outside the fair queues, for the end of its back-off."""
        ticket.advance(Step.PARK)
        self._register(ticket)

    def _register(self, ticket: Ticket) -> None:
        if ticket.job.id not in self.tickets:
            self.tickets[ticket.job.id] = ticket
            self.bytes += ticket.job.body_bytes

    def remove(self, ticket: Ticket, step: Step) -> None:
        """Remove a ticket, because it is dispatched or has ended."""
        was = ticket.stage
        ticket.advance(step)
        del self.tickets[ticket.job.id]
        self.bytes -= ticket.job.body_bytes
        self.backlogs.remove(ticket)
        if was is not WAITING:
            return
        group = self.groups[ticket.want]
        request_class = ticket.job.request_class
        needing = group.needs[ticket.need, request_class]
        for seqs in (group.arrivals[request_class], needing):
            del seqs[bisect_left(seqs, ticket.seq)]
        if not needing:
            del group.needs[ticket.need, request_class]
        key = request_class, ticket.home, ticket.need
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
                if key[0] is account[1] and account in queue.clients:
                    queue.counter_fell(account, counter)

    def position(self, ticket: Ticket) -> int:
        """Return a waiting ticket's position from 1; that of a parked one is 1."""
        if ticket.stage is not WAITING:
            return 1
        return self.groups[ticket.want].position(ticket)
