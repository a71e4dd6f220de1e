"""Files of variables: systemd's environment files, `.env` files, and the environment of a whole login."""

import re
from collections.abc import Sequence

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes, dotenv, editing
from ollama_panel.core.sources.collecting import Collected, mistake
from ollama_panel.core.sources.machine import environment_text
from ollama_panel.core.sources.machine.environment_text import Line
from ollama_panel.core.sources.machine.homes import home_of, is_unfilled
from ollama_panel.core.sources.names import is_clients, is_ollamas, is_servers_alone, is_setting
from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import Fate, Mistake, Reading, ServerConfig, Source, TextFile

_DOTENV = re.compile(r"(^|/)\.env(\.[^/]*)?$|(^|/)etc/environment$|(^|/)\.pam_environment$")
"""Files in which `export` and comments behind values are right: those of programs, and what PAM reads at each login
(Linux-PAM `pam_env.c`)."""
_HOMEBREW = re.compile(r"/\.homebrew/services/[^/]+\.env$")
_OF_EVERYONE = re.compile(r"(^|/)etc/environment$|(^|/)environment\.d/[^/]+\.conf$|(^|/)\.pam_environment$")
_COMMENT = re.compile(r"\s+#.*$", re.DOTALL)
_BYTE_ORDER_MARK = "\ufeff"
_HOME = re.compile(r"\$(HOME\b|\{HOME\})")


def read(source: Source) -> Reading:
    """Return what a file of variables sets for a server, or for a client if its names are those of one."""
    file = source.files[0]
    lines = _lines(file)
    names = {line.name.split()[-1] for line in lines if line.name.strip()}
    if any(is_clients(name) for name in names) and not _is_servers_file(file.path):
        return _of_client(source, lines)
    collected = Collected()
    wanted = is_ollamas if _OF_EVERYONE.search(file.path) or _DOTENV.search(file.path) else is_setting
    for line in lines:
        place, name = at(file, line.first), _without_mark(line.name).split()[-1] if line.name.strip() else ""
        if line.is_valid and wanted(name):
            collected.take(name, _with_home(file.path, line.value), place)
        elif not line.is_valid and is_ollamas(name):
            collected.leave(name, line.value, place, notice("source.no_name", name=line.name))
    found = () if _DOTENV.search(file.path) else tuple(mistakes_in_lines(file, lines))
    hidden = tuple(_all_commented(file)) if not collected.assignments else ()
    if not collected.assignments:
        return Reading(source.kind, source.path, mistakes=(*found, *hidden))
    server = ServerConfig(assignments=collected.assignments)
    return Reading(source.kind, source.path, (server,), (), found)


def _without_mark(text: str) -> str:
    """Return a text without the mark that editors of Windows begin files with; for systemd it is a part of the name."""
    return text.removeprefix(_BYTE_ORDER_MARK)


def _lines(file: TextFile) -> tuple[Line, ...]:
    if _HOMEBREW.search(file.path):
        return environment_text.of_homebrew(file.text)
    if _DOTENV.search(file.path):
        found = dotenv.of_compose(file)
        return tuple(
            Line(one.name, one.value, one.place.line, one.place.line) for one in found if one.value is not None
        )
    return environment_text.of_systemd(file.text)


def _is_servers_file(path: str) -> bool:
    """Return whether a path is that of a file which a service of Ollama reads."""
    return (
        re.search(r"(^|/)(default|sysconfig|conf\.d|environment\.d|ollama)/|ollama[^/]*\.(env|conf)$", path) is not None
    )


def _with_home(path: str, value: str) -> str:
    """Return a value with the home filled in where what reads the file does it (environment.d(5))."""
    home = home_of(path)
    return _HOME.sub(lambda _: home, value) if home and "/environment.d/" in path else value


def _of_client(source: Source, lines: Sequence[Line]) -> Reading:
    """Return the reading of a client's file: what only a server reads does nothing there."""
    file, collected = source.files[0], Collected()
    for line in lines:
        if is_ollamas(line.name):
            place = at(file, line.first)
            collected.leave(line.name, line.value, place, notice("source.client_only"), Fate.CLIENT)
    idle = [one for one in collected.assignments if is_servers_alone(one.name)]
    if not idle:
        return Reading(source.kind, source.path, (), collected.assignments)
    number = idle[0].place.line
    told = notice("source.client_side", names=tuple(one.name for one in idle))
    mended = editing.with_lines(file.text, number, number, ())
    found = mistake(codes.CLIENT_SIDE, told, file, number, name=idle[0].name, mended=mended)
    return Reading(source.kind, source.path, (), collected.assignments, (found,))


