import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.history.questions import EventsQuestion, RequestsQuestion, SeriesQuestion
from ollama_panel.core.history.records import FinishedRequest
from ollama_panel.core.history.series import NAMES, Kind
from ollama_panel.core.notices import Notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree_history import HistorySettings
from ollama_panel.core.snapshot import RequestState
from ollama_panel.engine.history.file import HistoryFile, Item
from ollama_panel.engine.history.reader import fitting_step, reading
from ollama_panel.engine.history.tidying import DAY_S, Tidier
from tests.fakes.history import event, instance_row, request, row


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


def written(path: Path, *items: Item) -> None:
    file = HistoryFile(path)
    file.write(items)
    file.close()


def test_a_file_that_a_panel_is_just_making_has_no_history_yet(path: Path) -> None:
    path.touch()
    with pytest.raises(PanelError) as caught, reading(path):
        pass
    assert caught.value.notice.code == "history.none_yet"


def test_requests_whose_names_a_broken_file_lacks_are_without_them_or_left_out(path: Path) -> None:
    written(path, request(1.0), request(2.0, state=RequestState.FAILED, code="request.failed"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM name WHERE text IN ('a:latest', 'failed')")
        connection.commit()
    with reading(path) as reader:
        assert [(one.at, one.model) for one in reader.ended(0, 10)] == [(1.0, "")]


def test_a_history_on_a_medium_that_cannot_be_written_is_read_without_a_file_beside_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(path, request(1.0))
    monkeypatch.setattr("os.access", lambda *_: False)
    with reading(path) as reader:
        assert names(reader.requests(RequestsQuestion(until=10)).requests) == ["r1"]
        assert list(path.parent.iterdir()) == [path]


def names(requests: tuple[FinishedRequest, ...]) -> list[str]:
    return [one.id for one in requests]


def test_a_series_has_a_value_for_each_step_and_none_where_nothing_was_measured(path: Path) -> None:
    written(path, instance_row(100, 1.0), instance_row(120, 3.0))
    with reading(path) as reader:
        found = reader.series(SeriesQuestion(95, 131, ("instance.rss_bytes",), 10))
    assert found.at == (90, 100, 110, 120, 130)
    (rss,) = found.series
    assert (rss.name, rss.source, rss.unit) == ("instance.rss_bytes", "chat-1", "bytes")
    assert rss.mean == (None, 1.0, None, 3.0, None)
    assert rss.high == rss.mean
    assert rss.low == ()


def test_a_longer_step_has_means_and_extremes(path: Path) -> None:
    written(path, *(row(Kind.GPU, 10 * step, float(step), "0") for step in range(60)))
    with reading(path) as reader:
        found = reader.series(SeriesQuestion(0, 600, ("gpu.power_w", "gpu.clock_graphics_mhz"), 300))
    shown = {one.name: (one.mean, one.high, one.low) for one in found.series}
    assert shown["gpu.power_w"] == ((14.5, 44.5), (29.0, 59.0), ())
    assert shown["gpu.clock_graphics_mhz"] == ((14.5, 44.5), (), (0.0, 30.0))


def test_a_range_over_thinned_and_fine_rows_has_no_seam(path: Path) -> None:
    file = HistoryFile(path)
    file.write(instance_row(at, 7.0) for at in range(0, 4 * DAY_S, 100))
    Tidier(file).tidy(4 * DAY_S, HistorySettings())
    file.close()
    with reading(path) as reader:
        (rss,) = reader.series(SeriesQuestion(0, 4 * DAY_S, ("instance.rss_bytes",), 600)).series
    assert rss.mean == (7.0,) * (4 * DAY_S // 600)


def test_each_source_is_a_series_of_its_own_and_one_without_rows_in_the_range_is_none(path: Path) -> None:
    written(path, instance_row(100, name="a"), instance_row(100, name="b"), instance_row(9000, name="c"))
    with reading(path) as reader:
        found = reader.series(SeriesQuestion(0, 200, (), 10))
    assert {one.source for one in found.series} == {"a", "b"}
    assert {one.name for one in found.series} == {name for name in NAMES if name.startswith("instance.")}


def test_an_hour_of_last_week_has_no_gaps_between_its_thinned_rows(path: Path) -> None:
    file = HistoryFile(path)
    file.write(row(Kind.PANEL, at) for at in range(0, 7 * DAY_S, 100))
    Tidier(file).tidy(7 * DAY_S, HistorySettings())
    file.close()
    with reading(path) as reader:
        last_week = reader.series(SeriesQuestion(DAY_S, DAY_S + 3600, ("panel.queued",)))
        now = reader.series(SeriesQuestion(7 * DAY_S - 3600, 7 * DAY_S, ("panel.queued",)))
    assert (last_week.step, last_week.series[0].mean) == (300, (1.0,) * 12)
    assert now.step == 10


@pytest.mark.parametrize(("span_s", "step"), [(60, 10), (3600, 10), (DAY_S, 220), (30 * DAY_S, 6480)])
def test_a_step_that_fits_gives_about_as_many_points_as_a_chart_shows(span_s: int, step: int) -> None:
    assert fitting_step(span_s) == step


def test_a_range_with_too_many_points_is_refused(path: Path) -> None:
    written(path)
    with reading(path) as reader, pytest.raises(PanelError, match="259,200 points"):
        reader.series(SeriesQuestion(0, 30 * DAY_S, (), 10))


def test_a_series_that_does_not_exist_is_refused_with_the_names_of_those_that_do(path: Path) -> None:
    written(path)
    with reading(path) as reader, pytest.raises(PanelError, match=r"no series gpu\.colour; there are panel\.queued"):
        reader.series(SeriesQuestion(0, 100, ("gpu.colour",)))


def test_requests_come_newest_first_and_page_by_page(path: Path) -> None:
    written(path, *(request(at, f"r{at}") for at in range(7)))
    with reading(path) as reader:
        first = reader.requests(RequestsQuestion(0, 100, limit=3))
        second = reader.requests(RequestsQuestion(0, 100, limit=3, before=first.before or 0))
        third = reader.requests(RequestsQuestion(0, 100, limit=3, before=second.before or 0))
    assert [names(one.requests) for one in (first, second, third)] == [["r6", "r5", "r4"], ["r3", "r2", "r1"], ["r0"]]
    assert third.before is None


def test_pages_follow_the_time_and_not_the_order_of_writing(path: Path) -> None:
    written(path, request(500, "later"), request(100, "clock set back"), request(300, "between"))
    with reading(path) as reader:
        first = reader.requests(RequestsQuestion(0, 1000, limit=2))
        second = reader.requests(RequestsQuestion(0, 1000, limit=2, before=first.before or 0))
    assert names((*first.requests, *second.requests)) == ["later", "between", "clock set back"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (RequestsQuestion(0, 100, state=(RequestState.REFUSED, RequestState.FAILED)), ["r3", "r2"]),
        (RequestsQuestion(0, 100, code="queue.full"), ["r3"]),
        (RequestsQuestion(0, 100, model="nobody"), []),
        (RequestsQuestion(0, 100, pool="chat", client="web", instance="chat-1", model="a:latest"), ["r3", "r2", "r1"]),
        (RequestsQuestion(2, 2), ["r2"]),
        (RequestsQuestion(0, 100, limit=0), []),
    ],
)
def test_requests_are_chosen_by_their_values(path: Path, question: RequestsQuestion, expected: list[str]) -> None:
    written(
        path,
        request(1, "r1"),
        request(2, "r2", RequestState.FAILED, "request.failed"),
        request(3, "r3", RequestState.REFUSED, "queue.full"),
    )
    with reading(path) as reader:
        assert names(reader.requests(question).requests) == expected


def test_events_come_newest_first_and_page_by_page(path: Path) -> None:
    written(path, *(event(at, f"chat-{at}") for at in range(3)))
    with reading(path) as reader:
        first = reader.events(EventsQuestion(0, 100, limit=2))
        second = reader.events(EventsQuestion(0, 100, first.before or 0, 2))
    assert [one.source for one in (*first.events, *second.events)] == ["chat-2", "chat-1", "chat-0"]


def test_it_is_read_while_the_panel_writes(path: Path) -> None:
    file = HistoryFile(path)
    file.write([request(1, "committed")])
    with reading(path) as reader:
        file.connection.execute("BEGIN IMMEDIATE")
        file.connection.execute("DELETE FROM request")
        assert names(reader.requests(RequestsQuestion(0, 9)).requests) == ["committed"]
        file.connection.execute("COMMIT")
        assert names(reader.requests(RequestsQuestion(0, 9)).requests) == ["committed"], "one answer is of one moment"
    file.close()


def test_reading_changes_nothing(path: Path) -> None:
    written(path, request(1))
    before = path.read_bytes()
    with reading(path) as reader:
        reader.requests(RequestsQuestion(0, 9))
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_file_that_is_not_there_or_none_is_told_in_a_sentence(path: Path) -> None:
    with pytest.raises(PanelError, match="no history in"), reading(path):
        pass
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(PanelError, match="cannot be read as a history"), reading(path):
        pass


def test_a_file_of_another_version_is_not_read(path: Path) -> None:
    file = HistoryFile(path)
    file.connection.execute("PRAGMA user_version = 7")
    file.close()
    with pytest.raises(PanelError, match="newer version of the panel"), reading(path):
        pass


def test_an_event_of_a_version_with_other_words_is_not_lost(path: Path) -> None:
    written(path, msgspec.structs.replace(event(5), told=Notice("gpu.melted", values={"card": 1})))
    with reading(path) as reader:
        (found,) = reader.events(EventsQuestion(0, 100)).events
    assert "gpu.melted" in render(found.told)
