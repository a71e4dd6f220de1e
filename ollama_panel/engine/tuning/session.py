"""A tuning from its first trial to its verdict: one at a time."""

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.tuning.record import TuningPreview, TuningRecord
from ollama_panel.core.tuning.task import TuningTask


class Tuning:
    """The tuning under way, or the last one of this run (`record`)."""

    def __init__(self) -> None:
        self.record: TuningRecord | None = None

    async def preview(self, task: TuningTask) -> TuningPreview:
        """Return what a tuning would do; its `problem` says why it is not possible."""
        return TuningPreview(problem=notice("tuning.not_yet"))

    async def tune(self, task: TuningTask) -> TuningRecord:
        """Begin a tuning, or go on with an interrupted one. Raises PanelError if that is not possible."""
        raise PanelError(notice("tuning.not_yet"))

    async def pause(self) -> None:
        """Pause it; return when the former settings are in force. Raises PanelError if none is under way."""
        raise PanelError(notice("tuning.none"))

    async def resume(self) -> None:
        """Go on now with one that is paused or waits. Raises PanelError if none does."""
        raise PanelError(notice("tuning.none"))

    async def cancel(self) -> None:
        """End it; return when the former settings are in force. Raises PanelError if there is none."""
        raise PanelError(notice("tuning.none"))

    async def ended(self) -> tuple[TuningRecord, ...]:
        """Return the tunings that have ended, the newest first."""
        return ()

    async def best_of(self, tuning: str) -> Edit:
        """Return the change of the settings to the best ones of a tuning. Raises PanelError if it has none."""
        raise PanelError(notice("tuning.unknown", tuning=tuning))
