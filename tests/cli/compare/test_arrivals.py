"""The requests of a comparison, and when they come."""

import msgspec
import pytest

from ollama_panel.cli.compare.arrivals import UNKNOWN_OUTPUT, Arrival, busiest, drawn, recorded
from ollama_panel.core.ids import ModelName, RequestId
from ollama_panel.core.records import LoadOptions, Part
from ollama_panel.core.scheduling.event_log import Step
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.tuning.prompts import ASK, Calibration
from ollama_panel.core.tuning.task import WorkloadKind
from ollama_panel.core.tuning.workload import preset
from tests.cli.compare.recording import LLAMA, arrived, finished

OTHER = ModelName("other:latest")
ONE_EACH = Calibration(overhead=0, per_word=1)


def content(one: Arrival, unique: str = "run 1") -> dict[str, object]:
    found = msgspec.json.decode(one.body(unique, ONE_EACH))
    assert isinstance(found, dict)
    return found


def test_the_requests_of_a_recording_come_at_their_times_with_their_lengths() -> None:
    steps = [
        Step(policy=Policy()),
        arrived("a", 5, turns=(7, 8, 9), prompt_tokens=100, options=LoadOptions(num_ctx=8192)),
        arrived("b", 7.5, "/v1/chat/completions", prompt_tokens=20),
        finished("a", 33),
    ]
    one, other = recorded(steps)
    assert (one.at, one.parts, one.answer, one.num_ctx) == (0.0, (("7", 34), ("8", 33), ("9", 33)), 33, 8192)
    assert (other.at, other.parts, other.answer, other.path) == (2.5, (("b", 20),), UNKNOWN_OUTPUT, "/api/chat")


def test_a_conversation_begins_as_it_did_in_its_last_request() -> None:
    one, other = recorded(
        [arrived("a", 0, turns=(7,), prompt_tokens=10), arrived("b", 1, turns=(7, 8, 9), prompt_tokens=30)]
    )
    first, second = content(one)["messages"], content(other)["messages"]
    assert isinstance(first, list)
    assert isinstance(second, list)
    assert first[0]["content"].removesuffix(ASK) == second[0]["content"]
    assert [message["role"] for message in second] == ["user", "assistant", "user"]


def test_runs_have_texts_of_their_own() -> None:
    (one,) = recorded([arrived("a", 0, prompt_tokens=10)])
    assert content(one, "run 1") == content(one, "run 1")
    assert content(one, "run 1")["messages"] != content(one, "run 2")["messages"]


def test_embeddings_have_their_inputs_and_other_kinds_of_requests_are_left_out() -> None:
    steps = [
        arrived("a", 0, "/v1/embeddings", items=3, prompt_tokens=31),
        arrived("b", 1, "/v1/audio/transcriptions"),
    ]
    (one,) = recorded(steps, OTHER)
    assert (one.path, one.parts) == ("/api/embed", (("a 0", 11), ("a 1", 10), ("a 2", 10)))
    found = content(one)
    assert found["model"] == OTHER
    assert [len(text.split()) for text in msgspec.convert(found["input"], list[str])] == [11, 10, 10]


def test_the_busiest_requests_are_taken_and_their_times_begin_anew() -> None:
    arrivals = recorded([arrived(str(at), at) for at in (0, 10, 11, 12, 20)])
    assert [(one.at, one.parts[0][0]) for one in busiest(arrivals, 3)] == [(0, "10"), (1, "11"), (2, "12")]
    assert busiest(arrivals, 5) == busiest(arrivals, 50) == arrivals


def test_drawn_requests_are_the_same_for_the_same_seed_and_come_at_the_wanted_rate() -> None:
    chat = preset(WorkloadKind.CHAT)
    found = drawn(chat, LLAMA, 1000, 4.0, seed=1)
    assert found == drawn(chat, LLAMA, 1000, 4.0, seed=1)
    assert found != drawn(chat, LLAMA, 1000, 4.0, seed=2)
    assert found[0].at == 0
    assert found[-1].at == pytest.approx(250, rel=0.15)
    assert (found[17].parts[0][1], found[17].answer) == (chat.planned(1).prompt, chat.planned(1).answer)


def test_what_prompts_share_comes_first_and_is_the_same_in_all() -> None:
    rag = preset(WorkloadKind.RAG)
    one, other = drawn(rag, LLAMA, 2, 1.0, seed=1)
    first, second = (msgspec.convert(content(arrival)["messages"], list[dict[str, str]]) for arrival in (one, other))
    assert first[0] == second[0]
    assert len(first[0]["content"].split()) == rag.shared
    assert first[-1] != second[-1]


def test_the_template_of_a_model_counts_among_the_tokens_of_a_prompt() -> None:
    (one,) = recorded([arrived("a", 0, prompt_tokens=100)])
    body = msgspec.json.decode(one.body("run", Calibration(overhead=20, per_word=2)))
    assert len(body["messages"][0]["content"].removesuffix(ASK).split()) == 40


def test_a_request_that_was_sent_in_parts_is_one_request_with_all_its_inputs() -> None:
    steps = [
        arrived(f"big/{number}", number, "/api/embed", items=2, part=Part(RequestId("big"), number, 3, 6, 60, 500, 0))
        for number in range(3)
    ]
    [one] = recorded(steps)
    assert [length for _, length in one.parts] == [10] * 6
