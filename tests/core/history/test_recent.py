from ollama_panel.core.history.questions import SeriesQuestion
from ollama_panel.core.history.recent import answered, is_recent
from ollama_panel.core.history.series import Kind, Reading
from ollama_panel.core.series import RECENT_S

NOW = 10_000.0


def taken(*moments: float, source: str = "chat-1") -> list[tuple[float, tuple[Reading, ...]]]:
    return [(moment, (Reading(Kind.INSTANCE, source, (moment, 1.0)),)) for moment in moments]


def test_the_last_minutes_in_seconds_are_recent_and_all_else_is_in_the_file() -> None:
    assert is_recent(SeriesQuestion(NOW - RECENT_S, NOW), NOW)
    assert is_recent(SeriesQuestion(NOW - 60, NOW, step=1), NOW)
    assert not is_recent(SeriesQuestion(NOW - 60, NOW, step=10), NOW)
    assert not is_recent(SeriesQuestion(NOW - RECENT_S - 1, NOW, step=1), NOW)


def test_each_second_has_its_value() -> None:
    found = answered(SeriesQuestion(100, 104, ("instance.rss_bytes",), 1), taken(99.5, 100.2, 102.0, 102.5, 104.0))
    assert found.at == (100, 101, 102, 103)
    (rss,) = found.series
    assert (rss.source, rss.unit) == ("chat-1", "bytes")
    assert rss.mean == (100.2, None, 102.25, None)
    assert rss.high == (100.2, None, 102.5, None)


def test_without_a_step_the_quarter_of_an_hour_has_as_many_points_as_a_chart_shows() -> None:
    found = answered(SeriesQuestion(NOW - RECENT_S, NOW), taken(NOW - 5))
    assert (found.step, len(found.at)) == (2, 450)
    assert [one.name for one in found.series] == ["instance.rss_bytes", "instance.cpu_percent"]


def test_an_empty_range_has_no_series() -> None:
    found = answered(SeriesQuestion(NOW, NOW), taken(NOW - 5))
    assert (found.at, found.series) == ((), ())
