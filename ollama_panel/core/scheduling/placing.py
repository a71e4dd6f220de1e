"""Which waiting request goes to which free slot."""

from collections.abc import Iterator

from ollama_panel.core.scheduling.fleet import Copy, Heat, Instance
from ollama_panel.core.scheduling.flights import Flights
from ollama_panel.core.scheduling.queue import URGENCY, Group
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import Ticket


class Placing:
    """Late binding: a request is sent only when a slot is free for it, so that no server ever holds a queue."""

    def __init__(self, state: State, flights: Flights) -> None:
        self.state = state
        self.flights = flights

    def place(self, now: int) -> None:
        """Fill every free slot that something waits for, then start at most one load."""
        if self.state.policy.paused:
            return
        for group in list(self.state.queue.groups.values()):
            self._fill(group, now)
        if self.state.loading is None:
            self._start_load(now)

    def _fill(self, group: Group, now: int) -> None:
        while group.size:
            copy = self._freest(group, now)
            ticket = self._choose(group, copy) if copy else None
            if copy is None or ticket is None:
                return
            self.flights.dispatch(ticket, copy, now)

    def _working(self, group: Group, now: int) -> Iterator[Instance]:
        """Walk the instances that may get a request of the group now."""
        for one in self.state.candidates(group, now):
            if one.takes_work and (not one.breaker.probing or one.breaker.room(now, one.in_flight())):
                yield one

    def _freest(self, group: Group, now: int) -> Copy | None:
        """Return the warm copy with the smallest share of its slots taken."""
        best, least = None, 1.0
        for instance in self._working(group, now):
            copy = instance.copies.get(group.want[0])
            if copy is not None and copy.heat is Heat.WARM:
                load = len(copy.flying) / self.state.fleet.slots(copy)
                if load < least:
                    best, least = copy, load
        return best

    def _choose(self, group: Group, copy: Copy) -> Ticket | None:
        for request_class in URGENCY:
            for lane in group.homes(request_class):
                ticket = lane.best(self.state.ledger)
                if ticket is not None:
                    return ticket
        return None

    def _start_load(self, now: int) -> None:
        """Let the request that waits longest load its model where there is most room."""
        for group in sorted(self.state.queue.groups.values(), key=Group.oldest):
            cold = [
                instance.copy(group.want[0])
                for instance in self._working(group, now)
                if not instance.copy(group.want[0]).flying
            ]
            copy = min(cold, key=_crowd, default=None)
            ticket = self._choose(group, copy) if copy else None
            if copy is not None and ticket is not None:
                self.flights.dispatch(ticket, copy, now)
                return


def _crowd(copy: Copy) -> tuple[int, int, int]:
    warm = sum(one.heat is Heat.WARM for one in copy.instance.copies.values())
    return copy.instance.in_flight(), warm, copy.instance.number
