"""Longest queue drop: which waiting requests leave a full queue for a new one.

They are the newest requests of the source with the most waiting, by number or by bytes, so that one source cannot shut
out the others: Suter et al., "Buffer Management Schemes for Supporting TCP in Gigabit Routers with Per-Flow Queueing"
(IEEE JSAC 17(6), 1999); FQ-CoDel does so by bytes (RFC 8290, section 4.1). There a packet is dropped from the head of
the queue, for TCP's sake; here from the tail, because the oldest request has waited longest.

Among the requests of one source the same rule holds for the users that it names: a source that names many gains nothing
on the others by it.
"""

from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush, heapreplace
from typing import TypeAlias

from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling.ticket import PRIORITY_ORDER, Ticket

_Entry: TypeAlias = tuple[int, int, str]
"""Minus the weight of a source, minus the number of its newest request, and its name: the smallest is the heaviest."""


@dataclass(slots=True)
class Backlog:
    """The requests of one source that may be dropped, by class and number; `bytes` is the length of their bodies.

    `newest_ever` is no smaller than `newest`, and cheaper. `users` are the same requests by user, once that matters.
    """

    count: int = 0
    bytes: int = 0
    newest_ever: int = 0
    classes: dict[RequestClass, list[tuple[int, Ticket]]] = field(default_factory=dict)
    users: "Backlogs | None" = None

    @property
    def newest(self) -> int:
        """Return the number of the newest request."""
        return max(tickets[-1][0] for tickets in self.classes.values() if tickets)

    def add(self, ticket: Ticket) -> None:
        """Add a request."""
        job, number = ticket.job, ticket.seq
        tickets = self.classes.get(job.request_class)
        if tickets is None:
            tickets = self.classes[job.request_class] = []
        if number > self.newest_ever:
            self.newest_ever = number
            tickets.append((number, ticket))
        else:
            insort(tickets, (number, ticket))
        self.count += 1
        self.bytes += job.body_bytes
        if self.users is not None:
            self.users.add(ticket)

    def remove(self, ticket: Ticket) -> bool:
        """Remove a request; return whether it was here."""
        tickets = self.classes.get(ticket.job.request_class, [])
        at = bisect_left(tickets, (ticket.seq,))
        if at == len(tickets) or tickets[at][1] is not ticket:
            return False
        del tickets[at]
        self.count -= 1
        self.bytes -= ticket.job.body_bytes
        if self.users is not None:
            self.users.remove(ticket)
        return True

    def by_user(self) -> "Backlogs":
        """Return the requests by user."""
        if self.users is None:
            self.users = Backlogs(_user_of)
            for tickets in self.classes.values():
                for _, ticket in tickets:
                    self.users.add(ticket)
        return self.users

    def first_to_go(self) -> Ticket:
        """Return the newest request of the least urgent class."""
        classes = (self.classes.get(one) for one in reversed(PRIORITY_ORDER))
        return next(tickets[-1][1] for tickets in classes if tickets)


@dataclass(slots=True)
class _Ranking:
    """Finds the heaviest source by `weight`; of equal ones that with the newest request.

    `entries` is each source's only valid entry in the heap; it never sorts behind the true one, and is corrected when
    it is at the top. Replaced entries are dropped there.
    """

    backlogs: dict[str, Backlog]
    weight: Callable[[Backlog], int]
    entries: dict[str, _Entry] = field(default_factory=dict)
    heap: list[_Entry] = field(default_factory=list)

    def grew(self, source: str, weight: int, newest: int) -> None:
        """Handle a source that has one more request; `newest` may be too large."""
        entry, known = (-weight, -newest, source), self.entries.get(source)
        if known is not None and known <= entry:
            return
        self.entries[source] = entry
        heappush(self.heap, entry)
        if len(self.heap) > 2 * len(self.backlogs) + 64:
            self.entries = {one: self._entry(one) for one in self.backlogs}
            self.heap = list(self.entries.values())
            heapify(self.heap)

    def heaviest(self) -> Backlog | None:
        """Return the heaviest source's requests, or None if there are none."""
        heap, entries = self.heap, self.entries
        while heap:
            entry = heap[0]
            source = entry[2]
            if entries.get(source) is not entry:
                heappop(heap)
            elif source not in self.backlogs:
                heappop(heap)
                del entries[source]
            elif (true := self._entry(source)) != entry:
                entries[source] = true
                heapreplace(heap, true)
            else:
                return self.backlogs[source]
        return None

    def heavier_than(self, source: str, more: int) -> Backlog | None:
        """Return the heaviest source's requests, or None if `source` would be as heavy with `more`."""
        own, heaviest = self.backlogs.get(source), self.heaviest()
        weight = more if own is None else self.weight(own) + more
        return heaviest if heaviest is not None and weight < self.weight(heaviest) else None

    def _entry(self, source: str) -> _Entry:
        backlog = self.backlogs[source]
        return -self.weight(backlog), -backlog.newest, source


