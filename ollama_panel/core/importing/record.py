"""What an import would do, and what was imported: the records that front ends see."""

from enum import Enum

import msgspec

from ollama_panel.core.notices import Notice
from ollama_panel.core.settings.tree import PoolSettings, Problem, Settings
from ollama_panel.core.sources.record import Place, Source, SourceKind

AUTO = "auto"
"""Stands for all sources of this machine."""


class OfferId(Enum):
    """What is only taken if the user says so.

    NETWORK: the panel listens beyond this machine, as the server does. ORIGINS: every web page may call the panel.
    """

    NETWORK = "network"
    ORIGINS = "origins"


class Here(msgspec.Struct, frozen=True):
    """What an import must know of this machine.

    `cores` and `gpu` as for `core.launch.plan_instances`, `cores` 0 = unknown. `version` are the numbers of the Ollama
    that the workers run, () = unknown, which counts as the newest. `url` is the address of the panel for clients.
    """

    cores: int = 0
    gpu: bool = False
    version: tuple[int, ...] = ()
    url: str = ""


class SourceRead(msgspec.Struct, frozen=True):
    """A source that was read: its format, its path, and how many servers it sets up. `problem`: why it was not read."""

    kind: SourceKind
    path: str
    servers: int = 0
    problem: Notice | None = None


class Taken(msgspec.Struct, frozen=True):
    """Something that becomes a setting: `key` is that of the setting, `told` says where it goes, in a sentence."""

    key: str
    told: Notice
    places: tuple[Place, ...] = ()


class NotTaken(msgspec.Struct, frozen=True):
    """Something that becomes no setting: the `name` of the variable, "" = none, and why, in a sentence."""

    name: str
    told: Notice
    place: Place


class Wrong(msgspec.Struct, frozen=True):
    """A mistake in a source. `code` names its kind, `name` the variable, "" = none; `taken`: it is a setting anyway."""

    code: str
    name: str
    told: Notice
    place: Place
    taken: bool = False


class ImportOffer(msgspec.Struct, frozen=True):
    """What is only taken if the user says so: the label of its tick, what it means, and whether it is ticked."""

    id: OfferId
    told: Notice
    why: Notice
    places: tuple[Place, ...] = ()
    accepted: bool = False


class ImportPlan(msgspec.Struct, frozen=True):
    """What an import would do. `id` names what is changed: a plan with the same one still holds.

    `changes` are the differences of the settings, in words; `pools` are those that are made or changed. Texts have no
    secrets.
    """

    id: str
    sources: tuple[SourceRead, ...] = ()
    taken: tuple[Taken, ...] = ()
    ignored: tuple[NotTaken, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    offers: tuple[ImportOffer, ...] = ()
    pools: tuple[PoolSettings, ...] = ()
    changes: tuple[Notice, ...] = ()


class Import(msgspec.Struct, frozen=True):
    """An import, and the settings with it in force."""

    plan: ImportPlan
    settings: Settings


class ImportRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to import: `what` is a path, a unit, a container or `auto`; or `sources`, as somebody else has read them.

    `accept` are the offers that are taken. `plan` is the id of the plan that somebody has seen, "" = whatever it is.
    """

    what: str = ""
    sources: tuple[Source, ...] = ()
    accept: tuple[OfferId, ...] = ()
    plan: str = ""


class Imported(msgspec.Struct, frozen=True):
    """An import that is in force: its plan, what that does to the running panel, and what is wrong with the settings.

    `at` is Unix time.
    """

    at: float
    plan: ImportPlan
    effects: tuple[Notice, ...] = ()
    problems: tuple[Problem, ...] = ()


class LastImport(msgspec.Struct, frozen=True):
    """The last import that can be undone: when, in Unix time, 0 = there is none, and of which sources."""

    at: float = 0.0
    sources: tuple[str, ...] = ()
    changes: tuple[Notice, ...] = ()
