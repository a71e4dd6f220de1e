"""Tests of the lengths of a trial's requests: presets, the user's own, and what fits a context."""

from statistics import correlation, mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices.render import render
from ollama_panel.core.tuning.task import WorkloadKind
from ollama_panel.core.tuning.workload import CYCLE, PRESETS, ROOM, Planned, Workload, cautions, fitted, own, preset

KINDS = sorted(PRESETS, key=lambda kind: kind.value)


def test_every_kind_but_the_users_own_has_a_preset() -> None:
    assert set(PRESETS) == set(WorkloadKind) - {WorkloadKind.OWN}


@pytest.mark.parametrize("kind", KINDS)
def test_a_preset_has_the_lengths_of_its_distributions_always_in_the_same_order(kind: WorkloadKind) -> None:
    chosen, workload = PRESETS[kind], preset(kind)
    assert workload == preset(kind)
    assert len(workload.requests) == CYCLE
    prompts = [one.prompt for one in workload.requests]
    assert median(prompts) == pytest.approx(chosen.prompt.median, rel=0.1)
    assert prompts != sorted(prompts)
    if not workload.items:
        assert median(one.answer for one in workload.requests) == pytest.approx(chosen.answer.median, rel=0.1)


def test_any_four_requests_have_a_length_of_each_quarter() -> None:
    requests = preset(WorkloadKind.CHAT).requests
    for lengths in ([one.prompt for one in requests], [one.answer for one in requests]):
        ranked = sorted(lengths)
        for first in range(0, CYCLE, 4):
            assert {ranked.index(length) // 2 for length in lengths[first : first + 4]} == {0, 1, 2, 3}


def test_long_answers_have_prompts_like_any_other() -> None:
    requests = preset(WorkloadKind.CHAT).requests
    prompts, answers = [one.prompt for one in requests], [one.answer for one in requests]
    ranks = [[sorted(lengths).index(length) for length in lengths] for lengths in (prompts, answers)]
    assert correlation(*ranks) == pytest.approx(1 / 7)
    assert abs(correlation(prompts, answers)) < 0.25


def test_chats_have_the_mean_answer_of_the_trace_that_they_follow() -> None:
    assert preset(WorkloadKind.CHAT).answer_mean == pytest.approx(211, rel=0.15)


def test_requests_come_again_in_their_order() -> None:
    workload = preset(WorkloadKind.CHAT)
    assert [workload.planned(number) for number in range(CYCLE, 2 * CYCLE)] == list(workload.requests)


def test_own_requests_are_as_long_as_those_that_have_ended() -> None:
    finished = [(100 + 10 * number, 20 + number) for number in range(200)]
    workload = own(finished)
    assert workload.kind is WorkloadKind.OWN
    assert set(workload.requests) <= {Planned(*one) for one in finished}
    assert workload.prompt_mean == pytest.approx(mean(prompt for prompt, _ in finished), rel=0.05)
    assert workload.answer_mean == pytest.approx(mean(answer for _, answer in finished), rel=0.05)
    assert own(reversed(finished)) == workload


def test_requests_without_counts_are_no_sample() -> None:
    finished = [(100, 20)] * 29 + [(None, 20), (100, None), (100, 0), (0, 7)] * 10
    with pytest.raises(PanelError, match="Only 29 of your requests"):
        own(finished)
    assert own([*finished, (100, 20)]).requests == (Planned(100, 20),) * CYCLE


@given(kind=st.sampled_from(KINDS), context=st.integers(64, 200_000))
def test_prompt_and_answer_fit_a_slot_together(kind: WorkloadKind, context: int) -> None:
    workload = fitted(preset(kind), context)
    for one in workload.requests:
        assert one.prompt > 0
        assert one.answer > 0 or workload.items
        assert workload.shared + one.prompt + one.answer <= context * ROOM


@pytest.mark.parametrize("kind", KINDS)
def test_a_large_context_shortens_nothing(kind: WorkloadKind) -> None:
    assert fitted(preset(kind), 65_536) == preset(kind)


def test_it_is_counted_how_many_requests_are_shorter_than_usual() -> None:
    workload = Workload(WorkloadKind.CHAT, (Planned(900, 50), Planned(100, 50)))
    assert fitted(workload, 1000).shortened == 1
    (told,) = cautions(fitted(workload, 1000), 1000)
    assert render(told) == "1 of 2 requests are shorter than usual, to fit a context of 1,000 tokens."
    assert cautions(workload, 1000) == ()
    assert fitted(workload, 1000).requests == (Planned(850, 50), Planned(100, 50))


def test_a_context_that_holds_no_request_is_told() -> None:
    with pytest.raises(PanelError, match="A context of 40 tokens is too small"):
        fitted(preset(WorkloadKind.CHAT), 40)
