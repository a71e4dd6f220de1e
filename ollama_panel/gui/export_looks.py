"""What the engine finds out about exports: what is installed at their places, and what the tools say of them."""

import asyncio
from collections.abc import Callable, Iterable

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

    export: Export
    changes: tuple[FileChange, ...] | None = None
    problem: Notice | None = None


class ExportLooks(QObject):
    """Asks one thing after another, the newest first. `looked` and `judged` have the id of the target.

    A verdict is of one text; what is installed is known until it is looked at again. `render` returns the export for a
    target, None if there can be none.
    """

    looked = Signal(str)
    judged = Signal(str)

    def __init__(self, client: EngineClient, render: Callable[[str], Export | None], parent: QObject) -> None:
        super().__init__(parent)
        self._client, self._render = client, render
        self._looks: dict[str, Look] = {}
        self._wanted: list[str] = []
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

    def look(self, targets: Iterable[str]) -> None:
        """Look at the places of the files of some targets, before others that were still to be looked at."""
        self._wanted = [*dict.fromkeys((*targets, *self._wanted))]
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
                await asyncio.sleep(0)  # the window answers between two targets: some take a while to render
                if not tasks.exists(self):
                    return
                await self._look_at(self._wanted.pop(0))
        finally:
            if tasks.exists(self):
                self._looking = False

    async def _look_at(self, target: str) -> None:
        export = self._render(target)
        if export is None or not any(file.place for file in export.files):
            return
        try:
            found = Look(export, await self._client.exports.installed(export))
        except PanelError as error:
            found = Look(export, problem=error.notice)
        if tasks.exists(self):
            self._looks[target] = found
            self.looked.emit(target)

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
