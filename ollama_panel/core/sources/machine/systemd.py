"""Units of systemd and their drop-ins, with the environment files that they name.

What wins follows systemd.exec(5): `Environment=` in the order of the files, an empty one takes back all before it; the
variables of environment files overrule those, and `UnsetEnvironment=` takes away whatever is set.
"""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.sources import codes
from ollama_panel.core.sources.collecting import Collected, mistake
from ollama_panel.core.sources.machine import environment_text, unit_file, unit_mistakes
from ollama_panel.core.sources.machine.environment_file import mistakes_in_lines
from ollama_panel.core.sources.machine.homes import home_of
from ollama_panel.core.sources.machine.starting import Started, started, step_inside
from ollama_panel.core.sources.machine.unit_file import Entry, UnitFile
from ollama_panel.core.sources.names import is_ollamas, is_servers_alone, is_setting
from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import Fate, Mistake, Reading, ServerConfig, Source, TextFile

_UNIT = re.compile(r"(?P<unit>[^/]+\.service)(?:\.d/[^/]+\.conf)?$")
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


class _Unit(msgspec.Struct):
    """A unit in the making: its files, what they set, and what they start."""

    name: str
    files: tuple[tuple[TextFile, UnitFile], ...]
    specifiers: dict[str, str]
    scripts: dict[str, TextFile]
    mistakes: list[Mistake]
    user: bool

    def entries(self, key: str) -> list[tuple[TextFile, Entry]]:
        """Return the assignments of a key in [Service], in the order of the files."""
        found = ((file, entry) for file, unit in self.files for entry in unit.entries)
        return [(file, entry) for file, entry in found if (entry.section, entry.key) == ("Service", key)]

    def words(self, entry: Entry, *, relaxed: bool = False) -> tuple[str, ...]:
        """Return the words of an assignment with the specifiers filled in."""
        split = unit_file.split(entry.value, relaxed=relaxed)
        return tuple(unit_file.specified(word, self.specifiers) for word in split.words)


def unit_of(path: str) -> str:
    """Return the name of the unit that a file is, or that it is a drop-in of; "" = its path does not say."""
    found = _UNIT.search(path)
    return found["unit"] if found else ""


def read(source: Source) -> Reading:
    """Return what a unit with its drop-ins and environment files sets for its server.

    The first file may be what `systemctl cat` prints, which has all files of a unit with their paths.
    """
    source = _taken_apart(source)
    units = [file for file in source.files if _is_unit_file(file, source)]
    others = {file.path: file for file in source.files if file not in units}
    name = source.unit or unit_of(source.path)
    parsed = tuple((file, unit_file.parse(file.text)) for file in units)
    user = "/systemd/user/" in source.path
    unit = _Unit(name, parsed, _specifiers(name, source.path, user=user), others, [], user)
    unit.mistakes += [_unreadable(file) for file in source.files if file.problem is not None]
    if misplaced := _misplaced(source):
        return _not_read(source, unit, misplaced)
    start = _started(unit)
    collected = _collected(unit, others)
    if not _is_server(unit, start):
        return _of_other_program(source, unit, collected)
    if start is not None:
        file, entry = unit.entries("ExecStart")[-1]
        unit.mistakes += step_inside(start.command, collected, file, entry.first)
    unit.mistakes += [found for file, text in parsed for found in unit_mistakes.of_unit(file, text)]
    server = ServerConfig(
        _server_name(name),
        tuple(one for one in collected.assignments if is_setting(one.name)),
        start.command.words if start and start.command.serves else (),
        start.command.image if start else "",
    )
    return Reading(source.kind, source.path, (server,), (), _in_order(unit))


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
    return file is source.files[0] or unit_of(file.path) != "" or "/systemd/" in file.path


def _specifiers(unit: str, path: str, *, user: bool) -> dict[str, str]:
    """Return what specifiers stand for (systemd.unit(5)), as far as the unit alone tells it."""
    stem = unit.removesuffix(".service")
    prefix, _, instance = stem.partition("@")
    found = {
        "n": unit,
        "N": stem,
        "p": prefix,
        "i": instance,
        "I": instance.replace("-", "/"),
        "j": prefix.split("-")[-1],
    }
    if user:
        home = home_of(path) or ("~" if path.startswith("~") else "")
        return found | ({"h": home, "E": f"{home}/.config", "S": f"{home}/.local/state"} if home else {})
    of_system = {"h": "/root", "u": "root", "U": "0", "t": "/run", "S": "/var/lib", "C": "/var/cache", "L": "/var/log"}
    return found | of_system | {"E": "/etc", "s": "/bin/sh", "T": "/tmp", "V": "/var/tmp"}


