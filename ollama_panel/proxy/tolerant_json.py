"""Finds the fields of a JSON object that strict parsers refuse and Go's decoder, which Ollama uses, accepts.

Half a surrogate pair in a string (sent by JavaScript that cut a string inside an emoji), invalid UTF-8, data after the
object, or nesting beyond Python's stack: such a body runs a model like any other, so it must queue like any other.
Values are scanned as bytes and not decoded.
"""

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

from ollama_panel.proxy.body_storage import View

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_FIELD = re.compile(rb'[^][{}:,"]*+(%b|[][{}:,])' % _STRING, re.DOTALL)
_NESTED = re.compile(rb'[^][{}"]*+(%b|[][{}])' % _STRING, re.DOTALL)
_START = re.compile(rb"\s*\{")
_BLANKS = re.compile(rb"\s*+")
MAX_JSON_TOKENS = 100_000
"""Longer bodies are not scanned to the end: these take a tenth of a second (measured) and block the proxy."""
_MAX_KEY_BYTES = 256
"""Longer keys are none of those that anybody looks for."""
_PIECE_BYTES = 65_536


class Spans(NamedTuple):
    """Where the values of some fields are in an object, as (start, end) by name in lower case.

    `begin` is the place after its opening brace, `empty` says that it has no fields at all.
    """

    begin: int
    spans: dict[str, list[tuple[int, int]]]
    empty: bool


def fields(view: View, wanted: Iterable[str]) -> dict[str, memoryview]:
    """Return the JSON of the `wanted` top-level fields, named in lower case; keys match in any case, the last counts.

    {} if `view` does not start with a complete object of at most `MAX_JSON_TOKENS` strings, brackets and commas.
    """
    found = spans(view, wanted)
    if found is None:
        return {}
    last = ((name, one[-1]) for name, one in found.spans.items())
    return {name: memoryview(view)[start:end] for name, (start, end) in last}


def repeated(view: View, keys: Iterable[str], name: str) -> bool:
    """Return whether an object with these top-level `keys` may have a field more than once, in any letter case.

    Python's parsers keep the last one; Go's unites the members of all that are objects. True, too, if a nested object
    has the field.
    """
    alike = [b'"%b"' % key.encode("utf-8", "replace") for key in keys if key.lower() == name]
    return len(alike) > 1 or any(view.find(key) != view.rfind(key) for key in alike)


def spans(view: View, wanted: Iterable[str]) -> Spans | None:
    """Return where the `wanted` top-level fields are; None where `fields` finds nothing at all."""
    start = _START.match(view)
    if start is None:
        return None
    names, found = frozenset(wanted), dict[str, list[tuple[int, int]]]()
    at, depth, key, value_start, empty = start.end(), 1, b"", 0, True
    for _ in range(MAX_JSON_TOKENS):
        token = (_FIELD if depth == 1 else _NESTED).match(view, at)
        if token is None:
            break
        at, end = token.end(), token.start(1)
        character = view[end : end + 1]
        if depth == 1 and not value_start and character == b'"':
            key, empty = view[end : min(at, end + _MAX_KEY_BYTES)], False
        elif depth == 1 and not value_start and character == b":":
            value_start = at
        elif depth == 1 and character in b",}":
            name = text(key).lower() if value_start else ""
            if name in names:
                found.setdefault(name, []).append(_stripped(view, value_start, end))
            key, value_start = b"", 0
        depth += (character in b"{[") - (character in b"}]")
        if not depth:
            return Spans(start.end(), found, empty)
    return None


def _stripped(view: View, start: int, end: int) -> tuple[int, int]:
    """Return a span without the blanks at its ends; a long one is not copied."""
    blanks = _BLANKS.match(view, start, end)
    begin = blanks.end() if blanks else start
    while begin < end:
        piece = view[max(begin, end - _PIECE_BYTES) : end]
        end -= len(piece) - len(piece.rstrip())
        if not piece.isspace():
            break
    return begin, end


def text(raw: bytes) -> str:
    """Return the text of a JSON string, with replacement characters where it is invalid; "" if it is no string."""
    try:
        value = json.loads(raw.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return ""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else ""
