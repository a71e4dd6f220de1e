"""A wait with a deadline ends, whatever else happens in the process."""

import asyncio
import time

import pytest

from ollama_panel.engine.clock import STANDSTILL_S
from tests.fakes.waiting import deadline


async def test_a_deadline_passes_although_nothing_else_reads_a_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's own clock leaves out what looks like a standstill of the machine."""
    read, gone = time.monotonic, 0.0  # noqa: TID251 - put forward here, not read
    monkeypatch.setattr(time, "monotonic", lambda: read() + gone)

    async def wait() -> None:
        nonlocal gone
        async with deadline("what never comes", STANDSTILL_S + 5):
            gone = STANDSTILL_S + 5
            await asyncio.get_running_loop().create_future()

    with pytest.raises(AssertionError, match="waited 15 s for what never comes"):
        await wait()
