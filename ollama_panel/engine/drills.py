"""Carries out drills: does harm to a secondary instance on purpose, and scores what follows; see `core.drill`."""

import asyncio

from ollama_panel.core.drill import DrillRecord


class Drills:
    """One drill at a time. `record` is the one under way, or the last one of this run."""

    def __init__(self) -> None:
        self.record: DrillRecord | None = None

    async def run(self) -> None:
        """Carry out what is asked for, until cancelled; the instance of a drill ends then, too."""
        await asyncio.Event().wait()
