"""Takes a sample for the live charts four times a second, and measures the memory for the dispatcher once a second."""

import asyncio
import sys
from collections import deque
from collections.abc import Awaitable, Callable

import psutil

from ollama_panel.core.scheduling.messages import MemoryMeasured
from ollama_panel.core.snapshot import Sample
from ollama_panel.core.timeline.counts import Counts
from ollama_panel.engine.host.gpu import Memory
from ollama_panel.engine.store import Store

INTERVAL_S = 0.25
MAX_SAMPLES = 2400
"""Ten minutes of samples."""

_SAMPLES_PER_MEMORY_READ = 4
"""Memory is read once a second only, because that takes system calls."""

METAL_SHARE = 0.75
"""Metal's `recommendedMaxWorkingSetSize` is about three quarters of a Mac's memory (two thirds below 36 GB)."""


class Sampler:
    """Takes samples. `read` returns the memory, `on_measured` is called with what models may use of it."""

    def __init__(
        self,
        store: Store,
        counts: Counts,
        read: Callable[[], Awaitable[Memory | None]],
        on_measured: Callable[[MemoryMeasured], None],
        now: Callable[[], float],
    ) -> None:
        self._store = store
        self._counts = counts
        self._read = read
        self._on_measured = on_measured
        self._now = now
        self._samples: deque[Sample] = deque(maxlen=MAX_SAMPLES)
        self._memory: Memory | None = None
        self._cpu: float | None = None

    def samples(self) -> tuple[Sample, ...]:
        """Return the samples, oldest first."""
        return tuple(self._samples)

    async def run(self) -> None:
        """Take samples until cancelled."""
        psutil.cpu_percent()  # the first call has nothing to compare with
        while True:
            for quarter in range(_SAMPLES_PER_MEMORY_READ):
                if quarter == 0:
                    await self._measure()
                self._add_sample()
                await asyncio.sleep(INTERVAL_S)

    async def _measure(self) -> None:
        self._memory = memory = await self._read()
        self._cpu = psutil.cpu_percent() if self._samples else None
        if memory is not None:
            self._on_measured(usable(memory, main=psutil.virtual_memory().total))

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
            memory_label=memory.label if memory else "",
            cpu_percent=self._cpu,
        )
        self._samples.append(sample)
        self._store.set_sample(sample)


def usable(memory: Memory, platform: str = sys.platform, *, main: int = 0) -> MemoryMeasured:
    """Return how much of a memory models may use; macOS reserves a quarter, and has no memory beside the GPU's.

    `main` is the size of the main memory in bytes.
    """
    total = int(memory.total * METAL_SHARE) if platform == "darwin" else memory.total
    spill = main if memory.gpu and platform != "darwin" else 0
    return MemoryMeasured(total, min(total, memory.total - memory.used), memory.gpu, spill)