def mistakes_in_lines(file: TextFile, lines: Sequence[Line]) -> tuple[Mistake, ...]:
    """Return the mistakes in a file that systemd reads, which knows neither `export` nor comments behind a value."""
    found = list[Mistake]()
    for line in lines:
        words = _without_mark(line.name).split()
        name = words[-1] if words else ""
        if name == "Environment" and is_ollamas(line.value.partition("=")[0]):
            found.append(_line_of_unit(file, line))
        if not is_ollamas(name):
            continue
        if line.name.startswith(_BYTE_ORDER_MARK):
            told, mended = notice("source.byte_order_mark", name=name), _without_mark(file.text)
            found.append(mistake(codes.BAD_SYNTAX, told, file, line.first, name=name, mended=mended))
        if words[0] != name:
            known = words[0] == "export"
            code = codes.EXPORT_IN_ENVIRONMENT_FILE if known else codes.BAD_SYNTAX
            told = notice("source.export_in_file" if known else "source.words_before", name=name)
            text = editing.line_at(file.text, line.first)
            mended = editing.with_lines(file.text, line.first, line.first, (text[text.find(name) :],))
            found.append(mistake(code, told, file, line.first, name=name, mended=mended))
        if _is_swallowed(line):
            told = notice("source.open_quote", name=name)
            found.append(mistake(codes.BAD_SYNTAX, told, file, line.first, name=name))
        elif (comment := _COMMENT.search(line.value)) and not _is_quoted(file, line):
            told = notice("source.comment_in_value", name=name, given=line.value)
            text = editing.line_at(file.text, line.last)
            new = (text[: text.find(comment[0].strip())].rstrip(),)
            mended = editing.with_lines(file.text, line.last, line.last, new)
            found.append(mistake(codes.COMMENT_IN_VALUE, told, file, line.first, name=name, mended=mended))
        elif is_unfilled(name, line.value) and "/environment.d/" not in file.path:
            told = notice("source.not_filled_in", name=name, given=line.value)
            found.append(mistake(codes.NOT_EXPANDED, told, file, line.first, name=name))
    return tuple(found)


def _line_of_unit(file: TextFile, line: Line) -> Mistake:
    name, _, value = line.value.partition("=")
    mended = editing.with_lines(file.text, line.first, line.last, (f"{name}={value}",))
    return mistake(codes.BAD_SYNTAX, notice("source.not_a_unit", name=name), file, line.first, name=name, mended=mended)


def _is_swallowed(line: Line) -> bool:
    """Return whether a value goes on over lines that are assignments of their own: a quote was left open."""
    return any(re.match(r"[A-Z_][A-Z0-9_]*=", one) for one in line.value.split("\n")[1:])


def _is_quoted(file: TextFile, line: Line) -> bool:
    """Return whether a value is in quotes, in which a `#` is meant."""
    written = editing.line_at(file.text, line.first).partition("=")[2].strip()
    return written[:1] in ("'", '"') and written[-1:] == written[:1]


def _all_commented(file: TextFile) -> tuple[Mistake, ...]:
    """Name a file all of whose variables are commented out."""
    pattern = re.compile(r"\s*[#;]+\s*(?P<name>[A-Z_][A-Z0-9_]*)=\S")
    hidden = [
        (number, found["name"])
        for number, line in enumerate(editing.lines_of(file.text), 1)
        if (found := pattern.match(line)) and is_ollamas(found["name"])
    ]
    if not hidden:
        return ()
    mended = file.text
    for number, _ in hidden:
        new = re.sub(r"^\s*[#;]+\s*", "", editing.line_at(mended, number))
        mended = editing.with_lines(mended, number, number, (new,))
    told = notice("source.nothing_set", name=hidden[0][1])
    return (mistake(codes.NOTHING_SET, told, file, hidden[0][0], name=hidden[0][1], mended=mended),)
