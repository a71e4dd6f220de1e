"""Scripts and settings of fish: `set -gx`, `set -Ux`, `env`, and the universal variables that it keeps in a file.

fish 3.6: a variable is exported only with `-x`, `set NAME=VALUE` sets a variable of another name, and in double quotes
variables are filled in, but not `~`.
"""

import re
from collections.abc import Sequence

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes, editing
from ollama_panel.core.sources.collecting import mistake
from ollama_panel.core.sources.machine import commands, shell
from ollama_panel.core.sources.machine.homes import home_of
from ollama_panel.core.sources.machine.shell_script import Happens, Step, computed_of, starts_service
from ollama_panel.core.sources.machine.shell_words import Filled, Part, Quoting, Word, filled
from ollama_panel.core.sources.names import is_ollamas
from ollama_panel.core.sources.record import Mistake, Reading, Source, TextFile

_KEYWORDS = frozenset(("and", "or", "not", "begin", "if", "else", "while", "time", "exec", "command", "builtin"))
_UNIVERSAL = re.compile(r"SETUVAR\s+(?P<flags>(?:--\S+\s+)*)(?P<name>\w+):(?P<value>.*)")
_HEXADECIMAL = re.compile(r"\\x([0-9a-fA-F]{2})")
_REDIRECTION = re.compile(r"(?:\d*|&)(?:>>|>|<)&?\S*")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b"}


class _Line(msgspec.Struct, frozen=True):
    words: tuple[Word, ...]
    first: int
    last: int


def read(source: Source) -> Reading:
    """Return what a script or the settings of fish do for servers that it starts, or that are started from it."""
    file = source.files[0]
    if "SETUVAR" in file.text:
        return shell.reading(source, _universal(file), ())
    runner = _Runner(file)
    for line in _lines(file.text):
        runner.take(line)
    return shell.reading(source, runner.steps, runner.mistakes)


def _universal(file: TextFile) -> list[Step]:
    """Return the steps of `fish_variables`, in which fish keeps universal variables."""
    steps = list[Step]()
    for number, line in enumerate(editing.lines_of(file.text), 1):
        if found := _UNIVERSAL.match(line):
            value = _HEXADECIMAL.sub(lambda code: chr(int(code[1], 16)), found["value"])
            steps.append(Step(Happens.SET, file, number, number, found["name"], value.replace("\x1e", " ")))
            if "--export" in found["flags"]:
                steps.append(Step(Happens.EXPORT, file, number, number, found["name"]))
    return steps


class _Runner:
    """Goes through the commands of a script in their order."""

    def __init__(self, file: TextFile) -> None:
        self.file = file
        self.steps = list[Step]()
        self.mistakes = list[Mistake]()
        self._values = dict[str, str]()
        self._home = home_of(file.path)

    def take(self, line: _Line) -> None:
        """Take a command."""
        words = [filled(word, self._values.get, self._home) for word in line.words]
        own = list[tuple[str, str, Filled]]()
        while words and (given := commands.assignment(words[0].text)):
            own.append((*given, words[0]))
            words = words[1:]
        if not words:
            return
        texts = [word.text for word in words]
        if texts[0] == "set":
            self._set(line, words[1:])
        elif texts[0] == "export":
            self._export(line, words[1:])
        else:
            self._run(line, texts, own)

    def _run(self, line: _Line, texts: Sequence[str], own: list[tuple[str, str, Filled]]) -> None:
        inner = commands.unwrapped(texts)
        at = (self.file, line.first, line.last)
        if inner.serves:
            before = tuple((name, value) for name, value, _ in own)
            self.steps.append(Step(Happens.STARTS, *at, command=inner, own=before, computed=computed_of(own)))
        elif inner.asks:
            self.steps.append(Step(Happens.ASKS, *at, command=inner))
        elif inner.words and starts_service(commands.program(inner.words[0]), inner.words[1:]):
            self.steps.append(Step(Happens.SERVICE, *at, command=inner))

    def _set(self, line: _Line, words: Sequence[Filled]) -> None:
        """Take `set`, with its options before the name: -x exports, -e takes away."""
        options, rest = list[str](), list(words)
        while rest and rest[0].text.startswith("-") and len(rest[0].text) > 1:
            options.append(rest.pop(0).text)
        short = "".join(option[1:] for option in options if not option.startswith("--"))
        if not rest or "q" in short or "n" in short:
            return
        name, at = rest[0].text, (self.file, line.first, line.last)
        exports = "x" in short or "--export" in options
        if "=" in name and len(rest) == 1 and is_ollamas(name.partition("=")[0]):
            self._with_sign(line, *name.split("=", 1))
        elif "e" in short or "--erase" in options:
            self.steps += [Step(Happens.UNSET, *at, one.text) for one in rest]
        else:
            self._assign(line, name, " ".join(one.text for one in rest[1:]), rest[1:], exports=exports)
            if "u" in short or "--unexport" in options:
                self.steps.append(Step(Happens.KEEP, *at, name))

    def _assign(self, line: _Line, name: str, value: str, words: Sequence[Filled], *, exports: bool) -> None:
        at = (self.file, line.first, line.last)
        self._values[name] = value
        unfilled = any(word.unfilled for word in words)
        computed = computed_of((name, value, word) for word in words)
        self.steps.append(Step(Happens.SET, *at, name, value, unfilled, computed=computed))
        if exports:
            self.steps.append(Step(Happens.EXPORT, *at, name))

    def _export(self, line: _Line, words: Sequence[Filled]) -> None:
        """Take `export NAME=VALUE`, which fish has for those who are used to it."""
        for word in words:
            if given := commands.assignment(word.text):
                self._assign(line, *given, [word], exports=True)

    def _with_sign(self, line: _Line, name: str, value: str) -> None:
        text = editing.line_at(self.file.text, line.first)
        new = re.sub(rf"\bset\b.*?\b{re.escape(name)}=", f"set -gx {name} ", text, count=1)
        mended = editing.with_lines(self.file.text, line.first, line.first, (new,)) if value else None
        told = notice("source.fish_equals", name=name)
        self.mistakes.append(mistake(codes.BAD_SYNTAX, told, self.file, line.first, name=name, mended=mended))


