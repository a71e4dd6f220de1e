"""What breaks a trial off, or the whole tuning."""

from ollama_panel.core.notices import Notice
from ollama_panel.core.tuning.record import TuningState


class EndError(Exception):
    """A tuning cannot go on."""

    def __init__(self, state: TuningState, reason: Notice | None) -> None:
        super().__init__(state, reason)
        self.state = state
        self.reason = reason


class NoRoomBesideError(Exception):
    """One more worker does not fit beside the others."""


class ArrivalError(Exception):
    """A request of the user has come."""
