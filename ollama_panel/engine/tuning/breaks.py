"""What breaks a trial off, or the whole tuning."""

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId
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


class WorkerEndedError(PanelError):
    """A measurement has failed, as `instance` has ended meanwhile."""

    def __init__(self, told: Notice, instance: InstanceId) -> None:
        super().__init__(told)
        self.instance = instance
