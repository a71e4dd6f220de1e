"""Which models stay resident, and when one is unloaded for another.

Resident models are served first. A model that is not resident waits until a swap costs less than further waiting: with
gain = the waiting time of its requests in units of a load, and loss = the same for the victim plus the requests that it
will get meanwhile, a swap begins if gain > 8 (1 + loss), if the victim is idle, or if a request has waited too long
(docs/scheduling.md, section "Residency and swaps"). There is one load at a time, never above the memory budget.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ollama_panel.core.ids import ModelName
from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling.context import serves as would_serve
from ollama_panel.core.scheduling.instances import Copy
from ollama_panel.core.scheduling.messages import Unload
from ollama_panel.core.scheduling.model_state import ModelEvent, ModelState
from ollama_panel.core.scheduling.other_programs import RELEASE_US
from ollama_panel.core.scheduling.queue import Group
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import URGENCIES, Urgency, Want
from ollama_panel.core.scheduling.timers import TimerKind

THETA = 8.0
LOAD_FIXED_US = 1_500_000
DISK_BYTES_PER_US = 3_000.0
"""3 GB/s, until real loads were measured."""
LONGEST_WAIT_US = {
    RequestClass.INTERACTIVE: 15_000_000,
    RequestClass.EMBEDDING: 15_000_000,
    RequestClass.BATCH: 240_000_000,
}
CHAT_WAIT_FACTOR = 4
"""Chats wait this many times longer if chats wait for the victim too, so that overload does not cause thrashing."""
SHARE_BESIDE_OTHERS = 0.8
"""Ollama loads beside other models only what it predicts to take at most this share of the free memory."""
SHARE_BY_ITSELF = 0.9
"""An instance without another model loads any model; the rest is for what our predictions leave out."""
UNLOAD_TIMEOUT_US = 10_000_000
"""An unload that is not confirmed is taken to be done after this time."""
RECHECK_US = 500_000
IDLE_US = 2_000_000
"""A model that was idle for this time is unloaded at once, even within its dwell time: one person who goes from model
to model need not wait. 0 s would be too short under mixed load: models were unloaded between two requests (laboratory,
three models of which two fit: 12.0 loads per 100 requests at 0 s, 10.6 without the panel, 10.2 at 2 s)."""

MANY_WAITING = 10
"""If this many requests wait for models that are not resident, an idle model is unloaded at once: fewer requests come
for it in two seconds than wait. (One of three models fits, 1 request a second: first token after 14.5 s instead of
16.0; 5 would cost 11 % more loads at half the rate.)"""


@dataclass(slots=True)
class Swap:
    """A swap under way: the victims are unloaded for `copy`, itself among them if it is to get another `context`.

    `want` is that of the requests that wait for it, None = the panel itself loads the copy (`own_loads`).
    """

    want: Want | None
    copy: Copy
    victims: tuple[Copy, ...]
    context: int | None = None


class Residency:
    """Keeps account of the memory and decides on swaps."""

    __slots__ = ("_recheck_at", "_unloading", "state", "swap")

    def __init__(self, state: State) -> None:
        self.state = state
        self.swap: Swap | None = None
        self._unloading: list[Copy] = []
        self._recheck_at = 0

    def load_us(self, copy: Copy) -> float:
        """Return how long a load of a copy takes, in microseconds: learned, else estimated from its size."""
        learned = self.state.estimates.loads.get(copy.model)
        if learned is not None:
            return learned
        return LOAD_FIXED_US + (self.state.fleet.bytes(copy) or 0) / DISK_BYTES_PER_US

    def resident(self) -> list[Copy]:
        """Return the copies that take memory now."""
        return [copy for copy in self.state.fleet.copies() if copy.state is not ModelState.COLD and copy.instance.up]

    def fits(self, copy: Copy, without: Sequence[Copy] = (), need: int | None = None) -> bool:
        """Return whether a copy fits beside the resident ones; true if that is unknown: then Ollama decides.

        It also decides if no model is left that the panel could unload: what other programs take, or what they load at
        an adopted server, never keeps a request waiting.

        `need` is its memory in bytes, if that is not what it has now.
        """
        return self._fits(copy, without, need, self.state.fleet.reserved.bytes)

    def _fits(self, copy: Copy, without: Sequence[Copy], need: int | None, reserved: int) -> bool:
        """Do as `fits` with so many bytes reserved."""
        if self._full(copy, without):
            return False
        fleet = self.state.fleet
        memory, need = fleet.memory, need or fleet.bytes(copy)
        others = [one for one in self.resident() if one not in without and one is not copy]
        if memory is None or not memory.total or need is None:
            return True
        if not reserved and all(one.of_others for one in others):
            return True
        used = sum(fleet.bytes(one) or 0 for one in others) + reserved
        if self.state.policy.swaps:  # else nobody would make room for what a wrong measurement keeps out
            used += fleet.others.bytes
        beside = any(one.instance is copy.instance for one in others)
        return need <= (SHARE_BESIDE_OTHERS if beside else SHARE_BY_ITSELF) * (memory.total - used)

    def _full(self, copy: Copy, without: Sequence[Copy] = ()) -> bool:
        """Return whether a copy's server has as many models as it may, so that it would unload one for this copy.

        That matters where some are pinned: if those in use are not, Ollama unloads a pinned one, which is loaded again
        for ever (`server/sched.go` findRunnerToUnload, v0.32). Without swaps nobody unloads the others in time.
        """
        facts = copy.instance.facts
        if facts.most_loaded is None or not facts.pinned:
            return False
        here = [one for one in self.resident() if one.instance is copy.instance and one is not copy]
        stay = [one for one in here if one not in without and not one.of_others]
        pinned = [one for one in stay if one.pinned]
        return bool(pinned) and len(stay if self.state.policy.swaps else pinned) >= facts.most_loaded

    def room(self) -> int | None:
        """Return the bytes that are surely free for models that the dispatcher does not load, None = unknown.

        That is neither more than what the known sizes leave nor than what was measured, without what is being loaded,
        or will be at the end of a swap.
        """
        fleet, swap = self.state.fleet, self.swap
        memory, resident = fleet.memory, self.resident()
        coming = [one for one in resident if one.state is ModelState.LOADING]
        if swap is not None and swap.copy not in resident:
            coming.append(swap.copy)
        sizes = {one: fleet.bytes(one) for one in (*resident, *coming)}
        if memory is None or not memory.total or None in sizes.values():
            return None
        pending = fleet.reserved.bytes + sum(sizes[one] or 0 for one in coming)
        known = sum(sizes[one] or 0 for one in resident if one not in coming)
        reckoned = memory.total - fleet.others.bytes - known
        return max(0, min(reckoned, memory.free) - pending)

    def plan(self, copy: Copy, now: int, need: int | None = None, leaving: Sequence[Copy] = ()) -> tuple[Copy, ...]:
        """Return the victims to unload for `copy`, those with the least loss first; empty if that would not suffice.

        Where its server may have no more models, the first victims are of that server. `need` as for `fits`; `leaving`
        are victims in any case.
        """
        others = [one for one in self.resident() if one.state is ModelState.WARM and one.model != copy.model]
        victims = list(leaving)
        full = self._full(copy, leaving)
        for one in sorted(others, key=lambda one: (full and one.instance is not copy.instance, *self._rank(one, now))):
            if one.of_others or one.pinned:
                continue
            victims.append(one)
            if self.fits(copy, victims, need):
                return tuple(victims)
        return ()

    def _rank(self, copy: Copy, now: int) -> tuple[float, int]:
        return self._loss(copy, now), copy.used

    def shut_out(self, copy: Copy) -> bool:
        """Return whether a copy does not fit beside the other pinned ones, whatever else is unloaded.

        What the panel has reserved does not count: it is given back, so that requests wait for it.
        """
        resident = self.resident()
        others = [one for one in resident if not one.pinned]
        return any(one.pinned and one is not copy for one in resident) and not self._fits(copy, others, None, 0)

    def spills(self, copy: Copy) -> bool:
        """Return whether a copy that is shut out may have layers in the main memory, where they are slow.

        Only where nothing else is in memory: an instance that holds other models has Ollama unload those instead
        (`server/sched.go` processPending, v0.32).
        """
        fleet, here = self.state.fleet, copy.instance
        memory, need = fleet.memory, fleet.bytes(copy)
        if memory is None or need is None or any(one.instance is here and one is not copy for one in self.resident()):
            return False
        used = sum(fleet.bytes(one) or 0 for one in self.resident() if one is not copy)
        return need <= SHARE_BY_ITSELF * max(0, memory.total - used) + memory.spill

    def _loss(self, copy: Copy, now: int) -> float:
        """Return the waiting time that unloading a copy costs, in units of its load."""
        if any(other is not copy and other.model == copy.model for other in self.resident()):
            return 0.0
        waits = sum(group.waits(now) for group in self._groups(copy.model))
        return waits / self.load_us(copy) + 5.0 * self.state.estimates.rate(copy.model, now)

    def is_waited_for(self, model: ModelName) -> bool:
        """Return whether requests wait for a model."""
        return bool(self._groups(model))

    def _groups(self, model: ModelName) -> list[Group]:
        return [group for group in self.state.queue.groups.values() if group.want[0] == model]

    def worthwhile(self, group: Group, copy: Copy, victims: Sequence[Copy], now: int) -> bool:
        """Return whether a swap is worthwhile now; if it may be so later, set a timer to check again."""
        busy = any(one.running or self._groups(one.model) for one in victims)
        dwell = self.state.policy.dwell_us
        if any(now - one.warm_since < dwell and not self._idle(one, now) for one in victims):
            self.recheck_later(now)
            return False
        gain = group.waits(now) / self.load_us(copy)
        loss = sum(self._loss(one, now) for one in victims)
        if not busy or self.overdue(group, victims, now) or gain > THETA * (1.0 + loss):
            return True
        self.recheck_later(now)
        return False

    def _idle(self, copy: Copy, now: int) -> bool:
        """Return whether a copy is idle and not waited for, either for `IDLE_US` or while `MANY_WAITING` wait."""
        if copy.running or self._groups(copy.model):
            return False
        return now - copy.used >= IDLE_US or self._waiting_elsewhere() >= MANY_WAITING

    def _waiting_elsewhere(self) -> int:
        here = {one.model for one in self.resident()}
        return sum(group.size for group in self.state.queue.groups.values() if group.want[0] not in here)

    def overdue(self, group: Group, victims: Sequence[Copy], now: int) -> bool:
        """Return whether a request has waited for so long, or was moved to the front: the victims leave in any case."""
        if group.front:
            return True
        rivals = [other for one in victims for other in self._groups(one.model)]
        among_chats = any(other.arrivals[Urgency.INTERACTIVE] for other in rivals)
        factor = CHAT_WAIT_FACTOR if among_chats else 1
        waits = ((group.waits_since(one), LONGEST_WAIT_US[one.request_class]) for one in URGENCIES)
        return any(since is not None and now - since > factor * limit for since, limit in waits)

    def recheck_later(self, now: int) -> None:
        """Set a timer to look again in a moment."""
        if self._recheck_at <= now:
            self._recheck_at = now + RECHECK_US
            self.state.timers.add(self._recheck_at, TimerKind.REVIEW)

    def begin(self, group: Group, copy: Copy, victims: Sequence[Copy], now: int, context: int | None = None) -> None:
        """Drain the victims, then unload them."""
        self.swap = Swap(group.want, copy, tuple(victims), context)
        for one in victims:
            one.draining = True
        self.advance(now)

    def begin_own(self, copy: Copy, victims: Sequence[Copy], now: int) -> None:
        """Drain the victims, then unload them, for a load that the panel itself wants."""
        self.swap = Swap(None, copy, tuple(victims))
        for one in victims:
            one.draining = True
        self.advance(now)

    def is_done(self, swap: Swap, now: int) -> bool:
        """Return whether all victims have left and their memory is free."""
        return all(one.state is ModelState.COLD for one in swap.victims) and self.is_free(swap, now)

    def advance(self, now: int) -> None:
        """Unload victims that have become idle; cancel a swap that nobody waits for any more."""
        swap = self.swap
        if swap is None:
            return
        if not self._wanted(swap):
            self.cancel(swap)
            return
        for one in swap.victims:
            if one.state is ModelState.WARM and not one.running:
                self.unload(one, now, for_another=one.model != swap.copy.model)
        if swap.want is not None and self.is_done(swap, now):
            if swap.copy in swap.victims:
                self.state.fleet.set_context(swap.copy, swap.context)
                swap.copy.switching = True
            self.cancel(swap)

    def is_free(self, swap: Swap, now: int) -> bool:
        """Return whether the memory for a swap is free: another server would not wait for it, and use the main memory.

        After `RELEASE_US` it is taken to be.
        """
        memory, need = self.state.fleet.memory, self.state.fleet.bytes(swap.copy)
        away = [one.cold_since for one in swap.victims if one.instance is not swap.copy.instance]
        if not away or memory is None or need is None or memory.free >= need or now - max(away) >= RELEASE_US:
            return True
        self.recheck_later(now)
        return False

    def _wanted(self, swap: Swap) -> bool:
        """Return whether a request waits for a swap, or the panel itself."""
        if swap.want is None:
            return (swap.copy.instance.id, swap.copy.model) in self.state.own_loads
        group = self.state.queue.groups.get(swap.want)
        if group is None or swap.copy not in swap.victims or swap.copy.state is not ModelState.WARM:
            return group is not None
        own, serves = self.state.fleet.own_context(swap.copy), self.state.serves
        return any(would_serve(need, swap.context, own) and not serves(swap.copy, need) for need, _ in group.needs)

    def unload(self, copy: Copy, now: int, *, for_another: bool = False) -> None:
        """Unload an idle copy; `for_another`: only because another model needs its memory."""
        self.state.fleet.advance(copy, ModelEvent.UNLOAD, now)
        self._unloading.append(copy)
        self.state.actions.append(Unload(copy.instance.id, copy.model, for_another))
        self.state.timers.add(now + UNLOAD_TIMEOUT_US, TimerKind.REVIEW)

    def time_out_unloads(self, now: int) -> None:
        """Take unconfirmed unloads to be done after their timeout, those of cancelled swaps included."""
        if not self._unloading:
            return
        for one in self._unloading:
            if one.state is ModelState.UNLOADING and now - one.unload_sent_at >= UNLOAD_TIMEOUT_US:
                self.state.fleet.advance(one, ModelEvent.OVERDUE, now)
        self._unloading = [one for one in self._unloading if one.state is ModelState.UNLOADING]

    def cancel(self, swap: Swap) -> None:
        """End a swap: its victims get requests again."""
        for one in swap.victims:
            one.draining = False
        self.swap = None
