"""Tests of the requests of a trial: as long as planned, unique where they begin, the same in all trials else."""

from typing import Any

import msgspec
import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.tuning.prompts import Calibration, Writer, calibration
from ollama_panel.core.tuning.task import WorkloadKind
from ollama_panel.core.tuning.workload import Planned, Workload, preset

MODEL = ModelName("llama3.1:8b")
CHAT, RAG = preset(WorkloadKind.CHAT), preset(WorkloadKind.RAG)


def body(workload: Workload, number: int = 0, unique: str = "trial 1", **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(Writer(MODEL, workload, unique, **more).body(number))
    return found


def text(workload: Workload, number: int = 0, unique: str = "trial 1", **more: Any) -> str:
    found: str = body(workload, number, unique, **more)["messages"][-1]["content"]
    return found


def test_a_chat_asks_for_the_planned_tokens_and_is_not_stopped_by_words() -> None:
    found = body(CHAT, 3, options={"num_batch": 512})
    assert found["model"] == MODEL
    assert found["stream"]
    assert found["options"] == {"num_batch": 512, "num_predict": CHAT.planned(3).answer, "seed": 4, "stop": []}
    assert Writer(MODEL, CHAT, "").path == "/api/chat"


def test_trials_differ_where_their_requests_begin_and_nowhere_else() -> None:
    first, second = text(CHAT, unique="trial 1").split(" "), text(CHAT, unique="trial 2").split(" ")
    assert len(first) == len(second)
    assert first[:6] != second[:6]
    assert first[6:] == second[6:]


def test_requests_of_a_trial_begin_differently() -> None:
    beginnings = {text(CHAT, number)[:40] for number in range(200)}
    assert len(beginnings) == 200


def test_a_prompt_has_as_many_words_as_make_the_wanted_tokens() -> None:
    workload = Workload(WorkloadKind.CHAT, (Planned(1000, 10),))
    counted = Calibration(overhead=50, per_word=1.9)
    own = text(workload, calibration=counted).partition("\n\n")[0]
    assert 50 + 1.9 * len(own.split()) == pytest.approx(1000, rel=0.01)


def test_what_all_prompts_share_comes_first_and_is_the_same_in_all_trials() -> None:
    first, second = (body(RAG, number, f"trial {number}")["messages"] for number in (0, 1))
    assert [message["role"] for message in first] == ["system", "user"]
    assert first[0] == second[0]
    assert first[1]["content"][:30] != second[1]["content"][:30]


def test_embeddings_are_texts_with_beginnings_of_their_own() -> None:
    workload = preset(WorkloadKind.EMBEDDINGS)
    writer = Writer(MODEL, workload, "trial 1", Calibration(2, 1.0))
    texts = msgspec.json.decode(writer.body(0))["input"]
    assert writer.path == "/api/embed"
    assert not writer.streams
    assert len({one[:30] for one in texts}) == workload.items
    assert all(len(one.split()) == workload.planned(0).prompt for one in texts)


def test_two_counted_requests_tell_the_overhead_and_the_tokens_of_a_word() -> None:
    assert calibration(50, 95, 250, 335) == Calibration(overhead=35, per_word=1.2)


@pytest.mark.parametrize("many", [0, 95, 100, 9000])
def test_counts_that_make_no_sense_give_the_usual_ones(many: int) -> None:
    assert calibration(50, 95, 250, many) == Calibration()
