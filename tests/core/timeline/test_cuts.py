"""Whose prompt was cut, from an instance's log and the counters of its answers."""

import pytest

from ollama_panel.core.ids import ModelName, RequestId
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import Role
from ollama_panel.core.timeline.cuts import MODELS_KEPT
from tests.fakes.timelines import MODEL, TWO, ToldTimeline, job

CUT = PromptCut(9000, 4096, 4096)


@pytest.fixture
def timeline() -> ToldTimeline:
    return ToldTimeline()


def running(timeline: ToldTimeline, *lengths: int) -> None:
    """Dispatch requests "0", "1", ... with these estimated lengths in tokens."""
    timeline.start(*(job(str(number), prompt_tokens=length) for number, length in enumerate(lengths)))


def cuts(timeline: ToldTimeline) -> dict[str, PromptCut | None]:
    return {one.id: one.cut for one in timeline.finished_records()}


def test_a_line_about_a_cut_prompt_belongs_to_the_request_that_has_no_answer_yet(timeline: ToldTimeline) -> None:
    timeline.start(job("old"), job("new"))
    timeline.first_byte("old", 1.5)
    timeline.truncated(1.6, 9000, 4096)
    timeline.truncated(1.6, 9000, 4096, TWO)
    assert timeline.prompt_cut(RequestId("old")) is None
    assert timeline.prompt_cut(RequestId("new")) == CUT


@pytest.mark.parametrize("kept", [2050, 4096])
@pytest.mark.parametrize("others", [(), (9000,)])
def test_a_line_that_comes_after_the_answer_is_still_told(
    timeline: ToldTimeline, kept: int, others: tuple[int, ...]
) -> None:
    running(timeline, 2000, *others)
    timeline.finish("0", prompt_tokens=kept)
    timeline.truncated(2.1, 9000, kept)
    assert cuts(timeline) == {"0": PromptCut(9000, kept, 4096)}
    assert [timeline.prompt_cut(RequestId("1")) for _ in others] == [None for _ in others]
    assert timeline.cuts.by_model[MODEL].times == 1


def test_a_late_line_is_not_about_an_answer_of_another_length_place_or_time(timeline: ToldTimeline) -> None:
    running(timeline, 2000, 2000)
    timeline.finish("0", prompt_tokens=700)
    timeline.finish("1", prompt_tokens=2050)
    timeline.truncated(2.1, 9000, 2050, TWO)
    timeline.truncated(2.1, 9000, 2049)
    timeline.truncated(3.1, 9000, 2050)
    assert cuts(timeline) == {"0": None, "1": None}


@pytest.mark.parametrize("first", ["0", "1"])
def test_of_two_requests_the_counters_tell_which_one_was_cut(timeline: ToldTimeline, first: str) -> None:
    running(timeline, 8900, 100)
    timeline.truncated(1.2, 9000, 2050)
    for name in (first, "1" if first == "0" else "0"):
        timeline.finish(name, 60.0, prompt_tokens={"0": 300, "1": 2050}[name])
    assert cuts(timeline) == {"0": None, "1": PromptCut(9000, 2050, 4096)}
    assert timeline.cuts.by_model[MODEL].times == 1


def test_a_cut_at_one_instance_does_not_follow_the_request_to_another(timeline: ToldTimeline) -> None:
    running(timeline, 9000)
    timeline.truncated(1.2, 9000, 4096)
    assert timeline.prompt_cut(RequestId("0")) == CUT
    timeline.fail("0", "again")
    assert timeline.prompt_cut(RequestId("0")) is None


def test_the_counter_of_an_answer_tells_that_its_prompt_was_cut_but_not_for_embeddings(timeline: ToldTimeline) -> None:
    timeline.start(job("chat"), job("embedding", Role.EMBEDDING))
    assert timeline.finish("chat", prompt_tokens=4096) == PromptCut(None, 4096, 4096)
    assert timeline.finish("embedding", prompt_tokens=4096) is None


@pytest.mark.parametrize("status", [200, 400])
def test_a_request_that_is_answered_with_its_cut_prompt_is_counted(timeline: ToldTimeline, status: int) -> None:
    running(timeline, 9000, 9000)
    timeline.truncated(1.2, 9000, 4096)
    assert timeline.cuts.by_model == {}
    assert timeline.finish("0", status=status) == CUT
    timeline.truncated(2.2, 8000, 4096)
    timeline.leave("1", 3.0)
    (found,) = timeline.cuts.by_model.values()
    assert (found.times, found.at, found.cut.prompt_tokens) == (2, 3.0, 8000)


def test_only_so_many_models_are_remembered(timeline: ToldTimeline) -> None:
    for number in range(MODELS_KEPT + 44):
        timeline.start(job(str(number), model=ModelName(f"m{number}")))
        timeline.truncated(1.2, None, None)
        timeline.finish(str(number))
    assert len(timeline.cuts.by_model) == MODELS_KEPT


def test_a_conversation_that_goes_on_with_fewer_tokens_is_told(timeline: ToldTimeline) -> None:
    for name, turns, tokens in (("first", (1,), 3900), ("second", (1, 2, 3), 3400)):
        timeline.start(job(name, turns=turns, prompt_tokens=tokens + 500))
        cut = timeline.finish(name, prompt_tokens=tokens)
    assert cut is None  # its own estimate fell as well: the client has shortened it
    timeline.start(job("third", turns=(1, 2, 3, 4), prompt_tokens=5200))
    assert timeline.finish("third", prompt_tokens=3300) == PromptCut(None, 3300, 4096, certain=False)
