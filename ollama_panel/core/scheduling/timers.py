"""All timers of the scheduler: one heap of deadlines behind the single timer that the driver runs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from heapq import heapify, heappop, heappush

from ollama_panel.core.scheduling.ticket import Ticket


class TimerKind(IntEnum):
    """What a timer is for: a waiting ticket (the first three), one in flight (the next two), or all tickets."""

    HEARTBEAT = 1
    EXPIRY = 2
    RETRY = 3
    LOST = 4
    LOAD_TIMEOUT = 5
    REVIEW = 6


_OF_RUNNING = (TimerKind.LOST, TimerKind.LOAD_TIMEOUT)


def _is_current(kind: TimerKind, ticket: Ticket | None) -> bool:
    """Return whether a timer still applies: LOST and LOAD_TIMEOUT to tickets in flight, the rest to waiting ones."""
    if ticket is None:
        return True
    if kind in _OF_RUNNING:
        return ticket.in_flight
    return ticket.waits


@dataclass(slots=True)
class TimerHeap:
    """Entries are (time, number, kind, ticket). `armed` is the time of the last `SetTimer`, None = no timer runs."""

    heap: list[tuple[int, int, TimerKind, Ticket | None]] = field(default_factory=list)
    number: int = 0
    armed: int | None = None
    swept: int = 1024

    def add(self, at: int, kind: TimerKind, ticket: Ticket | None = None) -> None:
        """Add a timer that is due at `at`."""
        self.number += 1
        heappush(self.heap, (at, self.number, kind, ticket))
        if len(self.heap) > self.swept:
            self._sweep()

    def _sweep(self) -> None:
        self.heap = [entry for entry in self.heap if _is_current(entry[2], entry[3])]
        heapify(self.heap)
        self.swept = 2 * len(self.heap) + 1024

    def due(self, now: int, limit: int) -> Iterator[tuple[TimerKind, Ticket | None]]:
        """Remove and yield the timers that are due, at most `limit`; the rest comes with the next `TimerFired`."""
        while self.heap and self.heap[0][0] <= now and limit:
            _, _, kind, ticket = heappop(self.heap)
            if _is_current(kind, ticket):
                limit -= 1
                yield kind, ticket

    def arm(self, now: int) -> int | None:
        """Return the time for the next `SetTimer`, or None if the driver's timer is not later."""
        heap, armed = self.heap, self.armed
        while heap:
            first, _, kind, ticket = heap[0]
            at = max(first, now)
            if armed is not None and at >= armed:
                return None
            if _is_current(kind, ticket):
                self.armed = at
                return at
            heappop(heap)
        return None
