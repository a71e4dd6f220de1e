"""The Ollama servers that run on this machine, whoever has started them: what is known of each. Pure.

`core.server_owners` says from what was read of a process who that is.
"""

from enum import Enum

import msgspec

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import Notice
from ollama_panel.core.stores import Found


class OwnerKind(Enum):
    """Who starts and stops a server.

    PANEL: this panel; OTHER_PANEL: another one, of another folder or user. SYSTEM_UNIT, USER_UNIT: systemd, the
    machine's or the user's own service manager. DESKTOP_APP: Ollama's app for macOS or Windows. HOMEBREW:
    `brew services`; LAUNCHD: any other job of launchd. SERVICE: the service manager of Windows. CONTAINER: a runtime
    that is neither docker nor podman, such as that of Kubernetes. BY_HAND: a shell, a script or another program.
    """

    PANEL = "panel"
    OTHER_PANEL = "other_panel"
    SYSTEM_UNIT = "system_unit"
    USER_UNIT = "user_unit"
    DESKTOP_APP = "desktop_app"
    HOMEBREW = "homebrew"
    LAUNCHD = "launchd"
    SERVICE = "service"
    DOCKER = "docker"
    PODMAN = "podman"
    CONTAINER = "container"
    SNAP = "snap"
    BY_HAND = "by_hand"


CONTAINERS = frozenset({OwnerKind.DOCKER, OwnerKind.PODMAN, OwnerKind.CONTAINER})
"""The owners whose servers have files and network addresses of their own."""


class Owner(msgspec.Struct, frozen=True):
    """Who starts and stops a server; `kind` is None if that cannot be said.

    `name` is that of the unit, the job, the snap or the container (its id where nobody tells its name); of a server
    that was started by hand, the program that has started it. `unit` is the systemd unit of one of snap, Homebrew or
    podman, "" if it has none; `user_unit`: of the user's own manager.
    """

    kind: OwnerKind | None = None
    name: str = ""
    unit: str = ""
    user_unit: bool = False


class AddressSource(Enum):
    """Where the address of a server was read.

    VARIABLES: OLLAMA_HOST. DEFAULT: it is not set, so it is Ollama's default. SOCKET: the socket on which it listens.
    PUBLISHED: the port of this machine that the container's runtime passes on.
    """

    VARIABLES = "variables"
    DEFAULT = "default"
    SOCKET = "socket"
    PUBLISHED = "published"


class LogKind(Enum):
    """What holds the log of a server. PANEL: the panel itself. NOTHING: it is thrown away."""

    PANEL = "panel"
    JOURNAL = "journal"
    CONTAINER = "container"
    FILE = "file"
    TERMINAL = "terminal"
    NOTHING = "nothing"


class LogSource(msgspec.Struct, frozen=True):
    """The log of a server: a `path` ("" = none) or a `command` that shows it ("" = none)."""

    kind: LogKind
    path: str = ""
    command: str = ""


class FoundServer(msgspec.Struct, frozen=True):
    """One server, known by its process `pid`, which began at `since` (seconds since 1970).

    `id` is the name under which it is used, replaced or left. `address` is where it listens, `url` where programs of
    this machine reach it; None if unknown, and `url` also if it cannot be reached from here. `ours`: it runs as the
    panel's user. `variables` are those that Ollama reads, without secrets, None if nothing tells them: then
    `unreadable` says why. `variables_from` says what told them. `instance` is the panel's for it, its own worker or an
    adopted server. `left`: the user wants it to be left alone. `rss_bytes` is the main memory of the server and its
    runners.
    """

    id: str
    pid: int
    since: float
    owner: Owner
    user: str = ""
    ours: bool = False
    program: str = ""
    arguments: tuple[str, ...] = ()
    address: str | None = None
    address_from: AddressSource | None = None
    url: str | None = None
    version: str | None = None
    variables: dict[str, str] | None = None
    variables_from: Found = Found.UNKNOWN
    unreadable: Notice | None = None
    store: str | None = None
    store_from: Found = Found.UNKNOWN
    log: LogSource | None = None
    rss_bytes: int | None = None
    left: bool = False
    instance: InstanceId | None = None
