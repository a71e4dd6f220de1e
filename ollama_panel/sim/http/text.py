"""Answers of pronounceable nonsense, always the same for the same request; token counts; unit vectors."""

import json
from collections.abc import Sequence
from hashlib import blake2b
from math import sqrt
from struct import pack
from typing import Any, overload

import msgspec
from typing_extensions import override

from ollama_panel.sim.machine.work import Segment

_CONSONANTS, _VOWELS = "bdfgklmnprstv", "aeiou"
_WORDS = tuple(f" {a}{b}{c}{d}" for a in _CONSONANTS for b in _VOWELS for c in "lmnrst" for d in _VOWELS)
_BLOCK = 256
_MESSAGE_TOKENS = 4
_NATURAL, _SPREAD = 60, 140
_MASK = (1 << 64) - 1


class Words(Sequence[str]):
    """A sequence of `count` words, each of which is computed when it is read."""

    def __init__(self, seed: int, count: int) -> None:
        self._seed, self._count = seed, count

    @override
    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    @override
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(self._count))]
        if not 0 <= index < self._count:
            raise IndexError(index)
        mixed = (self._seed + index * 0x9E3779B97F4A7C15) * 0xD6E8FEB86659FD93 & _MASK
        return _WORDS[(mixed >> 32) % len(_WORDS)]


class Reply(msgspec.Struct, frozen=True):
    """The answer of a model, piece by piece (a piece is a token); the first `thinking` pieces are its reasoning.

    `tool` is (name, arguments) of a call that replaces the text.
    """

    pieces: Sequence[str]
    reason: str
    thinking: int = 0
    tool: tuple[str, dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        """Return the answer without the reasoning."""
        return "" if self.tool else "".join(self.pieces[self.thinking :])

    @property
    def thoughts(self) -> str:
        """Return the reasoning."""
        return "".join(self.pieces[: self.thinking])


def identity(text: str) -> int:
    """Return a number that stands for a text (64 bits of BLAKE2b)."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def tokens_in(text: str) -> int:
    """Return an estimate of the tokens of a text: four characters each."""
    return max(1, (len(text) + 3) // 4)


def segments(role: str, text: str) -> tuple[Segment, ...]:
    """Split a message into segments, so that prompts with a common start share them."""
    blocks = [text[at : at + _BLOCK] for at in range(0, len(text), _BLOCK)] or [""]
    cut = [(identity(role + ":" + block), tokens_in(block)) for block in blocks]
    return ((cut[0][0], cut[0][1] + _MESSAGE_TOKENS), *cut[1:])


def words(seed: int, count: int) -> list[str]:
    """Return words with a leading space, one token each."""
    return list(Words(seed, count))


def natural_length(seed: int) -> int:
    """Return how many tokens an answer has without a limit."""
    return _NATURAL + seed % _SPREAD


def plain(seed: int, limit: int, *, ceiling: bool = False) -> Reply:
    """Return an answer in words.

    With a `limit` < 0 it has its natural length, else as many tokens as the limit, or fewer if that is a `ceiling`.
    """
    length = natural_length(seed)
    if limit >= 0 and (limit < length or not ceiling):
        return Reply(Words(seed, max(1, limit)), "length")
    return Reply((*Words(seed, length - 1), "."), "stop")


def structured(seed: int, limit: int, schema: dict[str, Any] | None) -> Reply:
    """Return an answer in JSON: an instance of the schema, or an object with one text."""
    value = instance_of(schema, seed) if schema else {"text": "".join(words(seed, 30)).strip()}
    document = json.dumps(value, ensure_ascii=False)
    pieces = [document[at : at + 4] for at in range(0, len(document), 4)]
    if 0 <= limit < len(pieces):
        return Reply(tuple(pieces[: max(1, limit)]), "length")
    return Reply(tuple(pieces), "stop")


def instance_of(schema: dict[str, Any], seed: int) -> Any:
    """Return a value that a JSON schema accepts (types, enum, const, required properties, the first of anyOf)."""
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    if schema.get("enum"):
        return schema["enum"][seed % len(schema["enum"])]
    for key in ("anyOf", "oneOf"):
        if schema.get(key):
            return instance_of(_resolve(schema, schema[key][0]), seed)
    if "$ref" in schema:
        return instance_of(_resolve(schema, schema), seed)
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = kind if isinstance(kind, str) else kind[0]
    if kind == "object":
        return _object(schema, seed)
    return _array(schema, seed) if kind == "array" else _scalar({**schema, "type": kind}, seed)


def _resolve(root: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    name = str(part.get("$ref", "")).rsplit("/", 1)[-1]
    definitions = root.get("$defs", {})
    found = definitions.get(name, part) if name else part
    return (
        {**found, "$defs": definitions}
        if definitions
        else {key: value for key, value in found.items() if key != "$ref"}
    )


def _object(schema: dict[str, Any], seed: int) -> dict[str, Any]:
    definitions = schema.get("$defs", {})
    return {
        name: instance_of({"$defs": definitions, **part} if definitions else part, seed + at)
        for at, (name, part) in enumerate(schema.get("properties", {}).items())
    }


def _array(schema: dict[str, Any], seed: int) -> list[Any]:
    items = schema.get("items", {"type": "string"})
    if "$defs" in schema:
        items = {"$defs": schema["$defs"], **items}
    return [instance_of(items, seed + at) for at in range(max(1, int(schema.get("minItems", 1))))]


def _scalar(schema: dict[str, Any], seed: int) -> Any:
    least = schema.get("minimum", 0)
    values = {"integer": int(least) + seed % 10, "number": float(least) + seed % 10 / 2, "boolean": seed % 2 == 0}
    kind = schema.get("type", "string")
    if kind == "null":
        return None
    return values.get(kind, "".join(words(seed, 2)).strip())


def vector(text: str, width: int) -> list[float]:
    """Return the unit vector of a text; equal texts have equal vectors, rounded as Ollama prints 32-bit floats."""
    state = identity(text) or 1
    raw = []
    for _ in range(width):
        state = (state * 6364136223846793005 + 1442695040888963407) & _MASK
        raw.append((state >> 11) / (1 << 53) - 0.5)
    norm = sqrt(sum(value * value for value in raw)) or 1.0
    return [round(value / norm, 9) for value in raw]


def shorten(values: list[float], width: int) -> list[float]:
    """Return the first `width` numbers of a vector, scaled to a unit vector."""
    part = values[:width]
    norm = sqrt(sum(value * value for value in part)) or 1.0
    return [round(value / norm, 9) for value in part]


def packed(values: list[float]) -> bytes:
    """Return a vector as little-endian 32-bit floats (OpenAI's base64 format)."""
    return pack(f"<{len(values)}f", *values)
