"""Finding the fields of a JSON object that a strict parser refuses and Go's decoder, that is Ollama, does not.

Half a surrogate pair in a text (what JavaScript sends that cut a string inside an emoji), bytes that are no UTF-8,
something behind the object, or nesting beyond Python's stack: such a body runs a model like any other, so it must queue
like any other. Values are looked at as bytes and never built.
"""

import json
import re
from collections.abc import Iterable

from ollama_panel.proxy.body import View

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_FIELD = re.compile(rb'[^][{}:,"]*+(%b|[][{}:,])' % _STRING, re.DOTALL)
_NESTED = re.compile(rb'[^][{}"]*+(%b|[][{}])' % _STRING, re.DOTALL)
_START = re.compile(rb"\s*\{")
MAX_JSON_TOKENS = 100_000
"""Longer is not looked: a tenth of a second (measured), in which the proxy does nothing else."""


def fields(view: View, wanted: Iterable[str]) -> dict[str, bytes]:
    """Return the JSON of the `wanted` top-level fields (lower case; keys match in any case, the last one counts).

    {} when there is no whole object of at most `MAX_JSON_TOKENS` strings, brackets and commas at the start of `view`.
    """
    start = _START.match(view)
    names = frozenset(wanted)
    found: dict[str, bytes] = {}
    at, depth, key, value_start = start.end() if start else 0, 1 if start else 0, b"", 0
    for _ in range(MAX_JSON_TOKENS if start else 0):
        token = (_FIELD if depth == 1 else _NESTED).match(view, at)
        if token is None:
            break
        at, end = token.end(), token.start(1)
        character = view[end : end + 1]
        if depth == 1 and not value_start and character == b'"':
            key = token.group(1)
        elif depth == 1 and not value_start and character == b":":
            value_start = at
        elif depth == 1 and character in b",}":
            name = text(key).lower() if value_start else ""
            if name in names:
                found[name] = view[value_start:end].strip()
            key, value_start = b"", 0
        depth += (character in b"{[") - (character in b"}]")
        if not depth:
            return found
    return {}


def text(raw: bytes) -> str:
    """Return a JSON string as text, with a replacement character for what is none; "" when it is no string."""
    try:
        value = json.loads(raw.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return ""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else ""
