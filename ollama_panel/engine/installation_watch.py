"""Notices an Ollama that is installed while the panel runs, and a program that was named before it was there."""

import asyncio
from collections.abc import Awaitable, Callable

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine.composition import Composition
from ollama_panel.engine.context import Context
from ollama_panel.engine.host.installation import resolve
from ollama_panel.engine.pace import until_next

POLL_S = 5.0


async def watch_installation(
    composition: Composition,
    context: Context,
    applying: asyncio.Lock,
    put_into_force: Callable[[Composition, Settings], Awaitable[None]],
) -> None:
    """Look for Ollama while there is none, until cancelled; start the instances that had no program."""
    while True:
        await asyncio.sleep(until_next(POLL_S))
        async with applying:
            before, settings = context.installation, composition.store.settings
            if not before.missing:
                continue
            if await asyncio.to_thread(resolve, settings, context.overrides, before.binary) == before:
                continue
            await put_into_force(composition, settings)
        for one in composition.store.instances():
            lacked = one.phase is Phase.FAILED and one.detail is not None and one.detail.code.startswith("program.")
            if lacked and one.id in composition.fleet:  # an Apply may have removed it during the start before
                await composition.fleet.start(one.id)
        composition.rollout.begin()
