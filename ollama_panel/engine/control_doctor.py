"""What the panel's HTTP API and the window ask of the engine about the doctor of this machine."""

from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import BundleFile, DoctorRecord, FixPlan, Mended
from ollama_panel.core.notices import notice
from ollama_panel.core.settings import forms
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.engine import clock
from ollama_panel.engine.doctor.session import DoctorSession

T = TypeVar("T")


class ToItsEnd(Protocol):
    """Carries out what goes on if whoever has asked for it leaves."""

    async def __call__(self, work: Coroutine[Any, Any, T], /) -> T:
        """Return what comes of it."""
        ...


class DoctorCommands:
    """The commands; see `proxy.panel_api.source.DoctorSource`.

    `folder` keeps what was mended. `snapshot` returns the state. `changed` is called when `record` is another.
    """

    def __init__(self, folder: Path, snapshot: Callable[[], Awaitable[Snapshot]], to_its_end: ToItsEnd) -> None:
        self._snapshot = snapshot
        self._to_its_end = to_its_end
        self.changed: Callable[[], None] = lambda: None
        self._session = DoctorSession(folder, self._gather, tell=lambda: self.changed())

    @property
    def record(self) -> DoctorRecord:
        """What it has found and mended."""
        return self._session.record

    async def check(self) -> DoctorRecord:
        """Look at everything now."""
        return await self._to_its_end(self._session.check())

    async def ignore(self, finding: str) -> DoctorRecord:
        """Set a finding aside."""
        return await self._session.ignore(finding)

    async def show_again(self, finding: str) -> DoctorRecord:
        """Take back that a finding is set aside."""
        return await self._session.show_again(finding)

    async def plan(self, finding: str) -> FixPlan:
        """Return what the fix of a finding would do."""
        raise PanelError(notice("doctor.no_finding", finding=forms.quoted(finding)))

    async def fix(self, finding: str, *, plan: str = "", now: bool = False, ask_password: bool = False) -> Mended:
        """Mend a finding, or go on with that, and check again."""
        raise PanelError(notice("doctor.no_finding", finding=forms.quoted(finding)))

    async def plan_undo(self, mended: str) -> FixPlan:
        """Return what taking it back would do."""
        raise PanelError(notice("doctor.no_finding", finding=forms.quoted(mended)))

    async def undo(self, mended: str, *, now: bool = False, ask_password: bool = False) -> Mended:
        """Take back what has mended a finding."""
        raise PanelError(notice("doctor.no_finding", finding=forms.quoted(mended)))

    async def restart_now(self) -> None:
        """Wait no longer for clients."""

    async def cancel(self) -> None:
        """Break off what waits for clients."""

    async def bundle(self) -> tuple[BundleFile, ...]:
        """Return the files of a support bundle."""
        return ()

    async def _gather(self) -> Facts:
        return Facts(clock.wall(), snapshot=await self._snapshot())
