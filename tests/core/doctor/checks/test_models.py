"""What the checks of models find, and what they leave alone."""

import msgspec
import pytest

from ollama_panel.core.doctor import examine
from ollama_panel.core.doctor.checks.models import CHECKS
from ollama_panel.core.doctor.facts import Facts, LoadedFacts, LogFacts
from ollama_panel.core.ids import ClientId, InstanceId
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import LoadOptions, Offender
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.stores import Access, Denial, Found, StoreRecord
from tests.core.doctor.panels import LLAMA, facts, panel

AT = 1_700_000_000.0
SERVER = FoundServer(
    "ollama.service", 7, 0.0, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"), ours=True, store="/srv/models"
)
OTHER = msgspec.structs.replace(SERVER, id="by-hand", pid=8, store="/home/anna/.ollama/models")


def found(given: Facts) -> list[str]:
    return [one.id for one in examine(given, checks=CHECKS).findings]


def store(**access: object) -> StoreRecord:
    there = msgspec.structs.replace(Access(), **access)
    return StoreRecord(InstanceId("ollama.service"), "/srv/models", Found.ENVIRONMENT, (), access=there)


DENIED = Denial("/srv/models/blobs", "root", "root", 0o700, "rx")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (store(readable=False, missing=True), ["models.store:/srv/models"]),
        (store(readable=False, denials=(DENIED,)), ["models.store:/srv/models"]),
        (store(readable=True), []),
        (store(), []),
    ],
)
def test_a_store_can_be_read(given: StoreRecord, expected: list[str]) -> None:
    assert found(Facts(servers=(SERVER,), stores=(given,))) == expected


def test_the_store_of_another_user_is_theirs() -> None:
    server = msgspec.structs.replace(SERVER, ours=False)
    assert found(Facts(servers=(server,), stores=(store(readable=False, denials=(DENIED,)),))) == []


def test_several_stores_are_to_be_known_but_not_those_of_containers() -> None:
    contained = msgspec.structs.replace(OTHER, owner=Owner(OwnerKind.DOCKER, "ollama"))
    assert found(Facts(servers=(SERVER, OTHER))) == ["models.stores"]
    assert found(Facts(servers=(SERVER, contained))) == []
    assert found(Facts(servers=(SERVER, msgspec.structs.replace(OTHER, store="/srv/models")))) == []


def loads(*contexts: int, minute: int = 5) -> Facts:
    lines = tuple(
        f"time=2023-11-14T22:{minute + number:02}:00.000Z level=INFO source=server.go:444 "
        f'msg="starting llama-server" cmd="/lib/llama-server --model /m/blobs/sha256-aa --port 1 -c {2 * tokens} -np 2"'
        for number, tokens in enumerate(contexts)
    )
    loaded = (LoadedFacts(7, LLAMA, 6 << 30, 6 << 30, 8192, "llama"),)
    return Facts(at=AT, servers=(SERVER,), logs=(LogFacts(7, lines=lines),), loaded=loaded)


def test_a_model_that_is_loaded_for_each_of_two_contexts_is_told_with_both() -> None:
    (finding,) = examine(loads(4096, 8192, 4096, 8192), checks=CHECKS).findings
    assert finding.id == "models.reloads:ollama.service:llama3.1:8b"
    assert [one.text for one in finding.evidence] == [
        "loads=4 within=3min",
        "context=4096 loads=2",
        "context=8192 loads=2",
    ]


@pytest.mark.parametrize(
    "given",
    [loads(4096, 8192, 4096), loads(4096, 4096, 4096, 4096, 4096), loads()],
    ids=["it has changed twice", "the context is the same", "nothing was loaded"],
)
def test_some_loads_are_usual(given: Facts) -> None:
    assert found(given) == []


def offender(client: str, times: int) -> Offender:
    return Offender(ClientId(client), LLAMA, LoadOptions(num_ctx=16_384, num_gpu=99), times)


def test_who_asks_for_other_options_is_named() -> None:
    snapshot = panel(offenders=(offender("aider", 6), offender("continue", 18), offender("curl", 1)))
    (finding,) = examine(facts(snapshot), checks=CHECKS).findings
    text = "continue and aider asked 24 times for other options than llama3.1:8b is loaded with"
    assert render(finding.told) == text
    assert finding.evidence[0].text == "num_ctx=16384 num_gpu=99 times=18"


def test_a_conflict_of_contexts_names_its_clients_itself() -> None:
    asking = (notice("context_conflict.client", client="aider", tokens=16_384),)
    conflict = notice(
        "context_conflict.known",
        model=LLAMA,
        asking=asking,
        silent=("open-webui",),
        own=4096,
        advice=notice("advice.modelfile"),
    )
    snapshot = panel(offenders=(offender("aider", 30),), notices=(conflict,))
    assert found(facts(snapshot)) == [f"alert.context_conflict:{LLAMA}"]
