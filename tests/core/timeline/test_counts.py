"""The counts over all requests."""

import pytest

from ollama_panel.core.records import Placement, RefusalReason, Role
from ollama_panel.core.snapshot import RequestState
from ollama_panel.core.timeline.counts import RATE_WINDOW_S
from tests.fakes.timelines import ONE, TWO, ToldTimeline, job

AT_TWO = Placement(TWO, "http://127.0.0.1:2")


@pytest.fixture
def timeline() -> ToldTimeline:
    return ToldTimeline()


def test_a_request_is_counted_where_it_is(timeline: ToldTimeline) -> None:
    counts = timeline.counts
    timeline.arrive(job("a"), job("b", Role.EMBEDDING))
    assert (counts.queued(), counts.queued(Role.CHAT), counts.queued(Role.CODE)) == (2, 1, 0)
    timeline.dispatch("a")
    assert (counts.queued(Role.CHAT), counts.in_flight(ONE), counts.in_flight(TWO), counts.in_flight()) == (0, 1, 0, 1)
    timeline.fail("a")
    assert (counts.queued(Role.CHAT), counts.in_flight()) == (1, 0)
    timeline.leave("a")
    timeline.leave("b")
    assert (counts.queued(), counts.in_flight()) == (0, 0)


def test_every_end_is_counted_and_what_an_instance_answered_at_the_instance(timeline: ToldTimeline) -> None:
    timeline.start(*(job(name) for name in ("done", "refused there", "broke", "left")))
    timeline.arrive(job("full"), job("lost"))
    timeline.finish("done")
    timeline.finish("refused there", status=404)
    timeline.first_byte("broke", 2.0)
    timeline.fail("broke", sent=True)
    timeline.leave("left")
    timeline.refuse("full", RefusalReason.QUEUE_FULL)
    timeline.refuse("lost", RefusalReason.FAILED)
    assert timeline.counts.ended == {
        RequestState.DONE: 1,
        RequestState.FAILED: 3,
        RequestState.CANCELLED: 1,
        RequestState.REFUSED: 1,
    }
    assert (timeline.counts.served_by, timeline.counts.failed_by) == ({ONE: 1}, {ONE: 2})


def test_token_rates_are_those_of_the_last_seconds_whether_tokens_were_streamed_or_not(timeline: ToldTimeline) -> None:
    counts = timeline.counts
    timeline.start(job("a"))
    timeline.start(job("b", stream=False), placement=AT_TWO)
    timeline.progress("a", 30, 2.0)
    timeline.finish("a", 3.0, output_tokens=40)
    timeline.finish("b", 3.0, output_tokens=8)
    assert (counts.tokens_per_s(3.0, ONE), counts.tokens_per_s(3.0, TWO)) == (40 / RATE_WINDOW_S, 8 / RATE_WINDOW_S)
    assert counts.tokens_per_s(3.0) == 48 / RATE_WINDOW_S
    assert counts.tokens_per_s(2.0 + RATE_WINDOW_S, ONE) == 10 / RATE_WINDOW_S


def test_the_time_to_the_first_token_is_that_of_streams(timeline: ToldTimeline) -> None:
    assert timeline.counts.first_token_p95_s(0.0) is None
    timeline.start(job("a"), job("b", stream=False))
    timeline.first_byte("a", 1.5)
    timeline.first_byte("b", 9.0)
    assert timeline.counts.first_token_p95_s(9.0) == 1.5
    timeline.first_byte("a", 8.0)
    assert timeline.counts.first_token_p95_s(9.0) == 1.5


def test_the_requests_of_a_drill_hold_slots_and_count_as_nobodys(timeline: ToldTimeline) -> None:
    timeline.start(job("drill-1"), job("drill-2"))
    assert timeline.counts.in_flight(ONE) == 2
    timeline.finish("drill-1")
    timeline.first_byte("drill-2", 2.0)
    timeline.fail("drill-2", sent=True)
    counts = timeline.counts
    assert (counts.in_flight(ONE), counts.ended, counts.served_by, counts.failed_by) == (0, {}, {}, {})
