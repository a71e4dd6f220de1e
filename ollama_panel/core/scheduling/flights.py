"""What is at an instance: from its dispatch to its end, its failure or its recall."""

from ollama_panel.core.ids import RequestId
from ollama_panel.core.records import FailureKind, Placement, Refusal, RefusalReason
from ollama_panel.core.scheduling.alarms import Due
from ollama_panel.core.scheduling.fleet import Copy, Heat
from ollama_panel.core.scheduling.messages import (
    Abort,
    Cancelled,
    Dispatch,
    Failed,
    Finished,
    FirstByte,
    Progressed,
    Reply,
    Returned,
)
from ollama_panel.core.scheduling.retry import FINAL, TURNED_AWAY, backoff
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import Stage, Ticket

COOLING = frozenset({FailureKind.RUNNER, FailureKind.OUT_OF_MEMORY, FailureKind.CONNECT})
"""After these the model is no longer in memory."""


def recall(state: State, ticket: Ticket, why: str) -> None:
    """Ask for a request back that has sent nothing."""
    if ticket.stage is Stage.FLYING and ticket.first_byte is None:
        ticket.stage = Stage.RECALLED
        state.actions.append(Abort(ticket.job.id, why))


class Flights:
    """Keeps the slots' books."""

    def __init__(self, state: State) -> None:
        self.state = state

    def dispatch(self, ticket: Ticket, copy: Copy, now: int) -> None:
        """Send a waiting request to a copy; one that is not loaded is loaded by it."""
        state = self.state
        state.queue.remove(ticket, Stage.FLYING)
        ticket.dispatched = copy.used = now
        ticket.first_byte, ticket.tokens = None, 0
        copy.flying[ticket.job.id] = ticket
        ticket.beside = len(copy.flying)
        state.flights[ticket.job.id] = ticket, copy
        if copy.heat is not Heat.WARM:
            copy.heat, state.loading = Heat.LOADING, copy
        ticket.charge = state.estimates.cost(ticket, state.fleet.slots(copy))
        state.ledger.charge(ticket.account, ticket.charge)
        state.actions.append(Dispatch(ticket.job.id, Placement(copy.instance.id, copy.instance.facts.url)))

    def land(self, request: RequestId, now: int) -> Ticket:
        """Free the slot of a request."""
        state = self.state
        ticket, copy = state.flights.pop(request)
        del copy.flying[request]
        copy.used = now
        if copy.heat is Heat.LOADING and not copy.flying:
            copy.heat = Heat.COLD
        if state.loading is copy and copy.heat is not Heat.LOADING:
            state.loading = None
        return ticket

    def warm(self, copy: Copy, now: int) -> None:
        """Note that a model is in memory: its load is over and all its slots are open."""
        if copy.heat is Heat.WARM or not copy.instance.up:
            return
        copy.heat, copy.warm_since = Heat.WARM, now
        if self.state.loading is copy:
            self.state.loading = None

    def first_byte(self, event: FirstByte, now: int) -> None:
        """Note that a request can no longer be tried again."""
        if event.id not in self.state.flights:
            return
        ticket, copy = self.state.flights[event.id]
        ticket.stage = Stage.FLYING
        if ticket.first_byte is None:
            ticket.first_byte = ticket.last_token = now
        copy.instance.breaker.succeeded()
        self.warm(copy, now)

    def progressed(self, event: Progressed, now: int) -> None:
        """Count streamed tokens."""
        if event.id in self.state.flights:
            ticket = self.state.flights[event.id][0]
            ticket.tokens += event.tokens
            ticket.last_token = now

    def finished(self, event: Finished, now: int) -> None:
        """Free the slot and learn from what the request took."""
        if event.id not in self.state.flights:
            return
        ticket, copy = self.state.flights[event.id]
        batch = max(1, (ticket.beside + len(copy.flying)) // 2)
        self.warm(copy, now)
        self.land(event.id, now)
        copy.instance.breaker.succeeded()
        self._settle(ticket, self.state.estimates.learn(ticket, event.usage, batch, now))
        self._end(ticket)

    def cancelled(self, event: Cancelled, now: int) -> None:
        """Free the slot of a request whose client left; the time it had counts."""
        if event.id in self.state.flights:
            ticket = self.land(event.id, now)
            self._settle(ticket, (now - ticket.dispatched) // max(1, ticket.beside))
            self._end(ticket)

    def returned(self, event: Returned, now: int) -> None:
        """Let a recalled request wait again."""
        flight = self.state.flights.get(event.id)
        if flight is not None and flight[0].stage is Stage.RECALLED:
            self._wait_again(flight[0], now)

    def _wait_again(self, ticket: Ticket, now: int) -> None:
        self.land(ticket.job.id, now)
        self._settle(ticket, 0)
        self.state.queue.add(ticket)

    def failed(self, event: Failed, now: int) -> None:
        """Try a failed request again where that is safe, else say that it failed."""
        if event.id not in self.state.flights:
            return
        ticket, copy = self.state.flights[event.id]
        untouched = not event.sent and ticket.first_byte is None
        if ticket.stage is Stage.RECALLED and untouched:
            self._wait_again(ticket, now)
            return
        self.land(event.id, now)
        self._settle(ticket, 0)
        self._note(copy, event.kind, now)
        if not untouched:
            self._end(ticket)
        elif self._may_retry(ticket, event.kind):
            self._retry_later(ticket, event, now)
        else:
            self._give_up(ticket, event)

    def _note(self, copy: Copy, kind: FailureKind, now: int) -> None:
        if kind in COOLING and not copy.flying:
            copy.heat = Heat.COLD
        if kind is not FailureKind.BUSY and copy.instance.breaker.failed(now):
            self.state.alarms.add(copy.instance.breaker.until, Due.REVIEW)

    def _may_retry(self, ticket: Ticket, kind: FailureKind) -> bool:
        if kind in FINAL:
            ticket.attempts += 1
            return False
        if kind in TURNED_AWAY:
            ticket.turned_away += 1
            return ticket.turned_away < self.state.policy.max_turned_away
        ticket.attempts += 1
        return ticket.attempts < self.state.policy.max_attempts

    def _retry_later(self, ticket: Ticket, event: Failed, now: int) -> None:
        ticket.trouble = event.message or f"attempt failed ({event.kind.value})"
        ticket.retry_at = now + backoff(ticket)
        self.state.queue.park(ticket)
        self.state.alarms.add(ticket.retry_at, Due.RETRY, ticket)

    def _give_up(self, ticket: Ticket, event: Failed) -> None:
        tries = ticket.attempts + ticket.turned_away
        cause = event.message or event.kind.value
        text = f"Ollama could not answer in {tries} attempts: {cause}" if tries > 1 else f"Ollama failed: {cause}"
        self.state.actions.append(Reply(ticket.job.id, Refusal(RefusalReason.FAILED, text)))
        self._end(ticket)

    def _settle(self, ticket: Ticket, cost: int) -> None:
        """Replace what a request was charged by what it cost."""
        difference, ticket.charge = cost - ticket.charge, 0
        self.state.ledger.charge(ticket.account, difference)
        if difference < 0:
            self.state.queue.touch(ticket.account)

    def _end(self, ticket: Ticket) -> None:
        ticket.stage = Stage.GONE
        self.state.ledger.leave(ticket.account)
