"""The panel at Ollama's own address: the records of a take-over, which moves Ollama so that its clients need no change.

Ollama keeps running, at another port of this machine, and the panel listens at the address where clients know it.
`core.takeover_plan` decides on the steps.
"""

from enum import Enum

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.servers import FoundServer


class TakeoverStage(Enum):
    """How far a take-over is.

    PLANNED: nothing was done; only answers to a question have it. MOVING: its steps are under way. TAKEN: the panel has
    the address. RETURNING: the steps back are under way.
    """

    PLANNED = "planned"
    MOVING = "moving"
    TAKEN = "taken"
    RETURNING = "returning"


class StepKind(Enum):
    """What a step does.

    CONFIGURE: Ollama's new address is written where its manager reads it, or that is undone. RELOAD: the manager reads
    it. STOP and START: the server ends, and starts at its other address. RESTART: both at once. PUBLISH: a container
    gets another port of this machine. USE: the panel sends requests to the server's new address, or no more. LISTEN:
    the panel listens at the old address, or no more.
    """

    CONFIGURE = "configure"
    RELOAD = "reload"
    STOP = "stop"
    START = "start"
    RESTART = "restart"
    PUBLISH = "publish"
    USE = "use"
    LISTEN = "listen"


class StepBy(Enum):
    """Who does a step.

    PANEL: the panel. ROOT: the panel after the system has asked for a password, or else the user by `sudo`. USER: the
    user alone.
    """

    PANEL = "panel"
    ROOT = "root"
    USER = "user"


class StepState(Enum):
    """How far a step is. WAITING: the user is to do it. DONE: it was looked at, and holds. FAILED: it was tried."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class TakeoverStep(msgspec.Struct, frozen=True):
    """One step: what it does, the exact `commands` to type for it (() = none), and how it is `verified`.

    `file` is the path of the file that it writes, with `content`, or removes; "" = none. `check` is a command that
    tells whether it is done: then it prints `expects`, or prints that no more if it is to be `gone`. `problem` says why
    the step has failed.
    """

    kind: StepKind
    by: StepBy
    told: Notice
    verified: Notice
    commands: tuple[str, ...] = ()
    file: str = ""
    content: str = ""
    check: str = ""
    expects: str = ""
    gone: bool = False
    state: StepState = StepState.OPEN
    problem: Notice | None = None


class Takeover(msgspec.Struct, frozen=True):
    """A take-over as front ends see it.

    `address` is where clients know Ollama (host and port), `moved_to` where it runs meanwhile, "" if none ran there.
    `server` is the one that is moved, None if none was there. `steps` are those of the stage, in turn; of one that is
    TAKEN or PLANNED those that have led or will lead there. `told` says in whole sentences what it means: answers that
    break off, who reaches the panel then, what brings Ollama back. `interrupted`: the panel ended in the middle of it,
    so that somebody is to say whether it goes on or back. `asks_password`: the panel can do the steps of ROOT itself,
    if the system may ask for a password.
    """

    stage: TakeoverStage
    address: str
    moved_to: str = ""
    server: FoundServer | None = None
    steps: tuple[TakeoverStep, ...] = ()
    told: tuple[Notice, ...] = ()
    interrupted: bool = False
    asks_password: bool = False

    @property
    def todo(self) -> tuple[str, ...]:
        """The commands that the user is to type now, in turn."""
        waiting = (one for one in self.steps if one.state is StepState.WAITING)
        return tuple(command for one in waiting for command in one.commands)

    @property
    def problem(self) -> Notice | None:
        """Why the first step that has failed did so; None if none has."""
        return next((one.problem for one in self.steps if one.state is StepState.FAILED), None)


class TakeoverAnswer(msgspec.Struct, frozen=True):
    """The answer to a command: the take-over as it is then (None = undone, or nothing to do), and what to say of it."""

    takeover: Takeover | None
    told: tuple[Notice, ...] = ()
    todo: tuple[str, ...] = ()


def of_takeover(one: Takeover) -> Notice:
    """Return how far a take-over is, and what somebody is to do about it."""
    done = sum(step.state is StepState.DONE for step in one.steps)
    count = {"done": done, "all": len(one.steps)}
    back = one.stage is TakeoverStage.RETURNING
    if one.interrupted:
        return notice("takeover.interrupted_back" if back else "takeover.interrupted", address=one.address, **count)
    if one.problem is not None:
        return notice("takeover.failed_back" if back else "takeover.failed", address=one.address, why=one.problem)
    if any(step.state is StepState.WAITING for step in one.steps):
        return notice("takeover.waits_back" if back else "takeover.waits", address=one.address)
    if one.stage is TakeoverStage.TAKEN and one.moved_to:
        return notice("takeover.taken", address=one.address, moved_to=one.moved_to)
    if one.stage is TakeoverStage.TAKEN:
        return notice("takeover.taken_alone", address=one.address)
    return notice("takeover.under_way_back" if back else "takeover.under_way", address=one.address, **count)
