"""Requests in flight: from their dispatch to their end, their failure or their preemption."""

from math import ceil

from ollama_panel.core.ids import RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.records import FailureKind, Job, LoadOptions, Placement, Refusal, RefusalReason, Usage
from ollama_panel.core.scheduling.answers import learn
from ollama_panel.core.scheduling.batch_sizes import num_batch
from ollama_panel.core.scheduling.estimate import LOAD_NOTED_NS
from ollama_panel.core.scheduling.instances import Copy
from ollama_panel.core.scheduling.keeping import Keeping
from ollama_panel.core.scheduling.messages import (
    Cancelled,
    Dispatch,
    Failed,
    Finished,
    FirstByte,
    Preempt,
    Preempted,
    Reply,
)
from ollama_panel.core.scheduling.model_state import ABANDONED, DISPATCHED, FAILED, LOADED, LOADING, WARM
from ollama_panel.core.scheduling.retry import NOT_RETRYABLE, REJECTED, backoff
from ollama_panel.core.scheduling.slot_probe import queued_inside
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import ANSWER, END, PREEMPTING, RUNNING, Step, Ticket
from ollama_panel.core.scheduling.timers import TimerKind
from ollama_panel.core.scheduling.times import ModelTimes
from ollama_panel.core.scheduling.waiting_deadlines import set_deadlines

NEVER = 1 << 62
LOAD_TIMEOUT_US = 30_000_000
SLOWEST_DISK_BYTES_PER_US = 100.0
FIRST_ERROR_STATUS = 400
NOT_FOUND_STATUS = 404
MODEL_GONE = frozenset({FailureKind.RUNNER, FailureKind.OUT_OF_MEMORY, FailureKind.CONNECT})
"""After these failures the model is no longer in memory."""


def preempt(state: State, ticket: Ticket, why: Notice) -> None:
    """Preempt a request, unless it has sent its first byte."""
    if ticket.stage is RUNNING and ticket.first_byte is None:
        ticket.advance(Step.PREEMPT)
        state.actions.append(Preempt(ticket.job.id, why))


def load_limit_us(size: int) -> int:
    """Return how long the load of a model of `size` bytes may take, in microseconds: some time, and a slow disk's."""
    return round(LOAD_TIMEOUT_US + size / SLOWEST_DISK_BYTES_PER_US)


def load_timeout(state: State, ticket: Ticket, copy: Copy) -> int:
    """Return how long a load may take, in microseconds; it doubles with each load timeout of the request."""
    return load_limit_us(state.fleet.bytes(copy) or 0) << ticket.load_timeouts


IGNORED_BY_BREAKER = frozenset({FailureKind.BUSY, FailureKind.TIMEOUT, FailureKind.NOT_FOUND})
"""The circuit breaker ignores these: the instance is busy, the time limit is short, the model is in another store."""


