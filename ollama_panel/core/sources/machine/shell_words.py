"""The words of shell scripts: POSIX sh, with what bash and zsh add to its quoting.

Our own code because `shlex` forgets which parts of a word were quoted, which says what a shell fills in.
"""

import re
from collections.abc import Callable, Iterator
from enum import Enum
from math import prod

import msgspec

from ollama_panel.core.sources.filling import Room

_ENDS = "\n;&|()"
_KEYWORDS = frozenset(("if", "then", "elif", "else", "while", "until", "do", "!", "{", "time", "and", "or", "not"))
_CLOSING = frozenset(("fi", "done", "esac", "}", ";;"))
_ANSI = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_REDIRECTION = re.compile(r"(?:\d*|&)(?:<<<|<<-?|>>|>\||[<>]&?)[ \t]*")
_TILDE = re.compile(r"(?:(?<==)|(?<=:))~(?=/|$|:)")
_TILDE_FIRST = re.compile(r"(?:^|(?<==)|(?<=:))~(?=/|$|:)")
_ARITHMETIC = re.compile(r"\$\(\((?P<sum>[^()]*)\)\)")
_VARIABLE = re.compile(
    r"\$(?:(?P<name>[A-Za-z_]\w*|[0-9@*#?$!-])|\{(?P<long>[A-Za-z_]\w*|[0-9@*]+)(?P<how>:?[-=+?][^}]*)?\})"
)


class Quoting(Enum):
    """How a part of a word is quoted: not at all, in double quotes, or so that nothing is filled in."""

    NONE = "none"
    DOUBLE = "double"
    LITERAL = "literal"


class Part(msgspec.Struct, frozen=True):
    """A part of a word."""

    text: str
    quoting: Quoting


class Word(msgspec.Struct, frozen=True):
    """A word of a script as it is written, in its parts."""

    parts: tuple[Part, ...]

    @property
    def bare(self) -> str:
        """Its text without quotes, before anything is filled in."""
        return "".join(part.text for part in self.parts)

    @property
    def keyword(self) -> str:
        """Its text if no part of it is quoted, as keywords must be."""
        return self.bare if all(part.quoting is Quoting.NONE for part in self.parts) else ""


class Line(msgspec.Struct, frozen=True):
    """A simple command: its words, and the lines from `first` to `last` on which it is.

    `mark` is `do` where the body of a loop begins with it, and `done` at the end of one, which has no words.
    """

    words: tuple[Word, ...]
    first: int
    last: int
    mark: str = ""


class Filled(msgspec.Struct, frozen=True):
    """A word as a command gets it. `open`: something is left that only the shell knows, as `$(…)` or `$USER`.

    `unfilled`: it holds what looks like a variable or the home, but is quoted so that the shell does not fill it in.
    `computed`: a part of it is what a command prints.
    """

    text: str
    open: bool = False
    unfilled: bool = False
    computed: bool = False


