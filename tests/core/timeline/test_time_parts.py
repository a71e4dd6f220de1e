"""The parts of a request's time in its record, and the reasons for the long ones."""

import pytest

from ollama_panel.core.ids import ClientId, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Job, RequestClass
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.waiting import Expected, Waiting
from ollama_panel.core.snapshot import RequestRecord
from tests.fakes.timelines import MODEL, ONE, ToldTimeline, job


@pytest.fixture
def timeline() -> ToldTimeline:
    timeline = ToldTimeline()
    timeline.tell(0.0, say.InstanceUp(ONE, None, None, "", 4))  # type: ignore[arg-type]
    return timeline


def of(client: str, name: str) -> Job:
    made = job(name)
    return Job(made.id, ClientId(client), made.request_class, made.role, made.model, made.path, made.stream)


def record(timeline: ToldTimeline, name: str) -> RequestRecord:
    found = timeline.record(RequestId(name))
    assert found is not None
    return found


def slow(timeline: ToldTimeline, name: str) -> list[str]:
    return [render(one) for one in record(timeline, name).slow]


def test_a_request_says_how_many_went_before_it_as_soon_as_it_runs(timeline: ToldTimeline) -> None:
    timeline.start(*(of("rag_indexer.py (pid 7)", f"r{number}") for number in range(3)), at=0.0)
    timeline.arrive(of("chat", "c"), of("rag_indexer.py (pid 7)", "r3"), at=1.0)
    timeline.dispatch("r3", at=2.0)
    for number in range(4):
        timeline.finish(f"r{number}", 8.0)
    timeline.dispatch("c", at=9.0)
    assert record(timeline, "c").queue_s == 8.0
    assert slow(timeline, "c") == ["Waited 8 s behind 4 of rag_indexer.py."]


def test_a_request_that_was_sent_at_once_waited_for_nobody(timeline: ToldTimeline) -> None:
    timeline.start(of("chat", "c"), at=0.0)
    timeline.first_byte("c", 0.5)
    timeline.finish("c", 1.0)
    assert slow(timeline, "c") == []


def test_the_parts_come_one_after_the_other(timeline: ToldTimeline) -> None:
    timeline.arrive(job("a"), at=1.0)
    timeline.dispatch("a", at=2.0, loading=True)
    assert (record(timeline, "a").queue_s, record(timeline, "a").load_s) == (1.0, None)
    timeline.tell(16.0, say.Loaded(ONE, MODEL))
    assert record(timeline, "a").load_s == 14.0
    timeline.first_byte("a", 17.0)
    assert record(timeline, "a").prompt_s == 1.0
    timeline.finish("a", 20.0, load_ns=13_500_000_000, prompt_ns=1_200_000_000, output_ns=2_900_000_000)
    done = record(timeline, "a")
    assert (done.load_s, done.prompt_s, done.answer_s) == (13.5, 1.2, 2.9)
    assert slow(timeline, "a") == ["The model was cold: loading a:latest took 14 s."]


def test_those_that_wait_for_the_load_say_so(timeline: ToldTimeline) -> None:
    timeline.arrive(job("a"), job("b"), at=0.0)
    timeline.dispatch("a", at=0.0, loading=True)
    timeline.tell(14.0, say.Loaded(ONE, MODEL))
    timeline.dispatch("b", at=14.0)
    assert slow(timeline, "b") == ["Waited 14 s while a:latest was being loaded."]


def test_a_load_that_fails_ends_too(timeline: ToldTimeline) -> None:
    timeline.arrive(job("a"), job("b"), at=0.0)
    timeline.dispatch("a", at=0.0, loading=True)
    timeline.fail("a", at=4.0)
    timeline.dispatch("b", at=10.0)
    assert slow(timeline, "b") == ["Waited 6 s behind 1 of me.", "Waited 4 s while a:latest was being loaded."]


def test_attempts_that_came_to_nothing_are_part_of_the_wait(timeline: ToldTimeline) -> None:
    timeline.start(job("a"), at=0.0)
    timeline.fail("a", notice("attempt.closed"), at=6.0)
    timeline.dispatch("a", at=6.5)
    assert record(timeline, "a").queue_s == 6.5
    assert slow(timeline, "a") == [
        "Lost 6 s in attempts that came to nothing: The instance closed the connection without an answer."
    ]


def test_a_pause_and_a_limit_are_told(timeline: ToldTimeline) -> None:
    timeline.tell(0.0, say.Reconfigured(Policy(paused=True, limits={"me": 1})))
    timeline.arrive(job("a"), job("b"), at=0.0)
    timeline.tell(5.0, say.Reconfigured(Policy(limits={"me": 1})))
    timeline.dispatch("a", at=5.0)
    timeline.finish("a", 12.0)
    timeline.dispatch("b", at=12.0)
    assert slow(timeline, "b") == [
        "Waited 7 s because me runs 1 at once at most.",
        "Waited 5 s while the queue was paused.",
    ]


def test_a_waiting_request_shows_what_is_expected_of_it(timeline: ToldTimeline) -> None:
    timeline.arrive(job("a"))
    told = Waiting(RequestId("a"), 1, 8, None, moved=True, expected=Expected(1.2, 6.0))
    (waiting,) = timeline.open_records([told])
    assert (waiting.moved, waiting.expected_prompt_s, waiting.expected_answer_s) == (True, 1.2, 6.0)
    timeline.dispatch("a")
    assert record(timeline, "a").expected_answer_s is None


def test_another_class_is_in_the_record(timeline: ToldTimeline) -> None:
    timeline.tell(0.0, say.Arrived(job("a")), say.Classed(RequestId("a"), RequestClass.BATCH))
    assert record(timeline, "a").request_class is RequestClass.BATCH
