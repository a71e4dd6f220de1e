"""The log of a server that the panel did not start, as far as this user may read it."""

import os
import sys
from pathlib import Path

from ollama_panel.core.servers import LogKind, LogSource
from ollama_panel.engine.host.services import Run, run_command

_MOST_BYTES = 8 << 20
"""The end of a file that is read: a load takes some 30 kB of it, a request some hundred bytes."""
_MOST_LINES = 20_000
"""The same of the journal."""


class Growth:
    """The lines that are added to a file from now on; a file that is shorter now, or another one, is new."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._read = self._now()

    def lines(self) -> list[str]:
        """Return the whole lines that were added since the last call, of many the newest; none if it is unreadable."""
        seen, now = self._read, self._now()
        if now is None or now == seen:
            return []
        file, end = now
        goes_on = seen is not None and seen[0] == file and seen[1] <= end
        start = max(seen[1] if seen is not None and goes_on else 0, end - _MOST_BYTES)
        try:
            with self._path.open("rb") as log:
                log.seek(start)
                added = log.read(end - start)
        except (OSError, ValueError):
            return []
        whole = added.rfind(b"\n") + 1
        self._read = file, start + whole
        return added[:whole].decode(errors="replace").splitlines()

    def _now(self) -> tuple[int, int] | None:
        """Return which file it is, and its length in bytes."""
        try:
            found = self._path.stat()
        except (OSError, ValueError):
            return None
        return found.st_ino, found.st_size


def last_lines(log: LogSource, pid: int, run: Run = run_command) -> list[str] | None:
    """Return the newest lines of the log of the server with process `pid`; None if they cannot be read.

    Blocks for some ten milliseconds, or for seconds where a program is asked: use a thread.
    """
    if log.kind is LogKind.FILE:
        return _of_file(log.path)
    if log.kind is LogKind.JOURNAL and sys.platform == "linux":
        journal = ["journalctl", "--quiet", "--no-pager", "--output=cat", f"--lines={_MOST_LINES}", f"_PID={pid}"]
        printed = run(journal)
        return printed.splitlines() if printed else None
    return None


def _of_file(path: str) -> list[str] | None:
    try:
        with Path(path).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - _MOST_BYTES))
            return file.read(_MOST_BYTES).decode(errors="replace").splitlines()
    except (OSError, ValueError):
        return None
