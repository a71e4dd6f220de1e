import pytest

from ollama_panel.core.ollama.runner_silence import FROZEN, HUNG, Silence


def after(times: list[float | None]) -> Silence:
    silence = Silence()
    for busy_s in times:
        silence = silence.missed(busy_s)
    return silence


@pytest.mark.parametrize(
    ("busy_s", "certain"),
    [
        ([], False),
        ([7.0], False),
        ([7.0] * FROZEN, True),
        ([7.0, 7.01], True),
        ([7.0, 8.5], False),
        ([7.0 + number for number in range(HUNG - 1)], False),
        ([7.0 + number for number in range(HUNG)], True),
        ([None] * (HUNG - 1), False),
        ([None] * HUNG, True),
        ([None, 7.0], False),
    ],
)
def test_one_that_computes_is_given_more_time_than_one_that_does_not(busy_s: list[float | None], certain: bool) -> None:
    assert after(busy_s).is_certain is certain
