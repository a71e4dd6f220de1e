"""The files that a configuration source names, which are read with it."""

import posixpath
import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from ollama_panel.core.sources.record import SourceKind, TextFile

_OF_UNIT = re.compile(r"^[ \t]*EnvironmentFile[ \t]*=[ \t]*(-?)(.+?)[ \t]*$", re.MULTILINE)
_OF_RUN = re.compile(r"--env-file[ =]+(\"[^\"]+\"|'[^']+'|[^\s\"'\\]+)")


def named_by(kind: SourceKind, files: Sequence[TextFile], home: str) -> dict[str, bool]:
    """Return the paths that files of a kind name, and whether it is well if such a file is missing.

    `home` is that of the user for whom `%h`, `~` and `$HOME` stand.
    """
    if not files:
        return {}
    folder = posixpath.dirname(files[0].path)
    if kind in (SourceKind.SYSTEMD, SourceKind.QUADLET):
        found = _of_units(files)
    elif kind is SourceKind.COMPOSE:
        found = _of_compose(files)
    elif kind is SourceKind.DOCKER_RUN:
        found = ((shlex.split(one)[0], False) for file in files for one in _OF_RUN.findall(file.text))
    else:
        return {}
    result = dict[str, bool]()
    for path, optional in found:
        whole = posixpath.normpath(posixpath.join(folder, _expanded(path, home)))
        result.setdefault(whole, optional)
    return result


def _expanded(path: str, home: str) -> str:
    for sign in ("%h", "$HOME", "${HOME}"):
        path = path.replace(sign, home)
    return f"{home}{path[1:]}" if path == "~" or path.startswith("~/") else path


def _of_units(files: Sequence[TextFile]) -> Iterator[tuple[str, bool]]:
    for file in files:
        for optional, path in _OF_UNIT.findall(file.text):
            if not set(path) & set("*?["):
                yield path.strip("\"'"), bool(optional)


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
