"""`requests [list]|cancel` against a stand-in for the panel."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, RequestId
from ollama_panel.core.records import RequestClass
from ollama_panel.core.snapshot import RequestRecord, RequestState
from tests.cli.conftest import Outcome
from tests.cli.stand_in import StandIn, standing_in

Panel = Callable[..., Outcome]
REQUESTS = "GET /panel/v1/requests"
WAITING = RequestRecord(
    RequestId("w1"),
    ClientId("web\x1b[2J"),
    RequestClass.INTERACTIVE,
    ModelName("llama3.1:8b"),
    "/api/chat",
    stream=True,
    state=RequestState.WAITING,
    arrived=90.0,
)
RUNNING = msgspec.structs.replace(
    WAITING,
    id=RequestId("r1"),
    state=RequestState.RUNNING,
    dispatched=92.5,
    instance=InstanceId("chat-1"),
    output_tokens=17,
)
DONE = msgspec.structs.replace(RUNNING, id=RequestId("d1"), state=RequestState.DONE, finished=95.0)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with standing_in(tmp_path) as stand_in:
        stand_in.on(REQUESTS, {"at": 100.0, "requests": msgspec.to_builtins([RUNNING, WAITING, DONE])})
        yield stand_in


def test_requests_are_listed_with_their_times(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    assert panel("requests", "--state-dir", tmp_path).out.splitlines() == [
        "ID  STATE    CLASS        CLIENT  MODEL        INSTANCE  WAITED  RAN    TOKENS",
        "r1  running  interactive  web[2J  llama3.1:8b  chat-1    2.5 s   7.5 s  17",
        "w1  waiting  interactive  web[2J  llama3.1:8b  —         10 s    —      —",
        "d1  done     interactive  web[2J  llama3.1:8b  chat-1    2.5 s   2.5 s  17",
    ]


def test_states_and_a_limit_are_asked_of_the_panel(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    outcome = panel("requests", "--state", "waiting,running", "--limit", "3", "--state-dir", tmp_path)
    assert server.asked[0].path == "/panel/v1/requests?limit=3&state=waiting%2Crunning"
    assert outcome.out.endswith("There may be more than these 3: --limit shows more.\n")


def test_programs_get_the_answer_of_the_panel(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    printed = json.loads(panel("requests", "list", "--json", "--state-dir", tmp_path).out)
    assert [one["id"] for one in printed["requests"]] == ["r1", "w1", "d1"]


def test_a_request_is_cancelled(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    server.on("DELETE /panel/v1/requests/a%20b", msgspec.to_builtins(DONE))
    assert panel("requests", "cancel", "a b", "--state-dir", tmp_path) == (0, "a b is cancelled.\n", "")


def test_what_cannot_be_cancelled_is_the_sentence_of_the_panel(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    server.on("DELETE /panel/v1/requests/d1", {"error": "Request d1 has ended already.", "code": "request.ended"}, 409)
    assert panel("requests", "cancel", "d1", "--state-dir", tmp_path) == (1, "", "Request d1 has ended already.\n")


@pytest.mark.parametrize("arguments", [["--state", "asleep"], ["--limit", "x"], ["cancel"], ["bogus"]])
def test_wrong_arguments_are_usage_errors(panel: Panel, arguments: list[str]) -> None:
    outcome = panel("requests", *arguments)
    assert outcome.status == 2
    assert outcome.err.startswith("usage: ollama-panel requests")


def test_a_request_is_moved_to_the_front_and_back(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    for method in ("POST", "DELETE"):
        server.on(f"{method} /panel/v1/requests/w1/front", msgspec.to_builtins(DONE))
    assert panel("requests", "first", "w1", "--state-dir", tmp_path).out == "w1 is the next.\n"
    assert (
        panel("requests", "first", "w1", "--back", "--state-dir", tmp_path).out == "w1 is back at its former place.\n"
    )
    assert [one.method for one in server.asked] == ["POST", "DELETE"]
