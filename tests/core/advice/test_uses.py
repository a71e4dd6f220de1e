import pytest

from ollama_panel.core.advice.uses import NEEDS, Scale, Use, at_once, scale_of


@pytest.mark.parametrize(("people", "scale"), [(1, Scale.ONE), (2, Scale.TEAM), (20, Scale.TEAM), (21, Scale.PRODUCT)])
def test_how_many_people_make_a_team_and_a_product(people: int, scale: Scale) -> None:
    assert scale_of(Use.CHAT, people) is scale


def test_batch_work_of_one_person_needs_a_queue_too() -> None:
    assert scale_of(Use.BATCH, 1) is Scale.TEAM


@pytest.mark.parametrize(
    ("use", "people", "wanted"),
    [(Use.CHAT, 1, 1), (Use.CHAT, 2, 2), (Use.CHAT, 9, 3), (Use.AGENT, 1, 1), (Use.AGENT, 5, 5), (Use.RAG, 40, 10)],
)
def test_how_many_answers_people_wait_for_at_the_same_time(use: Use, people: int, wanted: int) -> None:
    assert at_once(use, people) == wanted


@pytest.mark.parametrize("use", Use)
def test_each_context_holds_a_prompt_and_its_answer(use: Use) -> None:
    needs = NEEDS[use]
    assert list(needs.contexts) == sorted(needs.contexts, reverse=True)
    assert needs.prompt + needs.answer <= needs.contexts[-1]
