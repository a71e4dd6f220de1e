"""The words of a Nix expression (Nix 2.24 `lexer.l`)."""

import re
from collections.abc import Iterator
from enum import Enum

import msgspec


class Kind(Enum):
    """What a word is. TEXT is a string, in whichever quotes; SIGN is an operator or a bracket."""

    NAME = "name"
    TEXT = "text"
    NUMBER = "number"
    PATH = "path"
    SIGN = "sign"


class Filling(msgspec.Struct, frozen=True):
    """`${…}` in a string: the expression as it is written."""

    written: str


class Word(msgspec.Struct, frozen=True):
    """A word on `line`, from `start` to `end` in the text. `parts` are those of a TEXT."""

    kind: Kind
    text: str
    line: int
    start: int
    end: int
    parts: tuple[str | Filling, ...] = ()


_PASSED = re.compile(r"(?:\s+|#[^\n]*|/\*.*?\*/)+", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:\.\d*)?(?:[eE][+-]?\d+)?(?![\w./-])|\d+(?=\s*[;\])}])")
_PATH = re.compile(r"(?:~|\.{1,2})?(?:/[\w.+-]+)+|<[\w./-]+>|[\w-]+://[^\s;\"']+")
_NAME = re.compile(r"[A-Za-z_][\w'-]*")
_SIGN = re.compile(r"\.\.\.|==|!=|<=|>=|&&|\|\||->|//|\+\+|\$\{|[{}\[\]().:;,=@?!<>+*/-]")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class BrokenError(Exception):
    """A text is no Nix expression, from `line` on."""

    def __init__(self, line: int) -> None:
        super().__init__(str(line))
        self.line = line


def words(text: str) -> Iterator[Word]:
    """Yield the words. Raises BrokenError where a string or a comment does not end."""
    at, line, counted = 0, 1, 0
    while at < len(text):
        if passed := _PASSED.match(text, at):
            at = passed.end()
            continue
        line, counted = line + text.count("\n", counted, at), at
        if text.startswith("/*", at):
            raise BrokenError(line)
        if text.startswith(('"', "''"), at):
            parts, end = _string(text, at, line)
            yield Word(Kind.TEXT, text[at:end], line, at, end, parts)
            at = end
            continue
        for kind, pattern in ((Kind.PATH, _PATH), (Kind.NUMBER, _NUMBER), (Kind.NAME, _NAME), (Kind.SIGN, _SIGN)):
            if found := pattern.match(text, at):
                yield Word(kind, found[0], line, at, found.end())
                at = found.end()
                break
        else:
            raise BrokenError(line)


def _string(text: str, start: int, line: int) -> tuple[tuple[str | Filling, ...], int]:
    """Return the parts of a string, and where it ends."""
    indented = text.startswith("''", start)
    at = start + (2 if indented else 1)
    parts, plain = list[str | Filling](), ""
    while at < len(text):
        if indented and text.startswith("''", at):
            if text.startswith("'''", at):
                plain, at = plain + "''", at + 3
            elif text.startswith("''$", at):
                plain, at = plain + "$", at + 3
            elif text.startswith("''\\", at):
                plain, at = plain + _ESCAPES.get(text[at + 3 : at + 4], text[at + 3 : at + 4]), at + 4
            else:
                return _outdented([*parts, plain]), at + 2
        elif not indented and text[at] == '"':
            return (*parts, plain), at + 1
        elif not indented and text[at] == "\\":
            plain, at = plain + _ESCAPES.get(text[at + 1 : at + 2], text[at + 1 : at + 2]), at + 2
        elif text.startswith("$$", at):
            plain, at = plain + "$$", at + 2
        elif text.startswith("${", at):
            end = _closing(text, at + 2, line)
            parts += [plain, Filling(text[at + 2 : end])]
            plain, at = "", end + 1
        else:
            plain, at = plain + text[at], at + 1
    raise BrokenError(line)


def _closing(text: str, at: int, line: int) -> int:
    depth = 1
    while at < len(text):
        if text.startswith(('"', "''"), at):
            _, at = _string(text, at, line)
            continue
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return at
        at += 1
    raise BrokenError(line)


def _outdented(parts: list[str | Filling]) -> tuple[str | Filling, ...]:
    """Return the parts of an indented string without a blank first line, and the indentation that its lines share."""
    if isinstance(parts[0], str):
        parts[0] = re.sub(r"\A *\n", "", parts[0])
    marked = "".join(part if isinstance(part, str) else "x" for part in parts)
    widths = [len(line) - len(line.lstrip(" ")) for line in marked.split("\n") if line.strip(" ")]
    width = min(widths, default=0)
    done, begins = list[str | Filling](), True
    for part in parts:
        if isinstance(part, str):
            lines = part.split("\n")
            cut = [line[width:] if number or begins else line for number, line in enumerate(lines)]
            done.append("\n".join(cut))
            begins = False
        else:
            done.append(part)
            begins = False
    if isinstance(done[-1], str):
        done[-1] = re.sub(r"\n +\Z", "\n", done[-1])
    return tuple(done)
