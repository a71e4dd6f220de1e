"""JSON with the lines on which its texts stand."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import Place, TextFile, UnreadableError


class Lines:
    """Finds texts in a file, one after the other."""

    def __init__(self, file: TextFile) -> None:
        self._file = file
        self._position = 0

    def place(self, text: str) -> Place:
        """Return the place of the next such text, as a string of JSON; that of the whole file if there is none."""
        for form in dict.fromkeys((json.dumps(text), json.dumps(text, ensure_ascii=False))):
            found = self._file.text.find(form, self._position)
            if found >= 0:
                self._position = found
                return at(self._file, self._file.text.count("\n", 0, found) + 1)
        return Place(self._file.path)


def parsed(file: TextFile) -> Any:
    """Return what a file holds. Raises UnreadableError if it is no JSON."""
    try:
        return msgspec.json.decode(file.text)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        cause = str(error) if isinstance(error, msgspec.DecodeError) else type(error).__name__
        raise UnreadableError(notice("source.no_json", path=file.path, cause=cause)) from error


def below(value: Any, *path: str) -> Any:
    """Return what is below keys, None if there is nothing."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def text(value: Any, *path: str) -> str:
    """Return the text below keys, "" if there is none."""
    found = below(value, *path)
    return found if isinstance(found, str) else ""


def listed(value: Any, *path: str) -> list[Any]:
    """Return the list below keys, [] if there is none."""
    found = below(value, *path)
    return found if isinstance(found, list) else []


def texts(value: Any, *path: str) -> tuple[str, ...]:
    """Return the texts of the list below keys, or the one text there."""
    found = below(value, *path)
    if isinstance(found, str):
        return (found,) if found else ()
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def pairs(value: Any, *path: str) -> Iterator[tuple[str, Any]]:
    """Yield the keys and values of the mapping below keys."""
    found = below(value, *path)
    if isinstance(found, Mapping):
        yield from found.items()
