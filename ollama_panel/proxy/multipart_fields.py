"""Reads the small fields of a multipart form (RFC 7578), skipping its files; linear in the body's length."""

import re
from collections.abc import Iterable

from ollama_panel.proxy.body_storage import View

MAX_PARTS = 64
"""Further parts are ignored."""
MAX_HEADER_BYTES = 1024
MAX_VALUE_BYTES = 1024
"""Longer values are ignored: none of the wanted fields is that long."""

_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,200})"|([^;\s"]{1,200}))', re.IGNORECASE)
_NAME = re.compile(rb';\s*name=(?:"([^"]*)"|([^;\s"]*))', re.IGNORECASE)


def fields(view: View, content_type: str, wanted: Iterable[str]) -> dict[str, str]:
    """Return the values of those `wanted` fields that the form has; the first of each name counts."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        return {}
    delimiter = b"--" + (found[1] or found[2]).encode("latin-1", "replace")
    values: dict[str, str] = {}
    at = view.find(delimiter)
    for _ in range(MAX_PARTS):
        start = at + len(delimiter)
        at = view.find(delimiter, start) if at >= 0 else -1
        if at < 0:
            break
        headers = view[start : min(start + MAX_HEADER_BYTES, at)].partition(b"\r\n\r\n")
        named = _NAME.search(headers[0]) if headers[1] else None
        name = (named[1] or named[2] or b"").decode("utf-8", "replace") if named else ""
        value_start = start + len(headers[0]) + 4
        if name in wanted and at - value_start <= MAX_VALUE_BYTES:
            values.setdefault(name, view[value_start:at].removesuffix(b"\r\n").decode("utf-8", "replace"))
    return values
