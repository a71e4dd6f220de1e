"""Mistakes in unit files, of services and of containers: what systemd leaves out, and what it takes too literally."""

import re
from collections.abc import Iterator

from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.environment_kinds import taken
from ollama_panel.core.sources import codes, editing
from ollama_panel.core.sources.collecting import mistake
from ollama_panel.core.sources.machine import environment_text, unit_file
from ollama_panel.core.sources.machine.homes import is_unfilled
from ollama_panel.core.sources.machine.unit_file import Entry, UnitFile
from ollama_panel.core.sources.names import is_ollamas
from ollama_panel.core.sources.record import Mistake, TextFile

_WORD = r"\"[^\"]*\"|'[^']*'|[^\s\"']+"
_KEYS = ("Environment", "EnvironmentFile", "UnsetEnvironment")


def of_unit(file: TextFile, unit: UnitFile, section: str = "Service") -> Iterator[Mistake]:
    """Yield the mistakes of a unit file whose variables belong into a section."""
    entries = [entry for entry in unit.entries if entry.key in _KEYS]
    inside = [entry for entry in entries if entry.section == section]
    yield from _nothing_set(file, unit, inside)
    for entry in entries:
        if not _names(entry):
            continue
        if entry.section == "":
            yield _outside(file, entry, section)
        elif entry.section != section:
            yield _elsewhere(file, unit, entry, section)
    yield from _bare(file, unit, section)
    for entry in inside:
        if entry.key == "Environment":
            yield from _of_words(file, entry)


def _names(entry: Entry) -> tuple[str, ...]:
    """Return the variables of Ollama that an assignment sets, or is to set."""
    if entry.key != "Environment":
        return (entry.value,) if "ollama" in entry.value.lower() else ()
    found = (word.partition("=")[0].strip() for word in unit_file.split(entry.value, relaxed=True).words)
    return tuple(name for name in found if is_ollamas(name))


def _nothing_set(file: TextFile, unit: UnitFile, inside: list[Entry]) -> Iterator[Mistake]:
    """Name a file all of whose variables are commented out; a commented line beside others is no mistake."""
    if any(_names(entry) for entry in unit.entries if entry.key in _KEYS) or inside:
        return
    hidden = [(line, value) for line, key, value in unit_file.comments_that_set(unit) if key == "Environment"]
    names = [(line, _commented_name(value)) for line, value in hidden]
    theirs = [(line, name) for line, name in names if is_ollamas(name)]
    if not theirs:
        return
    lines = {line for line, _ in theirs}
    code, told = (
        (codes.COMMENTED_OUT, notice("source.commented_out", name=theirs[0][1]))
        if unit.sections
        else (codes.NOTHING_SET, notice("source.nothing_set", name=theirs[0][1]))
    )
    if not unit.sections:
        lines |= {line for line, text in unit.comments if re.fullmatch(r"\[\w+\]", text)}
    mended = file.text
    for line in sorted(lines):
        uncommented = re.sub(r"^\s*[#;]+\s*", "", editing.line_at(file.text, line))
        mended = editing.with_lines(mended, line, line, (uncommented,))
    yield mistake(code, told, file, theirs[0][0], name=theirs[0][1], mended=mended)


def _commented_name(value: str) -> str:
    return value.strip("\"' ").partition("=")[0].strip()


def _outside(file: TextFile, entry: Entry, section: str) -> Mistake:
    """Name an assignment before any section; the header that comes right before it mends all of them."""
    head = tuple(editing.lines_of(file.text)[entry.first - 1 : entry.last])
    mended = editing.with_lines(file.text, entry.first, entry.last, (f"[{section}]", *head))
    told = notice("source.outside_section", name=_names(entry)[0], section=section)
    return mistake(codes.OUTSIDE_SECTION, told, file, entry.first, name=_names(entry)[0], mended=mended)


def _elsewhere(file: TextFile, unit: UnitFile, entry: Entry, section: str) -> Mistake:
    """Name an assignment in a section in which it does nothing for the server."""
    lines = tuple(editing.lines_of(file.text)[entry.first - 1 : entry.last])
    told = notice("source.wrong_section", name=_names(entry)[0], given=entry.section, section=section)
    mended = _moved(file, unit, entry, section, lines)
    return mistake(codes.WRONG_SECTION, told, file, entry.first, name=_names(entry)[0], mended=mended)


