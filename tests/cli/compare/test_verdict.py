"""What pairs of runs show."""

import pytest

from ollama_panel.cli.compare.replay import Ended, Run
from ollama_panel.cli.compare.verdict import Verdict, verdict


def run(seconds: float, first: float = 0.5, failed: int = 0) -> Run:
    """Return a run of 20 requests with 100 tokens each."""
    answered = [Ended(first + number / 100, 2 * first + number / 100, 100) for number in range(20 - failed)]
    return Run(seconds, (*answered, *[Ended(failed="no")] * failed))


def ratio(found: Verdict, name: str) -> tuple[float | None, ...]:
    change = next(one.ratio for one in found.figures if one.name == name)
    assert change is not None
    return change.low, change.mean, change.high


def test_a_side_that_is_faster_in_each_pair_is_so_by_more_than_chance() -> None:
    found = verdict([run(18), run(18.2), run(17.9)], [run(10), run(10.1), run(9.9)], arriving_s=2)
    low, mean, high = ratio(found, "tokens/s")
    assert mean == pytest.approx(1.80, abs=0.01)
    assert low is not None
    assert high is not None
    assert 1.75 < low < mean < high < 1.85
    assert "B is 1.8 times (1.79 to 1.81) as fast as A." in "\n".join(found.lines())


def test_a_difference_within_chance_is_no_verdict() -> None:
    found = verdict([run(10), run(12)], [run(11), run(10)], arriving_s=2)
    lines = "\n".join(found.lines())
    assert "No difference in speed is shown: it may be chance." in lines
    assert "more --rounds narrow them" in lines
    assert ratio(found, "tokens/s")[0] < 1 < ratio(found, "tokens/s")[2]  # type: ignore[operator]  # both are known


def test_sides_that_keep_up_with_the_arrivals_differ_in_their_waiting_times() -> None:
    slow = [run(20.4, first=1.0 + place / 100) for place in range(4)]
    quick = [run(20.4, first=0.6 + place / 100) for place in range(4)]
    lines = list(verdict(slow, quick, arriving_s=20).lines())
    assert "Both sides kept up with the arrivals, which set their speed: compare the waiting times." in lines
    assert any(line.startswith("First token p95: -3") for line in lines)


def test_swapped_sides_have_the_inverse_ratio() -> None:
    a, b = [run(18), run(19)], [run(10), run(11)]
    low, mean, high = ratio(verdict(a, b, 2), "tokens/s")
    other_low, other_mean, other_high = ratio(verdict(b, a, 2), "tokens/s")
    assert (low, mean, high) == pytest.approx((1 / other_high, 1 / other_mean, 1 / other_low))  # type: ignore[operator]  # all are known


def test_failures_are_shares_and_more_of_them_is_told() -> None:
    found = verdict([run(10)] * 3, [run(10, failed=4), run(10, failed=5), run(10, failed=4)], arriving_s=2)
    assert (found.failures.a, found.failures.b) == (0, pytest.approx(13 / 60))
    assert "More requests fail with B." in list(found.lines())


def test_a_side_that_answers_nothing_has_no_times_and_no_ratio() -> None:
    found = verdict([run(10)] * 2, [run(10, failed=20)] * 2, arriving_s=2)
    assert {one.name: one.b for one in found.figures} == {
        "requests/s": 0,
        "tokens/s": 0,
        "first token p50": None,
        "first token p95": None,
        "total p95": None,
    }
    assert all(one.ratio is None for one in found.figures)
    assert "100.0%" in "\n".join(found.lines())


def test_one_pair_has_no_interval() -> None:
    found = verdict([run(10)], [run(5)], arriving_s=2)
    assert ratio(found, "tokens/s") == (None, pytest.approx(2.0), None)
    assert not any(one.differs for one in found.figures)
