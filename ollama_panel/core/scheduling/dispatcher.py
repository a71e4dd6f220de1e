"""The scheduler as one pure state machine: events go in, actions come out.

`step(event, now)` never blocks, never reads a clock and never draws a random number, so the replay of an event log
returns the same actions again. `now` is integer microseconds of any monotonic clock.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.records import FailureKind, Job, Refusal, RefusalReason
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling import parts
from ollama_panel.core.scheduling.client_classes import classify, go_on, reclassify, rename
from ollama_panel.core.scheduling.deadlines import RESTART_S, Deadlines
from ollama_panel.core.scheduling.dispatcher_state import DispatcherState
from ollama_panel.core.scheduling.in_flight import preempt
from ollama_panel.core.scheduling.instances import Copy
from ollama_panel.core.scheduling.known_models import KnownModels
from ollama_panel.core.scheduling.model_state import COLD, LOADING, WARM, ModelEvent
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.stops import Stops
from ollama_panel.core.scheduling.ticket import END, PARKED, Ticket, Want
from ollama_panel.core.scheduling.timers import TimerKind
from ollama_panel.core.scheduling.waiting_deadlines import set_deadlines

_GIVEN = notice("preempted.given")
_ABOUT_RUNNING = frozenset({say.FirstByte, say.Finished, say.Preempted})


class Dispatcher(DispatcherState):
    """Decides when and where every request runs."""

    __slots__ = ("_arrivals", "_deadlines", "_handlers", "_models", "_stops")

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        self._arrivals = 0
        self._deadlines = Deadlines(self.state)
        self._stops = Stops(self.state, self._placing.residency)
        self._models = KnownModels(self.state, self._placing.switches)
        self._handlers: dict[type[say.Event], Callable[[Any, int], None]] = {
            say.Arrived: self._arrived,
            say.Cancelled: self._cancelled,
            say.FirstByte: self._in_flight.first_byte,
            say.Identified: self._identified,
            say.Finished: self._in_flight.finished,
            say.Failed: self._failed,
            say.Cut: self._cut,
            say.BrokenOff: self._broken_off,
            say.MovedToFront: self._moved_to_front,
            say.MovedBack: self._moved_back,
            say.Preempted: self._in_flight.preempted,
            say.TimerFired: self._timer_fired,
            say.InstancePlanned: self._instance_planned,
            say.InstanceUp: self._instance_up,
            say.InstanceDown: self._instance_down,
            say.Draining: self._draining,
            say.Probing: self._probing,
            say.Loaded: self._loaded,
            say.Unloaded: self._unloaded,
            say.Stopped: self._stopped,
            say.LoadWanted: self._placing.own_loads.wanted,
            say.LoadEnded: self._placing.own_loads.ended,
            say.UnloadWanted: self._unload_wanted,
            say.MemoryMeasured: self._memory_measured,
            say.Reserved: self._reserved,
            say.CatalogRead: self._catalog_read,
            say.Reconfigured: self._reconfigured,
        }

    def step(self, event: say.Event, now: int) -> list[say.Action]:
        """Handle an event and return the actions that follow, in order."""
        if type(event) is say.Progressed:  # the most frequent event
            self.progressed(event, now)
            return []
        self._now = now
        if type(event) is say.PromptTruncated:  # only the timeline wants to know
            return []
        state, kind = self.state, type(event)
        actions: list[say.Action] = []
        state.actions = actions
        want = self._narrow(event) if state.queue.groups and kind in _ABOUT_RUNNING else None
        self._handlers[kind](event, now)
        if kind is not say.Arrived:  # an arrival frees no slot, and looks for one itself
            self._placing.place(now, want)
        if state.stopping or state.leaving:
            self._stops.advance(now)
        if state.fleet.loaded:
            self._in_flight.keeping.loaded(now)
        at = state.timers.arm(now)
        if at is not None:
            actions.append(say.SetTimer(at))
        return actions

    def progressed(self, event: say.Progressed, now: int) -> None:
        """Take a step that counts streamed tokens; nothing follows from it."""
        self._now = now
        entry = self.state.in_flight.get(event.id)
        if entry is not None:
            entry[0].tokens += event.tokens

    def _narrow(self, event: Any) -> Want | None:
        """Return the only want for which an event about a running request can free a slot, or None for any."""
        entry = self.state.in_flight.get(event.id)
        if entry is None or entry[1].state is not WARM or entry[1].instance.breaker.tripped:
            return None
        if self.state.queue.limits.name_of(entry[0]) is not None:  # its client's next request may want another model
            return None
        return entry[0].want

    # Requests

    def _arrived(self, event: say.Arrived, now: int) -> None:
        state, job = self.state, event.job
        self._models.named(job.model)
        if job.id in state.queue.tickets or job.id in state.in_flight:
            in_use = notice("request.id_in_use", request=job.id)
            state.actions.append(say.Reply(job.id, Refusal(RefusalReason.FAILED, in_use)))
        elif too_long := self._placing.cannot_fit(job, need := self._placing.need(job)):
            state.actions.append(say.Reply(job.id, Refusal(RefusalReason.CONTEXT, too_long)))
        elif no_worker := self.state.no_worker((job.model, job.role), now):
            state.actions.append(say.Reply(job.id, Refusal(RefusalReason.NO_INSTANCE, no_worker, RESTART_S)))
        elif full := None if job.follows else self._full(job, now):
            refusal = Refusal(RefusalReason.QUEUE_FULL, full, state.drain_s(0.1, now))
            state.actions.append(say.Reply(job.id, refusal))
        else:
            self._arrivals += 1
            ticket = Ticket(job, self._arrivals, now, need=need)
            classify(state, ticket)
            self._placing.arrived(ticket, now)
            state.ledger.enter(ticket.account)
            if self._placing.dispatch_now(ticket, now):
                return
            state.queue.add(ticket)
            self._placing.place(now, ticket.want)
            if ticket.waits:
                ticket.position = state.queue.position(ticket)
                set_deadlines(state, ticket, now)

    def _full(self, job: Job, now: int) -> Notice | None:
        """Return why a request cannot wait, or None if it can, perhaps because others left a full queue for it."""
        queue, policy = self.state.queue, self.state.policy
        waiting, size = len(queue) - queue.following, queue.bytes
        full = waiting >= policy.queue_limit
        excess = min(size + job.body_bytes - policy.queue_bytes, job.body_bytes) if size else 0
        if not full and excess <= 0:
            return None
        source = job.source or job.client
        dropped = queue.backlogs.drop_for(source, job.body_bytes, int(full), excess, user=job.user)
        for number, ticket in enumerate(dropped):
            if full and number == 0:
                why = notice("queue.dropped", waiting=waiting)
            else:
                why = notice("queue.dropped_bytes", waiting=waiting, size=size)
            self.state.refuse(ticket, Refusal(RefusalReason.QUEUE_FULL, why, self.state.drain_s(0.1, now)))
        if dropped:
            return None
        return notice("queue.full", waiting=waiting) if full else notice("queue.full_bytes", waiting=waiting, size=size)

    def _identified(self, event: say.Identified, now: int) -> None:
        state = self.state
        for request, source in event.sources.items():
            ticket = state.queue.tickets.get(request)
            if ticket is None and request in state.in_flight:
                ticket = state.in_flight[request][0]
            if ticket is not None:
                state.queue.backlogs.identify(ticket, source)
        rename(state, event.clients, now)

    def _moved_to_front(self, event: say.MovedToFront, now: int) -> None:
        for ticket in reversed(parts.waiting(self.state, event.id)):
            self.state.queue.move_to_front(ticket)

    def _moved_back(self, event: say.MovedBack, now: int) -> None:
        for ticket in parts.waiting(self.state, event.id):
            self.state.queue.move_back(ticket)

    def _cancelled(self, event: say.Cancelled, now: int) -> None:
        state, ticket = self.state, self.state.queue.tickets.get(event.id)
        if ticket is None and event.id not in state.in_flight:
            for one in (*parts.waiting(state, event.id), *parts.running(state, event.id)):
                self._cancelled(msgspec.structs.replace(event, id=one.job.id), now)
            return
        if event.by_user:
            cancelled = Refusal(RefusalReason.CANCELLED, notice("request.cancelled"))
            state.actions.append(say.Reply(event.id, cancelled))
        if ticket is None:
            self._in_flight.cancelled(event, now)
        else:
            state.queue.remove(ticket, END)
            state.ledger.leave(ticket.account)

    def _failed(self, event: say.Failed, now: int) -> None:
        entry = self.state.in_flight.get(event.id)
        self._in_flight.failed(event, now)
        if entry is not None and entry[0].stage is PARKED:
            self._placing.reroute(*entry, now)

    def _cut(self, event: say.Cut, now: int) -> None:
        for ticket, _ in list(self.state.in_flight.values()):
            if ticket.first_byte is None:
                preempt(self.state, ticket, _GIVEN)
            else:
                ended = Refusal(RefusalReason.CANCELLED, event.why)
                self.state.actions.append(say.Reply(ticket.job.id, ended))
                self._in_flight.cancelled(say.Cancelled(ticket.job.id, by_user=True), now)

    def _broken_off(self, event: say.BrokenOff, now: int) -> None:
        for ticket, copy in list(self.state.in_flight.values()):
            wanted = copy.instance.generation if event.generation is None else event.generation
            at = copy.instance.id == event.instance and ticket.generation == wanted
            if at and copy.model in event.models and ticket.first_byte is not None:
                self.state.actions.append(say.Reply(ticket.job.id, Refusal(RefusalReason.FAILED, event.why)))
                self._failed(say.Failed(ticket.job.id, FailureKind.CLOSED, sent=True, notice=event.why), now)

    def _timer_fired(self, event: say.TimerFired, now: int) -> None:
        self._deadlines.fire(now)
        go_on(self.state, now)

    # Instances

    def _instance_planned(self, event: say.InstancePlanned, now: int) -> None:
        self.state.fleet.planned(event, now)
        self.state.timers.add(now + self.state.policy.no_instance_grace_us, TimerKind.REVIEW)

    def _instance_up(self, event: say.InstanceUp, now: int) -> None:
        known = self.state.fleet.instances.get(event.instance)
        if known is not None and known.up and known.facts.url != event.url:
            self.state.affinity.forget(event.instance)
        self._in_flight.keeping.changed(self.state.fleet.up(event, now), now)

    def _instance_down(self, event: say.InstanceDown, now: int) -> None:
        state = self.state
        instance = state.fleet.down(event.instance, event.removed, now, stopped=event.stopped)
        self._placing.own_loads.down(event.instance)
        if instance is None:
            return
        state.affinity.forget(event.instance)
        for copy in instance.copies.values():
            for ticket in copy.running.values():
                state.timers.add(now + state.policy.lost_after_us, TimerKind.LOST, ticket)
        state.timers.add(now + state.policy.no_instance_grace_us, TimerKind.REVIEW)

    def _draining(self, event: say.Draining, now: int) -> None:
        instance = self.state.fleet.instances.get(event.instance)
        if instance is not None:
            instance.draining = event.on
            self.state.fleet.review()

    def _probing(self, event: say.Probing, now: int) -> None:
        instance = self.state.fleet.instances.get(event.instance)
        copy = instance.copies.get(event.model) if instance is not None else None
        if copy is not None:
            copy.probed = int(event.on)

    def _loaded(self, event: say.Loaded, now: int) -> None:
        instance = self.state.fleet.instances.get(event.instance)
        if instance is None or not instance.up:
            return
        copy = instance.copy(event.model)
        copy.parallel = event.parallel or copy.parallel
        if event.context is not None and copy.context is None and _holds_own_runner(copy):
            self.state.fleet.saw_own_context(copy, event.context)
        if event.bytes:
            self.state.fleet.measured(copy, event.bytes)
        self._in_flight.warm(copy, now)

    def _unloaded(self, event: say.Unloaded, now: int) -> None:
        instance = self.state.fleet.instances.get(event.instance)
        copy = instance.copies.get(event.model) if instance else None
        if copy is None or copy.state in (COLD, LOADING):
            return
        current = copy.current
        if any(ticket.first_byte is not None for ticket in current):
            return  # the report is outdated: a model that streams is in memory
        self.state.affinity.forget(event.instance, event.model)
        loads = current and self.state.fleet.loading is None
        self.state.fleet.advance(copy, ModelEvent.RELOADING if loads else ModelEvent.UNLOADED, now)

    def _stopped(self, event: say.Stopped, now: int) -> None:
        self._stops.stop(event.model, self._arrivals)

    def _unload_wanted(self, event: say.UnloadWanted, now: int) -> None:
        self._placing.own_loads.give_up(event.instance, event.model, notice("models.unloaded_meanwhile"))
        self._stops.leave(event.instance, event.model)

    def _memory_measured(self, event: say.MemoryMeasured, now: int) -> None:
        self.state.fleet.memory_measured(event, now)

    def _reserved(self, event: say.Reserved, now: int) -> None:
        self.state.fleet.reserve(event, now)

    def _catalog_read(self, event: say.CatalogRead, now: int) -> None:
        before = self.state.fleet.catalog
        self.state.fleet.set_catalog(event.models)
        for model in before.keys() - self.state.fleet.catalog.keys():
            self._models.named(model)

    def _reconfigured(self, event: say.Reconfigured, now: int) -> None:
        old = self.state.policy
        self.state.configure(event.policy)
        reclassify(self.state, old.classes, now)
        for copy in self.state.fleet.copies():
            copy.limiter.configure(event.policy, copy.instance.facts.pool, copy.model)
        self._deadlines.reconfigured(old, now)
        self._deadlines.review(now)


def _holds_own_runner(copy: Copy) -> bool:
    """Return whether a request of ours is being answered: only then the runner is surely the one that we asked for.

    Other programs use an adopted Ollama too; their `num_ctx` is not the instance's own context. Ollama does not reload
    a runner that answers a request (`server/sched.go`, v0.32).
    """
    return any(ticket.first_byte is not None for ticket in copy.current)
