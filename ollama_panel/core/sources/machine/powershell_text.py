"""The words of PowerShell scripts (about_Quoting_Rules, about_Parsing), as far as they set variables and start Ollama.

Our own code: no library for Python reads PowerShell.
"""

import re
from collections.abc import Callable, Iterator
from enum import Enum

import msgspec

from ollama_panel.core.sources.filling import Room

_SINGLE, _DOUBLE = "'\u2018\u2019\u201a\u201b", '"\u201c\u201d\u201e'
_SIGNS = "{}()[],;|&@"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b"}
_WORD = re.compile(
    r"\$\{[^}]*\}|\$[\w:]+|[^\s{}()\[\],;|&@=#`'\"\u2018-\u201f][^\s{}()\[\],;|&=`'\"\u2018-\u201f]*|[#=`]"
)
_HERE = re.compile(r"@(?P<quote>['\"])[ \t]*\n(?P<text>.*?)\n(?P=quote)@", re.DOTALL)
_VARIABLE = re.compile(r"\$(?:\{(?P<long>[^}]+)\}|(?P<name>\w+(?::\w+)?))")


class Kind(Enum):
    """What a token is: a word, a text in quotes, a sign, or the end of a statement."""

    WORD = "word"
    TEXT = "text"
    SIGN = "sign"
    END = "end"


class Token(msgspec.Struct, frozen=True):
    """A token on a line; of a text in double quotes `fills` says that variables are filled in."""

    kind: Kind
    text: str
    line: int
    fills: bool = False


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a script; a line end within brackets is no end of a statement."""
    text, position, line = text.removeprefix("\ufeff").replace("\r\n", "\n"), 0, 1
    while position < len(text):
        start = position
        sign = text[position]
        if sign == "\n":
            yield Token(Kind.END, "\n", line)
            position += 1
        elif sign in " \t" or text.startswith("`\n", position):
            position += 1 if sign != "`" else 2
        elif text.startswith("<#", position):
            end = text.find("#>", position)
            position = len(text) if end < 0 else end + 2
        elif sign == "#":
            end = text.find("\n", position)
            position = len(text) if end < 0 else end
        else:
            token, position = _token(text, position, line)
            yield token
        line += text.count("\n", start, position)


def _token(text: str, position: int, line: int) -> tuple[Token, int]:
    sign = text[position]
    if here := _HERE.match(text, position):
        return Token(Kind.TEXT, here["text"], line, here["quote"] == '"'), here.end()
    if sign in _SINGLE:
        value, end = _quoted(text, position, _SINGLE, "")
        return Token(Kind.TEXT, value, line), end
    if sign in _DOUBLE:
        value, end = _quoted(text, position, _DOUBLE, "`")
        return Token(Kind.TEXT, value, line, fills=True), end
    if sign in _SIGNS:
        return Token(Kind.END if sign in ";|" else Kind.SIGN, sign, line), position + 1
    found = _WORD.match(text, position)
    word = found[0] if found else sign
    return Token(Kind.SIGN if word == "=" else Kind.WORD, word, line), position + len(word)


_KEPT_DOLLAR = "\x00"
"""What stands for a dollar sign with a backtick before it until variables are filled in."""


def _quoted(text: str, position: int, quotes: str, escape: str) -> tuple[str, int]:
    value, at = "", position + 1
    while at < len(text):
        sign = text[at]
        if sign in quotes:
            if text[at + 1 : at + 2] and text[at + 1] in quotes:
                value, at = value + text[at + 1], at + 2
                continue
            return value, at + 1
        if sign == escape:
            escaped = text[at + 1 : at + 2]
            value += _KEPT_DOLLAR if escaped == "$" else _ESCAPES.get(escaped, escaped)
            at += 2
            continue
        value, at = value + sign, at + 1
    return value, at


def filled(token: Token, known: Callable[[str], str | None]) -> str:
    """Return a text with the variables that are `known` filled in; others stay as they are written."""
    if token.kind is Kind.TEXT and not token.fills:
        return token.text

    room = Room()

    def value(found: re.Match[str]) -> str:
        result = known((found["long"] or found["name"]).lower())
        return result if result is not None and room.has(result) else found[0]

    return _VARIABLE.sub(value, token.text).replace(_KEPT_DOLLAR, "$")


def statements(text: str) -> Iterator[list[Token]]:
    """Yield the tokens of each statement; a block in braces has statements of its own."""
    now, depth = list[Token](), 0
    for token in tokens(text):
        depth += (token.text in ("(", "[")) - (token.text in (")", "]")) if token.kind is Kind.SIGN else 0
        ends = token.kind is Kind.END and (depth <= 0 or token.text != "\n")
        braces = token.kind is Kind.SIGN and token.text in "{}"
        if ends or braces:
            if now:
                yield now
            now, depth = [], 0
            if braces:
                yield [token]
        elif token.kind is not Kind.END:
            now.append(token)
    if now:
        yield now
