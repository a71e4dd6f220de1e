"""What the doctor has found, and what is done about it: the records that front ends see."""

from enum import Enum
from typing import TypeAlias

import msgspec

from ollama_panel.core.applying.record import Action, Applying, FileChange
from ollama_panel.core.notices import Notice, Offer
from ollama_panel.core.notices.templates import Level


class Remedy(Enum):
    """What can be done at once by a button of its own, besides the offer of a notice."""

    OPEN_LOG = "open_log"
    RESTART_ENGINE = "restart_engine"
    USE_NEXT_PORT = "use_next_port"
    LISTEN_AGAIN = "listen_again"
    SWITCH_ON = "switch_on"
    RESUME = "resume"
    START = "start"
    RESTART = "restart"
    START_ALL = "start_all"
    INSTALL = "install"
    TAKE_OVER = "take_over"
    UNDO_TAKE_OVER = "undo_take_over"
    CONNECT = "connect"
    TAKE_GPU_BACK = "take_gpu_back"
    ROLL_OUT = "roll_out"


class Area(Enum):
    """What a check is about."""

    SERVERS = "servers"
    GRAPHICS = "graphics"
    MEMORY = "memory"
    MODELS = "models"
    SETTINGS = "settings"
    NETWORK = "network"
    REQUESTS = "requests"


class Evidence(msgspec.Struct, frozen=True):
    """What shows a finding: the `text` of a line, and where it is from: a path with its line, or words such as a PID.

    `line` 0 = no line of a file.
    """

    text: str
    path: str = ""
    line: int = 0


class EditFiles(msgspec.Struct, frozen=True, tag=True):
    """A fix: files get another text, then what reads them is read again, restarts when idle, and is asked for proof.

    `files` have a path, the text that was read and the one that is to be there. `target` is the id of the export target
    whose manager reads them (`core.applying.methods`), "" = nobody is told. `unit` is the unit, label or service that
    restarts, `user_unit`: of the user's own manager. `wanted` are the variables that prove it. `port` is where its
    server answers on the machine, 0 = where its variables say: a container publishes it elsewhere. Of a project of
    Compose the first file is that of the project, be it unchanged.
    """

    files: tuple[tuple[str, str, str], ...]
    target: str = ""
    unit: str = ""
    user_unit: bool = False
    wanted: dict[str, str] = {}
    port: int = 0


class RunCommands(msgspec.Struct, frozen=True, tag=True):
    """A fix: commands of a shell, in turn; those that begin with `sudo` need an administrator. `undo` takes it back.

    `by_hand`: only the user can do it, as at another program's window or on another machine.
    """

    commands: tuple[str, ...]
    undo: tuple[str, ...] = ()
    by_hand: bool = False


class ChangeSettings(msgspec.Struct, frozen=True, tag=True):
    """A fix: what a notice offers, or settings of the panel by their keys, each with its value in JSON."""

    offer: Offer | None = None
    settings: tuple[tuple[str, str], ...] = ()


class UseRemedy(msgspec.Struct, frozen=True, tag=True):
    """A fix: a button that the window has anyway, for these instances."""

    remedy: Remedy
    instances: tuple[str, ...] = ()


Fix: TypeAlias = EditFiles | RunCommands | ChangeSettings | UseRemedy


class Finding(msgspec.Struct, frozen=True):
    """One finding. `id` stays the same as long as it is about the same: the id of its check, and its subject.

    `told` is its headline, with the level; `why` explains it in one or two sentences. `label` is what its fix does, for
    a button.
    """

    id: str
    check: str
    area: Area
    told: Notice
    why: Notice | None = None
    evidence: tuple[Evidence, ...] = ()
    fix: Fix | None = None
    label: Notice | None = None

    @property
    def level(self) -> Level:
        """How serious it is."""
        return self.told.level


class CheckState(Enum):
    """How a check ended. UNKNOWN: it could not look."""

    WELL = "well"
    FOUND = "found"
    UNKNOWN = "unknown"


class CheckResult(msgspec.Struct, frozen=True):
    """A check that was made: what it has looked at, and why it could not look."""

    id: str
    area: Area
    title: Notice
    state: CheckState
    why: Notice | None = None


class Figure(msgspec.Struct, frozen=True):
    """Something that was counted or measured while the doctor looked, as a phrase beside the checks of its area."""

    area: Area
    told: Notice


class Report(msgspec.Struct, frozen=True):
    """What the doctor says of a machine: `findings`, the most serious first, every check, and figures of its areas.

    `host` is `user@machine`, "" = this one. `at` is Unix time, `took_s` seconds.
    """

    at: float
    took_s: float = 0.0
    host: str = ""
    findings: tuple[Finding, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    figures: tuple[Figure, ...] = ()


class FixPlan(msgspec.Struct, frozen=True):
    """What a fix would do. `id` names what is changed: a plan with the same one still holds.

    `told` says what it means. `files` change, `actions` are carried out with their exact commands, `settings` are
    differences of the panel's settings in words.
    """

    id: str
    finding: str
    told: tuple[Notice, ...] = ()
    files: tuple[FileChange, ...] = ()
    actions: tuple[Action, ...] = ()
    settings: tuple[Notice, ...] = ()
    asks_password: bool = False


class Mended(msgspec.Struct, frozen=True):
    """A finding that was mended: its headline then, `at` Unix time, and how.

    `applying` is how its files were put into force. `can_undo`: it can be taken back. `undone`: it was. `todo` are
    commands that the user is to type to end it. `problem` says why it failed.
    """

    id: str
    finding: str
    told: Notice
    at: float
    applying: Applying | None = None
    can_undo: bool = False
    undone: bool = False
    todo: tuple[str, ...] = ()
    problem: Notice | None = None


class Ignored(msgspec.Struct, frozen=True):
    """A finding of a `host` ("" = this machine) that the user has set aside.

    Its id, its headline then, and since when, in Unix time.
    """

    finding: str
    told: Notice
    at: float
    host: str = ""


class DoctorRecord(msgspec.Struct, frozen=True):
    """The doctor of this machine: its newest report (None = none yet), what was ignored and mended, the newest first.

    The findings of ignored ones are in the report all the same. `running`: a check is under way. `mending` is the id of
    the finding whose fix is under way, or is taken back, `applying` how far that is with its files.
    """

    report: Report | None = None
    ignored: tuple[Ignored, ...] = ()
    mended: tuple[Mended, ...] = ()
    running: bool = False
    mending: str = ""
    applying: Applying | None = None
    problem: Notice | None = None

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that are not ignored."""
        aside = {one.finding for one in self.ignored}
        return tuple(one for one in (self.report.findings if self.report else ()) if one.id not in aside)


class BundleFile(msgspec.Struct, frozen=True):
    """A file of a support bundle, without secrets: what it is, and its text."""

    name: str
    about: Notice
    text: str
