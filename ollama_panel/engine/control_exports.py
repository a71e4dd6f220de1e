"""What the panel's HTTP API and the window ask of the engine about exports that are put into force."""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from ollama_panel import __version__
from ollama_panel.core import snapshot_export
from ollama_panel.core.applying.record import Applying, FileChange
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import notice
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.snapshot_export import ExportChoice
from ollama_panel.engine import clock
from ollama_panel.engine.applying.applier import Applier
from ollama_panel.engine.applying.hosts import connect

T = TypeVar("T")


class ExportCommands:
    """The commands; see `proxy.panel_api.source.ExportsSource`.

    `folder` keeps what was put into force. `snapshot` returns the state; `to_its_end` carries out what goes on if
    whoever has asked for it leaves. `changed` is called when `applying` is another.
    """

    def __init__(
        self,
        folder: Path,
        snapshot: Callable[[], Awaitable[Snapshot]],
        to_its_end: Callable[[Coroutine[Any, Any, Applying]], Coroutine[Any, Any, Applying]],
    ) -> None:
        self._snapshot = snapshot
        self._to_its_end = to_its_end
        self.changed: Callable[[], None] = lambda: None
        self._applier = Applier(folder, partial(connect, asks=False), self._tell)
        self.applying: Applying | None = self._applier.pending()

    def _tell(self, applying: Applying) -> None:
        self.applying = applying
        self.changed()

    async def made(self, target: str, pools: tuple[PoolName, ...] = (), *, of_user: bool = False) -> Export:
        """Return the export of the settings in force for this machine."""
        snapshot = await self._real()
        today = date.fromtimestamp(clock.wall()).isoformat()
        choice = ExportChoice(pools=pools, of_user=of_user)
        return snapshot_export.made(snapshot, target, choice, version=__version__, date=today)

    async def installed(self, export: Export, host: str = "") -> tuple[FileChange, ...]:
        """Return how the files of an export differ from those on a machine."""
        return await self._applier.installed(export, host)

    async def plan(self, export: Export, host: str = "") -> Applying:
        """Return what would be done."""
        return await self._applier.plan(export, host)

    async def verify(self, export: Export, host: str = "") -> Applying:
        """Return what is in force of an export."""
        return await self._applier.verify(export, host)

    async def plan_undo(self, host: str = "", target: str = "") -> Applying:
        """Return what going back would change."""
        return await self._applier.plan_undo(host, target)

    async def apply(
        self, export: Export, host: str = "", *, plan: str = "", now: bool = False, ask_password: bool = False
    ) -> Applying:
        """Put an export into force, or go on with that."""
        await self._real()
        return await self._to_its_end(
            self._applier.apply(export, host, plan_id=plan, now=now, ask_password=ask_password)
        )

    async def undo(
        self, host: str = "", target: str = "", *, now: bool = False, ask_password: bool = False
    ) -> Applying:
        """Bring back what was there before."""
        return await self._to_its_end(self._applier.undo(host, target, now=now, ask_password=ask_password))

    async def restart_now(self) -> None:
        """Wait no longer for clients."""
        self._applier.restart_now()

    async def cancel(self) -> None:
        """Break off what waits for clients."""
        self._applier.cancel()

    async def _real(self) -> Snapshot:
        """Return the state. Raises PanelError in a demonstration, whose Ollama is none that a service could run."""
        snapshot = await self._snapshot()
        if snapshot.demo:
            raise PanelError(notice("apply.demo"))
        return snapshot
