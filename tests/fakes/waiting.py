"""Waiting in tests: for a condition, for a sign, and never for ever."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from ollama_panel.engine.clock import seconds

DEADLINE_S = 60.0
"""Far more than anything here takes on a busy machine, and less than what ends the whole test."""


@asynccontextmanager
async def deadline(what: str | Callable[[], str], limit_s: float = DEADLINE_S) -> AsyncIterator[None]:
    """Fail with a sentence that names `what` if the block takes longer than `limit_s` of real time.

    Real, because a test may put the clock of its loop forward.
    """
    loop, begun = asyncio.get_running_loop(), seconds()

    def look() -> None:
        nonlocal timer
        left = begun + limit_s - seconds()
        if left > 0:
            timer = loop.call_later(left, look)
        else:
            limit.reschedule(loop.time())

    timer = loop.call_later(limit_s, look)
    try:
        async with asyncio.timeout(None) as limit:
            yield
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise AssertionError(f"waited {limit_s:g} s for {what if isinstance(what, str) else what()}") from error
    finally:
        timer.cancel()


class Changes:
    """Wakes whoever waits for something to become true; `state` tells, when it never does, what is true instead."""

    def __init__(self, state: Callable[[], str]) -> None:
        self._state = state
        self._waiters: list[asyncio.Future[None]] = []

    def notify(self) -> None:
        """Have everybody look again."""
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def until(self, condition: Callable[[], object], shown: Callable[..., object] | None = None) -> None:
        """Return when `condition` holds; it is looked at whenever something changes. `shown` tells it better."""
        if condition():
            return
        async with deadline(lambda: f"{_source(shown or condition)}, but {self._state()}"):
            while not condition():
                self._waiters.append(asyncio.get_running_loop().create_future())
                await self._waiters[-1]


def _source(condition: Callable[..., object]) -> str:
    try:
        return f"`{' '.join(inspect.getsource(condition).split())}`"
    except (OSError, TypeError):
        return repr(condition)
