"""Why a server runs without what its sources give it."""

import pytest

from ollama_panel.core.doctor.differences import Cause, differences
from ollama_panel.core.doctor.facts import Facts, FileTime, UnitFacts
from ollama_panel.core.notices import notice
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.sources.record import Assignment, Mistake, Place, Reading, ServerConfig, SourceKind

PATH = "/etc/systemd/system/ollama.service.d/override.conf"
NAME = "OLLAMA_NUM_PARALLEL"


def facts(
    kind: SourceKind, owner: Owner, *, modified: float = 0.0, stale: bool = False, wrong: bool = False
) -> tuple[Facts, FoundServer]:
    server = FoundServer("x", 7, 100.0, owner, variables={})
    place = Place(PATH, 2, f"Environment={NAME}=4")
    mistakes = (Mistake("bad-value", notice("source.unknown", path=PATH), place, NAME),) if wrong else ()
    config = ServerConfig(owner.name, (Assignment(NAME, "4", place),))
    reading = Reading(kind, PATH, (config,), mistakes=mistakes)
    units = (UnitFacts("ollama.service", stale=stale, pid=7),) if owner.kind is OwnerKind.SYSTEM_UNIT else ()
    times = (FileTime(PATH, modified),) if modified else ()
    return Facts(servers=(server,), sources=(reading,), units=units, times=times), server


SERVICE, APP = Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"), Owner(OwnerKind.DESKTOP_APP)
DOCKER = Owner(OwnerKind.DOCKER, "ollama")


@pytest.mark.parametrize(
    ("kind", "owner", "modified", "stale", "cause"),
    [
        (SourceKind.SYSTEMD, SERVICE, 200.0, True, Cause.STALE),
        (SourceKind.SYSTEMD, SERVICE, 200.0, False, Cause.CHANGED),
        (SourceKind.SYSTEMD, SERVICE, 100.5, False, Cause.UNKNOWN),
        (SourceKind.SYSTEMD, SERVICE, 0.0, False, Cause.UNKNOWN),
        (SourceKind.REGISTRY, APP, 0.0, False, Cause.STARTED_BEFORE),
        (SourceKind.LAUNCHCTL, APP, 0.0, False, Cause.STARTED_BEFORE),
        (SourceKind.COMPOSE, DOCKER, 200.0, False, Cause.CREATED_BEFORE),
    ],
)
def test_the_cause_is_what_the_machine_shows(
    kind: SourceKind, owner: Owner, modified: float, stale: bool, cause: Cause
) -> None:
    known, server = facts(kind, owner, modified=modified, stale=stale)
    assert [(one.name, one.cause) for one in differences(known, server)] == [(NAME, cause)]


def test_what_is_written_wrongly_is_left_to_its_mistake() -> None:
    known, server = facts(SourceKind.SYSTEMD, SERVICE, wrong=True)
    assert list(differences(known, server)) == []
