"""Proposals of other numbers of slots and workers, one step at a time, from what the limits of the models show."""

from collections.abc import Iterable, Sequence

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.limits import LimitReason, ModelLimit
from ollama_panel.core.notices import ChangePools, Notice, Offer, notice
from ollama_panel.core.ollama.models import forced_serial
from ollama_panel.core.pool_memory import fits
from ollama_panel.core.scheduling.curve import Curve
from ollama_panel.core.settings.edits import changed_pools
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.findings import NEARLY

STEPS = (1, 2, 4, 8, 16, 32, 64)
"""The numbers of slots: tiles of matrix kernels are powers of two (scheduling study, section 8)."""
CROWDED_S = 60.0
"""More is proposed when requests have waited for so long while all slots were taken."""
UNUSED_S = 600.0
"""Fewer slots are proposed when a limit has left some free for so long."""
IDLE_S = 60.0
"""What is proposed may be done when the pool has had no request for so long."""
MOST_WORKERS = 16
"""The limit of the setting."""


class Adjuster:
    """Proposes changes of the pools. A proposal stays until its pool is changed; what was taken back does not return.

    `proposed` are the proposals, `done` what was done, with what undoes it.
    """

    def __init__(self) -> None:
        self.proposed: dict[PoolName, Notice] = {}
        self.done: dict[PoolName, Notice] = {}
        self._pools: dict[PoolName, PoolSettings] = {}
        self._since: dict[tuple[PoolName, str], float] = {}
        self._too_many: dict[PoolName, int] = {}
        self._before: dict[PoolName, PoolSettings] = {}
        self._refused: list[PoolSettings] = []
        self._curves: dict[tuple[PoolName, ModelName], Curve] = {}

    @property
    def told(self) -> tuple[Notice, ...]:
        """All that is to be told."""
        return (*self.proposed.values(), *self.done.values())

    def look(self, snapshot: Snapshot, curves: Iterable[Curve]) -> None:
        """Learn from a snapshot; the curves are those that hold."""
        pools = {pool.name: pool for pool in snapshot.settings.pools}
        for name in self._pools.keys() - pools.keys():
            self._forget(name)
        self._curves = {(one.pool, one.model): one for one in curves}
        for name, pool in pools.items():
            if self._pools.get(name) != pool:
                self._changed(name, pool)
            self._look_at(snapshot, pool)

    def due(self, snapshot: Snapshot) -> PoolName | None:
        """Return a pool that is idle and has a proposal, None if there is none."""
        idle = {
            pool.name
            for pool in snapshot.pools
            if self._lasts(pool.name, "idle", IDLE_S, snapshot.at, holds=not pool.queued and not pool.in_flight)
        }
        return next((name for name, one in self.proposed.items() if one.action is not None and name in idle), None)

    def carried_out(self, pool: PoolSettings, proposal: Notice) -> None:
        """Take that a proposal was carried out; the pool was as `pool` before."""
        self._changed(pool.name, _after(pool, proposal.action))
        self._before[pool.name] = pool
        undo = ChangePools((pool.name,), parallel=pool.parallel, workers=pool.workers)
        told = notice("adjust.done", pool=pool.name, model=proposal.values["model"], why=proposal)
        self.done[pool.name] = told.offering(undo)

    def failed(self, pool: PoolSettings, proposal: Notice, told: Notice) -> None:
        """Take that a proposal could not be carried out, which is told; it is not made again."""
        self._refused.append(_after(pool, proposal.action))
        self.proposed[pool.name] = told

    def _changed(self, name: PoolName, pool: PoolSettings) -> None:
        """Begin anew with a pool; if it is as before what was done, that was taken back."""
        if self._before.get(name) == pool and name in self._pools:
            self._refused.append(self._pools[name])
        self._forget(name)
        self._pools[name] = pool

    def _forget(self, name: PoolName) -> None:
        for kept in (self.proposed, self.done, self._pools, self._before):
            kept.pop(name, None)
        self._since = {key: at for key, at in self._since.items() if key[0] != name}

    def _look_at(self, snapshot: Snapshot, pool: PoolSettings) -> None:
        members = (one for one in snapshot.instances if one.pool == pool.name and one.managed)
        limits = [limit for one in members for limit in one.limits]
        load = next((one for one in snapshot.pools if one.name == pool.name), None)
        if load is None or not limits:
            return
        full = load.queued > 0 and load.in_flight >= load.slots > 0
        by_slots = all(one.reason is LimitReason.SLOTS for one in limits)
        crowded = self._lasts(pool.name, "crowded", CROWDED_S, snapshot.at, holds=full and by_slots)
        highest = max(limits, key=lambda one: one.limit)
        bound = highest.reason in (LimitReason.SLO, LimitReason.ADJUSTED) and load.in_flight > 0
        unused = self._lasts(pool.name, "unused", UNUSED_S, snapshot.at, holds=bound)
        found = None
        if crowded:
            found = self._more(snapshot, pool, limits)
        elif unused:
            self._too_many[pool.name] = pool.parallel
            found = _fewer_slots(pool, highest)
        if found is not None and _after(pool, found.action) not in self._refused:
            self.proposed[pool.name] = found

    def _lasts(self, pool: PoolName, what: str, seconds: float, now: float, *, holds: bool) -> bool:
        """Return whether something about a pool holds for so long; a condition that ends begins anew."""
        if not holds:
            self._since.pop((pool, what), None)
            return False
        return now - self._since.setdefault((pool, what), now) >= seconds

    def _more(self, snapshot: Snapshot, pool: PoolSettings, limits: Sequence[ModelLimit]) -> Notice | None:
        """Return the proposal of the next step up: more slots, or more workers where Ollama gives one slot only."""
        model = max(limits, key=lambda limit: limit.slots).model
        facts = next((one for one in snapshot.models if one.name == model), None)
        serial = facts is not None and forced_serial(facts, snapshot.ollama_version or "") is not None
        found = _more_workers(pool, model) if serial else self._more_slots(pool, model)
        return found if found is not None and fits(snapshot, _after(pool, found.action)) else None

    def _more_slots(self, pool: PoolSettings, model: ModelName) -> Notice | None:
        before, curve = pool.parallel, self._curves.get((pool.name, model))
        after = next((step for step in STEPS if step > before), before)
        if after == before or after >= self._too_many.get(pool.name, after + 1):
            return None
        offer, values = ChangePools((pool.name,), parallel=after), {"before": before, "after": after}
        if curve is None or after > curve.most_at_once:
            return notice("adjust.more_slots", pool=pool.name, model=model, **values).offering(offer)
        gain = curve.rate(after) / curve.rate(before)
        if gain * NEARLY < 1:
            return None
        percent = round(100 * (gain - 1))
        told = notice("adjust.more_slots_faster", pool=pool.name, model=model, percent=percent, **values)
        return told.offering(offer)


def _after(pool: PoolSettings, offer: Offer | None) -> PoolSettings:
    """Return a pool after an offer was accepted."""
    assert isinstance(offer, ChangePools)
    return changed_pools(Settings(pools=(pool,)), offer).pools[0]


def _more_workers(pool: PoolSettings, model: ModelName) -> Notice | None:
    before, after = pool.workers, pool.workers + 1
    if after > MOST_WORKERS:
        return None
    told = notice("adjust.more_workers", pool=pool.name, model=model, before=before, after=after)
    return told.offering(ChangePools((pool.name,), workers=after))


def _fewer_slots(pool: PoolSettings, highest: ModelLimit) -> Notice | None:
    """Return the proposal of as few slots as a limit allows, None if the step is the same."""
    before, limit = pool.parallel, highest.limit
    after = next((step for step in STEPS if step >= limit), before)
    if after >= before:
        return None
    values = {"before": before, "after": after, "limit": limit}
    told = notice("adjust.fewer_slots", pool=pool.name, model=highest.model, why=highest.told, **values)
    return told.offering(ChangePools((pool.name,), parallel=after))
