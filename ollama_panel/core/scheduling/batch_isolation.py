"""Batch isolation: why a slot may stay free although batch requests wait: chats stay fast.

A priority queue alone leaves a chat's first token 16 to 70 times later than on an idle machine, one reserved slot 3 to
4 times, and with one prefill at a time and preemption before the first byte 1.6 to 2.1 (docs/scheduling.md, section
"Batch isolation").
"""

from collections.abc import Sequence

from ollama_panel.core.notices import notice
from ollama_panel.core.scheduling.in_flight import preempt
from ollama_panel.core.scheduling.instances import Copy
from ollama_panel.core.scheduling.model_state import WARM
from ollama_panel.core.scheduling.queue import Group
from ollama_panel.core.scheduling.shares import SPAN_US, SPANS
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import (
    INTERACTIVE,
    PREEMPTING,
    RUNNING,
    URGENCIES,
    Ticket,
    Urgency,
    Want,
)

_CHAT_FIRST = notice("preempted.chat")
_PATIENT = (Urgency.BATCH, Urgency.BULK)
"""What others go before, but for its share."""


class BatchIsolation:
    """Decides when batch requests must wait, or are preempted, for chats."""

    __slots__ = ("state",)

    def __init__(self, state: State) -> None:
        self.state = state

    def chat_active(self, want: Want, now: int) -> bool:
        """Return whether a chat request for the model arrived within `chat_memory_us`."""
        seen = self.state.last_chats.get(want)
        return seen is not None and now - seen < self.state.policy.chat_memory_us

    def order(self, group: Group, now: int) -> tuple[Urgency, ...]:
        """Return the order of service: what has waited a minute and got less than its share comes first."""
        starved = tuple(one for one in _PATIENT if group.arrivals[one] and self._starved(group, one, now))
        return (*starved, *(one for one in URGENCIES if one not in starved)) if starved else URGENCIES

    def _starved(self, group: Group, urgency: Urgency, now: int) -> bool:
        share, since = self.state.policy.batch_share, group.waits_since(urgency)
        long = since is not None and now - since > SPAN_US * SPANS
        return share > 0 and long and self.state.shares.of(urgency, now) < share

    def _shed(self, want: Want, copy: Copy, now: int) -> bool:
        """Return whether batch work is shed, because the SLO of the pool is in danger; it still gets its share."""
        compliance = self.state.compliance.get(copy.instance.facts.pool)
        if compliance is None or now >= compliance.danger_until:
            return False
        group = self.state.queue.groups.get(want)
        return group is None or not self._starved(group, Urgency.BATCH, now)

    def batch_waits(self, want: Want, copy: Copy, copies: Sequence[Copy], now: int) -> bool:
        """Return whether batch work may not take a free slot of a copy while somebody chats.

        The SLO is in danger, or one slot is kept free, or a prompt is being read.
        """
        if not self.chat_active(want, now):
            return False
        if self._shed(want, copy, now):
            return True
        slots = sum(self.state.fleet.limit(one) for one in copies)
        if slots > 1 and sum(one.batch for one in copies) >= slots - self.state.policy.reserved_slots:
            return True
        return any(now < one.prefilled_by for one in copy.prefilling.values())

    def preempt_prefills(self, copy: Copy, now: int) -> None:
        """Preempt batch requests that have sent nothing, because a chat's prefill begins here."""
        if copy.state is not WARM:
            return
        for ticket in list(copy.prefilling.values()):
            if self._preemptible(ticket, now):
                ticket.preempted += 1
                preempt(self.state, ticket, _CHAT_FIRST)

    def _preemptible(self, ticket: Ticket, now: int) -> bool:
        if not ticket.batch or ticket.moved or ticket.stage is not RUNNING or now >= ticket.prefilled_by:
            return False
        return ticket.preempted < self.state.policy.max_preemptions

    def preempt_for_waiting(self, group: Group, copies: Sequence[Copy], now: int) -> None:
        """Preempt one batch request for each waiting interactive one that found no slot."""
        if not any(copy.batch and copy.prefilling for copy in copies):
            return
        urgent = self._urgent(group, copies)
        coming = sum(one.stage is PREEMPTING for copy in copies for one in copy.prefilling.values())
        for copy in copies:
            if urgent <= coming:
                return
            for ticket in list(copy.prefilling.values()):
                if urgent > coming and copy.state is WARM and self._preemptible(ticket, now):
                    ticket.preempted += 1
                    coming += 1
                    preempt(self.state, ticket, _CHAT_FIRST)

    def _urgent(self, group: Group, copies: Sequence[Copy]) -> int:
        """Return how many interactive requests wait that one of the copies serves."""
        serves = self.state.serves
        return sum(
            len(seqs)
            for (need, request_class), seqs in group.needs.items()
            if request_class is INTERACTIVE and any(serves(copy, need) for copy in copies)
        )
