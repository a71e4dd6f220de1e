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

from ollama_panel.core.errors import PanelError
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
            raise PanelError(self._taken_message()) from None
        self._file = file
        try:
            file.truncate(0)
            os.write(file.fileno(), str(os.getpid()).encode())
        except OSError as error:
            _LOG.warning(
                "%s cannot be written (%s): a second panel will not know who has the folder.",
                self._paths.lock,
                error.strerror,
            )
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
            raise PanelError(
                f"The state folder {self._paths.state_dir} cannot be used ({error.strerror or error}); "
                "give another one with --state-dir."
            ) from error

    def _taken_message(self) -> str:
        pid = self._paths.lock.read_bytes().decode(errors="replace").strip()
        who = f"Another Ollama Panel (process {pid})" if pid.isdigit() else "Another Ollama Panel"
        return f"{who} already runs on {self._paths.state_dir}; use that one, or give another folder with --state-dir."


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
