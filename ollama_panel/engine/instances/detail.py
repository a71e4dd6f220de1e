"""What is said beside the state of an instance."""

from ollama_panel.core.lifecycle import Limits, Phase, State
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.snapshot import InstanceRecord


def detail(state: State, limits: Limits, why: Notice | None, record: InstanceRecord) -> Notice | None:
    """Return what users should know of an instance; `why` is the reason of its last failure, None = none."""
    match state.phase:
        case Phase.BACKOFF:
            return notice("instance.gone", url=record.url) if state.adopted else why and _later(state, limits, why)
        case Phase.FAILED if why is not None and state.attempts >= limits.attempts:
            return notice("instance.gave_up", why=why, tries=limits.attempts)
        case Phase.STARTING if state.attempts and why is None:
            return notice("instance.starting_again", number=state.attempts + 1, all=limits.attempts)
        case Phase.STARTING | Phase.FAILED:
            return why
        case Phase.READY if record.silent:
            return notice("instance.runner_silent", models=record.silent)
        case _:
            return None


def _later(state: State, limits: Limits, why: Notice) -> Notice:
    if why.code.startswith("program."):
        return notice("instance.program_awaited", why=why)
    return notice("instance.again_soon", why=why, number=state.attempts + 1, all=limits.attempts)
