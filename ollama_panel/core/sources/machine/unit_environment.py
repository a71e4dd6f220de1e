"""The variables that a unit of systemd gives its command, and the environment files that it names.

The order is that of systemd.exec(5), `exec-invoke.c`: `PassEnvironment=`, `Environment=`, the environment files, and
`UnsetEnvironment=` takes away whatever is set; an empty assignment takes back those of its own key.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.environment_kinds import PREFIXES
from ollama_panel.core.sources import codes, editing
from ollama_panel.core.sources.collecting import Collected, mistake
from ollama_panel.core.sources.machine import environment_text, unit_file
from ollama_panel.core.sources.machine.environment_file import mistakes_in_lines
from ollama_panel.core.sources.machine.homes import home_of
from ollama_panel.core.sources.machine.unit_file import Entry, UnitFile
from ollama_panel.core.sources.names import is_ollamas
from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import Mistake, TextFile

MANAGER = "/proc/1/environ"
"""The variables of the system's manager itself, process 1, which `PassEnvironment=` passes on."""
_OPEN = re.compile("%[^%]")
"""A specifier that nothing is known for."""
_OF_INSTANCE = re.compile("%[iI]")
_CURLY = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\uff02"
"""Quotes of text programs, which are none for systemd."""
_GLOB = re.compile(r"[*?\[\\]")


class Unit(msgspec.Struct):
    """A unit in the making: its files, what they set, and what they start. `others` are files by their paths."""

    name: str
    files: tuple[tuple[TextFile, UnitFile], ...]
    specifiers: Mapping[str, str]
    others: Mapping[str, TextFile]
    mistakes: list[Mistake]
    user: bool

    def entries(self, key: str) -> list[tuple[TextFile, Entry]]:
        """Return the assignments of a key in [Service], in the order of the files."""
        found = ((file, entry) for file, unit in self.files for entry in unit.entries)
        return [(file, entry) for file, entry in found if (entry.section, entry.key) == ("Service", key)]

    def standing(self, key: str) -> list[tuple[TextFile, Entry]]:
        """Return those of a key that no empty assignment takes back."""
        found = list[tuple[TextFile, Entry]]()
        for file, entry in self.entries(key):
            found = [*found, (file, entry)] if entry.value else []
        return found

    def words(self, entry: Entry, *, relaxed: bool = False) -> tuple[str, ...]:
        """Return the words of an assignment with the specifiers filled in."""
        split = unit_file.split(entry.value, relaxed=relaxed)
        return tuple(unit_file.specified(word, self.specifiers) for word in split.words)


def made(name: str, files: Iterable[TextFile], others: Mapping[str, TextFile], path: str, home: str = "") -> Unit:
    """Return a unit of files; `path` is the first one's, `home` that of the user whose unit it may be, "" = unknown."""
    user = "/systemd/user/" in path
    parsed = tuple((file, unit_file.parse(file.text)) for file in files)
    return Unit(name, parsed, specifiers(name, path, home, user=user), others, [], user)


def specifiers(unit: str, path: str, home: str = "", *, user: bool) -> dict[str, str]:
    """Return what specifiers stand for (systemd.unit(5)), as far as the unit alone tells it."""
    stem = unit.removesuffix(".service")
    prefix, _, instance = stem.partition("@")
    found = {"n": unit, "N": stem, "p": prefix, "j": prefix.split("-")[-1]}
    if not stem.endswith("@"):  # of a template nobody knows the instance
        found |= {"i": instance, "I": instance.replace("-", "/")}
    if user:
        home = home_of(path) or ("~" if path.startswith("~") else home)
        return found | ({"h": home, "E": f"{home}/.config", "S": f"{home}/.local/state"} if home else {})
    of_system = {"h": "/root", "u": "root", "U": "0", "t": "/run", "S": "/var/lib", "C": "/var/cache", "L": "/var/log"}
    return found | of_system | {"E": "/etc", "s": "/bin/sh", "T": "/tmp", "V": "/var/tmp"}


