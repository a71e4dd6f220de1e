"""The files that a configuration source names, which are read with it."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import yaml

from ollama_panel.core.sources.machine import systemd, unit_environment
from ollama_panel.core.sources.machine.unit_environment import MANAGER, FileNamed
from ollama_panel.core.sources.record import Source, SourceKind, TextFile

_OF_QUADLET = re.compile(r"^[ \t]*EnvironmentFile[ \t]*=[ \t]*(-?)(.+?)[ \t]*$", re.MULTILINE)
_START = re.compile(r"^[ \t]*ExecStart(?:Pre)?[ \t]*=[ \t]*[-@:+!]*(.*)$", re.MULTILINE)
_SOURCED = re.compile(r"^[ \t]*(?:\.|source)[ \t]+(\"[^\"\n]+\"|'[^'\n]+'|[^\s\"';|&]+)", re.MULTILINE)
_SCRIPT = re.compile(r"<string>\s*(/[^<]+\.(?:sh|bash|zsh|command))\s*</string>")
_NO_SCRIPTS = ("/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/")
_OF_RUN = re.compile(r"--env-file[ =]+(\"[^\"]+\"|'[^']+'|[^\s\"'\\]+)")


def named_by(kind: SourceKind, files: Sequence[TextFile], home: str, unit: str = "") -> dict[str, bool]:
    """Return the paths that files of a kind name, and whether it is well if such a file is missing.

    `home` is that of the user for whom `%h`, `~` and `$HOME` stand; `unit` as in `Source`.
    """
    if not files:
        return {}
    folder = posixpath.dirname(files[0].path)
    found: Iterable[tuple[str, bool]]
    if kind is SourceKind.SYSTEMD:
        found = (*_of_unit(files, unit, home), *_started(files))
    elif kind is SourceKind.QUADLET:
        found = (*_of_quadlet(files), *_started(files))
    elif kind is SourceKind.COMPOSE:
        found = _of_compose(files)
    elif kind in (SourceKind.DOCKER_RUN, SourceKind.SHELL):
        found = (
            *((_unquoted(one), True) for file in files for one in _SOURCED.findall(file.text)),
            *((_unquoted(one), False) for file in files for one in _OF_RUN.findall(file.text)),
        )
    elif kind is SourceKind.LAUNCH_AGENT:
        found = tuple((one, True) for file in files for one in _SCRIPT.findall(file.text))
    else:
        return {}
    result = dict[str, bool]()
    for path, optional in found:
        if "$" in _expanded(path, home):
            continue
        whole = posixpath.normpath(posixpath.join(folder, _expanded(path, home)))
        result.setdefault(whole, optional)
    return result


def _expanded(path: str, home: str) -> str:
    for sign in ("%h", "$HOME", "${HOME}"):
        path = path.replace(sign, home)
    return f"{home}{path[1:]}" if path == "~" or path.startswith("~/") else path


def patterns_in(kind: SourceKind, files: Sequence[TextFile], home: str, unit: str = "") -> tuple[FileNamed, ...]:
    """Return the patterns of files that files of a kind name; as `named_by`."""
    if kind is not SourceKind.SYSTEMD or not files:
        return ()
    return tuple(one for one in _environment_files(files, unit, home) if one.is_pattern)


def _environment_files(files: Sequence[TextFile], unit: str, home: str) -> Iterator[FileNamed]:
    named = unit_environment.environment_files(systemd.as_unit(_source(files, unit), home))
    return (one for one in named if not one.is_open)


def _source(files: Sequence[TextFile], unit: str) -> Source:
    return Source(SourceKind.SYSTEMD, tuple(files), unit=unit)


def _of_unit(files: Sequence[TextFile], unit: str, home: str) -> Iterator[tuple[str, bool]]:
    yield from ((one.path, one.optional) for one in _environment_files(files, unit, home) if not one.is_pattern)
    if passed_on(files, unit):
        yield MANAGER, True


def passed_on(files: Sequence[TextFile], unit: str) -> tuple[str, ...]:
    """Return the variables of the system's manager that the files of a unit pass on."""
    return tuple(unit_environment.passed_on(systemd.as_unit(_source(files, unit))))


def _of_quadlet(files: Sequence[TextFile]) -> Iterator[tuple[str, bool]]:
    for file in files:
        for optional, path in _OF_QUADLET.findall(file.text):
            yield path.strip("\"'"), bool(optional)


def _started(files: Sequence[TextFile]) -> Iterator[tuple[str, bool]]:
    """Yield what may be scripts that start a server, among the words of the commands of units."""
    for file in files:
        for command in _START.findall(file.text):
            for word in command.split():
                path = word.strip("\"'")
                if path.startswith("/") and not path.startswith(_NO_SCRIPTS) and not path.endswith("/ollama"):
                    yield path, True


def matters(kind: SourceKind, file: TextFile) -> bool:
    """Return whether a file that one of a kind names may say anything: programs do not, nor most that shells read."""
    if "\0" in file.text and file.path != MANAGER:
        return False
    return kind is not SourceKind.SHELL or file.problem is not None or "ollama" in file.text.lower()


def _unquoted(word: str) -> str:
    return word[1:-1] if word[:1] in ("'", '"') and word[-1:] == word[:1] else word


def _of_compose(files: Sequence[TextFile]) -> Iterator[tuple[str, bool]]:
    """Yield `.env`, which Compose reads beside the first file, and what services name as `env_file`."""
    yield ".env", True
    for file in files:
        try:
            content = yaml.safe_load(file.text)
        except yaml.YAMLError:
            continue
        services = content.get("services") if isinstance(content, dict) else None
        for service in services.values() if isinstance(services, dict) else ():
            yield from _of_service(service.get("env_file") if isinstance(service, dict) else None)


def _of_service(named: Any) -> Iterator[tuple[str, bool]]:
    for one in named if isinstance(named, list) else [named]:
        if isinstance(one, str):
            yield one, False
        elif isinstance(one, dict) and isinstance(one.get("path"), str):
            yield one["path"], one.get("required") is False
