"""Finds the inputs of a request for embeddings in its body, so that parts of them can be sent each by itself.

The body stays as it is but for its list of inputs, of which a part has some, with the very bytes that the client sent.
What is not surely read as Ollama reads it has no parts: it goes to one instance, whose own words come back.
"""

import re
from dataclasses import dataclass

import msgspec

from ollama_panel.proxy.body_storage import View
from ollama_panel.proxy.request_fields import OBJECT, UNREADABLE

MAX_INPUTS = 50_000
"""A longer list is not divided: finding so many takes a tenth of a second (measured)."""
MAX_REST_BYTES = 65_536
"""So it is with a body that has more than this beside its inputs, which each part has, too."""
MAX_PLACES = 8

_BLANK = rb"[ \t\r\n]*+"
_INPUT = re.compile(_BLANK + rb'("[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+")' + _BLANK + rb"([],])", re.DOTALL)
_BEGINNING_BYTES = 256


class _Body(msgspec.Struct):
    input: msgspec.Raw = msgspec.Raw()


_DECODER = msgspec.json.Decoder(_Body)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of a request: where they are in its body, each from its first quote to behind its last.

    `head` and `tail` are what is before the list and behind it.
    """

    view: View
    head: bytes
    tail: bytes
    spans: list[tuple[int, int]]

    def sizes(self) -> list[int]:
        """Return the length of each input, in bytes of JSON."""
        return [end - start for start, end in self.spans]

    def body(self, begin: int, end: int) -> bytes:
        """Return the body of the part with the inputs from `begin` until before `end`."""
        start, stop = self.spans[begin][0], self.spans[end - 1][1]
        return b"".join((self.head, b"[", self.view[start:stop], b"]", self.tail))


def inputs_of(view: View) -> Inputs | None:
    """Return the inputs of a body, None if it is not an object with one list of texts."""
    try:
        given = memoryview(_DECODER.decode(view).input)
    except UNREADABLE:
        return None
    start = _place(view, given) if len(given) > 1 and given[0] == ord("[") else -1
    if start < 0:
        return None
    head, tail = bytes(view[:start]), bytes(view[start + len(given) :])
    if not _is_plain(head, tail):
        return None
    spans = _spans(view, start + 1, start + len(given))
    return Inputs(view, head, tail, spans) if spans else None


def _place(view: View, value: memoryview) -> int:
    """Return where a value is in a body; -1 if more places may be meant."""
    whole, at = value.tobytes(), -1  # to compare views takes ten times as long
    beginning = whole[:_BEGINNING_BYTES]
    found = list[int]()
    for _ in range(MAX_PLACES):
        at = view.find(beginning, at + 1)
        if at < 0:
            return found[0] if len(found) == 1 else -1
        if view[at : at + len(whole)] == whole:
            found.append(at)
    return -1


def _is_plain(head: bytes, tail: bytes) -> bool:
    """Return whether the rest of a body has no other field that Ollama, which ignores case, would take for the list."""
    if len(head) + len(tail) > MAX_REST_BYTES:
        return False
    try:
        rest = OBJECT.decode(head + b"null" + tail)
    except UNREADABLE:
        return False
    return [key for key in rest if key.lower() == "input"] == ["input"] and bytes(rest["input"]) == b"null"


def _spans(view: View, at: int, end: int) -> list[tuple[int, int]]:
    """Return where the texts of a list are; [] if not all of its elements are texts, or they are too many."""
    spans = list[tuple[int, int]]()
    while at < end and len(spans) < MAX_INPUTS:
        found = _INPUT.match(view, at, end)
        if found is None:
            return []
        spans.append(found.span(1))
        at = found.end()
        if found[2] == b"]":
            return spans if at == end else []
    return []
