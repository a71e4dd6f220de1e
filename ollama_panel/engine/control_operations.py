"""What front ends ask of the engine about the GPU, recordings and drills; see `proxy.panel_api.source_operations`."""

from collections.abc import Awaitable, Callable

from ollama_panel.core.drill import DrillRecord, DrillRequest
from ollama_panel.core.gpu_yield import YieldRecord, YieldRequest
from ollama_panel.core.recording import RecordingRecord, SavedRecording
from ollama_panel.engine.composition import Composition
from ollama_panel.engine.control_profiles import Change


class YieldCommands:
    """The commands about the GPU. `running` returns the parts of the engine."""

    def __init__(self, running: Callable[[], Awaitable[Composition]]) -> None:
        self._running = running

    async def show(self) -> YieldRecord:
        """Return what has the GPU."""
        return (await self._running()).operations.gpu_yield.record

    async def give(self, request: YieldRequest) -> YieldRecord:
        """Give the GPU away; return when it is free."""
        raise NotImplementedError

    async def take_back(self) -> YieldRecord:
        """Take the GPU back."""
        raise NotImplementedError


class RecordingCommands:
    """The commands about the recording. `change` changes the settings."""

    def __init__(self, running: Callable[[], Awaitable[Composition]], change: Change) -> None:
        self._running, self._change = running, change

    async def show(self) -> RecordingRecord:
        """Return whether this run is recorded."""
        raise NotImplementedError

    async def switch(self, *, on: bool) -> RecordingRecord:
        """Begin or end a recording."""
        raise NotImplementedError

    async def save_recent(self) -> SavedRecording:
        """Save the last ten minutes."""
        raise NotImplementedError


class DrillCommands:
    """The commands about drills."""

    def __init__(self, running: Callable[[], Awaitable[Composition]]) -> None:
        self._running = running

    async def show(self) -> DrillRecord | None:
        """Return the drill under way, or the last one of this run."""
        return (await self._running()).operations.drills.record

    async def begin(self, request: DrillRequest) -> DrillRecord:
        """Begin a drill."""
        raise NotImplementedError

    async def cancel(self) -> DrillRecord:
        """Cancel the drill."""
        raise NotImplementedError
