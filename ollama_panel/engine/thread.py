"""The background asyncio loop: the only thread that touches engine state."""

import asyncio
import concurrent.futures
import importlib.util
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def new_loop() -> asyncio.AbstractEventLoop:
    """Return uvloop's loop, or asyncio's own on Windows, where uvloop does not exist.

    Why it is worth a dependency: a burst of connections does not delay running streams. The panel delayed the first
    bytes of 64 simultaneous streams by 3.8 ms at most, with asyncio's loop by 35 ms; 99 % of their lines by less than
    2.4 ms, with asyncio's 23 ms; CPU per line was 77 against 101 us (medians of seven alternating rounds of
    `tests/bench/proxy.py` on two cores).
    """
    if importlib.util.find_spec("uvloop") is None:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = importlib.import_module("uvloop").new_event_loop()
    return loop


class LoopThread:
    """An asyncio loop in its own thread, from `start` to `stop`."""

    def __init__(self, name: str = "engine") -> None:
        self._loop = new_loop()
        self._thread = threading.Thread(target=self._run, name=name)

    def start(self) -> None:
        """Start the thread; commands may be submitted at once."""
        self._thread.start()

    def submit(self, coro: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Run `coro` on the loop and return its future; call from any other thread."""
        return asyncio.run_coroutine_threadsafe(coro, self._loop)

    def stop(self) -> None:
        """Cancel the remaining tasks, close the loop and join the thread; a second call does nothing."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.get_loop().run_forever()
