"""One panel for each state folder: a lock, and a file that says where the running panel listens.

The lock is the operating system's, on an open file: unlike a lock file that merely exists, it is released however the
process ends. Own code, because it is fifteen lines and no dependency of ours has it.
"""

import contextlib
import logging
import os
import sys
from types import TracebackType
from typing import IO

import msgspec

from ollama_panel.core.errors import PanelError, not_written, reason_of
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.engine.files import write_whole
from ollama_panel.engine.paths import Paths

_LOG = logging.getLogger(__name__)
_LOCKED_OFFSET = 1 << 30
"""The offset of the byte locked on Windows: beyond the content, which a second panel must be able to read."""


class PanelInfo(msgspec.Struct, frozen=True):
    """The content of `panel.json`: the process id, and the URL of its proxy, "" while that does not listen."""

    pid: int
    url: str


class SingleInstanceLock:
    """Context manager that holds the lock of a state folder. Entering raises PanelError if another panel has it."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._file: IO[bytes] | None = None
        self._warned = False

    def __enter__(self) -> "SingleInstanceLock":
        file = self._open()
        try:
            _lock(file)
        except OSError:
            file.close()
            raise PanelError(self._taken()) from None
        self._file = file
        try:
            file.truncate(0)
            os.write(file.fileno(), str(os.getpid()).encode())
        except OSError as error:
            _LOG.warning(render(not_written(str(self._paths.lock), error, notice("advice.lock_unknown"))))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):  # as `announce`: it serves `ollama-panel status` only
            self._paths.panel.unlink()
        if self._file is not None:
            self._file.close()

    def announce(self, url: str) -> None:
        """Write the URL to `panel.json`. If that fails, only `ollama-panel status` does not work."""
        try:
            write_whole(self._paths.panel, msgspec.json.encode(PanelInfo(os.getpid(), url)))
        except PanelError as error:
            _LOG.log(logging.INFO if self._warned else logging.WARNING, "%s", error)
            self._warned = True

    def _open(self) -> IO[bytes]:
        try:
            self._paths.state_dir.mkdir(parents=True, exist_ok=True)
            return self._paths.lock.open("a+b", buffering=0)
        except OSError as error:
            folder = str(self._paths.state_dir)
            raise PanelError(notice("folder.unusable", path=folder, reason=reason_of(error))) from error

    def _taken(self) -> Notice:
        pid, folder = self._paths.lock.read_bytes().decode(errors="replace").strip(), str(self._paths.state_dir)
        if pid.isdigit():
            return notice("folder.taken_by", path=folder, pid=pid)
        return notice("folder.taken", path=folder)


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
