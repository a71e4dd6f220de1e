"""Replaces the load options and the `keep_alive` of a native request body; every other byte of it stays.

Ollama decodes the body with Go's `encoding/json`, whose keys match in any letter case: every such key is replaced.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import msgspec

from ollama_panel.core.records import LoadOptions
from ollama_panel.proxy import tolerant_json
from ollama_panel.proxy.body_storage import View
from ollama_panel.proxy.request_fields import LOAD_KEYS, OBJECT, UNREADABLE, is_too_much, too_long, united

Raw = msgspec.Raw
Piece: TypeAlias = bytes | memoryview


def rewrite(view: View, options: LoadOptions | None, keep_alive: str | None) -> Sequence[Piece]:
    """Return a native body, in pieces, with other load options and another `keep_alive`; None leaves either as it is.

    A load option of a type that Ollama does not accept stays, so that the client gets Ollama's own answer. A body that
    is no JSON object is returned unchanged. The pieces are parts of `view`: nothing long is copied.
    """
    if options is None and keep_alive is None:
        return (memoryview(view),)
    if is_too_much(view):
        return _spliced(view, options, keep_alive) or (memoryview(view),)
    try:
        document = OBJECT.decode(view)
    except UNREADABLE:
        return _spliced(view, options, keep_alive) or (memoryview(view),)
    if tolerant_json.repeated(view, document, "options") and (pieces := _spliced(view, options, keep_alive)):
        return pieces
    given = [raw for key, raw in document.items() if key.lower() == "options"]
    if too_long(given):
        return (memoryview(view),)
    values = _values(united(given), options, keep_alive)
    pieces = [b"{"]
    for key, raw in document.items():
        if key.lower() not in values:
            pieces += (msgspec.json.encode(key), b":", memoryview(raw), b",")
    for name, value in values.items():
        pieces += (b'"%b":' % name.encode(), value, b",")
    pieces[-1] = b"}"
    return pieces


def _spliced(view: View, options: LoadOptions | None, keep_alive: str | None) -> list[Piece]:
    """Rewrite a body that strict parsers refuse, or read otherwise than Ollama; [] if that takes too long."""
    found = tolerant_json.spans(view, ("options", "keep_alive"))
    if found is None:
        return []
    given = [memoryview(view)[start:end] for start, end in found.spans.get("options", ())]
    if too_long(given):
        return []
    values = _values(united(given), options, keep_alive)
    edits = [(*span, values[name]) for name, spans in found.spans.items() if name in values for span in spans]
    for name, value in values.items():
        if name not in found.spans:
            comma = b"" if found.empty else b","
            edits.append((found.begin, found.begin, b'"%b":%b%b' % (name.encode(), value, comma)))
    return list(_edited(memoryview(view), sorted(edits)))


def _edited(view: memoryview, edits: Sequence[tuple[int, int, bytes]]) -> Iterator[Piece]:
    at = 0
    for start, end, value in edits:
        yield view[at:start]
        yield value
        at = end
    yield view[at:]


def _values(given: dict[str, Raw], options: LoadOptions | None, keep_alive: str | None) -> dict[str, bytes]:
    """Return the JSON of the new fields by name."""
    values: dict[str, bytes] = {}
    if options is not None:
        values["options"] = msgspec.json.encode(_with_load_options(given, options))
    if keep_alive is not None:
        values["keep_alive"] = msgspec.json.encode(keep_alive)
    return values


def _with_load_options(given: dict[str, Raw], options: LoadOptions) -> dict[str, Raw]:
    kept = {key: raw for key, raw in given.items() if key not in LOAD_KEYS or not _accepted(key, raw)}
    wanted = {key: getattr(options, key) for key in LOAD_KEYS if key not in kept}
    return kept | {key: Raw(msgspec.json.encode(value)) for key, value in wanted.items() if value is not None}


def _accepted(key: str, raw: Raw) -> bool:
    """Return whether Ollama accepts the type of a load option (`api/types.go Options.FromMap`, v0.32)."""
    text = bytes(raw).strip()
    if text == b"null":
        return True
    return text in (b"true", b"false") if key == "use_mmap" else text[:1] in b"-0123456789" and len(text) > 0
