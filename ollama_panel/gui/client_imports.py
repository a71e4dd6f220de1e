"""The commands of the window about imports of configuration sources; see `client`."""

from typing import TYPE_CHECKING

from ollama_panel.gui.client_exports import Call

if TYPE_CHECKING:  # importing what plans an import takes longer than opening the window
    from ollama_panel.core.importing.record import Imported, ImportPlan, ImportRequest, LastImport
    from ollama_panel.core.panel_api import SettingsChanged


class ImportClient:
    """The commands. They raise PanelError."""

    def __init__(self, call: Call) -> None:
        self._call = call

    async def plan(self, request: "ImportRequest") -> "ImportPlan":
        """Return what an import would do; it only reads. Raises PanelError if there is no such source."""
        return await self._call(lambda panel: panel.imports.plan(request))

    async def apply(self, request: "ImportRequest") -> "Imported":
        """Put an import into force; return when all instances run with it. See `ImportsSource.apply`."""
        return await self._call(lambda panel: panel.imports.apply(request, wait=True))

    async def undo(self, at: float) -> "SettingsChanged":
        """Take back the import that was put into force at a Unix time. Raises PanelError if there is none."""
        return await self._call(lambda panel: panel.imports.undo(wait=True, at=at))

    async def last(self) -> "LastImport":
        """Return the last import that can be undone."""
        return await self._call(lambda panel: panel.imports.last())