def _lines(text: str) -> list[_Line]:
    """Return the commands of a script (fish-doc, Quotes and Escaping)."""
    found, words, number, first, at = list[_Line](), list[Word](), 1, 1, 0
    while at <= len(text):
        sign = text[at : at + 1] or "\n"
        if sign in "\n;&|()" and not text.startswith("&>", at):
            words = _without_keywords(words)
            if words:
                found.append(_Line(tuple(words), first, number))
            words, number, at = [], number + (sign == "\n"), at + 1
        elif sign in " \t\r":
            at += 1
        elif text.startswith("\\\n", at):
            number, at = number + 1, at + 2
        elif sign == "#":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        elif redirection := _REDIRECTION.match(text, at):
            at = redirection.end()
        else:
            first = first if words else number
            word, end = _word(text, at)
            number, at = number + text.count("\n", at, end), end
            words.append(word)
    return found


def _without_keywords(words: list[Word]) -> list[Word]:
    while words and words[0].keyword in _KEYWORDS:
        words = words[1:]
    return words


def _word(text: str, at: int) -> tuple[Word, int]:
    parts, plain = list[Part](), ""
    while at < len(text) and text[at] not in " \t\r\n;&|<>()":
        sign = text[at]
        if sign not in "'\"\\":
            plain, at = plain + sign, at + 1
            continue
        if plain:
            parts.append(Part(plain, Quoting.NONE))
            plain = ""
        if sign == "\\":
            escaped = text[at + 1 : at + 2]
            parts.append(Part("" if escaped == "\n" else _ESCAPES.get(escaped, escaped), Quoting.LITERAL))
            at += 2
        else:
            part, at = _quoted(text, at, sign)
            parts += part
    if plain:
        parts.append(Part(plain, Quoting.NONE))
    return Word(tuple(parts)), max(at, 1)


def _quoted(text: str, at: int, quote: str) -> tuple[list[Part], int]:
    """Return a quoted part: only the quote and the backslash are escaped in it, and in double quotes the dollar."""
    special, how = ("\\'", Quoting.LITERAL) if quote == "'" else ('\\"$\n', Quoting.DOUBLE)
    parts, now, at = list[Part](), "", at + 1
    while at < len(text) and text[at] != quote:
        if text[at] == "\\" and text[at + 1 : at + 2] and text[at + 1] in special:
            parts += [Part(now, how), Part(text[at + 1].strip("\n"), Quoting.LITERAL)]
            now, at = "", at + 2
        else:
            now, at = now + text[at], at + 1
    return [*parts, Part(now, how)], at + 1
