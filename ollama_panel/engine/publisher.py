"""Limits the rate of snapshots: at most ten a second, and none while nothing changes."""

import asyncio
from collections.abc import Callable


class Publisher:
    """Calls `publish` soon after `mark`, however often that is called."""

    def __init__(self, publish: Callable[[], None], interval_s: float = 0.1) -> None:
        self._publish = publish
        self._interval_s = interval_s
        self._dirty = asyncio.Event()

    def mark(self) -> None:
        """Mark the state as changed."""
        self._dirty.set()

    async def run(self) -> None:
        """Publish until cancelled."""
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            self._publish()
            await asyncio.sleep(self._interval_s)
