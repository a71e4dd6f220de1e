"""Which files are the configuration sources of a machine, and the sources that they become."""

import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from ollama_panel.core.doctor.asking.named_files import matters, named_by, passed_on, patterns_in
from ollama_panel.core.doctor.asking.printed import MOST_BYTES, Block
from ollama_panel.core.notices import notice
from ollama_panel.core.sources.machine.unit_environment import MANAGER, FileNamed, of_manager
from ollama_panel.core.sources.record import Source, SourceKind, TextFile

_DROP_IN = ".d/"
_COMPOSE_FILES = "com.docker.compose.project.config_files"
_DARWIN = "Darwin"
_NO_WILDCARD = re.compile(r"\\(.)|[^\w/.*?\[\]!^-]", re.ASCII | re.DOTALL)
_KINDS = frozenset(one.value for one in SourceKind)
_FOUND = frozenset({*_KINDS, "system", "user"})
"""What paths may be of: a format, or units of a manager."""


class Named(msgspec.Struct, frozen=True):
    """A source whose files are still to be read; the first of `paths` is its own. `unit` as in `Source`."""

    kind: SourceKind
    paths: tuple[str, ...]
    unit: str = ""


class Places(msgspec.Struct, frozen=True):
    """What the script `FIND` has found. `told` are sources of which the text is known already.

    `shown` are the units by their managers, as `systemctl show` tells their properties. `inspected` are the containers
    by their runtimes, as these tell of them.
    """

    system: str = ""
    home: str = ""
    named: tuple[Named, ...] = ()
    told: tuple[Source, ...] = ()
    shown: tuple[tuple[str, dict[str, str]], ...] = ()
    inspected: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    unseen: tuple[tuple[str, str], ...] = ()


def places_of(found: Iterable[Block]) -> Places:
    """Return what the script `FIND` has printed."""
    known = list(found)
    system = next((one.text.strip() for one in known if one.name == "system"), "")
    home = next((one.text.strip() for one in known if one.name == "home"), "")
    paths = dict[str, list[str]]()
    for one in known:
        if one.name == "paths" and one.words and one.words[0] in _FOUND:
            paths.setdefault(one.words[0], []).extend(line for line in one.text.split("\n") if line.startswith("/"))
    shown = tuple(
        (one.words[0], unit)
        for one in known
        if one.name == "units" and one.words
        for unit in properties(one.text)
        if unit.get("Id")
    )
    inspected = [one for block in known if block.name == "inspect" and block.words for one in containers_in(block)]
    named = [
        *units_named(shown, [*paths.pop("system", ()), *paths.pop("user", ())]),
        *_composed(inspected, paths.pop("compose", ())),
        *_with_drop_ins(SourceKind.QUADLET, paths.pop("quadlet", ())),
        *(Named(SourceKind(kind), (path,)) for kind, files in paths.items() for path in files),
    ]
    taken = {path for one in named if len(one.paths) > 1 for path in one.paths[1:]}
    told = [
        *(inspected_source(runtime, container, system) for runtime, container in inspected),
        *(_session(one.text) for one in known if one.name == "session" and one.text.strip()),
        *(
            Source(SourceKind(one.words[0]), (TextFile(one.words[1], one.text),), system)
            for one in known
            if one.name == "text" and len(one.words) == 2 and one.words[0] in _KINDS and one.text.strip()
        ),
    ]
    return Places(
        system,
        home,
        tuple(one for one in named if one.paths[0] not in taken),
        tuple(told),
        shown,
        tuple(inspected),
        tuple((one.words[0], one.text.strip()) for one in known if one.name == "unseen" and one.words),
    )


def properties(printed: str) -> Iterator[dict[str, str]]:
    """Yield what `systemctl show` prints of each unit; of a property with several lines, all of them."""
    for part in printed.split("\n\n"):
        found = dict[str, str]()
        for line in part.split("\n"):
            name, equals, value = line.partition("=")
            if equals:
                found[name] = f"{found[name]}\n{value}" if name in found else value
        if found:
            yield found


