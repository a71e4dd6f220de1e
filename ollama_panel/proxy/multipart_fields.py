"""Reading the small fields of a multipart form (RFC 7578) without touching its files; linear in the body's length."""

import re
from collections.abc import Iterable

from ollama_panel.proxy.body import View

PARTS = 64
"""More parts are not looked at."""
HEADER_BYTES = 1024
VALUE_BYTES = 1024
"""A longer value is none of the fields that are looked for."""

_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,200})"|([^;\s"]{1,200}))', re.IGNORECASE)
_NAME = re.compile(rb';\s*name=(?:"([^"]*)"|([^;\s"]*))', re.IGNORECASE)


def fields(view: View, content_type: str, wanted: Iterable[str]) -> dict[str, str]:
    """Return the values of the `wanted` fields that the form has; the first of a name counts."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        return {}
    mark = b"--" + (found[1] or found[2]).encode("latin-1", "replace")
    values: dict[str, str] = {}
    at = view.find(mark)
    for _ in range(PARTS):
        start = at + len(mark)
        at = view.find(mark, start) if at >= 0 else -1
        if at < 0:
            break
        headers = view[start : min(start + HEADER_BYTES, at)].partition(b"\r\n\r\n")
        named = _NAME.search(headers[0]) if headers[1] else None
        name = (named[1] or named[2] or b"").decode("utf-8", "replace") if named else ""
        begun = start + len(headers[0]) + 4
        if name in wanted and at - begun <= VALUE_BYTES:
            values.setdefault(name, view[begun:at].removesuffix(b"\r\n").decode("utf-8", "replace"))
    return values
