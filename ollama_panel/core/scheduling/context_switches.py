"""When a loaded model is reloaded with another context, for requests that no runner of it serves.

Requests that need a longer context and requests that cannot carry one may want the same model (`scheduling.context`).
If a worker is free, each context gets one of its own; else they take turns: a runner keeps its context for at least
`DWELL_US` while it is used, then the others get theirs. A reload that serves everybody is not delayed.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ollama_panel.core.ids import ModelName
from ollama_panel.core.records import ContextConflict, RequestClass, Role
from ollama_panel.core.scheduling.context import ContextNeed
from ollama_panel.core.scheduling.instances import Copy
from ollama_panel.core.scheduling.model_state import ModelState
from ollama_panel.core.scheduling.option_profiles import above
from ollama_panel.core.scheduling.queue import Group
from ollama_panel.core.scheduling.residency import IDLE_US, LONGEST_WAIT_US
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import PRIORITY_ORDER, Want
from ollama_panel.core.scheduling.timers import TimerKind

DWELL_US = 30_000_000
"""A load takes seconds, and empties the prefix cache; half a minute for each makes that a small part of the time."""
CONFLICT_US = 600_000_000
CONFLICT_SWITCHES = 6
"""Three pairs of reloads within `CONFLICT_US` are worth a notice."""


class Switch(NamedTuple):
    """A decision: `copy` is to be reloaded with `context`."""

    copy: Copy
    context: int | None


@dataclass(slots=True)
class ContextSwitches:
    """Decides on switches; remembers their times for `conflicts`, and their `number` since the start."""

    state: State
    done: dict[Want, deque[int]] = field(default_factory=dict)
    number: int = 0
    _recheck_at: int = 0

    def targets(self, copy: Copy, need: ContextNeed, now: int) -> list[int | None]:
        """Return the contexts with which a copy may be loaded for a need, the best first: None = its own.

        A longer one than the need serves more clients, but only while there is room for it.
        """
        if not self.state.policy.option_profiles:
            return [None]
        own = self.state.fleet.own_context(copy)
        least = need.tokens if need.exact else above(need.tokens or 0, own)
        return list(dict.fromkeys((self._raised(copy, need, now), None if least == own else least)))

    def _raised(self, copy: Copy, need: ContextNeed, now: int) -> int | None:
        fleet, model = self.state.fleet, copy.model
        facts = fleet.catalog.get(model)
        own, trained = fleet.own_context(copy), facts.context_trained if facts else None
        room = fleet.context_that_fits((model, copy.instance.facts.role))
        return self.state.profiles.context(model, need, own, trained, room, now)

    def by_urgency(self, group: Group) -> list[ContextNeed]:
        """Return the needs of waiting requests: that of the most urgent, then the oldest request comes first."""
        waiting: dict[ContextNeed, tuple[int, int]] = {}
        for (need, request_class), seqs in group.needs.items():
            first = PRIORITY_ORDER.index(request_class), seqs[0]
            waiting[need] = min(first, waiting.get(need, first))
        return sorted(waiting, key=waiting.__getitem__)

    def unserved(self, group: Group, copies: Sequence[Copy]) -> list[ContextNeed]:
        """Return the needs of waiting requests that no loaded copy serves, by urgency; none if none is loaded."""
        loaded = [one for one in copies if one.state in (ModelState.WARM, ModelState.LOADING)]
        serves = self.state.serves
        needs = {need for need, _ in group.needs if not any(serves(copy, need) for copy in loaded)} if loaded else set()
        return [need for need in self.by_urgency(group) if need in needs] if needs else []

    def possible(
        self, group: Group, copies: Sequence[Copy], needs: Sequence[ContextNeed], now: int
    ) -> Iterator[Switch]:
        """Yield which copies may be reloaded for `needs` now, the best switch first."""
        warm = [copy for copy in copies if copy.ready]
        for need in needs:
            ordered = sorted(warm, key=lambda copy: (self._left_unserved(group, copy, warm), len(copy.running)))
            for copy in ordered:
                if self._may_switch(group, copy, need, now):
                    yield from (Switch(copy, context) for context in self.targets(copy, need, now))

    def begun(self, want: Want, now: int) -> None:
        """Record a switch."""
        times = self.done.setdefault(want, deque(maxlen=CONFLICT_SWITCHES))
        times.append(now)
        self.number += 1

    def _left_unserved(self, group: Group, copy: Copy, warm: Sequence[Copy]) -> int:
        """Return how many waiting requests only this copy serves."""
        serves, others = self.state.serves, [one for one in warm if one is not copy]
        return sum(
            len(seqs)
            for (need, _), seqs in group.needs.items()
            if serves(copy, need) and not any(serves(one, need) for one in others)
        )

    def _may_switch(self, group: Group, copy: Copy, need: ContextNeed, now: int) -> bool:
        if self._harms_nobody(group, copy, need, now):
            return True
        served = [request_class for (one, request_class) in group.needs if self.state.serves(copy, one)]
        if not (served or copy.running) and now - copy.used >= IDLE_US:
            return True
        kept_until = copy.warm_since + max(self.state.policy.dwell_us, DWELL_US)
        if now >= kept_until and self._turn(group, copy, need, served, now):
            return True
        idle_at = copy.used + IDLE_US
        self._recheck_later(idle_at if now < idle_at < kept_until or now >= kept_until else kept_until, now)
        return False

    def _harms_nobody(self, group: Group, copy: Copy, need: ContextNeed, now: int) -> bool:
        """Return whether all that use a model now can use the context for this need: it is only longer."""
        if need.exact or self.state.fleet.own_context(copy) is None or self.state.profiles.not_asking(copy.model, now):
            return False
        return not any(other.exact for other, _ in group.needs)

    def _turn(self, group: Group, copy: Copy, need: ContextNeed, served: Sequence[RequestClass], now: int) -> bool:
        """Return whether it is the turn of the requests with `need`: they are as urgent as the others, or overdue."""
        here = [*served, *(ticket.job.request_class for ticket in copy.running.values())]
        urgent = min(map(PRIORITY_ORDER.index, here), default=len(PRIORITY_ORDER))
        for request_class in PRIORITY_ORDER:
            seqs = group.needs.get((need, request_class))
            if seqs and (
                PRIORITY_ORDER.index(request_class) <= urgent
                or now - group.times[seqs[0]] > LONGEST_WAIT_US[request_class]
            ):
                return True
        return False

    def _recheck_later(self, at: int, now: int) -> None:
        at = max(at, now + IDLE_US // 4)
        if not now < self._recheck_at <= at:
            self._recheck_at = at
            self.state.timers.add(at, TimerKind.REVIEW)

    def conflicts(self, now: int) -> tuple[ContextConflict, ...]:
        """Return the models that are reloaded again and again because of their clients' contexts."""
        found = (
            self._conflict(model, role, now)
            for (model, role), times in self.done.items()
            if len(times) == CONFLICT_SWITCHES and now - times[0] <= CONFLICT_US
        )
        return tuple(one for one in found if one.wanted > (one.own or 0))

    def _conflict(self, model: ModelName, role: Role, now: int) -> ContextConflict:
        fleet, profiles = self.state.fleet, self.state.profiles
        asking, facts = profiles.asking(model, now), fleet.catalog.get(model)
        meant = fleet.meant_for((model, role))
        own = [one for one in map(fleet.own_context, meant) if one is not None]
        room = fleet.context_that_fits((model, role))
        wanted = max(asking.values(), default=0)
        return ContextConflict(
            model=model,
            pools=tuple(dict.fromkeys(copy.instance.facts.pool for copy in meant)),
            own=min(own, default=None),
            wanted=wanted,
            asking=tuple(sorted(asking.items())),
            not_asking=profiles.not_asking(model, now),
            fits=None if room is None else wanted <= room,
            modelfile=bool(facts and facts.num_ctx),
        )
