"""Takes the samples of the live charts, and measures the memory for the dispatcher.

Four samples a second while a window shows them; else, and for the memory, as often as `Pace` says.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress

import msgspec
import psutil

from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.scheduling.messages import MemoryMeasured
from ollama_panel.core.series import Recent
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.snapshot import Budget, MemoryKind, Sample
from ollama_panel.core.timeline.counts import Counts
from ollama_panel.engine.host.gpu import Memory
from ollama_panel.engine.host.gpu.budget import budget_of
from ollama_panel.engine.host.gpu.main_memory import MainMemory
from ollama_panel.engine.host.processes import UNREADABLE
from ollama_panel.engine.pace import Pace
from ollama_panel.engine.store import Store

WATCHED_S = 0.25
"""The interval of samples while a window draws them."""

MEASURE_S = 1.0
"""The interval of measurements of the memory, which take system calls, while somebody wants to know."""

FRESH_S = 2.0
"""The age from which a measurement is repeated before it is used: the usual one, and a late measurement."""

SWAP_S = 600.0
"""For how long a growth of the swap is told of."""

SWAPPED = GIB
"""By so much the swap of a Mac must have grown to be told of: it always has something in it."""

_SEEN = GIB // 10
"""Bytes. The window shows memory in tenths of a GiB."""

_WAIT_S = 0.2
"""How long somebody waits for a measurement: some drivers hang."""


class Sampler:
    """Takes samples. `read` returns the memory, `on_measured` is called with what models may use of it.

    `others` returns how many bytes of that other programs use, `loaded` whether any model is.
    """

    def __init__(
        self,
        store: Store,
        counts: Counts,
        read: Callable[[], Awaitable[Memory | None]],
        on_measured: Callable[[MemoryMeasured], None],
        now: Callable[[], float],
        pace: Pace,
        others: Callable[[], int] = lambda: 0,
        loaded: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._counts = counts
        self._read = read
        self._on_measured = on_measured
        self._now = now
        self._pace = pace
        self._others = others
        self._loaded = loaded
        self._budget: Budget | None = None
        self._samples = Recent[Sample]()
        self._memory: Memory | None = None
        self._measured = float("-inf")
        self._given_up = False
        self._cpu: float | None = None
        self._main = 0
        self._due = asyncio.Event()
        self._taken = asyncio.Event()

    def samples(self) -> tuple[Sample, ...]:
        """Return the samples of the last 15 minutes, oldest first; their distances differ."""
        return tuple(sample for _, sample in self._samples)

    def wake(self) -> None:
        """Take a sample now."""
        self._due.set()

    def is_fresh(self) -> bool:
        """Return whether the memory was measured just now."""
        return self._now() - self._measured < FRESH_S

    async def measured(self) -> None:
        """Return when the memory was measured just now, or could not be measured in a fifth of a second.

        Nobody waits for one that somebody else has given up: a driver that hangs delays one request, not each.
        """
        if self.is_fresh():
            return
        self.wake()
        if self._given_up:
            return
        try:
            async with asyncio.timeout(_WAIT_S):
                await self._taken.wait()
        except TimeoutError:
            self._given_up = True

    async def run(self) -> None:
        """Take samples until cancelled."""
        _cpu_percent()  # the first call has nothing to compare with
        while True:
            self._due.clear()
            if self._now() - self._measured > MEASURE_S - WATCHED_S / 2:
                await self._measure()
            self._add_sample()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pace.interval(WATCHED_S if self._pace.watched else MEASURE_S)):
                    await self._due.wait()

    async def _measure(self) -> None:
        self._memory = memory = await self._read()
        self._measured, self._given_up = self._now(), False
        self._cpu = _cpu_percent() if self._samples else None
        known, self._budget = self._budget, None
        if memory is not None:
            if memory.swap_used is not None:
                self._check_swap(memory.swap_used)
            self._main = self._main or _main_memory()
            self._on_measured(usable(memory, main=self._main))
            others = _steady(self._others(), known.others if known else 0)
            self._budget = msgspec.structs.replace(budget_of(memory), others=others)

    def _check_swap(self, used: int) -> None:
        """Report a problem while the swap has grown much in the time of the samples: the models do not fit."""
        recent = (one.swap_used for at, one in self._samples if at >= self._now() - SWAP_S)
        least = min((one for one in recent if one is not None), default=used)
        grown = (used - least) // SWAPPED * SWAPPED
        tells = grown > 0 and self._loaded()
        self._store.set_problems("swap", [Problem("memory", notice("memory.swaps", size=grown))] if tells else ())

    def _add_sample(self) -> None:
        now, counts, memory = self._now(), self._counts, self._memory
        sample = Sample(
            at=now,
            queued=counts.queued(),
            in_flight=counts.in_flight(),
            slots=self._store.slots(),
            tokens_per_s=round(counts.tokens_per_s(now), 1),
            first_token_p95_s=counts.first_token_p95_s(now),
            memory_used=memory.used if memory else None,
            memory_total=memory.total if memory else None,
            memory_kind=memory.kind if memory else None,
            memory_name=memory.name if memory else "",
            cpu_percent=self._cpu,
            swap_used=memory.swap_used if memory else None,
            budget=self._budget,
        )
        self._samples.add(now, sample)
        self._store.set_sample(sample)
        taken, self._taken = self._taken, asyncio.Event()
        taken.set()


def usable(memory: Memory, platform: str = sys.platform, *, main: int = 0) -> MemoryMeasured:
    """Return what models may use of a memory. Beside a card's own there is main memory to spill into.

    `main` is the size of the main memory in bytes. A GPU that shares it has no more of it.
    """
    budget = budget_of(memory, platform)
    spill = main if memory.kind is MemoryKind.GPU else 0
    return MemoryMeasured(budget.total, budget.free, memory.gpu, spill)


def _steady(others: int, before: int) -> int:
    """Return what other programs take as it was told before, if it has changed by less than anybody sees.

    What programs use goes up and down all the time, and so would the bar where a tenth of a GiB begins.
    """
    return before if others and abs(others - before) < _SEEN else others


def _cpu_percent() -> float | None:
    """Return the share of the CPU in use since the last call; None if it cannot be read now."""
    try:
        return psutil.cpu_percent()
    except UNREADABLE:
        return None


def _main_memory() -> int:
    """Return the size of the main memory in bytes; 0 if it cannot be read now."""
    memory = MainMemory().read()
    return 0 if memory is None else memory.total
