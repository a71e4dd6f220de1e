"""The doctor of a panel without an engine."""

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import (
    Area,
    BundleFile,
    CheckResult,
    CheckState,
    DoctorRecord,
    Finding,
    FixPlan,
    Ignored,
    Mended,
    Report,
    RunCommands,
)
from ollama_panel.core.notices import notice

FINDING = Finding(
    "settings.made-up",
    "settings.made-up",
    Area.SETTINGS,
    notice("doctor.no_finding", finding='"x"'),
    fix=RunCommands(("true",)),
)
CHECKED = CheckResult(FINDING.check, Area.SETTINGS, notice("doctor.area_settings"), CheckState.FOUND)


class FakeDoctor:
    """Has one finding; `calls` is what it was asked for, `answer` what comes of a fix."""

    def __init__(self) -> None:
        self.record = DoctorRecord(Report(1.0, findings=(FINDING,), checks=(CHECKED,)))
        self.calls: list[tuple[object, ...]] = []
        self.answer = Mended("1", FINDING.id, FINDING.told, 1.0, can_undo=True)
        self.files = (BundleFile("report.txt", notice("apply.prove"), "all is well\n"),)

    async def check(self) -> DoctorRecord:
        self.calls.append(("check",))
        return self.record

    async def ignore(self, finding: str) -> DoctorRecord:
        self._known(finding)
        self.record = msgspec.structs.replace(self.record, ignored=(Ignored(finding, FINDING.told, 1.0),))
        return self.record

    async def show_again(self, finding: str) -> DoctorRecord:
        self.record = msgspec.structs.replace(self.record, ignored=())
        return self.record

    async def plan(self, finding: str) -> FixPlan:
        self._known(finding)
        return FixPlan("1", finding)

    async def fix(self, finding: str, *, plan: str = "", now: bool = False, ask_password: bool = False) -> Mended:
        self._known(finding)
        self.calls.append(("fix", finding, plan, now, ask_password))
        return self.answer

    async def plan_undo(self, mended: str) -> FixPlan:
        return FixPlan("1", FINDING.id)

    async def undo(self, mended: str, *, now: bool = False, ask_password: bool = False) -> Mended:
        self.calls.append(("undo", mended, now, ask_password))
        return msgspec.structs.replace(self.answer, undone=True)

    async def restart_now(self) -> None:
        self.calls.append(("restart_now",))

    async def cancel(self) -> None:
        self.calls.append(("cancel",))

    async def bundle(self) -> tuple[BundleFile, ...]:
        return self.files

    def _known(self, finding: str) -> None:
        if finding != FINDING.id:
            raise PanelError(notice("doctor.no_finding", finding=finding))
