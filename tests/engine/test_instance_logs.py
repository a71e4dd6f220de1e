"""The logs of instances on the disk: what is written, when, and that nobody waits for it."""

import asyncio
import logging
import os
import re
import stat
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import Problem
from ollama_panel.engine import instance_logs
from ollama_panel.engine.instance_log_files import KEPT_S, is_mark, last_lines, names, path_of, tidy
from ollama_panel.engine.instance_logs import InstanceLogs
from ollama_panel.engine.log_files import LogFile
from tests.fakes.waiting import deadline, polled

CHAT = InstanceId("chat-1")
NOON = 1_780_000_000.0
FULL = Path("/dev/full")


class Disk:
    """The logs of a state folder, and what was told of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told = list[tuple[Problem, ...]]()
        self.changed = asyncio.Event()
        self.logs = self.opened()

    def opened(self, most_waiting: int = instance_logs.MOST_WAITING) -> InstanceLogs:
        return InstanceLogs(self.folder, self._report, lambda: NOON, most_waiting)

    def _report(self, problems: tuple[Problem, ...]) -> None:
        self.told.append(problems)
        self.changed.set()

    async def written(self) -> list[str]:
        await asyncio.to_thread(self.logs.close)
        return last_lines(self.folder, CHAT, 1000)

    async def until_told(self) -> tuple[Problem, ...]:
        async with deadline("a change of what is told"):
            await self.changed.wait()
        self.changed.clear()
        return self.told[-1]


@pytest.fixture
async def disk(tmp_path: Path) -> AsyncIterator[Disk]:
    made = Disk(tmp_path / "logs")
    yield made
    await asyncio.to_thread(made.logs.close)


async def test_each_line_has_a_time_its_own_or_that_of_its_coming(disk: Disk) -> None:
    own = "time=2026-03-02T08:15:00.125Z level=INFO msg=x"
    gin = '[GIN] 2026/03/02 - 08:15:00 | 200 | 1s | ::1 | GET "/"'
    for line in (own, gin, "ggml_cuda_init: found 1 CUDA devices:"):
        disk.logs.add(CHAT, line)
    first, second, third = await disk.written()
    assert (first, second) == (own, gin)
    assert re.fullmatch(r"2026-\d\d-\d\dT\d\d:\d\d:\d\d\.000\S{6} ggml_cuda_init: found 1 CUDA devices:", third)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
async def test_only_its_owner_may_read_it(disk: Disk) -> None:
    disk.logs.add(CHAT, "secret")
    await disk.written()
    assert stat.S_IMODE(disk.logs.path(CHAT).stat().st_mode) == 0o600


async def test_a_long_log_is_rotated_and_read_as_one(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance_logs, "MOST_BYTES", 1000)
    for number in range(100):
        disk.logs = disk.opened()
        disk.logs.add(CHAT, f"2026-03-02 08:15:00 line {number}")
        await asyncio.to_thread(disk.logs.close)
    kept = await disk.written()
    assert {path.name for path in disk.folder.iterdir()} == {"chat-1.log", "chat-1.log.1", "chat-1.log.2"}
    numbers = [int(line.rpartition(" ")[2]) for line in kept]
    assert numbers == list(range(numbers[0], 100))
    assert len(numbers) > 60
    assert [line.rpartition(" ")[2] for line in last_lines(disk.folder, CHAT, 2)] == ["98", "99"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody delete an open file")
async def test_a_file_that_somebody_took_away_is_begun_anew(disk: Disk) -> None:
    disk.logs.add(CHAT, "first")
    await polled(lambda: asyncio.to_thread(disk.logs.path(CHAT).exists), "the first line")
    disk.logs.path(CHAT).unlink()
    disk.folder.rmdir()
    disk.logs.add(CHAT, "second")
    assert [line.rpartition(" ")[2] for line in await disk.written()] == ["second"]


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
async def test_a_full_disk_is_told_once_and_when_it_is_over(disk: Disk, caplog: pytest.LogCaptureFixture) -> None:
    disk.folder.mkdir()
    disk.logs.path(CHAT).symlink_to(FULL)
    disk.logs.add(CHAT, "lost")
    (problem,) = await disk.until_told()
    assert "chat-1.log cannot be written (No space left on device)" in render(problem.told)
    disk.logs.add(CHAT, "lost, too")
    disk.logs.path(CHAT).unlink()
    disk.logs.add(CHAT, "written")
    assert await disk.until_told() == ()
    assert "written" in (await disk.written())[-1]
    assert len([one for one in caplog.records if one.levelno == logging.WARNING]) == 1


async def test_a_disk_that_hangs_loses_lines_and_holds_up_nobody(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    hangs, held, emit = threading.Event(), threading.Event(), LogFile.emit

    def slow(self: LogFile, record: logging.LogRecord) -> None:
        held.set()
        hangs.wait(20)
        emit(self, record)

    monkeypatch.setattr(LogFile, "emit", slow)
    disk.logs = disk.opened(most_waiting=1000)
    disk.logs.add(CHAT, "first")
    assert await asyncio.to_thread(held.wait, 20)
    for number in range(200):
        disk.logs.add(CHAT, f"line {number:05}")
    hangs.set()
    (problem,) = await disk.until_told()
    assert render(problem.notice) == "100 lines of logs of instances are lost: the disk was too slow for them."
    written = await disk.written()
    assert written[-1].endswith("100 lines of logs of instances are lost: the disk was too slow for them.")
    assert len(written) == 1 + 100 + 1


def test_logs_of_instances_long_gone_are_deleted_and_no_other_file(tmp_path: Path) -> None:
    kept = ("panel.log", "server-4711.log", "notes.txt", "chat-1.log", "new-1.log")
    for name in (*kept, "gone-2.log", "gone-2.log.1", "two%20words-1.log"):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (NOON, NOON))
    os.utime(tmp_path / "new-1.log", (NOON + KEPT_S, NOON + KEPT_S))
    assert names(tmp_path) == ["chat-1", "gone-2", "new-1", "two words-1"]
    tidy(tmp_path, {CHAT}, NOON + KEPT_S + 1)
    assert {path.name for path in tmp_path.iterdir()} == set(kept)
    tidy(tmp_path / "nowhere", (), NOON)


async def test_the_folder_is_tidied_at_the_start(disk: Disk) -> None:
    disk.folder.mkdir()
    old = disk.folder / "gone-1.log"
    old.write_text("x")
    os.utime(old, (1.0, 1.0))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(disk.logs.run(lambda: [CHAT]))
        await polled(lambda: asyncio.to_thread(lambda: not old.exists()), "the old log to go")
        task.cancel()


async def test_logs_into_which_nothing_was_written_make_no_file(disk: Disk) -> None:
    await asyncio.to_thread(disk.logs.close)
    assert not disk.folder.exists()


def test_marks_are_told_from_lines(tmp_path: Path) -> None:
    assert is_mark("2026-03-02T08:15:00.000+00:00 --- Process 1 was started: ollama serve")
    assert not is_mark("2026-03-02T08:15:00.000+00:00 a line --- with dashes")
    assert path_of(tmp_path, "a/b-1").name == "a%2Fb-1.log"


async def test_no_file_stays_open_for_an_instance_that_may_be_gone(disk: Disk) -> None:
    for number in range(20):
        disk.logs.add(InstanceId(f"chat-{number}"), "a line")

    async def written_and_closed() -> bool:
        still_open = [one for one in psutil.Process().open_files() if one.path.startswith(str(disk.folder))]
        return len(names(disk.folder)) == 20 and not still_open

    await polled(written_and_closed, lambda: "all logs to be written, and their files closed")
