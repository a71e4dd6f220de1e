"""The grammar of unit files, as systemd reads them: systemd.syntax(7), and `conf-parser.c` of systemd 252.

Our own code because the libraries for INI files know neither its continuation of lines nor its quoting.
"""

import re
from collections.abc import Iterator, Mapping

import msgspec

_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " "}
_SAME = "\\\"'"
_CODES = (re.compile("x([0-9A-Fa-f]{2})"), re.compile("u([0-9A-Fa-f]{4})"), re.compile("U([0-9A-Fa-f]{8})"))
_OCTAL = re.compile("[0-3][0-7]{2}")
_BLANKS = " \t\n\r"
_BYTE_ORDER_MARK = "\ufeff"


class Entry(msgspec.Struct, frozen=True):
    """An assignment in a section, "" = before any. It is on the lines `first` to `last`, from 1."""

    section: str
    key: str
    value: str
    first: int
    last: int


class UnitFile(msgspec.Struct, frozen=True):
    """What a file says. `comments` are lines with the text behind the sign; `broken` are lines that are neither."""

    entries: tuple[Entry, ...]
    sections: tuple[str, ...]
    comments: tuple[tuple[int, str], ...]
    broken: tuple[int, ...]


class Split(msgspec.Struct, frozen=True):
    """The words of a value. `ok` is False where a quote is open or an escape unknown: the rest is left out."""

    words: tuple[str, ...]
    ok: bool = True


def parse(text: str) -> UnitFile:
    """Return what a unit file says."""
    entries, sections, comments, broken = list[Entry](), list[str](), list[tuple[int, str]](), list[int]()
    section, held, first = "", "", 0
    for number, raw in enumerate(text.removeprefix(_BYTE_ORDER_MARK).split("\n"), 1):
        line = raw.removesuffix("\r")
        stripped = line.strip(_BLANKS)
        if stripped[:1] in ("#", ";"):
            comments.append((number, stripped.lstrip("#;").strip()))
            continue
        first = first or number
        held += line
        if _goes_on(held):
            held = held[:-1] + " "
            continue
        whole, start, held, first = held.strip(_BLANKS), first, "", 0
        if whole.startswith("["):
            section = whole[1:-1] if whole.endswith("]") else ""
            sections.append(section)
            if not whole.endswith("]"):
                broken.append(start)
        elif "=" in whole:
            key, _, value = whole.partition("=")
            entries.append(Entry(section, key.strip(_BLANKS), value.strip(_BLANKS), start, number))
        elif whole:
            broken.append(start)
    return UnitFile(tuple(entries), tuple(sections), tuple(comments), tuple(broken))


def _goes_on(line: str) -> bool:
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def split(value: str, *, relaxed: bool = False) -> Split:
    """Return the words of a value, without quotes and escapes (`extract-word.c`); `relaxed` keeps unknown escapes."""
    words, at = list[str](), 0
    while True:
        while at < len(value) and value[at] in _BLANKS:
            at += 1
        if at >= len(value):
            return Split(tuple(words))
        found = _word(value, at, relaxed=relaxed)
        if found is None:
            return Split(tuple(words), ok=False)
        word, at = found
        words.append(word)


def _word(value: str, at: int, *, relaxed: bool) -> tuple[str, int] | None:
    word, quote = "", ""
    while at < len(value):
        sign = value[at]
        at += 1
        if sign == "\\":
            escaped = _escape(value, at)
            if escaped is None and not relaxed:
                return None
            text, at = escaped or ("\\" + value[at : at + 1], at + 1)
            word += text
        elif quote:
            quote, word = ("", word) if sign == quote else (quote, word + sign)
        elif sign in "\"'":
            quote = sign
        elif sign in _BLANKS:
            return word, at
        else:
            word += sign
    return (word, at) if not quote else None


def _escape(value: str, at: int) -> tuple[str, int] | None:
    """Return what an escape stands for, and where it ends; None = systemd knows none."""
    sign = value[at : at + 1]
    if sign and sign in _SAME:
        return sign, at + 1
    if sign in _SIMPLE:
        return _SIMPLE[sign], at + 1
    for pattern in _CODES:
        if found := pattern.match(value, at):
            code = int(found[1], 16)
            return (chr(code), found.end()) if 0 < code < 0x110000 else None
    if (octal := _OCTAL.match(value, at)) and (code := int(octal[0], 8)):
        return chr(code), octal.end()
    return None


def specified(word: str, values: Mapping[str, str]) -> str:
    """Return a word with its specifiers filled in, as `%h`; one that is not among `values` stays as it is."""
    return re.sub("%(.)", lambda found: "%" if found[1] == "%" else values.get(found[1], found[0]), word)


def comments_that_set(unit: UnitFile) -> Iterator[tuple[int, str, str]]:
    """Yield assignments that are commented out: the line, the key and the value."""
    for number, text in unit.comments:
        key, found, value = text.partition("=")
        if found and re.fullmatch("[A-Za-z]+", key.strip()):
            yield number, key.strip(), value.strip()
