"""What the engine finds out about exports: what is installed at their places, and what the tools say of them."""

from collections.abc import Iterable

import msgspec
from PySide6.QtCore import QObject, Signal

from ollama_panel.core.applying.record import FileChange
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.export.judges import Verdict
from ollama_panel.core.notices import Notice
from ollama_panel.gui import tasks
from ollama_panel.gui.client import EngineClient


class Look(msgspec.Struct, frozen=True):
    """What was found at the places of an export's files, or why nothing could be."""

    changes: tuple[FileChange, ...] | None = None
    problem: Notice | None = None


class ExportLooks(QObject):
    """Asks one thing after another, the newest first. `looked` and `judged` have the id of the target.

    A verdict is of one text; what is installed is known until it is looked at again.
    """

    looked = Signal(str)
    judged = Signal(str)

    def __init__(self, client: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._looks: dict[str, Look] = {}
        self._wanted: list[Export] = []
        self._looking = self._judging = False
        self._to_judge: Export | None = None
        self._verdicts: tuple[Export, tuple[Verdict, ...] | None] | None = None

    def look_of(self, target: str) -> Look | None:
        """Return what was found last for a target, None = nothing was looked for."""
        return self._looks.get(target)

    def verdicts_of(self, export: Export) -> tuple[Verdict, ...] | None:
        """Return what the tools say of an export, None = nothing yet."""
        known = self._verdicts
        return known[1] if known is not None and known[0].files == export.files else None

    def look(self, exports: Iterable[Export]) -> None:
        """Look at the places of the files of some exports, before others that were still to be looked at."""
        first = {export.target: export for export in exports if any(file.place for file in export.files)}
        self._wanted = [*first.values(), *(one for one in self._wanted if one.target not in first)]
        if not self._looking and self._wanted:
            self._looking = True
            self._client.spawn(self._look())

    def judge(self, export: Export) -> None:
        """Let the tools judge an export, unless they have done so."""
        if self._verdicts is not None and self._verdicts[0].files == export.files:
            return
        self._to_judge = export
        if not self._judging:
            self._judging = True
            self._client.spawn(self._judge())

    async def _look(self) -> None:
        try:
            while self._wanted:
                export = self._wanted.pop(0)
                try:
                    found = Look(await self._client.exports.installed(export))
                except PanelError as error:
                    found = Look(problem=error.notice)
                if not tasks.exists(self):
                    return
                self._looks[export.target] = found
                self.looked.emit(export.target)
        finally:
            if tasks.exists(self):
                self._looking = False

    async def _judge(self) -> None:
        try:
            while (export := self._to_judge) is not None:
                self._to_judge = None
                verdicts = await self._client.judge_export(export.target, export)
                if not tasks.exists(self):
                    return
                self._verdicts = export, verdicts
                self.judged.emit(export.target)
        finally:
            if tasks.exists(self):
                self._judging = False
