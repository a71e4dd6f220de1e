"""The description of an environment variable, and how Ollama takes its value."""

from enum import Enum

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.versions import NO_VERSION, numbers
from ollama_panel.core.settings.expectation import between

PRINTED_UNSET = frozenset(("", "0", "f", "false"))
"""Values, in lower case, with which a server prints a variable that is not set."""


def plain(value: str) -> str:
    """Return a value as Ollama takes it, without blanks and quotes around it (0.32 `envconfig/config.go Var`)."""
    return value.strip().strip("\"'").strip()


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
    ORIGINS = "origins"
    LIBRARY = "library"


_EXPECTED = {
    Kind.BYTES: "expected.bytes",
    Kind.SWITCH: "expected.one_or_zero",
    Kind.TRISTATE: "expected.one_or_zero_or_unset",
    Kind.TOGGLE: "expected.on_or_off",
    Kind.DURATION: "expected.time",
    Kind.TEXT: "expected.text",
    Kind.ADDRESS: "expected.address",
    Kind.FOLDER: "expected.folder",
    Kind.ORIGINS: "expected.text",
    Kind.LIBRARY: "expected.text",
}


class Restarts(Enum):
    """What must be restarted before a change takes effect."""

    INSTANCE = "instance"
    NOTHING = "nothing"


class Variable(msgspec.Struct, frozen=True):
    """One variable. `default` "" = none, or decided at run time; `low` and `high` are sensible limits of a number.

    `overruled`: it has no effect, because Ollama passes that option itself; the notice says what to do instead.
    `printed`: what a server shows of it where it is not set, if that is no value to write; in lower case.
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
    overruled: Notice | None = None
    printed: tuple[str, ...] = ()

    @property
    def versions(self) -> str:
        """The versions of Ollama that read it, in words; "" if it is not Ollama's own."""
        if self.until:
            return f"{self.since} to {self.until}"
        return f"{self.since} and later" if self.since else ""

    def outside(self, version: tuple[int, ...]) -> Notice | None:
        """Return which versions read it, to follow its name, if a `version` does not; () is unknown, and says nothing.

        One that a server reports without knowing its own is unknown, too. What no server reads is read by commands,
        whose version nobody knows.
        """
        if version in ((), NO_VERSION) or self.restarts is Restarts.NOTHING:
            return None
        if self.until and version > numbers(self.until):
            return notice("advice.read_until", version=self.until)
        early = bool(self.since) and version < numbers(self.since)
        return notice("advice.read_since", version=self.since) if early else None

    @property
    def values(self) -> Notice:
        """The values that it accepts, to follow "must be"."""
        match self.kind:
            case Kind.COUNT:
                return between("expected.whole", self.low, self.high)
            case Kind.CHOICE:
                return notice("expected.choice", choices=self.choices)
            case kind:
                return notice(_EXPECTED[kind])
