"""An export on its way to a machine, as front ends see it."""

from enum import Enum

import msgspec

from ollama_panel.core.notices import Notice
from ollama_panel.core.takeover import StepState


class FileState(Enum):
    """What is at the place of a file: the SAME text, nothing (NEW), another text (CHANGED), or nobody may look."""

    SAME = "same"
    NEW = "new"
    CHANGED = "changed"
    UNREADABLE = "unreadable"


class FileChange(msgspec.Struct, frozen=True):
    """A file at its place: the text `before` and `after`, and the lines of a unified diff between them.

    `path` is its whole path on the host. `problem` says why it cannot be read. `root`: only an administrator may write
    it. What looks like a secret in the file that is there is hidden; `digest` is of the whole text, "" = nothing there.
    Where it is hidden in the new text, too, `written` is the digest of that.
    """

    path: str
    state: FileState
    before: str = ""
    after: str = ""
    difference: tuple[str, ...] = ()
    problem: Notice | None = None
    root: bool = False
    digest: str = ""
    written: str = ""


class ActionKind(Enum):
    """What an action does.

    BACKUP: what is there is kept beside. WRITE: the files get their new text. CHECK: the program that reads them says
    whether it takes them. RELOAD: it, or its manager, reads them. IDLE: nothing goes on until no client is at work.
    RESTART: servers start anew. PROVE: they are asked what is in force. RESTORE: what was there before comes back.
    """

    BACKUP = "backup"
    WRITE = "write"
    CHECK = "check"
    RELOAD = "reload"
    IDLE = "idle"
    RESTART = "restart"
    PROVE = "prove"
    RESTORE = "restore"
    RUN = "run"


class Action(msgspec.Struct, frozen=True):
    """One action: what it does, and the exact `commands`, which need an administrator if `root`.

    A `state` of WAITING: the user is to type them. `problem` says why it has failed.
    """

    kind: ActionKind
    told: Notice
    commands: tuple[str, ...] = ()
    root: bool = False
    state: StepState = StepState.OPEN
    problem: Notice | None = None


class ProofSource(Enum):
    """What tells a value that is in force, the most trustworthy first: the server's LOG, then its process, its unit."""

    LOG = "log"
    ENVIRONMENT = "environment"
    COMMAND_LINE = "command_line"
    UNIT = "unit"
    ANSWER = "answer"


class ProofState(Enum):
    """Whether a value is in force. UNKNOWN: nothing tells it."""

    HOLDS = "holds"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


class Proof(msgspec.Struct, frozen=True):
    """One value of one worker: as `wanted`, and as `found` (None = nothing tells it), with the `line` that tells it."""

    worker: str
    name: str
    wanted: str
    found: str | None
    state: ProofState
    source: ProofSource | None = None
    line: str = ""


class ApplyStage(Enum):
    """How far it is.

    PLANNED and VERIFIED: it was only read. WRITING, IDLE, RESTARTING, PROVING: under way. APPLIED: in force and proven.
    RETURNING: what was before comes back. RETURNED: it is back.
    """

    PLANNED = "planned"
    WRITING = "writing"
    IDLE = "idle"
    RESTARTING = "restarting"
    PROVING = "proving"
    APPLIED = "applied"
    RETURNING = "returning"
    RETURNED = "returned"
    VERIFIED = "verified"


class Applying(msgspec.Struct, frozen=True):
    """An export that is put into force on a machine.

    `host` is where, as `user@machine` for ssh; "" = this machine. `id` names what is written and what was there: a plan
    with the same one still holds. `backups` are the files that keep what was there. `connections` are those of clients
    that are waited for, None = not looked. `interrupted`: it ended in the middle, and somebody is to say whether it
    goes on or back. `asks_password`: the system can ask for a password by itself. `problem` says why it failed or went
    back.
    """

    id: str
    target: str
    host: str
    stage: ApplyStage
    files: tuple[FileChange, ...] = ()
    actions: tuple[Action, ...] = ()
    proofs: tuple[Proof, ...] = ()
    told: tuple[Notice, ...] = ()
    backups: tuple[str, ...] = ()
    connections: int | None = None
    interrupted: bool = False
    asks_password: bool = False
    problem: Notice | None = None

    @property
    def todo(self) -> tuple[str, ...]:
        """The commands that the user is to type now, in turn."""
        waiting = (one for one in self.actions if one.state is StepState.WAITING)
        return tuple(command for one in waiting for command in one.commands)

    @property
    def differs(self) -> bool:
        """Whether any file is not there as it is to be."""
        return any(one.state is not FileState.SAME for one in self.files)
