"""Gives the GPU to others, and takes it back; see `core.gpu_yield`."""

import asyncio

from ollama_panel.core.gpu_yield import YieldRecord


class GpuYield:
    """Unloads the models and holds the queue. `record` says what has the GPU."""

    def __init__(self) -> None:
        self.record = YieldRecord()

    async def run(self) -> None:
        """Look who uses the GPU, until cancelled."""
        await asyncio.Event().wait()
