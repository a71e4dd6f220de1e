"""Waiting in tests, always with a deadline: for a condition or for a block to end."""

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from typing import TypeVar

import psutil

T = TypeVar("T")

DEADLINE_S = 60.0
"""Far more than anything here takes on a busy machine, and less than the time-out of a test."""

_PAUSE_S = 0.02
"""Between two looks at another process."""


def real_seconds() -> float:
    """Return monotonic seconds; unlike the engine's, they go on while nobody looks at them."""
    return time.monotonic()  # noqa: TID251 - deadlines of tests are about real time


@asynccontextmanager
async def deadline(what: str | Callable[[], str], limit_s: float = DEADLINE_S) -> AsyncIterator[None]:
    """Fail with a sentence that names `what` if the block takes longer than `limit_s` of real time.

    Real time, because a test may advance the clock of its loop.
    """
    loop, begun = asyncio.get_running_loop(), real_seconds()

    def check() -> None:
        nonlocal timer
        left = begun + limit_s - real_seconds()
        if left > 0:
            timer = loop.call_later(left, check)
        else:
            limit.reschedule(loop.time())

    timer = loop.call_later(limit_s, check)
    try:
        async with asyncio.timeout(None) as limit:
            yield
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise AssertionError(f"waited {limit_s:g} s for {what if isinstance(what, str) else what()}") from error
    finally:
        timer.cancel()


async def polled(look: Callable[[], Awaitable[T]], what: str | Callable[[], str], limit_s: float = DEADLINE_S) -> T:
    """Look at what only polling can tell, as of another process, until the answer is true; return that answer."""
    async with deadline(what, limit_s):
        while not (seen := await look()):  # noqa: ASYNC110 - see above
            await asyncio.sleep(_PAUSE_S)
    return seen


async def until_ended(processes: Collection[psutil.Process]) -> None:
    """Return when all have ended. So has one whose parent was killed, so that nobody waits for it."""

    async def ended() -> bool:
        return not any(map(_runs, processes))

    await polled(ended, lambda: f"{', '.join(str(one.pid) for one in processes if _runs(one))} to end")


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Changes:
    """Wakes tasks that wait for a condition; `state` describes the actual state if it does not come true."""

    def __init__(self, state: Callable[[], str]) -> None:
        self._state = state
        self._waiters: list[asyncio.Future[None]] = []

    def notify(self) -> None:
        """Let all waiting tasks check their condition."""
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def until(self, condition: Callable[[], object], shown: Callable[..., object] | None = None) -> None:
        """Return when `condition` holds; it is checked at every `notify`. `shown` replaces it in the error message."""
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
