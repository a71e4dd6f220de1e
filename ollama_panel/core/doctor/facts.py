"""The facts that the doctor judges by: what was read of a machine, at one time. None = nobody could tell.

A file of facts is readable YAML or JSON; `engine.doctor.gathering` makes them, a support bundle holds them.
"""

import msgspec

from ollama_panel.core.notices import Notice
from ollama_panel.core.ollama.programs import Program
from ollama_panel.core.servers import FoundServer
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.sources.record import Reading
from ollama_panel.core.stores import StoreRecord
from ollama_panel.core.telemetry import GpuReading


class MachineFacts(msgspec.Struct, frozen=True):
    """The machine. Sizes are bytes.

    `system` is as `uname` names it (Linux, Darwin, Windows), `release` the kernel's or the system's version. `user` is
    who looks, `groups` theirs. `memory_limit` is that of the container or the control group that it all runs in.
    `clock_ahead_s` is by how much its clock is ahead of a server's on the network. `booted` is Unix time.
    `wsl`: it is a Linux in Windows.
    """

    system: str = "Linux"
    release: str = ""
    architecture: str = ""
    user: str = ""
    groups: tuple[str, ...] = ()
    home: str = ""
    cores: int | None = None
    memory_total: int | None = None
    memory_available: int | None = None
    swap_used: int | None = None
    memory_limit: int | None = None
    clock_ahead_s: float | None = None
    booted: float | None = None
    wsl: bool = False


class UnitFacts(msgspec.Struct, frozen=True):
    """A systemd unit, a job of launchd or a service of Windows that runs Ollama, or is named as if it did.

    `files` are its own file and its drop-ins, in the order in which they are read. `stale`: they have changed since the
    manager has read them. `active_since` is Unix time, None = it does not run. `enabled`: it starts with the machine or
    at login. `pid` 0 = none.
    """

    name: str
    user_unit: bool = False
    files: tuple[str, ...] = ()
    state: str = ""
    pid: int = 0
    restarts: int = 0
    stale: bool = False
    enabled: bool | None = None
    active_since: float | None = None
    said: tuple[str, ...] = ()


class FileTime(msgspec.Struct, frozen=True):
    """When a file was written last, in Unix time."""

    path: str
    modified: float


class RunnerFacts(msgspec.Struct, frozen=True):
    """A runner: the child of a server that computes. `model` is the path of its blob; `arguments` its command line."""

    pid: int
    server: int
    model: str = ""
    arguments: tuple[str, ...] = ()


class LoadedFacts(msgspec.Struct, frozen=True):
    """A model that a server says is loaded (`/api/ps`); sizes are bytes, `family` is that of `/api/show`."""

    server: int
    name: str
    size: int = 0
    size_vram: int = 0
    context_length: int | None = None
    family: str = ""
    layers: int | None = None
    embedding: bool = False


class LogFacts(msgspec.Struct, frozen=True):
    """What the log of a server says: the variables that it runs with, and its last lines about trouble."""

    server: int
    configured: dict[str, str] = {}
    lines: tuple[str, ...] = ()


class Listener(msgspec.Struct, frozen=True):
    """A program that listens on a TCP port; `pid` None = another user's."""

    address: str
    port: int
    pid: int | None = None
    program: str = ""


class Disk(msgspec.Struct, frozen=True):
    """The file system that holds a folder; sizes in bytes, `kind` as the system names it (ext4, nfs4, fuseblk)."""

    path: str
    total: int | None = None
    free: int | None = None
    kind: str = ""
    read_only: bool = False


class ContainerFacts(msgspec.Struct, frozen=True):
    """A container that runs Ollama; `server` is the process of that, 0 = unknown. `memory_limit` is in bytes."""

    name: str
    runtime: str = "docker"
    running: bool = True
    server: int = 0
    memory_limit: int | None = None
    gpu: bool | None = None
    killed_for_memory: bool = False


class Unseen(msgspec.Struct, frozen=True):
    """What could not be looked at, and why."""

    what: str
    why: Notice


class FileProblem(msgspec.Struct, frozen=True):
    """What is wrong in the panel's settings file, with its line (0 = unknown) and the line's text without secrets."""

    problem: Problem
    line: int = 0
    text: str = ""


class PanelFile(msgspec.Struct, frozen=True):
    """The panel's settings file, which was `modified` then (Unix time). `backup` is the valid one of before, "" = none.

    `closed` is the folder in which this user may not write, so that nothing can be changed; "" = it is open.
    """

    path: str
    modified: int = 0
    problems: tuple[FileProblem, ...] = ()
    backup: str = ""
    closed: str = ""


class Facts(msgspec.Struct, frozen=True):
    """All that is known of a machine.

    `servers` are all servers of Ollama, each with its process as `pid`; the other facts name that. `sources` are the
    configuration sources that were found; one of a unit, a container or a process has its name or id in `path` or in
    the name of its server. `environment` are the variables of the user's own session that Ollama or its clients read.
    `versions` are those that servers say, `programs` the programs on the disk. `snapshot` is the panel's own state,
    None if none runs here. `panel_file` is its settings file, None if there is none, or on another machine.
    """

    at: float = 0.0
    host: str = ""
    machine: MachineFacts = MachineFacts()
    gpus: tuple[GpuReading, ...] = ()
    drivers: dict[str, str] = {}
    servers: tuple[FoundServer, ...] = ()
    units: tuple[UnitFacts, ...] = ()
    sources: tuple[Reading, ...] = ()
    times: tuple[FileTime, ...] = ()
    runners: tuple[RunnerFacts, ...] = ()
    loaded: tuple[LoadedFacts, ...] = ()
    logs: tuple[LogFacts, ...] = ()
    listeners: tuple[Listener, ...] = ()
    disks: tuple[Disk, ...] = ()
    stores: tuple[StoreRecord, ...] = ()
    containers: tuple[ContainerFacts, ...] = ()
    environment: dict[str, str] = {}
    programs: tuple[Program, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    snapshot: Snapshot | None = None
    panel_file: PanelFile | None = None
