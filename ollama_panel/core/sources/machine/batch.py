"""Batch files of Windows: `set` for what the file itself starts, `setx` for what is started later.

`set` takes all behind the sign, with blanks and quotes, unless the whole assignment is in quotes (`set /?`).
"""

import re
from collections.abc import Iterator, Mapping

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes, editing
from ollama_panel.core.sources.collecting import Collected, mistake
from ollama_panel.core.sources.filling import Room
from ollama_panel.core.sources.machine import windows_commands
from ollama_panel.core.sources.names import is_ollamas, is_setting
from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import Mistake, Place, Reading, ServerConfig, Source, TextFile

_PREFIX = re.compile(
    r"^(?:[@(\s]+|if\s+(?:/i\s+)?(?:not\s+)?(?:exist\s+\S+|defined\s+\S+|errorlevel\s+\d+|\S+\s*==\s*\S+)\s+|else\s+|call\s+)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"^(?:rem\b|::)", re.IGNORECASE)
_SET = re.compile(r"^set\s+(?P<rest>(?!/).*)$", re.IGNORECASE | re.DOTALL)
_VARIABLE = re.compile(r"%(?P<name>[A-Za-z_][\w()]*)%|!(?P<late>[A-Za-z_]\w*)!")


class Command(msgspec.Struct, frozen=True):
    """A command of a batch file, with blanks at its end, and its line."""

    text: str
    line: int


def read(source: Source) -> Reading:
    """Return what a batch file does for the server that it starts, or for those that are started later."""
    file = source.files[0]
    run = _Run(file)
    for command in commands_of(file.text):
        run.take(command)
    return run.reading(source)


def commands_of(text: str) -> Iterator[Command]:
    """Yield the commands: one on each line, or several with `&` between them; `^` lets a line go on."""
    held, first = "", 0
    for number, line in enumerate(editing.lines_of(text.removeprefix("\ufeff")), 1):
        held, first = held + line, first or number
        if line.endswith("^") and not line.endswith("^^"):
            held = held[:-1]
            continue
        for part in _parts(held):
            stripped = part.lstrip()
            while found := _PREFIX.match(stripped):
                stripped = stripped[found.end() :]
            if stripped.strip() and not _COMMENT.match(stripped):
                yield Command(stripped, first)
        held, first = "", 0


def _parts(line: str) -> list[str]:
    """Return a line at its `&` and `|` outside of quotes, without redirections and the escape `^`."""
    if _COMMENT.match(line.lstrip(" \t@")):
        return []
    parts, now, quoted, position = list[str](), "", False, 0
    while position < len(line):
        sign = line[position]
        quoted ^= sign == '"'
        if sign == "^" and not quoted:
            position += 1
            now += line[position : position + 1]
        elif sign in "&|" and not quoted:
            parts, now = [*parts, now], ""
        elif sign in "<>" and not quoted:
            rest = re.match(r"[<>]+&?\s*(?:\"[^\"]*\"|\S*)", line[position:])
            position += len(rest[0]) - 1 if rest else 0
            now = re.sub(r"\s[12]$", "", now)
        else:
            now += sign
        position += 1
    return [*parts, now]


class _Run:
    """What the commands so far have set."""

    def __init__(self, file: TextFile) -> None:
        self.file = file
        self.here = Collected()
        self.later = Collected()
        self.servers = list[ServerConfig]()
        self.mistakes = list[Mistake]()
        self.asks = False
        self._values = dict[str, str]()

    def take(self, command: Command) -> None:
        """Take a command."""
        text = _filled(command.text, self._values)
        place = at(self.file, command.line)
        if (found := _SET.match(text)) is not None:
            self._set(found["rest"], place)
            return
        words = windows_commands.words(text)
        if words and words[0].lower() in ("setx", "setx.exe"):
            self._setx(words[1:], place)
        elif (server := windows_commands.server(words)) is not None:
            variables = tuple(one for one in self.here.assignments if is_setting(one.name))
            self.servers.append(ServerConfig(assignments=variables, command=server))
        self.asks |= windows_commands.asks(words)

    def _set(self, rest: str, place: Place) -> None:
        quoted = rest.lstrip().startswith('"') and rest.count('"') > 1
        text = rest.strip()[1:].rpartition('"')[0] if quoted else rest.lstrip()
        name, equals, value = text.partition("=")
        if not equals:
            return
        if name != name.rstrip() and is_ollamas(name.strip()):
            line = editing.line_at(self.file.text, place.line)
            new = re.sub(rf"{re.escape(name.strip())}\s*=\s*", f"{name.strip()}=", line)
            mended = editing.with_lines(self.file.text, place.line, place.line, (new,))
            told = notice("source.blank_in_name", name=name.strip())
            self.mistakes.append(
                mistake(codes.BLANK_AROUND_EQUALS, told, self.file, place.line, name=name.strip(), mended=mended)
            )
            self.here.leave(name.strip(), value, place, notice("source.no_name", name=name))
            return
        self._values[name.upper()] = value
        if not value:
            self.here.drop(notice("source.taken_away"), {name})
        elif windows_commands.is_name(name):
            self.here.take(name, value, place)
            self.mistakes += self._quotes_inside(name, value, place)

    def _quotes_inside(self, name: str, value: str, place: Place) -> Iterator[Mistake]:
        """Name quotes that are a part of a value, unless Ollama takes them off."""
        if value.strip()[:1] != '"' or name.startswith("OLLAMA_") or not is_ollamas(name):
            return
        line = editing.line_at(self.file.text, place.line)
        inner = value.strip().strip('"')
        new = line.replace(f"{name}={value}", f"{name}={inner}")
        mended = editing.with_lines(self.file.text, place.line, place.line, (new,))
        told = notice("source.quotes_inside", name=name, given=value)
        yield mistake(codes.QUOTES_INSIDE, told, self.file, place.line, name=name, mended=mended)

    def _setx(self, words: tuple[str, ...], place: Place) -> None:
        plain = [word for word in words if not re.match(r"/[a-z]", word, re.IGNORECASE)]
        name, equals, value = plain[0].partition("=") if plain else ("", "", "")
        if equals and len(plain) == 1 and is_ollamas(name):
            line = editing.line_at(self.file.text, place.line)
            new = re.sub(rf"\"?{name}=(\"?)([^\"\s]*)\"?", rf'{name} "\2"', line)
            mended = editing.with_lines(self.file.text, place.line, place.line, (new,))
            told = notice("source.setx_equals", name=name, value=value)
            self.mistakes.append(mistake(codes.BAD_SYNTAX, told, self.file, place.line, name=name, mended=mended))
            self.later.leave(name, value, place, notice("source.no_name", name=plain[0]))
        elif len(plain) > 1 and is_ollamas(name):
            self.later.take(name, plain[1], place)

    def reading(self, source: Source) -> Reading:
        """Return what all of them come to."""
        return windows_commands.reading(source, self.here, self.later, self.servers, self.mistakes, asks=self.asks)


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with the variables that the file itself has set; others stay as they are written."""
    room = Room()

    def value(found: re.Match[str]) -> str:
        known = values.get((found["name"] or found["late"]).upper())
        return known if known is not None and room.has(known) else found[0]

    return _VARIABLE.sub(value, text)
