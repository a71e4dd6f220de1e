import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.truncation import CONVERSATIONS_KEPT, Conversations, PromptCut, cut_by_counters


@pytest.mark.parametrize(
    ("tokens", "estimate", "context"),
    [
        (4096, 9000, 4096),  # up to 0.30.10: exactly the context
        (2048, 10, 2048),
        (1027, 3000, 2048),  # from 0.30.11 on: half of it and the kept beginning, with a beginning-of-text token
        (1026, 3000, 2048),
        (2051, 5000, 4096),
    ],
)
def test_the_counter_of_an_answer_proves_that_its_prompt_was_cut(tokens: int, estimate: int, context: int) -> None:
    assert cut_by_counters(tokens, estimate, context) == PromptCut(None, tokens, context)


@pytest.mark.parametrize(
    ("tokens", "estimate", "context"),
    [
        (4095, 9000, 4096),
        (1027, 1100, 2048),  # a prompt that has just this length
        (1025, 3000, 2048),
        (900, 9000, 4096),  # Chinese or pictures: an estimate is no proof
        (None, 9000, 4096),
        (4096, 9000, None),
    ],
)
def test_no_other_counter_does(tokens: int | None, estimate: int, context: int | None) -> None:
    assert cut_by_counters(tokens, estimate, context) is None


MODEL = ModelName("m:latest")


def seen(*requests: tuple[int, int, int]) -> list[bool]:
    """Let a conversation go on with requests of so many messages, tokens and estimated tokens."""
    conversations = Conversations()
    return [
        conversations.left_out(MODEL, tuple(range(messages)), tokens, estimate, 4096) is not None
        for messages, tokens, estimate in requests
    ]


def test_a_conversation_that_goes_on_with_fewer_tokens_has_lost_messages() -> None:
    assert seen((1, 1500, 1500), (3, 2900, 2800), (5, 3900, 3700), (7, 3400, 4300), (9, 3600, 4900)) == [
        False,
        False,
        False,
        True,
        True,
    ]


def test_one_that_hardly_grows_has_lost_as_much_as_it_got() -> None:
    assert seen((1, 3800, 1000), (3, 3805, 1200), (5, 3803, 1400)) == [False, True, True]
    assert seen((1, 3800, 3700), (3, 3990, 3900)) == [False, False]


def test_a_picture_is_no_text() -> None:
    assert seen((1, 3000, 2900), (3, 3770, 40_000)) == [False, False]


def test_what_was_left_out_is_told_as_a_guess() -> None:
    conversations = Conversations()
    conversations.left_out(MODEL, (1,), 3900, 3700, 4096)
    assert conversations.left_out(MODEL, (1, 2, 3), 3400, 4300, 4096) == PromptCut(None, 3400, 4096, certain=False)


def test_a_shorter_prompt_far_from_the_limit_has_lost_nothing() -> None:
    """For example the reasoning of an earlier answer, which a template leaves out."""
    assert seen((1, 1500, 1500), (3, 900, 1700)) == [False, False]


def test_another_conversation_or_model_says_nothing() -> None:
    conversations = Conversations()
    conversations.left_out(MODEL, (1,), 3900, 3700, 4096)
    assert conversations.left_out(MODEL, (2, 3), 500, 500, 4096) is None
    assert conversations.left_out(ModelName("other:latest"), (1, 2), 500, 4000, 4096) is None
    assert conversations.left_out(MODEL, (1, 2), 3000, 4000, None) is None
    assert conversations.left_out(MODEL, (), 3000, 4000, 4096) is None


def test_only_so_many_conversations_are_remembered() -> None:
    conversations = Conversations()
    for number in range(CONVERSATIONS_KEPT + 10):
        conversations.left_out(MODEL, (number,), 10, 10, 4096)
    assert len(conversations._known) == CONVERSATIONS_KEPT
