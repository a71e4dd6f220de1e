"""Records the panel's children on disk, so that after a crash the next panel can kill these orphans.

Only processes that are provably ours are killed: those with the dead panel's random run id in their environment
(inherited by children and their runners) or, if the environment cannot be read, those whose process id, start time and
command line are the recorded ones.
"""

import contextlib
import logging
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

import msgspec
import psutil

from ollama_panel.core.errors import PanelError
from ollama_panel.core.launch import RUN_ID_VARIABLE
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.text import valid_text
from ollama_panel.engine.files import read_file, write_whole
from ollama_panel.engine.host.desktop_app import worker_argv
from ollama_panel.engine.host.processes import UNREADABLE, processes

_LOG = logging.getLogger(__name__)

_START_TOLERANCE_S = 2.0
_KILL_TIMEOUT_S = 5.0


class _Entry(msgspec.Struct, frozen=True):
    """A process; `created` is its start time from psutil, in seconds since 1970."""

    pid: int
    created: float
    argv: tuple[str, ...] = ()


class _Record(msgspec.Struct, frozen=True):
    """The content of the file; `mark` is the run id."""

    owner: _Entry
    mark: str
    children: tuple[_Entry, ...] = ()


class ChildRegistry:
    """The children of this panel, written to `path` at every change. `mark` is the run id for their environment."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.mark = secrets.token_hex(16)
        self._owner = _entry(os.getpid(), ())
        self._children: dict[int, _Entry] = {}
        self._warned = False

    def argv_of(self, argv: Sequence[str]) -> tuple[str, ...]:
        """Return the arguments with which a child is started, see `desktop_app.worker_argv`."""
        return worker_argv(argv, self._path.parent)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes of the children."""
        return tuple(self._children)

    def add(self, pid: int, argv: Sequence[str]) -> None:
        """Add a child that was spawned."""
        self._children[pid] = _entry(pid, tuple(map(valid_text, argv)))
        self.write()

    def remove(self, pid: int) -> None:
        """Remove a child that has ended with all its descendants."""
        if self._children.pop(pid, None) is not None:
            self.write()

    def write(self) -> None:
        """Write the file, as when it was deleted.

        If that fails, only warn, once until it works again: it is needed only after a crash.
        """
        record = _Record(self._owner, self.mark, tuple(self._children.values()))
        try:
            write_whole(self._path, msgspec.json.encode(record), durable=False)
        except PanelError as problem:
            if not self._warned:
                _LOG.warning("the list of child processes could not be written: %s", problem)
            self._warned = True
        else:
            self._warned = False


def kill_orphans(path: Path) -> tuple[Notice, ...]:
    """Kill what a dead panel left behind, according to the file at `path`; return a notice for each process.

    Does nothing while the panel that wrote the file still runs. Blocks for up to 5 s: use a thread.
    """
    try:
        record = msgspec.json.decode(read_file(path), type=_Record)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return ()
    if _live_process(record.owner) is not None:
        return ()
    found = _orphans(record)
    for process in found:
        with contextlib.suppress(*UNREADABLE):
            process.kill()
    gone, _ = psutil.wait_procs(found, timeout=_KILL_TIMEOUT_S)
    with contextlib.suppress(OSError):  # it is read again at the next start, and matches no process then
        path.unlink()
    return tuple(notice("orphan.ended", pid=process.pid) for process in gone)


def _orphans(record: _Record) -> list[psutil.Process]:
    found = {process.pid: process for process in processes() if _has_run_id(process, record.mark)}
    for child in record.children:
        process = _live_process(child)
        if process is not None:
            found.setdefault(process.pid, process)
            with contextlib.suppress(*UNREADABLE):
                found |= {below.pid: below for below in process.children(recursive=True)}
    return list(found.values())


def _has_run_id(process: psutil.Process, mark: str) -> bool:
    try:
        return process.environ().get(RUN_ID_VARIABLE) == mark
    except UNREADABLE:
        return False


def _live_process(entry: _Entry) -> psutil.Process | None:
    """Return the process of an entry, or None if it has ended or its id was reused."""
    try:
        process = psutil.Process(entry.pid)
        same_start = abs(process.create_time() - entry.created) <= _START_TOLERANCE_S
        same_command = not entry.argv or tuple(map(valid_text, process.cmdline())) == entry.argv
        zombie = process.status() == psutil.STATUS_ZOMBIE
    except UNREADABLE:
        return None
    return process if same_start and same_command and not zombie else None


def _entry(pid: int, argv: tuple[str, ...]) -> _Entry:
    """Return the entry of a process; one that has already ended gets start time 0, which matches no process."""
    try:
        return _Entry(pid, psutil.Process(pid).create_time(), argv)
    except UNREADABLE:
        return _Entry(pid, 0.0, argv)
