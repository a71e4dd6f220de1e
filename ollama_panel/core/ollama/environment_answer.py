"""What is known of Ollama's variables for the installed version: for the API, the command line and the window."""

import msgspec

from ollama_panel.core.notices import Notice
from ollama_panel.core.ollama.environment import SET_BY_PANEL, VARIABLES
from ollama_panel.core.ollama.environment_kinds import Kind, Reads, Restarts, Variable
from ollama_panel.core.ollama.environment_presets import PRESETS, Preset
from ollama_panel.core.ollama.versions import numbers


class KnownVariable(msgspec.Struct, frozen=True):
    """A variable as the installed Ollama takes it.

    `values` follow "must be". `default` is that of the installed version, "" = none, or decided at run time. `unread`
    says which versions read the variable if that version does not; `instead` what to set in its place, because the
    panel or Ollama itself sets it. `effect` says what a change restarts.
    """

    name: str
    kind: Kind
    values: Notice
    default: str
    meaning: str
    since: str
    until: str
    restarts: Restarts
    reads: Reads
    effect: Notice
    unread: Notice | None
    instead: Notice | None

    @classmethod
    def of(cls, one: Variable, version: tuple[int, ...]) -> "KnownVariable":
        """Return a variable for a version of Ollama; () = unknown."""
        return cls(
            one.name,
            one.kind,
            one.values,
            one.default_in(version),
            one.meaning,
            one.since,
            one.until,
            one.restarts,
            one.reads,
            one.effect,
            one.outside(version),
            one.overruled or SET_BY_PANEL.get(one.name),
        )


class KnownPreset(msgspec.Struct, frozen=True):
    """A preset, with the first version of Ollama that reads all of it, and `unread` as of a variable."""

    id: str
    title: str
    meaning: str
    gain: str
    cost: str
    source: str
    variables: dict[str, str]
    asks: str
    since: str
    unread: Notice | None

    @classmethod
    def of(cls, one: Preset, version: tuple[int, ...]) -> "KnownPreset":
        """Return a preset for a version of Ollama; () = unknown."""
        return cls(**msgspec.structs.asdict(one), since=one.since, unread=one.outside(version))


class EnvironmentAnswer(msgspec.Struct, frozen=True):
    """All variables and presets; `ollama_version` is the installed one, None = unknown."""

    ollama_version: str | None
    variables: tuple[KnownVariable, ...]
    presets: tuple[KnownPreset, ...]


def answer(ollama_version: str | None) -> EnvironmentAnswer:
    """Return all that is known for a version of Ollama."""
    version = numbers(ollama_version or "")
    variables = tuple(KnownVariable.of(one, version) for one in VARIABLES.values())
    return EnvironmentAnswer(ollama_version, variables, tuple(KnownPreset.of(one, version) for one in PRESETS.values()))
