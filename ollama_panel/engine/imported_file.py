"""The file of the last import in the state folder: the settings before and after it, so that it can be undone."""

from pathlib import Path

import msgspec

from ollama_panel.core.errors import PanelError, not_read, not_written
from ollama_panel.core.importing.record import ImportPlan, LastImport
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.merge import taken_back
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine.files import read_file, write_whole


class _Kept(msgspec.Struct, frozen=True):
    """The content of the file; the settings are those of the settings file, with what is secret in them."""

    at: float
    sources: tuple[str, ...]
    changes: tuple[Notice, ...]
    before: Settings
    after: Settings


def keep(path: Path, at: float, plan: ImportPlan, before: Settings, after: Settings) -> None:
    """Keep what undoes an import at Unix time `at`. Raises PanelError if the file cannot be written."""
    kept = _Kept(at, tuple(one.path for one in plan.sources), plan.changes, before, after)
    write_whole(path, msgspec.json.encode(kept))


def last(path: Path) -> LastImport:
    """Return the last import that can be undone. Raises PanelError if the file cannot be read."""
    kept = _read(path)
    return LastImport() if kept is None else LastImport(kept.at, kept.sources, kept.changes)


def undone(path: Path, now: Settings) -> Settings:
    """Return settings without the last import; what was changed since stays.

    Raises PanelError if there is none, or if the file cannot be read.
    """
    kept = _read(path)
    if kept is None:
        raise PanelError(notice("import.none_to_undo"))
    settings = taken_back(kept.before, kept.after, now)
    codec.require_valid(settings)
    return settings


def forget(path: Path) -> None:
    """Forget the last import. Raises PanelError if the file cannot be removed."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise PanelError(not_written(str(path), error, notice("advice.folder_rights"))) from error


def _read(path: Path) -> _Kept | None:
    try:
        return msgspec.json.decode(read_file(path), type=_Kept)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PanelError(not_read(str(path), error)) from error
