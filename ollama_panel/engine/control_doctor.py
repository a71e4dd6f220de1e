"""What the panel's HTTP API and the window ask of the engine about the doctor of this machine."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Protocol, TypeVar

import msgspec

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import BundleFile, DoctorRecord, FixPlan, Mended, UseRemedy
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import SettingsChanged
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.engine.applying.hosts import Local
from ollama_panel.engine.doctor import bundling, panel_file, remedies
from ollama_panel.engine.doctor.gathering import gather
from ollama_panel.engine.doctor.mending import Permission
from ollama_panel.engine.doctor.remedies import GivenGpu, Switches, TakeOver
from ollama_panel.engine.doctor.session import DoctorSession
from ollama_panel.engine.paths import Paths

T = TypeVar("T")


class ToItsEnd(Protocol):
    """Carries out what goes on if whoever has asked for it leaves."""

    async def __call__(self, work: Coroutine[Any, Any, T], /) -> T:
        """Return what comes of it."""
        ...


class Commands(TakeOver, Protocol):
    """What the engine's side of the API can do."""

    async def snapshot(self) -> Snapshot:
        """Return the state."""
        ...

    @property
    def gpu_yield(self) -> GivenGpu:
        """What takes the GPU back from others."""
        ...

    async def refresh_servers(self) -> None:
        """Look at the Ollama servers of this machine."""
        ...

    async def change(self, edit: Edit, *, wait: bool, dry_run: bool) -> SettingsChanged:
        """Change the settings."""
        ...

    async def log_lines(self, instance: InstanceId, after: int = 0) -> tuple[int, tuple[str, ...]]:
        """Return the log lines of an instance, and the number of the last one."""
        ...


class _OwnPanel:
    """The panel that the doctor is a part of."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self.switches: Switches | None = None

    async def change(self, edit: Edit, *, wait: bool, dry_run: bool) -> SettingsChanged:
        return await self._commands.change(edit, wait=wait, dry_run=dry_run)

    async def use(self, remedy: UseRemedy) -> None:
        assert self.switches is not None
        await remedies.use(remedy, self.switches, self._commands, self._commands.gpu_yield, self._roll_out)

    async def _roll_out(self) -> SettingsChanged:
        return await self.change(lambda settings: settings, wait=True, dry_run=False)


class DoctorCommands:
    """The commands; see `proxy.panel_api.source.DoctorSource`.

    `paths` are those of the state folder, `commands` those of the engine. `changed` is called when `record` is another.
    """

    def __init__(self, paths: Paths, commands: Commands, to_its_end: ToItsEnd) -> None:
        self._paths = paths
        self._commands = commands
        self._panel = _OwnPanel(commands)
        self._to_its_end = to_its_end
        self.changed: Callable[[], None] = lambda: None
        self._session = DoctorSession(
            paths.doctor, self._gather, tell=lambda: self.changed(), panel=self._panel, guard=self._require_real
        )
        with suppress(PanelError):  # a check says it
            self._session.open()

    def connect(self, switches: Switches) -> None:
        """Let fixes press the buttons of an engine."""
        self._panel.switches = switches

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
        return await self._session.plan(finding)

    async def fix(self, finding: str, *, plan: str = "", now: bool = False, ask_password: bool = False) -> Mended:
        """Mend a finding, or go on with that, and check again."""
        return await self._to_its_end(self._session.fix(finding, Permission(plan, now, ask_password)))

    async def plan_undo(self, mended: str) -> FixPlan:
        """Return what taking it back would do."""
        return await self._session.plan_undo(mended)

    async def undo(self, mended: str, *, now: bool = False, ask_password: bool = False) -> Mended:
        """Take back what has mended a finding."""
        return await self._to_its_end(self._session.undo(mended, Permission("", now, ask_password)))

    async def restart_now(self) -> None:
        """Wait no longer for clients."""
        self._session.restart_now()

    async def cancel(self) -> None:
        """Break off what waits for clients."""
        self._session.cancel()

    async def bundle(self) -> tuple[BundleFile, ...]:
        """Return the files of a support bundle."""
        facts = self._session.facts
        if facts is None:
            await self.check()
            facts = self._session.facts or Facts()
        snapshot, logs = await self._commands.snapshot(), dict[str, Sequence[str]]()
        for one in snapshot.instances:
            _, logs[f"{one.id}.log"] = await self._commands.log_lines(one.id)
        return await bundling.made(self._session.record, facts, self._paths, snapshot.settings, logs)

    async def _require_real(self) -> None:
        """Raise PanelError in a demonstration: it changes nothing of the machine."""
        if (await self._commands.snapshot()).demo:
            raise PanelError(notice("doctor.demo"))

    async def _gather(self) -> Facts:
        await self._commands.refresh_servers()
        facts = await gather(Local(), await self._commands.snapshot())
        own = await asyncio.to_thread(panel_file.look, self._paths.settings)
        return msgspec.structs.replace(facts, panel_file=own)
