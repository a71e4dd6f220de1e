"""Writing a file so that a crash at any moment leaves the old one or the new one, never half of one."""

import contextlib
import os
from pathlib import Path

from ollama_panel.core.errors import PanelError


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write aside, flush to the disk, rename; PanelError with a sentence if the disk refuses.

    Not `durable`: not flushed, for what means nothing after the machine itself has crashed. Flushing can take seconds.
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
        raise PanelError(
            f"{path} cannot be written ({error.strerror or error}); check the folder and its rights."
        ) from error
