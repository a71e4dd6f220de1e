"""A request that is sent in parts is one request to the user."""

import msgspec
import pytest

from ollama_panel.core.ids import RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.records import Job, Part, Placement, Refusal, RefusalReason, RequestClass, Role
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.waiting import Waiting
from ollama_panel.core.snapshot import RequestState
from ollama_panel.core.timeline.entry import Entry
from tests.fakes.timelines import AT_ONE, ONE, TWO, ToldTimeline, job

AT_TWO = Placement(TWO, "http://127.0.0.1:2")
BIG = RequestId("big")


def part(number: int, count: int = 3) -> Job:
    made = job(f"big/{number}", Role.EMBEDDING, stream=False, items=10, heartbeat=False)
    return msgspec.structs.replace(made, part=Part(BIG, number, count, 10 * count, 900, 4000, 0))


@pytest.fixture
def ended() -> list[Entry]:
    return []


@pytest.fixture
def timeline(ended: list[Entry]) -> ToldTimeline:
    return ToldTimeline(ended.append)


def counted(timeline: ToldTimeline) -> tuple[int, int, int, int]:
    counts = timeline.counts
    return counts.queued(), counts.in_flight(), counts.in_flight(ONE), counts.in_flight(TWO)


def test_it_is_counted_once_and_its_parts_at_their_instances(timeline: ToldTimeline, ended: list[Entry]) -> None:
    timeline.arrive(*map(part, range(3)))
    assert counted(timeline) == (1, 0, 0, 0)
    timeline.dispatch("big/0")
    timeline.dispatch("big/1", placement=AT_TWO)
    assert counted(timeline) == (0, 1, 1, 1)
    timeline.finish("big/0", prompt_tokens=100)
    assert counted(timeline) == (0, 1, 0, 1)
    timeline.dispatch("big/2", at=2.0)
    timeline.finish("big/2", at=3.0, prompt_tokens=50)
    timeline.finish("big/1", at=4.0, prompt_tokens=70)
    assert counted(timeline) == (0, 0, 0, 0)
    [entry] = ended
    record = entry.record()
    assert (record.id, record.state, record.prompt_tokens) == ("big", RequestState.DONE, 220)
    assert (record.arrived, record.dispatched, record.finished) == (0.0, 1.0, 4.0)
    assert (entry.job.items, entry.job.body_bytes) == (30, 4000)
    assert timeline.counts.ended[RequestState.DONE] == 1
    assert timeline.counts.served_by == {ONE: 1}
    assert timeline.open_records(()) == ()


def test_its_record_tells_how_far_it_is(timeline: ToldTimeline) -> None:
    timeline.arrive(*map(part, range(3)))
    timeline.dispatch("big/0", "big/1", loading=True)
    timeline.finish("big/1")
    [record] = timeline.open_records(())
    assert (record.id, record.state) == ("big", RequestState.RUNNING)
    assert record.why == notice("embedding.done", inputs=10, of=30)


def test_while_it_waits_it_has_the_place_of_its_first_part(timeline: ToldTimeline) -> None:
    timeline.arrive(*map(part, range(3)))
    waiting = [Waiting(RequestId(f"big/{number}"), 4 + number, 9, None) for number in range(3)]
    [record] = timeline.open_records(waiting)
    assert (record.id, record.position, record.eta_s) == ("big", 4, 9)
    timeline.dispatch("big/0")
    assert len(timeline.open_records(waiting[1:])) == 1


def test_a_part_that_is_tried_again_changes_only_the_instances(timeline: ToldTimeline) -> None:
    timeline.arrive(part(0), part(1))
    timeline.dispatch("big/0", "big/1")
    timeline.fail("big/0")
    timeline.preempt("big/1", notice("preempted.chat"))
    timeline.give_back("big/1")
    assert counted(timeline) == (0, 1, 0, 0)
    assert list(timeline.models_at(ONE)) == []
    timeline.dispatch("big/0", placement=AT_TWO)
    assert counted(timeline) == (0, 1, 0, 1)
    assert list(timeline.models_at(TWO)) == [part(0).model]


def test_it_ends_by_the_bad_end_of_its_first_part_once_no_part_is_open(
    timeline: ToldTimeline, ended: list[Entry]
) -> None:
    timeline.arrive(*map(part, range(3)))
    timeline.dispatch("big/0", "big/1")
    timeline.finish("big/1", status=404)
    assert ended == []
    timeline.finish("big/0", status=400)
    timeline.leave("big/2")
    [entry] = ended
    assert (entry.state, entry.status) == (RequestState.FAILED, 400)
    assert counted(timeline) == (0, 0, 0, 0)


def test_a_refused_part_ends_it(timeline: ToldTimeline, ended: list[Entry]) -> None:
    timeline.arrive(*map(part, range(2)))
    timeline.refuse("big/0", RefusalReason.QUEUE_FULL)
    timeline.leave("big/1")
    assert [one.state for one in ended] == [RequestState.REFUSED]
    assert counted(timeline) == (0, 0, 0, 0)


def test_the_client_that_leaves_ends_it_once(timeline: ToldTimeline, ended: list[Entry]) -> None:
    timeline.arrive(*map(part, range(3)))
    timeline.dispatch("big/0", "big/1")
    for number in range(3):
        timeline.leave(f"big/{number}")
    assert [one.state for one in ended] == [RequestState.CANCELLED]


def test_the_client_that_leaves_between_two_parts_ends_it(timeline: ToldTimeline, ended: list[Entry]) -> None:
    timeline.arrive(part(0))
    timeline.dispatch("big/0")
    timeline.finish("big/0")
    assert timeline.is_open(BIG)
    timeline.leave("big")
    assert [one.state for one in ended] == [RequestState.CANCELLED]
    assert counted(timeline) == (0, 0, 0, 0)
    timeline.arrive(job("other"))
    assert counted(timeline) == (1, 0, 0, 0)


def test_the_user_cancels_it(timeline: ToldTimeline, ended: list[Entry]) -> None:
    timeline.arrive(*map(part, range(2)))
    timeline.dispatch("big/0")
    refusal = Refusal(RefusalReason.CANCELLED, notice("request.cancelled"))
    replies = [say.Reply(RequestId(f"big/{number}"), refusal) for number in range(2)]
    timeline.tell(3.0, say.Cancelled(BIG, by_user=True), *replies)
    assert [one.state for one in ended] == [RequestState.CANCELLED]
    assert counted(timeline) == (0, 0, 0, 0)


def test_its_class_changes_once(timeline: ToldTimeline) -> None:
    timeline.arrive(*map(part, range(2)))
    classed = [say.Classed(RequestId(f"big/{number}"), RequestClass.BATCH) for number in range(2)]
    timeline.tell(1.0, say.TimerFired(), *classed)
    [figures] = [one for one in timeline.classes.figures(2.0) if one.request_class is RequestClass.BATCH]
    assert figures.queued == 1


def test_other_requests_beside_it_are_told_as_ever(timeline: ToldTimeline, ended: list[Entry]) -> None:
    timeline.arrive(part(0, 1), job("chat"))
    timeline.dispatch("big/0", "chat", placement=AT_ONE)
    timeline.first_byte("chat", 1.5)
    timeline.progress("chat", 5, 1.6)
    timeline.finish("chat", output_tokens=7)
    assert [(one.job.id, one.output_tokens) for one in ended] == [("chat", 7)]
    timeline.finish("big/0")
    assert len(ended) == 2
    assert len(timeline.finished_records()) == 2
