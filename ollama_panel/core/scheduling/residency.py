"""Which models stay in memory, and when one makes room for another.

Resident models are served first. A model that is not in memory waits until it costs less to swap than to go on waiting:
with gain = waiting time of its requests in units of a load, loss = the same of the victim plus the requests it will get
meanwhile, a swap is due when gain > 8 (1 + loss), when the victim has nothing to do, or when somebody has waited too
long (scheduling study, section 6; Clockwork makes loads explicit decisions in the same way). One load at a time, never
above the memory budget.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ollama_panel.core.ids import ModelName
from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling.alarms import TimerKind
from ollama_panel.core.scheduling.fleet import Copy
from ollama_panel.core.scheduling.messages import Unload
from ollama_panel.core.scheduling.model_state import ModelEvent, ModelState
from ollama_panel.core.scheduling.queue import Group
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import Want

THETA = 8.0
LOAD_FIXED_US = 1_500_000
DISK_BYTES_PER_US = 3_000.0
"""3 GB/s, until real loads were seen."""
LONGEST_WAIT_US = {
    RequestClass.INTERACTIVE: 15_000_000,
    RequestClass.EMBEDDING: 15_000_000,
    RequestClass.BATCH: 240_000_000,
}
CHAT_WAIT_FACTOR = 4
"""How much longer chats wait for a model whose victim has chats waiting too, lest overload become all swapping."""
SHARE_BESIDE_OTHERS = 0.8
"""Ollama loads beside other models only what it predicts to take at most this share of the free memory."""
SHARE_BY_ITSELF = 0.9
"""An instance that has no other model loads whatever is asked for; the rest is for what our predictions leave out."""
UNLOAD_TIMEOUT_US = 10_000_000
"""An unload that nobody confirms is believed after so long."""
RECHECK_US = 500_000
IDLE_US = 2_000_000
"""A model that had nothing to do for so long makes room at once, dwell or not: one person who goes from model to model
need not wait. At once would be too soon under mixed load: models left between two requests (laboratory, three models of
which two fit: 12.0 loads per 100 requests at 0 s, 10.6 without the panel, 10.2 at 2 s)."""


MANY_WAITING = 10
"""When so many wait for models that are not in memory, one that has nothing to do makes room at once: what comes for it
in two seconds is less than what waits. (One of three models fits, 1 request a second: first token after 14.5 s instead
of 16.0; 5 would cost 11 % more loads at half the rate.)"""


@dataclass(slots=True)
class Swap:
    """A decided swap: these copies leave for that one."""

    want: Want
    copy: Copy
    victims: tuple[Copy, ...]


class Residency:
    """Keeps the memory's books and decides on swaps."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.swap: Swap | None = None
        self._unloading: list[Copy] = []
        self._recheck_at = 0

    def load_us(self, copy: Copy) -> float:
        """Return how long a load takes."""
        learned = self.state.estimates.loads.get(copy.model)
        if learned is not None:
            return learned
        return LOAD_FIXED_US + (self.state.fleet.bytes(copy) or 0) / DISK_BYTES_PER_US

    def resident(self) -> list[Copy]:
        """Return what takes memory now."""
        return [copy for copy in self.state.fleet.copies() if copy.state is not ModelState.COLD and copy.instance.up]

    def fits(self, copy: Copy, without: Sequence[Copy] = ()) -> bool:
        """Say whether a copy can be loaded beside what is in memory; what cannot be known is left to Ollama."""
        memory, need = self.state.fleet.memory, self.state.fleet.bytes(copy)
        others = [one for one in self.resident() if one not in without and one is not copy]
        if memory is None or not memory.total or need is None or not others:
            return True
        used = sum(self.state.fleet.bytes(one) or 0 for one in others)
        beside = any(one.instance is copy.instance for one in others)
        return need <= (SHARE_BESIDE_OTHERS if beside else SHARE_BY_ITSELF) * (memory.total - used)

    def plan(self, copy: Copy, now: int) -> tuple[Copy, ...]:
        """Return the copies that must leave for `copy`, those that lose least first; empty when that does not help."""
        others = [one for one in self.resident() if one.state is ModelState.WARM and one.model != copy.model]
        victims: list[Copy] = []
        for one in sorted(others, key=lambda one: (self._loss(one, now), one.used)):
            victims.append(one)
            if self.fits(copy, victims):
                return tuple(victims)
        return ()

    def _loss(self, copy: Copy, now: int) -> float:
        """Return the waiting that the loss of a copy costs, in units of its load."""
        if any(other is not copy and other.model == copy.model for other in self.resident()):
            return 0.0
        waits = sum(group.waits(now) for group in self._groups(copy.model))
        return waits / self.load_us(copy) + 5.0 * self.state.estimates.rate(copy.model, now)

    def _groups(self, model: ModelName) -> list[Group]:
        return [group for group in self.state.queue.groups.values() if group.want[0] == model]

    def worthwhile(self, group: Group, copy: Copy, victims: Sequence[Copy], now: int) -> bool:
        """Say whether a swap pays now; if it may pay later, look again soon."""
        busy = any(one.running or self._groups(one.model) for one in victims)
        dwell = self.state.policy.dwell_us
        if any(now - one.warm_since < dwell and not self._idle(one, now) for one in victims):
            self._recheck_later(now)
            return False
        gain = group.waits(now) / self.load_us(copy)
        loss = sum(self._loss(one, now) for one in victims)
        if not busy or self._overdue(group, victims, now) or gain > THETA * (1.0 + loss):
            return True
        self._recheck_later(now)
        return False

    def _idle(self, copy: Copy, now: int) -> bool:
        """Say whether a copy has nothing to do and nobody waits for it, for a while or while a crowd waits."""
        if copy.running or self._groups(copy.model):
            return False
        return now - copy.used >= IDLE_US or self._waiting_elsewhere() >= MANY_WAITING

    def _waiting_elsewhere(self) -> int:
        here = {one.model for one in self.resident()}
        return sum(group.size for group in self.state.queue.groups.values() if group.want[0] not in here)

    def _overdue(self, group: Group, victims: Sequence[Copy], now: int) -> bool:
        rivals = [other for one in victims for other in self._groups(one.model)]
        among_chats = any(other.arrivals[RequestClass.INTERACTIVE] for other in rivals)
        factor = CHAT_WAIT_FACTOR if among_chats else 1
        waits = ((group.waits_since(one), limit) for one, limit in LONGEST_WAIT_US.items())
        return any(since is not None and now - since > factor * limit for since, limit in waits)

    def _recheck_later(self, now: int) -> None:
        if self._recheck_at <= now:
            self._recheck_at = now + RECHECK_US
            self.state.timers.add(self._recheck_at, TimerKind.REVIEW)

    def begin(self, group: Group, copy: Copy, victims: Sequence[Copy], now: int) -> None:
        """Let the victims finish what they have and leave."""
        self.swap = Swap(group.want, copy, tuple(victims))
        for one in victims:
            one.draining = True
        self.advance(now)

    def advance(self, now: int) -> None:
        """Unload what has become idle; give up a swap that nobody waits for any more."""
        if self._unloading:
            self._time_out_unloads(now)
        swap = self.swap
        if swap is None:
            return
        if swap.want not in self.state.queue.groups:
            self._cancel(swap)
            return
        for one in swap.victims:
            if one.state is ModelState.WARM and not one.running:
                self.state.fleet.advance(one, ModelEvent.UNLOAD, now)
                self._unloading.append(one)
                self.state.actions.append(Unload(one.instance.id, one.model))
                self.state.timers.add(now + UNLOAD_TIMEOUT_US, TimerKind.REVIEW)
        if all(one.state is ModelState.COLD for one in swap.victims):
            self._cancel(swap)

    def _time_out_unloads(self, now: int) -> None:
        """Take unloads for done that nobody confirmed in time, those of swaps that were given up included."""
        for one in self._unloading:
            if one.state is ModelState.UNLOADING and now - one.unload_sent_at >= UNLOAD_TIMEOUT_US:
                self.state.fleet.advance(one, ModelEvent.OVERDUE, now)
        self._unloading = [one for one in self._unloading if one.state is ModelState.UNLOADING]

    def _cancel(self, swap: Swap) -> None:
        for one in swap.victims:
            one.draining = False
        self.swap = None
