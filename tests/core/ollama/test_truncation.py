import pytest

from ollama_panel.core.ollama.truncation import PromptCut, cut_by_counters


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
