"""A full disk loses what would have been written, but never stops the service."""

import errno
import logging
from pathlib import Path

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.messages import InstanceDown
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine import configfile, logs
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.recorder import Recorder
from ollama_panel.engine.single_instance import SingleInstanceLock


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


@needs_full
def test_a_recording_ends_when_the_disk_is_full_and_the_dispatcher_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    recorder = Recorder(Dispatcher(Policy()), FULL)
    for now in range(2000):
        assert isinstance(recorder.step(InstanceDown(InstanceId("nobody")), now), list)
    recorder.close()
    assert caplog.text.count("Recording to /dev/full has ended") == 1


def test_a_recording_ends_when_the_file_is_large_enough(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "events.jsonl"
    recorder = Recorder(Dispatcher(Policy()), path, max_bytes=1000)
    for now in range(100):
        recorder.step(InstanceDown(InstanceId("nobody")), now)
    assert path.stat().st_size < 1200
    assert "the file is large enough" in caplog.text


def test_a_recording_that_cannot_begin_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    recorder = Recorder(Dispatcher(Policy()), tmp_path / "none" / "events.jsonl")
    assert recorder.step(InstanceDown(InstanceId("nobody")), 1) is not None
    assert "Nothing is recorded" in caplog.text
