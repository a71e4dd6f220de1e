"""Finds instances that hang although they have work, and restarts them; decisions are `core.watchdog`'s."""

import asyncio


class Watchdog:
    """Watches all instances."""

    async def run(self) -> None:
        """Look from time to time, until cancelled."""
        await asyncio.Event().wait()
