"""Scans a stream as it passes: its number of tokens, how it ended, and the counters at its end.

Nothing here parses whole documents. The counters come last in every answer of Ollama, streamed or not, in all three
dialects, so the last kilobytes are enough; quotes inside generated text are escaped and cannot imitate a key.
"""

import re
from collections.abc import Iterable
from typing import Annotated

import msgspec

from ollama_panel.core.ollama.api import Dialect, Route
from ollama_panel.core.records import Usage

TAIL_BYTES = 4096
COUNTER_BYTES = 1536
"""The counters are within this many bytes of the end: the longest final line, of the Responses API, has about 900."""

_COUNTER = re.compile(
    rb'"(prompt_eval_count|prompt_tokens|input_tokens|eval_count|completion_tokens|output_tokens'
    rb'|total_duration|load_duration|prompt_eval_duration|eval_duration)"\s*:\s*(\d{1,15})(?!\d)'
)
"""Counts and nanoseconds of up to 15 digits, which is eleven days; a longer number is not a measurement."""
_MEANING = {
    b"prompt_eval_count": "prompt_tokens",
    b"prompt_tokens": "prompt_tokens",
    b"input_tokens": "prompt_tokens",
    b"eval_count": "output_tokens",
    b"completion_tokens": "output_tokens",
    b"output_tokens": "output_tokens",
    b"total_duration": "total_ns",
    b"load_duration": "load_ns",
    b"prompt_eval_duration": "prompt_ns",
    b"eval_duration": "output_ns",
}
_COUNTS = frozenset({"prompt_tokens", "output_tokens"})
_Counter = Annotated[int, msgspec.Meta(ge=0, lt=10**15)]


class _Metrics(msgspec.Struct):
    """The counters of the native dialect, which are the end of an answer (Ollama `api/types.go Metrics`)."""

    total_duration: _Counter
    prompt_eval_count: _Counter
    load_duration: _Counter | None = None
    prompt_eval_duration: _Counter | None = None
    eval_count: _Counter | None = None
    eval_duration: _Counter | None = None


_metrics = msgspec.json.Decoder(_Metrics)
_ERROR_LINE = re.compile(rb'^(?:data:)?\s*\{\s*"error"\s*:\s*')
_ERROR_TEXT = re.compile(rb'"(?:error|message)"\s*:\s*"((?:[^"\\]|\\.)*)"')
_DONE = re.compile(rb"data: \[DONE\]")
_WITHOUT_TOKENS = re.compile(rb'"finish_reason":"|^data: \[DONE\]', re.MULTILINE)
"""What is in the events of an OpenAI stream after its last token (`middleware/openai.go`, 0.32)."""
_LAST_LINE = re.compile(rb'"done"\s*:\s*true|"total_duration"\s*:')
"""Between the two, `/api/generate` has the context, a number for each token: the first may be outside the tail."""
_LAST_EVENTS = (b"data: [DONE]\n\n", b'data: {"type":"message_stop"}\n\n')
_LAST_EVENT_BYTES = max(map(len, _LAST_EVENTS))
_ENDINGS = {
    (Dialect.OPENAI, "chat"): _DONE,
    (Dialect.OPENAI, "generate"): _DONE,
    (Dialect.OPENAI, "responses"): re.compile(
        rb"data: \[DONE\]|response\.completed|response\.incomplete|response\.failed"
    ),
    (Dialect.ANTHROPIC, "chat"): re.compile(rb"message_stop"),
    (Dialect.NATIVE, "chat"): _LAST_LINE,
    (Dialect.NATIVE, "generate"): _LAST_LINE,
}
"""The end marker of each stream, by dialect and action; other streams have no known one."""


