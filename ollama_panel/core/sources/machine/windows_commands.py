"""Command lines of Windows: their words, which of them start Ollama, and what a script comes to that sets variables."""

import re
from collections.abc import Sequence

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes
from ollama_panel.core.sources.collecting import Collected, mistake
from ollama_panel.core.sources.machine.commands import program
from ollama_panel.core.sources.names import is_ollamas
from ollama_panel.core.sources.record import Assignment, Fate, Mistake, Reading, ServerConfig, Source, SourceKind

_WORD = re.compile(r'(?:"[^"]*"|[^\s"])+')
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_()]*")
_APP = frozenset(("ollama app", "ollama"))


def words(text: str) -> tuple[str, ...]:
    """Return the words of a command line, without the quotes around them or parts of them."""
    return tuple(word.replace('"', "") for word in _WORD.findall(text))


def is_name(name: str) -> bool:
    """Return whether a name is one that a variable usually has."""
    return _NAME.fullmatch(name) is not None


def server(given: Sequence[str]) -> tuple[str, ...] | None:
    """Return the command of a server that a command line starts, or of the app, whose server gets its variables."""
    inner = _without_start(given)
    if not inner:
        return None
    name = program(inner[0])
    if name == "ollama app":
        return tuple(inner)
    return tuple(inner) if name == "ollama" and "serve" in inner[1:3] else None


def asks(given: Sequence[str]) -> bool:
    """Return whether a command line is one of Ollama's commands that ask a server."""
    inner = _without_start(given)
    return len(inner) > 1 and program(inner[0]) == "ollama" and "serve" not in inner[1:3]


def _without_start(given: Sequence[str]) -> Sequence[str]:
    """Return what `start` starts: a title in quotes and options may stand before it."""
    if not given or program(given[0]) != "start":
        return given
    found = [at for at, word in enumerate(given[1:], 1) if program(word) in _APP]
    return given[found[-1] :] if found else ()


def reading(
    source: Source,
    here: Collected,
    later: Collected,
    servers: Sequence[ServerConfig],
    mistakes: Sequence[Mistake],
    *,
    asks: bool,
) -> Reading:
    """Return what a script comes to that sets variables `here`, for what it starts, and for what is started `later`."""
    theirs = tuple(one for one in later.assignments if is_ollamas(one.name) or source.kind is SourceKind.POWERSHELL)
    if servers:
        found = [_not_here(source, one) for one in theirs if _is_missing(one, here)]
        return Reading(source.kind, source.path, tuple(servers), theirs, (*mistakes, *found))
    file = source.files[0]
    if later.variables:
        told = mistake(codes.RESTART_NEEDED, notice("source.restart_needed"), file, theirs[0].place.line)
        return Reading(source.kind, source.path, (ServerConfig(assignments=theirs),), (), (*mistakes, told))
    here.drop(notice("source.ends_with_window"), fate=Fate.CLIENT)
    others = tuple(one for one in (*here.assignments, *theirs) if is_ollamas(one.name))
    first = next((one for one in others if one.fate is Fate.CLIENT), None)
    if first is None or asks:
        return Reading(source.kind, source.path, (), others, tuple(mistakes))
    told = mistake(
        codes.CLIENT_SIDE, notice("source.set_for_window", name=first.name), file, first.place.line, name=first.name
    )
    return Reading(source.kind, source.path, (), others, (*mistakes, told))


def _is_missing(one: Assignment, here: Collected) -> bool:
    return one.fate is Fate.TAKEN and is_ollamas(one.name) and here.variables.get(one.name) != one.value


def _not_here(source: Source, one: Assignment) -> Mistake:
    told = notice("source.setx_not_here", name=one.name)
    return mistake(codes.RESTART_NEEDED, told, source.files[0], one.place.line, name=one.name)
