from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.history.series import Kind, Reading, columns
from ollama_panel.core.history.thinning import Thinner


def instance(name: str, rss: float | None, cpu: float | None) -> Reading:
    return Reading(Kind.INSTANCE, name, (rss, cpu))


def test_the_seconds_of_a_row_become_its_mean_and_its_highest_value() -> None:
    thinner = Thinner(10)
    for at, rss, cpu in ((100.0, 10, 1.0), (103.0, 30, None), (109.9, 20, 4.0)):
        assert thinner.add(at, [instance("chat-1", rss, cpu)]) == ()
    (row,) = thinner.add(110.0, [instance("chat-1", 99, 99.0)])
    assert (row.source, row.at) == ("chat-1", 100)
    assert columns(row.kind) == ("rss_bytes", "rss_bytes_high", "cpu_percent", "cpu_percent_high")
    assert row.values == (20, 30, 2.5, 4)


def test_what_was_never_known_stays_unknown() -> None:
    thinner = Thinner(10)
    thinner.add(0.0, [instance("a", None, 1.0)])
    assert thinner.end()[0].values == (None, None, 1, 1)


def test_each_source_has_its_own_row_and_one_that_is_gone_has_none() -> None:
    thinner = Thinner(10)
    thinner.add(0.0, [instance("a", 1, 1), instance("b", 2, 2)])
    assert [row.source for row in thinner.add(10.0, [instance("b", 3, 3)])] == ["a", "b"]
    assert [(row.source, row.at) for row in thinner.end()] == [("b", 10)]
    assert thinner.end() == ()


def test_a_clock_that_is_set_back_begins_a_row_of_its_own() -> None:
    thinner = Thinner(10)
    thinner.add(3600.0, [instance("a", 1, 1)])
    assert [row.at for row in thinner.add(0.0, [instance("a", 2, 2)])] == [3600]
    assert [row.at for row in thinner.end()] == [0]


@given(st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e12)), min_size=1))
def test_no_reading_is_lost_and_a_mean_is_between_the_extremes(readings: list[tuple[float, float]]) -> None:
    thinner, rows = Thinner(10), []
    for at, value in sorted(readings):
        rows += thinner.add(at, [instance("a", value, 1)])
    rows += thinner.end()
    assert {row.at for row in rows} == {int(at // 10) * 10 for at, _ in readings}
    for row in rows:
        mean, high = row.values[:2]
        assert mean is not None
        assert high is not None
        assert mean <= high + 0.001
