"""The colours of an exported text by its grammar, as Pygments reads it; three grammars that it lacks are told here."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pygments import token
from pygments.lexers import get_lexer_by_name

from ollama_panel.core.export.deployment import Syntax

HEAD, NAME, VALUE, COMMENT = "warn", "info", "ok", "muted"
"""What a word is, as the token of its colour: the head of a section, a name, a value, a comment."""


class Span(NamedTuple):
    """Some letters of a text with one colour: where they begin, how many they are, and the colour's token."""

    start: int
    length: int
    tone: str


_TONES = (
    (token.Comment, COMMENT),
    (token.Literal, VALUE),
    (token.Keyword.Constant, VALUE),
    (token.Name.Constant, NAME),
    (token.Keyword, NAME),
    (token.Name.Tag, NAME),
    (token.Name.Variable, NAME),
    (token.Name.Builtin, NAME),
    (token.Name.Function, NAME),
    (token.Name.Decorator, NAME),
)
_INI = ((token.Keyword, HEAD), (token.Name.Attribute, ""), *_TONES)
"""Sections stand out; a key is as plain as the text, for the names that count are in the values."""
_NIX = ((token.Literal.String.Symbol, NAME), (token.Literal.String.Escape, VALUE), *_TONES)
_VARIABLE = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]*_[A-Z0-9_]+(?==)", re.ASCII)
"""A variable that is set within a value, such as a unit's `Environment="A_B=1"`."""

_QUOTED = r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'"
_OWN = {
    Syntax.HAPROXY: re.compile(
        rf"(?P<muted>(?<![^\s])\#.*)|(?P<warn>^[a-z][\w-]*\b)|(?P<info>^[ \t]+[a-z][\w.-]*)|(?P<ok>{_QUOTED}|"
        r"(?<![\w.:/-])\d+[a-z]*(?![\w.:/-]))",
        re.MULTILINE,
    ),
    Syntax.ENV: re.compile(r"(?P<muted>^[ \t]*\#.*)|(?P<info>^[A-Za-z_]\w*(?==))|(?P<ok>(?<==).+)", re.MULTILINE),
    Syntax.MODELFILE: re.compile(
        rf"(?P<muted>^[ \t]*\#.*)|(?P<info>^[A-Z]+\b)|(?P<ok>\"\"\"[\s\S]*?\"\"\"|{_QUOTED}|(?<=\s)-?\d[\d.]*$)",
        re.MULTILINE,
    ),
}
"""What Pygments has no lexer for."""


@lru_cache(maxsize=8)
def spans(text: str, syntax: Syntax) -> tuple[Span, ...]:
    """Return the coloured parts of a text, in order; what is between them has the colour of the text."""
    return tuple(_refined(text, _of_lexer(text, syntax) if syntax not in _OWN else _own(text, syntax)))


def _own(text: str, syntax: Syntax) -> Iterator[Span]:
    for found in _OWN[syntax].finditer(text):
        if found.lastgroup is not None:
            yield Span(found.start(), found.end() - found.start(), found.lastgroup)


def _of_lexer(text: str, syntax: Syntax) -> Iterator[Span]:
    tones = {Syntax.INI: _INI, Syntax.NIX: _NIX}.get(syntax, _TONES)
    lexer = get_lexer_by_name(syntax.value)
    for start, kind, word in lexer.get_tokens_unprocessed(text):
        tone = next((tone for known, tone in tones if kind in known), "")
        if tone and word.strip():
            yield Span(start, len(word), tone)


def _refined(text: str, found: Iterator[Span]) -> Iterator[Span]:
    """Yield the spans, and after a value those of the variables that are set in it."""
    for span in found:
        yield span
        if span.tone == VALUE:
            for name in _VARIABLE.finditer(text, span.start, span.start + span.length):
                yield Span(name.start(), name.end() - name.start(), NAME)
                yield Span(name.end(), 1, "")
