"""The files of an export beside what is installed at their places."""

from collections.abc import Sequence

import msgspec

from ollama_panel.core.applying.record import FileChange, FileState
from ollama_panel.core.export.deployment import Export, ExportFile
from ollama_panel.core.export.difference import Row, differs, rows


class ComparedFile(msgspec.Struct, frozen=True):
    """A file, and what is at its place: `change` None = not looked yet, or it has no place."""

    file: ExportFile
    change: FileChange | None = None
    rows: tuple[Row, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether other settings are installed there; another comment, such as a day, is none."""
        return self.change is not None and self.change.state is FileState.CHANGED and differs(self.rows)


def compared(export: Export, changes: Sequence[FileChange] | None) -> tuple[ComparedFile, ...]:
    """Return the files of an export beside what was found at their places, in their order; None = not known yet.

    What was found before the export changed holds on: its state is that against the new text.
    """
    found = iter(changes or ())
    return tuple(_compared(file, next(found, None) if file.place else None) for file in export.files)


def differ(files: Sequence[ComparedFile]) -> bool:
    """Return whether an export is installed with other settings, or only some of its files are."""
    there = [one for one in files if one.change is not None and one.change.state is not FileState.UNREADABLE]
    new = [one for one in there if one.change is not None and one.change.state is FileState.NEW]
    return any(one.differs for one in there) or 0 < len(new) < len(there)


def _compared(file: ExportFile, change: FileChange | None) -> ComparedFile:
    if change is None or change.state is FileState.UNREADABLE:
        return ComparedFile(file, change)
    if change.state is not FileState.NEW:
        state = FileState.SAME if change.before == file.text else FileState.CHANGED
        change = msgspec.structs.replace(change, state=state)
    return ComparedFile(file, change, rows(change.before, file.text, file.syntax))
