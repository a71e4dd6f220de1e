"""Writes and removes the files of the desktop, and says what was done."""

import contextlib
import os
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from ollama_panel.core.errors import PanelError, folder_advice, not_written, reason_of
from ollama_panel.core.notices import notice


class Outcome(Enum):
    """What was done to a file or to a value of the registry."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


class Change(NamedTuple):
    """One thing that was written, found as it should be, or removed: its path."""

    outcome: Outcome
    where: str


class File(NamedTuple):
    """A file to be written."""

    path: Path
    content: bytes
    executable: bool = False


def write(files: Iterable[File]) -> list[Change]:
    """Write files that are not as they should be, each whole or not at all. Raises PanelError for the first failure."""
    return [_written(file) for file in files]


def remove(paths: Iterable[Path], top: Path) -> list[Change]:
    """Remove those files that exist, and the folders that become empty by that, below `top`. Raises PanelError."""
    return [Change(Outcome.REMOVED, str(path)) for path in paths if _removed(path, top)]


def home() -> Path:
    """Return the user's home folder. Raises PanelError if the system names none."""
    try:
        return Path.home()
    except RuntimeError as error:
        raise PanelError(notice("desktop.no_home")) from error


def _written(file: File) -> Change:
    path = file.path
    mode = 0o755 if file.executable else 0o644
    aside = path.with_name(f"{path.name}.new-{os.getpid()}")
    try:
        if _is_as(file):
            return Change(Outcome.UNCHANGED, str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(file.content)
        aside.chmod(mode)
        aside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise PanelError(not_written(str(path), error, folder_advice(error))) from error
    return Change(Outcome.WRITTEN, str(path))


def _is_as(file: File) -> bool:
    """Return whether the file is there with this content. Raises OSError if that cannot be found out."""
    with contextlib.suppress(FileNotFoundError):
        return file.path.read_bytes() == file.content and (not file.executable or os.access(file.path, os.X_OK))
    return False


def _removed(path: Path, top: Path) -> bool:
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        told = notice("file.not_removed", path=str(path), reason=reason_of(error))
        raise PanelError(told) from error
    with contextlib.suppress(OSError):  # the first that holds something else
        for folder in path.parents:
            if folder == top:
                break
            folder.rmdir()
    return True
