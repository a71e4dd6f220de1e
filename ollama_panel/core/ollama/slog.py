"""Ollama's own log lines: slog text, `time=... level=INFO source=file.go:1 msg="..." key=value`."""

import re
from datetime import datetime

_LINE = re.compile(r"(?:^|[\s.])level=[A-Za-z]|^(?:time|msg)=")
# A key begins a word, else a long word would be searched from each of its letters; a quoted value may be cut off
_PAIR = re.compile(r'(?<![\w.])([\w.]+)=("(?:[^"\\]|\\.)*(?:"|\\?$)|\S*)')
_TIME = re.compile(r"(?:^|\s)time=(\d{4}-\d\d-\d\dT\S{8,32})(?=\s|$)")
_ESCAPE = re.compile(r"\\(.)")
_MAX_DIGITS = 18
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}


def is_slog(line: str) -> bool:
    """Return whether the line has keys and values, as those of Ollama itself and of some other programs have.

    The dots of a runner's progress may stand before it.
    """
    return _LINE.search(line) is not None


def slog_fields(line: str) -> dict[str, str]:
    """Return the `key=value` pairs of a slog line, unquoted."""
    return {key: _unquote(value) for key, value in _PAIR.findall(line)}


def seconds_of(line: str) -> float | None:
    """Return when a line was written, in seconds since 1970; None if it does not say."""
    found = _TIME.search(line)
    try:
        return datetime.fromisoformat(found[1]).timestamp() if found else None
    except ValueError:
        return None


def number(text: str | None) -> int | None:
    """Return the whole number in a field, None if there is none, or one of no quantity (int() refuses 4,301 digits)."""
    return int(text) if text is not None and text.isdecimal() and text.isascii() and len(text) <= _MAX_DIGITS else None


def _unquote(value: str) -> str:
    if not value.startswith('"'):
        return value
    return _ESCAPE.sub(lambda found: _CONTROLS.get(found[1], found[1]), value[1:].removesuffix('"'))