class InFlight:
    """Records which requests hold which slots, from dispatch to end."""

    __slots__ = ("keeping", "state")

    def __init__(self, state: State) -> None:
        self.state = state
        self.keeping = Keeping(state)

    def dispatch(self, ticket: Ticket, copy: Copy, now: int) -> None:
        """Dispatch a request, whose stage is set already, to a copy; if the copy is cold, the request loads it."""
        state, job, home = self.state, ticket.job, copy.instance.id
        ticket.dispatched = copy.used = now
        ticket.first_byte, ticket.tokens = None, 0
        slots, times, output = state.fleet.slots(copy), state.estimates.of(copy.model), state.estimates.output(ticket)
        self._occupy(ticket, copy, times, now)
        state.fleet.advance(copy, DISPATCHED, now)
        if copy.state is LOADING:
            state.timers.add(now + load_timeout(state, ticket, copy), TimerKind.LOAD_TIMEOUT, ticket)
        cached = 0
        if state.policy.prefix_affinity:
            length = job.prompt_tokens + round(output)
            ticket.slot, cached = state.affinity.assign_slot(job, home, length, now, copy.slots_in_use, slots)
        copy.slots_in_use[ticket.slot] = copy.slots_in_use.get(ticket.slot, 0) + 1
        unread = max(0, job.prompt_tokens - cached)
        ticket.uncached, ticket.prefilled_before = unread or 1, times.prefilled
        ticket.prefilled_after = times.prefilled + ticket.uncached
        ticket.charge = state.ledger.charge(ticket.account, times.cost(unread, output, slots))
        ticket.home = home
        loading = copy.state is not WARM
        state.queue.started(ticket)
        state.actions.append(Dispatch(job.id, self._placement(ticket, copy, now), loading))

    def _occupy(self, ticket: Ticket, copy: Copy, times: ModelTimes, now: int) -> None:
        job = ticket.job
        copy.running[job.id] = copy.prefilling[job.id] = ticket
        copy.batch += ticket.batch
        if copy.limiter.policy is not self.state.policy:
            copy.limiter.configure(self.state.policy, copy.instance.facts.pool, copy.model)
        ticket.concurrency, ticket.generation = len(copy.running), copy.instance.generation
        self.state.in_flight[job.id] = ticket, copy
        ticket.prefilled_by = NEVER
        if not job.stream:  # its first byte comes with its last: estimate when its prefill is done
            ticket.prefilled_by = now + round(2 * job.prompt_tokens * times.prefill_us()) + 100_000
            if ticket.batch:
                self.state.timers.add(ticket.prefilled_by, TimerKind.REVIEW)

    def _placement(self, ticket: Ticket, copy: Copy, now: int) -> Placement:
        state, instance = self.state, copy.instance
        options = self._options(ticket.job, copy, now)
        return Placement(
            instance.id,
            instance.facts.url,
            options,
            self._keep_alive(ticket, copy, now),
            ticket.position,
            state.fleet.context(copy),
            state.fleet.elsewhere(copy, ticket.not_found),
        )

    def _options(self, job: Job, copy: Copy, now: int) -> LoadOptions | None:
        state = self.state
        if not state.policy.option_profiles:
            return None
        return state.profiles.replacement(job, copy.context, num_batch(state, job, copy, now))

    def _keep_alive(self, ticket: Ticket, copy: Copy, now: int) -> str | None:
        """Return what replaces a request's `keep_alive`. One that came before a stop has no wish any more.

        One that came after it and has a wish ends a stop that waits for the copy, as in Ollama.
        """
        state, job = self.state, ticket.job
        stopped = state.stopping.get(copy)
        if stopped is not None and ticket.seq <= stopped and not copy.pinned:
            return None
        if stopped is not None and job.keep_alive_s:
            del state.stopping[copy]
        others = [one.job.client for one in copy.running.values() if one is not ticket]
        wish = state.keep_alives.replacement(job, now, copy.instance.facts.keep_alive_s, others)
        return self.keeping.replacement(job, copy, wish)

    def release(self, request: RequestId, now: int) -> Ticket:
        """Free the slot of a request."""
        state = self.state
        ticket, copy = state.in_flight.pop(request)
        del copy.running[request]
        if ticket.first_byte is None:
            del copy.prefilling[request]
        in_slot = copy.slots_in_use.pop(ticket.slot) - 1
        if in_slot:
            copy.slots_in_use[ticket.slot] = in_slot
        copy.batch -= ticket.batch
        copy.used = now
        state.keep_alives.ended(ticket.job, now)
        state.queue.ended(ticket)
        if not copy.running or (copy.state is LOADING and not copy.current):
            state.fleet.advance(copy, ABANDONED, now)
        return ticket

    def warm(self, copy: Copy, now: int) -> None:
        """Record that a model is loaded: all its slots may be used."""
        if copy.instance.up:
            self.state.fleet.advance(copy, LOADED, now)

    def first_byte(self, event: FirstByte, now: int) -> None:
        """Record that a request can no longer be retried."""
        entry = self.state.in_flight.get(event.id)
        if entry is not None:
            self._answered(*entry, now)

    def _answered(self, ticket: Ticket, copy: Copy, now: int) -> None:
        if ticket.first_byte is None:
            ticket.advance(ANSWER)
            ticket.first_byte = now
            copy.prefilling.pop(ticket.job.id, None)
            times = self.state.estimates.of(copy.model)
            times.prefilled += ticket.uncached
            ticket.prefilled_after = times.prefilled
        if ticket.generation != copy.instance.generation:
            return  # it says nothing of the process that is there now
        copy.instance.breaker.succeeded()
        if copy.state is not WARM:
            self.warm(copy, now)

    def finished(self, event: Finished, now: int) -> None:
        """Free the slot and learn from the usage; an answer in one piece had no first byte before."""
        entry = self.state.in_flight.get(event.id)
        if entry is None:
            return
        ticket, copy = entry
        if event.status >= FIRST_ERROR_STATUS:
            self._refused(ticket, copy, event.status, now)
            return
        state, usage = self.state, event.usage
        self._answered(ticket, copy, now)
        batch, current = (ticket.concurrency + len(copy.running)) // 2, ticket.generation == copy.instance.generation
        if current:
            self._measure(ticket, copy, usage, now)
        if current and state.policy.fit_context and usage.prompt_tokens is not None:
            state.estimates.learn_ratio(ticket.job, usage.prompt_tokens, state.fleet.context(copy))
        self.release(event.id, now)
        cost = state.estimates.learn(ticket, usage, batch, now)
        state.shares.add(ticket.urgency, cost, now)
        self._correct_charge(ticket, cost)
        self._end(ticket)

    def _refused(self, ticket: Ticket, copy: Copy, status: int, now: int) -> None:
        """Free the slot of a request that the instance answered by an error, which says nothing about the model."""
        ticket.advance(ANSWER)
        copy.instance.breaker.succeeded()
        if status == NOT_FOUND_STATUS:
            self.state.fleet.found_nowhere(copy.model)
        self._free(ticket, now)

    def _measure(self, ticket: Ticket, copy: Copy, usage: Usage, now: int) -> None:
        """Learn from an answer how many requests the copy can run at once."""
        learn(self.state, ticket, copy, usage, now)
        waited = queued_inside(usage)
        if waited is not None and copy.state is WARM and (usage.load_ns or 0) < LOAD_NOTED_NS:
            copy.slot_probe.observe(ticket.concurrency, waited)

    def cancelled(self, event: Cancelled, now: int) -> None:
        """Free the slot of a request whose client left."""
        if event.id in self.state.in_flight:
            self._free(self.state.in_flight[event.id][0], now)

    def _free(self, ticket: Ticket, now: int) -> None:
        """Free the slot of a request that ended without a usage; it is charged for the time that it ran."""
        self.release(ticket.job.id, now)
        self._correct_charge(ticket, (now - ticket.dispatched) // max(1, ticket.concurrency))
        self._end(ticket)

    def preempted(self, event: Preempted, now: int) -> None:
        """Put a preempted request back into the queue."""
        entry = self.state.in_flight.get(event.id)
        if entry is not None and entry[0].stage is PREEMPTING:
            self._wait_again(entry[0], now)

    def _wait_again(self, ticket: Ticket, now: int) -> None:
        self.release(ticket.job.id, now)
        self._correct_charge(ticket, 0)
        self.state.queue.add(ticket)
        set_deadlines(self.state, ticket, now)

    def failed(self, event: Failed, now: int) -> None:
        """Retry a failed request if that is safe, else answer that it failed."""
        if event.id not in self.state.in_flight:
            return
        ticket, copy = self.state.in_flight[event.id]
        untouched = not event.sent and ticket.first_byte is None
        if ticket.stage is PREEMPTING and untouched:
            self._wait_again(ticket, now)
            return
        if event.kind is FailureKind.NOT_FOUND and untouched:
            self._look_elsewhere(ticket, copy, now)
            return
        self.release(event.id, now)
        self._correct_charge(ticket, 0)
        if ticket.generation == copy.instance.generation:
            self._note(copy, event.kind, now)
        if not untouched:
            self._end(ticket)
        elif self._may_retry(ticket, event.kind):
            self._retry_later(ticket, event, now)
        else:
            self._give_up(ticket, copy, event, now)

    def _look_elsewhere(self, ticket: Ticket, copy: Copy, now: int) -> None:
        """Put a request whose model this store does not have back into the queue, for the other stores."""
        ticket.not_found += 1
        ticket.home = None
        self.state.fleet.not_found(copy)
        self._wait_again(ticket, now)

    def _note(self, copy: Copy, kind: FailureKind, now: int) -> None:
        if kind in MODEL_GONE and not copy.current:
            self.state.fleet.advance(copy, FAILED, now)
        if kind not in IGNORED_BY_BREAKER and copy.instance.breaker.failed(now):
            self.state.timers.add(copy.instance.breaker.open_until, TimerKind.REVIEW)

    def _may_retry(self, ticket: Ticket, kind: FailureKind) -> bool:
        if kind in NOT_RETRYABLE:
            ticket.attempts += 1
            return False
        if kind in REJECTED:
            ticket.rejections += 1
            return ticket.rejections < self.state.policy.max_turned_away
        ticket.attempts += 1
        return ticket.attempts < self.state.policy.max_attempts

    def _retry_later(self, ticket: Ticket, event: Failed, now: int) -> None:
        ticket.last_error = event.why
        ticket.retry_at = now + backoff(ticket)
        self.state.queue.park(ticket)
        set_deadlines(self.state, ticket, now)
        self.state.timers.add(ticket.retry_at, TimerKind.RETRY, ticket)

    def _give_up(self, ticket: Ticket, copy: Copy, event: Failed, now: int) -> None:
        tries, cause = ticket.attempts + ticket.rejections, event.why
        why = notice("request.failed", cause=cause)
        if tries > 1:
            why = notice("request.failed_again", tries=tries, cause=cause)
        half_open_s = ceil(max(0, copy.instance.breaker.open_until - now) / 1e6)
        again = max(half_open_s, self.state.drain_s(1.0, now))
        self.state.actions.append(Reply(ticket.job.id, Refusal(RefusalReason.FAILED, why, again)))
        self._end(ticket)

    def _correct_charge(self, ticket: Ticket, cost: int) -> None:
        """Replace the estimated charge of a request by its real cost."""
        fell = self.state.ledger.correct(ticket.account, ticket.charge, cost)
        ticket.charge = 0
        if fell:
            self.state.queue.counter_fell(ticket.account)

    def _end(self, ticket: Ticket) -> None:
        ticket.advance(END)
        self.state.ledger.leave(ticket.account)