def _moved(file: TextFile, unit: UnitFile, entry: Entry, section: str, lines: tuple[str, ...]) -> str:
    """Return the text with lines at the end of what its right section sets."""
    there = [one for one in unit.entries if one.section == section]
    if not there:
        longer = editing.appended(file.text, f"[{section}]", *lines)
        return editing.with_lines(longer, entry.first, entry.last, ())
    last = there[-1].last
    if last < entry.first:
        without = editing.with_lines(file.text, entry.first, entry.last, ())
        return editing.with_lines(without, last + 1, last, lines)
    longer = editing.with_lines(file.text, last + 1, last, lines)
    return editing.with_lines(longer, entry.first, entry.last, ())


def _bare(file: TextFile, unit: UnitFile, section: str) -> Iterator[Mistake]:
    """Name variables that are written as if they were keys of the unit: `OLLAMA_HOST=…` without `Environment=`."""
    for entry in unit.entries:
        name = entry.key.removeprefix("export ").strip()
        if entry.section == section and is_ollamas(name):
            new = f'Environment="{name}={entry.value.strip(chr(34))}"'
            mended = editing.with_lines(file.text, entry.first, entry.last, (new,))
            told = notice("source.without_key", name=name)
            yield mistake(codes.BAD_SYNTAX, told, file, entry.first, name=name, mended=mended)


def _of_words(file: TextFile, entry: Entry) -> Iterator[Mistake]:
    words = unit_file.split(entry.value).words
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        after = words[at + 1] if at + 1 < len(words) else ""
        if _has_blank(word, after) and is_ollamas(name.strip()):
            yield _with_blank(file, entry, name.strip())
        elif not equals or not environment_text.is_name(name):
            if name.startswith("export ") and equals and is_ollamas(name.split()[-1]):
                yield _exported(file, entry, name.split()[-1])
        else:
            yield from of_value(file, entry, name, value)


def _has_blank(word: str, after: str) -> bool:
    """Return whether an assignment has a blank at its sign: `"A = 4"`, `A = 4`, `A =4` or `A= 4`."""
    name, equals, value = word.partition("=")
    if equals and name != name.rstrip():
        return True
    if equals and value != value.lstrip():
        return True
    if not equals:
        return after.startswith("=")
    return value == "" and bool(after) and "=" not in after


def _with_blank(file: TextFile, entry: Entry, name: str) -> Mistake:
    line = editing.line_at(file.text, entry.first)
    new = re.sub(rf"\b{name}\s*=\s*", f"{name}=", line)
    mended = editing.with_lines(file.text, entry.first, entry.first, (new,))
    told = notice("source.blank_around_equals", name=name)
    return mistake(codes.BLANK_AROUND_EQUALS, told, file, entry.first, name=name, mended=mended)


def _exported(file: TextFile, entry: Entry, name: str) -> Mistake:
    new = re.sub(r"\bexport\s+", "", editing.line_at(file.text, entry.first))
    mended = editing.with_lines(file.text, entry.first, entry.first, (new,))
    told = notice("source.export_in_file", name=name)
    return mistake(codes.EXPORT_IN_ENVIRONMENT_FILE, told, file, entry.first, name=name, mended=mended)


def of_value(file: TextFile, entry: Entry, name: str, value: str) -> Iterator[Mistake]:
    """Yield what is wrong in a value that no shell reads: quotes that are a part of it, and what is not filled in."""
    if not is_ollamas(name):
        return
    line = editing.line_at(file.text, entry.first)
    if len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]:
        code = "source.quotes_taken_off" if taken(name, value) != value.strip() else "source.quotes_inside"
        new = _without_quotes(line, name, value)
        mended = editing.with_lines(file.text, entry.first, entry.first, (new,))
        told = notice(code, name=name, given=value)
        yield mistake(codes.QUOTES_INSIDE, told, file, entry.first, name=name, mended=mended)
    if is_unfilled(name, value):
        yield mistake(
            codes.NOT_EXPANDED, notice("source.not_filled_in", name=name, given=value), file, entry.first, name=name
        )


def _without_quotes(line: str, name: str, value: str) -> str:
    inner = value[1:-1]
    for written in (f"{name}={value}", f"{name}=\\{value[0]}{inner}\\{value[0]}"):
        if written in line:
            return line.replace(written, f"{name}={inner}", 1)
    return line


def without(file: TextFile, number: int, name: str) -> str | None:
    """Return the text without an assignment of `Environment=`: without its line if it is alone there."""
    line = editing.line_at(file.text, number)
    key, _, value = line.partition("=")
    if key.strip() != "Environment":
        return None
    words = re.findall(_WORD, value)
    rest = [word for word in re.findall(rf"(?:{_WORD})+", value) if not word.strip("\"'").startswith(f"{name}=")]
    if len(words) == len(rest):
        return None
    new = (f"{key}={' '.join(rest)}",) if rest else ()
    return editing.with_lines(file.text, number, number, new)
