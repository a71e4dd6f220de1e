"""The home of a model: the managed workers or an adopted server, so that the panel does not load a model twice.

All requests for a model go to its home, `Fleet.candidates`: to the managed workers that have it. What an adopted server
has loaded already is used instead, until more requests wait than it has slots; then the home moves, like a swap.
"""

from collections.abc import Iterable, Sequence

from ollama_panel.core.scheduling.instances import Copy, load_order
from ollama_panel.core.scheduling.model_state import COLD, WARM
from ollama_panel.core.scheduling.queue import Group
from ollama_panel.core.scheduling.residency import THETA, Residency
from ollama_panel.core.scheduling.state import State


class Homes:
    """Decides when a model leaves an adopted server for the managed workers."""

    __slots__ = ("residency", "state")

    def __init__(self, state: State, residency: Residency) -> None:
        self.state = state
        self.residency = residency

    def move_one(self, groups: Iterable[tuple[Group, Sequence[Copy]]], now: int) -> None:
        """Begin to move the first home whose slots are too few for the requests that wait, if that is worthwhile."""
        for group, copies in groups:
            if self.residency.swap is None and copies and self._crowded(group, copies, now):
                self.move(group, copies, now)

    def move(self, group: Group, copies: Sequence[Copy], now: int) -> bool:
        """Begin to unload the copies of an adopted server, to load the model at a managed worker; False if none can.

        Other models that must leave for it are worth less, as in every swap.
        """
        target = self._target(group, copies, now)
        if target is None or any(copy.state is not WARM for copy in copies):
            return False
        victims: tuple[Copy, ...] = tuple(copies)
        if not self.residency.fits(target, victims):
            victims = self.residency.plan(target, now, leaving=victims)
            others = [one for one in victims if one not in copies]
            if not victims or not self.residency.worthwhile(group, target, others, now):
                return False
        self.residency.begin(group, target, victims, now)
        return True

    def _target(self, group: Group, copies: Sequence[Copy], now: int) -> Copy | None:
        """Return the managed worker to load the model at, or None if its home is no adopted server, or the only one."""
        if not self.state.policy.swaps or not copies or copies[0].instance.facts.managed:
            return None
        return min(self._managed(group, now), key=load_order, default=None)

    def _managed(self, group: Group, now: int) -> list[Copy]:
        """Return the cold copies at the managed workers that take work."""
        best = self.state.fleet.best(group.want, now, self.state.policy.no_instance_grace_us)
        return [one for one in best if one.instance.facts.managed and one.state is COLD and one.instance.may_get(now)]

    def _crowded(self, group: Group, copies: Sequence[Copy], now: int) -> bool:
        """Return whether the slots at an adopted server are too few, and it has been used for its dwell time.

        The waiting time of the requests is weighed against the load alone: they wait for this model, so that nobody
        loses by the move, unlike by a swap.
        """
        target, limit = self._target(group, copies, now), self.state.fleet.limit
        if target is None or any(len(copy.running) < limit(copy) for copy in copies if copy.instance.may_get(now)):
            return False
        slots = self.state.fleet.slots
        if sum(map(slots, copies)) >= sum(map(slots, self._managed(group, now))):
            return False
        stays = any(now - copy.warm_since < self.state.policy.dwell_us for copy in copies)
        gain = group.waits(now) / self.residency.load_us(target)
        if not stays and (gain > THETA or self.residency.overdue(group, (), now)):
            return True
        self.residency.recheck_later(now)
        return False
