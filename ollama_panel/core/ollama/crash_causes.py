"""Why a server, or the runner of a model, has ended by itself."""

from enum import StrEnum


class Cause(StrEnum):
    """MEMORY: the main memory was not enough, or the system killed it for that; GPU_MEMORY: that of the card.

    KILLED: by SIGKILL without a sign that memory was short; TERMINATED: by a request to end, as SIGTERM. FAULT: it
    touched memory that is not its own; PANIC: it stopped at an error in itself, be it by an assertion.
    """

    MEMORY = "memory"
    GPU_MEMORY = "gpu_memory"
    ILLEGAL_INSTRUCTION = "illegal_instruction"
    DRIVER_LOST = "driver_lost"
    DISK_FULL = "disk_full"
    LIBRARY_MISSING = "library_missing"
    MODEL_UNKNOWN = "model_unknown"
    MODEL_BROKEN = "model_broken"
    FAULT = "fault"
    PANIC = "panic"
    KILLED = "killed"
    TERMINATED = "terminated"
    UNKNOWN = "unknown"
