"""The settings file. Writing keeps the previous one as `.bak`, and holds a lock from reading to writing.

An unreadable file is kept beside the new one; it is moved when the panel starts, or copied when it is replaced. A file
that is a symbolic link stays one: what it links to is replaced.
"""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from ollama_panel.core.errors import PanelError, not_read, reason_of
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.environment import require_usable
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.settings.in_force import keeping
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.engine.files import read_file, write_whole
from ollama_panel.engine.lock_file import exclusive

Stamp = tuple[int, int, int] | None
"""Modification time (ns), size and inode, to notice that a file has changed; None = no file."""


class Loaded(msgspec.Struct, frozen=True):
    """Settings, problems to show to the user, and the stamp of the file that they were read from."""

    settings: Settings
    problems: tuple[Problem, ...]
    stamp: Stamp


class Changed(msgspec.Struct, frozen=True):
    """The settings before a change, with the problems in their file, those after it, and the stamp of their file."""

    before: Settings
    problems: tuple[Problem, ...]
    settings: Settings
    stamp: Stamp


def read(path: Path) -> Loaded:
    """Return the settings in the file, or the defaults if there is none or it is invalid; then it is moved aside."""
    return _load(path, lambda why: _moved_aside(path, why))


def look(path: Path) -> Loaded:
    """Return what `read` returns, but move nothing."""
    return _load(path, lambda why: _all_default(path, why))


def reread(path: Path, in_force: Settings) -> Loaded | None:
    """Return the settings in a file that changed while the panel runs, or None if it was deleted.

    In the place of a value that is none is the one in force: nobody is to lose the panel by a slip in an editor.
    Raises PanelError if it cannot be read; the file is not moved, because somebody may be editing it.
    """
    at = stamp(path)
    try:
        raw = _content(path)
        if raw is None:
            return None
        codec.tree(raw)
    except PanelError as error:
        raise PanelError(notice("settings_file.kept", why=error.notice)) from error
    settings, problems = keeping(*codec.load(raw), in_force)
    return Loaded(settings, problems, at)


def write(path: Path, settings: Settings) -> Stamp:
    """Replace the file, keep its previous content in `.bak` and return its stamp. Raises PanelError if that fails."""
    with _locked(path):
        return _replace(path, _content_to_keep(path), settings)


def change(path: Path, edit: Edit) -> Changed:
    """Change the settings in the file by `edit`; no other program changes them meanwhile. Blocks for up to 10 s.

    Raises PanelError if that fails or if a new variable is one that no Ollama can use, and what `edit` raises; then the
    file is as before. So is one that is not valid.
    """
    with _locked(path):
        raw = _content_to_keep(path)
        content = b"{}" if raw is None else raw  # an empty file may be one that somebody is writing
        try:
            codec.tree(content)
        except PanelError as error:
            raise PanelError(notice("settings_file.mend", path=str(path), why=error.notice)) from error
        before, problems = codec.load(content)
        settings = edit(before)
        require_usable(before, settings)
        return Changed(before, problems, settings, _replace(path, raw, settings))


def revise(path: Path, edit: Edit, in_force: Settings) -> Changed:
    """Change the settings in the file by `edit`, those in force if it is not valid or there is none.

    No other program changes them meanwhile. Raises PanelError if that fails, if they are not valid then, or if a new
    variable is one that no Ollama can use, and what `edit` raises; then the file is as before. One that is not valid is
    kept beside the new one. Blocks for up to 10 s.
    """
    with _locked(path):
        raw = _content_to_keep(path)
        found = _valid(raw, in_force)
        before, problems = found or (in_force, ())
        settings = edit(before)
        codec.require_valid(settings)
        require_usable(before, settings)
        if raw and found is None:
            write_whole(_aside(path), raw)
        return Changed(before, problems, settings, _replace(path, raw, settings))


def current(path: Path, in_force: Settings) -> Settings:
    """Return what `revise` would change. Raises PanelError if the file cannot be read."""
    found = _valid(_content(path), in_force)
    return in_force if found is None else found[0]


def stamp(path: Path) -> Stamp:
    """Return the stamp of the file, or None if it cannot be read."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _load(path: Path, told: Callable[[Notice], Problem]) -> Loaded:
    """Return the settings in the file, or the defaults; `told` makes the problem of a file that is not valid."""
    at = stamp(path)
    try:
        raw = _content(path)
    except PanelError as error:
        return Loaded(Settings(), (_all_default(path, error.notice),), at)
    if raw is None:
        return Loaded(Settings(), (), None)
    try:
        codec.tree(raw)
    except PanelError as error:
        problem = told(error.notice)
        return Loaded(Settings(), (problem,), stamp(path))
    settings, problems = codec.load(raw)
    return Loaded(settings, problems, at)


def _valid(raw: bytes | None, in_force: Settings) -> tuple[Settings, tuple[Problem, ...]] | None:
    """Return what `reread` does of a file, and the problems, None if there are no settings or it is not valid."""
    try:
        return keeping(*codec.load(raw), in_force) if raw and codec.tree(raw) is not None else None
    except PanelError:
        return None


def _content(path: Path) -> bytes | None:
    """Return the content of the file, None if there is none. Raises PanelError if it cannot be read."""
    try:
        return read_file(path)
    except FileNotFoundError as error:
        if path.is_symlink():
            raise PanelError(_no_target(path)) from error
        return None
    except OSError as error:
        raise PanelError(not_read(str(path), error)) from error


def _content_to_keep(path: Path) -> bytes | None:
    """Return the content of the file that is to be replaced, None if there is none or only a link to none."""
    try:
        return read_file(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        told = notice("settings_file.not_backed_up", path=str(path), reason=reason_of(error))
        raise PanelError(told) from error


def _replace(path: Path, before: bytes | None, settings: Settings) -> Stamp:
    """Write the file, or what it links to; whoever calls holds the lock."""
    if before:
        write_whole(path.with_name(f"{path.name}.bak"), before)
    write_whole(_target(path), codec.dump(settings))
    return stamp(path)


def _locked(path: Path) -> AbstractContextManager[None]:
    """Return the lock of the file, or of what it links to: other state folders may link to the same."""
    try:
        target = _target(path)
        return exclusive(target if target.is_file() or not target.exists() else path)
    except OSError as error:  # the folder is closed to this user
        raise PanelError(not_read(str(path), error, notice("advice.other_user"))) from error


def _target(path: Path) -> Path:
    """Return the file, or what it links to. Raises PanelError if that cannot be written."""
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    if target != path and not target.parent.is_dir():
        raise PanelError(_no_target(path))
    return target


def _no_target(path: Path) -> Notice:
    return notice("settings_file.no_target", path=str(path), target=os.path.realpath(path))


def _all_default(path: Path, why: Notice) -> Problem:
    return Problem(path.name, notice("settings_file.all_default", why=why))


def _moved_aside(path: Path, why: Notice) -> Problem:
    if path.is_symlink():
        return _all_default(path, why)
    aside = _aside(path)
    try:
        path.rename(aside)
    except OSError as error:
        return Problem(path.name, notice("settings_file.not_moved", why=why, reason=reason_of(error)))
    return Problem(path.name, notice("settings_file.moved_aside", why=why, name=aside.name))


def _aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    return aside
