"""A second start asks the first one, over a real socket, to show its window."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from ollama_panel.gui.second_start import Answer, FirstStart, ask_first

_ASK = "import sys; from ollama_panel.gui import second_start as s; print(s.ask_first(sys.argv[1], tries=1).name)"


class Shown:
    """The first program's window: it counts how often it was brought to the front."""

    def __init__(self) -> None:
        self.times = 0
        self.ending = False

    def __call__(self) -> bool:
        self.times += not self.ending
        return not self.ending


@pytest.fixture
def socket(tmp_path: Path) -> str:
    return str(tmp_path / "s")


@pytest.fixture
def window() -> Shown:
    return Shown()


@pytest.fixture
def first(socket: str, window: Shown, qtbot: QtBot) -> Iterator[FirstStart]:
    made = FirstStart(socket, window)
    yield made
    made.close()


@pytest.fixture
def second_start(socket: str, qtbot: QtBot) -> Iterator[Callable[..., str]]:
    started: list[subprocess.Popen[str]] = []

    def start(**environment: str) -> str:
        command = [sys.executable, "-c", _ASK, socket]
        one = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})
        started.append(one)
        qtbot.waitUntil(lambda: one.poll() is not None)
        return one.communicate()[0].strip()

    yield start
    for one in started:
        one.kill()
        one.wait()


def test_it_shows_the_window_of_the_first(first: FirstStart, window: Shown, second_start: Callable[..., str]) -> None:
    assert second_start() == Answer.SHOWN.name
    assert window.times == 1


def test_it_hears_that_the_first_is_about_to_end(
    first: FirstStart, window: Shown, second_start: Callable[..., str]
) -> None:
    window.ending = True
    assert second_start() == Answer.ENDING.name


def test_it_brings_the_activation_token_of_the_desktop(
    first: FirstStart, second_start: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "")
    assert second_start(XDG_ACTIVATION_TOKEN="token-7") == Answer.SHOWN.name
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "token-7"


def test_nobody_listens(socket: str, qapp: object) -> None:
    assert ask_first(socket, tries=2) is Answer.NONE


def test_the_socket_of_a_killed_program_is_taken_over(
    socket: str, window: Shown, second_start: Callable[..., str], qtbot: QtBot
) -> None:
    killed = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen()"
    subprocess.run([sys.executable, "-c", killed, socket], check=True)
    first = FirstStart(socket, window)
    assert second_start() == Answer.SHOWN.name
    first.close()


def test_garbage_is_cut_off_and_the_next_one_is_heard(
    first: FirstStart, socket: str, window: Shown, second_start: Callable[..., str], qtbot: QtBot
) -> None:
    stranger = QLocalSocket()
    stranger.connectToServer(socket)
    stranger.write(b"x" * 100_000)
    qtbot.waitUntil(lambda: stranger.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    assert window.times == 0
    assert second_start() == Answer.SHOWN.name


def test_a_folder_that_takes_no_socket_leaves_the_window_alone(
    tmp_path: Path, window: Shown, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    first = FirstStart(str(tmp_path / "missing" / "s"), window)
    assert "cannot show this window" in caplog.text
    first.close()
