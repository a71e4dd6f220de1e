"""The commands about models, the GPU, recordings and drills of a client without an engine."""

from collections.abc import Awaitable, Callable
from typing import Any

from ollama_panel.core.drill import DrillRecord, DrillRequest, DrillState
from ollama_panel.core.gpu_yield import YieldRecord
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.panel_api import SettingsChanged
from ollama_panel.core.recording import RecordingRecord, SavedRecording
from ollama_panel.core.settings.tree import Settings


class FakeOperations:
    """Has the methods of `OperationsClient`; `answer` records a call, and returns what a test has set for it."""

    def __init__(self, answer: Callable[..., Awaitable[Any]]) -> None:
        self._answer = answer

    async def load_model(self, instance: InstanceId, model: ModelName) -> None:
        await self._answer("operations.load_model", instance, model)

    async def unload_model(self, instance: InstanceId, model: ModelName) -> None:
        await self._answer("operations.unload_model", instance, model)

    async def pin_model(self, instance: InstanceId, model: ModelName, *, on: bool) -> SettingsChanged:
        return await self._answer("operations.pin_model", instance, model, on) or SettingsChanged(Settings(), (), ())

    async def give_gpu(self, *, cut: bool) -> YieldRecord:
        return await self._answer("operations.give_gpu", cut) or YieldRecord()

    async def take_gpu_back(self) -> YieldRecord:
        return await self._answer("operations.take_gpu_back") or YieldRecord()

    async def record(self, *, on: bool) -> RecordingRecord:
        return await self._answer("operations.record", on) or RecordingRecord(on)

    async def recordings(self) -> RecordingRecord:
        return await self._answer("operations.recordings") or RecordingRecord()

    async def save_recent(self) -> SavedRecording:
        return await self._answer("operations.save_recent") or SavedRecording("/tmp/recent.jsonl", 600.0, 1000, 90_000)

    async def begin_drill(self, request: DrillRequest) -> DrillRecord:
        return await self._answer("operations.begin_drill", request) or DrillRecord(
            DrillState.RUNNING, InstanceId("chat-1")
        )

    async def cancel_drill(self) -> DrillRecord:
        return await self._answer("operations.cancel_drill") or DrillRecord(DrillState.CANCELLED, InstanceId("chat-1"))
