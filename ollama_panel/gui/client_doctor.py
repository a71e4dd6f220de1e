"""The commands of the window to the doctor; see `client`."""

from ollama_panel.core.findings import BundleFile, DoctorRecord, FixPlan, Mended
from ollama_panel.gui.client_exports import Call


class DoctorClient:
    """The commands; the snapshot has what was found. They raise PanelError."""

    def __init__(self, call: Call) -> None:
        self._call = call

    async def check(self) -> DoctorRecord:
        """Look at everything now, and return what was found."""
        return await self._call(lambda panel: panel.doctor.check())

    async def ignore(self, finding: str) -> DoctorRecord:
        """Set a finding aside. Raises PanelError if there is none of that id."""
        return await self._call(lambda panel: panel.doctor.ignore(finding))

    async def show_again(self, finding: str) -> DoctorRecord:
        """Take back that a finding is set aside."""
        return await self._call(lambda panel: panel.doctor.show_again(finding))

    async def plan(self, finding: str) -> FixPlan:
        """Return what the fix of a finding would do; it only reads. Raises PanelError if it has none."""
        return await self._call(lambda panel: panel.doctor.plan(finding))

    async def fix(self, finding: str, *, plan: str = "", ask_password: bool = False) -> Mended:
        """Mend a finding as it was planned, or go on with that; see `DoctorSource.fix`."""
        return await self._call(lambda panel: panel.doctor.fix(finding, plan=plan, ask_password=ask_password))

    async def plan_undo(self, mended: str) -> FixPlan:
        """Return what `undo` would do; it only reads. Raises PanelError if it cannot be taken back."""
        return await self._call(lambda panel: panel.doctor.plan_undo(mended))

    async def undo(self, mended: str, *, ask_password: bool = False) -> Mended:
        """Take back what has mended a finding. Raises PanelError if it cannot be taken back."""
        return await self._call(lambda panel: panel.doctor.undo(mended, ask_password=ask_password))

    async def restart_now(self) -> None:
        """Wait no longer until no client is at work."""
        await self._call(lambda panel: panel.doctor.restart_now())

    async def cancel(self) -> None:
        """Break off what waits for clients: what was written goes back."""
        await self._call(lambda panel: panel.doctor.cancel())

    async def bundle(self) -> tuple[BundleFile, ...]:
        """Return the files of a support bundle, without secrets."""
        return await self._call(lambda panel: panel.doctor.bundle())
