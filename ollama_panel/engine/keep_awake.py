"""Keeps the machine from going to sleep while requests run; see `machine.keep_awake`."""

import asyncio

from ollama_panel.core.keep_awake import KeepAwakeRecord


class KeepAwake:
    """Holds the lock of the system. `record` says whether it does."""

    def __init__(self) -> None:
        self.record = KeepAwakeRecord()

    async def run(self) -> None:
        """Hold and release it, until cancelled; then release it."""
        await asyncio.Event().wait()
