"""The commands of a tuning, as `engine.control` gives them."""

from collections.abc import Awaitable, Callable

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.tuning.record import TuningPreview, TuningRecord
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.engine.composition import Composition


class TuningCommands:
    """What front ends ask of the tuner; see `PanelSource`. `running` returns the parts of the engine."""

    def __init__(self, running: Callable[[], Awaitable[Composition]]) -> None:
        self._running = running

    async def tuning_preview(self, task: TuningTask) -> TuningPreview:
        """Return what a tuning would do; its `problem` says why it is not possible."""
        return await (await self._running()).tuning.preview(task)

    async def tune(self, task: TuningTask) -> TuningRecord:
        """Begin a tuning, or go on with an interrupted one. Raises PanelError if that is not possible."""
        composition = await self._running()
        if composition.operations.drills.running:  # it has the extra workers
            raise PanelError(notice("drill.running"))
        return await composition.tuning.tune(task)

    async def pause_tuning(self) -> None:
        """Pause the tuning; return when the former settings are in force. Raises PanelError if none is under way."""
        await (await self._running()).tuning.pause()

    async def resume_tuning(self) -> None:
        """Go on now with a tuning that is paused or waits. Raises PanelError if none does."""
        await (await self._running()).tuning.resume()

    async def cancel_tuning(self) -> None:
        """End the tuning; return when the former settings are in force. Raises PanelError if there is none."""
        await (await self._running()).tuning.cancel()

    async def tunings(self) -> tuple[TuningRecord, ...]:
        """Return the tunings that have ended, the newest first."""
        return await (await self._running()).tuning.ended()
