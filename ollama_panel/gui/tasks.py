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
