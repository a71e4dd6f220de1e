"""What the history keeps of a request that has ended."""

from typing import Any

import msgspec
import pytest

from ollama_panel.core.history.finished import finished_request
from ollama_panel.core.history.records import FinishedRequest
from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.records import Job, RequestClass, Role
from ollama_panel.core.snapshot import RequestState
from ollama_panel.core.timeline.entry import Entry

ASKED = Job(
    *(RequestId("r1"), ClientId("web"), RequestClass.INTERACTIVE, Role.CHAT, ModelName("a:latest"), "/api/chat", True)
)
SERVED: dict[str, Any] = {
    "state": RequestState.DONE,
    "arrived": 100.0,
    "dispatched": 101.0,
    "first_byte": 103.0,
    "finished": 113.0,
    "instance": InstanceId("chat-1"),
    "prompt_tokens": 7,
    "output_tokens": 21,
    "status": 200,
    "attempts": 1,
}


def kept(**changes: Any) -> FinishedRequest:
    """Return what is kept of a request; `changes` are fields of its job and of its entry."""
    of_job = {name: value for name, value in changes.items() if name in Job.__struct_fields__}
    of_entry = {name: value for name, value in changes.items() if name not in of_job}
    entry = Entry(msgspec.structs.replace(ASKED, **of_job), **{**SERVED, **of_entry})
    return finished_request(entry, PoolName("chat"), 5000.0)


def test_a_stream_has_its_times_from_the_arrival_and_the_time_between_its_tokens() -> None:
    one = kept()
    assert (one.queue_s, one.first_token_s, one.total_s, one.token_s) == (1.0, 3.0, 13.0, 0.5)
    assert (one.at, one.pool, one.instance, one.code) == (5000.0, "chat", "chat-1", "")


def test_an_answer_in_one_piece_has_no_first_token_and_ollamas_own_time_per_token() -> None:
    one = kept(stream=False, output_s=4.2)
    assert one.first_token_s is None
    assert one.token_s == pytest.approx(0.2)


def test_an_answer_without_a_token_as_to_a_load_has_no_first_one() -> None:
    assert kept(output_tokens=0).first_token_s is None
    assert kept(output_tokens=0, state=RequestState.CANCELLED).first_token_s == 3.0


@pytest.mark.parametrize("changes", [{"output_tokens": 1}, {"output_tokens": 0}, {"first_byte": None}])
def test_a_time_per_token_that_nobody_measured_is_unknown(changes: dict[str, object]) -> None:
    assert kept(**changes).token_s is None


def test_a_refusal_has_the_code_and_never_the_words_which_may_quote_a_request() -> None:
    why = notice("request.no_pool").showing("Tell me about my disease")
    refused = kept(state=RequestState.REFUSED, dispatched=None, first_byte=None, instance=None, why=why)
    assert (refused.code, refused.queue_s, refused.instance) == ("request.no_pool", None, "")
    assert b"disease" not in msgspec.json.encode(refused)


def test_names_that_are_no_valid_text_can_be_stored() -> None:
    one = kept(model=ModelName("a\udcff"), client=ClientId("b\ud800"), path="/api/\udcff")
    assert (one.model, one.client, one.path) == ("a?", "b?", "/api/?")


@pytest.mark.parametrize("name", ["https://me:hunter2secret@example.org", "Bearer sk-1234567890abcdef"])
def test_names_that_clients_chose_hold_no_secret(name: str) -> None:
    content = msgspec.json.encode(kept(id=RequestId(name), client=ClientId(name)))
    assert b"hunter2secret" not in content
    assert b"1234567890" not in content
