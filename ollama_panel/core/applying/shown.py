"""What is shown of the files on a machine: their differences line by line, without the secrets in them. Pure.

A unit or a file of Compose that somebody has written may hold a key. It stays where it is; neither a front end nor the
journal gets it.
"""

import re
from collections.abc import Collection, Iterator
from difflib import unified_diff

from ollama_panel.core import redact, redact_files

_CONTEXT = 3
_NO_END = "\\ No newline at end of file"
"""How diff(1) says so."""
_CARRIAGE_RETURN = "^M"
_NAMED = re.compile(r"(\A\s*(?:- )?[\"']?([A-Za-z_][\w.-]*)[\"']?\s*(?::|=)\s+)(\S.*)")
"""A name and its value, as YAML, Nix and the like write them."""
_KEY = re.compile(r"<key>([^<]*)</key>")
_VALUE = re.compile(r"(<string>)([^<]*)(</string>)")
"""A value of a property list, whose name is before it, often on a line of its own."""


def difference(before: str, after: str, old: str, new: str) -> tuple[str, ...]:
    """Return the lines of a unified diff, also between texts that differ only by how their lines end.

    `old` and `new` are the names of the files.
    """
    return tuple(unified_diff(list(_lines(before)), list(_lines(after)), old, new, n=_CONTEXT, lineterm=""))


def without_secrets(text: str, known: str = "") -> str:
    """Return text without what looks like a secret; lines that `known` has as well are no secrets."""
    whole, inside = text.split("\n"), redact_files.without_secrets(text).split("\n")
    return "\n".join(_hidden(whole, inside, frozenset(known.split("\n"))))


def _lines(text: str) -> Iterator[str]:
    *lines, rest = text.split("\n")
    yield from (line.replace("\r", _CARRIAGE_RETURN) for line in lines)
    if rest:
        yield rest.replace("\r", _CARRIAGE_RETURN)
        yield _NO_END


def _hidden(whole: list[str], lines: list[str], known: Collection[str]) -> Iterator[str]:
    key = ""
    for before, line in zip(whole, lines, strict=True):
        named = _KEY.search(line)
        key = named[1] if named is not None else key
        yield before if before in known else _line(line, key)
        if named is None:
            key = ""


def _line(line: str, key: str) -> str:
    line = _NAMED.sub(_value_of_name, redact.text(line))
    return _VALUE.sub(lambda found: f"{found[1]}{redact.variable(key, found[2])}{found[3]}", line) if key else line


def _value_of_name(found: re.Match[str]) -> str:
    name, value = found[2], found[3]
    return f"{found[1]}{redact.HIDDEN}" if redact.is_secret(name, value.strip("\"';,")) else found[0]
