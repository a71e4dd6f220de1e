"""Atomic file writes: a crash at any moment leaves the old file or the new one, never half of one."""

import contextlib
import os
from pathlib import Path

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, joined, notice


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write a temporary file, fsync it and rename it to `path`. Raises PanelError if that fails.

    Without `durable` there is no fsync, which can take seconds: for files that are useless after the machine crashed.
    """
    aside = path.with_name(f"{path.name}.new-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise PanelError(not_written(path, error, notice("advice.folder_rights"))) from error


def not_written(path: Path, error: OSError, advice: Notice | None = None) -> Notice:
    """Return the notice that a file cannot be written, with the system's reason."""
    return joined(notice("file.not_written", path=str(path), reason=error.strerror or str(error)), advice)


def not_read(path: Path, error: Exception, advice: Notice | None = None) -> Notice:
    """Return the notice that a file cannot be read, with the reason of the system or of a decoder."""
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return joined(notice("file.not_read", path=str(path), reason=reason), advice)
