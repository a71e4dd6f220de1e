"""What front ends ask of the engine about the GPU, recordings and drills; see `proxy.panel_api.source_operations`."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from ollama_panel.core.drill import DrillRecord, DrillRequest
from ollama_panel.core.errors import PanelError
from ollama_panel.core.gpu_yield import YieldRecord, YieldRequest
from ollama_panel.core.recording import RecordingRecord, SavedRecording
from ollama_panel.core.settings import codec
from ollama_panel.engine.composition import Composition
from ollama_panel.engine.control_profiles import Change

_RECORD = "scheduling.record_events"


class YieldCommands:
    """The commands about the GPU. `running` returns the parts of the engine."""

    def __init__(self, running: Callable[[], Awaitable[Composition]]) -> None:
        self._running = running

    async def show(self) -> YieldRecord:
        """Return what has the GPU."""
        return (await self._running()).operations.gpu_yield.record

    async def give(self, request: YieldRequest, *, wait: bool = True) -> YieldRecord:
        """Give the GPU away; return when it is free, or at once."""
        return await (await self._running()).operations.gpu_yield.give(cut=request.cut, wait=wait)

    async def take_back(self) -> YieldRecord:
        """Take the GPU back."""
        return await (await self._running()).operations.gpu_yield.take_back()


class RecordingCommands:
    """The commands about the recording. `change` changes the settings."""

    def __init__(self, running: Callable[[], Awaitable[Composition]], change: Change) -> None:
        self._running, self._change = running, change

    async def show(self) -> RecordingRecord:
        """Return whether this run is recorded."""
        recorder = (await self._running()).recorder
        return msgspec.structs.replace(recorder.record(), taken=await asyncio.to_thread(recorder.taken))

    async def switch(self, *, on: bool) -> RecordingRecord:
        """Begin or end a recording; it begins later while very many requests are open.

        Raises PanelError if it cannot be written.
        """
        recorder = (await self._running()).recorder
        await self._change(lambda now: codec.set(now, _RECORD, "on" if on else "off"), wait=False, dry_run=False)
        if on:
            recorder.begin()  # one that has ended by itself is begun anew
            if not recorder.is_due and (problem := recorder.record().problem) is not None:
                raise PanelError(problem)
        return await self.show()

    async def save_recent(self) -> SavedRecording:
        """Save the last ten minutes. Raises PanelError if nothing has happened, or they cannot be written."""
        return await (await self._running()).recorder.save_recent()


class DrillCommands:
    """The commands about drills."""

    def __init__(self, running: Callable[[], Awaitable[Composition]]) -> None:
        self._running = running

    async def show(self) -> DrillRecord | None:
        """Return the drill under way, or the last one of this run."""
        return (await self._running()).operations.drills.record

    async def begin(self, request: DrillRequest) -> DrillRecord:
        """Begin a drill."""
        return (await self._running()).operations.drills.begin(request)

    async def cancel(self) -> DrillRecord:
        """Cancel the drill."""
        return await (await self._running()).operations.drills.cancel()
