"""What the sources of a server give it and it does not run with, and why: read too early, or never."""

from collections.abc import Iterator
from enum import Enum

import msgspec

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.doctor.in_force import InForce, holds, in_force, version_of
from ollama_panel.core.doctor.server_sources import Wanted, unit_of, wanted_of
from ollama_panel.core.servers import FoundServer
from ollama_panel.core.sources.record import SourceKind

_WITHOUT_TIMES = frozenset({SourceKind.REGISTRY, SourceKind.LAUNCHCTL, SourceKind.APP, SourceKind.OLLAMA_FILE})
"""Sources that a process reads at its start, and of which nobody knows when they have changed."""

_OF_CREATION = frozenset({SourceKind.COMPOSE, SourceKind.DOCKER_RUN})
"""Sources of containers, which keep the variables with which they were made."""

SLACK_S = 1.0
"""File systems and process tables round times to a second."""


class Cause(Enum):
    """Why a server runs without a value.

    STALE: its manager has not read the file since it has changed. CHANGED: the file has changed since the server was
    started. STARTED_BEFORE: the server was started before it was set, as it is nowhere else. CREATED_BEFORE: its
    container was made before. UNKNOWN: none of these.
    """

    STALE = "stale"
    CHANGED = "changed"
    STARTED_BEFORE = "started_before"
    CREATED_BEFORE = "created_before"
    UNKNOWN = "unknown"


class Difference(msgspec.Struct, frozen=True):
    """A variable that a server is to have, and what it runs with."""

    wanted: Wanted
    found: InForce
    cause: Cause

    @property
    def name(self) -> str:
        """The name of the variable."""
        return self.wanted.assignment.name


def differences(facts: Facts, server: FoundServer) -> Iterator[Difference]:
    """Yield what a server's sources give it and it does not run with, but for what is written wrongly there."""
    for name, wanted in wanted_of(facts, server).items():
        if any(one.name == name for one in wanted.reading.mistakes):
            continue  # that mistake is told, and Ollama may take such a value in any way
        found = in_force(facts, server, name)
        if found is not None and holds(name, wanted.assignment.value, found, version_of(server)) is False:
            yield Difference(wanted, found, _cause(facts, server, wanted))


def _cause(facts: Facts, server: FoundServer, wanted: Wanted) -> Cause:
    kind, path = wanted.reading.kind, wanted.assignment.place.path
    unit = unit_of(facts, server)
    if kind is SourceKind.SYSTEMD and unit is not None and unit.stale:
        return Cause.STALE
    if kind in _OF_CREATION:
        return Cause.CREATED_BEFORE
    if (modified := modified_at(facts, path)) is not None and modified > server.since + SLACK_S:
        return Cause.CHANGED
    return Cause.STARTED_BEFORE if kind in _WITHOUT_TIMES else Cause.UNKNOWN


def modified_at(facts: Facts, path: str) -> float | None:
    """Return when a file was written last, in Unix time; None if nobody knows."""
    return next((one.modified for one in facts.times if one.path == path), None)