def units_named(shown: Iterable[tuple[str, Mapping[str, str]]], files: Iterable[str]) -> Iterator[Named]:
    """Yield the sources of units: those that systemd knows, and files of others, which it will not read as they are.

    A unit that a quadlet has become is the quadlet's. Drop-ins that it has not read yet come where it will read them.
    """
    by_unit = dict[str, list[str]]()
    for path in files:
        by_unit.setdefault(unit_of_path(path), []).append(path)
    known = set[str]()
    for _, unit in shown:
        name, fragment = unit["Id"], unit.get("FragmentPath", "")
        if unit.get("SourcePath", "").endswith(".container") or unit.get("LoadState") != "loaded":
            continue
        known |= {name, unit_of_path(fragment)}
        own = (fragment,) if fragment else ()
        there = [path for path in by_unit.get(name, ()) if _DROP_IN in path]
        drop_ins = sorted({*words(unit.get("DropInPaths", "")), *there}, key=lambda path: path.rpartition("/")[2])
        variables = [line.rpartition(" (")[0] or line for line in unit.get("EnvironmentFiles", "").split("\n") if line]
        variables = [path for path in variables if not set(path) & set("*?[\\")]
        if own or drop_ins:
            yield Named(SourceKind.SYSTEMD, (*own, *drop_ins, *variables), name)
    yield from (Named(SourceKind.SYSTEMD, (path,)) for path in by_unit.pop("", ()))
    for name, paths in by_unit.items():
        if name not in known:
            ordered = sorted(paths, key=lambda path: (_DROP_IN in path, path.rpartition("/")[2]))
            yield Named(SourceKind.SYSTEMD, tuple(ordered), name)


def unit_of_path(path: str) -> str:
    """Return the unit that a file or a drop-in is of, "" for a drop-in that lies elsewhere."""
    folder, _, name = path.rpartition("/")
    if folder.endswith(".d"):
        return folder.rpartition("/")[2].removesuffix(".d")
    return "" if name.endswith(".conf") else name


def words(text: str) -> list[str]:
    """Return words as systemd lists them, quoted where they must be."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _with_drop_ins(kind: SourceKind, files: Sequence[str]) -> Iterator[Named]:
    """Yield the files with the drop-ins of the same name; drop-ins of no file are a source, too."""
    by_name = dict[str, list[str]]()
    for path in files:
        by_name.setdefault(unit_of_path(path), []).append(path)
    for name, paths in by_name.items():
        yield Named(kind, tuple(sorted(paths, key=lambda path: (_DROP_IN in path, path))), name)


def grouped(files: Iterable[tuple[str, SourceKind | None]]) -> tuple[Named, ...]:
    """Return the sources that files of these kinds are.

    The drop-ins of a unit are one with it, as are the files of a project of Compose, and the objects of a folder.
    """
    by_kind = dict[SourceKind, list[str]]()
    for path, kind in files:
        if kind is not None:
            by_kind.setdefault(kind, []).append(path)
    units = units_named((), by_kind.pop(SourceKind.SYSTEMD, ()))
    quadlets = _with_drop_ins(SourceKind.QUADLET, by_kind.pop(SourceKind.QUADLET, ()))
    projects = _projects(by_kind.pop(SourceKind.COMPOSE, ()))
    objects = _objects(by_kind.pop(SourceKind.KUBERNETES, ()), by_kind)
    others = (Named(kind, (path,)) for kind, paths in by_kind.items() for path in paths)
    return (*units, *quadlets, *projects, *objects, *others)


def _projects(paths: Sequence[str]) -> Iterator[Named]:
    for path in paths:
        stem, _, ending = path.rpartition(".")
        override = f"{stem}.override.{ending}"
        if not stem.endswith(".override"):
            yield Named(SourceKind.COMPOSE, (path, *([override] if override in paths else [])))
        elif f"{stem.removesuffix('.override')}.{ending}" not in paths:
            yield Named(SourceKind.COMPOSE, (path,))


def _objects(paths: Sequence[str], by_kind: dict[SourceKind, list[str]]) -> Iterator[Named]:
    """Yield the objects of each folder as one source: they name each other. kustomize's file comes first there."""
    by_folder = dict[str, list[str]]()
    for path in paths:
        by_folder.setdefault(path.rpartition("/")[0], []).append(path)
    for folder, there in by_folder.items():
        ordered = sorted(there, key=lambda path: (not path.rpartition("/")[2].startswith("kustomization."), path))
        variables = by_kind.get(SourceKind.ENVIRONMENT_FILE, [])
        own = [path for path in variables if path.rpartition("/")[0] == folder]
        if ordered[0].rpartition("/")[2].startswith("kustomization."):
            by_kind[SourceKind.ENVIRONMENT_FILE] = [path for path in variables if path not in own]
            ordered += own
        yield Named(SourceKind.KUBERNETES, tuple(ordered))


