"""Atomic file writes: a crash at any moment leaves the old file or the new one, never half of one."""

import contextlib
import os
from pathlib import Path

from ollama_panel.core.errors import PanelError, not_written
from ollama_panel.core.notices import notice


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
        raise PanelError(not_written(str(path), error, notice("advice.folder_rights"))) from error
