"""Mistakes in the names and values of variables, whatever the source."""

import re
from collections.abc import Iterator

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama import environment, host_variable
from ollama_panel.core.ollama.environment_kinds import plain
from ollama_panel.core.ollama.environment_table import OF_OTHER_PROGRAMS
from ollama_panel.core.sources import codes, named_models, value_edits
from ollama_panel.core.sources.collecting import mistake
from ollama_panel.core.sources.names import is_ollamas
from ollama_panel.core.sources.record import (
    Assignment,
    Fate,
    Mistake,
    Reading,
    ServerConfig,
    Source,
    SourceKind,
    TextFile,
)

_CODES = {
    "environment.never_existed": codes.FOLKLORE,
    "environment.removed": codes.DEAD_VARIABLE,
    "environment.overruled": codes.DEAD_VARIABLE,
    "environment.misspelt": codes.MISSPELT,
    "environment.unknown": codes.UNKNOWN_VARIABLE,
    "environment.gfx_meant": codes.GFX_FORMAT,
    "environment.no_gfx": codes.GFX_FORMAT,
    "environment.not_expanded": codes.NOT_EXPANDED,
}
"""The kinds of mistakes by what `environment.check` says; anything else is a bad value."""
_GOES = frozenset((codes.FOLKLORE, codes.DEAD_VARIABLE, codes.UNKNOWN_VARIABLE))
"""What is mended by taking the assignment away."""
_FILLING = frozenset(
    (
        *(SourceKind.SHELL, SourceKind.FISH, SourceKind.LAUNCHCTL, SourceKind.DOCKER_RUN, SourceKind.BATCH),
        *(SourceKind.POWERSHELL, SourceKind.REGISTRY, SourceKind.PANEL),
    )
)
"""Sources in whose values the home and variables are filled in: their readers know where that is not so."""
_UNFILLED = re.compile(r"^~(?:[/\\]|$)|\$\{?[A-Za-z_]|%\w+%")
_SERVICES = frozenset((SourceKind.SYSTEMD, SourceKind.LAUNCH_AGENT))
"""Sources of services that start with the machine, or with each login."""
_CACHE, _FLASH, _PARALLEL = "OLLAMA_KV_CACHE_TYPE", "OLLAMA_FLASH_ATTENTION", "OLLAMA_NUM_PARALLEL"
_HOST = "OLLAMA_HOST"
_WITHOUT_FLASH = frozenset(("environment.flash_is_off", "environment.flash_falls_back"))


def with_value_mistakes(source: Source, reading: Reading) -> Reading:
    """Return a reading with the mistakes that are in the names and values of what reaches its servers.

    An assignment in which its reader has found a mistake already is not judged again.
    """
    known = {(one.name, one.place.path, one.place.line) for one in reading.mistakes}
    files = {file.path: file for file in source.files}
    found = dict[tuple[str, str, str, int], Mistake]()
    for server in reading.servers:
        for one in _of_server(source, files, server):
            place = (one.name, one.place.path, one.place.line)
            if place not in known:
                found.setdefault((one.code, *place), one)
    return msgspec.structs.replace(reading, mistakes=(*reading.mistakes, *found.values())) if found else reading


def _of_server(source: Source, files: dict[str, TextFile], server: ServerConfig) -> Iterator[Mistake]:
    for one in server.assignments:
        if one.fate is Fate.TAKEN:
            file = files.get(one.place.path, TextFile(one.place.path))
            yield from _of_assignment(source.kind, file, one)
    yield from _together(source, files, server)


def _of_assignment(kind: SourceKind, file: TextFile, one: Assignment) -> Iterator[Mistake]:
    if not is_ollamas(one.name) or one.name in OF_OTHER_PROGRAMS:
        return
    problem = environment.check(one.name, one.value)
    if problem is None:
        return
    code = _CODES.get(problem.notice.code, codes.BAD_VALUE)
    told = problem.notice
    if code == codes.NOT_EXPANDED or told.code == "environment.relative":
        if kind in _FILLING and _UNFILLED.search(plain(one.value)):
            return
        told = _of_folder(told, one)
    yield mistake(code, told, file, one.place.line, name=one.name, mended=_mended(kind, file, one, code, told))


