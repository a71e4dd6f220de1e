"""Reader of Ollama's own file `~/.ollama/server.json`, which has one setting (0.32 `envconfig/config.go`).

A file that is no JSON, or has another type of value there, sets nothing.
"""

from ollama_panel.core.notices import notice
from ollama_panel.core.ollama import environment
from ollama_panel.core.sources import codes
from ollama_panel.core.sources.record import (
    Assignment,
    Fate,
    Mistake,
    Reading,
    ServerConfig,
    Source,
    SourceKind,
    UnreadableError,
)
from ollama_panel.core.sources.stacks.json_text import Lines, parsed

_NO_CLOUD = "disable_ollama_cloud"
_VARIABLE = "OLLAMA_NO_CLOUD"


def read(source: Source) -> Reading:
    """Return the server of a user as the file sets it up."""
    try:
        found = parsed(source.files[0])
    except UnreadableError as error:
        return Reading(SourceKind.OLLAMA_FILE, source.path, problem=error.told)
    values = found if isinstance(found, dict) else {}
    lines, assignments, others, mistakes = (
        Lines(source.files[0]),
        list[Assignment](),
        list[Assignment](),
        list[Mistake](),
    )
    for key, value in values.items():
        place = lines.place(key)
        if key == _NO_CLOUD and value is True:
            assignments.append(Assignment(_VARIABLE, "1", place))
        elif key == _NO_CLOUD and not isinstance(value, bool) and value is not None:
            told = notice("source.ollama_file.no_boolean", key=key, given=f"{value}")
            mistakes.append(Mistake(codes.WRONG_SHAPE, told, place, _VARIABLE))
        elif key != _NO_CLOUD and (name := _meant(key)):
            why = notice("source.ollama_file.not_read", key=key, name=name)
            others.append(Assignment(name, f"{value}", place, Fate.IGNORED, why))
            mistakes.append(Mistake(codes.IGNORED_KEY, why, place, name))
    server = ServerConfig(assignments=tuple(assignments))
    return Reading(SourceKind.OLLAMA_FILE, source.path, (server,), tuple(others), tuple(mistakes))


def _meant(key: str) -> str:
    """Return the variable that somebody may have meant by a key, "" if it resembles none."""
    name = key.upper().replace("-", "_")
    whole = name if name.startswith("OLLAMA_") else f"OLLAMA_{name}"
    return whole if environment.find(whole) is not None else ""
