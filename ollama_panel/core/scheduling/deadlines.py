"""Handles timers: heartbeats, expiry, the end of a back-off, load timeouts, requests lost with their instance."""

from collections.abc import Callable

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.records import Refusal, RefusalReason
from ollama_panel.core.scheduling.in_flight import load_timeout, preempt
from ollama_panel.core.scheduling.messages import Heartbeat
from ollama_panel.core.scheduling.model_state import ModelState
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import Stage, Ticket, Want
from ollama_panel.core.scheduling.timers import TimerKind
from ollama_panel.core.scheduling.waiting_deadlines import expiry, schedule_heartbeat

RESTART_S = 10
"""An instance that died three times in a row is up again after about this time: back-offs of 1, 2 and 4 s, starts."""
TIMERS_PER_STEP = 256
"""How many timers one step handles, so that ten thousand heartbeats do not block the traffic."""


class Deadlines:
    """Handles the timers that are due."""

    __slots__ = ("_given_at", "_handlers", "state")

    def __init__(self, state: State) -> None:
        self.state = state
        self._given_at = 0
        self._handlers: dict[TimerKind, Callable[[Ticket, int], None]] = {
            TimerKind.HEARTBEAT: self._heartbeat,
            TimerKind.EXPIRY: self._expire,
            TimerKind.RETRY: self._retry,
            TimerKind.LOST: self._lost,
            TimerKind.LOAD_TIMEOUT: self._load_timed_out,
        }

    def reconfigured(self, old: Policy, now: int) -> None:
        """Set the timers that a changed policy asks for."""
        state, policy = self.state, self.state.policy
        if old.given is None and policy.given is not None:
            self._given_at = now
        for ticket in state.queue.tickets.values() if old.given is not None and policy.given is None else ():
            ticket.excused += now - max(ticket.arrived, self._given_at)
        heartbeats = policy.heartbeat_after_us and not old.heartbeat_after_us
        for ticket in state.queue.tickets.values():
            end = expiry(ticket, policy)
            if end is not None and end != expiry(ticket, old):
                state.timers.add(end, TimerKind.EXPIRY, ticket)
            if heartbeats and ticket.job.heartbeat:
                schedule_heartbeat(state, ticket, now + policy.heartbeat_after_us)

    def fire(self, now: int) -> None:
        """Handle the timers that are due at `now`."""
        self.state.timers.armed = None
        for kind, ticket in self.state.timers.due(now, TIMERS_PER_STEP):
            if ticket is None:
                self.review(now)
            else:
                self._handlers[kind](ticket, now)

    def _heartbeat(self, ticket: Ticket, now: int) -> None:
        state = self.state
        if state.policy.heartbeat_after_us and now >= ticket.heartbeat_at:
            position = state.queue.position(ticket)
            state.actions.append(Heartbeat(ticket.job.id, position, state.eta_s(ticket, now)))
            schedule_heartbeat(state, ticket, now + state.policy.heartbeat_after_us)

    def _expire(self, ticket: Ticket, now: int) -> None:
        end = expiry(ticket, self.state.policy)
        if end is None or end > now:
            return  # the policy was relaxed; a later end has a timer of its own
        waited = (now - ticket.arrived) / 1e6
        why = notice("queue.timeout", waited=waited)
        retry = self.state.eta_s(ticket, now) or self.state.drain_s(1.0, now)
        self.state.refuse(ticket, Refusal(RefusalReason.QUEUE_TIMEOUT, why, max(1, min(600, retry))))

    def _retry(self, ticket: Ticket, now: int) -> None:
        if ticket.stage is Stage.PARKED and now >= ticket.retry_at:
            self.state.queue.add(ticket)
            if ticket.job.role in self.state.unstaffed:
                self.state.timers.add(now, TimerKind.REVIEW)

    def _lost(self, ticket: Ticket, now: int) -> None:
        ticket_and_copy = self.state.in_flight.get(ticket.job.id)
        if ticket_and_copy is None or ticket_and_copy[1].instance.up:
            return
        if ticket.first_byte is None:
            why = notice("preempted.instance_gone", instance=ticket_and_copy[1].instance.id)
            preempt(self.state, ticket, why)

    def _load_timed_out(self, ticket: Ticket, now: int) -> None:
        """Preempt a request whose load takes too long; other instances are preferred for its next load."""
        copy = self.state.in_flight[ticket.job.id][1]
        if ticket.generation != copy.instance.generation:
            return  # another process loads it there now
        if copy.state is ModelState.LOADING and now - ticket.dispatched >= load_timeout(self.state, ticket, copy):
            copy.load_failed_at, ticket.load_timeouts = now, ticket.load_timeouts + 1
            why = notice("preempted.load_timeout", model=copy.model, instance=copy.instance.id)
            preempt(self.state, ticket, why)

    def review(self, now: int) -> None:
        """Re-evaluate what depends on how long instances have been down; refuse requests that nobody may answer.

        At once if the settings have no worker for them; after the grace period if none runs. Those for a worker that
        the user has stopped wait until it is started.
        """
        state = self.state
        state.fleet.review()
        unanswered = {want: found for want in state.queue.groups if (found := self._unanswered(want, now))}
        if not unanswered:
            return
        again = max(RESTART_S, state.drain_s(1.0, now))
        for ticket in list(state.queue.tickets.values()):
            why, before = unanswered.get(ticket.want, (None, 0))
            if why is not None and ticket.stage is not Stage.PARKED and ticket.waits and ticket.arrived <= before:
                state.refuse(ticket, Refusal(RefusalReason.NO_INSTANCE, why, again))

    def _unanswered(self, want: Want, now: int) -> tuple[Notice, int] | None:
        """Return why nobody may answer a want, and when the last that are refused for it came; None if they wait."""
        state = self.state
        answers = state.may_answer(want, now)
        if answers and want[1] not in state.unstaffed:
            return None
        why, before = state.no_worker(want, now), now
        if why is None:
            if answers or state.fleet.stopped_for(want):
                return None
            why, before = self._all_down(want), now - state.policy.no_instance_grace_us
        return (why, before) if self._down_since(want) <= before else None

    def _all_down(self, want: Want) -> Notice:
        fleet = self.state.fleet
        down = tuple(one.id for one in fleet.instances.values() if fleet.may_serve(one.facts, want))
        if down and fleet.answering():
            return notice("request.workers_down", instances=down)
        if not down and self.state.policy.pool_left_out:
            return notice("request.pool_left_out")
        return notice("request.no_instance")

    def _down_since(self, want: Want) -> int:
        """Return when the last instance that may serve a want went down; 0 if the settings have none."""
        fleet = self.state.fleet
        if want[1] in self.state.unstaffed:
            return 0
        downs = [one.since for one in fleet.instances.values() if not one.up and fleet.may_serve(one.facts, want)]
        return max((fleet.all_down_at if not fleet.answering() else 0, *downs))
