"""Reading a stream in passing: how many tokens went by, how it ended, what its counters say.

Nothing here parses whole documents. The counters are the last thing in every answer of Ollama, streamed or not, in all
three dialects, so the last kilobytes are enough; quotes inside generated text are escaped and cannot imitate a key.
"""

import re
from collections.abc import Sequence

from ollama_panel.core.ollama.api import Dialect, Route
from ollama_panel.core.records import Usage

TAIL_BYTES = 4096
COUNTER_BYTES = 1536
"""The counters stand within the last so many bytes: a final line of the Responses API is the longest, about 900."""

_COUNTER = re.compile(
    rb'"(prompt_eval_count|prompt_tokens|input_tokens|eval_count|completion_tokens|output_tokens'
    rb'|total_duration|load_duration|prompt_eval_duration|eval_duration)"\s*:\s*(\d{1,15})(?!\d)'
)
"""Counts and nanoseconds; what is longer than eleven days of these is no measurement."""
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
_ERROR_LINE = re.compile(rb'^(?:data:)?\s*\{\s*"error"\s*:\s*')
_ERROR_TEXT = re.compile(rb'"(?:error|message)"\s*:\s*"((?:[^"\\]|\\.)*)"')
_DONE = re.compile(rb"data: \[DONE\]")
_LAST_LINE = re.compile(rb'"done"\s*:\s*true|"total_duration"\s*:')
"""Between the two, `/api/generate` says the context, a number for each token: the first may be out of the tail."""
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
"""The last word of each stream, by dialect and action; of others none is known."""


class Tail:
    """The end of an answer, kept while its chunks pass; feeding costs a few hundred nanoseconds."""

    __slots__ = ("_mark", "_tail", "tokens")

    def __init__(self, *, sse: bool) -> None:
        self._mark = b"data: " if sse else b"\n"
        self._tail = b""
        self.tokens = 0

    def feed(self, chunk: bytes) -> None:
        """Take a chunk, and count the lines or events, near enough tokens, that it holds."""
        self._tail = chunk[-TAIL_BYTES:] if len(chunk) >= TAIL_BYTES else (self._tail + chunk)[-TAIL_BYTES:]
        self.tokens += chunk.count(self._mark)

    @classmethod
    def of(cls, pieces: Sequence[bytes]) -> "Tail":
        """Return the tail of an answer that is at hand, tokens not counted."""
        tail = cls(sse=False)
        tail._tail = pieces[0][-TAIL_BYTES:] if len(pieces) == 1 else b"".join(pieces)[-TAIL_BYTES:]
        return tail

    def usage(self, *, counted: bool = False) -> Usage:
        """Return the counters of the final chunk; what it does not say is None.

        With `counted`, output that the final chunk is silent about (OpenAI streams) is the number of events seen.
        """
        found = {_MEANING[key]: int(value) for key, value in _COUNTER.findall(self._tail[-COUNTER_BYTES:])}
        if counted:
            found.setdefault("output_tokens", self.tokens)
        return Usage(**found)

    def error(self) -> str | None:
        """Return the text of the error that the stream ended with, None when it ended otherwise."""
        line = self._tail.rstrip().rpartition(b"\n")[2]
        return error_text(line) if _ERROR_LINE.match(line) or b"event: error" in self._tail else None

    def complete(self, route: Route) -> bool:
        """Say whether a stream ended with the last word of its kind; True where none is known."""
        ending = _ENDINGS.get((route.dialect, route.action))
        return ending is None or ending.search(self._tail) is not None


def starts_with_error(chunk: bytes) -> str | None:
    """Return the error's text when the first chunk of a stream is nothing but an error, else None."""
    return error_text(chunk) if _ERROR_LINE.match(chunk) else None


def error_text(body: bytes) -> str:
    """Return the message of an error body of any dialect, or the body itself, as text of at most 2,000 characters."""
    found = _ERROR_TEXT.search(body)
    raw = found.group(1) if found else body
    return raw.decode("utf-8", "replace").replace('\\"', '"')[:2000]
