"""Finds the configuration sources of a machine by itself, and reads those that somebody names."""

import asyncio
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ollama_panel.core.doctor.asking import processes
from ollama_panel.core.doctor.asking import sources as asking
from ollama_panel.core.doctor.asking.places import FIND, PROPERTIES
from ollama_panel.core.doctor.asking.printed import Block, blocks, script
from ollama_panel.core.doctor.asking.sources import Named, Places
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.server_owners import Panel, owner_of
from ollama_panel.core.servers import OwnerKind
from ollama_panel.core.sources.kinds import kind_of
from ollama_panel.core.sources.machine.unit_environment import FileNamed
from ollama_panel.core.sources.record import Source, SourceKind, TextFile
from ollama_panel.engine.applying.hosts import Host

AUTO = "auto"
LIMIT_S = 20.0
"""How long a machine may take for one script; the parts of it that may hang have shorter limits."""
_NAMED = r"""
uname -s | say system
printf '%%s' "$HOME" | say home
what=%s
case $what in '~'/*) what=$HOME/${what#'~'/} ;; '~') what=$HOME ;; esac
if [ -d "$what" ]; then
    cd "$what" && folder=$(pwd)
    find "$folder" -maxdepth 2 ! -path '/proc/*' ! -path '/sys/*' -type f -size -512 2>/dev/null |
        LC_ALL=C sort | head -n %d | say folder
elif [ -e "$what" ] || { [ "$as" ] && $as test -e "$what"; }; then
    case $what in */*) folder=$(cd "$(dirname "$what")" && pwd) ;; *) folder=$(pwd) ;; esac
    what=${folder%%/}/${what##*/}
    for one in "$what" "$what".d/*.conf; do [ -e "$one" ] && printf '%%s\n' "$one"; done | say path
else
    case $what in */*) exit 0 ;; *.*) unit=$what ;; *) unit=$what.service ;; esac
    for manager in system user; do
        if [ $manager = user ]; then option=--user; else option=; fi
        limit 5 systemctl $option show --no-pager --property=%s -- "$unit" 2>/dev/null | say units $manager
    done
    for program in docker podman; do
        if command -v $program >/dev/null; then
            limit 5 $program container inspect -- "$what" 2>/dev/null | say inspect $program
        fi
    done
fi
"""
_MOST_FILES = 400
_SCRIPTS = frozenset({SourceKind.DOCKER_RUN, SourceKind.LAUNCHCTL})
_SET_UP_BY_HAND = frozenset({OwnerKind.BY_HAND, OwnerKind.DESKTOP_APP, None})
"""The owners of servers that have no file of their own."""


async def sources_of(host: Host, what: str = AUTO) -> tuple[Source, ...]:
    """Return configuration sources of a machine: "auto" = all that it has, a file, a folder, a unit or a container.

    A path is one of that machine, relative to where its scripts run. The texts are whole, secrets among them. Raises
    PanelError if the machine cannot be reached, or if it has nothing of that name.
    """
    if not host.name and sys.platform == "win32":
        from ollama_panel.engine.doctor import windows

        found_here = windows.all_sources if what == AUTO else lambda: windows.named_sources(what)
        return await asyncio.to_thread(found_here)
    if what == AUTO:
        places, sources = await found_at(host)
        return (*sources, *await _running(host, places.system))
    body = _NAMED % (shlex.quote(what), _MOST_FILES, PROPERTIES)
    told = await ask(host, body)
    found = {one.name: one.text for one in told if one.name in ("path", "folder", "system", "home")}
    system, home = found.get("system", "").strip(), found.get("home", "").strip()
    if "path" in found or "folder" in found:
        paths = found.get("folder", found.get("path", "")).split("\n")
        return await _files(host, what, [path for path in paths if path], Places(system, home))
    shown = [
        (one.words[0], unit)
        for one in told
        if one.name == "units"
        for unit in asking.properties(one.text)
        if unit.get("LoadState") == "loaded"
    ]
    named = tuple(asking.units_named(shown, ()))
    sources = (
        *await _read(host, Places(system, home, named)),
        *(
            asking.inspected_source(runtime, one, system)
            for block in told
            if block.name == "inspect"
            for runtime, one in asking.containers_in(block)
        ),
    )
    if not sources:
        raise PanelError(notice("looking.nothing", what=what))
    return sources


async def found_at(host: Host, rights: str | None = None) -> tuple[Places, tuple[Source, ...]]:
    """Return what was found where sources usually are, and the sources."""
    places = asking.places_of(await ask(host, FIND, LIMIT_S, rights))
    return places, (*await _read(host, places, rights), *places.told)


async def _running(host: Host, system: str) -> list[Source]:
    """Return the servers that run and that nothing else sets up, as far as their variables can be read."""
    table = processes.table_of(await ask(host, processes.LIST))
    details = processes.details_of(await ask(host, processes.detail(table)) if table.ours else [], table)
    found = processes.servers_of(table, details, "", lambda *_: None)
    loose = (one for one in found if owner_of(one, Panel()).kind in _SET_UP_BY_HAND)
    return [one for facts in loose if (one := processes.source_of(facts, system)) is not None]


async def ask(host: Host, body: str, limit_s: float = LIMIT_S, rights: str | None = None) -> list[Block]:
    """Return the blocks that a script prints on a machine; `rights` as in `printed.script`.

    Raises PanelError as `Host.run` does.
    """
    return list(blocks((await host.run(script(body, rights), limit_s)).out))


async def _read(host: Host, places: Places, rights: str | None = None) -> list[Source]:
    """Return the sources whose files are named, with the files that these name in turn."""
    texts = await _texts(host, [path for one in places.named for path in one.paths], rights)
    named = [_told_apart(one, texts) for one in places.named]
    more = [path for one in named for path in asking.wanted(one, texts, places.home)]
    patterns = [pattern for one in named for pattern in asking.patterns_wanted(one, texts, places.home)]
    texts |= await _texts(host, [path for path in more if path not in texts], rights, patterns)
    found = (asking.source_of(one, texts, places.system, places.home) for one in named)
    read = [one for one in found if one is not None]
    others = {file.path for one in read for file in one.files[1:]}
    return [one for one in read if one.path not in others]


def _told_apart(named: Named, texts: Mapping[str, TextFile]) -> Named:
    """Return a script of a shell as what it does: it may start containers, or set variables of a session."""
    own = texts.get(named.paths[0])
    kind = kind_of(own.path, own.text) if named.kind is SourceKind.SHELL and own is not None and own.text else None
    return msgspec.structs.replace(named, kind=kind) if kind in _SCRIPTS else named


async def _texts(
    host: Host, paths: Sequence[str], rights: str | None = None, patterns: Sequence[FileNamed] = ()
) -> dict[str, TextFile]:
    if not paths and not patterns:
        return {}
    return asking.texts_of(await ask(host, asking.reading(paths, patterns), LIMIT_S, rights))


async def _files(host: Host, what: str, paths: Iterable[str], places: Places) -> tuple[Source, ...]:
    """Return the sources that files are, by what is in them. Raises PanelError if a file is none."""
    texts = await _texts(host, list(paths))
    named = asking.grouped((path, kind_of(path, one.text)) for path, one in texts.items() if one.problem is None)
    sources = await _read(host, msgspec.structs.replace(places, named=named))
    if sources:
        return tuple(sources)
    closed = next((one.problem for one in texts.values() if one.problem is not None), None)
    raise PanelError(closed or notice("looking.no_kind", path=what))