class Tail:
    """The end of an answer, kept while its chunks pass: at least `TAIL_BYTES` of it, at most twice as many."""

    __slots__ = ("_chunks", "_mark", "_size", "tokens")

    def __init__(self, *, sse: bool) -> None:
        self._mark = b"data: " if sse else b"\n"
        self._chunks: list[bytes] = []
        self._size = 0
        self.tokens = 0

    def feed(self, chunk: bytes) -> None:
        """Add a chunk, and count its lines or events, which approximate the tokens."""
        self.tokens += chunk.count(self._mark)
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > 2 * TAIL_BYTES:
            self._chunks = [self._last_bytes()]
            self._size = TAIL_BYTES

    def _last_bytes(self) -> bytes:
        return b"".join(self._chunks)[-TAIL_BYTES:]

    def ended(self, piece: bytes) -> bool:
        """Return whether the final event has come, whole, with `piece` as the last that was fed.

        As Ollama writes it (`api/types.go`, `middleware/openai.go`, `anthropic/anthropic.go`, 0.32): generated text
        cannot imitate it, because line ends and quotes are escaped there. The arguments of a tool can contain a
        "done", but the line's own comes after them. False if that cannot be told; see `complete` for the end.
        """
        if self._mark == b"\n":
            last = piece.rfind(b'"done":true')
            if last < 0:
                return False
            return last > piece.rfind(b'"done":false') and last > piece.rfind(b"\n", 0, -1) and piece.endswith(b"}\n")
        end = piece if len(piece) >= _LAST_EVENT_BYTES else b"".join(self._chunks[-_LAST_EVENT_BYTES:])
        return end.endswith(_LAST_EVENTS)

    @classmethod
    def of(cls, pieces: Iterable[bytes]) -> "Tail":
        """Return the tail of a complete answer; its tokens are not counted."""
        tail = cls(sse=False)
        tail._chunks = [b"".join(pieces)[-TAIL_BYTES:]]
        return tail

    def usage(self, *, counted: bool = False) -> Usage:
        """Return the counters of the final chunk; missing ones are None.

        With `counted`, missing output tokens (OpenAI streams) are replaced by the number of events that have any: not
        the last two, of which one tells why the answer ends.
        """
        last = self._last_bytes()[-COUNTER_BYTES:]
        native = _native_counters(last)
        if native is not None and not (counted and native.output_tokens is None):
            return native
        start = last.rfind(b'"usage"')
        found = _counters(last[start:]) if start >= 0 else {}
        if not found.keys() >= _COUNTS:
            found = _counters(last)
        if counted:
            found.setdefault("output_tokens", max(0, self.tokens - len(_WITHOUT_TOKENS.findall(last))))
        return Usage(**found)

    def error(self) -> str | None:
        """Return the text of the error that the stream ended with, or None if it ended without one."""
        last = self._last_bytes()
        line = last.rstrip().rpartition(b"\n")[2]
        return error_text(line) if _ERROR_LINE.match(line) or b"event: error" in last else None

    def complete(self, route: Route) -> bool:
        """Return whether a stream ended with the end marker of its route; true if no marker is known."""
        ending = _ENDINGS.get((route.dialect, route.action))
        return ending is None or ending.search(self._last_bytes()) is not None


def _native_counters(last: bytes) -> Usage | None:
    """Return the counters that an answer of the native dialect ends with; None if it ends otherwise."""
    start = last.rfind(b'"total_duration":')
    if start < 0:
        return None
    try:
        found = _metrics.decode(b"{" + last[start:])
    except (msgspec.DecodeError, RecursionError):
        return None
    return Usage(
        found.prompt_eval_count,
        found.eval_count,
        found.total_duration,
        found.load_duration,
        found.prompt_eval_duration,
        found.eval_duration,
    )


def _counters(text: bytes) -> dict[str, int]:
    return {_MEANING[key]: int(value) for key, value in _COUNTER.findall(text)}


def starts_with_error(chunk: bytes) -> str | None:
    """Return the text of the error if the first chunk of a stream is only an error, else None."""
    return error_text(chunk) if _ERROR_LINE.match(chunk) else None


def error_text(body: bytes) -> str:
    """Return the message of an error body of any dialect, or the body itself, as text of at most 2,000 characters."""
    found = _ERROR_TEXT.search(body)
    raw = found.group(1) if found else body
    return raw.decode("utf-8", "replace").replace('\\"', '"')[:2000]
