"""What the guides are made of: the address that a program gets, and the text that puts it there."""

from enum import Enum

import msgspec

from ollama_panel.core.notices import Notice


class ClientSystem(Enum):
    """The system of the machine that the program runs on."""

    LINUX = "linux"
    MACOS = "macos"
    WINDOWS = "windows"

    @classmethod
    def of(cls, platform: str) -> "ClientSystem":
        """Return the system that Python calls `sys.platform`; one that is neither a Mac nor Windows is like Linux."""
        return {"darwin": cls.MACOS, "win32": cls.WINDOWS}.get(platform, cls.LINUX)


class Place(Enum):
    """Where the program runs, seen from the panel."""

    HERE = "here"
    CONTAINER = "container"
    ELSEWHERE = "elsewhere"


class Language(Enum):
    """What a text is written in; FIELDS are lines `Name: value` to type into the program's own settings."""

    SHELL = "sh"
    POWERSHELL = "powershell"
    PYTHON = "python"
    JAVASCRIPT = "javascript"
    JSON = "json"
    YAML = "yaml"
    TOML = "toml"
    FIELDS = "fields"


class ClientTimeout(msgspec.Struct, frozen=True):
    """The time that a program is to wait for an answer, whole seconds, and the arithmetic behind it."""

    seconds: int
    why: Notice


class Endpoint(msgspec.Struct, frozen=True):
    """Where and how a program reaches the panel.

    `url` has no path and no slash at its end. `key` is sent with each request; "" = none is needed. `model` and
    `embedding_model` are what the examples ask for, `tool_model` what agents do, "" = no model here can use tools.
    `context` are the tokens that a request of `model` and of `tool_model` may have, None = unknown. `note` is what the
    address needs to be reached, None = nothing.
    """

    url: str
    timeout: ClientTimeout
    key: str = ""
    model: str = ""
    embedding_model: str = ""
    tool_model: str = ""
    context: int | None = None
    system: ClientSystem = ClientSystem.LINUX
    note: Notice | None = None


class Way(msgspec.Struct, frozen=True):
    """One way to set up a program: a `text` to copy, in `language`. A `title` that is a name needs no translation.

    `file` is where it goes: a path (`~` is the home of whoever runs the program), "" = a terminal, or the program's own
    settings for `Language.FIELDS`. `note` says what the text does not: where to click, what it needs.
    """

    id: str
    title: str | Notice
    text: str
    language: Language
    file: str = ""
    note: Notice | None = None


class Marks(msgspec.Struct, frozen=True):
    """By what a program is recognised when it comes; all in lower case.

    `processes` are its names without suffix, as `core.program_names` finds them. `agents` are beginnings of its
    `User-Agent`. With neither it cannot be told from others, such as what a library sends that another one uses.
    """

    processes: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()


class Guide(msgspec.Struct, frozen=True):
    """How to set up one program.

    `version` is the one that the texts follow (a commit where the sources name no version), and `source` the public
    page or file where its settings were read. `running` says what to do when the program runs already. `key` says how
    it sends a key; `sends_key` whether it can. `timeout` says which of its time-outs the texts set, and why to what.
    """

    id: str
    name: str
    ways: tuple[Way, ...]
    version: str
    source: str
    running: Notice
    key: Notice
    timeout: Notice
    marks: Marks
    sends_key: bool = True
