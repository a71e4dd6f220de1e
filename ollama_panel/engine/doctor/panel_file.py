"""Looks at the panel's own settings file, and changes nothing there."""

import os
from pathlib import Path

from ollama_panel.core import redact_files
from ollama_panel.core.doctor.facts import FileProblem, PanelFile
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Problem
from ollama_panel.engine import configfile
from ollama_panel.engine.files import read_file


def look(path: Path) -> PanelFile | None:
    """Return what is wrong with the settings file, None if there is none. Blocks."""
    loaded = configfile.look(path)
    if loaded.stamp is None and not loaded.problems:
        return None
    text = _text(path)
    problems = tuple(_placed(one, text) for one in loaded.problems)
    modified = 0 if loaded.stamp is None else loaded.stamp[0] // 1_000_000_000
    return PanelFile(str(path), modified, problems, _backup(path), _closed(path))


def _text(path: Path) -> str:
    try:
        return read_file(path).decode(errors="replace")
    except OSError:  # of which the problems tell
        return ""


def _placed(problem: Problem, text: str) -> FileProblem:
    """Return a problem with the line that it is about."""
    why = problem.notice.values.get("why")
    line = why.values.get("line", 0) if isinstance(why, Notice) else _line_of(problem.where, text)
    number = line if isinstance(line, int) else 0
    lines = redact_files.without_secrets(text).split("\n")
    return FileProblem(problem, number, lines[number - 1].strip() if 0 < number <= len(lines) else "")


def _line_of(where: str, text: str) -> int:
    """Return the line of a key: its names stand one after the other in the file; 0 = not found."""
    at = 0
    for name in where.split("."):
        found = text.find(f'"{name.partition("[")[0]}"', at)
        if found < 0:
            return 0
        at = found + 1
    return text.count("\n", 0, at) + 1


def _backup(path: Path) -> str:
    """Return the file of before, "" if it is no settings file either."""
    backup = path.with_name(f"{path.name}.bak")
    try:
        codec.tree(read_file(backup))
    except (OSError, PanelError):
        return ""
    return str(backup)


def _closed(path: Path) -> str:
    """Return the folder in which the file cannot be replaced; a link stays one, and its target is replaced."""
    folder = Path(os.path.realpath(path)).parent
    return "" if os.access(folder, os.W_OK | os.X_OK) else str(folder)
