"""Whether a figure has become better by a change."""

import math

import pytest

from ollama_panel.core.comparison import Comparison, Verdict, compared


@pytest.mark.parametrize(
    ("before", "after", "less_is_better", "expected"),
    [
        (22.8, 0.6, True, Comparison(Verdict.BETTER, 38.0, more=False)),
        (0.6, 22.8, True, Comparison(Verdict.WORSE, 38.0, more=True)),
        (170.0, 357.0, False, Comparison(Verdict.BETTER, 2.1, more=True)),
        (357.0, 170.0, False, Comparison(Verdict.WORSE, 2.1, more=False)),
        (100.0, 104.0, False, Comparison(Verdict.SAME)),
        (0.0, 0.0, True, Comparison(Verdict.SAME)),
        (0.0, 3.0, True, Comparison(Verdict.WORSE, math.inf, more=True)),
        (3.0, 0.0, True, Comparison(Verdict.BETTER, math.inf, more=False)),
        (None, 3.0, True, Comparison(Verdict.UNKNOWN)),
        (3.0, None, True, Comparison(Verdict.UNKNOWN)),
    ],
)
def test_a_figure_is_better_worse_or_the_same(
    before: float | None, after: float | None, less_is_better: bool, expected: Comparison
) -> None:
    found = compared(before, after, less_is_better=less_is_better)
    assert (found.verdict, found.more) == (expected.verdict, expected.more)
    assert found.times == pytest.approx(expected.times)
