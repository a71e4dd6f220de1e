"""The files that hold the logs of instances, for whoever reads or deletes them; `instance_logs` writes them."""

import contextlib
import re
from collections.abc import Collection
from pathlib import Path
from urllib.parse import quote, unquote

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import Notice
from ollama_panel.core.notices.render import render

BACKUPS = 2
"""Rotated files beside the one that is written."""

KEPT_S = 14 * 24 * 3600.0
"""For how long the log of an instance stays that is there no more."""

_MARK = re.compile(r"\S+ --- ")

_OURS = re.compile(r"(?!server-)(.+-\d+)\.log(?:\.\d)?\Z")
"""The names of these files: the panel's own log and those of servers that it has started for others are beside them."""


def is_mark(line: str) -> bool:
    """Return whether a line of a file is the panel's own, about a start or an end."""
    return _MARK.match(line) is not None


def mark(what: Notice) -> str:
    """Return the line that tells of a start or an end of the process whose log it is."""
    return f"--- {render(what)}"


def path_of(folder: Path, instance: str) -> Path:
    """Return the file of an instance in the folder of logs."""
    return folder / f"{quote(instance, safe='')}.log"


def last_lines(folder: Path, instance: str, count: int) -> list[str]:
    """Return the last lines of an instance's files, the oldest first; [] if there are none. Blocks. Raises OSError."""
    newest = path_of(folder, instance)
    found = list[str]()
    for path in (newest, *(newest.with_name(f"{newest.name}.{number}") for number in range(1, BACKUPS + 1))):
        if len(found) >= count:
            break
        try:
            found[:0] = path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]
        except FileNotFoundError:
            continue
    return found[max(0, len(found) - count) :]


def names(folder: Path) -> list[str]:
    """Return the instances that have logs in a folder. Blocks."""
    found = (_OURS.match(path.name) for path in _entries(folder))
    return sorted({unquote(one[1]) for one in found if one})


def tidy(folder: Path, known: Collection[InstanceId], now: float) -> None:
    """Delete the files of instances that are not `known`, and were written last 14 days before `now`. Blocks."""
    kept = {path_of(folder, one).name.removesuffix(".log") for one in known}
    for path in _entries(folder):
        found = _OURS.match(path.name)
        with contextlib.suppress(OSError):
            if found and found[1] not in kept and now - path.stat().st_mtime > KEPT_S:
                path.unlink()


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
