"""The commands of the window about models in memory, the GPU for others, recordings and drills; see `client`."""

from typing import TYPE_CHECKING

from ollama_panel.core.drill import DrillRecord, DrillRequest
from ollama_panel.core.gpu_yield import YieldRecord, YieldRequest
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.recording import RecordingRecord, SavedRecording
from ollama_panel.gui.client_exports import Call

if TYPE_CHECKING:  # importing the records of the API takes longer than opening the window
    from ollama_panel.core.panel_api import SettingsChanged


class OperationsClient:
    """The commands. They raise PanelError; see `proxy.panel_api.source_operations`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    async def load_model(self, instance: InstanceId, model: ModelName) -> None:
        """Load a model; return when it is loaded."""
        await self._call(lambda panel: panel.models.load(instance, model))

    async def unload_model(self, instance: InstanceId, model: ModelName) -> None:
        """Unload a model once its requests have ended; return when it is."""
        await self._call(lambda panel: panel.models.unload(instance, model))

    async def pin_model(self, instance: InstanceId, model: ModelName, *, on: bool) -> "SettingsChanged":
        """Pin a model in the pool of an instance, or let it go."""
        return await self._call(lambda panel: panel.models.pin(instance, model, on=on))

    async def give_gpu(self, *, cut: bool) -> YieldRecord:
        """Give the GPU away; return when it is free. `cut` ends the answers that run."""
        return await self._call(lambda panel: panel.gpu_yield.give(YieldRequest(cut)))

    async def take_gpu_back(self) -> YieldRecord:
        """Take the GPU back."""
        return await self._call(lambda panel: panel.gpu_yield.take_back())

    async def record(self, *, on: bool) -> RecordingRecord:
        """Begin or end a recording."""
        return await self._call(lambda panel: panel.recording.switch(on=on))

    async def recordings(self) -> RecordingRecord:
        """Return whether this run is recorded, and how much all recordings take on the disk."""
        return await self._call(lambda panel: panel.recording.show())

    async def save_recent(self) -> SavedRecording:
        """Save the last ten minutes."""
        return await self._call(lambda panel: panel.recording.save_recent())

    async def begin_drill(self, request: DrillRequest) -> DrillRecord:
        """Begin a drill."""
        return await self._call(lambda panel: panel.drills.begin(request))

    async def cancel_drill(self) -> DrillRecord:
        """Cancel the drill; return when its instance is gone."""
        return await self._call(lambda panel: panel.drills.cancel())
