"""Which pinned models (`pools.*.preload`) are to be loaded now, and what is told of those that cannot be. Pure.

A load that fails is tried again after a pause that doubles with each failure. A model that leaves the memory soon after
its load counts as one that failed: else Ollama and the panel would load and unload in turn. For the same reason no
worker is to have more of them than it keeps loaded: the first ones count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.models import canonical
from ollama_panel.core.settings.tree import PoolSettings, Problem
from ollama_panel.core.snapshot import InstanceRecord

FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 600.0
STAYS_S = 60.0
"""A model that is loaded has to stay in memory for so long."""
SEEN_S = 5.0
"""A model that is not there at two looks within so long has left: at one, its process may just have ended."""

Pin = tuple[InstanceId, ModelName]
"""A pinned model at an instance of its pool."""


_NO_LIMITS: Mapping[PoolName, int] = MappingProxyType({})


@dataclass(slots=True)
class _Tries:
    """What has become of the loads of a pin since the start of its instance.

    `loaded_at` is that of the last one, `gone_at` when it was first seen that the model is not there any more.
    """

    failures: int = 0
    again_at: float = 0.0
    loaded_at: float | None = None
    gone_at: float | None = None
    why: Notice | None = None


@dataclass(slots=True)
class Preloads:
    """The pins of all instances. `released` are those that the user has unloaded: they wait for the next start."""

    _tries: dict[Pin, _Tries] = field(default_factory=dict)
    _pids: dict[InstanceId, int | None] = field(default_factory=dict)
    released: set[Pin] = field(default_factory=set)

    def pins(
        self,
        instances: Iterable[InstanceRecord],
        pools: Sequence[PoolSettings],
        limits: Mapping[PoolName, int] = _NO_LIMITS,
        missing: frozenset[ModelName] = frozenset(),
    ) -> list[Pin]:
        """Return the pins at the workers that are ready, in the order of the settings.

        `limits` is how many models a worker of each pool keeps loaded; `missing` ones, which are in no store, do not
        count.
        """
        by_name = {pool.name: pool for pool in pools}
        ready, known, there = list[Pin](), set[Pin](), set[InstanceId]()
        for one in instances:
            there.add(one.id)
            pool = by_name.get(one.pool)
            if pool is None or not one.managed:
                continue
            beyond = _beyond(pool, limits, missing)
            pins = [(one.id, model) for model in dict.fromkeys(map(canonical, pool.preload)) if model not in beyond]
            known.update(pins)
            if one.phase is Phase.READY:
                self._started(one)
                ready += pins
        self._tries = {pin: tries for pin, tries in self._tries.items() if pin in known}
        self._pids = {name: pid for name, pid in self._pids.items() if name in there}
        self.released &= known
        return ready

    def _started(self, one: InstanceRecord) -> None:
        """Begin anew with an instance whose process is another one."""
        if self._pids.get(one.id) == one.pid:
            return
        self._pids[one.id] = one.pid
        self.released = {pin for pin in self.released if pin[0] != one.id}
        self._tries = {pin: tries for pin, tries in self._tries.items() if pin[0] != one.id}

    def is_due(self, pin: Pin, now: float) -> bool:
        """Return whether a pin that is not in memory is to be loaded now."""
        tries = self._tries.setdefault(pin, _Tries())
        if tries.loaded_at is not None:
            if tries.gone_at is None or now - tries.gone_at > SEEN_S:
                tries.gone_at = now
                return False
            left_after, tries.loaded_at, tries.gone_at = tries.gone_at - tries.loaded_at, None, None
            if left_after < STAYS_S:
                self._failed(tries, notice("models.left_again", model=pin[1], seconds=round(left_after)), now)
            else:
                tries.failures = 0
        return pin not in self.released and now >= tries.again_at

    def ended(self, pin: Pin, why: Notice | None, now: float) -> None:
        """Take the end of a load: `why` it has failed, None = it is in memory."""
        tries = self._tries.setdefault(pin, _Tries())
        if why is None:
            tries.loaded_at, tries.gone_at, tries.why = now, None, None
        else:
            self._failed(tries, why, now)

    def soon(self) -> None:
        """Try all again now: something has changed."""
        for tries in self._tries.values():
            tries.again_at = 0.0

    @staticmethod
    def _failed(tries: _Tries, why: Notice, now: float) -> None:
        tries.failures, tries.why = tries.failures + 1, why
        tries.again_at = now + min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (tries.failures - 1))

    def problems(
        self,
        pins: Iterable[Pin],
        pools: Sequence[PoolSettings],
        missing: frozenset[ModelName],
        limits: Mapping[PoolName, int] = _NO_LIMITS,
    ) -> tuple[Problem, ...]:
        """Return what is to be told, one problem for each pool and model; `limits` and `missing` as in `pins`."""
        by_model = dict[ModelName, tuple[InstanceId, Notice]]()
        for instance, model in pins:
            tries = self._tries.get((instance, model))
            if tries is not None and tries.why is not None:
                by_model.setdefault(model, (instance, tries.why))
        found = list[Problem]()
        for pool in pools:
            where = f"pools.{pool.name}.preload"
            if beyond := _beyond(pool, limits, missing):
                limit, all_ = limits[pool.name], limits[pool.name] + len(beyond)
                told = notice("models.too_many_pinned", models=beyond, pool=pool.name, limit=limit, wanted=all_)
                found.append(Problem(where, told))
            for model in dict.fromkeys(map(canonical, pool.preload)):
                if model in missing:
                    found.append(Problem(where, notice("models.pinned_missing", model=model)))
                elif model in by_model and model not in beyond:
                    instance, why = by_model[model]
                    told = notice("models.pinned_not_loaded", model=model, instance=instance, why=why)
                    found.append(Problem(where, told))
        return tuple(found)


def _beyond(pool: PoolSettings, limits: Mapping[PoolName, int], missing: frozenset[ModelName]) -> tuple[ModelName, ...]:
    """Return the pins of a pool that its workers cannot keep beside those before them."""
    if pool.name not in limits:
        return ()
    there = [model for model in dict.fromkeys(map(canonical, pool.preload)) if model not in missing]
    return tuple(there[limits[pool.name] :])
