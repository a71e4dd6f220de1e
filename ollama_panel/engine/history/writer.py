"""The one thread that writes the history, and the queue before it.

Whoever puts something into the queue never waits: what a disk is too slow for, or too full, is dropped and counted,
the oldest first. A failure is told once, and tried again until it works.
"""

import collections
import logging
import sqlite3
import threading
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from ollama_panel.core.errors import reason_of
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree_history import HistorySettings
from ollama_panel.engine.history import file as files
from ollama_panel.engine.history.file import HistoryFile, Item, UnusableError
from ollama_panel.engine.history.tidying import Tidier

_LOG = logging.getLogger(__name__)

BATCH_S = 5.0
"""What comes within this time is one transaction, and what a kill may lose."""

RETRY_S = 10.0
"""How long to wait after a failure."""

MOST_WAITING = 20_000
"""Rows, requests and events that may wait: some megabytes; a flood of 1,000 refusals a second for 20 s."""


class Trouble(Enum):
    """The two things that are told of the file: each stays until it is replaced or over."""

    NOT_WRITTEN = auto()
    SET_ASIDE = auto()


class Writer:
    """Writes to the file at `path`. `report` is called in its thread, with None when a trouble is over."""

    def __init__(self, path: Path, keep: HistorySettings, report: Callable[[Trouble, Notice | None], None]) -> None:
        self._path = path
        self._report = report
        self._keep = keep
        self._waiting: collections.deque[Item] = collections.deque()
        self._tidy_at: float | None = None
        self._changed = threading.Condition()
        self._ending = False
        self._dropped = 0
        self._written = 0
        self._told = False
        self._broken: Notice | None = None
        self._file: HistoryFile | None = None
        self._tidier: Tidier | None = None
        self._thread = threading.Thread(target=self._run, name="history", daemon=True)

    @property
    def dropped(self) -> int:
        """How many rows, requests and events were dropped."""
        return self._dropped

    @property
    def written(self) -> int:
        """How many rows, requests and events were written."""
        return self._written

    def start(self) -> None:
        """Start the thread. Raises RuntimeError if the system permits no more."""
        self._thread.start()

    def put(self, item: Item) -> None:
        """Let an item be written soon. Never blocks."""
        with self._changed:
            if not self._keep.days:
                return
            if len(self._waiting) >= MOST_WAITING:
                self._waiting.popleft()
                self._dropped += 1
            self._waiting.append(item)
            if len(self._waiting) == 1:  # else the thread knows, and lets more come
                self._changed.notify()

    def tidy(self, now: float) -> None:
        """Let the file be tidied soon, as of this time."""
        with self._changed:
            self._tidy_at = now
            self._changed.notify()

    def keep(self, settings: HistorySettings, now: float) -> None:
        """Take new settings; what they do not keep is deleted."""
        with self._changed:
            self._keep, self._tidy_at = settings, now
            self._changed.notify()

    def close(self, limit_s: float = 5.0) -> None:
        """Write what waits and end the thread; a disk that does not answer in this time is given up. Blocks."""
        with self._changed:
            self._ending = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join(limit_s)

    # The thread

    def _run(self) -> None:
        try:
            ending = False
            while not ending:
                ending = self._wait()
                self._work()
        except Exception:  # noqa: BLE001 - nobody waits for a thread: the log is all that can tell of it
            _LOG.exception("the history has ended")
        finally:
            self._close()

    def _wait(self) -> bool:
        """Wait until there is something to do, then for what comes with it; return whether it is the last."""
        with self._changed:
            while not (self._waiting or self._tidy_at is not None or self._ending):
                self._changed.wait()
            return self._changed.wait_for(lambda: self._ending, RETRY_S if self._told else BATCH_S)

    def _work(self) -> None:
        with self._changed:
            batch, tidy_at, keep = list(self._waiting), self._tidy_at, self._keep
            self._waiting.clear()
            self._tidy_at = None
        try:
            self._write(batch, tidy_at, keep)
        except (sqlite3.Error, OSError) as error:
            self._failed(batch, tidy_at, error)
            return
        if self._told:
            self._told = False
            self._report(Trouble.NOT_WRITTEN, None)

    def _write(self, batch: list[Item], tidy_at: float | None, keep: HistorySettings) -> None:
        """Write a batch and tidy; what was written is taken from the batch, in case that something fails after it."""
        if not keep.days:
            self._close()
            files.delete(self._path)
            return
        file = self._opened()
        if batch:
            self._write_batch(file, batch)
        if tidy_at is not None and self._tidier is not None:
            self._tidier.tidy(tidy_at, keep)

    def _write_batch(self, file: HistoryFile, batch: list[Item]) -> None:
        """Write a batch; if SQLite can store a value of it never, as a number beyond 64 bits, all but that item."""
        try:
            file.write(batch)
            self._written += len(batch)
            batch.clear()
        except (UnicodeError, OverflowError):
            while batch:
                try:
                    file.write(batch[:1])
                    self._written += 1
                except (UnicodeError, OverflowError):
                    _LOG.exception("the history cannot store %r", batch[0])
                    self._dropped += 1
                del batch[0]

    def _failed(self, batch: list[Item], tidy_at: float | None, error: sqlite3.Error | OSError) -> None:
        """Keep what was not written, as far as there is room, and tell why it was not."""
        unusable = files.is_unusable(error)
        self._close()
        with self._changed:
            self._tidy_at = tidy_at if self._tidy_at is None else self._tidy_at
            room = MOST_WAITING - len(self._waiting)
            self._dropped += max(0, len(batch) - room)
            self._waiting.extendleft(reversed(batch[max(0, len(batch) - room) :]))
        if unusable:
            self._broken = notice("history.broken", reason=reason_of(error))
        elif not self._told:
            self._told = True
            told = notice("history.not_written", reason=reason_of(error))
            _LOG.warning(render(told))
            self._report(Trouble.NOT_WRITTEN, told)

    def _opened(self) -> HistoryFile:
        if self._file is not None and not self._file.is_there():
            self._close()
        if self._file is None:
            if self._broken is None:
                try:
                    self._file = HistoryFile(self._path)
                except UnusableError as error:
                    self._broken = error.notice
            if self._file is None:
                self._set_aside()
                self._file = HistoryFile(self._path)
            self._tidier = Tidier(self._file)
        return self._file

    def _set_aside(self) -> None:
        if self._broken is None:
            return
        told = files.set_aside(self._path, self._broken)
        self._broken = None
        _LOG.warning(render(told))
        self._report(Trouble.SET_ASIDE, told)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = self._tidier = None
