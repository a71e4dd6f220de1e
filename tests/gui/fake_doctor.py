"""The commands to the doctor of a client without an engine."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from ollama_panel.core.findings import BundleFile, DoctorRecord, FixPlan, Mended

if TYPE_CHECKING:
    from tests.gui.fake_client import FakeClient


class FakeDoctor:
    """Has the methods of `DoctorClient`: the client records a call, and returns what a test has set for it."""

    def __init__(self, answer: Callable[..., Awaitable[Any]], client: "FakeClient") -> None:
        self._answer, self._client = answer, client

    async def check(self) -> DoctorRecord:
        return await self._answer("doctor.check") or self._client.snapshot.doctor

    async def ignore(self, finding: str) -> DoctorRecord:
        return await self._answer("doctor.ignore", finding) or self._client.snapshot.doctor

    async def show_again(self, finding: str) -> DoctorRecord:
        return await self._answer("doctor.show_again", finding) or self._client.snapshot.doctor

    async def plan(self, finding: str) -> FixPlan:
        return await self._answer("doctor.plan", finding) or FixPlan("plan-1", finding)

    async def fix(self, finding: str, *, plan: str = "", ask_password: bool = False) -> Mended:
        return await self._answer("doctor.fix", finding, plan, ask_password) or self._mended(finding)

    async def plan_undo(self, mended: str) -> FixPlan:
        return await self._answer("doctor.plan_undo", mended) or FixPlan("plan-2", "")

    async def restart_now(self) -> None:
        await self._answer("doctor.restart_now")

    async def cancel(self) -> None:
        await self._answer("doctor.cancel")

    async def undo(self, mended: str, *, ask_password: bool = False) -> Mended:
        return await self._answer("doctor.undo", mended, ask_password) or self._mended("", undone=True)

    async def bundle(self) -> tuple[BundleFile, ...]:
        return await self._answer("doctor.bundle") or ()

    def _mended(self, finding: str, *, undone: bool = False) -> Mended:
        every = self._client.snapshot.doctor.open
        told = next((one.told for one in every if one.id == finding), every[0].told)
        return Mended("mended-1", finding, told, 0.0, can_undo=not undone, undone=undone)
