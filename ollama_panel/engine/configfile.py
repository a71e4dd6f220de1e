"""The settings file: reading moves aside what is no settings file, writing keeps the one before as `.bak`."""

from pathlib import Path

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.engine.files import write_whole

Stamp = tuple[int, int] | None
"""Modification time (ns) and size: what tells a changed file from the same one; None = no file."""


class Loaded(msgspec.Struct, frozen=True):
    """Settings and what a person should know about them; `stamp` is that of the file they came from."""

    settings: Settings
    problems: tuple[Problem, ...]
    stamp: Stamp


def read(path: Path) -> Loaded:
    """Return what the file holds; without a file the defaults, with an unreadable one too and it is moved aside."""
    at = stamp(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Loaded(Settings(), (), None)
    except OSError as error:
        return Loaded(Settings(), (Problem(path.name, f"{path} cannot be read ({error.strerror or error})."),), at)
    try:
        codec.tree(raw)
    except PanelError as error:
        return Loaded(Settings(), (_moved_aside(path, str(error)),), None)
    settings, problems = codec.load(raw)
    return Loaded(settings, problems, at)


def reread(path: Path) -> Loaded | None:
    """Return what a file holds that was changed while the panel runs, None if it is gone.

    PanelError if it cannot be read: the file stays where it is, for whoever is editing it.
    """
    at = stamp(path)
    try:
        raw = path.read_bytes()
        codec.tree(raw)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PanelError(
            f"{path} cannot be read ({error.strerror or error}); the settings stay as they are."
        ) from error
    except PanelError as error:
        raise PanelError(f"{error} The settings stay as they are.") from error
    settings, problems = codec.load(raw)
    return Loaded(settings, problems, at)


def write(path: Path, settings: Settings) -> Stamp:
    """Replace the file, keep its last content in `.bak`; PanelError if the disk refuses."""
    try:
        before = path.read_bytes()
    except FileNotFoundError:
        before = b""
    except OSError as error:
        raise PanelError(f"{path} cannot be backed up ({error.strerror or error}); nothing was changed.") from error
    if before:
        write_whole(path.with_name(f"{path.name}.bak"), before)
    write_whole(path, codec.dump(settings))
    return stamp(path)


def stamp(path: Path) -> Stamp:
    """Return what tells whether the file has changed."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _moved_aside(path: Path, why: str) -> Problem:
    number = 1
    while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    try:
        path.rename(aside)
    except OSError as error:
        return Problem(path.name, f"{why} It cannot be moved aside ({error.strerror or error}); the defaults are used.")
    return Problem(path.name, f"{why} It is kept as {aside.name}; the defaults are used.")
