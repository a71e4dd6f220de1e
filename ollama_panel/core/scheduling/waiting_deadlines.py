"""The deadlines of a request while it waits."""

from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import Ticket
from ollama_panel.core.scheduling.timers import TimerKind


def expiry(ticket: Ticket, policy: Policy) -> int | None:
    """Return when a waiting request expires, or None if it never does.

    While the GPU is given to others only the end that its client has set counts.
    """
    limits = [] if ticket.job.deadline_us is None else [ticket.job.deadline_us]
    if policy.queue_timeout_us and policy.given is None:
        limits.append(ticket.arrived + ticket.excused + policy.queue_timeout_us)
    return min(limits, default=None)


def schedule_heartbeat(state: State, ticket: Ticket, at: int) -> None:
    """Set the time of a request's next heartbeat, no earlier than its first may come; it replaces an earlier one."""
    policy = state.policy
    first = policy.heartbeat_after_us if ticket.job.stream else policy.heartbeat_plain_after_us
    ticket.heartbeat_at = max(at, ticket.arrived + first)
    state.timers.add(ticket.heartbeat_at, TimerKind.HEARTBEAT, ticket)


def set_deadlines(state: State, ticket: Ticket, now: int) -> None:
    """Set the timers of a request that begins to wait: heartbeat, expiry, and a review if no instance may answer it."""
    policy = state.policy
    if policy.heartbeat_after_us and ticket.job.heartbeat:
        # One that waits again is due at once: its last sign of life, at an instance, may have been an interval ago.
        schedule_heartbeat(state, ticket, max(now, ticket.heartbeat_at))
    end = expiry(ticket, policy)
    if end is not None:
        state.timers.add(end, TimerKind.EXPIRY, ticket)
    if ticket.job.role in state.unstaffed:
        state.timers.add(now, TimerKind.REVIEW)
    elif not state.may_answer(ticket.want, now):
        state.timers.add(now + policy.no_instance_grace_us, TimerKind.REVIEW)
