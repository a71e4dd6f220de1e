"""The fair queue of one urgency: whose request is next, and first come, first served within a client."""

from bisect import bisect_left
from collections import deque
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush, heapreplace
from typing import TypeAlias

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.scheduling.context import ContextNeed
from ollama_panel.core.scheduling.fairness import Ledger
from ollama_panel.core.scheduling.ticket import WAITING, Account, Ticket, Urgency

FairQueueKey: TypeAlias = tuple[Urgency, InstanceId | None, ContextNeed]

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
            at = bisect_left(tickets, ticket.seq, key=lambda one: one.seq)
            if tickets[at] is not ticket:  # it has left and come back
                tickets.insert(at, ticket)

    def head(self, key: FairQueueKey) -> Ticket | None:
        while self.tickets:
            ticket = self.tickets[0]
            if self._holds(ticket, key):
                return ticket
            self.tickets.popleft()
        return None

    def drop(self, key: FairQueueKey) -> None:
        self.live -= 1
        if len(self.tickets) > 2 * self.live + 16:
            self.tickets = deque(one for one in self.tickets if self._holds(one, key))

    def _holds(self, ticket: Ticket, key: FairQueueKey) -> bool:
        """Return whether a ticket is still here: it has not left, and has the same client, class and home."""
        return ticket.stage is WAITING and ticket.home == key[1] and ticket.account == self.entry[2]


@dataclass(slots=True)
class FairQueue:
    """The fair queue of one urgency, home instance and context: its clients, and a heap of their virtual counters.

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
