"""A drill: a secondary instance is killed, hung and slowed down on purpose, and what the panel does is scored."""

from enum import Enum

import msgspec

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import Notice

OWN_REQUESTS = "drill-"
"""The ids of a drill's own requests begin with it: they are nobody's, and count neither as served nor as failed."""


class DrillFault(Enum):
    """What is done to the instance: its process is killed, is stopped (SIGSTOP), its runner is, or it gets slow."""

    KILL = "kill"
    HANG = "hang"
    RUNNER_HANG = "runner_hang"
    SLOW = "slow"


class DrillState(Enum):
    """CANCELLED: by the user, or for others who get the GPU. FAILED: the drill itself could not go on.

    `DrillRecord.problem` says why it has ended, unless the user has ended it or it is DONE.
    """

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class DrillStep(msgspec.Struct, frozen=True):
    """One fault. Seconds from the fault; None = not (yet), or not to happen.

    `detected_s`: until the panel has noticed; SLOW is not to be noticed as a failure. `recovered_s`: until the
    instance serves again. `sent` requests were under way or came meanwhile, `lost` of them got no answer although
    nothing of it had been sent, `broken` lost the rest of an answer that had begun. `false_alarm`: SLOW was taken for
    a failure. `passed` is None until it has ended.
    """

    fault: DrillFault
    began: float | None = None
    detected_s: float | None = None
    recovered_s: float | None = None
    sent: int = 0
    lost: int = 0
    broken: int = 0
    false_alarm: bool = False
    passed: bool | None = None
    told: Notice | None = None


class DrillRecord(msgspec.Struct, frozen=True):
    """A drill under way, or the last one of this run. `score` is 0 to 100, None until it has ended.

    `instance` is the secondary instance on which it is carried out, `since` the time when it began in seconds of the
    engine's clock.
    """

    state: DrillState
    instance: InstanceId
    since: float = 0.0
    steps: tuple[DrillStep, ...] = ()
    score: int | None = None
    problem: Notice | None = None


class DrillRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to drill: no fault means all of them; an empty `model` means the smallest that is there."""

    faults: tuple[DrillFault, ...] = ()
    model: str = ""


class DrillAnswer(msgspec.Struct, frozen=True):
    """The drill under way, or the last one of this run; None if there was none."""

    drill: DrillRecord | None = None
