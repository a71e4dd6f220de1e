"""The values of a Nix expression, as far as they can be known without Nix: constants, sets, lists, and `let`.

What needs more, such as a function or another file, is an `Unknown` with what is written there.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TypeAlias

import msgspec

from ollama_panel.core.sources.filling import Room
from ollama_panel.core.sources.stacks.nix_words import BrokenError, Filling, Kind, Word, words

_DEEPEST = 60
_MOST_ATTRIBUTES = 10_000
"""Sets that hold each other twice double with each `let`."""
_SAME = ("mkDefault", "mkForce", "mkBefore", "mkAfter", "mkVMOverride", "escapeShellArg")
"""Functions of nixpkgs that change how much a value counts, not the value."""


class Text(msgspec.Struct, frozen=True):
    """A string, with where it stands; `plain`: it has nothing to fill in."""

    text: str
    word: Word


class Constant(msgspec.Struct, frozen=True):
    """A number, a boolean or null, as it is written."""

    text: str
    word: Word


class Unknown(msgspec.Struct, frozen=True):
    """What only Nix can evaluate, as it is written."""

    written: str
    word: Word


class Sequence(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple["Value", ...]
    word: Word


class Attributes(msgspec.Struct, frozen=True):
    """A set: its attributes in their order, each with its path."""

    pairs: tuple[tuple[tuple[str, ...], "Value"], ...]
    word: Word


Value: TypeAlias = Text | Constant | Unknown | Sequence | Attributes


def evaluated(text: str) -> Value:
    """Return the value of an expression. Raises BrokenError if it is none."""
    reader = _Reader(text)
    value = reader.expression({}, 0)
    if not reader.is_done:
        raise BrokenError(reader.line)
    return value


def flat(value: Value) -> Iterator[tuple[tuple[str, ...], Value]]:
    """Yield all attributes with their whole path, of which none is a set itself unless it is empty."""
    return islice(_flat(value, (), 0), _MOST_ATTRIBUTES)


def _flat(value: Value, path: tuple[str, ...], depth: int) -> Iterator[tuple[tuple[str, ...], Value]]:
    if isinstance(value, Attributes) and depth < _DEEPEST:
        if not value.pairs:
            yield path, value
        for inner, one in value.pairs:
            yield from _flat(one, (*path, *inner), depth + 1)
    else:
        yield path, value


class _Reader:
    """Reads an expression, one word after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = list(words(text))
        self._at = 0

    @property
    def is_done(self) -> bool:
        return self._at >= len(self._words)

    @property
    def line(self) -> int:
        return self._words[min(self._at, len(self._words) - 1)].line if self._words else 1

    def expression(self, known: Mapping[str, Value], depth: int) -> Value:
        """Read an expression to its end, which is a sign that closes what it is in."""
        if depth > _DEEPEST:
            raise BrokenError(self.line)
        start = self._word()
        self._skip_parameters()
        if self._takes("let"):
            inner = dict(known)
            for path, value in self._bindings("in", depth + 1, inner):
                if len(path) == 1:
                    inner[path[0]] = value
            return self.expression(inner, depth + 1)
        if self._takes("with") or self._takes("assert"):
            self.expression(known, depth + 1)
            self._require(";")
            return self.expression(known, depth + 1)
        parts = list[Value]()
        begin = self._at
        while not self.is_done and self._word().text not in (";", "}", "]", ")", ",", "in", "then", "else"):
            parts.append(self._operand(known, depth + 1))
        if not parts:
            raise BrokenError(start.line)
        if self._words[begin].text == "if":
            self._skip_branches(known, depth)
            return self._unknown(begin)
        return parts[0] if len(parts) == 1 else self._combined(parts, begin)

    def _combined(self, parts: list[Value], begin: int) -> Value:
        """Return what several operands make: a function of nixpkgs that leaves a value as it is, a union of sets."""
        first, last = parts[0], parts[-1]
        name = first.written.rpartition(".")[2] if isinstance(first, Unknown) else ""
        if name in _SAME and len(parts) == 2:
            return last
        if name == "mkOverride" and len(parts) == 3:
            return last
        if name == "toString" and len(parts) == 2 and isinstance(last, (Text, Constant)):
            return Text(last.text, last.word)
        signs = [one for one in parts[1::2] if isinstance(one, Unknown) and one.written == "//"]
        if len(parts) % 2 and len(signs) == len(parts) // 2:
            return self._united(parts[::2], begin)
        signs = [one for one in parts[1::2] if isinstance(one, Unknown) and one.written == "+"]
        texts = [one for one in parts[::2] if isinstance(one, Text)]
        room = Room()
        if len(parts) % 2 and len(signs) == len(parts) // 2 == len(texts) - 1 and all(room.has(t.text) for t in texts):
            return Text("".join(one.text for one in texts), first.word)
        return self._unknown(begin)

    def _united(self, parts: list[Value], begin: int) -> Value:
        sets = [one for one in parts if isinstance(one, Attributes)]
        if sum(len(one.pairs) for one in sets) > _MOST_ATTRIBUTES:
            return self._unknown(begin)
        others = [((), one) for one in parts if not isinstance(one, Attributes)]
        return Attributes((*others, *(pair for one in sets for pair in one.pairs)), parts[0].word)

    def _operand(self, known: Mapping[str, Value], depth: int) -> Value:
        word = self._next()
        if depth > _DEEPEST or word.text in ("}", "]", ")", ";"):
            raise BrokenError(word.line)
        if word.text == "rec":
            word = self._next()
        if word.text in ("{", "[", "("):
            return self._bracketed(word, known, depth)
        if word.kind is Kind.TEXT:
            return self._filled(word, known, depth)
        return self._constant(word) or self._named(word, known)

    def _bracketed(self, word: Word, known: Mapping[str, Value], depth: int) -> Value:
        if word.text == "{":
            return Attributes(tuple(self._bindings("}", depth, dict(known))), word)
        if word.text == "(":
            value = self.expression(known, depth + 1)
            self._require(")")
            return self._selected(word) if self._selects() else value
        items = list[Value]()
        while not self._takes("]"):
            items.append(self._operand(known, depth + 1))
        return Sequence(tuple(items), word)

    def _constant(self, word: Word) -> Constant | None:
        if word.text == "-" and not self.is_done and self._word().kind is Kind.NUMBER:
            number = self._next()
            return Constant(f"-{number.text}", msgspec.structs.replace(word, end=number.end))
        is_constant = word.kind is Kind.NUMBER or word.text in ("true", "false", "null")
        return Constant(word.text, word) if is_constant else None

    def _named(self, word: Word, known: Mapping[str, Value]) -> Value:
        if self._selects() or word.text not in known:
            return self._selected(word)
        return known[word.text]

    def _selects(self) -> bool:
        return not self.is_done and self._word().text == "."

    def _selected(self, word: Word) -> Unknown:
        """Return a name with what is selected from it."""
        end = word.end
        while self._takes("."):
            part = self._next()
            if part.text == "${":
                while self._next().text != "}":
                    pass
            end = self._words[self._at - 1].end
        return Unknown(self._text[word.start : end], word)

    def _filled(self, word: Word, known: Mapping[str, Value], depth: int) -> Value:
        text, room = "", Room()
        for part in word.parts:
            if isinstance(part, Filling):
                value = _Reader(part.written).expression(known, depth + 1) if part.written.strip() else None
                if not isinstance(value, Text) or not room.has(value.text):
                    return Unknown(word.text, word)
                text += value.text
            else:
                text += part
        return Text(text, word)

    def _bindings(self, end: str, depth: int, own: Mapping[str, Value]) -> Iterator[tuple[tuple[str, ...], Value]]:
        """Yield the bindings of a set or of `let` to its end. `own` are those that they may refer to."""
        while not self._takes(end):
            if self._takes("inherit"):
                while self._next().text != ";":
                    pass
                continue
            path = [self._name()]
            while self._takes("."):
                path.append(self._name())
            self._require("=")
            value = self.expression(own, depth + 1)
            self._require(";")
            yield tuple(path), value

    def _name(self) -> str:
        word = self._next()
        if word.kind is Kind.TEXT and all(isinstance(part, str) for part in word.parts):
            return "".join(part for part in word.parts if isinstance(part, str))
        if word.text == "${":
            start = word.start
            while self._next().text != "}":
                pass
            return self._text[start : self._words[self._at - 1].end]
        if word.kind is not Kind.NAME:
            raise BrokenError(word.line)
        return word.text

    def _skip_parameters(self) -> None:
        """Go past the parameters of functions: `x:`, `{ a, b ? c, ... }:`, `{ … } @ x:`."""
        while True:
            at = self._behind_pattern(self._at)
            if self._is_sign(at, "@"):
                at = self._behind_pattern(at + 1)
            if not self._is_sign(at, ":"):
                return
            self._at = at + 1

    def _behind_pattern(self, at: int) -> int:
        depth = 0
        while at < len(self._words):
            depth += {"{": 1, "}": -1}.get(self._words[at].text, 0)
            at += 1
            if depth <= 0:
                break
        return at

    def _is_sign(self, at: int, text: str) -> bool:
        return at < len(self._words) and self._words[at].text == text

    def _skip_branches(self, known: Mapping[str, Value], depth: int) -> None:
        for word in ("then", "else"):
            if self._takes(word):
                self.expression(known, depth + 1)

    def _unknown(self, begin: int) -> Unknown:
        first, last = self._words[begin], self._words[self._at - 1]
        return Unknown(self._text[first.start : last.end], first)

    def _word(self) -> Word:
        if self.is_done:
            raise BrokenError(self.line)
        return self._words[self._at]

    def _next(self) -> Word:
        word = self._word()
        self._at += 1
        return word

    def _takes(self, text: str) -> bool:
        if self.is_done or self._word().text != text:
            return False
        self._at += 1
        return True

    def _require(self, text: str) -> None:
        if not self._takes(text):
            raise BrokenError(self.line)
