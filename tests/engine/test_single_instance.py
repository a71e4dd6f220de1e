"""One panel for each state folder."""

import os
from pathlib import Path

import msgspec
import platformdirs
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.single_instance import (
    PanelInfo,
    SingleInstanceLock,
    is_abandoned,
    window_lock,
    window_socket,
)


def test_the_second_copy_is_told_who_has_the_folder(tmp_path: Path) -> None:
    with SingleInstanceLock(Paths(tmp_path)), pytest.raises(PanelError) as caught, SingleInstanceLock(Paths(tmp_path)):
        pass
    assert str(caught.value) == (
        f"Another Ollama Panel (process {os.getpid()}) already runs on {tmp_path}; use that one, or stop it first."
    )


def test_the_folder_is_free_again_and_the_note_gone_afterwards(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "new")
    for _ in range(2):
        with SingleInstanceLock(paths) as lock:
            lock.announce("http://127.0.0.1:1")
            note = msgspec.json.decode(paths.panel.read_bytes(), type=PanelInfo)
            assert note == PanelInfo(os.getpid(), "http://127.0.0.1:1", lock.secret)
        assert not paths.panel.exists()


def test_the_secret_is_another_one_after_each_start(tmp_path: Path) -> None:
    secrets = set()
    for _ in range(2):
        with SingleInstanceLock(Paths(tmp_path)) as lock:
            secrets.add(lock.secret)
    assert len(secrets) == 2
    assert min(map(len, secrets)) >= 43, "32 random bytes in base64"


def test_a_note_that_cannot_be_removed_is_no_error(tmp_path: Path) -> None:
    paths = Paths.of(tmp_path)
    with SingleInstanceLock(paths):
        paths.panel.mkdir()  # which `unlink` refuses, as it does in a folder that has become read-only
    with SingleInstanceLock(paths):
        pass


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PanelError, match="cannot be used"), SingleInstanceLock(Paths(tmp_path / "file")):
        pass


def test_a_folder_is_abandoned_when_its_lock_is_there_and_nobody_has_it(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    assert not is_abandoned(paths)
    with SingleInstanceLock(paths):
        assert not is_abandoned(paths)
    assert is_abandoned(paths)
    with SingleInstanceLock(paths):
        assert not is_abandoned(paths)


def test_each_folder_has_one_window_with_a_socket_of_its_own(tmp_path: Path) -> None:
    paths, other = Paths(tmp_path / "a"), Paths(tmp_path / "b")
    first = window_lock(paths)
    assert first.take()
    assert not window_lock(paths).take()
    assert window_lock(paths).owner() == str(os.getpid())
    elsewhere = window_lock(other)
    assert elsewhere.take()
    elsewhere.release(remove=True)
    first.release(remove=True)
    again = window_lock(paths)
    assert again.take()
    again.release(remove=True)
    assert window_socket(paths) != window_socket(other)
    assert window_socket(paths) == window_socket(Paths(tmp_path / "c" / ".." / "a"))


def test_the_socket_of_a_long_home_has_a_short_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path / ("long" * 30))
    sockets = {window_socket(Paths(tmp_path / name)) for name in ("a", "b")}
    assert len(sockets) == 2
    assert max(map(len, sockets)) < 108
