"""The exports of a panel without an engine."""

from ollama_panel.core.applying.record import Applying, ApplyStage, FileChange
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Export, ExportFile, Syntax
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import notice

FILE = ExportFile("zz.conf", "new\n", Syntax.INI, "/etc/systemd/system/ollama.service.d/zz.conf")


class FakeExports:
    """Knows the target `systemd` alone; `calls` is what it was asked for, `answer` what it answers."""

    def __init__(self) -> None:
        self.applying: Applying | None = None
        self.calls: list[tuple[object, ...]] = []
        self.answer = Applying("1", "systemd", "", ApplyStage.PLANNED)

    async def made(self, target: str, pools: tuple[PoolName, ...] = (), *, of_user: bool = False) -> Export:
        if target != "systemd":
            raise PanelError(notice("export.unknown_target", target=target, known=("systemd",)))
        self.calls.append(("made", pools, of_user))
        return Export((FILE,), (), target=target)

    async def installed(self, export: Export, host: str = "") -> tuple[FileChange, ...]:
        return ()

    async def plan(self, export: Export, host: str = "") -> Applying:
        return self.answer

    async def verify(self, export: Export, host: str = "") -> Applying:
        self.calls.append(("verify", host))
        return self.answer

    async def plan_undo(self, host: str = "", target: str = "") -> Applying:
        self.calls.append(("plan_undo", host, target))
        return self.answer

    async def apply(
        self, export: Export, host: str = "", *, plan: str = "", now: bool = False, ask_password: bool = False
    ) -> Applying:
        self.calls.append(("apply", host, plan, now, ask_password))
        return self.answer

    async def undo(
        self, host: str = "", target: str = "", *, now: bool = False, ask_password: bool = False
    ) -> Applying:
        self.calls.append(("undo", host, target, now, ask_password))
        return self.answer

    async def restart_now(self) -> None:
        self.calls.append(("restart_now",))

    async def cancel(self) -> None:
        self.calls.append(("cancel",))
