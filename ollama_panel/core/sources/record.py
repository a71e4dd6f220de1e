"""What a configuration source says of servers of Ollama: the records that all readers share."""

from collections.abc import Mapping
from enum import Enum

import msgspec

from ollama_panel.core.notices import Notice


class SourceKind(Enum):
    """The format of a source, by who reads it.

    SYSTEMD: a unit, or drop-ins of one, with the environment files that they name. ENVIRONMENT_FILE: such a file alone,
    or a `.env`. QUADLET: Podman's `.container`. LAUNCH_AGENT: a property list of launchd, Homebrew's among them.
    LAUNCHCTL: a script with `launchctl setenv`. COMPOSE: with its `.env` and `env_file`s. DOCKER_INSPECT: what docker
    or podman tells of containers. DOCKER_RUN: a script with `docker run` or `podman run`. SHELL, FISH: a profile or a
    script. BATCH: a `.bat` or `.cmd`, with `set` and `setx`. POWERSHELL: a script. REGISTRY: what `reg query` prints.
    NIX: a NixOS module. ANSIBLE: a playbook. KUBERNETES: objects, HELM: values of a chart. UNRAID: a template.
    TRUENAS: the values of an app. OLLAMA_FILE: `server.json` of Ollama. APP: the settings of Ollama's app. PROCESS: the
    variables of a running server. PANEL: settings, or an export, of the panel.
    """

    SYSTEMD = "systemd"
    ENVIRONMENT_FILE = "environment_file"
    QUADLET = "quadlet"
    LAUNCH_AGENT = "launch_agent"
    LAUNCHCTL = "launchctl"
    COMPOSE = "compose"
    DOCKER_INSPECT = "docker_inspect"
    DOCKER_RUN = "docker_run"
    SHELL = "shell"
    FISH = "fish"
    BATCH = "batch"
    POWERSHELL = "powershell"
    REGISTRY = "registry"
    NIX = "nix"
    ANSIBLE = "ansible"
    KUBERNETES = "kubernetes"
    HELM = "helm"
    UNRAID = "unraid"
    TRUENAS = "truenas"
    OLLAMA_FILE = "ollama_file"
    APP = "app"
    PROCESS = "process"
    PANEL = "panel"


class TextFile(msgspec.Struct, frozen=True):
    """A file, or what a command prints: its `path`, or the command, and its text. `problem`: why it cannot be read."""

    path: str
    text: str = ""
    problem: Notice | None = None

    @property
    def name(self) -> str:
        """The last part of its path, whatever system that is of."""
        return self.path.replace("\\", "/").rpartition("/")[2]


class Source(msgspec.Struct, frozen=True):
    """A source as it was found. The first of `files` is its own; the others are those that it names or that add to it.

    Drop-ins and environment files come in the order in which systemd reads them. `system` is the machine that it is of,
    as `uname` names it, "" = unknown. `unit` is the systemd unit that drop-ins are of, "" = what their path says.
    """

    kind: SourceKind
    files: tuple[TextFile, ...]
    system: str = ""
    unit: str = ""

    @property
    def path(self) -> str:
        """The path of its own file."""
        return self.files[0].path

    def named(self, path: str) -> TextFile | None:
        """Return the other file that a path in its own file names, else one of the same name; None if there is none."""
        others = self.files[1:]
        exact = next((file for file in others if file.path == path), None)
        return exact or next((file for file in others if file.name == TextFile(path).name), None)


class Place(msgspec.Struct, frozen=True):
    """A line of a file: its number from 1, 0 = the whole file, and its text without the line end."""

    path: str
    line: int = 0
    text: str = ""


class Fate(Enum):
    """What becomes of an assignment.

    TAKEN: the server gets it. OVERRULED: a later one of the same name wins. IGNORED: what reads the source does not
    give it to the server. CLIENT: another program reads it, not the server.
    """

    TAKEN = "taken"
    OVERRULED = "overruled"
    IGNORED = "ignored"
    CLIENT = "client"


class Assignment(msgspec.Struct, frozen=True):
    """A variable that a source sets, to the very `value` that the server gets; `why` says why it is not TAKEN.

    The values of those that are not TAKEN are as they are written.
    """

    name: str
    value: str
    place: Place
    fate: Fate = Fate.TAKEN
    why: Notice | None = None


class Mistake(msgspec.Struct, frozen=True):
    """What is wrong in a source. `code` names its kind (`core.sources.codes`), `name` the variable, "" = none.

    `told` says what it is and what to do, with a level. `mended` is the whole text of the file `place.path` without
    the mistake, None if that is not a matter of this file, or if only a person can decide it.
    """

    code: str
    told: Notice
    place: Place
    name: str = ""
    mended: str | None = None


class ServerConfig(msgspec.Struct, frozen=True):
    """A server that a source starts or sets up.

    `name` is that of its unit, label, service or container, "" = Ollama's only one. `command` is its command line, ()
    = not of this source. `image` is that of its container, `ports` are those of the machine that lead to it, each as
    `host:port` or `port`. `memory_limit` is in bytes. `gpu`: it is given a card, None = unknown. `models` are those
    that the source names for it. `folders` are the places on the machine of its own folders, by the path inside.
    """

    name: str = ""
    assignments: tuple[Assignment, ...] = ()
    command: tuple[str, ...] = ()
    image: str = ""
    ports: tuple[str, ...] = ()
    memory_limit: int | None = None
    gpu: bool | None = None
    models: tuple[str, ...] = ()
    folders: Mapping[str, str] = {}

    @property
    def variables(self) -> dict[str, str]:
        """The variables that reach the server from here."""
        return {one.name: one.value for one in self.assignments if one.fate is Fate.TAKEN}


class Reading(msgspec.Struct, frozen=True):
    """What was read of a source. `servers` has none if the source is not about a server, as one of a client.

    `others` are assignments that are of no server. `problem` says why it could not be read at all. `source` is what was
    read, if a mistake of it can be mended: to mend it needs the text as it was.
    """

    kind: SourceKind
    path: str
    servers: tuple[ServerConfig, ...] = ()
    others: tuple[Assignment, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    problem: Notice | None = None
    source: Source | None = None

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """All assignments, those of servers first, whatever becomes of each."""
        return (*(one for server in self.servers for one in server.assignments), *self.others)

    @property
    def variables(self) -> dict[str, str]:
        """The variables of all servers; of one name those of the last."""
        return {name: value for server in self.servers for name, value in server.variables.items()}


class UnreadableError(Exception):
    """A text is not in the format that it is read as; `told` says where."""

    def __init__(self, told: Notice) -> None:
        super().__init__(told.code)
        self.told = told
