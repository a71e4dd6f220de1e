"""What the panel's API asks of the engine about models, the GPU, recordings and drills; see `source`."""

from typing import Protocol

from ollama_panel.core.drill import DrillRecord, DrillRequest
from ollama_panel.core.gpu_yield import YieldRecord, YieldRequest
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.panel_api import SettingsChanged
from ollama_panel.core.recording import RecordingRecord, SavedRecording
from ollama_panel.core.snapshot import InstanceRecord


class ModelsSource(Protocol):
    """The models in the memory of instances. Every method raises `PanelError` if the engine does not run any more."""

    async def load(self, instance: InstanceId, model: ModelName) -> InstanceRecord:
        """Load a model; return when it is loaded. Raises `PanelError` if there is no such one, or it does not fit."""
        ...

    async def unload(self, instance: InstanceId, model: ModelName) -> InstanceRecord:
        """Unload a model once its requests have ended; return when it is. Raises `PanelError` if it is not loaded."""
        ...

    async def pin(self, instance: InstanceId, model: ModelName, *, on: bool) -> SettingsChanged:
        """Pin a model in the pool of an instance (`pools.*.preload`), or let it go; a change as any, with undo."""
        ...


class YieldSource(Protocol):
    """The GPU given to others. Every method raises `PanelError` if the engine does not run any more."""

    async def show(self) -> YieldRecord:
        """Return what has the GPU."""
        ...

    async def give(self, request: YieldRequest, *, wait: bool = True) -> YieldRecord:
        """Give the GPU away; return when it is free, or at once. What runs ends first, or is cut."""
        ...

    async def take_back(self) -> YieldRecord:
        """Take the GPU back: what waits is dispatched again, pinned models are loaded."""
        ...


class RecordingSource(Protocol):
    """The recording of the run. Every method raises `PanelError` if the engine does not run any more."""

    async def show(self) -> RecordingRecord:
        """Return whether this run is recorded."""
        ...

    async def switch(self, *, on: bool) -> RecordingRecord:
        """Begin or end a recording (`scheduling.record_events`). Raises `PanelError` if the file cannot be written."""
        ...

    async def save_recent(self) -> SavedRecording:
        """Save the last ten minutes. Raises `PanelError` if nothing has happened, or it cannot be written."""
        ...


class DrillSource(Protocol):
    """Drills. Every method raises `PanelError` if the engine does not run any more."""

    async def show(self) -> DrillRecord | None:
        """Return the drill under way, or the last one of this run."""
        ...

    async def begin(self, request: DrillRequest) -> DrillRecord:
        """Begin a drill. Raises `PanelError` if one is under way or none is possible, such as without the memory."""
        ...

    async def cancel(self) -> DrillRecord:
        """Cancel the drill; return when its instance is gone. Raises `PanelError` if none is under way."""
        ...
