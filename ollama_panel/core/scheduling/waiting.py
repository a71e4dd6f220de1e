"""What users see of every waiting request: its position, the estimated wait, and why it waits."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import msgspec

from ollama_panel.core.client_rules import lasting_name
from ollama_panel.core.ids import InstanceId, ModelName, RequestId
from ollama_panel.core.limits import LimitReason
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.scheduling.context import ContextNeed
from ollama_panel.core.scheduling.instances import Copy, Instance
from ollama_panel.core.scheduling.model_state import ModelState
from ollama_panel.core.scheduling.queue import Group
from ollama_panel.core.scheduling.residency import Residency
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import URGENCIES, Stage, Ticket, Urgency, Want


class Expected(msgspec.Struct, frozen=True):
    """How long a request will probably take once it runs, in seconds: to read its prompt, and to answer."""

    prompt_s: float
    answer_s: float


class Waiting(msgspec.Struct, frozen=True):
    """One waiting request. `position` counts from 1; `eta_s` and `expected` are None while they are unknown.

    `moved`: the user has moved it to the front.
    """

    id: RequestId
    position: int
    eta_s: int | None
    why: Notice | None
    moved: bool = False
    expected: Expected | None = None


def view(state: State, now: int, tickets: Iterable[Ticket]) -> tuple[Waiting, ...]:
    """Return what users see of waiting requests, in the order of their tickets."""
    reasons = dict[tuple[Want, ContextNeed, Urgency | None], Notice | None]()

    def reason(ticket: Ticket) -> Notice | None:
        urgency = None if ticket.moved else ticket.urgency
        key = want, need, _ = ticket.want, ticket.need, urgency
        if key not in reasons:
            group = state.queue.groups.get(want)
            reasons[key] = _reason(state, group, need, urgency, now) if group is not None else None
        return reasons[key]

    return tuple(
        Waiting(
            ticket.job.id,
            state.queue.position(ticket),
            state.eta_s(ticket, now),
            _retry(ticket, now) or _limit(state, ticket) or reason(ticket),
            ticket.moved,
            _expected(state, ticket),
        )
        for ticket in tickets
    )


def _expected(state: State, ticket: Ticket) -> Expected | None:
    """Return how long a request will take once it runs, in tenths of a second; None until its model was measured."""
    times, job = state.estimates.models.get(ticket.job.model), ticket.job
    if times is None or times.prefill is None or not times.batches:
        return None
    answer_us = state.estimates.output(ticket) * times.step_us(times.batches[-1])
    return Expected(round(job.prompt_tokens * times.prefill / 1e6, 1), round(answer_us / 1e6, 1))


def in_order(tickets: dict[RequestId, Ticket]) -> Iterator[Ticket]:
    """Yield the tickets that are shown first first: with many, a chat that came last is not to be missing."""
    by_urgency: dict[Urgency, list[Ticket]] = {one: [] for one in URGENCIES}
    moved = list[Ticket]()
    for ticket in tickets.values():
        (moved if ticket.moved else by_urgency[ticket.urgency]).append(ticket)
    return chain(moved, *by_urgency.values())


def _retry(ticket: Ticket, now: int) -> Notice | None:
    """Return when a parked request is tried again, in tenths of a second: between them its record stays the same."""
    if ticket.stage is not Stage.PARKED or ticket.last_error is None:
        return None
    seconds = round(max(0.0, (ticket.retry_at - now) / 1e6), 1)
    return notice("waiting.retry", seconds=seconds, cause=ticket.last_error)


def _limit(state: State, ticket: Ticket) -> Notice | None:
    """Return that the limit of its client holds a request back, None if it does not, or something else does first."""
    if ticket.stage is not Stage.HELD or state.policy.holds:
        return None
    limits, client = state.queue.limits, lasting_name(ticket.job.client)
    running, limit = limits.running.get(client, 0), limits.limits[client]
    return notice("waiting.client_limit", client=client, limit=limit) if running >= limit else None


def _reason(state: State, group: Group, need: ContextNeed, urgency: Urgency | None, now: int) -> Notice:
    """Return why requests of an urgency wait; None = those that were moved to the front."""
    context = None if state.policy.given else _context_reason(state, group, need, now)
    return context or _group_reason(state, group, urgency, now)


def _context_reason(state: State, group: Group, need: ContextNeed, now: int) -> Notice | None:
    """Return that the model is loaded only with contexts that do not serve a request, None if one does."""
    loaded = [
        copy
        for copy in state.candidates(group.want, now)
        if copy.takes_work and copy.state in (ModelState.WARM, ModelState.LOADING)
    ]
    if not loaded or any(state.serves(copy, need) for copy in loaded):
        return None
    model, tokens, needed = group.want[0], state.fleet.context(loaded[0]), need.tokens
    if tokens and needed is not None:
        return notice("waiting.context", model=model, tokens=tokens, needed=needed)
    if tokens:
        return notice("waiting.context_fixed", model=model, tokens=tokens)
    if needed is not None:
        return notice("waiting.own_context", model=model, needed=needed)
    return notice("waiting.own_context_fixed", model=model)


def _group_reason(state: State, group: Group, urgency: Urgency | None, now: int) -> Notice:
    if state.policy.paused:
        return notice("waiting.paused")
    if state.policy.given is not None:
        return state.policy.given
    copies = state.candidates(group.want, now)
    if not copies:
        return _nobody(state, group.want)
    working = [copy for copy in copies if copy.takes_work]
    if not working:
        silent = tuple(copy.instance.id for copy in copies if copy.silent)
        return _silent(silent, group.want[0]) if silent else _away([copy.instance for copy in copies])
    return _busy(state, group, working, urgency, now)


def _nobody(state: State, want: Want) -> Notice:
    """Return why no instance may serve a want: the user has stopped those that may, or they have been down for long."""
    if stopped := state.fleet.stopped_for(want):
        return _about("waiting.stopped", "waiting.all_stopped", stopped)
    down = [one for one in state.fleet.instances.values() if state.fleet.may_serve(one.facts, want)]
    if down:
        return _away(down)
    return notice("waiting.pool_left_out" if state.policy.pool_left_out else "waiting.no_instance")


def _away(instances: Sequence[Instance]) -> Notice:
    names = tuple(one.id for one in instances)
    if any(one.draining for one in instances):
        return _about("waiting.restarting", "waiting.all_restarting", names)
    return _about("waiting.starting", "waiting.all_starting", names)


def _silent(instances: tuple[InstanceId, ...], model: ModelName) -> Notice:
    if len(instances) == 1:
        return notice("waiting.silent", instance=instances[0], model=model)
    return notice("waiting.all_silent", instances=instances, model=model)


def _about(one: str, several: str, instances: tuple[InstanceId, ...]) -> Notice:
    """Return the notice about one instance, or the one about several."""
    if len(instances) == 1:
        return notice(one, instance=instances[0])
    return notice(several, instances=instances)


def _busy(state: State, group: Group, copies: Sequence[Copy], urgency: Urgency | None, now: int) -> Notice:
    model = group.want[0]
    loads = tuple(copy.instance.id for copy in copies if copy.state is ModelState.LOADING)
    if loads:
        return notice("waiting.loading", model=model, instances=loads)
    tripped = tuple(one.id for copy in copies if not (one := copy.instance).breaker.allows(now, one.in_flight()))
    if len(tripped) == len(copies):
        return _about("waiting.broken", "waiting.all_broken", tripped)
    warm = [copy for copy in copies if copy.state is ModelState.WARM]
    if not warm:
        return _cold(state, model)
    slots = sum(state.fleet.limit(copy) for copy in warm)
    if urgency is Urgency.BATCH and sum(len(copy.running) for copy in warm) < slots:
        return notice("waiting.kept_for_chats", model=model)
    single = notice("waiting.slot", model=model)
    taken = notice("waiting.slots", slots=slots, model=model) if slots != 1 else single
    limits = [copy.limiter.record(model, state.fleet.slots(copy)) for copy in warm]
    binding = next((one for one in limits if one.reason is not LimitReason.SLOTS), None)
    taken = taken if binding is None else notice("waiting.limited", model=model, limit=binding.told)
    urgent = 0 if urgency is None else group.more_urgent(urgency)
    if urgent:
        return notice("waiting.urgent_first", taken=taken, number=urgent)
    without_memory = _no_memory(state, [copy for copy in copies if copy.state is ModelState.COLD])
    return notice("waiting.no_memory", taken=taken, instances=without_memory) if without_memory else taken


def _no_memory(state: State, cold: list[Copy]) -> tuple[InstanceId, ...]:
    residency = Residency(state)
    return tuple(copy.instance.id for copy in cold if not residency.fits(copy))


def _cold(state: State, model: ModelName) -> Notice:
    if state.fleet.loading is not None:
        return notice("waiting.loading_other", loading=state.fleet.loading.model, model=model)
    return notice("waiting.memory", model=model)
