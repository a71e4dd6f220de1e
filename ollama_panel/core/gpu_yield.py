"""The GPU given to others ("Give me my GPU"): models are unloaded and the queue is held, as front ends see it."""

from enum import Enum

import msgspec

from ollama_panel.core.notices import Notice


class YieldState(Enum):
    """SERVING: the models have the GPU. FINISHING: requests end, models are unloaded. YIELDED: others have the GPU."""

    SERVING = "serving"
    FINISHING = "finishing"
    YIELDED = "yielded"


class YieldCause(Enum):
    """Why the GPU is given away: the user said so, a program of the settings runs, or others use the GPU."""

    USER = "user"
    PROGRAM = "program"
    GPU_BUSY = "gpu_busy"


class YieldRecord(msgspec.Struct, frozen=True):
    """What has the GPU. Times are seconds of the engine's clock, sizes bytes.

    `told` is the sentence for people, None while SERVING. `program` is the program that made it so, or the one that is
    refused, "" if there is none.
    `running` requests are still to end, `waiting` wait until the GPU comes back. `freed` is the memory of the models
    that were unloaded. `resumes_at` is when the panel takes it back unless others go on, None = when the user says so,
    or while they go on. `refused`: the user has taken the GPU back although the cause holds; it does not count again
    until it has been gone. `notes` say what is not as one might think: models of other programs that stay loaded, an
    instance that does not let go of its memory.
    """

    state: YieldState = YieldState.SERVING
    cause: YieldCause | None = None
    told: Notice | None = None
    program: str = ""
    since: float = 0.0
    running: int = 0
    waiting: int = 0
    freed: int = 0
    resumes_at: float | None = None
    refused: bool = False
    notes: tuple[Notice, ...] = ()


class YieldRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to give the GPU away: `cut` ends the answers that run, else they are finished first."""

    cut: bool = False
