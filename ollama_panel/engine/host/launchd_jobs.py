"""The jobs of launchd on a Mac, as their files describe them: which one runs a command.

A job's own process has its label in its environment, but those of other users, as after `sudo brew services`, do not
tell that.
"""

import plistlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

FOLDERS = (Path("~/Library/LaunchAgents"), Path("/Library/LaunchAgents"), Path("/Library/LaunchDaemons"))


def label_of(arguments: Sequence[str], program: str, folders: Iterable[Path] = FOLDERS) -> str:
    """Return the label of the job that runs a command, "" if there is none or it cannot be read.

    Homebrew writes `homebrew.mxcl.ollama.plist` there, with links in its `opt` folder as the program's path.
    """
    for content in _jobs(folders):
        told = content.get("ProgramArguments") or [content.get("Program", "")]
        if not isinstance(told, list) or not told or not isinstance(told[0], str):
            continue
        same = told == [*arguments] or (told[1:] == [*arguments[1:]] and _real(told[0]) == _real(program))
        if same and isinstance(content.get("Label"), str):
            return str(content["Label"])
    return ""


def _jobs(folders: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for folder in folders:
        try:
            files = sorted(folder.expanduser().glob("*.plist"))
        except (OSError, RuntimeError):
            continue
        for file in files:
            try:
                content = plistlib.loads(file.read_bytes())
            except (OSError, ValueError, ExpatError, plistlib.InvalidFileException):
                continue
            if isinstance(content, dict):
                yield content


def _real(path: str) -> str:
    try:
        return str(Path(path).resolve()) if path else ""
    except (OSError, RuntimeError):
        return path
