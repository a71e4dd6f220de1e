from collections.abc import Iterator
from pathlib import Path

import pytest

from ollama_panel.core.history.series import Kind
from ollama_panel.core.settings.tree_history import HistorySettings
from ollama_panel.engine.history.file import HistoryFile
from ollama_panel.engine.history.tidying import DAY_S, FINE_DAYS, Tidier
from tests.fakes.history import event, instance_row, request, row

NOW = 100 * DAY_S
EVERYTHING = HistorySettings(days=90, request_days=90, max_mib=0)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[HistoryFile]:
    opened = HistoryFile(tmp_path / "history.sqlite")
    yield opened
    opened.close()


def rows(file: HistoryFile, query: str) -> list[tuple[object, ...]]:
    return file.connection.execute(query).fetchall()


def number(file: HistoryFile, table: str) -> int:
    return int(str(rows(file, f"SELECT count(*) FROM {table}")[0][0]))


def test_rows_older_than_two_days_become_means_and_highs_of_five_minutes(file: HistoryFile) -> None:
    old = NOW - FINE_DAYS * DAY_S - 300
    file.write(instance_row(old + 10 * step, rss=float(step)) for step in range(40))
    Tidier(file).tidy(NOW, EVERYTHING)
    assert rows(file, "SELECT at, rss_bytes, rss_bytes_high FROM instance_300") == [(old, 14.5, 29.0)]
    assert rows(file, "SELECT min(at), count(*) FROM instance_10") == [(old + 300, 10)]


def test_thinning_twice_changes_nothing(file: HistoryFile) -> None:
    file.write(instance_row(NOW - 5 * DAY_S + 10 * step) for step in range(30))
    tidier = Tidier(file)
    tidier.tidy(NOW, EVERYTHING)
    once = rows(file, "SELECT * FROM instance_300")
    tidier.tidy(NOW + 300, EVERYTHING)
    assert rows(file, "SELECT * FROM instance_300") == once
    assert len(once) == 1


def test_unknown_values_do_not_count_in_a_mean(file: HistoryFile) -> None:
    old = NOW - 5 * DAY_S
    file.write([instance_row(old, None), instance_row(old + 10, 4.0), instance_row(old + 300, None)])
    Tidier(file).tidy(NOW, EVERYTHING)
    assert rows(file, "SELECT rss_bytes FROM instance_300 ORDER BY at") == [(4.0,), (None,)]


def test_everything_ends_with_its_days(file: HistoryFile) -> None:
    ages = (1, 9, 29, 31)
    file.write([*(request(NOW - age * DAY_S) for age in ages), *(event(NOW - age * DAY_S) for age in ages)])
    file.write(row(kind, NOW - age * DAY_S) for kind in Kind for age in ages)
    Tidier(file).tidy(NOW, HistorySettings(days=30, request_days=10))
    assert number(file, "request") == 2
    assert number(file, "event") == 3
    assert {number(file, f"{kind.value}_10") + number(file, f"{kind.value}_300") for kind in Kind} == {3}


def test_requests_are_kept_no_longer_than_the_history(file: HistoryFile) -> None:
    file.write(request(NOW - age * DAY_S) for age in (1, 9))
    Tidier(file).tidy(NOW, HistorySettings(days=5, request_days=30))
    assert number(file, "request") == 1


def test_zero_days_of_requests_delete_all_of_them_and_nothing_else(file: HistoryFile) -> None:
    file.write([request(NOW - 1), event(NOW - 1)])
    Tidier(file).tidy(NOW, HistorySettings(request_days=0))
    assert (number(file, "request"), number(file, "event")) == (0, 1)


def test_a_file_above_its_limit_loses_its_oldest_requests_and_gets_smaller(file: HistoryFile) -> None:
    file.write(request(NOW - 40_000 + at, f"request-{at:040}") for at in range(30_000))
    file.write([event(NOW - 50_000)])
    file.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    before = file.path.stat().st_size
    Tidier(file).tidy(NOW, HistorySettings(max_mib=1))
    assert before > 3 * 1024 * 1024
    assert file.path.stat().st_size <= 1024 * 1024
    assert rows(file, "SELECT max(at) FROM request") == [(NOW - 10_001,)]
    assert number(file, "request") > 5_000
    assert number(file, "event") == 1


def test_without_requests_the_oldest_measurements_make_room(file: HistoryFile) -> None:
    begin = NOW - DAY_S
    file.write(row(Kind.GPU, begin + 10 * step, 1.5, "0") for step in range(8_000))
    Tidier(file).tidy(NOW, HistorySettings(max_mib=1))
    file.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert file.path.stat().st_size <= 1024 * 1024
    assert rows(file, "SELECT max(at) FROM gpu_10") == [(begin + 79_990,)]


def test_names_that_no_row_has_any_more_are_forgotten(file: HistoryFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ollama_panel.engine.history.tidying._NAMES", 5)
    file.write([instance_row(NOW - 5, name="chat-9"), *(request(NOW - 1, code=f"queue.{one}") for one in range(20))])
    tidier = Tidier(file)
    tidier.tidy(NOW, HistorySettings(request_days=0))
    assert rows(file, "SELECT text FROM name") == [("chat-9",)]
    file.write([request(NOW - 1)])
    assert rows(file, "SELECT text FROM name JOIN request ON request.model = name.id") == [("a:latest",)]
