"""Which servers the readings of several sources describe: a server that two of them describe is one.

What defines a server (a unit, a container) wins over what only surrounds one (a shell's profile, the variables of a
login), which it does not see. Sources that surround the same server add to each other, the first ones win.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ollama_panel.core.importing.record import NotTaken
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama import host_variable
from ollama_panel.core.sources.record import Assignment, Fate, Place, Reading, ServerConfig, SourceKind

_SURROUNDS = (
    SourceKind.PROCESS,
    SourceKind.BATCH,
    SourceKind.LAUNCHCTL,
    SourceKind.APP,
    SourceKind.REGISTRY,
    SourceKind.ENVIRONMENT_FILE,
    SourceKind.POWERSHELL,
    SourceKind.SHELL,
    SourceKind.FISH,
    SourceKind.OLLAMA_FILE,
)
"""What does not define a server of its own; of one server the first ones win: a process has what is in force."""

_ADDS = frozenset({SourceKind.OLLAMA_FILE})
"""What every server of a user reads, whoever has started it; its environment wins."""


class Found(msgspec.Struct, frozen=True):
    """A server, with the assignments that reach it, by name."""

    config: ServerConfig
    kind: SourceKind
    path: str
    variables: Mapping[str, Assignment]

    @property
    def is_container(self) -> bool:
        """Whether it runs in a container, with paths and an address of its own."""
        return bool(self.config.image or self.config.ports)

    @property
    def value_of_host(self) -> str:
        """Its OLLAMA_HOST, "" if that is not set."""
        one = self.variables.get("OLLAMA_HOST")
        return "" if one is None else one.value


def servers_of(readings: Sequence[Reading]) -> tuple[tuple[Found, ...], tuple[NotTaken, ...]]:
    """Return the servers, and the assignments that reach none of them, with the reason."""
    known, ignored = list[Found](), list[NotTaken]()
    for reading in sorted(readings, key=lambda one: _rank(one.kind)):
        ignored += (_not_taken(one) for one in _others(reading))
        new = list[Found]()
        for one in (_found(reading, config) for config in reading.servers):
            if not _is_server(one):
                continue
            at = [place for place, other in enumerate(known) if _is_same(one, other)]
            if not at:
                new.append(one)
                continue
            first = known[at[0]]
            if one.kind in _ADDS or first.kind in _SURROUNDS:
                known[at[0]] = msgspec.structs.replace(first, variables={**one.variables, **first.variables})
                gone = [name for name in one.variables if name in first.variables]
            else:
                gone = list(one.variables)
            why = notice("import.other_source", path=first.path)
            ignored += (NotTaken(name, why, one.variables[name].place) for name in gone)
        known += new
    return tuple(known), tuple(ignored)


def _rank(kind: SourceKind) -> int:
    return _SURROUNDS.index(kind) + 1 if kind in _SURROUNDS else 0


def _found(reading: Reading, config: ServerConfig) -> Found:
    taken = {one.name: one for one in config.assignments if one.fate is Fate.TAKEN}
    return Found(config, reading.kind, reading.path, taken)


def _is_server(one: Found) -> bool:
    """Return whether a source sets anything of a server; a drop-in whose lines are all comments does not."""
    config = one.config
    return bool(one.variables or config.name or config.command or config.image or config.ports or config.models)


def _others(reading: Reading) -> Iterable[Assignment]:
    """Yield the assignments of a reading that reach no server."""
    yield from reading.others
    for config in reading.servers:
        yield from (one for one in config.assignments if one.fate is not Fate.TAKEN)


def _not_taken(one: Assignment) -> NotTaken:
    return NotTaken(one.name, one.why or _why(one.fate), one.place)


def _why(fate: Fate) -> Notice:
    match fate:
        case Fate.OVERRULED:
            return notice("import.overruled")
        case Fate.CLIENT:
            return notice("import.of_client")
        case _:
            return notice("import.reaches_none")


def _is_same(one: Found, other: Found) -> bool:
    """Return whether two sources describe one server: at one address of a machine only one can listen."""
    ports = _port(one), _port(other)
    return ports[0] is not None and ports[0] == ports[1]


def _port(one: Found) -> int | None:
    """Return the port of the machine at which a server is reached, None if that is unknown."""
    if one.config.ports:
        written = one.config.ports[0].rpartition(":")[2]
        return int(written) if written.isdecimal() else None
    return None if one.is_container else host_variable.read(one.value_of_host).port


def place_of(one: Found) -> Place:
    """Return the place of a server as a whole."""
    return Place(one.path)
