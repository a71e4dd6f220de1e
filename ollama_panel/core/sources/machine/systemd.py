"""Units of systemd and their drop-ins, with the environment files that they name.

`unit_environment` says what of it the command of a unit gets.
"""

import re
from collections.abc import Sequence

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes
from ollama_panel.core.sources.collecting import Collected, mistake
from ollama_panel.core.sources.machine import unit_environment, unit_mistakes
from ollama_panel.core.sources.machine.starting import Started, started, step_inside
from ollama_panel.core.sources.machine.unit_environment import MANAGER, Unit
from ollama_panel.core.sources.names import is_ollamas, is_servers_alone, is_setting
from ollama_panel.core.sources.record import Fate, Mistake, Reading, ServerConfig, Source, TextFile

_UNIT = re.compile(r"(?P<unit>[^/]+\.service)(?:\.d/[^/]+\.conf)?$")
_OF_UNITS = re.compile(r"/systemd/(?:system|user)/")
_PRINTED = re.compile(r"^# (?P<path>/\S+\.(?:service|conf))\n", re.MULTILINE)
"""What `systemctl cat` prints before each file."""
_MISPLACED = re.compile(r"/(?:(?P<folder>[^/]+)\.d/(?P<file>[^/]+)|(?P<alone>[^/]+\.conf[^/]*))$")
_SET_ASIDE = re.compile(r"(~|\.(bak|backup|old|orig|save|disabled|off|dpkg-\w+|rpm\w+|sw.))$", re.IGNORECASE)
"""How the names of files end that somebody, or an editor, has put aside."""
_SERVER_UNIT = re.compile(
    r"ollama(?:[-_@.]?(?:serve|server|service|gpu|cuda|rocm|worker|node|instance)?[-_@]?\w*)?", re.IGNORECASE
)
_NO_SERVER = re.compile(
    r"web-?ui|[-_]ui\b|proxy|exporter|bot|panel|client|pull|update|chat|litellm|watch", re.IGNORECASE
)
_PREFIXES = "-@:+!|"


def unit_of(path: str) -> str:
    """Return the name of the unit that a file is, or that it is a drop-in of; "" = its path does not say."""
    found = _UNIT.search(path)
    return found["unit"] if found else ""


def read(source: Source) -> Reading:
    """Return what a unit with its drop-ins and environment files sets for its server.

    The first file may be what `systemctl cat` prints, which has all files of a unit with their paths.
    """
    source = _taken_apart(source)
    unit = as_unit(source)
    unit.mistakes += [_unreadable(file) for file in source.files if file.problem is not None and file.path != MANAGER]
    if misplaced := _misplaced(source):
        return _not_read(source, unit, misplaced)
    start = _started(unit)
    collected = unit_environment.collected(unit)
    if not _is_server(unit, start):
        return _of_other_program(source, unit, collected)
    if start is not None:
        file, entry = unit.entries("ExecStart")[-1]
        unit.mistakes += step_inside(start.command, collected, file, entry.first)
    unit.mistakes += [found for file, text in unit.files for found in unit_mistakes.of_unit(file, text)]
    server = ServerConfig(
        _server_name(unit.name),
        tuple(one for one in collected.assignments if is_setting(one.name)),
        start.command.words if start and start.command.serves else (),
        start.command.image if start else "",
    )
    return Reading(source.kind, source.path, (server,), (), _in_order(unit))


def as_unit(source: Source, home: str = "") -> Unit:
    """Return the unit that the files of a source are; `home` is that of the user whose unit it may be, "" = unknown."""
    units = [file for file in source.files if _is_unit_file(file, source)]
    others = {file.path: file for file in source.files if file not in units}
    return unit_environment.made(source.unit or unit_of(source.path), units, others, source.path, home)


def _taken_apart(source: Source) -> Source:
    """Return a source with a file for each of those that `systemctl cat` prints one after the other."""
    first, *others = source.files
    heads = [] if unit_of(first.path) else list(_PRINTED.finditer(first.text))
    if not heads:
        return source
    ends = [*(head.start() for head in heads[1:]), len(first.text)]
    printed = (TextFile(head["path"], first.text[head.end() : end]) for head, end in zip(heads, ends, strict=True))
    return msgspec.structs.replace(source, files=(*printed, *others))