def _server_name(unit: str) -> str:
    name = unit.removesuffix(".service")
    return "" if name == "ollama" else name


def _started(unit: _Unit) -> Started | None:
    """Return what the last ExecStart= starts; None if none of the files has one."""
    last = None
    for file, entry in unit.entries("ExecStart"):
        last = (file, entry) if entry.value else None
    if last is None:
        return None
    words = unit.words(last[1], relaxed=True)
    first = words[0].lstrip(_PREFIXES) if words else ""
    inside = (word.replace("$$", "$") for word in words[1:])
    return started((first, *inside), unit.scripts)


def _is_server(unit: _Unit, start: Started | None) -> bool:
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


def _collected(unit: _Unit, others: dict[str, TextFile]) -> Collected:
    collected = Collected()
    for file, entry in unit.entries("Environment"):
        place = at(file, entry.first)
        if not entry.value:
            collected.drop(notice("source.reset", path=file.path, line=entry.first))
            continue
        if not unit_file.split(entry.value).ok:
            unit.mistakes.append(
                mistake(codes.BAD_SYNTAX, notice("source.bad_syntax", given=entry.value), file, entry.first)
            )
        for word in unit.words(entry):
            name, equals, value = word.partition("=")
            if equals and environment_text.is_name(name):
                collected.take(name, value, place)
            elif equals and is_ollamas(name.strip()):
                collected.leave(name.strip(), value, place, notice("source.no_name", name=name))
    for file in _environment_files(unit, others):
        _add_file(unit, file, collected)
    for file, entry in unit.entries("UnsetEnvironment"):
        _unset(unit, entry, collected, notice("source.unset_by", path=file.path, line=entry.first))
    return collected


def _environment_files(unit: _Unit, others: dict[str, TextFile]) -> list[TextFile]:
    """Return the environment files that are read, in their order; an empty EnvironmentFile= takes back all before."""
    found = list[TextFile]()
    for file, entry in unit.entries("EnvironmentFile"):
        if not entry.value:
            found = []
            continue
        optional = entry.value.startswith("-")
        wanted = unit_file.specified(entry.value.removeprefix("-"), unit.specifiers)
        there = [one for path, one in others.items() if path == wanted or fnmatchcase(path, wanted)]
        found += [one for one in there if one.problem is None]
        if not there and not optional:
            told = notice("source.file_not_seen", path=wanted)
            unit.mistakes.append(mistake(codes.UNREADABLE_FILE, told, file, entry.first))
    return found


def _add_file(unit: _Unit, file: TextFile, collected: Collected) -> None:
    lines = environment_text.of_systemd(file.text)
    unit.mistakes += mistakes_in_lines(file, lines)
    for line in lines:
        place = at(file, line.first)
        if line.is_valid:
            collected.take(line.name, line.value, place)
        elif is_ollamas(line.name.split()[-1]):
            collected.leave(line.name.split()[-1], line.value, place, notice("source.no_name", name=line.name))


def _unset(unit: _Unit, entry: Entry, collected: Collected, why: Notice) -> None:
    current = collected.variables
    names = set[str]()
    for word in unit.words(entry):
        name, equals, value = word.partition("=")
        if not equals or current.get(name) == value:
            names.add(name)
    collected.drop(why, names)


def _of_other_program(source: Source, unit: _Unit, collected: Collected) -> Reading:
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


def _not_read(source: Source, unit: _Unit, misplaced: re.Match[str]) -> Reading:
    """Return the reading of a file that is not read; one that was put aside is no mistake."""
    collected = _collected(unit, {})
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


def _in_order(unit: _Unit) -> tuple[Mistake, ...]:
    """Return the mistakes in the order of files and lines."""
    paths = [file.path for file, _ in unit.files]
    return tuple(
        sorted(
            unit.mistakes,
            key=lambda one: (paths.index(one.place.path) if one.place.path in paths else len(paths), one.place.line),
        )
    )
