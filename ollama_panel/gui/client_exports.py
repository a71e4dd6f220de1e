"""The commands of the window about exports that are put into force; see `client`."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ollama_panel.core.applying.record import Applying, FileChange

if TYPE_CHECKING:  # importing what renders exports takes longer than opening the window
    from ollama_panel.core.export.deployment import Export
    from ollama_panel.proxy.panel_api.source import PanelSource

T = TypeVar("T")


class Call(Protocol):
    """Runs a command on the engine's loop, and raises its PanelErrors."""

    async def __call__(self, command: "Callable[[PanelSource], Coroutine[Any, Any, T]]", /) -> T:
        """Return what the command returns."""
        ...


class ExportClient:
    """The commands. A `host` is `user@machine` for the system's ssh, "" = this machine. Commands raise PanelError."""

    def __init__(self, call: Call) -> None:
        self._call = call

    async def installed(self, export: "Export", host: str = "") -> tuple[FileChange, ...]:
        """Return how the files of an export that have a place differ from those on a machine; it only reads."""
        return await self._call(lambda panel: panel.exports.installed(export, host))

    async def plan(self, export: "Export", host: str = "") -> Applying:
        """Return what would be done; it only reads. Raises PanelError if that is not possible."""
        return await self._call(lambda panel: panel.exports.plan(export, host))

    async def verify(self, export: "Export", host: str = "") -> Applying:
        """Return what is in force of an export, with what proves it; it only reads."""
        return await self._call(lambda panel: panel.exports.verify(export, host))

    async def plan_undo(self, host: str = "", target: str = "") -> Applying:
        """Return what `undo` would change; it only reads. Raises PanelError if there is nothing to undo."""
        return await self._call(lambda panel: panel.exports.plan_undo(host, target))

    async def apply(
        self, export: "Export", host: str = "", *, plan: str = "", now: bool = False, ask_password: bool = False
    ) -> Applying:
        """Put an export into force, prove it or go back; or go on with that; see `ExportsSource.apply`."""
        return await self._call(
            lambda panel: panel.exports.apply(export, host, plan=plan, now=now, ask_password=ask_password)
        )

    async def undo(
        self, host: str = "", target: str = "", *, now: bool = False, ask_password: bool = False
    ) -> Applying:
        """Bring back what was there before the newest export of a machine; "" = whatever its target."""
        return await self._call(lambda panel: panel.exports.undo(host, target, now=now, ask_password=ask_password))

    async def restart_now(self) -> None:
        """Wait no longer until no client is at work."""
        await self._call(lambda panel: panel.exports.restart_now())

    async def cancel(self) -> None:
        """Break off what waits for clients: what was written goes back."""
        await self._call(lambda panel: panel.exports.cancel())
