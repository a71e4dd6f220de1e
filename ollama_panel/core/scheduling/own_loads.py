"""Loads that the panel itself wants: of pinned models, and of what a user has asked for.

They take their turn: after the requests that wait for a load, one load at a time over all instances, within the memory.
What needs room has others unloaded that are idle, as a swap for requests has; pinned models never leave for it.
"""

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.scheduling.context import ANY
from ollama_panel.core.scheduling.context_switches import ContextSwitches
from ollama_panel.core.scheduling.instances import Copy
from ollama_panel.core.scheduling.keeping import runner_options, wanted_keep_alive
from ollama_panel.core.scheduling.messages import Load, LoadEnded, LoadOver, LoadWanted
from ollama_panel.core.scheduling.model_state import ABANDONED, COLD, DISPATCHED, LOADED, LOADING, WARM
from ollama_panel.core.scheduling.residency import Residency
from ollama_panel.core.scheduling.state import State

PATIENCE_US = 15_000_000
"""So long a load waits for models in use to become idle; then their requests go elsewhere or wait."""


class OwnLoads:
    """Starts and ends the loads of `State.own_loads`."""

    __slots__ = ("_generation", "_under_way", "residency", "state", "switches")

    def __init__(self, state: State, residency: Residency, switches: ContextSwitches) -> None:
        self.state = state
        self.residency = residency
        self.switches = switches
        self._under_way: Copy | None = None
        self._generation = 0

    def wanted(self, event: LoadWanted, now: int) -> None:
        """Record that a load is wanted."""
        self.state.own_loads.setdefault((event.instance, event.model), now)

    def ended(self, event: LoadEnded, now: int) -> None:
        """Take the end of a load."""
        copy = self._under_way
        if copy is None or not self._runs(event.instance, event.model) or event.generation != self._generation:
            return  # its process is gone
        self._under_way = None
        if event.why is None:
            self.state.fleet.advance(copy, LOADED, now)
        else:
            copy.load_failed_at = now
            self.state.fleet.advance(copy, ABANDONED, now)
        self._over((event.instance, event.model), event.why)

    def down(self, instance: InstanceId) -> None:
        """Give up the loads at an instance that is down."""
        if self._under_way is not None and self._under_way.instance.id == instance:
            self._under_way = None
        for key in [one for one in self.state.own_loads if one[0] == instance]:
            self._over(key, notice("instance.down"))

    def give_up(self, instance: InstanceId, model: ModelName, why: Notice) -> None:
        """Give up a load that has not begun."""
        if (instance, model) in self.state.own_loads and not self._runs(instance, model):
            self._over((instance, model), why)

    def at(self, instance: InstanceId) -> tuple[ModelName, ...]:
        """Return the models that are to be loaded at an instance, the one under way first."""
        found = [model for name, model in self.state.own_loads if name == instance]
        return tuple(sorted(found, key=lambda model: not self._runs(instance, model)))

    def start(self, now: int) -> None:
        """Start the first load that may begin; the caller has seen that no other is under way.

        One at an instance whose process has been replaced meanwhile begins again.
        """
        if self._under_way is not None and self._under_way.instance.generation != self._generation:
            self._under_way = None
        for (name, model), since in tuple(self.state.own_loads.items()):
            instance = self.state.fleet.instances.get(name)
            if instance is None:
                self._over((name, model), notice("instance.down"))
                continue
            if self._runs(name, model) or not instance.may_get(now):
                continue
            copy = instance.copy(model)
            if copy.state is WARM and copy.takes_work:
                self._over((name, model), None)
            elif copy.state is COLD and not copy.running and self._load(copy, since, now):
                return

    def _runs(self, instance: InstanceId, model: ModelName) -> bool:
        one = self._under_way
        return one is not None and one.instance.id == instance and one.model == model

    def _load(self, copy: Copy, since: int, now: int) -> bool:
        """Load a copy if there is room, else make room; return whether no other load may begin now."""
        swap = self.residency.swap
        if swap is not None and (swap.want is not None or swap.copy is not copy):
            return False
        if swap is not None and not self.residency.is_done(swap, now):
            return True
        if swap is not None:
            self.residency.cancel(swap)
        for context in self.switches.targets(copy, ANY, now):
            self.state.fleet.set_context(copy, context)
            if self.residency.fits(copy):
                self._begin(copy, now)
                return True
        return self._make_room(copy, since, now)

    def _begin(self, copy: Copy, now: int) -> None:
        state = self.state
        state.fleet.advance(copy, DISPATCHED, now)
        assert copy.state is LOADING, "it was cold"
        self._under_way, self._generation, copy.used = copy, copy.instance.generation, now
        keep_alive = copy.kept = wanted_keep_alive(copy)
        options = runner_options(state, copy, now)
        state.actions.append(Load(copy.instance.id, copy.model, options, keep_alive, self._generation))

    def _make_room(self, copy: Copy, since: int, now: int) -> bool:
        """Have models unloaded for a copy; return whether that is under way. Refuse it if that would not suffice."""
        victims = self.residency.plan(copy, now) if self.state.policy.swaps else ()
        if not victims:
            self._over((copy.instance.id, copy.model), self.no_room(copy))
            return False
        busy = any(one.running or self.residency.is_waited_for(one.model) for one in victims)
        if busy and now - since < PATIENCE_US:
            self.residency.recheck_later(now)
            return False
        self.residency.begin_own(copy, victims, now)
        return True

    def no_room(self, copy: Copy) -> Notice:
        """Return that a copy does not fit beside what stays in memory, or that no more may be there at once."""
        fleet, memory, most = self.state.fleet, self.state.fleet.memory, copy.instance.facts.most_loaded
        others = [one for one in self.residency.resident() if one is not copy]
        pinned = [one for one in others if one.pinned and one.instance is copy.instance]
        if most is not None and len(pinned) >= most:
            return notice("models.no_place", model=copy.model, limit=most, pinned=tuple(one.model for one in pinned))
        staying = [one for one in others if one.pinned] or others
        names = tuple(dict.fromkeys(one.model for one in staying))
        need, total = fleet.bytes(copy) or 0, memory.total if memory is not None else 0
        return notice("models.no_room", model=copy.model, need=need, total=total, others=names)

    def _over(self, key: tuple[InstanceId, ModelName], why: Notice | None) -> None:
        del self.state.own_loads[key]
        self.state.actions.append(LoadOver(*key, why))
