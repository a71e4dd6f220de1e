"""The commands about imports of a client without an engine."""

from collections.abc import Awaitable, Callable
from typing import Any

from ollama_panel.core.importing.record import Imported, ImportPlan, ImportRequest, LastImport
from ollama_panel.core.panel_api import SettingsChanged
from ollama_panel.core.settings.tree import Settings
from tests.fakes.panel_imports import PLAN


class FakeImports:
    """Has the methods of `ImportClient`; `answer` records a call, and returns what a test has set for it, or None."""

    def __init__(self, answer: Callable[..., Awaitable[Any]]) -> None:
        self._answer = answer

    async def plan(self, request: ImportRequest) -> ImportPlan:
        return await self._answer("imports.plan", request) or PLAN

    async def apply(self, request: ImportRequest) -> Imported:
        return await self._answer("imports.apply", request) or Imported(1.0, PLAN)

    async def undo(self, at: float) -> SettingsChanged:
        return await self._answer("imports.undo", at) or SettingsChanged(Settings(), (), ())

    async def last(self) -> LastImport:
        return await self._answer("imports.last") or LastImport()
