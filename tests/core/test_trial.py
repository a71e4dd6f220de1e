"""What is made of the answer to a test, and where it says that a failed one has failed."""

import msgspec
import pytest

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.records import RequestClass
from ollama_panel.core.snapshot import RequestRecord, RequestState
from ollama_panel.core.trial import TrialPart, TrialRun, TrialState, body_of

MODEL = ModelName("llama3.1:8b")
FULL = notice("queue.full", waiting=10)
LAST = b'{"message":{"content":""},"done":true}'


def started() -> TrialRun:
    return TrialRun(RequestId("test-1"), MODEL, began=100.0)


def piece(content: str = "", thinking: str = "") -> bytes:
    return msgspec.json.encode({"message": {"content": content, "thinking": thinking}, "done": False})


def record(state: RequestState, why: Notice | None = None, **times: float) -> RequestRecord:
    return RequestRecord(
        RequestId("test-1"),
        ClientId("web"),
        RequestClass.INTERACTIVE,
        MODEL,
        "/api/chat",
        True,
        state,
        arrived=100.0,
        instance=InstanceId("chat-1"),
        why=why,
        **times,  # type: ignore[arg-type]
    )


def test_an_answer_is_put_together_with_the_time_of_its_first_token() -> None:
    run = started()
    for content, now in ((b" ", 101.0), (piece("Hel"), 102.0), (piece("lo"), 103.0), (LAST, 104.0)):
        run.line(content, now)
    assert run.trial.state is TrialState.ANSWERING
    done = run.ended(record(RequestState.DONE), 104.5)
    assert (done.state, done.text, done.first_token_s, done.total_s) == (TrialState.ANSWERED, "Hello", 2.0, 4.5)
    assert done.record is not None
    assert done.problem is None


def test_what_a_model_thinks_is_its_first_token() -> None:
    run = started()
    run.line(piece(thinking="Hm"), 101.0)
    run.line(piece("Hi"), 105.0)
    assert (run.trial.thinking, run.trial.text, run.trial.first_token_s) == ("Hm", "Hi", 1.0)


@pytest.mark.parametrize(
    ("found", "part"),
    [
        (None, TrialPart.ACCESS),
        (record(RequestState.REFUSED, FULL), TrialPart.QUEUE),
        (record(RequestState.FAILED, FULL, dispatched=100.5), TrialPart.INSTANCE),
        (record(RequestState.FAILED, FULL, dispatched=100.5, first_byte=101.0), TrialPart.ANSWER),
    ],
)
def test_a_refused_test_says_how_far_it_came(found: RequestRecord | None, part: TrialPart) -> None:
    trial = started().refused(503, b'{"error": "The queue is full.", "code": "queue.full"}', found, 101.0)
    assert (trial.state, trial.failed_at, trial.total_s) == (TrialState.FAILED, part, 1.0)
    own_words = notice("trial.status", status=503, answer="The queue is full.")
    assert trial.problem == (FULL if found is not None else own_words)


def test_the_words_of_a_server_that_is_no_ollama_are_shown_cut() -> None:
    trial = started().refused(502, b"<html>" + b"x" * 1000, None, 101.0)
    assert trial.problem is not None
    assert len(str(trial.problem.values["answer"])) == 300


def test_an_answer_without_its_end_has_broken_off() -> None:
    run = started()
    run.line(piece("Hel"), 101.0)
    trial = run.ended(record(RequestState.FAILED, dispatched=100.5, first_byte=101.0), 102.0)
    assert (trial.text, trial.failed_at, trial.problem) == ("Hel", TrialPart.ANSWER, notice("trial.broken_off"))


@pytest.mark.parametrize(
    ("last", "words"), [(b'{"error":"the runner has ended"}', "the runner has ended"), (b"oops", "oops")]
)
def test_an_error_at_the_end_of_an_answer_is_told(last: bytes, words: str) -> None:
    run = started()
    run.line(piece("Hel"), 101.0)
    run.line(last, 102.0)
    assert run.ended(None, 102.0).problem == notice("trial.answered", answer=words)


def test_an_address_where_nobody_answers_is_the_part_that_failed() -> None:
    trial = started().unreachable("http://127.0.0.1:1", "Connection refused", None, 100.1)
    assert trial.failed_at is TrialPart.ADDRESS
    assert trial.problem == notice("trial.unreachable", url="http://127.0.0.1:1", reason="Connection refused")


def test_a_test_that_somebody_has_cancelled_has_not_failed() -> None:
    cancelled = started().cancelled(None, 101.0)
    assert (cancelled.state, cancelled.problem) == (TrialState.CANCELLED, None)
    by_the_queue = started().refused(499, b"", record(RequestState.CANCELLED, notice("request.cancelled")), 101.0)
    assert by_the_queue.state is TrialState.CANCELLED


def test_the_body_is_a_short_streamed_chat() -> None:
    body = msgspec.json.decode(body_of(MODEL, "Say hello."))
    assert body["messages"] == [{"role": "user", "content": "Say hello."}]
    assert (body["model"], body["stream"], body["options"]) == (MODEL, True, {"num_predict": 200})
