"""Starts coroutines from Qt slots without losing them or their errors."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject
from shiboken6 import Shiboken

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, notice

log = logging.getLogger(__name__)
_running: set[asyncio.Task[Any]] = set()


def spawn(coro: Coroutine[Any, Any, Any], report: Callable[[Notice], None]) -> None:
    """Run `coro` on the GUI loop; its error is reported as a notice, and logged if it is no `PanelError`."""
    task = asyncio.get_running_loop().create_task(coro)
    _running.add(task)
    task.add_done_callback(lambda done: _finish(done, report))


class OneOfAKind:
    """Commands of a widget, of each kind one at a time: whoever clicks twice does not mean two.

    `begin` spawns a coroutine; `changed` is called when a kind begins and ends, as long as `owner` exists.
    """

    def __init__(
        self, owner: QObject, begin: Callable[[Coroutine[Any, Any, None]], object], changed: Callable[[], None]
    ) -> None:
        self._owner = owner
        self._begin = begin
        self._changed = changed
        self._kinds: set[str] = set()

    def runs(self, *kinds: str) -> bool:
        """Return whether a command of one of these kinds is under way."""
        return not self._kinds.isdisjoint(kinds)

    def spawn(self, kind: str, command: Coroutine[Any, Any, None]) -> None:
        """Begin a command, unless one of its kind is under way."""
        if kind in self._kinds:
            command.close()
            return
        self._kinds.add(kind)
        self._changed()
        self._begin(self._run(kind, command))

    async def _run(self, kind: str, command: Coroutine[Any, Any, None]) -> None:
        try:
            await command
        finally:
            self._kinds.discard(kind)
            if exists(self._owner):
                self._changed()


def exists(receiver: QObject) -> bool:
    """Return whether Qt has not deleted an object meanwhile: a coroutine of a widget asks this after it has awaited."""
    return Shiboken.isValid(receiver)


def pending() -> int:
    """Return the number of spawned tasks that still run."""
    return len(_running)


def _finish(task: asyncio.Task[Any], report: Callable[[Notice], None]) -> None:
    _running.discard(task)
    if task.cancelled():
        return
    if error := task.exception():
        report(notice_of(error))


def notice_of(error: BaseException) -> Notice:
    """Return an error as a notice for the user; log it with its traceback if it is no `PanelError`."""
    if isinstance(error, PanelError):
        return error.notice
    log.error("a command failed", exc_info=error)
    return notice("unexpected", error=str(error) or type(error).__name__)
