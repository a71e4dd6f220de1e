"""What a finished answer tells: to the limiter of its model, and whether it met the SLO of its pool."""

from ollama_panel.core.records import Role, Usage
from ollama_panel.core.scheduling.compliance import Compliance
from ollama_panel.core.scheduling.estimate import LOAD_NOTED_NS
from ollama_panel.core.scheduling.instances import Copy
from ollama_panel.core.scheduling.limiter import Answer
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import Ticket
from ollama_panel.core.scheduling.timers import TimerKind

PACE_TOKENS = 8
"""Answers with fewer output tokens say little about the time per token."""
SECOND_US = 1_000_000


def learn(state: State, ticket: Ticket, copy: Copy, usage: Usage, now: int) -> None:
    """Learn from an answer, which still holds its slot."""
    if not copy.limiter.learns:
        return
    tokens = usage.output_tokens if usage.output_tokens is not None else ticket.tokens
    at_once, first = len(copy.running), _first_token(ticket, usage, now)
    loaded = (usage.load_ns or 0) >= LOAD_NOTED_NS
    answer = Answer(
        began=ticket.dispatched,
        now=now,
        tokens=tokens,
        token_us=_token_us(ticket, usage, tokens, now),
        first_us=0.0 if first is None or loaded else float(max(0, first - ticket.dispatched)),
        at_once=at_once,
        batch=(ticket.concurrency + at_once) / 2,
        slots=state.fleet.slots(copy),
        prompt=usage.prompt_tokens,
        alone=copy.limiter.curve is not None and _alone(state, ticket, copy),
    )
    copy.limiter.sample(answer)
    _count(state, ticket, copy, answer.token_us, first, now)


def _first_token(ticket: Ticket, usage: Usage, now: int) -> int | None:
    """Return when the first token came, None if that is unknown; of embeddings it is their whole answer."""
    if ticket.job.stream:
        return ticket.first_byte
    if usage.output_ns is not None:
        return now - usage.output_ns // 1000
    return now if ticket.job.role is Role.EMBEDDING else None


def _token_us(ticket: Ticket, usage: Usage, tokens: int, now: int) -> float:
    """Return the microseconds per output token, or 0 if they are unknown."""
    if ticket.first_byte is None or tokens < PACE_TOKENS:
        return 0.0
    if usage.output_ns is not None:
        return usage.output_ns / 1000 / (tokens - 1)
    return (now - ticket.first_byte) / (tokens - 1)


def _alone(state: State, ticket: Ticket, copy: Copy) -> bool:
    """Return whether no other model has worked since an answer was dispatched; they share the machine."""
    pool = copy.instance.facts.pool
    others = (one for one in state.fleet.copies() if (one.instance.facts.pool, one.model) != (pool, copy.model))
    return not any(one.running or one.used > ticket.dispatched for one in others)


def _count(state: State, ticket: Ticket, copy: Copy, token_us: float, first: int | None, now: int) -> None:
    """Count an answer for the SLO of its pool; nobody waits for the first token of batch work."""
    pool, slo = copy.instance.facts.pool, copy.limiter.target
    if slo is None:
        return
    compliance = state.compliance.setdefault(pool, Compliance())
    token = token_us / slo.token_us if slo.token_us else 0.0
    reading = waited = 0.0
    if slo.first_token_us and first is not None and not ticket.batch:
        reading = (first - ticket.dispatched) / slo.first_token_us
        waited = (ticket.dispatched - ticket.arrived) / slo.first_token_us
    if not token and not reading:
        return
    before = _second_after(compliance.danger_until)
    compliance.add(token, reading, waited, now)
    if (review := _second_after(compliance.danger_until)) != before:
        state.timers.add(review, TimerKind.REVIEW)


def _second_after(time: int) -> int:
    """Return the full second after a time: a timer for each is enough, and it is never too early."""
    return (time // SECOND_US + 1) * SECOND_US
