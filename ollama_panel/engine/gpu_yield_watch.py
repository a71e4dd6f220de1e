"""Looks who else wants the GPU: the programs of the settings, and others that use it."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Protocol

import psutil

from ollama_panel.core.gpu_use import others_use
from ollama_panel.core.gpu_yield_rules import Look
from ollama_panel.core.settings.tree_machine import MachineSettings
from ollama_panel.core.telemetry import GpuReading
from ollama_panel.core.timeline.counts import Counts
from ollama_panel.engine.driver_thread import DriverThread
from ollama_panel.engine.host.chosen_programs import ChosenPrograms
from ollama_panel.engine.host.processes import UNREADABLE
from ollama_panel.engine.store import Store


class CardSensors(Protocol):
    """The sensors of the cards."""

    @property
    def gpus(self) -> tuple[GpuReading, ...]:
        """What they have told last."""
        ...

    async def read(self) -> None:
        """Return when they were read just now, or could not be."""
        ...


class GpuYieldWatch:
    """Makes a `Look` of what is so now. What no setting asks for is not looked at.

    `in_flight` returns how many requests or parts of them instances answer now, of which `counts` knows the ends: a
    request of which all open parts wait is not answered. `use` asks the driver how much each process uses
    (`Cards.use`), `sensors` tell what a whole card does.
    """

    def __init__(
        self,
        store: Store,
        counts: Counts,
        in_flight: Callable[[], int],
        processes: Callable[[], Iterable[psutil.Process]],
        use: Callable[[], tuple[Mapping[int, float], ...] | None],
        sensors: CardSensors,
        now: Callable[[], float],
    ) -> None:
        self._store = store
        self._counts = counts
        self._in_flight = in_flight
        self._programs = ChosenPrograms(processes)
        self._use = use
        self._sensors = sensors
        self._now = now
        self._thread = DriverThread("gpu use")
        self._idle_since: float | None = None
        self._ended = 0

    def close(self) -> None:
        """Ask the driver nothing more."""
        self._thread.close()

    async def look(self, wanted: MachineSettings) -> Look:
        """Return what is so now, as far as the settings ask for it."""
        programs = await asyncio.to_thread(self._programs.read, wanted.yield_programs) if wanted.yield_programs else ()
        return Look(programs, await self._others_use() if wanted.yield_gpu_percent else None)

    async def _others_use(self) -> float | None:
        works = self._works()
        try:
            processes = await self._thread.call(self._use)
        except TimeoutError:
            return None
        idle_s = 0.0 if self._idle_since is None else self._now() - self._idle_since
        if processes is None:
            await self._sensors.read()
            cards = tuple(one.utilization_percent for one in self._sensors.gpus)
            return others_use(None, cards, (), works=works, idle_s=idle_s)
        own = await asyncio.to_thread(_own, {pid for card in processes for pid in card}, self._pids())
        return others_use(processes, (), own, works=works, idle_s=idle_s)

    def _works(self) -> bool:
        """Return whether instances answer requests, and note since when they have not."""
        works, ended = self._in_flight() > 0, self._counts.ended.total()
        if works or ended != self._ended:
            self._idle_since = None
        elif self._idle_since is None:
            self._idle_since = self._now()
        self._ended = ended
        return works

    def _pids(self) -> frozenset[int]:
        return frozenset(one.pid for one in self._store.instances() if one.pid is not None)


def _own(pids: Iterable[int], servers: Collection[int]) -> frozenset[int]:
    """Return those of some processes that are servers of the panel, or were started by one."""
    return frozenset(pid for pid in pids if pid in servers or _descends(pid, servers))


def _descends(pid: int, servers: Collection[int]) -> bool:
    try:
        return any(one.pid in servers for one in psutil.Process(pid).parents())
    except UNREADABLE:
        return False
