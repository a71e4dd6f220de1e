"""Reader of the settings of Ollama's app for macOS and Windows, which starts its server with them.

They are the table `settings` of its `db.sqlite`, as JSON (`sqlite3 -json`), as `name = value` (`sqlite3 -line`), or as
the app's own page gets them. Source: Ollama 0.32 `app/server/server.go`: the server gets no more than these, and what
the app itself was started with.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ollama_panel.core.notices import notice
from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import (
    Assignment,
    Place,
    Reading,
    ServerConfig,
    Source,
    SourceKind,
    TextFile,
    UnreadableError,
)
from ollama_panel.core.sources.stacks.json_text import below, parsed

_KNOWN = frozenset(("expose", "browser", "models", "contextlength", "airplanemode"))
_LINE = re.compile(r"\s*(\w+)\s*[=|:]\s*(.*?)\s*", re.ASCII)
_FALSE = ("", "0", "false", "False", "None")


def read(source: Source) -> Reading:
    """Return the server that the app starts."""
    values = _values(source.files[0])
    if not values.keys() & _KNOWN:
        problem = notice("source.app.no_settings", path=source.path)
        return Reading(SourceKind.APP, source.path, problem=problem)
    return Reading(SourceKind.APP, source.path, (ServerConfig(assignments=tuple(_assignments(values, source))),))


def _assignments(values: Mapping[str, str], source: Source) -> Iterator[Assignment]:
    for key, name, value in (
        ("expose", "OLLAMA_HOST", "0.0.0.0"),
        ("browser", "OLLAMA_ORIGINS", "*"),
        ("airplanemode", "OLLAMA_NO_CLOUD", "1"),
    ):
        if values.get(key, "") not in _FALSE:
            yield Assignment(name, value, _place(source.files[0], key))
    if models := values.get("models", ""):
        yield Assignment("OLLAMA_MODELS", models, _place(source.files[0], "models"))
    if values.get("contextlength", "0") not in _FALSE:
        yield Assignment("OLLAMA_CONTEXT_LENGTH", values["contextlength"], _place(source.files[0], "contextlength"))


def _values(file: TextFile) -> dict[str, str]:
    """Return the settings by their names without case and underscores."""
    try:
        found = parsed(file)
    except UnreadableError:
        pairs = (hit.groups() for line in file.text.split("\n") if (hit := _LINE.fullmatch(line)))
        return {_plain(name): value for name, value in pairs}
    found = found[0] if isinstance(found, list) and found else found
    found = below(found, "settings") or found
    return {_plain(name): _text(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    return str(value) if isinstance(value, (str, int, float, bool)) else ""


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _place(file: TextFile, key: str) -> Place:
    for number, line in enumerate(file.text.split("\n"), 1):
        if key in _plain(line):
            return at(file, number)
    return Place(file.path)
