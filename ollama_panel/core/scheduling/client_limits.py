"""The limits of clients: how many requests of a client run at once; the others are held back outside the fair queues.

So whatever looks at the fair queues sees only requests that may run: what a limit holds back keeps no slot free,
preempts nothing, and has no model loaded or unloaded. A client is known by its lasting name, so that all processes of a
name share its limit.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from ollama_panel.core.client_rules import lasting_name
from ollama_panel.core.scheduling.ticket import URGENCIES, WAITING, Ticket, Want

_Place: TypeAlias = tuple[int, int, Ticket]
"""Where a request stands among those of its client: by urgency, before it those moved to the front; then by arrival."""


def _place(ticket: Ticket) -> _Place:
    return -1 if ticket.moved else URGENCIES.index(ticket.urgency), ticket.seq, ticket


@dataclass(slots=True)
class Window:
    """The waiting requests of one client for one want, in order: those `admitted` to the fair queues, and those `held`.

    As many are admitted as the client may still run, wherever: which model gets the next free slot is not known.
    """

    admitted: list[_Place] = field(default_factory=list)
    held: list[_Place] = field(default_factory=list)

    def slide(self, room: int) -> tuple[list[Ticket], list[Ticket]]:
        """Let the first `room` requests be the admitted ones; return who is held back for that, and who admitted."""
        admitted, held = self.admitted, self.held
        surplus, forth = admitted[room:], list[_Place]()
        del admitted[room:]
        while admitted and held and held[0] < admitted[-1]:
            surplus.append(admitted.pop())
            insort(admitted, place := held.pop(0))
            forth.append(place)
        if len(surplus) == 1:
            insort(held, surplus[0])
        elif surplus:
            held[:] = sorted([*surplus, *held])
        while held and len(admitted) < room:
            insort(admitted, place := held.pop(0))
            forth.append(place)
        return [place[2] for place in surplus], [place[2] for place in forth]


@dataclass(slots=True)
class ClientLimits:
    """The limits by lasting name. Of these names `running` counts the requests in flight, `windows` has the waiting."""

    limits: dict[str, int] = field(default_factory=dict)
    running: dict[str, int] = field(default_factory=dict)
    windows: dict[str, dict[Want, Window]] = field(default_factory=dict)

    def name_of(self, ticket: Ticket) -> str | None:
        """Return the lasting name of a ticket's client, None if it has no limit."""
        if not self.limits:
            return None
        name = lasting_name(ticket.job.client)
        return name if name in self.limits else None

    def room(self, name: str) -> int:
        """Return how many more requests a client may run now."""
        return max(0, self.limits[name] - self.running.get(name, 0))

    def holds_back(self, ticket: Ticket) -> bool:
        """Return whether a new request must wait for others of its client."""
        name = self.name_of(ticket)
        return name is not None and not self.room(name)

    def limit_of(self, ticket: Ticket) -> int:
        """Return the limit of the client of a request that is held back."""
        return self.limits[lasting_name(ticket.job.client)]

    def hold(self, name: str, ticket: Ticket) -> None:
        """Add a waiting request to those that are held back, until `slide` says who is admitted."""
        insort(self._window(name, ticket.want).held, _place(ticket))

    def forget(self, name: str, ticket: Ticket) -> None:
        """Forget a request that waits no more; a parked one is not here."""
        window, place = self._window(name, ticket.want), _place(ticket)
        for places in (window.admitted, window.held):
            at = bisect_left(places, place[:2])
            if at < len(places) and places[at][2] is ticket:
                del places[at]
        if not (window.admitted or window.held):
            del self.windows[name][ticket.want]
            if not self.windows[name]:
                del self.windows[name]

    def _window(self, name: str, want: Want) -> Window:
        return self.windows.setdefault(name, {}).setdefault(want, Window())

    def count(self, name: str, started: int) -> None:
        """Count a request of a client that has started, or (-1) no longer runs."""
        number = self.running.get(name, 0) + started
        if number:
            self.running[name] = number
        else:
            del self.running[name]

    def slide(self, name: str) -> Iterator[tuple[list[Ticket], list[Ticket]]]:
        """Admit as many requests of a client as it may run; yield, for each want, who is held back and who admitted."""
        room = self.room(name)
        return (window.slide(room) for window in self.windows.get(name, {}).values())

    def before(self, ticket: Ticket) -> int:
        """Return how many requests of its client wait before one that is held back, for the same want."""
        window = self.windows[lasting_name(ticket.job.client)][ticket.want]
        return len(window.admitted) + bisect_left(window.held, _place(ticket)[:2])

    def backlogs(self) -> Iterator[tuple[Want, int, int]]:
        """Yield each want with how many requests of a client are held back there, and the client's limit."""
        for name, windows in self.windows.items():
            for want, window in windows.items():
                yield want, len(window.held), self.limits[name]

    def replace(self, limits: dict[str, int], waiting: Iterable[Ticket], running: Iterable[Ticket]) -> list[Ticket]:
        """Put other limits into force; return the held requests of clients that have none any more.

        `waiting` and `running` are all requests, parked ones included. `slide` all that are limited now.
        """
        old, self.limits = self.limits, dict(limits)
        ended, begun = old.keys() - limits.keys(), limits.keys() - old.keys()
        freed = [place[2] for name in ended for one in self.windows.pop(name, {}).values() for place in one.held]
        for name in ended:
            self.running.pop(name, None)
        if begun:
            for ticket in running:
                if (name := lasting_name(ticket.job.client)) in begun:
                    self.count(name, 1)
            for ticket in waiting:
                if ticket.stage is WAITING and (name := lasting_name(ticket.job.client)) in begun:
                    insort(self._window(name, ticket.want).admitted, _place(ticket))
        return freed
