"""What looks after a running panel by itself: pinned models, hung instances, sleep, the GPU for others, drills."""

from collections.abc import Callable, Coroutine
from typing import Any

from ollama_panel.core.drill import DrillState
from ollama_panel.engine.context import Context
from ollama_panel.engine.drills import Drills
from ollama_panel.engine.gpu_yield import GpuYield
from ollama_panel.engine.host.app_nap import AppNap
from ollama_panel.engine.keep_awake import KeepAwake
from ollama_panel.engine.preloading import Preloader
from ollama_panel.engine.store import Store
from ollama_panel.engine.updating import Updates
from ollama_panel.engine.watchdog import Watchdog


class Operations:
    """All of these parts. `busy` returns whether requests are open or a tuning is under way."""

    def __init__(
        self, context: Context, store: Store, *, busy: Callable[[], bool], preloader: Preloader, updates: Updates
    ) -> None:
        self.preloader, self.updates = preloader, updates
        self.watchdog = Watchdog()
        self.keep_awake = KeepAwake(
            context.system.sleep_lock(),
            busy=lambda: busy() or self._drills(),
            enabled=lambda: store.settings.machine.keep_awake,
            serving=lambda: store.proxy.on,
            now=context.system.seconds,
            changed=context.changed,
            nap=AppNap.of_system(),
        )
        self.gpu_yield = GpuYield()
        self.drills = Drills()

    def running(self) -> tuple[Coroutine[None, None, None], ...]:
        """Return what the parts do until they are cancelled."""
        parts = (self.preloader, self.updates, self.watchdog, self.keep_awake, self.gpu_yield, self.drills)
        return tuple(part.run() for part in parts)

    def records(self) -> dict[str, Any]:
        """Return the fields of the snapshot that the parts fill."""
        awake, gpu_yield, drill = self.keep_awake.record, self.gpu_yield.record, self.drills.record
        return {"keep_awake": awake, "gpu_yield": gpu_yield, "drill": drill}

    def settings_changed(self) -> None:
        """Tell those parts that must know at once."""
        self.keep_awake.look()

    def _drills(self) -> bool:
        record = self.drills.record
        return record is not None and record.state is DrillState.RUNNING
