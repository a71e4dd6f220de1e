"""The description of an environment variable."""

from enum import Enum

import msgspec


class Kind(Enum):
    """The syntax of a value.

    SWITCH and TRISTATE are Go's booleans (`1`, `true`, `0`, ...); an unset TRISTATE leaves the choice to Ollama.
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
    """What must be restarted before a change takes effect."""

    INSTANCE = "instance"
    NOTHING = "nothing"


class Variable(msgspec.Struct, frozen=True):
    """One variable. `default` "" = none, or decided at run time; `low` and `high` are sensible limits of a number.

    `overruled` says why setting it has no effect, "" if it has an effect.
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
