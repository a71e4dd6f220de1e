"""A thread for calls of drivers, which may hang: then nothing else must wait, not even the end of the program."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")

HUNG_S = 10.0
"""After this time a driver is taken to hang: the slowest program that is asked has a limit of five seconds."""


class DriverThread:
    """Runs one call at a time. It is a daemon: the program's end does not wait for it, as for asyncio's own threads."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._calls = SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None]()
        self._started = False
        self._last: Future[Any] | None = None
        self._turn = asyncio.Lock()

    async def call(self, function: Callable[[], T], timeout_s: float = HUNG_S) -> T:
        """Return what `function` returns, once the calls of others that wait have ended or were given up.

        Raises TimeoutError if it takes longer than `timeout_s`, and at once while one that was given up still hangs, or
        if the system permits no thread.
        """
        async with self._turn:
            if self._last is not None and not self._last.done():
                raise TimeoutError
            if not self._started:
                self._start()
            self._last = future = Future[T]()
            self._calls.put((function, future))
            async with asyncio.timeout(timeout_s):
                return await asyncio.wrap_future(future)

    def later(self, function: Callable[[], object]) -> None:
        """Call `function`, which must not raise, as soon as all calls before it have returned, also one that hangs."""
        if self._started:
            self._calls.put((function, Future()))

    def close(self, last: Callable[[], object] | None = None) -> None:
        """End the thread as soon as its call has returned; `last` is called before that, and must not raise."""
        if last is not None:
            self.later(last)
        self._calls.put(None)

    def _start(self) -> None:
        try:
            threading.Thread(target=self._run, name=self._name, daemon=True).start()
        except RuntimeError as error:
            raise TimeoutError from error
        self._started = True

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            function, future = call
            if future.set_running_or_notify_cancel():  # from here on a call that is given up is not `done`
                try:
                    future.set_result(function())
                except BaseException as error:  # noqa: BLE001 - the caller gets it
                    future.set_exception(error)