def containers_in(block: Block) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the runtime and what it tells of each container, of a block `inspect`."""
    try:
        found = json.loads(block.text)
    except ValueError:
        return
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict):
            yield block.words[0], one


def inspected_source(runtime: str, container: Mapping[str, Any], system: str) -> Source:
    """Return what a runtime tells of a container as a source."""
    name = str(container.get("Name") or container.get("Id", "")).lstrip("/")
    text = json.dumps([container], indent=1, ensure_ascii=False)
    return Source(SourceKind.DOCKER_INSPECT, (TextFile(f"{runtime} inspect {name}", text),), system)


def _composed(containers: Iterable[tuple[str, Mapping[str, Any]]], files: Iterable[str]) -> Iterator[Named]:
    """Yield the Compose files that running containers name, and those of the usual places."""
    seen = set[str]()
    for _, container in containers:
        config = container.get("Config")
        labels = config.get("Labels") if isinstance(config, dict) else None
        files_named = str(labels.get(_COMPOSE_FILES, "")) if isinstance(labels, dict) else ""
        named = tuple(path for path in files_named.split(",") if path.startswith("/"))
        if named and named[0] not in seen:
            seen.update(named)
            yield Named(SourceKind.COMPOSE, named)
    for path in files:
        if path not in seen:
            stem, _, ending = path.rpartition(".")
            yield Named(SourceKind.COMPOSE, (path, f"{stem}.override.{ending}"))


def _session(text: str) -> Source:
    """Return the variables that were set with `launchctl setenv`, as the script that would set them."""
    lines = [line.partition("=") for line in text.split("\n") if "=" in line]
    script = "".join(f"launchctl setenv {name} {shlex.quote(value)}\n" for name, _, value in lines)
    return Source(SourceKind.LAUNCHCTL, (TextFile("launchctl getenv", script),), _DARWIN)


def reading(paths: Iterable[str], patterns: Iterable[FileNamed] = ()) -> str:
    """Return the script that prints files, each as a block `text` with its path; none for those that are not there."""
    named = "".join(f"file text {shlex.quote(path)}\n" for path in dict.fromkeys(paths))
    return named + "".join(f"files text {shlex.quote(text)}\n" for text in dict.fromkeys(map(_words, patterns)))


def _words(pattern: FileNamed) -> str:
    """Return a pattern as the words of a shell that stand for the same files: all but wildcards is quoted."""
    return _NO_WILDCARD.sub(lambda found: f"\\{found[1] or found[0]}" if found[0] != "\\" else "", pattern.path)


def texts_of(found: Iterable[Block]) -> dict[str, TextFile]:
    """Return the files that such a script has printed, by path."""
    texts = dict[str, TextFile]()
    for one in found:
        if one.name != "text" or len(one.words) != 2:
            continue
        path, state = one.words
        if state == "closed":
            texts[path] = TextFile(path, problem=notice("looking.closed", path=path))
        elif len(one.text) > MOST_BYTES:
            texts[path] = TextFile(path, problem=notice("looking.large", path=path, size=MOST_BYTES))
        else:
            texts[path] = TextFile(path, one.text)
    return texts


def wanted(named: Named, texts: Mapping[str, TextFile], home: str) -> tuple[str, ...]:
    """Return the files that those of a source name, which are a part of it and are not read yet."""
    found = named_by(named.kind, [texts[path] for path in named.paths if path in texts], home, named.unit)
    return tuple(path for path in found if path not in named.paths)


def patterns_wanted(named: Named, texts: Mapping[str, TextFile], home: str) -> tuple[FileNamed, ...]:
    """Return the patterns by which the files of a source name further ones."""
    return patterns_in(named.kind, [texts[path] for path in named.paths if path in texts], home, named.unit)


def source_of(named: Named, texts: Mapping[str, TextFile], system: str, home: str) -> Source | None:
    """Return a source, None if none of its files is there. One that another one names must be there, or is said."""
    files = [texts[path] for path in named.paths if path in texts]
    if not files:
        return None
    own = tuple(files)
    there = {file.path for file in own}
    for path, optional in named_by(named.kind, own, home, named.unit).items():
        if path in texts:
            files += [texts[path]] if path not in there and matters(named.kind, texts[path]) else []
        elif not optional:
            files.append(TextFile(path, problem=notice("looking.missing", path=path)))
    for pattern in patterns_in(named.kind, own, home, named.unit):
        known = {file.path for file in files}
        files += [texts[path] for path in pattern.among(texts) if path not in known]
    files = [_only_passed(file, own, named.unit) for file in files]
    return Source(named.kind, tuple(files), system, named.unit)


def _only_passed(file: TextFile, own: Sequence[TextFile], unit: str) -> TextFile:
    """Return a file; of the variables of the system's manager only those that the unit passes on."""
    if file.path != MANAGER:
        return file
    return msgspec.structs.replace(file, text=of_manager(file.text, passed_on(own, unit)))
