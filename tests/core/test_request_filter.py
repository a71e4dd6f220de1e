"""Which requests a filter wants, of those that are shown and of those that wait beyond them."""

import msgspec
import pytest

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, RequestId
from ollama_panel.core.records import Job, RequestClass, Role
from ollama_panel.core.request_filter import ALL, RequestFilter
from ollama_panel.core.snapshot import RequestRecord, RequestState

RUNS = RequestRecord(
    RequestId("7c1e"),
    ClientId("rag-indexer"),
    RequestClass.BATCH,
    ModelName("llama3.1:8b"),
    "/v1/chat/completions",
    True,
    RequestState.RUNNING,
    arrived=1.0,
    instance=InstanceId("chat-1"),
)
WAITS = msgspec.structs.replace(RUNS, state=RequestState.WAITING, instance=None)
JOB = Job(RUNS.id, RUNS.client, RUNS.request_class, Role.CHAT, RUNS.model, RUNS.path, stream=True)


@pytest.mark.parametrize(
    ("wanted", "runs", "waits"),
    [
        (ALL, True, True),
        (RequestFilter(words="rag completions"), True, True),
        (RequestFilter(words="rag embed"), False, False),
        (RequestFilter(words="chat-1"), True, False),
        (RequestFilter(words="7C1E".lower()), True, True),
        (RequestFilter(client="rag-indexer"), True, True),
        (RequestFilter(client="rag"), False, False),
        (RequestFilter(model=ModelName("llama3.1:8b")), True, True),
        (RequestFilter(model=ModelName("tiny:latest")), False, False),
        (RequestFilter(instance=InstanceId("chat-1")), True, False),
        (RequestFilter(instance=InstanceId("chat-2")), False, False),
        (RequestFilter(states=frozenset({RequestState.RUNNING, RequestState.LOADING})), True, False),
        (RequestFilter(states=frozenset({RequestState.WAITING})), False, True),
    ],
)
def test_a_request_is_wanted_if_it_has_all_that_is_asked_for(wanted: RequestFilter, runs: bool, waits: bool) -> None:
    assert wanted.wants(RUNS) is runs
    assert wanted.wants(WAITS) is waits
    assert wanted.wants_waiting(JOB) is waits


def test_the_wanted_ones_keep_their_order() -> None:
    records = (WAITS, RUNS, WAITS)
    assert RequestFilter(states=frozenset({RequestState.WAITING})).among(records) == [WAITS, WAITS]
    assert ALL.among(records) is records


def test_only_the_filter_that_wants_all_is_off() -> None:
    assert not ALL
    assert RequestFilter(words="a")


def test_a_client_is_meant_by_its_lasting_name() -> None:
    process = msgspec.structs.replace(RUNS, client=ClientId("rag_indexer.py (pid 4711)"))
    assert RequestFilter(client="rag_indexer.py").wants(process)
