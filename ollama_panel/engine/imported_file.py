"""The file of the last imports in the state folder: the settings before and after each, so that each can be undone."""

import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ollama_panel.core.errors import PanelError, folder_advice, not_read, not_written
from ollama_panel.core.importing.record import ImportPlan, LastImport
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.merge import taken_back
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine.files import read_file, write_whole

_LOG = logging.getLogger(__name__)
MOST = 20
"""How many imports can be undone; older ones are forgotten."""


class _Kept(msgspec.Struct, frozen=True):
    """An import in the file; the settings are those of the settings file, with what is secret in them."""

    at: float
    sources: tuple[str, ...]
    changes: tuple[Notice, ...]
    before: Settings
    after: Settings


def keep(path: Path, at: float, plan: ImportPlan, before: Settings, after: Settings) -> None:
    """Keep what undoes an import at Unix time `at`. Raises PanelError if the file cannot be written."""
    kept = _Kept(at, tuple(one.path for one in plan.sources), plan.changes, before, after)
    _write(path, (*_read_to_go_on(path), kept)[-MOST:])


def last(path: Path) -> LastImport:
    """Return the last import that can be undone. Raises PanelError if the file cannot be read."""
    kept = _read(path)
    return LastImport(kept[-1].at, kept[-1].sources, kept[-1].changes) if kept else LastImport()


def undone(path: Path, now: Settings, at: float | None = None) -> Settings:
    """Return settings without the import of a Unix time, None = the last one; what was changed since stays.

    Raises PanelError if there is none, or if the file cannot be read.
    """
    kept = _chosen(_read(path), at)
    if not kept:
        raise PanelError(notice("import.none_to_undo"))
    settings = taken_back(kept[-1].before, kept[-1].after, now)
    codec.require_valid(settings)
    return settings


def forget(path: Path, at: float | None = None) -> None:
    """Forget the import of a Unix time, None = the last one. Raises PanelError if the file cannot be written."""
    kept = _read(path)
    gone = _chosen(kept, at)[-1:]
    left = [one for one in kept if one not in gone]
    if left:
        _write(path, left)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise PanelError(not_written(str(path), error, folder_advice(error))) from error


def _chosen(kept: Sequence[_Kept], at: float | None) -> Sequence[_Kept]:
    return kept if at is None else [one for one in kept if one.at == at]


def _write(path: Path, kept: Sequence[_Kept]) -> None:
    write_whole(path, msgspec.json.encode(kept))


def _read_to_go_on(path: Path) -> tuple[_Kept, ...]:
    """Return the imports before a new one; a file that cannot be read gives none, as the new one takes its place."""
    try:
        return _read(path)
    except PanelError as error:
        _LOG.warning(render(error.notice))
        return ()


def _read(path: Path) -> tuple[_Kept, ...]:
    """Return the imports of the file, the last one at the end."""
    try:
        found = msgspec.json.decode(read_file(path), type=tuple[_Kept, ...] | _Kept)
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PanelError(not_read(str(path), error)) from error
    return found if isinstance(found, tuple) else (found,)
