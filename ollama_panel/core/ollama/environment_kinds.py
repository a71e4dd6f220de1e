"""What is known of an environment variable."""

from enum import Enum

import msgspec


class Kind(Enum):
    """What a value must look like.

    SWITCH and TRISTATE are Go's booleans (`1`, `true`, `0`, ...); a TRISTATE that is not set means "decide yourself".
    DURATION is Go's (`5m`, `1h30m`) or whole seconds. TOGGLE is llama.cpp's boolean.
    """

    COUNT = "count"
    BYTES = "bytes"
    SWITCH = "switch"
    TRISTATE = "tristate"
    TOGGLE = "toggle"
    DURATION = "duration"
    CHOICE = "choice"
    TEXT = "text"
    ADDRESS = "address"
    FOLDER = "folder"


class Restarts(Enum):
    """What must be started anew before a change is in force."""

    INSTANCE = "instance"
    NOTHING = "nothing"


class Variable(msgspec.Struct, frozen=True):
    """One variable. `default` "" = none or decided at run time; `low` and `high` are the sensible limits of a number.

    `overruled` says why setting it has no effect, "" if it has one.
    """

    name: str
    kind: Kind
    default: str
    meaning: str
    since: str = ""
    until: str = ""
    low: int | None = None
    high: int | None = None
    choices: tuple[str, ...] = ()
    restarts: Restarts = Restarts.INSTANCE
    overruled: str = ""
