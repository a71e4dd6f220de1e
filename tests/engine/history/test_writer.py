import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.notices import Notice
from ollama_panel.core.settings.tree_history import HistorySettings
from ollama_panel.engine.history import writer as writers
from ollama_panel.engine.history.file import HistoryFile
from ollama_panel.engine.history.tidying import DAY_S, Tidier
from ollama_panel.engine.history.writer import Trouble, Writer
from tests.fakes.history import event, request
from tests.fakes.waiting import DEADLINE_S


class Reports:
    """What a writer tells, in its thread."""

    def __init__(self) -> None:
        self._told = list[tuple[Trouble, Notice | None]]()
        self._came = threading.Condition()

    def __call__(self, trouble: Trouble, told: Notice | None) -> None:
        with self._came:
            self._told.append((trouble, told))
            self._came.notify()

    def codes(self) -> list[tuple[str, str | None]]:
        return [(trouble.name, told and told.code) for trouble, told in self._told]

    def wait(self, number: int) -> None:
        with self._came:
            assert self._came.wait_for(lambda: len(self._told) >= number, DEADLINE_S), self.codes()


Make = Callable[..., Writer]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "history.sqlite"


@pytest.fixture
def reports() -> Reports:
    return Reports()


@pytest.fixture
def make(path: Path, reports: Reports, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    monkeypatch.setattr(writers, "BATCH_S", 0.01)
    monkeypatch.setattr(writers, "RETRY_S", 0.01)
    made = list[Writer]()

    def started(**settings: int) -> Writer:
        made.append(Writer(path, HistorySettings(**settings), reports))
        made[-1].start()
        return made[-1]

    yield started
    for one in made:
        one.close()


def requests(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [name for (name,) in connection.execute("SELECT request FROM request ORDER BY id")]


def test_the_end_of_the_panel_writes_what_waits(path: Path, make: Make, reports: Reports) -> None:
    writer = make()
    for number in range(100):
        writer.put(request(number, f"r{number}"))
    writer.close()
    assert requests(path) == [f"r{number}" for number in range(100)]
    assert (writer.written, writer.dropped) == (100, 0)
    assert reports.codes() == []


def test_a_queue_that_is_full_drops_the_oldest_and_counts_them(
    path: Path, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "MOST_WAITING", 3)
    writer = Writer(path, HistorySettings(), reports)
    for number in range(5):
        writer.put(request(number, f"r{number}"))
    writer.start()
    writer.close()
    assert requests(path) == ["r2", "r3", "r4"]
    assert writer.dropped == 2


def test_a_full_disk_is_told_once_and_written_again_when_there_is_room(
    path: Path, make: Make, reports: Reports, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    room, tries = threading.Event(), threading.Semaphore(0)
    opened = HistoryFile._open

    def without_room(self: HistoryFile) -> None:
        opened(self)
        if not room.is_set():
            self.connection.execute("PRAGMA max_page_count = 1")  # SQLite then says what it says on a full disk
            tries.release()

    monkeypatch.setattr(HistoryFile, "_open", without_room)
    writer = make()
    writer.put(request(1.0, "a long name" * 10_000))
    reports.wait(1)
    for _ in range(3):
        assert tries.acquire(timeout=DEADLINE_S)
    room.set()
    reports.wait(2)
    writer.close()
    assert reports.codes() == [("NOT_WRITTEN", "history.not_written"), ("NOT_WRITTEN", None)]
    assert caplog.text.count("database or disk is full") == 1
    assert requests(path) == ["a long name" * 10_000]


@pytest.mark.usefixtures("make")
def test_what_was_written_is_not_written_again_if_tidying_after_it_fails(
    path: Path, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    tidied = Tidier.tidy

    def without_room_at_first(self: Tidier, now: float, keep: HistorySettings) -> None:
        if not reports.codes():
            raise sqlite3.OperationalError("database or disk is full")
        tidied(self, now, keep)

    monkeypatch.setattr(Tidier, "tidy", without_room_at_first)
    writer = Writer(path, HistorySettings(), reports)
    writer.put(request(1.0))
    writer.tidy(2.0)
    writer.start()
    reports.wait(2)
    writer.close()
    assert reports.codes() == [("NOT_WRITTEN", "history.not_written"), ("NOT_WRITTEN", None)]
    assert requests(path) == ["r1"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(path: Path, make: Make, reports: Reports) -> None:
    path.parent.mkdir()
    path.parent.chmod(0o500)
    make().put(request(1.0))
    reports.wait(1)
    path.parent.chmod(0o700)
    reports.wait(2)
    assert reports.codes() == [("NOT_WRITTEN", "history.not_written"), ("NOT_WRITTEN", None)]


def test_a_file_in_place_of_the_folder_is_told_and_ends_nothing(path: Path, make: Make, reports: Reports) -> None:
    path.parent.write_bytes(b"")
    writer = make()
    writer.put(request(1.0))
    reports.wait(1)
    path.parent.unlink()
    reports.wait(2)
    writer.close()
    assert requests(path) == ["r1"]


def test_a_broken_file_is_set_aside_with_one_notice(path: Path, make: Make, reports: Reports) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 1000)
    writer = make()
    writer.put(request(1.0))
    reports.wait(1)
    writer.close()
    assert reports.codes() == [("SET_ASIDE", "history.set_aside")]
    assert path.with_name("history.sqlite.aside-1").read_bytes() == b"no database" * 1000
    assert requests(path) == ["r1"]


def test_a_file_that_breaks_while_it_is_used_is_set_aside_and_the_batch_is_in_the_new_one(
    path: Path, make: Make, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make()
    first.put(request(1.0, "old"))
    first.close()
    broken, written = [True], HistoryFile.write

    def write(self: HistoryFile, items: object) -> None:
        if broken and self.connection.execute("SELECT count(*) FROM request").fetchone() == (1,):
            broken.clear()
            error = sqlite3.DatabaseError("database disk image is malformed")
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error
        written(self, items)  # type: ignore[arg-type]  # it is passed on

    monkeypatch.setattr(HistoryFile, "write", write)
    writer = make()
    writer.put(request(2.0, "new"))
    reports.wait(1)
    writer.close()
    assert reports.codes() == [("SET_ASIDE", "history.set_aside")]
    assert requests(path) == ["new"]
    assert requests(path.with_name("history.sqlite.aside-1")) == ["old"]


def test_a_value_that_no_file_can_store_costs_its_own_row_only(path: Path, make: Make) -> None:
    writer = make()
    for one in (request(1.0, "r1"), msgspec.structs.replace(request(2.0), prompt_tokens=10**30), request(3.0, "r3")):
        writer.put(one)
    writer.close()
    assert requests(path) == ["r1", "r3"]
    assert writer.dropped == 1


def test_a_file_that_somebody_deletes_is_made_again(path: Path, make: Make) -> None:
    writer = make()
    writer.put(request(1.0, "before"))
    writer.close()
    path.unlink()
    again = make()
    again.put(request(2.0, "after"))
    again.close()
    assert requests(path) == ["after"]


def test_zero_days_write_nothing_and_delete_what_there_is(path: Path, make: Make) -> None:
    writer = make()
    writer.put(request(1.0))
    writer.close()
    off = make()
    off.keep(HistorySettings(days=0), 2.0)
    off.put(request(3.0))
    off.close()
    assert list(path.parent.iterdir()) == []


def test_what_is_old_is_deleted_when_it_is_time(path: Path, make: Make) -> None:
    writer = make(days=1)
    writer.put(request(0.0, "old"))
    writer.put(request(10.0 * DAY_S, "new"))
    writer.put(event(0.0))
    writer.tidy(10.0 * DAY_S)
    writer.close()
    assert requests(path) == ["new"]
