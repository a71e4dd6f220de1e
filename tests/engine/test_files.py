"""What the panel writes is for its owner alone, whatever the umask and whatever was there before."""

import logging
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine import configfile, logs
from ollama_panel.engine.files import make_private_folder, tighten, write_whole
from ollama_panel.engine.instances.orphans import ChildRegistry
from ollama_panel.engine.paths import OURS, Paths
from ollama_panel.engine.recorder import Recorder
from ollama_panel.engine.single_instance import SingleInstanceLock
from tests.fakes.live_engine import live, settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(folder: Path) -> list[str]:
    """Return what is below a folder, with itself, that others may read or enter."""
    return [str(path) for path in (folder, *folder.rglob("*")) if rights(path) & 0o077]


@pytest.fixture(params=[0o000, 0o022, 0o177], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def test_a_file_and_its_folder_are_for_their_owner(tmp_path: Path, umask: None) -> None:
    path = tmp_path / "state" / "settings.json"
    configfile.write(path, Settings())
    configfile.write(path, Settings(version=1))
    assert {entry.name: rights(entry) for entry in path.parent.iterdir()} == {
        "settings.json": 0o600,
        "settings.json.bak": 0o600,
    }
    assert rights(path.parent) == 0o700


def test_the_folders_above_that_are_made_are_for_their_owner_too(tmp_path: Path, umask: None) -> None:
    make_private_folder(tmp_path / "share" / "panel" / "state")
    assert open_to_others(tmp_path / "share") == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root writes for other users")
def test_what_root_writes_for_a_user_stays_the_user_s(tmp_path: Path) -> None:
    state = tmp_path / "state"
    make_private_folder(state)
    os.chown(state, 4711, 4712)
    configfile.write(state / "settings.json", Settings())
    configfile.change(state / "settings.json", lambda now: now)
    owners = {path.name: (path.stat().st_uid, path.stat().st_gid) for path in state.iterdir()}
    assert owners == {"settings.json": (4711, 4712), "settings.json.bak": (4711, 4712)}


def test_a_leftover_of_a_crash_does_not_widen_the_next_file(tmp_path: Path) -> None:
    path = tmp_path / "children.json"
    leftover = path.with_name(f"{path.name}.new-{os.getpid()}")
    leftover.touch(0o644)
    write_whole(path, b"{}")
    assert rights(path) == 0o600


def test_logs_are_private_also_after_they_were_rotated(
    tmp_path: Path, umask: None, plain_logging: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_MAX_BYTES", 100)
    paths = Paths(tmp_path / "state")
    logs.configure_logging(paths)
    for number in range(10):
        logging.getLogger("test").info("a line of the log, number %d", number)
    assert len(list(paths.log.parent.iterdir())) > 1
    assert open_to_others(paths.state_dir) == []


async def test_everything_that_a_run_leaves_is_private(tmp_path: Path, umask: None, plain_logging: None) -> None:
    folder = tmp_path / "state"
    logs.configure_logging(Paths(folder))
    async with live(folder, settings(("scheduling.record_events", "on"))) as panel:
        await panel.ready()
        assert (await panel.chat()).status_code == 200
        assert {"panel.json", "panel.lock", "recordings", "simulated-gpu"} <= {one.name for one in folder.iterdir()}
        assert open_to_others(folder) == []
    assert open_to_others(folder) == []


def test_what_an_earlier_version_left_open_is_closed_at_the_start(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    (folder / "logs").mkdir(parents=True, mode=0o755)
    for name in ("settings.json", "settings.json.bak", "settings.json.broken-1", "events.jsonl", "logs/panel.log.2"):
        (folder / name).touch(0o644)
    with SingleInstanceLock(Paths(folder)):
        assert open_to_others(folder) == []


def test_a_folder_with_other_things_keeps_its_rights_and_theirs(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(0o755)
    (home / "public_html").mkdir(0o755)
    (home / "settings.json").touch(0o644)
    with SingleInstanceLock(Paths(home)):
        pass
    assert [rights(home), rights(home / "public_html"), rights(home / "settings.json")] == [0o755, 0o755, 0o600]


def test_a_folder_that_many_share_keeps_its_rights(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    tighten(shared, OURS)
    assert rights(shared) == 0o1777


def test_the_target_of_a_link_keeps_its_rights(tmp_path: Path) -> None:
    outside = tmp_path / "dotfiles.json"
    outside.touch(0o644)
    state = tmp_path / "state"
    state.mkdir()
    (state / "settings.json").symlink_to(outside)
    tighten(state, OURS)
    assert rights(outside) == 0o644
    assert rights(state) == 0o700


def test_a_file_in_the_way_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "unmounted")
    with pytest.raises(NotADirectoryError):
        make_private_folder(tmp_path / "file")
    with pytest.raises(FileNotFoundError):
        make_private_folder(tmp_path / "link")


def test_a_registry_and_a_recording_are_private(tmp_path: Path, umask: None) -> None:
    paths = Paths(tmp_path / "state")
    ChildRegistry(paths.children).add(os.getpid(), ("ollama", "serve"))
    recorder = Recorder(Dispatcher(Policy()), Timeline(), paths.recordings)
    recorder.begin()
    recorder.close()
    assert recorder.record().path
    assert open_to_others(paths.state_dir) == []