def _is_unit_file(file: TextFile, source: Source) -> bool:
    """Return whether a file is a unit or a drop-in, and not a file of variables or a script."""
    return file is source.files[0] or unit_of(file.path) != "" or _OF_UNITS.search(file.path) is not None


def _server_name(unit: str) -> str:
    name = unit.removesuffix(".service")
    return "" if name == "ollama" else name


def _started(unit: Unit) -> Started | None:
    """Return what the last ExecStart= starts; None if none of the files has one."""
    last = None
    for file, entry in unit.entries("ExecStart"):
        last = (file, entry) if entry.value else None
    if last is None:
        return None
    words = unit.words(last[1], relaxed=True)
    first = words[0].lstrip(_PREFIXES) if words else ""
    inside = (word.replace("$$", "$") for word in words[1:])
    return started((first, *inside), unit.others)


def _is_server(unit: Unit, start: Started | None) -> bool:
    if start is not None and start.command.serves:
        return True
    named = _is_server_name(unit.name)
    if start is None:
        return named
    command = start.command
    return named and not command.asks and not command.image and _may_be_script(command.words)


def _is_server_name(unit: str) -> bool:
    name = unit.removesuffix(".service")
    return not name or (_SERVER_UNIT.fullmatch(name) is not None and not _NO_SERVER.search(name))


def _may_be_script(words: Sequence[str]) -> bool:
    """Return whether a program may be a script that starts Ollama."""
    return any("ollama" in word.lower() or word.endswith(".sh") for word in words) or not words


def _of_other_program(source: Source, unit: Unit, collected: Collected) -> Reading:
    """Return the reading of the unit of another program, for which the server's variables do nothing."""
    collected.drop(notice("source.of_unit", unit=unit.name), fate=Fate.CLIENT)
    theirs = tuple(one for one in collected.assignments if is_ollamas(one.name))
    idle = [one for one in theirs if is_servers_alone(one.name) and one.fate is Fate.CLIENT]
    if not idle:
        return Reading(source.kind, source.path, (), theirs)
    file = next(file for file in source.files if file.path == idle[0].place.path)
    told = notice("source.wrong_unit", names=tuple(one.name for one in idle), unit=unit.name)
    mended = unit_mistakes.without(file, idle[0].place.line, idle[0].name)
    found = mistake(codes.WRONG_UNIT, told, file, idle[0].place.line, name=idle[0].name, mended=mended)
    return Reading(source.kind, source.path, (), theirs, (found,))


def _misplaced(source: Source) -> re.Match[str] | None:
    """Return the folder and the file of a drop-in that systemd does not read; None = it does."""
    if source.unit or unit_of(source.path) or "/systemd/" not in source.path:
        return None
    return _MISPLACED.search(source.path)


def _not_read(source: Source, unit: Unit, misplaced: re.Match[str]) -> Reading:
    """Return the reading of a file that is not read; one that was put aside is no mistake."""
    collected = unit_environment.collected(unit)
    collected.drop(notice("source.never_read"))
    theirs = tuple(one for one in collected.assignments if is_ollamas(one.name))
    file = misplaced["file"] or misplaced["alone"]
    if not theirs or _SET_ASIDE.search(file):
        return Reading(source.kind, source.path, (), theirs)
    folder = (misplaced["folder"] or "ollama").removesuffix(".service")
    wanted = f"{folder}.service.d/{file.partition('.conf')[0]}.conf"
    found = mistake(codes.WRONG_PLACE, notice("source.wrong_place", path=source.path, wanted=wanted), source.files[0])
    return Reading(source.kind, source.path, (), theirs, (found,))


def _unreadable(file: TextFile) -> Mistake:
    return mistake(codes.UNREADABLE_FILE, notice("source.unreadable", path=file.path, why=file.problem or ""), file)


def _in_order(unit: Unit) -> tuple[Mistake, ...]:
    """Return the mistakes in the order of files and lines."""
    paths = [file.path for file, _ in unit.files]
    return tuple(
        sorted(
            unit.mistakes,
            key=lambda one: (paths.index(one.place.path) if one.place.path in paths else len(paths), one.place.line),
        )
    )
