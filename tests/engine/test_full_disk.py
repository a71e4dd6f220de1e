"""A full disk loses what would have been written, but never stops the service."""

import errno
import io
import logging
from pathlib import Path
from typing import IO, Any

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices.render import render
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.messages import InstanceDown
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine import configfile, logs
from ollama_panel.engine.lock_file import exclusive
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.recorder import Recorder
from ollama_panel.engine.single_instance import SingleInstanceLock
from ollama_panel.lab.replay import bench_replay


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("ollama_panel.engine.files.os.fsync", refuse)


def test_a_panel_that_cannot_leave_its_note_runs_all_the_same(
    tmp_path: Path, full: None, caplog: pytest.LogCaptureFixture
) -> None:
    with SingleInstanceLock(Paths(tmp_path)) as lock:
        lock.announce("http://127.0.0.1:1")
    assert "panel.json cannot be written (No space left on device)" in caplog.text


def test_who_has_the_folder_is_said_to_be_unknown_of_the_folder_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("ollama_panel.engine.lock_file.os.write", refuse)
    with exclusive(tmp_path / "settings.json"):
        assert not [one for one in caplog.records if one.levelno >= logging.WARNING]
    with SingleInstanceLock(Paths(tmp_path)):
        assert "panel.lock cannot be written (No space left on device). A second panel will not know" in caplog.text


def test_settings_that_cannot_be_saved_leave_the_old_ones_and_their_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "settings.json"
    configfile.write(path, Settings())
    configfile.write(path, Settings())
    before = {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()}
    request.getfixturevalue("full")
    with pytest.raises(PanelError, match="cannot be written"):
        configfile.write(path, Settings(version=7))
    assert {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()} == before


FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


@needs_full
def test_a_log_on_a_full_disk_says_so_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, plain_logging: None
) -> None:
    paths = Paths(tmp_path)
    paths.log.parent.mkdir(parents=True)
    paths.log.symlink_to(FULL)
    logs.configure_logging(paths)
    for number in range(3):
        logging.getLogger("test").info("line %d", number)
    logging.getLogger("test").warning("for people")
    assert capsys.readouterr().err.splitlines() == [
        f"{paths.log} cannot be written (No space left on device). Warnings are shown here only.",
        "for people",
    ]


def test_a_log_below_a_file_is_said_and_skipped(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, plain_logging: None
) -> None:
    (tmp_path / "file").touch()
    logs.configure_logging(Paths(tmp_path / "file"))
    assert "cannot be written" in capsys.readouterr().err


def recorder(folder: Path, most_mib: int = 1) -> Recorder:
    one = Recorder(Dispatcher(Policy()), Timeline(), folder)
    one.wish(on=True, most_mib=most_mib)
    return one


def steps(one: Recorder, count: int) -> None:
    for now in range(count):
        assert isinstance(one.step(InstanceDown(InstanceId("nobody")), now), list)


class SmallDisk:
    """Opens the files of a recorder on a disk that takes so many bytes, and lets them be taken away."""

    def __init__(self, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = most
        real = Recorder._new_file
        monkeypatch.setattr(Recorder, "_new_file", lambda one, kind: self._small(real(one, kind)))

    def _small(self, file: IO[bytes]) -> IO[bytes]:
        name, disk = file.name, self
        file.close()

        class Small(io.FileIO):
            def write(self, content: Any) -> int:
                part = memoryview(content).cast("B")[: disk.left]
                if not len(part):
                    raise OSError(errno.ENOSPC, "No space left on device")
                disk.left -= len(part)
                return super().write(part)

        return io.BufferedWriter(Small(name, "wb"))


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def replay(file: Path) -> tuple[int, list[str]]:
    said = list[str]()
    return bench_replay(said.append, file), said


@pytest.mark.parametrize("most", [0, 1, 40])
def test_a_recording_of_which_not_even_the_beginning_fits_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, most: int
) -> None:
    SmallDisk(most, monkeypatch)
    one = recorder(tmp_path)
    steps(one, 300)
    problem = one.record().problem
    assert (one.record().on, names(tmp_path)) == (False, [])
    assert problem is not None
    assert render(problem).endswith("cannot be written (No space left on device). Nothing is recorded.")
    assert caplog.text.count("Nothing is recorded") == 1


async def test_last_minutes_that_do_not_fit_leave_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SmallDisk(20_000, monkeypatch)
    one = Recorder(Dispatcher(Policy()), Timeline(), tmp_path)
    steps(one, 2000)
    with pytest.raises(PanelError, match="No space left"):
        await one.save_recent()
    assert names(tmp_path) == []


def test_a_recording_that_nobody_closes_has_every_step_that_is_no_progress(tmp_path: Path) -> None:
    one = recorder(tmp_path)
    steps(one, 300)
    code, said = replay(Path(one.record().path))
    assert (code, said[-1]) == (0, "301 steps replayed, 0 decided differently.")
    one.close()


def test_a_recording_ends_when_the_disk_is_full_and_the_dispatcher_goes_on_and_it_replays_up_to_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    SmallDisk(20_000, monkeypatch)
    one = recorder(tmp_path)
    steps(one, 2000)
    record = one.record()
    assert not record.on
    assert record.problem is not None
    assert f"Recording to {record.path} has ended" in render(record.problem)
    one.close()
    assert caplog.text.count(f"Recording to {record.path} has ended") == 1
    assert Path(record.path).stat().st_size == 20_000
    code, said = replay(Path(record.path))
    assert code == 0
    assert said[-2] == "The last line is incomplete; it was left out."


def test_a_recording_ends_when_the_file_is_large_enough(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    one = recorder(tmp_path)
    steps(one, 20_000)
    record = one.record()
    assert (record.on, record.most) == (False, 1 << 20)
    assert 1 << 20 <= Path(record.path).stat().st_size == record.size < (1 << 20) + 200
    assert record.problem is not None
    assert "the file is large enough" in caplog.text
    one.begin()
    assert one.record().problem is None
    assert one.record().path != record.path
    one.close()
    assert one.taken() == sum(file.stat().st_size for file in tmp_path.iterdir())


async def test_a_recording_that_cannot_begin_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    one = recorder(tmp_path / "file")
    steps(one, 1)
    assert "Nothing is recorded" in caplog.text
    assert one.record().problem is not None
    with pytest.raises(PanelError, match=r"cannot be written"):
        await one.save_recent()
    assert one.taken() == 0
