"""Who uses the GPU, as a running engine looks at it."""

import asyncio
import os
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

import psutil

from ollama_panel.core.gpu_use import QUIET_S
from ollama_panel.core.gpu_yield_rules import Look
from ollama_panel.core.settings.tree_machine import MachineSettings
from ollama_panel.core.snapshot import RequestState
from ollama_panel.core.telemetry import GpuReading
from ollama_panel.core.timeline.counts import Counts
from ollama_panel.engine.gpu_yield_watch import GpuYieldWatch
from tests.fakes.virtual import advance

WANTED = MachineSettings(yield_gpu_percent=40)


class Machine:
    """One instance, which is this process, and one card. `use` is what each process uses, None = not told."""

    def __init__(self) -> None:
        self.use: tuple[Mapping[int, float], ...] | None = None
        self.gpus: tuple[GpuReading, ...] = (GpuReading("0", utilization_percent=70.0),)
        self.counts = Counts()
        self.listed = 0
        store: Any = SimpleNamespace(instances=lambda: (SimpleNamespace(pid=os.getpid()),))
        now = asyncio.get_running_loop().time
        self.watch = GpuYieldWatch(store, self.counts, self.counts.in_flight, self._list, lambda: self.use, self, now)

    async def read(self) -> None:
        await asyncio.sleep(0)

    def _list(self) -> Iterable[psutil.Process]:
        self.listed += 1
        return ()

    async def others(self) -> float | None:
        return (await self.watch.look(WANTED)).use


async def test_the_use_of_a_card_is_that_of_others_once_the_panel_was_idle() -> None:
    machine = Machine()
    assert await machine.others() is None
    await advance(QUIET_S)
    assert await machine.others() == 70.0
    machine.counts.ended[RequestState.DONE] += 1  # one that came and went between two looks
    assert await machine.others() is None
    machine.watch.close()


async def test_the_driver_tells_the_panels_own_processes_apart() -> None:
    machine = Machine()
    machine.use = ({os.getpid(): 90.0, 1 << 30: 8.0},)
    assert await machine.others() == 8.0
    machine.watch.close()


async def test_what_no_setting_asks_for_is_not_looked_at() -> None:
    machine = Machine()
    assert await machine.watch.look(MachineSettings()) == Look()
    assert machine.listed == 0
    assert await machine.watch.look(MachineSettings(yield_programs=("game",))) == Look()
    assert machine.listed == 1
    machine.watch.close()
