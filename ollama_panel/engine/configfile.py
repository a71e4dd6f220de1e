"""The settings file. An unreadable one is moved aside when read; writing keeps the previous one as `.bak`."""

from pathlib import Path

import msgspec

from ollama_panel.core.errors import PanelError, not_read, reason_of
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.engine.files import write_whole

Stamp = tuple[int, int] | None
"""Modification time (ns) and size, to notice that a file has changed; None = no file."""


class Loaded(msgspec.Struct, frozen=True):
    """Settings, problems to show to the user, and the stamp of the file that they were read from."""

    settings: Settings
    problems: tuple[Problem, ...]
    stamp: Stamp


def read(path: Path) -> Loaded:
    """Return the settings in the file, or the defaults if there is none or it is invalid; then it is moved aside."""
    at = stamp(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Loaded(Settings(), (), None)
    except OSError as error:
        return Loaded(Settings(), (Problem(path.name, not_read(str(path), error)),), at)
    try:
        codec.tree(raw)
    except PanelError as error:
        return Loaded(Settings(), (_moved_aside(path, error.notice),), None)
    settings, problems = codec.load(raw)
    return Loaded(settings, problems, at)


def reread(path: Path) -> Loaded | None:
    """Return the settings in a file that changed while the panel runs, or None if it was deleted.

    Raises PanelError if it cannot be read; the file is not moved, because somebody may be editing it.
    """
    at = stamp(path)
    try:
        raw = path.read_bytes()
        codec.tree(raw)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PanelError(notice("settings_file.kept", why=not_read(str(path), error))) from error
    except PanelError as error:
        raise PanelError(notice("settings_file.kept", why=error.notice)) from error
    settings, problems = codec.load(raw)
    return Loaded(settings, problems, at)


def write(path: Path, settings: Settings) -> Stamp:
    """Replace the file, keep its previous content in `.bak` and return its stamp. Raises PanelError if that fails."""
    try:
        before = path.read_bytes()
    except FileNotFoundError:
        before = b""
    except OSError as error:
        told = notice("settings_file.not_backed_up", path=str(path), reason=reason_of(error))
        raise PanelError(told) from error
    if before:
        write_whole(path.with_name(f"{path.name}.bak"), before)
    write_whole(path, codec.dump(settings))
    return stamp(path)


def stamp(path: Path) -> Stamp:
    """Return the stamp of the file, or None if it cannot be read."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _moved_aside(path: Path, why: Notice) -> Problem:
    number = 1
    while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    try:
        path.rename(aside)
    except OSError as error:
        return Problem(path.name, notice("settings_file.not_moved", why=why, reason=reason_of(error)))
    return Problem(path.name, notice("settings_file.moved_aside", why=why, name=aside.name))
