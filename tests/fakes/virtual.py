"""A loop with a virtual clock, so that time-outs of minutes pass at once and deterministically."""

import asyncio
import selectors
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from typing_extensions import override

from tests.fakes.waiting import deadline

STEPS = 8
"""In how many steps time passes: a time-out of parts (`proxy.patient_timer`) sees each of them."""


_GRACE_S, _LONG_S = 0.002, 0.05
"""A leaping loop really waits so long before it leaps over so long: threads that it knows nothing of get on, too."""
_ROUNDS = 4
"""So many rounds of the loop after a thread has returned, the task at the end of a chain of tasks goes on."""
_ROUND_S = 1e-6
"""What each of its rounds takes: a timer that rounds its time down would be due for ever if the clock stood still."""


class _Selector(selectors.DefaultSelector):
    """The system's selector; where the loop leaps it waits for nothing but sockets that are ready."""

    loop: "VirtualLoop"

    @override
    def select(self, timeout: float | None = None) -> Any:
        if not self.loop.leaps:
            return super().select(timeout)
        self.loop.skip(_ROUND_S)
        if timeout == 0:
            return super().select(0)
        at_work = timeout is None or self.loop.threads_at_work()
        found = super().select(_GRACE_S if at_work or timeout > _LONG_S else 0)
        if not found and timeout is not None and not self.loop.threads_at_work():
            self.loop.skip(timeout)
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    """asyncio's loop with a real clock that tests can advance or pause; all timers and time-outs follow it.

    The proxy uses this clock: its own timers, aiohttp's and `asyncio.timeout`.
    """

    _skipped = 0.0
    _paused_at: float | None = None
    leaps = False

    def __init__(self) -> None:
        selector = _Selector()
        selector.loop = self
        super().__init__(selector)
        self.in_threads = set[asyncio.Future[Any]]()

    @override
    def run_in_executor(self, *arguments: Any) -> Any:
        future = super().run_in_executor(*arguments)
        self.in_threads.add(future)
        future.add_done_callback(self.in_threads.discard)
        return future

    def threads_at_work(self) -> bool:
        """Return whether a thread has still to return what the loop waits for."""
        return bool(self.in_threads)

    @override
    def time(self) -> float:
        return super().time() + self._skipped if self._paused_at is None else self._paused_at

    def skip(self, seconds: float) -> None:
        """Advance the clock by `seconds`."""
        if self._paused_at is None:
            self._skipped += seconds
        else:
            self._paused_at += seconds

    def timers(self) -> list[asyncio.TimerHandle]:
        """Return the scheduled timers, including cancelled ones that are not removed yet."""
        return list(self._scheduled)  # type: ignore[attr-defined] # asyncio has no other way to see them

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Pause the clock in the block, except for `skip`; sockets still work."""
        self._paused_at = self.time()
        try:
            yield
        finally:
            self._skipped += self._paused_at - (super().time() + self._skipped)
            self._paused_at = None


@contextmanager
def leaping() -> Iterator[None]:
    """Let the running loop's clock leap from timer to timer in the block, and stand still while anything is done.

    Servers and clients on this loop take no time then but what they wait for, however slow and busy the machine is:
    what they measure is what their timers say. Real child processes have another clock.
    """
    loop = virtual_loop()
    with loop.paused():
        loop.leaps = True
        try:
            yield
        finally:
            loop.leaps = False


def virtual_loop() -> VirtualLoop:
    """Return the running loop."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop


async def advance(seconds: float, *, threads: bool = True) -> None:
    """Advance the running loop by `seconds`; return when the timers due by then have run, and threads they asked.

    All at once, as after a machine stood still. For what tells that from time that passes there is `pass_by`. Without
    `threads` it waits for none: clients of a test may wait in threads for what this time brings.
    """
    loop = virtual_loop()
    if threads:
        await threads_returned()
    loop.skip(seconds)
    over = loop.create_future()
    loop.call_at(loop.time(), over.set_result, None)
    await over
    if threads:
        await threads_returned()


async def threads_returned() -> None:
    """Return when no thread is at work for the running loop, and who waited for one has gone on from there."""
    loop = virtual_loop()
    if not loop.in_threads:
        return
    async with deadline("what threads do for the loop to be done"):
        while loop.in_threads:
            await asyncio.wait(loop.in_threads)
            for _ in range(_ROUNDS):
                await asyncio.sleep(0)


async def pass_by(seconds: float) -> None:
    """Let time pass for the running loop in some steps; return when the timers due by then have run."""
    end = virtual_loop().time() + seconds
    for left in range(STEPS - 1, -1, -1):
        await advance(max(0.0, end - left * seconds / STEPS - virtual_loop().time()))