def _of_folder(told: Notice, one: Assignment) -> Notice:
    """Return what is said of a folder outside of the panel, which gives its workers none of these."""
    code = "source.relative_folder" if told.code == "environment.relative" else "source.not_filled_in"
    return notice(code, name=one.name, given=one.value)


def _mended(kind: SourceKind, file: TextFile, one: Assignment, code: str, told: Notice) -> str | None:
    """Return the text of the file without the mistake, where it is clear what is meant."""
    meant = told.values.get("meant")
    if code in _GOES:
        return value_edits.without(kind, file, one)
    if code == codes.MISSPELT and isinstance(meant, str):
        return value_edits.renamed(file, one, meant)
    if code == codes.GFX_FORMAT and isinstance(meant, str):
        return value_edits.with_value(file, one, meant)
    if told.code == "environment.in_bytes":
        return value_edits.with_value(file, one, str(told.values["bytes"]))
    if told.code == "environment.no_origins" and re.fullmatch(r"\S+(?:[ ,]+\S+)+", one.value):
        return value_edits.with_value(file, one, re.sub(r"[ ,]+", ",", one.value))
    return None


def _together(source: Source, files: dict[str, TextFile], server: ServerConfig) -> Iterator[Mistake]:
    """Yield the mistakes that are in several variables, or in one and what the server is."""
    taken = {one.name: one for one in server.assignments if one.fate is Fate.TAKEN}
    variables = server.variables
    if _CACHE in taken and _FLASH in taken:
        pair = {name: variables[name] for name in (_CACHE, _FLASH)}
        for problem in environment.check_pool(pair):
            if problem.notice.code in _WITHOUT_FLASH:
                yield _mistake(files, codes.KV_WITHOUT_FLASH, problem.notice, taken[_CACHE])
    if _HOST in taken and _is_open_service(source, server, variables[_HOST]):
        told = notice("source.open_to_network", given=plain(variables[_HOST]))
        yield _mistake(files, codes.OPEN_TO_NETWORK, told, taken[_HOST])
    if _PARALLEL in taken and _parallel(variables[_PARALLEL]) > 1:
        named = _models(source, server)
        if named_models.all_serial(named):
            file = files.get(taken[_PARALLEL].place.path)
            mended = value_edits.with_value(file, taken[_PARALLEL], "1") if file else None
            told = notice("source.parallel_without_effect", given=plain(variables[_PARALLEL]), models=named)
            yield _mistake(files, codes.PARALLEL_WITHOUT_EFFECT, told, taken[_PARALLEL], mended)


def _mistake(
    files: dict[str, TextFile], code: str, told: Notice, one: Assignment, mended: str | None = None
) -> Mistake:
    file = files.get(one.place.path, TextFile(one.place.path))
    return mistake(code, told, file, one.place.line, name=one.name, mended=mended)


def _is_open_service(source: Source, server: ServerConfig, value: str) -> bool:
    """Return whether a whole service, with its command and outside of a container, listens on all addresses."""
    whole = source.kind in _SERVICES and bool(server.command) and not server.image
    return whole and host_variable.read(value).is_everywhere


def _parallel(value: str) -> int:
    meant = plain(value)
    return int(meant) if meant.isascii() and meant.isdecimal() and len(meant) < 6 else 0


def _models(source: Source, server: ServerConfig) -> tuple[str, ...]:
    """Return the models that a source names for a server, in its comments, too, if it has one server alone."""
    named = [*server.models, *(name for file in source.files for name in named_models.in_comments(file.text))]
    return tuple(dict.fromkeys(named))
