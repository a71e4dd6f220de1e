"""The spans of a time line: what was measured adds up, and what is expected is told apart from it."""

import msgspec
import pytest

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, RequestId
from ollama_panel.core.records import RequestClass
from ollama_panel.core.request_spans import Part, Span, spans
from ollama_panel.core.snapshot import RequestRecord, RequestState

WAITS = RequestRecord(
    RequestId("a2d4"),
    ClientId("rag-indexer"),
    RequestClass.BATCH,
    ModelName("llama3.1:8b"),
    "/api/chat",
    True,
    RequestState.WAITING,
    arrived=100.0,
    eta_s=9.0,
    expected_prompt_s=1.5,
    expected_answer_s=6.0,
)
READS = msgspec.structs.replace(
    WAITS, state=RequestState.RUNNING, dispatched=140.0, eta_s=None, instance=InstanceId("chat-1")
)
WRITES = msgspec.structs.replace(READS, first_byte=141.0)
DONE = msgspec.structs.replace(WRITES, state=RequestState.DONE, finished=150.0)


def told(record: RequestRecord, now: float, *, paused: bool = False) -> list[tuple[Part, float, bool]]:
    return [(one.part, round(one.seconds, 6), one.measured) for one in spans(record, now, paused=paused)]


def test_one_that_waits_has_waited_and_its_rest_is_expected() -> None:
    assert told(WAITS, 141.0) == [
        (Part.QUEUE, 41.0, True),
        (Part.QUEUE, 9.0, False),
        (Part.PROMPT, 1.5, False),
        (Part.ANSWER, 6.0, False),
    ]


@pytest.mark.parametrize(("paused", "eta_s"), [(True, 9.0), (False, None)])
def test_nothing_is_expected_while_nobody_knows_when_it_begins(paused: bool, eta_s: float | None) -> None:
    record = msgspec.structs.replace(WAITS, eta_s=eta_s)
    assert told(record, 141.0, paused=paused) == [(Part.QUEUE, 41.0, True)]


def test_what_is_done_of_a_part_is_no_more_expected_of_it() -> None:
    assert told(READS, 141.0) == [
        (Part.QUEUE, 40.0, True),
        (Part.PROMPT, 1.0, True),
        (Part.PROMPT, 0.5, False),
        (Part.ANSWER, 6.0, False),
    ]
    assert told(WRITES, 143.0)[-2:] == [(Part.ANSWER, 2.0, True), (Part.ANSWER, 4.0, False)]


def test_one_that_takes_longer_than_expected_expects_nothing_more_of_that_part() -> None:
    assert told(READS, 145.0)[1:] == [(Part.PROMPT, 5.0, True), (Part.ANSWER, 6.0, False)]
    assert told(WRITES, 160.0)[-1] == (Part.ANSWER, 19.0, True)


def test_a_load_is_told_while_it_lasts_and_afterwards() -> None:
    loads = msgspec.structs.replace(READS, state=RequestState.LOADING)
    assert told(loads, 143.0)[1] == (Part.LOAD, 3.0, True)
    loaded = msgspec.structs.replace(READS, load_s=3.0)
    assert told(loaded, 144.0)[1:3] == [(Part.LOAD, 3.0, True), (Part.PROMPT, 1.0, True)]


def test_an_answer_in_one_piece_does_not_tell_where_its_time_goes_before_its_end() -> None:
    record = msgspec.structs.replace(READS, stream=False)
    assert told(record, 143.0)[1:] == [(Part.INSTANCE, 3.0, True), (Part.ANSWER, 4.5, False)]


def test_an_ended_one_has_what_the_instance_says_and_the_rest_is_the_panels() -> None:
    record = msgspec.structs.replace(DONE, inside_s=0.25, load_s=0.0, prompt_s=0.5, answer_s=9.0)
    assert told(record, 999.0) == [
        (Part.QUEUE, 40.0, True),
        (Part.INSIDE, 0.25, True),
        (Part.PROMPT, 0.5, True),
        (Part.ANSWER, 9.0, True),
        (Part.PANEL, 0.25, True),
    ]


def test_of_an_answer_in_one_piece_without_counters_only_the_whole_is_known() -> None:
    record = msgspec.structs.replace(DONE, stream=False, load_s=0.0)
    assert told(record, 999.0) == [(Part.QUEUE, 40.0, True), (Part.INSTANCE, 10.0, True)]


def test_one_that_ended_in_the_queue_only_waited() -> None:
    record = msgspec.structs.replace(WAITS, state=RequestState.CANCELLED, finished=120.0, eta_s=None)
    assert spans(record, 999.0) == (Span(Part.QUEUE, 20.0),)


@pytest.mark.parametrize("record", [WAITS, READS, WRITES, msgspec.structs.replace(READS, stream=False, load_s=1.0)])
def test_the_measured_spans_of_an_open_request_add_up_to_its_age(record: RequestRecord) -> None:
    measured = [one.seconds for one in spans(record, 145.5) if one.measured]
    assert sum(measured) == pytest.approx(45.5)
