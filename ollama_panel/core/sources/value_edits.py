"""Edits of one assignment in a text of any format, where its place is clear."""

import re

from ollama_panel.core.sources import editing
from ollama_panel.core.sources.machine import launchd, unit_mistakes
from ollama_panel.core.sources.record import Assignment, SourceKind, TextFile

_ALONE = {
    SourceKind.SHELL: r"\s*(?:export\s+)?{name}=\S*\s*(?:#.*)?",
    SourceKind.FISH: r"\s*set\s+(?:-\w+\s+)+{name}\s+\S+\s*",
    SourceKind.LAUNCHCTL: r"\s*launchctl\s+setenv\s+{name}\s+\S+\s*",
    SourceKind.BATCH: r"\s*(?:set\s+\"?{name}=.*|setx\s+{name}\s+.*)",
    SourceKind.POWERSHELL: r"\s*\$env:{name}\s*=\s*\S+\s*",
    SourceKind.COMPOSE: r"\s*(?:-\s+[\"']?{name}=.*|[\"']?{name}[\"']?:\s*\S.*)",
}
_VARIABLES = r"\s*{name}\s*=.*"


def with_value(file: TextFile, one: Assignment, value: str) -> str | None:
    """Return a file with another value of an assignment, None if its place in the line is not clear."""
    line = editing.line_at(file.text, one.place.line)
    after = line.find(one.name) + len(one.name)
    if one.name not in line or not one.value or line.count(one.value, after) != 1:
        return None
    new = line[:after] + line[after:].replace(one.value, value)
    return editing.with_lines(file.text, one.place.line, one.place.line, (new,))


def renamed(file: TextFile, one: Assignment, name: str) -> str | None:
    """Return a file with another name of an assignment, None if its place in the line is not clear."""
    line = editing.line_at(file.text, one.place.line)
    pattern = re.compile(rf"\b{re.escape(one.name)}\b")
    if len(pattern.findall(line)) != 1:
        return None
    return editing.with_lines(file.text, one.place.line, one.place.line, (pattern.sub(name, line),))


def without(kind: SourceKind, file: TextFile, one: Assignment) -> str | None:
    """Return a file without an assignment, None if more than it would go with its line."""
    line = editing.line_at(file.text, one.place.line)
    if kind is SourceKind.LAUNCH_AGENT:
        return launchd.without(file.text, one.name)
    if kind in (SourceKind.SYSTEMD, SourceKind.QUADLET) and line.lstrip().startswith("Environment"):
        return unit_mistakes.without(file, one.place.line, one.name)
    of_variables = kind in (SourceKind.SYSTEMD, SourceKind.QUADLET, SourceKind.ENVIRONMENT_FILE)
    pattern = _VARIABLES if of_variables else _ALONE.get(kind, "")
    if not pattern or not re.fullmatch(pattern.replace("{name}", re.escape(one.name)), line):
        return None
    return editing.with_lines(file.text, one.place.line, one.place.line, ())
