"""The commands about exports of a client without an engine."""

from collections.abc import Awaitable, Callable
from typing import Any

from ollama_panel.core.applying.record import Applying, ApplyStage, FileChange
from ollama_panel.core.export.deployment import Export

PLANNED = Applying("1", "systemd", "", ApplyStage.PLANNED)


class FakeExports:
    """Has the methods of `ExportClient`; `answer` records a call, and returns what a test has set for it, or None."""

    def __init__(self, answer: Callable[..., Awaitable[Any]]) -> None:
        self._answer = answer

    async def installed(self, export: Export, host: str = "") -> tuple[FileChange, ...]:
        return await self._answer("exports.installed", export, host) or ()

    async def plan(self, export: Export, host: str = "") -> Applying:
        return await self._answer("exports.plan", export, host) or PLANNED

    async def verify(self, export: Export, host: str = "") -> Applying:
        return await self._answer("exports.verify", export, host) or PLANNED

    async def plan_undo(self, host: str = "", target: str = "") -> Applying:
        return await self._answer("exports.plan_undo", host, target) or PLANNED

    async def apply(
        self, export: Export, host: str = "", *, plan: str = "", now: bool = False, ask_password: bool = False
    ) -> Applying:
        return await self._answer("exports.apply", export, host, plan, now, ask_password) or PLANNED

    async def undo(
        self, host: str = "", target: str = "", *, now: bool = False, ask_password: bool = False
    ) -> Applying:
        return await self._answer("exports.undo", host, target, now, ask_password) or PLANNED

    async def restart_now(self) -> None:
        await self._answer("exports.restart_now")

    async def cancel(self) -> None:
        await self._answer("exports.cancel")
