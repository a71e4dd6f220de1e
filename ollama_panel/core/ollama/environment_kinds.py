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
    return value.strip().strip("\"'")


FALSE = frozenset(("0", "f", "F", "FALSE", "false", "False"))
"""What Go reads as false (`strconv.ParseBool`)."""

PREFIXES = ("OLLAMA_", "LLAMA_ARG_")
"""How the names of Ollama's own variables begin, and of those of its runner."""

OF_PANEL = ("OLLAMA_PANEL_", "OLLAMA_SIM_")
"""How the names of the panel's own variables begin, which are no variables of Ollama."""


def switched(value: str) -> bool | None:
    """Return how Ollama takes a switch: None if it is unset; what it cannot read is on (`envconfig/config.go`)."""
    meant = plain(value)
    return meant not in FALSE if meant else None


def taken(name: str, value: str) -> str:
    """Return a value as what reads the variable takes it: drivers and the runner take quotes for a part of it."""
    return plain(value) if name.startswith("OLLAMA_") else value.strip()


class Kind(Enum):
    """The syntax of a value.

    SWITCH and TRISTATE are Go's booleans (`1`, `true`, `0`, ...); an unset TRISTATE leaves the choice to Ollama.
    DURATION is Go's (`5m`, `1h30m`) or whole seconds. TOGGLE is llama.cpp's boolean. COUNTS are whole numbers with
    commas, one for each device. DEVICES are those of CUDA, ROCm or Vulkan. GFX is the type of an AMD GPU, as `10.3.0`.
    """

    COUNT = "count"
    COUNTS = "counts"
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
    DEVICES = "devices"
    GFX = "gfx"


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
    Kind.LIBRARY: "expected.library",
    Kind.DEVICES: "expected.devices",
    Kind.GFX: "expected.gfx",
    Kind.COUNTS: "expected.counts",
}


class Restarts(Enum):
    """What must be restarted before a change takes effect; nothing if no server reads the variable.

    A process keeps the variables that it was started with, so no variable takes effect by loading a model again.
    """

    INSTANCE = "instance"
    NOTHING = "nothing"


class Reads(Enum):
    """When Ollama reads a variable: once as the server starts, or whenever it loads a model or gets a request."""

    START = "start"
    LOAD = "load"
    REQUEST = "request"


class Default(msgspec.Struct, frozen=True):
    """The default of the versions before `before`."""

    before: str
    value: str


class Variable(msgspec.Struct, frozen=True):
    """One variable. `default` "" = none, or decided at run time; `low` and `high` are sensible limits of a number.

    `since` and `until` are the first and the last release of Ollama that reads it; "" where it is a library that reads
    it, of whatever version, or where the newest release still does. `earlier` are the defaults of older releases, the
    oldest first. `words` are taken in place of a number. `overruled`: it has no effect, because Ollama passes that
    option itself; the notice says what to do instead. `printed`: what a server shows of it where it
    is not set, if that is no value to write; in lower case.
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
    words: tuple[str, ...] = ()
    restarts: Restarts = Restarts.INSTANCE
    reads: Reads = Reads.START
    earlier: tuple[Default, ...] = ()
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

    def default_in(self, version: tuple[int, ...]) -> str:
        """Return the default of a version of Ollama; () is the newest."""
        older = (one.value for one in self.earlier if version and version < numbers(one.before))
        return next(older, self.default)

    @property
    def effect(self) -> Notice:
        """What a change restarts, and when it takes effect."""
        return notice("effect.nothing" if self.restarts is Restarts.NOTHING else f"effect.{self.reads.value}")

    @property
    def values(self) -> Notice:
        """The values that it accepts, to follow "must be"."""
        match self.kind:
            case Kind.COUNT:
                number = between("expected.whole", self.low, self.high)
                return notice("expected.or_words", expected=number, words=self.words) if self.words else number
            case Kind.CHOICE:
                return notice("expected.choice", choices=self.choices)
            case kind:
                return notice(_EXPECTED[kind])
