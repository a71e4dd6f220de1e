"""Starting coroutines from Qt slots, without losing them or their errors."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QCoreApplication

from ollama_panel.core.errors import PanelError

log = logging.getLogger(__name__)
_running: set[asyncio.Task[Any]] = set()


def spawn(coro: Coroutine[Any, Any, Any], report: Callable[[str], None]) -> None:
    """Run `coro` on the GUI loop; an error that it raises is reported as a sentence, and logged when unforeseen."""
    task = asyncio.get_running_loop().create_task(coro)
    _running.add(task)
    task.add_done_callback(lambda done: _finish(done, report))


def pending() -> int:
    """Return how many spawned tasks still run."""
    return len(_running)


def _finish(task: asyncio.Task[Any], report: Callable[[str], None]) -> None:
    _running.discard(task)
    if task.cancelled():
        return
    if error := task.exception():
        report(sentence(error))


def sentence(error: BaseException) -> str:
    """Return what to tell the user of an error; one that is no `PanelError` goes to the log with its traceback."""
    if isinstance(error, PanelError):
        return str(error)
    log.error("a command failed", exc_info=error)
    text = QCoreApplication.translate("tasks", "Something unexpected went wrong: {error}. The log has the details.")
    return text.format(error=str(error) or type(error).__name__)