def _count(backlog: Backlog) -> int:
    return backlog.count


def _bytes(backlog: Backlog) -> int:
    return backlog.bytes


def _source_of(ticket: Ticket) -> str:
    return ticket.source


def _user_of(ticket: Ticket) -> str:
    return ticket.job.user


@dataclass(slots=True)
class Backlogs:
    """The waiting requests by source, without those that were dispatched before: who was admitted is not sent away.

    `name_of` returns the source of a request; for the requests of one source, the user.
    """

    name_of: Callable[[Ticket], str] = _source_of
    sources: dict[str, Backlog] = field(default_factory=dict)
    _by_count: _Ranking = field(init=False)
    _by_bytes: _Ranking = field(init=False)

    def __post_init__(self) -> None:
        self._by_count = _Ranking(self.sources, _count)
        self._by_bytes = _Ranking(self.sources, _bytes)

    def add(self, ticket: Ticket) -> None:
        """Add a request that begins to wait."""
        name = self.name_of(ticket)
        backlog = self.sources.get(name)
        if backlog is None:
            backlog = self.sources[name] = Backlog()
        backlog.add(ticket)
        self._by_count.grew(name, backlog.count, backlog.newest_ever)
        self._by_bytes.grew(name, backlog.bytes, backlog.newest_ever)

    def remove(self, ticket: Ticket) -> bool:
        """Remove a request; return whether it was here."""
        name = self.name_of(ticket)
        backlog = self.sources.get(name)
        if backlog is None or not backlog.remove(ticket):
            return False
        if not backlog.count:
            del self.sources[name]
        return True

    def identify(self, ticket: Ticket, source: str) -> None:
        """Count a request for the source that it turned out to be from, also when it is no longer or not yet here."""
        here = self.remove(ticket)
        ticket.source = source
        if here:
            self.add(ticket)

    def drop_for(self, source: str, size: int, requests: int, excess: int, user: str = "") -> list[Ticket]:
        """Remove and return the requests that leave for a new one of `source`, whose body has `size` bytes.

        They are at least `requests`, and have at least `excess` bytes together. None leaves if the source of the new
        request would itself be the heaviest before they suffice, and its `user` the heaviest there: then that is to be
        refused.
        """
        dropped: list[Ticket] = []
        while requests > len(dropped) or excess > 0:
            ticket = self._victim(source, user, None if requests > len(dropped) else size)
            if ticket is None:
                for ticket in dropped:
                    self.add(ticket)
                return []
            self.remove(ticket)
            excess -= ticket.job.body_bytes
            dropped.append(ticket)
        return dropped

    def _victim(self, source: str, user: str, size: int | None) -> Ticket | None:
        """Return who leaves for a new request: by bytes if its `size` is given, else by number."""
        more = 1 if size is None else size
        backlog = self.ranking(size).heavier_than(source, more)
        if backlog is not None:
            backlog = backlog.by_user().ranking(size).heaviest()
        elif source in self.sources:
            backlog = self.sources[source].by_user().ranking(size).heavier_than(user, more)
        return None if backlog is None else backlog.first_to_go()

    def ranking(self, size: int | None) -> _Ranking:
        """Return the ranking by bytes if a `size` is given, else by number."""
        return self._by_count if size is None else self._by_bytes
