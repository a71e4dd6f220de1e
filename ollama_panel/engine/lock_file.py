"""Locks between processes.

A lock is the operating system's, on an open file: unlike a lock file that merely exists, it is released however the
process ends. Own code, because it is few lines and no dependency of ours has it.
"""

import contextlib
import logging
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ollama_panel.core.errors import PanelError, folder_advice, not_written
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.engine.files import make_private_folder, private, read_file

_LOG = logging.getLogger(__name__)
_LOCKED_OFFSET = 1 << 30
"""The offset of the byte locked on Windows: beyond the content, which another process must be able to read."""
_TRIES, _PAUSE_S = 500, 0.02
"""Waits for 10 s: each change takes some milliseconds, or a second on a slow disk."""


class LockFile:
    """A file that one process at a time has locked, with its id in it.

    `lost` is what follows if the disk is too full for the id, and warns of that. None: it only goes unnamed to those
    who wait.
    """

    def __init__(self, path: Path, lost: Notice | None = None) -> None:
        self.path = path
        self._lost = lost
        self._file: IO[bytes] | None = None

    def take(self) -> bool:
        """Make the file and lock it; return whether no other process has it. Raises OSError if there cannot be one."""
        while True:
            file: IO[bytes] = open(self.path, "a+b", buffering=0, opener=private)  # noqa: SIM115 - Path.open takes no opener; `release` closes it
            try:
                _lock(file)
            except OSError:
                file.close()
                return False
            self._file = file
            if self.is_there():
                break
            self.release()  # its last owner has removed it between our two steps
        try:
            file.truncate(0)
            os.write(file.fileno(), str(os.getpid()).encode())
        except OSError as error:
            level = logging.INFO if self._lost is None else logging.WARNING
            _LOG.log(level, render(not_written(str(self.path), error, self._lost)))
        return True

    def is_there(self) -> bool:
        """Return whether the file that is locked is the one at the path; a folder that does not answer counts as so."""
        if self._file is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), self.path.stat())
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True

    def owner(self) -> str:
        """Return the process id in the file, or "" if there is none."""
        try:
            found = read_file(self.path).decode(errors="replace").strip()
        except OSError:
            return ""
        return found if found.isdigit() else ""

    def release(self, *, remove: bool = False) -> None:
        """Give the lock back; with `remove`, the file goes, too."""
        if self._file is None:
            return
        if remove and sys.platform != "win32" and self.is_there():  # where an open file cannot be removed
            with contextlib.suppress(OSError):
                self.path.unlink()
        self._file.close()
        self._file = None


@contextlib.contextmanager
def exclusive(path: Path, tries: int = _TRIES) -> Iterator[None]:
    """Hold the lock beside the file at `path` while it is read, changed and written. Blocks for up to 10 s.

    Raises PanelError, which names the process that has the lock, if that does not give it back, or if there cannot be
    one.
    """
    lock = LockFile(path.with_name(f"{path.name}.lock"))
    try:
        make_private_folder(path.parent)
        for left in reversed(range(tries)):
            if lock.take():
                break
            if not left:
                raise PanelError(notice("file.busy", path=str(path), pid=lock.owner() or "?"))
            time.sleep(_PAUSE_S)
    except OSError as error:
        raise PanelError(not_written(str(lock.path), error, folder_advice(error))) from error
    try:
        yield
    finally:
        lock.release(remove=True)


def _lock(file: IO[bytes]) -> None:
    """Take the lock without waiting. Raises OSError if another process has it."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(_LOCKED_OFFSET)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