class Scanner:
    """Takes a script apart into commands."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.line = 1
        self.documents = list[tuple[str, bool]]()

    def commands(self) -> Iterator[Line]:
        """Yield the simple commands, without keywords and redirections."""
        return (line for line in self.lines() if line.words)

    def lines(self) -> Iterator[Line]:
        """Yield the simple commands, and where loops end."""
        words, first = list[Word](), 1
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign in " \t":
                self.at += 1
            elif self._passed_over():
                continue
            elif sign in _ENDS:
                if words:
                    yield from _command(words, first, self.line)
                words = []
                self._forward(1)
                if sign == "\n":
                    self._skip_documents()
            else:
                first = first if words else self.line
                words.append(self._word())
        if words:
            yield from _command(words, first, self.line)

    def _forward(self, count: int) -> str:
        taken = self.text[self.at : self.at + count]
        self.line += taken.count("\n")
        self.at += count
        return taken

    def _skip_to(self, end: str) -> None:
        found = self.text.find(end, self.at)
        self._forward((found if found >= 0 else len(self.text)) - self.at)

    def _passed_over(self) -> bool:
        """Pass over what is no word: a comment, the end of a line that goes on, a redirection."""
        if self.text[self.at] == "#":
            self._skip_to("\n")
        elif self.text.startswith("\\\n", self.at):
            self._forward(2)
        elif self.text.startswith(("<(", ">("), self.at):
            self._forward(1)
        else:
            return self._redirection()
        return True

    def _redirection(self) -> bool:
        """Pass over a redirection with its target; the text of a here-document follows at the next line."""
        found = _REDIRECTION.match(self.text, self.at)
        if found is None:
            return False
        self._forward(len(found[0]))
        if self.at < len(self.text) and self.text[self.at] not in _ENDS:
            target = self._word()
            if "<<" in found[0] and "<<<" not in found[0]:
                self.documents.append((target.bare, "<<-" in found[0]))
        return True

    def _skip_documents(self) -> None:
        for end, tabs in self.documents:
            while self.at < len(self.text):
                start = self.at
                self._skip_to("\n")
                line = self.text[start : self.at]
                self._forward(1)
                if (line.lstrip("\t") if tabs else line) == end:
                    break
        self.documents = []

    def _word(self) -> Word:
        parts, plain = list[Part](), ""

        def close() -> None:
            nonlocal plain
            if plain:
                parts.append(Part(plain, Quoting.NONE))
            plain = ""

        while self.at < len(self.text) and self.text[self.at] not in " \t" + _ENDS + "<>":
            sign = self.text[self.at]
            if sign == "\\":
                escaped = self._forward(2)[1:]
                if escaped and escaped != "\n":
                    close()
                    parts.append(Part(escaped, Quoting.LITERAL))
            elif sign == "'" or self.text.startswith("$'", self.at):
                close()
                parts.append(self._single(dollar=sign == "$"))
            elif sign == '"':
                close()
                parts.extend(self._double())
            elif sign == "`" or self.text.startswith(("$(", "${"), self.at):
                plain += self._substitution()
            else:
                plain += self._forward(1)
        close()
        return Word(tuple(parts))

    def _single(self, *, dollar: bool) -> Part:
        self._forward(2 if dollar else 1)
        text = ""
        while self.at < len(self.text) and self.text[self.at] != "'":
            sign = self._forward(1)
            if dollar and sign == "\\":
                escaped = self._forward(1)
                text += _ANSI.get(escaped, escaped)
            else:
                text += sign
        self._forward(1)
        return Part(text, Quoting.LITERAL)

    def _double(self) -> Iterator[Part]:
        self._forward(1)
        text, any_part = "", False
        while self.at < len(self.text) and self.text[self.at] != '"':
            if self.text[self.at] == "\\":
                escaped = self._forward(2)[1:]
                if escaped and escaped in '"\\$`':
                    yield Part(text, Quoting.DOUBLE)
                    yield Part(escaped, Quoting.LITERAL)
                    text, any_part = "", True
                elif escaped != "\n":
                    text += f"\\{escaped}"
            elif self.text[self.at] == "`" or self.text.startswith(("$(", "${"), self.at):
                text += self._substitution()
            else:
                text += self._forward(1)
        self._forward(1)
        if text or not any_part:
            yield Part(text, Quoting.DOUBLE)

    def _substitution(self) -> str:
        """Return a command or parameter in the text as it is written; nested ones are a part of it."""
        if self.text[self.at] == "`":
            end = self.text.find("`", self.at + 1)
            return self._forward((end if end >= 0 else len(self.text)) + 1 - self.at)
        start, opening = self.at, self.text[self.at + 1]
        closing = {"(": ")", "{": "}"}[opening]
        depth, at = 0, self.at + 1
        while at < len(self.text):
            depth += (self.text[at] == opening) - (self.text[at] == closing)
            at += 1
            if depth == 0:
                break
        return self._forward(at - start)


def _command(words: list[Word], first: int, last: int) -> Iterator[Line]:
    mark = ""
    while words and words[0].keyword in _KEYWORDS:
        mark = "do" if words[0].keyword == "do" else mark
        words = words[1:]
    if words and words[0].keyword in _CLOSING:
        mark, words = "done" if words[0].keyword == "done" else mark, []
    if words or mark:
        yield Line(tuple(words), first, last, mark)


def filled(word: Word, known: Callable[[str], str | None], home: str) -> Filled:
    """Return a word as a command gets it. `known` gives the value of a variable, None = unknown; `home` "" = unknown.

    What is unknown stays as it is written.
    """
    text, is_open, unfilled, computed, begun = "", False, False, False, False
    for part in word.parts:
        if part.quoting is Quoting.LITERAL:
            text += part.text
            unfilled |= bool(re.search(r"\$\{?[A-Za-z_]", part.text)) or (not begun and part.text.startswith("~"))
        else:
            now = part.text
            starts = not begun or text.endswith("=")
            if part.quoting is Quoting.NONE:
                tilde = _TILDE_FIRST if starts else _TILDE
                is_open |= bool(tilde.search(now)) and not home
                now = tilde.sub(lambda _: home or "~", now)
            elif starts and now.startswith("~"):
                unfilled = True
            now, more = _substituted(now, known, home)
            is_open |= more
            computed |= "`" in part.text or "$(" in _ARITHMETIC.sub("", part.text)
            text += now
        begun = True
    return Filled(text, is_open, unfilled, computed)


def _substituted(text: str, known: Callable[[str], str | None], home: str) -> tuple[str, bool]:
    missing, room = False, Room()

    def value(found: re.Match[str]) -> str:
        nonlocal missing
        name, how = found["name"] or found["long"], found["how"] or ""
        value = home or None if name == "HOME" and known(name) is None else known(name)
        if how.lstrip(":")[:1] in ("-", "=") and not (value or (value is not None and not how.startswith(":"))):
            return how.lstrip(":")[1:]
        if how.lstrip(":")[:1] == "+":
            return how.lstrip(":")[1:] if value else ""
        if value is None or not room.has(value):
            missing = True
            return found[0]
        return value

    done = _ARITHMETIC.sub(lambda found: _computed(found, known), _VARIABLE.sub(value, text))
    return done, missing or "`" in done or "$(" in done


def _computed(found: re.Match[str], known: Callable[[str], str | None]) -> str:
    """Return the value of `$((…))` with whole numbers, `+`, `-` and `*`; the text itself if there is more in it."""
    terms = re.sub(r"[A-Za-z_]\w*", lambda name: known(name[0]) or name[0], found["sum"])
    if not re.fullmatch(r"\s*-?\d{1,9}(?:\s*[-+*]\s*\d{1,9})*\s*", terms):
        return found[0]
    products = re.findall(r"([-+]?)\s*(\d+(?:\s*\*\s*\d+)*)", terms)
    return str(sum((-1 if sign == "-" else 1) * prod(map(int, part.split("*"))) for sign, part in products))
