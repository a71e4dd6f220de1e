"""The records of requests, from their arrival to their end."""

import pytest

from ollama_panel.core.ids import RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.records import Refusal, RefusalReason
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.waiting import Waiting
from ollama_panel.core.snapshot import RequestRecord, RequestState
from ollama_panel.core.timeline.timeline import MAX_FINISHED, MAX_OPEN
from tests.fakes.timelines import AT_ONE, ONE, REFUSED, ToldTimeline, job

BUSY, URGENT = notice("waiting.paused"), notice("preempted.chat")
BROKE = notice("attempt.broken_off")
GAVE_UP = notice("request.failed_again", tries=2, cause=BROKE)


@pytest.fixture
def timeline() -> ToldTimeline:
    return ToldTimeline()


def last(timeline: ToldTimeline) -> RequestRecord:
    return timeline.finished_records()[-1]


def waiting(name: str, position: int = 1, eta_s: int | None = None, why: Notice | None = None) -> Waiting:
    return Waiting(RequestId(name), position, eta_s, why)


def test_a_request_from_its_arrival_to_its_end(timeline: ToldTimeline) -> None:
    timeline.arrive(job("a"), at=1.0)
    (record,) = timeline.open_records([waiting("a", 3, 8, BUSY)])
    assert (record.state, record.position, record.eta_s, record.why) == (RequestState.WAITING, 3, 8, BUSY)
    timeline.dispatch("a", at=2.0, loading=True)
    (record,) = timeline.open_records(())
    assert (record.state, record.instance, record.attempts) == (RequestState.LOADING, ONE, 1)
    assert (record.position, record.eta_s, record.why) == (None, None, None)
    timeline.first_byte("a", 3.0)
    timeline.progress("a", 4, 3.5)
    (record,) = timeline.open_records(())
    assert (record.state, record.output_tokens) == (RequestState.RUNNING, 4)
    timeline.finish("a", 4.0, prompt_tokens=7, output_tokens=5)
    record = last(timeline)
    assert (record.state, record.status, record.prompt_tokens, record.output_tokens) == (RequestState.DONE, 200, 7, 5)
    assert (record.arrived, record.dispatched, record.first_byte, record.finished) == (1.0, 2.0, 3.0, 4.0)
    assert timeline.open_records([waiting("a")]) == ()


def test_an_answer_in_one_piece_is_its_first_byte_too_but_not_a_refusal(timeline: ToldTimeline) -> None:
    timeline.start(job("a"), job("b"))
    timeline.finish("a", 4.0)
    assert (last(timeline).first_byte, last(timeline).output_tokens) == (4.0, None)
    timeline.finish("b", 4.0, status=404)
    assert (last(timeline).state, last(timeline).first_byte) == (RequestState.FAILED, None)


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_request_that_an_instance_refuses_says_who_refused_it_and_how(timeline: ToldTimeline, status: int) -> None:
    timeline.start(job("a"))
    instance = timeline.open_records(())[0].instance
    assert instance is not None
    timeline.finish("a", 4.0, status=status)
    assert last(timeline).why == notice("answer.error", instance=instance, status=status)


def test_an_attempt_that_failed_before_its_first_byte_waits_again_and_says_why(timeline: ToldTimeline) -> None:
    timeline.start(job("a"))
    timeline.fail("a")
    (record,) = timeline.open_records([waiting("a")])
    assert (record.state, record.instance, record.why) == (
        RequestState.WAITING,
        None,
        notice("attempt.failed", kind="closed"),
    )
    timeline.dispatch("a", at=3.0)
    assert timeline.open_records(())[0].attempts == 2
    timeline.fail("a", BROKE, at=4.0)
    assert timeline.open_records([waiting("a", why=BUSY)])[0].why == BUSY
    assert timeline.open_records([waiting("a")])[0].why == BROKE
    timeline.refuse("a", RefusalReason.FAILED, GAVE_UP)
    assert (last(timeline).state, last(timeline).why) == (RequestState.FAILED, GAVE_UP)


@pytest.mark.parametrize("sent", [True, False])
def test_an_attempt_that_failed_after_its_first_byte_is_the_last(timeline: ToldTimeline, sent: bool) -> None:
    timeline.start(job("a"))
    timeline.first_byte("a", 1.5)
    timeline.fail("a", BROKE, sent=sent)
    assert (last(timeline).state, last(timeline).instance, last(timeline).why) == (RequestState.FAILED, ONE, BROKE)


def test_a_preempted_request_waits_again_when_its_connection_is_closed(timeline: ToldTimeline) -> None:
    timeline.start(job("a"))
    timeline.give_back("a")
    timeline.preempt("a", URGENT)
    assert timeline.open_records(())[0].state is RequestState.RUNNING
    timeline.give_back("a")
    (record,) = timeline.open_records([waiting("a")])
    assert (record.state, record.why) == (RequestState.WAITING, URGENT)
    timeline.dispatch("a")
    timeline.give_back("a")
    assert timeline.open_records(())[0].state is RequestState.RUNNING


