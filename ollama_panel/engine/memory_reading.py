"""Reads the memory that models may use: of a card as its driver and the servers' logs say, or of the demonstration."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.snapshot import MemoryKind
from ollama_panel.engine.context import Context
from ollama_panel.engine.driver_thread import DriverThread
from ollama_panel.engine.host.gpu import Memory
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.load_meter import LoadMeter
from ollama_panel.engine.store import Store


class MemoryReading:
    """`gpu_changed` is called when a GPU was found or lost."""

    def __init__(
        self, context: Context, store: Store, fleet: Fleet, loads: LoadMeter, gpu_changed: Callable[[], None]
    ) -> None:
        self._context = context
        self._store = store
        self._fleet = fleet
        self._loads = loads
        self._gpu_changed = gpu_changed
        self._driver = DriverThread("memory")

    def close(self) -> None:
        """Ask the driver nothing more."""
        self._driver.close()

    async def read(self) -> Memory | None:
        """Return the memory as it is now, None if it is unknown."""
        if self._context.installation.demo:
            total = self._context.demo_bytes
            return None if total is None else Memory(MemoryKind.GPU, total, self._fleet.model_bytes())
        log, cards = self._context.device_log, self._context.cards
        with self.watched_gpu():
            log.only([one.id for one in self._store.instances() if one.phase not in (Phase.STOPPED, Phase.FAILED)])
        try:
            memory = await self._driver.call(lambda: cards.read(on_gpu=log.devices.on_gpu))
        except TimeoutError:
            return None
        memory = log.applied(memory, self._fleet.runner_bytes())
        self._loads.memory_read(memory)
        return memory

    @contextmanager
    def watched_gpu(self) -> Iterator[None]:
        """Context manager; if a GPU is found or lost in it, that is told, and only then."""
        before = self._context.gpu
        yield
        if self._context.gpu is not before:
            self._gpu_changed()
