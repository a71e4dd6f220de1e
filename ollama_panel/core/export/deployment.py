"""What is exported, where it goes, and what comes of it: the records that every target shares."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import TypeAlias

import msgspec

from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import Notice, Value, joined, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.stores import Service
from ollama_panel.core.text import one_line

Words: TypeAlias = Callable[[Notice], str]
"""Renders a notice in the language of the export."""

INSTALLED = Service("ollama", "ollama", unit="ollama.service")
"""The service that Ollama's own installer for Linux makes (`scripts/install.sh`)."""


class Group(Enum):
    """Where the targets of a group run Ollama, or what stands in front of it."""

    MACHINE = "machine"
    CONTAINER = "container"
    CLUSTER = "cluster"
    PROXY = "proxy"
    PROGRAM = "program"


class Aspect(Enum):
    """A part of the settings that a target carries or not.

    VARIABLES: parallel, context, KV cache and the other variables. CONTEXT: of these the context alone. WORKERS: all
    workers of all pools. STORE: the folder of the models. KEPT: models that stay loaded. RESTARTS: a server that ends
    is started again, also after a reboot. QUEUE: what exceeds the slots waits instead of failing. FAIRNESS: classes,
    weights and limits of clients.
    """

    VARIABLES = "variables"
    CONTEXT = "context"
    WORKERS = "workers"
    STORE = "store"
    KEPT = "kept"
    RESTARTS = "restarts"
    QUEUE = "queue"
    FAIRNESS = "fairness"


class Syntax(Enum):
    """The grammar of a file, by the name that Pygments knows."""

    INI = "ini"
    SHELL = "sh"
    FISH = "fish"
    XML = "xml"
    YAML = "yaml"
    JSON = "json"
    POWERSHELL = "powershell"
    NIX = "nix"
    NGINX = "nginx"
    HAPROXY = "haproxy"
    ENV = "env"
    MODELFILE = "docker"
    TEXT = "text"


class Accelerator(Enum):
    """What computes where the export goes. METAL reaches no container."""

    NVIDIA = "nvidia"
    ROCM = "rocm"
    VULKAN = "vulkan"
    METAL = "metal"
    CPU = "cpu"


class Target(msgspec.Struct, frozen=True):
    """A target of an export: its `id` for the command line, its group, texts for users, and what it carries."""

    id: str
    group: Group
    title: Notice
    summary: Notice
    carries: frozenset[Aspect]


class ExportFile(msgspec.Struct, frozen=True):
    """A file of an export: its `name`, which may have folders, below where it is saved.

    `place` is where it is installed on a machine: a whole path, or one that begins with `~/`, the home of the user; ""
    if it is not. `executable`: it is a program.
    """

    name: str
    text: str
    syntax: Syntax
    place: str = ""
    executable: bool = False


class Step(msgspec.Struct, frozen=True):
    """One of the steps that follow an export, with the command to type for it, "" = none."""

    told: Notice
    command: str = ""


class Site(msgspec.Struct, frozen=True):
    """Where an export goes.

    `service` is the unit that runs Ollama there, and its user; `models` is that user's store, "" = the usual one in the
    home. `of_user`: services are those of the user's own manager, not of the system's. `ollama` is the version to run
    in containers, "" = the newest.
    """

    service: Service = INSTALLED
    models: str = ""
    accelerator: Accelerator = Accelerator.CPU
    of_user: bool = False
    ollama: str = ""


class Export(msgspec.Struct, frozen=True):
    """A finished export: its files, the steps that follow, and `notes` on what holds for this machine only.

    `target` is the id of what it is for, `workers` are those in it, without their secrets, `site` is where it goes.
    `edits`: its files are somebody's own, with one part changed; what reads them is the service of the site, "" =
    nobody is told.
    """

    files: tuple[ExportFile, ...]
    steps: tuple[Step, ...]
    notes: tuple[Notice, ...] = ()
    target: str = ""
    workers: tuple[InstanceSpec, ...] = ()
    site: Site = Site()
    edits: bool = False

    @property
    def text(self) -> str:
        """The texts of all files, one after another."""
        return "\n".join(file.text for file in self.files)

    @property
    def instructions(self) -> Notice:
        """The steps and the notes, in sentences."""
        return joined(*(step.told for step in self.steps), *self.notes)


class Provenance(msgspec.Struct, frozen=True):
    """The origin of an export: the panel's version and the day in ISO format, and `notes` on what holds here only.

    `words` renders what people read in the file. `measured` is what was measured with the settings of a pool, and
    `hardware` what the machine has, such as its card, driver and Ollama, each as people write it.
    """

    version: str
    date: str
    notes: tuple[Notice, ...] = ()
    words: Words = render
    measured: Mapping[PoolName, Notice] = {}
    hardware: tuple[str, ...] = ()

    def line(self, code: str, /, **values: Value) -> str:
        """Return a notice as one line of text: whatever the language, a comment never ends early."""
        return one_line(self.words(notice(code, **values)))


class Deployment(msgspec.Struct, frozen=True):
    """What is exported: settings without secrets, the workers that they plan (at least one), and where they go."""

    settings: Settings
    instances: Sequence[InstanceSpec]
    provenance: Provenance
    site: Site = Site()


Renderer: TypeAlias = Callable[[Deployment], Export]
"""Makes an export. Raises PanelError, with what to set, if the target cannot hold the deployment."""
