"""The description of an environment variable."""

from enum import Enum

import msgspec

from ollama_panel.core.settings.expectation import between


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


_WORDS = {
    Kind.BYTES: "a number of bytes",
    Kind.SWITCH: "1 or 0",
    Kind.TRISTATE: "1 or 0; Ollama decides if it is not set",
    Kind.TOGGLE: "on or off",
    Kind.DURATION: "a time such as 90s, 5m or 24h",
    Kind.TEXT: "text",
    Kind.ADDRESS: "an address such as 127.0.0.1:11434",
    Kind.FOLDER: "a folder",
}


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

    @property
    def versions(self) -> str:
        """The versions of Ollama that read it, in words; "" if it is not Ollama's own."""
        if self.until:
            return f"{self.since} to {self.until}"
        return f"{self.since} and later" if self.since else ""

    @property
    def values(self) -> str:
        """The values that it accepts, in words."""
        if self.kind is Kind.COUNT:
            return "a whole number" + between(self.low, self.high)
        return "one of " + ", ".join(self.choices) if self.kind is Kind.CHOICE else _WORDS[self.kind]
