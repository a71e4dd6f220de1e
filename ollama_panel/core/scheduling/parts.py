"""The parts of a request that is sent in parts: each is a request of its own to the scheduler.

What is done with the request is done with all of them. In a full queue they count as one: the first part alone can be
refused or dropped, as the others only follow.
"""

from ollama_panel.core.ids import RequestId
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import Ticket


def waiting(state: State, request: RequestId) -> list[Ticket]:
    """Return a waiting request, or the waiting parts of one."""
    ticket = state.queue.tickets.get(request)
    return [ticket] if ticket is not None else [one for one in state.queue.tickets.values() if is_part(one, request)]


def running(state: State, request: RequestId) -> list[Ticket]:
    """Return the parts of a request that are in flight."""
    return [one for one, _ in state.in_flight.values() if is_part(one, request)]


def is_part(ticket: Ticket, request: RequestId) -> bool:
    """Return whether a ticket is that of a part of a request."""
    return ticket.job.part is not None and ticket.job.part.of == request
