"""Where a server's model store is, and what this user may do with it.

Only what the system lets this user do counts, not who is in which group: `os.access`, and an attempt to read.
Everything here blocks, some milliseconds: use a thread.
"""

import getpass
import itertools
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.environment_kinds import plain
from ollama_panel.core.ollama.models import canonical
from ollama_panel.core.stores import Access, Denial, Found
from ollama_panel.engine.host.services import Server

if sys.platform != "win32":
    import grp
    import pwd

_DEFAULT = Path(".ollama", "models")
May: TypeAlias = Callable[[Path, int], bool]
"""Returns whether this user may use a path so, as `os.access`."""

_FOLDERS = 3
_MOST_FILES = 5000
"""How many files of a store are looked at; a store has a manifest and about five blobs for each model."""


def of_server(server: Server) -> tuple[str, Found]:
    """Return the path of a server's store and how it was found; "" if that is unknown."""
    if server.contained:
        return "", Found.CONTAINER
    named = plain(server.variables.get("OLLAMA_MODELS", ""))
    if named.startswith("/") or (named and sys.platform == "win32"):
        return named, server.found
    home = server.variables.get("HOME") or server.home
    if not home or named:  # a relative path is relative to a folder that nobody tells
        return "", Found.UNKNOWN
    return str(Path(home) / _DEFAULT), Found.HOME if not server.complete else server.found


def of_worker(variables: Mapping[str, str]) -> tuple[str, Found]:
    """Return the path of the store of a worker with these variables, and how it was found."""
    named = plain(variables.get("OLLAMA_MODELS", ""))
    if named:
        return named, Found.SETTINGS
    home = variables.get("HOME") or variables.get("USERPROFILE")
    return (str(Path(home) / _DEFAULT), Found.HOME) if home else ("", Found.UNKNOWN)


def real(path: str) -> str:
    """Return one name for all paths that lead to the same folder; "" for none.

    Links are followed as far as they can be read; the same folder mounted twice has one name, too.
    """
    if not path:
        return ""
    resolved = os.path.realpath(path)
    try:
        found = Path(resolved).stat()
    except OSError:
        return resolved
    return f"{found.st_dev}:{found.st_ino}" if found.st_ino else resolved


def access(path: str, may: May = os.access) -> Access:
    """Return what this user, of whom `may` tells, may do with the store at `path`.

    A reader must search every folder above it, list `manifests` and `blobs`, and read what is in them: Ollama walks
    both at its start (0.32 `server/fixblobs.go`, `manifest/manifest.go Manifests`). One that runs lists and loads what
    it can read, as long as it reaches both (`manifest/paths.go`).
    """
    resolved = Path(os.path.realpath(path))
    for folder in dict.fromkeys((*_from_top(Path(path)), *_from_top(resolved))):
        if not may(folder, os.X_OK):
            if not _exists(folder):
                return Access(readable=None, writable=may_change(path, may), missing=True)
            return Access(readable=False, closed=True, denials=(_denial(folder, "x"),))
    manifests, blobs = resolved / "manifests", resolved / "blobs"
    if not _exists(manifests) and not _exists(blobs):
        return Access(readable=True, writable=may_change(path, may))
    denials = list[Denial]()
    models = _models(manifests, _check(manifests, denials, may))
    _check(blobs, denials, may)
    closed = not all(may(part, os.R_OK | os.X_OK) for part in (manifests, blobs) if _exists(part))
    return Access(not denials, may_change(path, may), closed=closed, denials=tuple(denials), models=models)


def owned(path: str) -> bool:
    """Return whether the store is this user's own, or is not there yet."""
    try:
        return sys.platform == "win32" or Path(path).stat().st_uid == os.getuid()
    except FileNotFoundError:
        return True
    except OSError:
        return False


def may_change(path: str, may: May = os.access) -> bool:
    """Return whether this user may add to a store and delete from it; one that is not there is made."""
    folder = Path(path)
    parts = [part for part in (folder / "manifests", folder / "blobs") if _exists(part)]
    if parts:
        return all(may(part, os.W_OK | os.X_OK) for part in parts)
    return may(folder, os.W_OK | os.X_OK) if _exists(folder) else _may_be_made(folder, may)


def user_name() -> str:
    """Return the name of this process's user, "" if the system does not tell."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def _models(manifests: Path, files: Iterable[Path]) -> tuple[ModelName, ...]:
    """Return the models of manifests: `HOST/NAMESPACE/MODEL/TAG` (Ollama 0.32, `types/model/name.go Filepath`)."""
    parts = (file.relative_to(manifests).parts for file in files)
    return tuple(canonical(f"{'/'.join(folders)}:{tag}") for *folders, tag in parts if len(folders) == _FOLDERS)


def _check(folder: Path, denials: list[Denial], may: May) -> list[Path]:
    """Return the files in a folder of a store, and add the first path of each kind that cannot be read."""
    files = list[Path]()
    for place, is_folder in itertools.islice(_walk(folder), _MOST_FILES):
        if not is_folder:
            files.append(place)
        needed = "rx" if is_folder else "r"
        allowed = may(place, os.R_OK | (os.X_OK if is_folder else 0)) and (is_folder or _is_read(place, len(files)))
        if not allowed and all(one.needed != needed for one in denials):
            denials.append(_denial(place, needed, inside=True))
    return files


def _walk(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Yield a folder and everything in it, each with whether it is a folder; nothing if it is not there."""
    if not _exists(folder):
        return
    yield folder, True
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.is_dir():
            yield from _walk(entry)
        else:
            yield entry, False


def _is_read(file: Path, number: int) -> bool:
    """Return whether a file can be read; only the first of a folder is tried, in case access says other than is so."""
    if number > 1:
        return True
    try:
        with file.open("rb") as opened:
            opened.read(1)
    except PermissionError:
        return False
    except OSError:
        return True
    return True


def _from_top(path: Path) -> Iterator[Path]:
    yield from reversed(path.parents)
    yield path


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def _may_be_made(path: Path, may: May) -> bool:
    there = next((folder for folder in path.parents if _exists(folder)), None)
    return there is not None and may(there, os.W_OK | os.X_OK)


def _denial(path: Path, needed: str, *, inside: bool = False) -> Denial:
    try:
        found = path.stat()
    except OSError:
        return Denial(str(path), "", "", 0, needed, inside=inside)
    mode = stat.S_IMODE(found.st_mode)
    if sys.platform == "win32":
        return Denial(str(path), "", "", mode, needed, inside=inside)
    return Denial(
        str(path),
        _user_name(found.st_uid),
        _group_name(found.st_gid),
        mode,
        needed,
        found.st_gid,
        member=found.st_gid in {os.getegid(), *os.getgroups()},
        listed=_is_listed(found.st_gid),
        inside=inside,
    )


if sys.platform != "win32":

    def _user_name(number: int) -> str:
        try:
            return pwd.getpwuid(number).pw_name
        except KeyError:
            return str(number)

    def _group_name(number: int) -> str:
        try:
            return grp.getgrgid(number).gr_name
        except KeyError:
            return str(number)

    def _is_listed(group: int) -> bool:
        """Return whether this user has a group from the next login on."""
        try:
            me = pwd.getpwuid(os.getuid())
            return me.pw_gid == group or me.pw_name in grp.getgrgid(group).gr_mem
        except KeyError:
            return False
