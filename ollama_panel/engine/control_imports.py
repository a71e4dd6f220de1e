"""What the panel's HTTP API and the window ask of the engine about imports of configuration sources."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from ollama_panel.core.importing.plan import planned
from ollama_panel.core.importing.record import Import, Imported, ImportPlan, ImportRequest, LastImport
from ollama_panel.core.panel_api import SettingsChanged
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.engine import clock, imported_file
from ollama_panel.engine.control_profiles import Change
from ollama_panel.engine.importing import here_of, readings_of, sources_for, to_apply


class ImportCommands:
    """The commands; see `proxy.panel_api.source.ImportsSource`.

    `path` keeps the settings before the last import. `snapshot` returns the state, `settings` those in the file, and
    `change` changes them.
    """

    def __init__(
        self,
        path: Path,
        snapshot: Callable[[], Awaitable[Snapshot]],
        settings: Callable[[], Awaitable[Settings]],
        change: Change,
    ) -> None:
        self._path, self._snapshot, self._settings, self._change = path, snapshot, settings, change

    async def plan(self, request: ImportRequest) -> ImportPlan:
        """Return what an import would do."""
        readings = await asyncio.to_thread(readings_of, await sources_for(request))
        snapshot, settings = await self._snapshot(), await self._settings()
        return planned(readings, settings, request.accept, here_of(snapshot)).plan

    async def apply(self, request: ImportRequest, *, wait: bool) -> Imported:
        """Put an import into force, and keep what undoes it."""
        readings = await asyncio.to_thread(readings_of, await sources_for(request))
        here = here_of(await self._snapshot())
        made = list[tuple[Settings, Import]]()

        def edit(before: Settings) -> Settings:
            one = to_apply(readings, request, before, here)
            made.append((before, one))
            return one.settings

        changed = await self._change(edit, wait=wait, dry_run=False)
        before, one = made[-1]
        at = clock.wall()
        if before != one.settings:
            await asyncio.to_thread(imported_file.keep, self._path, at, one.plan, before, one.settings)
        return Imported(at, one.plan, changed.effects, changed.problems)

    async def undo(self, *, wait: bool, at: float | None = None) -> SettingsChanged:
        """Take back the import of a Unix time, None = the last one."""
        changed = await self._change(lambda now: imported_file.undone(self._path, now, at), wait=wait, dry_run=False)
        await asyncio.to_thread(imported_file.forget, self._path, at)
        return changed

    async def last(self) -> LastImport:
        """Return the last import that can be undone."""
        return await asyncio.to_thread(imported_file.last, self._path)
