"""The end of an answer is recognised, however the answer was cut into chunks."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.ollama.api import classify
from ollama_panel.core.ollama.stream import TAIL_BYTES, Tail, error_text, starts_with_error
from ollama_panel.core.records import Usage

FINAL = (
    b'{"model":"tiny","done":true,"done_reason":"length","total_duration":60,"load_duration":655152,'
    b'"prompt_eval_count":16,"prompt_eval_duration":622000,"eval_count":8,"eval_duration":3107000}\n'
)
COMPLETIONS = classify("POST", "/v1/chat/completions")
EVENTS = (
    b'data: {"choices":[{"delta":{"content":" a"}}]}\n\n'
    b'data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":16}}\n\ndata: [DONE]\n\n'
)
MESSAGES = (
    b'event: message_delta\ndata: {"type":"message_delta","usage":{"input_tokens":10,"output_tokens":6}}\n\n'
    b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
)


def tail_of(*chunks: bytes, sse: bool = False) -> Tail:
    tail = Tail(sse=sse)
    for chunk in chunks:
        tail.feed(chunk)
    return tail


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges)]


@given(st.lists(st.integers(0, 10_000), max_size=30))
def test_counters_are_found_however_the_answer_is_cut(places: list[int]) -> None:
    body = b'{"message":{"content":"x"},"done":false}\n' * 100 + FINAL
    tail = tail_of(*cut(body, places))
    assert tail.usage() == Usage(16, 8, 60, 655152, 622000, 3107000)
    assert tail.complete(classify("POST", "/api/chat"))
    assert tail.error() is None
    assert tail.tokens == 101


@pytest.mark.parametrize(
    ("answer", "usage"),
    [
        (b'"done":true,"total_duration":9,"prompt_eval_count":4}\n', Usage(4, 3, 9)),
        (b'"eval_count":7,"prompt_eval_count":4,"total_duration":9}\n', Usage(4, 7, 9)),
        (b'"total_duration":9,"load_duration":-1,"prompt_eval_count":4,"eval_count":7}', Usage(4, 7, 9)),
        (b'"total_duration":9,"load_duration":2,"prompt_eval_count":4,"eval_count":7}\n{}\n', Usage(4, 7, 9, 2)),
        (
            b'"usage":{"input_tokens":4,"input_tokens_details":{"cached_tokens":1},"output_tokens":7}}\n\n',
            Usage(4, 7),
        ),
        (b'"usage":{"input_tokens":4}}\n\n{"usage":{"output_tokens":7}}\n\n', Usage(4, 7)),
        (b'"total_duration":9,"prompt_eval_count":4,"eval_count":7,"new":%b}' % (b"[" * 1400), Usage(4, 7, 9)),
        (b'"total_duration":9,"prompt_eval_count":4,"eval_count":7,"\xff":"\xc3"}', Usage(4, 7, 9)),
    ],
)
def test_counters_in_another_order_or_shape_are_found(answer: bytes, usage: Usage) -> None:
    assert tail_of(b"{}\n{}\n", answer[:20], answer[20:]).usage(counted=True) == usage


def test_only_the_end_of_an_answer_is_kept() -> None:
    tail = Tail(sse=False)
    for size in (1, 40, 4096, 9000, 1_000_000, 17):
        for _ in range(300):
            tail.feed(b"x" * size)
            assert sum(map(len, tail._chunks)) <= 2 * TAIL_BYTES
    tail.feed(FINAL)
    assert tail.usage().output_tokens == 8


def test_counters_of_the_other_dialects_are_found() -> None:
    assert tail_of(EVENTS, sse=True).usage() == Usage(prompt_tokens=10, output_tokens=6)
    assert tail_of(MESSAGES, sse=True).usage() == Usage(prompt_tokens=10, output_tokens=6)
    assert tail_of(EVENTS, sse=True).complete(COMPLETIONS)
    assert tail_of(MESSAGES, sse=True).complete(classify("POST", "/v1/messages"))


def test_a_stream_without_counters_is_counted() -> None:
    events = b'data: {"choices":[{"delta":{"content":" a"}}]}\n\n' * 5
    assert tail_of(events, sse=True).usage(counted=True) == Usage(output_tokens=5)
    assert not tail_of(events, sse=True).complete(COMPLETIONS)
    assert tail_of(events, sse=True).complete(classify("POST", "/v1/audio/transcriptions"))


def test_the_events_after_the_last_token_are_not_counted() -> None:
    events = b'data: {"choices":[{"delta":{"content":" [DONE]"},"finish_reason":null}]}\n\n' * 5
    ending = b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n', b"data: [DONE]\n\n"
    assert tail_of(events, *ending, sse=True).usage(counted=True) == Usage(output_tokens=5)
    assert tail_of(*ending, sse=True).usage(counted=True) == Usage(output_tokens=0)


def test_the_last_line_of_a_long_text_is_recognised_by_its_end() -> None:
    context = b",".join(b"%d" % number for number in range(30_000, 32_000))
    last = b'{"response":"","done":true,"context":[' + context + b'],"total_duration":5,"eval_count":1000}\n'
    tail = tail_of(b'{"response":"x","done":false}\n', last)
    assert tail.complete(classify("POST", "/api/generate"))
    assert tail.usage() == Usage(output_tokens=1000, total_ns=5)
    assert not tail_of(b'{"response":"x","done":false}\n').complete(classify("POST", "/api/generate"))


NATIVE_END = b'{"message":{"content":""},"done":true,"done_reason":"stop","total_duration":5,"eval_count":2}\n'
STEP = b'{"message":{"content":"x"},"done":false}\n'
TOOL = b'{"message":{"tool_calls":[{"function":{"name":"f","arguments":{"done":%b}}}]},"done":%b}\n'


@pytest.mark.parametrize(
    ("pieces", "sse", "ended"),
    [
        ([STEP], False, False),
        ([STEP, NATIVE_END], False, True),
        ([STEP + NATIVE_END], False, True),
        ([STEP, NATIVE_END[:-30]], False, False),
        ([STEP, NATIVE_END[:50], NATIVE_END[50:]], False, False),
        ([NATIVE_END + STEP], False, False),
        ([NATIVE_END, b'{"error":"x"}\n'], False, False),
        ([NATIVE_END + b'{"error":"x"}\n'], False, False),
        ([TOOL % (b"true", b"false")], False, False),
        ([TOOL % (b"false", b"true")], False, True),
        ([b'{"response":"\\"done\\":true}","done":false}\n'], False, False),
        ([b'data: {"choices":[]}\n\n'], True, False),
        ([b'data: {"choices":[]}\n\n', b"data: [DONE]\n\n"], True, True),
        ([b"data: [DONE]\n", b"\n"], True, True),
        ([b'data: {"choices":[{"text":"data: [DONE]\\n\\n"}]}\n\n'], True, False),
        ([b'event: message_stop\ndata: {"type":"message_stop"}\n\n'], True, True),
        ([b'event: content_block_delta\ndata: {"text":"{\\"type\\":\\"message_stop\\"}\\n\\n"}\n\n'], True, False),
        ([b'event: response.completed\ndata: {"type":"response.completed"}\n\n'], True, False),
    ],
)
def test_the_final_event_is_recognised_when_it_is_whole(pieces: list[bytes], sse: bool, ended: bool) -> None:
    assert tail_of(*pieces, sse=sse).ended(pieces[-1]) is ended


def test_a_counter_with_too_many_digits_is_ignored() -> None:
    assert tail_of(b'{"done":true,"eval_count":%b,"prompt_eval_count":7}' % (b"9" * 400)).usage() == Usage(
        prompt_tokens=7
    )


def test_generated_text_cannot_imitate_a_counter() -> None:
    fake = json.dumps({"response": '"eval_count":99, "prompt_eval_count": 7', "done": True}).encode()
    assert tail_of(fake).usage() == Usage()


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        (b'{"done":false}\n{"error":"unexpected \\"EOF\\""}\n', 'unexpected "EOF"'),
        (b'data: {}\n\ndata: {"error":{"message":"broken","type":"api_error"}}\n\n', "broken"),
        (b'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"broken"}}\n\n', "broken"),
        (b'{"message":{"content":"an error"},"done":true}\n', None),
        (b"", None),
    ],
)
def test_an_error_at_the_end_is_found(stream: bytes, said: str | None) -> None:
    assert tail_of(stream, sse=b"data" in stream).error() == said


def test_a_stream_that_begins_with_an_error_is_recognised() -> None:
    assert starts_with_error(b'{"error":"no"}\n') == "no"
    assert starts_with_error(b'data: {"error":{"message":"no"}}\n\n') == "no"
    assert starts_with_error(b'{"model":"tiny"}') is None


def test_an_error_that_is_no_json_is_its_own_text() -> None:
    assert error_text(b"404 page not found") == "404 page not found"
    assert len(error_text(b"x" * 9999)) == 2000
