"""Puts the answers to the parts of a request for embeddings together, as one instance would have answered the whole.

Vectors are never parsed: each stays as the instance wrote it. Counters are added up, and everything else is as in the
answer to the first part (Ollama `api/types.go EmbedResponse`, `openai/openai.go EmbeddingList`, v0.9 to v0.32).
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.api import Dialect
from ollama_panel.core.records import Usage
from ollama_panel.proxy.request_fields import OBJECT, UNREADABLE

Raw = msgspec.Raw
_list = msgspec.json.Decoder(list[Raw])
_count = msgspec.json.Decoder(int)
_USAGE = ("prompt_tokens", "total_tokens")
_NATIVE = ("prompt_eval_count", "total_duration", "load_duration")


class BadAnswerError(Exception):
    """An answer that is not what Ollama answers, as the notice says: it cannot be put together with others."""

    def __init__(self, why: Notice) -> None:
        super().__init__(why)
        self.notice = why


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a part: its `vectors`, separated by commas, and all its fields; `end` is behind the object."""

    vectors: bytes
    fields: Mapping[str, Raw]
    end: bytes
    usage: Usage


def read(body: bytes, dialect: Dialect, inputs: int, first: int) -> Answer:
    """Return the answer to a part with so many inputs, of which the `first` has this place in the whole request.

    Raises BadAnswerError if it is none, or does not have a vector for each.
    """
    try:
        fields = OBJECT.decode(body)
        native = dialect is Dialect.NATIVE
        given = fields["embeddings" if native else "data"]
        vectors = _list.decode(given)
        usage = _native_usage(fields) if native else _openai_usage(fields)
        if len(vectors) != inputs:
            raise BadAnswerError(notice("embedding.count", vectors=len(vectors), inputs=inputs))
        inner = bytes(memoryview(given).tobytes().strip()[1:-1]) if native else _numbered(vectors, first)
    except (KeyError, *UNREADABLE) as error:
        raise BadAnswerError(notice("embedding.unreadable", reason=str(error))) from error
    return Answer(inner, fields, body[len(body.rstrip()) :], usage)


def _numbered(elements: list[Raw], first: int) -> bytes:
    """Return the elements of an answer in the dialect of OpenAI with their places in the whole request."""
    placed = dict[int, bytes]()
    for element in elements:
        members = OBJECT.decode(element)
        index = _number(members.get("index"))
        number = b"%d" % (first + index)
        values = ((key, number if key == "index" else bytes(value)) for key, value in members.items())
        placed[index] = b"{" + b",".join(msgspec.json.encode(key) + b":" + value for key, value in values) + b"}"
    if placed.keys() != set(range(len(elements))):
        raise BadAnswerError(notice("embedding.numbers"))
    return b",".join(placed[index] for index in range(len(elements)))


def _number(raw: Raw | None) -> int:
    number = _count.decode(raw) if raw is not None else None
    if number is None or number < 0:
        raise BadAnswerError(notice("embedding.numbers"))
    return number


def _native_usage(fields: Mapping[str, Raw]) -> Usage:
    """Return the counters of a native answer, which leaves out those that are 0."""
    tokens, total, load = (_number(fields[name]) if name in fields else 0 for name in _NATIVE)
    return Usage(prompt_tokens=tokens, total_ns=total, load_ns=load)


def _openai_usage(fields: Mapping[str, Raw]) -> Usage:
    usage = OBJECT.decode(fields["usage"])
    return Usage(prompt_tokens=_number(usage.get("prompt_tokens")))


@dataclass(slots=True)
class Totals:
    """What is added up of the answers: tokens, and the longest load in nanoseconds. `fields` are those of the first."""

    prompt_tokens: int = 0
    load_ns: int = 0
    fields: Mapping[str, Raw] = field(default_factory=dict)
    end: bytes = b""

    def add(self, answer: Answer) -> None:
        """Add the next answer."""
        if not self.fields:
            self.fields, self.end = answer.fields, answer.end
        self.prompt_tokens += answer.usage.prompt_tokens or 0
        self.load_ns = max(self.load_ns, answer.usage.load_ns or 0)

    def frame(self, dialect: Dialect, total_ns: int) -> tuple[bytes, bytes]:
        """Return what is before all vectors in the answer, and what is behind them; it took `total_ns`."""
        native = dialect is Dialect.NATIVE
        name = "embeddings" if native else "data"
        values = {key: bytes(value) for key, value in self.fields.items() if key != name}
        if native:
            for key, value in zip(_NATIVE, (self.prompt_tokens, total_ns, self.load_ns), strict=True):
                if value or key in values:
                    values[key] = b"%d" % value
        else:
            usage = OBJECT.decode(self.fields["usage"])
            known = {key: bytes(value) for key, value in usage.items()}
            values["usage"] = _object(known | dict.fromkeys(_USAGE, b"%d" % self.prompt_tokens))
        names = list(self.fields)
        before = {key: values.pop(key) for key in itertools.takewhile(lambda key: key != name, names)}
        opening = _object(before)[:-1] + (b"," if before else b"") + b'"%b":[' % name.encode()
        return opening, b"]" + (b"," if values else b"") + _object(values)[1:] + self.end


def _object(values: Mapping[str, bytes]) -> bytes:
    return b"{" + b",".join(msgspec.json.encode(key) + b":" + value for key, value in values.items()) + b"}"
