"""What a running engine is created with."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from ollama_panel.core.telemetry import GpuReading
from ollama_panel.engine.host.cores import physical_cores
from ollama_panel.engine.host.gpu import Cards
from ollama_panel.engine.host.gpu.device_log import DeviceLog
from ollama_panel.engine.host.installation import Installation
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.system import System
from ollama_panel.proxy.connection_limit import ConnectionLimit
from ollama_panel.proxy.panel_api import PanelSource


@dataclass(slots=True, eq=False)
class Context:
    """What a running engine is created with; only `installation` changes, with the settings."""

    group: asyncio.TaskGroup
    client: httpx.AsyncClient
    system: System
    paths: Paths
    overrides: Overrides
    cards: Cards
    connections: ConnectionLimit
    installation: Installation
    panel: PanelSource
    announce: Callable[[str], None]
    own_secret: str
    changed: Callable[[], None]
    on_crash: Callable[[Exception], None]
    device_log: DeviceLog = field(default_factory=DeviceLog)

    @property
    def cores(self) -> int:
        """The number of cores that runners on the CPU share."""
        return physical_cores()

    @property
    def gpu(self) -> bool:
        """Whether models run on a GPU, be it a simulated one: as the servers say, else if there is one."""
        on_gpu = self.device_log.devices.on_gpu
        return self.installation.demo or (self.cards.gpu is not None if on_gpu is None else on_gpu)

    @property
    def demo_bytes(self) -> int | None:
        """The memory of the simulated card in a demonstration, None = its servers have not said it yet."""
        return self.overrides.demo_bytes or self.device_log.devices.total

    def demo_gpu(self, used: Callable[[], int]) -> GpuReading | None:
        """Return the simulated card of a demonstration, of which models use so many bytes; None if it is none."""
        if not self.installation.demo:
            return None
        total, held, name = self.demo_bytes, used(), self.device_log.devices.name
        return GpuReading("demo", name, memory_used=min(total or held, held), memory_total=total)
