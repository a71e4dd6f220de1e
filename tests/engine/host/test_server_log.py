"""The log of a server that the panel did not start."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from ollama_panel.core.servers import LogKind, LogSource
from ollama_panel.engine.host import server_log


def printing(text: str | None, asked: list[Sequence[str]]):
    def run(command: Sequence[str]) -> str | None:
        asked.append(command)
        return text

    return run


def test_a_file_is_read_from_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "server.log"
    log.write_bytes("einß\nzwei\ndrei\n".encode())
    source = LogSource(LogKind.FILE, str(log))
    assert server_log.last_lines(source, 1) == ["einß", "zwei", "drei"]
    monkeypatch.setattr(server_log, "_MOST_BYTES", 7)
    assert server_log.last_lines(source, 1) == ["i", "drei"]


def test_a_file_that_may_not_be_read_tells_nothing(tmp_path: Path) -> None:
    assert server_log.last_lines(LogSource(LogKind.FILE, str(tmp_path / "none.log")), 1) is None
    assert server_log.last_lines(LogSource(LogKind.FILE, str(tmp_path)), 1) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the journal")
def test_of_the_journal_the_lines_of_the_process_are_read() -> None:
    asked = list[Sequence[str]]()
    source = LogSource(LogKind.JOURNAL, command="journalctl -u ollama.service")
    assert server_log.last_lines(source, 77, printing("one\ntwo\n", asked)) == ["one", "two"]
    assert asked[0][0] == "journalctl"
    assert asked[0][-1] == "_PID=77"
    assert server_log.last_lines(source, 77, printing(None, asked)) is None
    assert server_log.last_lines(source, 77, printing("", asked)) is None


@pytest.mark.parametrize("kind", [LogKind.TERMINAL, LogKind.NOTHING, LogKind.CONTAINER, LogKind.PANEL])
def test_other_logs_are_not_read(kind: LogKind) -> None:
    assert server_log.last_lines(LogSource(kind, "/dev/pts/1", "docker logs x"), 1, printing("one", [])) is None


def test_what_is_added_to_a_file_is_read_once_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "ollama.log"
    path.write_text("old\n", encoding="utf-8")
    growth = server_log.Growth(str(path))
    assert growth.lines() == []
    with path.open("a", encoding="utf-8") as log:
        log.write("one\ntw")
    assert growth.lines() == ["one"]
    with path.open("a", encoding="utf-8") as log:
        log.write("o\n")
    assert growth.lines() == ["two"]
    assert growth.lines() == []


def test_a_file_that_was_cut_off_moved_or_is_gone_goes_on_with_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "ollama.log"
    path.write_text("a long old line\n", encoding="utf-8")
    growth = server_log.Growth(str(path))
    path.write_text("cut\n", encoding="utf-8")
    assert growth.lines() == ["cut"]
    path.rename(tmp_path / "ollama.log.1")
    assert growth.lines() == []
    path.write_text("another\n", encoding="utf-8")
    assert growth.lines() == ["another"]
    assert server_log.Growth(str(tmp_path / "none.log")).lines() == []
