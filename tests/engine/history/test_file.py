import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.history.questions import EventsQuestion, RequestsQuestion, SeriesQuestion
from ollama_panel.core.history.series import Kind, columns
from ollama_panel.core.notices import notice
from ollama_panel.engine.history import schema
from ollama_panel.engine.history.file import HistoryFile, UnusableError, set_aside
from ollama_panel.engine.history.reader import reading
from tests.fakes.history import event, instance_row, request, row

WRITER = Path(__file__).parents[2] / "fakes" / "history_writer.py"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


@pytest.fixture
def file(path: Path) -> Iterator[HistoryFile]:
    opened = HistoryFile(path)
    yield opened
    opened.close()


def count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def writing(path: Path, *limit: str) -> "subprocess.Popen[str]":
    command = [sys.executable, str(WRITER), str(path), *limit]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def test_a_new_file_is_its_owners_alone_and_closes_into_one(path: Path) -> None:
    HistoryFile(path).close()
    assert [entry.name for entry in path.parent.iterdir()] == ["history.sqlite"]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_written_is_read_again(path: Path, file: HistoryFile) -> None:
    file.write([request(7.5), instance_row(10), event(8.0), *(row(kind, 10) for kind in Kind)])
    with reading(path) as reader:
        (found,) = reader.requests(RequestsQuestion(0, 100)).requests
        assert found == msgspec.structs.replace(request(7.5), number=1)
        assert reader.events(EventsQuestion(0, 100)).events[0].told == event(8.0).told


def test_a_batch_is_written_whole_or_not_at_all(path: Path, file: HistoryFile) -> None:
    with pytest.raises(sqlite3.Error):
        file.write([request(1.0), instance_row(10, rss=object())])  # type: ignore[arg-type]  # SQLite takes no object
    assert count(path, "request") == 0
    file.write([request(1.0), instance_row(10)])
    assert (count(path, "request"), count(path, "instance_10")) == (1, 1)


def test_the_same_time_twice_is_kept_twice_as_after_a_clock_was_set_back(path: Path, file: HistoryFile) -> None:
    file.write([instance_row(100, 1.0), instance_row(110, 2.0)])
    file.write([instance_row(100, 3.0)])
    assert count(path, "instance_10") == 3
    with reading(path) as reader:
        (rss,) = reader.series(SeriesQuestion(100, 120, ("instance.rss_bytes",), 10)).series
        assert rss.mean == (3.0, 2.0)


def test_a_second_start_in_the_same_ten_seconds_keeps_both_rows(path: Path) -> None:
    for value in (1.0, 3.0):
        opened = HistoryFile(path)
        opened.write([instance_row(100, value)])
        opened.close()
    assert count(path, "instance_10") == 2


def test_a_process_killed_in_mid_write_leaves_a_sound_file_with_all_that_was_committed(path: Path) -> None:
    with writing(path) as process:
        assert process.stdout is not None
        committed = next(int(line) for line in process.stdout if int(line) >= 50)
        process.kill()
        committed = max([committed, *(int(line) for line in process.stdout.read().split())])
    assert path.with_name("history.sqlite-wal").exists(), "it was killed before it could tidy up"
    opened = HistoryFile(path)
    assert opened.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    opened.write([request(0.5)])
    opened.close()
    assert count(path, "instance_10") == count(path, "request") - 1, "a batch is whole"
    assert committed <= count(path, "instance_10") <= committed + 1


@pytest.mark.skipif(sys.platform == "win32", reason="the limit of a file's size is POSIX's")
def test_a_write_that_finds_no_room_leaves_what_was_there(path: Path) -> None:
    with writing(path, str(300_000)) as process:
        printed = process.communicate(timeout=60)[0].splitlines()
    assert printed[-1].startswith("failed: ")
    opened = HistoryFile(path)
    assert opened.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    opened.write([request(1.0)])
    opened.close()
    assert count(path, "request") == len(printed)


@pytest.mark.parametrize("content", [b"not a database" * 500, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_broken_file_is_refused_and_set_aside_with_those_beside_it(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.with_name("history.sqlite-wal").write_bytes(b"")
    with pytest.raises(UnusableError) as caught:
        HistoryFile(path)
    assert caught.value.notice.code == "history.broken"
    path.with_name("history.sqlite-wal").write_bytes(b"rest")
    assert set_aside(path, caught.value.notice).values["name"] == "history.sqlite.aside-1"
    assert path.with_name("history.sqlite.aside-1").read_bytes() == content
    assert path.with_name("history.sqlite.aside-1-wal").read_bytes() == b"rest"
    assert not path.exists()


def test_a_file_set_aside_replaces_none_of_before(path: Path) -> None:
    for number in (1, 2):
        path.write_bytes(b"x")
        set_aside(path, notice("history.newer", version=9, known=1))
        assert path.with_name(f"history.sqlite.aside-{number}").exists()


def test_a_file_of_a_newer_version_is_refused_and_not_touched(path: Path, file: HistoryFile) -> None:
    file.write([request(1.0)])
    file.connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    file.close()
    before = path.read_bytes()
    with pytest.raises(UnusableError) as caught:
        HistoryFile(path)
    assert caught.value.notice.values == {"version": schema.VERSION + 1, "known": schema.VERSION}
    assert path.read_bytes() == before


def test_an_older_file_is_migrated_and_keeps_what_it_has(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = HistoryFile(path)
    opened.write([request(1.0)])
    opened.close()
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, "ALTER TABLE request ADD COLUMN mood TEXT;"))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    migrated = HistoryFile(path)
    assert schema.version(migrated.connection) == schema.VERSION
    assert migrated.connection.execute("SELECT request, mood FROM request").fetchall() == [("r1", None)]
    migrated.close()


def test_a_step_of_the_migration_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    HistoryFile(path).close()
    half = "ALTER TABLE request ADD COLUMN mood TEXT; ALTER TABLE nowhere ADD COLUMN x TEXT;"
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, half))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    with pytest.raises(sqlite3.Error, match="nowhere"):
        HistoryFile(path)
    with closing(sqlite3.connect(path)) as connection:
        assert schema.version(connection) == 1
        assert "mood" not in {found[1] for found in connection.execute("PRAGMA table_info(request)")}


def test_a_measurement_that_is_new_gets_its_column_in_an_old_file(path: Path) -> None:
    HistoryFile(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE gpu_10 DROP COLUMN power_w")
    opened = HistoryFile(path)
    assert {*columns(Kind.GPU)} <= {found[1] for found in opened.connection.execute("PRAGMA table_info(gpu_10)")}
    opened.close()


def test_a_file_that_somebody_deleted_is_noticed(path: Path, file: HistoryFile) -> None:
    assert file.is_there()
    path.unlink()
    assert not file.is_there()
