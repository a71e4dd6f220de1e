"""The logs of the instances on the disk: rotated files of the state folder, without secrets.

One thread writes them, so that nothing waits for a disk: what that is too slow for, or too full, is lost, and told
once.
"""

import asyncio
import contextlib
import logging
import re
import threading
from collections.abc import Callable, Collection
from pathlib import Path

import msgspec

from ollama_panel.core.errors import not_written
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import Problem
from ollama_panel.engine import clock
from ollama_panel.engine.instance_log_files import BACKUPS, path_of, tidy
from ollama_panel.engine.log_files import LogFile
from ollama_panel.engine.pace import until_next

_LOG = logging.getLogger(__name__)

MOST_BYTES = 5 * 1024 * 1024
MOST_WAITING = 8 * 1024 * 1024
"""Characters that may wait for the disk."""

_BATCH_S = 0.1
_TIDY_S = 24 * 3600.0
_OWN_TIME = re.compile(r"time=\d{4}-|\[GIN\] \d{4}/|\d{4}[-/]\d\d[-/]\d\d[T ]")
"""How lines begin that have a time of their own: of Ollama (slog, gin) and of Go's `log`."""


class _Line(msgspec.Struct, frozen=True):
    """A line that waits; `at` is in seconds since 1970."""

    instance: InstanceId
    at: float
    text: str


class InstanceLogs:
    """Writes the logs into `folder`. `report` is called on the loop with what is wrong now, nothing when it is over."""

    def __init__(
        self,
        folder: Path,
        report: Callable[[tuple[Problem, ...]], None] = lambda _: None,
        wall: Callable[[], float] = clock.wall,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._folder = folder
        self._report = report
        self._loop = asyncio.get_running_loop()
        self._wall = wall
        self._most_waiting = most_waiting
        self._changed = threading.Condition()
        self._waiting = list[_Line]()
        self._size = self._lost = 0
        self._ending = False
        self._thread: threading.Thread | None = None
        self._told: Notice | None = None

    def path(self, instance: InstanceId) -> Path:
        """Return the file that has the last lines of an instance."""
        return path_of(self._folder, instance)

    def add(self, instance: InstanceId, text: str) -> None:
        """Let a line be written soon. Never blocks."""
        with self._changed:
            if self._ending or self._size + len(text) > self._most_waiting:
                self._lost += 1
                return
            self._waiting.append(_Line(instance, self._wall(), text))
            self._size += len(text)
            self._changed.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="instance logs", daemon=True)
                try:
                    self._thread.start()
                except RuntimeError:  # the system permits no more threads: it is tried again with the next line
                    self._thread = None

    async def run(self, known: Callable[[], Collection[InstanceId]]) -> None:
        """Delete the logs of instances that are long gone, once a day, until cancelled. `known` returns those there."""
        while True:
            await asyncio.to_thread(tidy, self._folder, known(), self._wall())
            await asyncio.sleep(until_next(_TIDY_S))

    def close(self, limit_s: float = 2.0) -> None:
        """Write what waits and end the thread; a disk that does not answer in this time is given up. Blocks."""
        with self._changed:
            self._ending = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(limit_s)

    # The thread

    def _run(self) -> None:
        try:
            ending = False
            while not ending:
                with self._changed:
                    self._changed.wait_for(lambda: self._waiting or self._ending)
                    ending = self._changed.wait_for(lambda: self._ending, _BATCH_S)
                    batch, lost = self._waiting, self._lost
                    self._waiting, self._size, self._lost = [], 0, 0
                self._write(batch, lost)
        except Exception:  # noqa: BLE001 - nobody waits for a thread: the log is all that can tell of it
            _LOG.exception("the logs of instances have ended")

    def _write(self, batch: list[_Line], lost: int) -> None:
        trouble: Notice | None = None
        for instance in dict.fromkeys(one.instance for one in batch):
            lines = [_with_time(one) for one in batch if one.instance == instance]
            if lost:
                lines.append(_stamped(self._wall(), render(notice("log.lost", count=lost))))
            trouble = self._append(instance, lines) or trouble
        if lost:
            trouble = trouble or notice("log.lost", count=lost)
        if (trouble is None) != (self._told is None):
            if trouble is not None:
                _LOG.warning("%s", render(trouble))
            self._told = trouble
            problems = () if trouble is None else (Problem(self._folder.name, trouble),)
            with contextlib.suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._report, problems)

    def _append(self, instance: InstanceId, lines: list[str]) -> Notice | None:
        """Write lines to the file of an instance; return why that is not possible."""
        failures, path = list[OSError](), self.path(instance)
        file = LogFile(
            path, most_bytes=MOST_BYTES, backups=BACKUPS, failed=lambda _, error: failures.append(error), delay=True
        )
        file.emit(logging.makeLogRecord({"msg": "\n".join(lines)}))
        _close(file)  # the instance may be gone for good
        return not_written(str(path), failures[0], notice("advice.log_in_memory")) if failures else None


def _with_time(line: _Line) -> str:
    text = line.text.replace("\r", " ")
    return text if _OWN_TIME.match(text) else _stamped(line.at, text)


def _stamped(at: float, text: str) -> str:
    return f"{clock.local(at).isoformat(timespec='milliseconds')} {text}"


def _close(file: LogFile) -> None:
    with contextlib.suppress(OSError):
        file.close()
