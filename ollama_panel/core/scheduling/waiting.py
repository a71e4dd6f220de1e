"""What users see of every waiting request: its position, the estimated wait, and why it waits."""

from collections.abc import Sequence
from itertools import islice

import msgspec

from ollama_panel.core.ids import RequestId
from ollama_panel.core.scheduling.context import ContextNeed
from ollama_panel.core.scheduling.fleet import Copy, Instance
from ollama_panel.core.scheduling.model_state import ModelState
from ollama_panel.core.scheduling.queue import Group
from ollama_panel.core.scheduling.residency import Residency
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import Stage, Ticket


class Waiting(msgspec.Struct, frozen=True):
    """One waiting request. `position` counts from 1; `eta_s` is None while it is unknown; `why` is a sentence."""

    id: RequestId
    position: int
    eta_s: int | None
    why: str


def view(state: State, now: int, limit: int) -> tuple[Waiting, ...]:
    """Return the first `limit` waiting requests by arrival."""
    reasons = {
        (group.want, need): _context_reason(state, group, need, now) or _group_reason(state, group, now)
        for group in state.queue.groups.values()
        for need in {need for need, _ in group.needs}
    }
    return tuple(
        Waiting(
            ticket.job.id,
            state.queue.position(ticket),
            state.eta_s(ticket, now),
            _reason(state, ticket, now, reasons.get((ticket.want, ticket.need), "")),
        )
        for ticket in islice(state.queue.tickets.values(), limit)
    )


def _reason(state: State, ticket: Ticket, now: int, of_group: str) -> str:
    if ticket.stage is Stage.PARKED:
        seconds = max(0.0, (ticket.retry_at - now) / 1e6)
        return f"Tried again in {seconds:.1f} s: {ticket.last_error}"
    return of_group


def _context_reason(state: State, group: Group, need: ContextNeed, now: int) -> str:
    """Return that the model is loaded only with contexts that do not serve a request, "" if one does."""
    loaded = [
        copy
        for copy in state.candidates(group.want, now)
        if copy.instance.takes_work and copy.state in (ModelState.WARM, ModelState.LOADING)
    ]
    if not loaded or any(state.serves(copy, need) for copy in loaded):
        return ""
    tokens = state.fleet.context(loaded[0])
    asks = "cannot ask for one" if need.tokens is None else f"needs {need.tokens:,}"
    has = f"a context of {tokens:,} tokens" if tokens else "its own context"
    return f"{group.want[0]} runs with {has}; this request {asks} and waits for its turn."


def _group_reason(state: State, group: Group, now: int) -> str:
    if state.policy.paused:
        return "Paused by the user."
    copies = state.candidates(group.want, now)
    if not copies:
        return "No Ollama instance is running."
    working = [copy for copy in copies if copy.instance.takes_work]
    if not working:
        return _away([copy.instance for copy in copies])
    return _busy(state, group, working, now)


def _away(instances: Sequence[Instance]) -> str:
    names = ", ".join(one.id for one in instances)
    drains = any(one.draining for one in instances)
    return f"{names} takes no new requests before its restart." if drains else f"{names} is not answering yet."


def _busy(state: State, group: Group, copies: Sequence[Copy], now: int) -> str:
    model = group.want[0]
    loads = [copy.instance.id for copy in copies if copy.state is ModelState.LOADING]
    if loads:
        return f"{model} is being loaded at {', '.join(loads)}."
    tripped = [one.id for copy in copies if not (one := copy.instance).breaker.allows(now, one.in_flight())]
    if len(tripped) == len(copies):
        return f"{', '.join(tripped)} failed several times; no requests go there until it is tried again."
    warm = [copy for copy in copies if copy.state is ModelState.WARM]
    if not warm:
        return _cold(state, group)
    slots = sum(state.fleet.limit(copy) for copy in warm)
    taken = f"All {slots} slots of {model} are taken." if slots != 1 else f"The one slot of {model} is taken."
    return taken + _no_memory(state, [copy for copy in copies if copy.state is ModelState.COLD])


def _no_memory(state: State, cold: list[Copy]) -> str:
    residency = Residency(state)
    names = [copy.instance.id for copy in cold if not residency.fits(copy)]
    return f" There is no memory left for it at {', '.join(names)}." if names else ""


def _cold(state: State, group: Group) -> str:
    model = group.want[0]
    if state.fleet.loading is not None:
        return f"{state.fleet.loading.model} is being loaded; {model} comes next."
    return f"{model} waits for other models to make room in memory."
