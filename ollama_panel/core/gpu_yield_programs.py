"""Which of the processes of this machine are programs that get the GPU, by the names in `machine.yield_programs`."""

from collections.abc import Iterable
from re import split

import msgspec

_ENDING = ".exe"
_BUNDLE = ".app"


class ProcessName(msgspec.Struct, frozen=True):
    """What the system tells of a process: its name, and the path of its program, "" = unknown."""

    name: str
    program: str = ""


def chosen(wanted: Iterable[str], found: Iterable[ProcessName]) -> tuple[str, ...]:
    """Return the names of the settings whose programs are among processes, in the order of the settings."""
    processes = tuple(found)
    return tuple(one for one in dict.fromkeys(wanted) if any(matches(one, process) for process in processes))


def matches(wanted: str, process: ProcessName) -> bool:
    """Return whether a process is a program of the settings.

    That is its name, with or without `.exe`, the path of its file, or the name or the path of its bundle on a Mac
    (`Blender.app`). Upper and lower case are the same: they are on Windows and on Macs.
    """
    name, parts = wanted.strip().casefold(), _parts(process.program)
    if not name:
        return False
    if name.endswith(_BUNDLE):
        bundle = _parts(name)
        return any(parts[place : place + len(bundle)] == bundle for place in _starts(parts, absolute=_is_path(name)))
    if _is_path(name):
        return _without_ending(parts) == _without_ending(_parts(name))
    names = {_bare(process.name.casefold()), _bare(parts[-1])} if parts else {_bare(process.name.casefold())}
    return _bare(name) in names


def _starts(parts: list[str], *, absolute: bool) -> range:
    return range(1) if absolute else range(len(parts))


def _is_path(name: str) -> bool:
    return "/" in name or "\\" in name


def _parts(path: str) -> list[str]:
    return split(r"[\\/]", path.casefold()) if path else []


def _without_ending(parts: list[str]) -> list[str]:
    return [*parts[:-1], _bare(parts[-1])] if parts else []


def _bare(name: str) -> str:
    return name.removesuffix(_ENDING)