class FileNamed(msgspec.Struct, frozen=True):
    """What a unit names with `EnvironmentFile=` in a line of a file: a path, or a pattern as glob(7) has it.

    `optional`: it is well if there is none.
    """

    path: str
    optional: bool
    file: TextFile
    line: int

    @property
    def is_open(self) -> bool:
        """Whether a specifier in it is unknown, so that nobody can say which files are meant."""
        return _OPEN.search(self.path) is not None

    @property
    def is_pattern(self) -> bool:
        """Whether it may stand for several files."""
        return _GLOB.search(self.path) is not None

    def among(self, paths: Iterable[str]) -> list[str]:
        """Return those of some paths that are meant, in the order in which systemd reads them."""
        if not (self.is_pattern or self.is_open):
            return [path for path in paths if path == self.path]
        fits = re.compile(_expression(self.path), re.DOTALL)
        return sorted((path for path in paths if fits.fullmatch(path)), key=str.encode)


def _expression(pattern: str) -> str:
    """Return a pattern of glob(3) as a regular expression: no wildcard stands for a slash, or for a dot in front."""
    parts = list[str]()
    for found in re.finditer(r"%[^%]|\\.|\[[!^]?\]?[^]]*\]|.", pattern, re.DOTALL):
        sign, is_first = found[0], pattern[: found.start()].endswith("/")
        hidden = r"(?!\.)" if is_first else ""
        if len(sign) == 2 and sign[0] == "%":
            parts.append(".*")
        elif sign == "*":
            parts.append(hidden + "[^/]*")
        elif sign == "?":
            parts.append(hidden + "[^/]")
        elif len(sign) > 2 and sign[0] == "[":
            inner = sign[1:-1].replace("\\", "\\\\").replace("[", "\\[")
            parts.append(f"{hidden}[{'^/' + inner[1:] if inner[0] in '!^' else inner}]")
        else:
            parts.append(re.escape(sign[1:] if len(sign) == 2 and sign[0] == "\\" else sign))
    return "".join(parts)


def environment_files(unit: Unit) -> Iterator[FileNamed]:
    """Yield the files that a unit names, in their order; systemd leaves out those whose path is not absolute."""
    for file, entry in unit.standing("EnvironmentFile"):
        path = unit_file.specified(entry.value.removeprefix("-"), unit.specifiers)
        if _is_absolute(path):
            yield FileNamed(path, entry.value.startswith("-"), file, entry.first)


def _is_absolute(path: str) -> bool:
    """Return whether a path is one of systemd's, which may begin with a specifier that is unknown here."""
    return path.startswith("/") or _OPEN.match(path) is not None


def passed_on(unit: Unit) -> dict[str, tuple[TextFile, Entry]]:
    """Return the variables of the system's manager that a unit passes on, with the lines that say so.

    A user's manager passes on all that it has.
    """
    if unit.user:
        return {}
    found = ((file, entry, word) for file, entry in unit.standing("PassEnvironment") for word in unit.words(entry))
    return {name: (file, entry) for file, entry, name in found if environment_text.is_name(name)}


def of_manager(text: str, names: Iterable[str]) -> str:
    """Return what the environment of a process says of some variables, and nothing else of it."""
    wanted = tuple(f"{name}=" for name in names)
    return "\0".join(one for one in text.split("\0") if one.startswith(wanted))


def collected(unit: Unit) -> Collected:
    """Return what the command of a unit gets, and add the mistakes to it."""
    found = Collected()
    lines, standing = unit.entries("Environment"), unit.standing("Environment")
    for file, entry in lines[: len(lines) - len(standing)]:
        if entry.value:
            _set(unit, file, entry, found)
        else:
            found.drop(notice("source.reset", path=file.path, line=entry.first))
    _pass_on(unit, found)
    for file, entry in standing:
        _set(unit, file, entry, found)
    for file in _files_read(unit):
        _add_file(unit, file, found)
    _tell_lost(unit, found)
    for file, entry in unit.standing("UnsetEnvironment"):
        _unset(unit, file, entry, found)
    return found


