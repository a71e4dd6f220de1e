"""The background asyncio loop: the only thread that touches engine state."""

import asyncio
import concurrent.futures
import importlib.util
import os
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.engine.host import descriptors

T = TypeVar("T")

_THREADS = min(32, (os.cpu_count() or 1) + 4)
"""As many as asyncio's own executor may have."""


def new_loop() -> asyncio.AbstractEventLoop:
    """Return uvloop's loop, or asyncio's own on Windows, where uvloop does not exist.

    Why it is worth a dependency: a burst of connections does not delay running streams. The panel delayed the first
    bytes of 64 simultaneous streams by 3.8 ms at most, with asyncio's loop by 35 ms; 99 % of their lines by less than
    2.4 ms, with asyncio's 23 ms; CPU per line was 77 against 101 us (medians of seven alternating rounds of
    `tests/bench/proxy.py` on two cores).

    Raises PanelError if its threads cannot be started, or if the limit of open files is too low.
    """
    descriptors.require_enough()
    executor = _started_threads()
    loop: asyncio.AbstractEventLoop
    if importlib.util.find_spec("uvloop") is None:
        loop = asyncio.new_event_loop()
    else:
        loop = importlib.import_module("uvloop").new_event_loop()
    loop.set_default_executor(executor)
    return loop


def _started_threads(number: int = _THREADS) -> concurrent.futures.ThreadPoolExecutor:
    """Return an executor whose threads all run, so that none has to be started when the system has none left.

    They are fewer where the system does not permit so many. Raises PanelError if it permits none.
    """
    executor = concurrent.futures.ThreadPoolExecutor(number, thread_name_prefix="engine")
    started = threading.Event()
    try:
        for _ in range(number):  # each waits, so that the next one gets a new thread
            executor.submit(started.wait)
    except RuntimeError as error:
        started.set()
        executor.shutdown()
        if number == 1:
            raise PanelError(notice("panel.no_threads")) from error
        return _started_threads(number // 2)
    started.set()
    return executor


class LoopThread:
    """An asyncio loop in its own thread, from `start` to `stop`."""

    def __init__(self, name: str = "engine") -> None:
        self._thread = threading.Thread(target=self._run, name=name)

    def start(self) -> None:
        """Start the thread; commands may be submitted at once. Raises what `new_loop` raises."""
        self._loop = new_loop()
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
