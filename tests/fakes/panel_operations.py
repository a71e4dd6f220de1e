"""The models, the GPU, the recording and the drills of a panel without an engine."""

from ollama_panel.core.drill import DrillFault, DrillRecord, DrillRequest, DrillState, DrillStep
from ollama_panel.core.errors import PanelError
from ollama_panel.core.gpu_yield import YieldCause, YieldRecord, YieldRequest, YieldState
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import SettingsChanged
from ollama_panel.core.recording import RecordingRecord, SavedRecording
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord

CHAT = InstanceRecord(InstanceId("chat-1"), PoolName("chat"), Role.CHAT, True, "http://127.0.0.1:1", Phase.READY)


class FakeModels:
    """Knows the instance chat-1 alone; `calls` is what it was asked for."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, str]] = []

    async def load(self, instance: InstanceId, model: ModelName) -> InstanceRecord:
        return self._called("load", instance, model)

    async def unload(self, instance: InstanceId, model: ModelName) -> InstanceRecord:
        return self._called("unload", instance, model)

    async def pin(self, instance: InstanceId, model: ModelName, *, on: bool) -> SettingsChanged:
        self._called("pin" if on else "unpin", instance, model)
        return SettingsChanged(Settings(), (), ())

    def _called(self, name: str, instance: InstanceId, model: ModelName) -> InstanceRecord:
        self.calls.append((name, instance, model))
        if instance != CHAT.id:
            raise PanelError(notice("instance.unknown", instance=instance, known=(CHAT.id,)))
        return CHAT


class FakeYield:
    """Gives the GPU away at once; `asked` is how."""

    def __init__(self) -> None:
        self.asked: tuple[YieldRequest, bool] | None = None
        self.record = YieldRecord()

    async def show(self) -> YieldRecord:
        return self.record

    async def give(self, request: YieldRequest, *, wait: bool = True) -> YieldRecord:
        self.asked = request, wait
        self.record = YieldRecord(YieldState.YIELDED, YieldCause.USER, since=1.0)
        return self.record

    async def take_back(self) -> YieldRecord:
        self.record = YieldRecord()
        return self.record


class FakeRecording:
    """Records nothing."""

    def __init__(self) -> None:
        self.record = RecordingRecord()

    async def show(self) -> RecordingRecord:
        return self.record

    async def switch(self, *, on: bool) -> RecordingRecord:
        self.record = RecordingRecord(on, "/state/recordings/made-up.jsonl" if on else "", most=512 << 20)
        return self.record

    async def save_recent(self) -> SavedRecording:
        return SavedRecording("/state/recordings/recent.jsonl", 600.0, 1000, 90_000)


class FakeDrills:
    """Is done at once."""

    def __init__(self) -> None:
        self.record: DrillRecord | None = None

    async def show(self) -> DrillRecord | None:
        return self.record

    async def begin(self, request: DrillRequest) -> DrillRecord:
        steps = tuple(DrillStep(fault, 1.0, 0.5, 2.0, 10, passed=True) for fault in request.faults or DrillFault)
        self.record = DrillRecord(DrillState.DONE, CHAT.id, 1.0, steps, 100)
        return self.record

    async def cancel(self) -> DrillRecord:
        self.record = DrillRecord(DrillState.CANCELLED, CHAT.id, 1.0)
        return self.record
