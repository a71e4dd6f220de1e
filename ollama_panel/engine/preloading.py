"""Loads pinned models when instances start, one load at a time; see `pools.*.preload`."""

import asyncio
import logging
from collections.abc import Callable, Iterable

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.evictions import most_loaded
from ollama_panel.core.ollama.models import canonical
from ollama_panel.core.preloads import Pin, Preloads
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.engine.instances.catalog import Catalog
from ollama_panel.engine.instances.model_loads import ModelLoads
from ollama_panel.engine.pace import until_next
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)
_LOOK_S = 1.0
_WHERE = "preload"


class Preloader:
    """Loads the pinned models of each instance after each of its starts, and whenever they have left the memory.

    `holds` returns whether the dispatcher knows a model in the memory of an instance, `rests` whether pins are to wait,
    as during a tuning, `cards` how many GPUs the workers have found.
    """

    def __init__(
        self,
        store: Store,
        catalog: Catalog,
        loads: ModelLoads,
        holds: Callable[[InstanceId, ModelName], bool],
        rests: Callable[[], bool],
        now: Callable[[], float],
        cards: Callable[[], int],
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._loads = loads
        self._holds = holds
        self._rests = rests
        self._now = now
        self._cards = cards
        self._preloads = Preloads()
        self._under_way: dict[Pin, asyncio.Task[None]] = {}
        self._known: frozenset[ModelName] = frozenset()

    async def run(self) -> None:
        """Load what is due, until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._look(group)
                await asyncio.sleep(until_next(_LOOK_S))

    def take_back(self, model: ModelName) -> None:
        """Take note that the user wants a model in memory: pins of it that were unloaded are loaded again."""
        self._preloads.released = {pin for pin in self._preloads.released if pin[1] != model}

    def release(self, pins: Iterable[Pin]) -> None:
        """Take note that the user has unloaded models: pins among them wait for the next start of their instance."""
        self._preloads.released.update(pins)

    def _look(self, group: asyncio.TaskGroup) -> None:
        pools, now = self._store.settings.pools, self._now()
        known = frozenset(facts.name for facts in self._catalog.models())
        if known != self._known:
            self._known = known
            self._preloads.soon()
        wanted = {canonical(model) for pool in pools for model in pool.preload}
        missing = frozenset(wanted - known) if known else frozenset[ModelName]()
        limits = {pool.name: self._most_loaded(pool) for pool in pools}
        pins = self._preloads.pins(self._store.instances(), pools, limits, missing)
        due = () if self._rests() else (pin for pin in pins if pin[1] not in missing and self._is_due(pin, now))
        for pin in due:
            self._under_way[pin] = group.create_task(self._load(pin), name=f"preload {pin[1]} at {pin[0]}")
        self._store.set_problems(_WHERE, self._preloads.problems(pins, pools, missing, limits))

    def _most_loaded(self, pool: PoolSettings) -> int:
        """Return how many models a worker of a pool keeps loaded at once."""
        return most_loaded(self._store.inherited.effective(pool).environment, self._cards())

    def _is_due(self, pin: Pin, now: float) -> bool:
        return pin not in self._under_way and not self._holds(*pin) and self._preloads.is_due(pin, now)

    async def _load(self, pin: Pin) -> None:
        try:
            why = await self._loads.load(*pin)
        finally:
            del self._under_way[pin]
        if why is not None:
            _LOG.warning("%s", render(why))
        self._preloads.ended(pin, why, self._now())
