"""The desktop program `app`: its refusals, a second start, and its end by a signal or with the display."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from dev_system import ON_X11, loads, missing
from ollama_panel import app
from ollama_panel.core.settings.tree import ProxySettings, Settings
from ollama_panel.engine import configfile
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.sampler import WATCHED_S
from ollama_panel.engine.single_instance import PanelInfo, SingleInstanceLock, window_lock
from ollama_panel.gui import second_start, tasks
from ollama_panel.gui.second_start import Answer
from tests.fakes.ports import free_port
from tests.gui.snapshots import SETTINGS


class TestProgram:
    """The desktop program `app`, in this process where possible."""

    @pytest.fixture(autouse=True)
    def _no_log_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(app.logs, "configure_logging", lambda paths: None)

    def refusal(
        self,
        qtbot: QtBot,
        qapp: QApplication,
        loop: asyncio.AbstractEventLoop,
        options: app.AppOptions,
        look: Callable[[], None] = lambda: None,
    ) -> str:
        """Run the program until it refuses to start, `look`, press OK, and return its message."""
        ends: list[int] = []

        async def run() -> None:
            program = app.Program(qapp, options)
            ends.append(await program.run())
            program.close()

        tasks.spawn(run(), pytest.fail)
        qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), QMessageBox))
        box = qapp.activeModalWidget()
        assert isinstance(box, QMessageBox)
        text = box.text()
        look()
        box.accept()
        qtbot.waitUntil(lambda: ends == [1])
        return text

    def test_a_folder_of_a_panel_without_a_window_is_refused(
        self, qtbot: QtBot, qapp: QApplication, loop: asyncio.AbstractEventLoop, tmp_path: Path
    ) -> None:
        with SingleInstanceLock(Paths.of(tmp_path)):
            text = self.refusal(qtbot, qapp, loop, app.AppOptions(state_dir=tmp_path, demo=True))
        assert str(tmp_path) in text

    def test_a_second_start_need_not_wait_until_the_message_of_the_first_is_closed(
        self, qtbot: QtBot, qapp: QApplication, loop: asyncio.AbstractEventLoop, tmp_path: Path
    ) -> None:
        place, free = window_lock(Paths.of(tmp_path)), list[bool]()

        def look() -> None:
            free.append(place.take())
            place.release()

        with SingleInstanceLock(Paths.of(tmp_path)):
            self.refusal(qtbot, qapp, loop, app.AppOptions(state_dir=tmp_path, demo=True), look)
        assert free == [True]

    def test_a_second_start_goes_on_if_the_first_ends_while_it_is_asked(
        self,
        qtbot: QtBot,
        qapp: QApplication,
        loop: asyncio.AbstractEventLoop,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        first = window_lock(Paths.of(tmp_path))
        assert first.take()

        def end(_socket: str) -> Answer:
            first.release()
            return Answer.NONE

        monkeypatch.setattr(second_start, "ask_first", end)
        text = self.refusal(qtbot, qapp, loop, app.AppOptions(state_dir=tmp_path, ollama="/no/such/ollama"))
        assert "/no/such/ollama" in text

    def test_a_missing_ollama_program_is_reported_in_one_sentence(
        self, qtbot: QtBot, qapp: QApplication, loop: asyncio.AbstractEventLoop, tmp_path: Path
    ) -> None:
        text = self.refusal(qtbot, qapp, loop, app.AppOptions(state_dir=tmp_path, ollama="/no/such/ollama"))
        assert "/no/such/ollama" in text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_the_program_ends_in_order_on_a_signal(tmp_path: Path, qtbot: QtBot) -> None:
    configfile.write(Paths.of(tmp_path).settings, on_a_free_port())
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "ollama_panel", "demo", "--state-dir", str(tmp_path)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    qtbot.waitUntil(lambda: "http" in note_of(tmp_path, process))
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    assert not (tmp_path / "panel.json").exists()


def test_a_second_start_leaves_it_to_the_first_and_says_nothing(tmp_path: Path, qtbot: QtBot) -> None:
    configfile.write(Paths.of(tmp_path).settings, on_a_free_port())
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "ollama_panel", "demo", "--state-dir", str(tmp_path)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as first:
        try:
            qtbot.waitUntil(lambda: "http" in note_of(tmp_path, first))
            second = subprocess.run(command, check=True, env=environment, capture_output=True, text=True, timeout=60)
            assert second.stdout + second.stderr == ""
            assert "http" in note_of(tmp_path, first)
        finally:
            first.terminate()


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="there is no Xvfb")
@pytest.mark.skipif(bool(missing(ON_X11, loads)), reason="Qt lacks libraries for X11")
def test_when_the_display_is_lost_the_engine_ends_in_order(tmp_path: Path, qtbot: QtBot) -> None:
    configfile.write(Paths.of(tmp_path).settings, on_a_free_port())
    read, write = os.pipe()
    display = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24"], pass_fds=(write,))
    os.close(write)
    with os.fdopen(read) as answer:
        name = f":{answer.readline().strip()}"
    environment = os.environ | {"QT_QPA_PLATFORM": "xcb", "DISPLAY": name}
    command = [sys.executable, "-m", "ollama_panel", "demo", "--state-dir", str(tmp_path)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        qtbot.waitUntil(lambda: "http" in note_of(tmp_path, process))
        samples = list[float]()
        qtbot.waitUntil(lambda: draws(note_of(tmp_path, process), samples))
        display.terminate()
        place = window_lock(Paths.of(tmp_path))
        qtbot.waitUntil(place.take)  # as a start at login does in the session after
        still_there = (tmp_path / "panel.json").exists()
        place.release()
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        display.kill()
        display.wait()
    assert process.returncode == 1, errors
    assert "The window is gone" in errors
    assert "Traceback" not in errors
    assert not still_there
    assert not (tmp_path / "panel.json").exists()


def on_a_free_port() -> Settings:
    return msgspec.structs.replace(SETTINGS, proxy=ProxySettings(port=free_port()))


def note_of(state: Path, process: "subprocess.Popen[str]") -> str:
    """Return the content of `panel.json`. Fails if the program has ended."""
    assert process.poll() is None, process.communicate()
    note = state / "panel.json"
    return note.read_text() if note.exists() else ""


def draws(note: str, samples: list[float]) -> bool:
    """Return whether a window draws: then samples come four times a second. `samples` are the times of all seen."""
    panel = msgspec.json.decode(note, type=PanelInfo)
    secret = {"Authorization": f"Bearer {panel.secret}"}
    sample = httpx.get(f"{panel.url}/panel/status", headers=secret, timeout=60, trust_env=False).json()["sample"]
    if sample and sample["at"] not in samples:
        samples.append(sample["at"])
    return len(samples) > 2 and samples[-1] - samples[-3] < 3 * WATCHED_S