def test_a_request_that_answers_before_it_is_taken_back_goes_on(timeline: ToldTimeline) -> None:
    timeline.start(job("a"))
    timeline.preempt("a", URGENT)
    timeline.first_byte("a", 2.5)
    timeline.give_back("a")
    assert timeline.open_records(())[0].state is RequestState.RUNNING


@pytest.mark.parametrize("running", [True, False])
def test_whose_cancel_it_was_is_told(timeline: ToldTimeline, running: bool) -> None:
    for name in ("a", "b"):
        timeline.arrive(job(name))
        if running:
            timeline.dispatch(name)
    timeline.leave("a")
    refusal = Refusal(RefusalReason.CANCELLED, REFUSED)
    timeline.tell(3.0, say.Cancelled(RequestId("b"), by_user=True), say.Reply(RequestId("b"), refusal))
    assert [(one.state, one.why) for one in timeline.finished_records()] == [
        (RequestState.CANCELLED, notice("request.client_left")),
        (RequestState.CANCELLED, REFUSED),
    ]


def test_the_freed_slot_goes_to_the_next_in_the_same_step(timeline: ToldTimeline) -> None:
    timeline.start(job("a"))
    timeline.arrive(job("b"))
    timeline.tell(2.0, say.Finished(RequestId("a"), say.Usage()), say.Dispatch(RequestId("b"), AT_ONE))
    assert (last(timeline).id, timeline.counts.in_flight(ONE)) == ("a", 1)
    assert [(one.id, one.dispatched) for one in timeline.open_records(())] == [("b", 2.0)]


def test_what_comes_late_about_a_request_changes_nothing(timeline: ToldTimeline) -> None:
    name = RequestId("a")
    timeline.start(job("a"))
    timeline.finish("a")
    record = last(timeline)
    late = (say.FirstByte(name), say.Progressed(name, 1), say.Finished(name, say.Usage()), say.Preempted(name))
    failed = (say.Failed(name, say.FailureKind.CLOSED, sent=False), say.Failed(name, say.FailureKind.BUSY, sent=True))
    for event in (*late, *failed, say.Cancelled(name), say.Cancelled(name, by_user=True)):
        timeline.tell(5.0, event)
    assert timeline.finished_records() == (record,)
    assert (timeline.counts.queued(), timeline.counts.in_flight(), timeline.counts.tokens_per_s(5.0)) == (0, 0, 0.0)


def test_a_second_request_of_the_same_name_is_refused_and_the_first_goes_on(timeline: ToldTimeline) -> None:
    timeline.start(job("a"))
    refusal = Refusal(RefusalReason.FAILED, notice("request.id_in_use", request="a"))
    timeline.tell(2.0, say.Arrived(job("a")), say.Reply(RequestId("a"), refusal))
    assert [one.state for one in timeline.open_records(())] == [RequestState.RUNNING]
    assert (timeline.finished_records(), timeline.counts.queued()) == ((), 0)


def test_a_record_that_has_not_changed_stays_the_identical_object(timeline: ToldTimeline) -> None:
    timeline.start(job("a"), job("b"))
    timeline.arrive(job("c"))
    timeline.finish("b")
    views = [waiting("c", 1, 4, BUSY)]
    before = (*timeline.open_records(views), *timeline.finished_records())
    timeline.progress("a", 1, 3.0)
    after = (*timeline.open_records(views), *timeline.finished_records())
    assert [one.id for one in before] == ["a", "c", "b"]
    assert [new is old for new, old in zip(after, before, strict=True)] == [False, True, True]


def test_a_snapshot_carries_only_so_many_requests(timeline: ToldTimeline) -> None:
    names = [f"r{number}" for number in range(MAX_OPEN + 50)]
    timeline.arrive(*map(job, names))
    assert len(timeline.open_records([waiting(name) for name in names])) == MAX_OPEN
    for name in names[: MAX_FINISHED + 5]:
        timeline.leave(name)
    assert [one.id for one in timeline.finished_records()][0 :: MAX_FINISHED - 1] == ["r5", "r204"]


def test_it_is_known_when_the_last_byte_of_an_answer_came(timeline: ToldTimeline) -> None:
    timeline.start(job("a"))
    assert timeline.heard_at(RequestId("a")) is None
    timeline.first_byte("a", 3.0)
    assert timeline.heard_at(RequestId("a")) == 3.0
    timeline.progress("a", 0, 9.0)
    assert timeline.heard_at(RequestId("a")) == 9.0
    assert timeline.heard_at(RequestId("b")) is None
