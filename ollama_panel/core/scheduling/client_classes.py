"""The classes of clients: the user's word on how urgent a client is, in place of what its requests and its key say."""

from collections.abc import Mapping

from ollama_panel.core.client_rules import lasting_name
from ollama_panel.core.ids import ClientId, RequestId
from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling.in_flight import NEVER
from ollama_panel.core.scheduling.messages import Classed
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import INTERACTIVE, Ticket
from ollama_panel.core.scheduling.timers import TimerKind

REQUESTS_PER_STEP = 256
"""How many requests one step changes, so that ten thousand do not hold up the streams: about 10 ms."""


def classify(state: State, ticket: Ticket) -> None:
    """Give a new request the class that the user has laid down for its client, if there is one."""
    classes = state.policy.classes
    wanted = classes.get(lasting_name(ticket.job.client)) if classes else None
    if wanted is not None and wanted is not ticket.asked:
        ticket.become(ticket.job.client, wanted)
        state.actions.append(Classed(ticket.job.id, wanted))


def reclassify(state: State, before: Mapping[str, RequestClass], now: int) -> None:
    """Give all requests the classes of the policy in force, which were those of `before`; the first ones at once."""
    after = state.policy.classes
    changed = {name for name in before.keys() | after.keys() if before.get(name) is not after.get(name)}
    if changed:
        every = (*(ticket for ticket, _ in state.in_flight.values()), *state.queue.tickets.values())
        state.to_change.extend((one, None) for one in every if lasting_name(one.job.client) in changed)
        go_on(state, now)


def rename(state: State, clients: Mapping[RequestId, ClientId], now: int) -> None:
    """Let requests be those of clients that became known after their arrival, whose rules they get."""
    for request, client in clients.items():
        if (ticket := state.queue.tickets.get(request)) is not None:
            state.to_change.append((ticket, client))
        elif request in state.in_flight:
            state.to_change.append((state.in_flight[request][0], client))
    go_on(state, now)


def go_on(state: State, now: int) -> None:
    """Change the next requests, and set a timer if more are left."""
    for _ in range(min(len(state.to_change), REQUESTS_PER_STEP)):
        ticket, client = state.to_change.popleft()
        _change(state, ticket, client or ticket.job.client, now)
    if state.to_change:
        state.timers.add(now, TimerKind.REVIEW)


def _change(state: State, ticket: Ticket, client: ClientId, now: int) -> None:
    """Give a request its client and the class that it is to have, unless it has both or has ended."""
    wanted, was = state.policy.classes.get(lasting_name(client)) or ticket.asked, ticket.job.request_class
    if (wanted is was and client == ticket.job.client) or not (ticket.waits or ticket.in_flight):
        return
    if ticket.waits:
        state.queue.change(ticket, client, wanted)
    else:
        _change_running(state, ticket, client, wanted)
    if wanted is not was:
        if wanted is INTERACTIVE:
            state.last_chats[ticket.want] = now
        state.actions.append(Classed(ticket.job.id, wanted))


def _change_running(state: State, ticket: Ticket, client: ClientId, wanted: RequestClass) -> None:
    """Change the client and the class of a request in flight: its charge goes with it."""
    copy, before = state.in_flight[ticket.job.id][1], ticket.account
    copy.batch -= ticket.batch
    state.queue.ended(ticket)
    ticket.become(client, wanted)
    state.queue.started(ticket)
    copy.batch += ticket.batch
    if state.ledger.move(before, ticket.account, ticket.charge):
        state.queue.counter_fell(before)
    if ticket.batch and ticket.prefilled_by != NEVER:
        state.timers.add(ticket.prefilled_by, TimerKind.REVIEW)