def _set(unit: Unit, file: TextFile, entry: Entry, found: Collected) -> None:
    place = at(file, entry.first)
    if not unit_file.split(entry.value).ok:
        told = notice("source.bad_syntax", given=entry.value)
        unit.mistakes.append(mistake(codes.BAD_SYNTAX, told, file, entry.first))
    for word in unit.words(entry):
        name, equals, value = word.partition("=")
        if equals and environment_text.is_name(name):
            if _OF_INSTANCE.search(value) and unit.name.endswith("@.service"):
                found.leave(name, value, place, notice("source.of_instance"))
            else:
                found.take(name, value, place)
        elif equals and is_ollamas(name.strip()):
            found.leave(name.strip(), value, place, notice("source.no_name", name=name))
        elif equals and is_ollamas(bare := name.strip(_CURLY)):
            found.leave(bare, value, place, notice("source.no_name", name=name))
            told = notice("source.curly_quotes", name=bare)
            mended = editing.with_lines(file.text, entry.first, entry.last, (f"Environment={_straight(entry.value)}",))
            unit.mistakes.append(mistake(codes.BAD_SYNTAX, told, file, entry.first, name=bare, mended=mended))


def _straight(value: str) -> str:
    return re.sub(f"[{_CURLY}]", '"', value)


def _pass_on(unit: Unit, found: Collected) -> None:
    manager = unit.others.get(MANAGER)
    known = None if manager is None or manager.problem is not None else manager.text
    variables = dict(one.split("=", 1) for one in (known or "").split("\0") if "=" in one)
    for name, (file, entry) in passed_on(unit).items():
        place = at(file, entry.first)
        if name in variables:
            found.take(name, variables[name], place)
        elif known is None:
            found.leave(name, "", place, notice("source.manager_not_seen"))
        else:
            found.leave(name, "", place, notice("source.not_of_manager"))


def _tell_lost(unit: Unit, found: Collected) -> None:
    """Name the variables that are passed on in vain: the system's manager has none of that name, nor sets it else."""
    manager = unit.others.get(MANAGER)
    if manager is None or manager.problem is not None:
        return
    for name, (file, entry) in passed_on(unit).items():
        if name not in found.variables and name.startswith(PREFIXES):
            told = notice("source.passed_in_vain", name=name)
            unit.mistakes.append(mistake(codes.NOT_PASSED_ON, told, file, entry.first, name=name))


def _files_read(unit: Unit) -> list[TextFile]:
    """Return the environment files that are read, in their order."""
    found = list[TextFile]()
    _tell_not_absolute(unit)
    for named in environment_files(unit):
        there = [unit.others[path] for path in named.among(unit.others)]
        found += [one for one in there if one.problem is None]
        if not there and not named.optional and not named.is_open:
            told = notice("source.file_not_seen", path=named.path)
            unit.mistakes.append(mistake(codes.UNREADABLE_FILE, told, named.file, named.line))
    return found


def _tell_not_absolute(unit: Unit) -> None:
    for file, entry in unit.standing("EnvironmentFile"):
        path = unit_file.specified(entry.value.removeprefix("-"), unit.specifiers)
        if _is_absolute(path):
            continue
        bare = entry.value.replace('"', "").replace("'", "").strip()
        mended = None
        if bare.removeprefix("-").startswith("/"):
            mended = editing.with_lines(file.text, entry.first, entry.last, (f"EnvironmentFile={bare}",))
        told = notice("source.path_not_absolute", path=path)
        unit.mistakes.append(mistake(codes.UNREADABLE_FILE, told, file, entry.first, mended=mended))


def _add_file(unit: Unit, file: TextFile, found: Collected) -> None:
    lines = environment_text.of_systemd(file.text)
    unit.mistakes += mistakes_in_lines(file, lines)
    for line in lines:
        place = at(file, line.first)
        if line.is_valid:
            found.take(line.name, line.value, place)
        elif is_ollamas(line.name.split()[-1]):
            found.leave(line.name.split()[-1], line.value, place, notice("source.no_name", name=line.name))


def _unset(unit: Unit, file: TextFile, entry: Entry, found: Collected) -> None:
    current = found.variables
    names = set[str]()
    for word in unit.words(entry):
        name, equals, value = word.partition("=")
        if not equals or current.get(name) == value:
            names.add(name)
    found.drop(notice("source.unset_by", path=file.path, line=entry.first), names)
