"""Which pinned models (`pools.*.preload`) are to be loaded now, and what is told of those that cannot be. Pure.

A load that fails is tried again after a pause that doubles with each failure. A model that leaves the memory soon after
its load counts as one that failed: else Ollama and the panel would load and unload in turn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.models import canonical
from ollama_panel.core.settings.tree import PoolSettings, Problem
from ollama_panel.core.snapshot import InstanceRecord

FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 600.0
STAYS_S = 60.0
"""A model that is loaded has to stay in memory for so long."""

Pin = tuple[InstanceId, ModelName]
"""A pinned model at an instance of its pool."""


@dataclass(slots=True)
class _Tries:
    """What has become of the loads of a pin since the start of its instance; `loaded_at` is that of the last one."""

    failures: int = 0
    again_at: float = 0.0
    loaded_at: float | None = None
    why: Notice | None = None


@dataclass(slots=True)
class Preloads:
    """The pins of all instances. `released` are those that the user has unloaded: they wait for the next start."""

    _tries: dict[Pin, _Tries] = field(default_factory=dict)
    _pids: dict[InstanceId, int | None] = field(default_factory=dict)
    released: set[Pin] = field(default_factory=set)

    def pins(self, instances: Iterable[InstanceRecord], pools: Sequence[PoolSettings]) -> list[Pin]:
        """Return the pins at the workers that are ready, in the order of the settings."""
        by_name = {pool.name: pool for pool in pools}
        ready, known = list[Pin](), set[Pin]()
        for one in instances:
            pool = by_name.get(one.pool)
            if pool is None or not one.managed:
                continue
            pins = [(one.id, model) for model in dict.fromkeys(map(canonical, pool.preload))]
            known.update(pins)
            if one.phase is Phase.READY:
                self._started(one)
                ready += pins
        self._tries = {pin: tries for pin, tries in self._tries.items() if pin in known}
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
            left_after, tries.loaded_at = now - tries.loaded_at, None
            if left_after < STAYS_S:
                self._failed(tries, notice("models.left_again", model=pin[1], seconds=round(left_after)), now)
            else:
                tries.failures = 0
        return pin not in self.released and now >= tries.again_at

    def ended(self, pin: Pin, why: Notice | None, now: float) -> None:
        """Take the end of a load: `why` it has failed, None = it is in memory."""
        tries = self._tries.setdefault(pin, _Tries())
        if why is None:
            tries.loaded_at, tries.why = now, None
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
        self, pins: Iterable[Pin], pools: Sequence[PoolSettings], missing: frozenset[ModelName]
    ) -> tuple[Problem, ...]:
        """Return what is to be told: one problem for each pool and model. `missing` models are in no store."""
        by_model = dict[ModelName, tuple[InstanceId, Notice]]()
        for instance, model in pins:
            tries = self._tries.get((instance, model))
            if tries is not None and tries.why is not None:
                by_model.setdefault(model, (instance, tries.why))
        found = list[Problem]()
        for pool in pools:
            for model in dict.fromkeys(map(canonical, pool.preload)):
                where = f"pools.{pool.name}.preload"
                if model in missing:
                    found.append(Problem(where, notice("models.pinned_missing", model=model)))
                elif model in by_model:
                    instance, why = by_model[model]
                    told = notice("models.pinned_not_loaded", model=model, instance=instance, why=why)
                    found.append(Problem(where, told))
        return tuple(found)
