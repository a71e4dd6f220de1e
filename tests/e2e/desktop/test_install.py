"""The icon and the start at login that `ollama-panel install` writes, started as the desktop starts them."""

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest

from ollama_panel.engine.paths import Paths
from ollama_panel.engine.single_instance import window_lock
from tests.e2e.desktop.display import Display, until
from tests.fakes.ports import free_port
from tests.fakes.waiting import DEADLINE_S

needs_gio = pytest.mark.skipif(not shutil.which("gio"), reason="gio is not installed")

ICON = ".local/share/applications/ollama-panel.desktop"
LOGIN = ".config/autostart/ollama-panel.desktop"
STATE = ".local/share/ollama-panel"

WITHOUT_CONSOLE = """
import sys
sys.stdin = sys.stdout = sys.stderr = None
from ollama_panel.__main__ import open_window
sys.exit(open_window())
"""
"""What the program without a console does on Windows, where it has no standard streams."""


class Home:
    """A user of the desktop with settings that start no server."""

    def __init__(self, display: Display, folder: Path) -> None:
        self.folder = folder
        self.environment = display.environment | {"HOME": str(folder)}
        self.state = folder / STATE
        self.state.mkdir(parents=True)
        settings = {"version": 1, "proxy": {"port": free_port()}, "pools": []}
        (self.state / "settings.json").write_bytes(msgspec.json.encode(settings))

    def run(self, *command: str) -> None:
        """Run a command to its end; what it starts may go on."""
        subprocess.run(command, env=self.environment, stdin=subprocess.DEVNULL, check=True, timeout=DEADLINE_S)

    def windows(self) -> list[str]:
        """Return the windows of the panel that are on the screen."""
        search = ["xdotool", "search", "--onlyvisible", "--class", "ollama-panel"]
        found = subprocess.run(search, env=self.environment, capture_output=True, text=True, check=False)
        return found.stdout.split()

    def panel(self) -> psutil.Process | None:
        """Return the panel of this user once it listens."""
        try:
            note = msgspec.json.decode((self.state / "panel.json").read_bytes())
            return psutil.Process(note["pid"]) if note["url"] else None
        except (OSError, psutil.Error):
            return None


@pytest.fixture
def home(display: Display) -> Iterator[Home]:
    with tempfile.TemporaryDirectory(prefix="home of a user") as folder:  # short: a socket's path may have 107 bytes
        made = Home(display, Path(folder))
        yield made
        if panel := made.panel():
            panel.send_signal(signal.SIGTERM)
            panel.wait(DEADLINE_S)


@needs_gio
def test_the_icon_opens_the_window(home: Home) -> None:
    home.run(sys.executable, "-m", "ollama_panel", "install")
    home.run("gio", "launch", str(home.folder / ICON))
    until(lambda: len(home.windows()) == 1, "the window")
    until(lambda: home.panel() is not None, "the panel to listen")


@needs_gio
def test_at_login_it_starts_hidden_and_the_icon_shows_it(home: Home) -> None:
    home.run(sys.executable, "-m", "ollama_panel", "install", "--login")
    home.run("gio", "launch", str(home.folder / LOGIN))
    until(lambda: home.panel() is not None, "the panel to listen")
    panel = home.panel()
    home.run(sys.executable, "-m", "ollama_panel", "gui", "--minimized")  # as when a session is restored, too
    assert home.windows() == []
    home.run("gio", "launch", str(home.folder / ICON))
    until(lambda: len(home.windows()) == 1, "the window")
    assert home.panel() == panel


def test_a_start_at_login_waits_for_the_panel_of_the_session_before(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(home.folder / ".cache"))
    before = window_lock(Paths.of(home.state))
    assert before.take()
    command = [sys.executable, "-m", "ollama_panel", "gui", "--minimized"]
    with subprocess.Popen(command, env=home.environment) as process:
        try:
            until((home.state / "logs" / "panel.log").exists, "the start")
            before.release()
            until(lambda: home.panel() is not None, "the panel to listen")
            assert home.windows() == []
            process.send_signal(signal.SIGTERM)
            assert process.wait(DEADLINE_S) == 0
        finally:
            process.kill()


def test_the_window_needs_no_standard_streams(home: Home) -> None:
    command = [sys.executable, "-c", WITHOUT_CONSOLE]
    with subprocess.Popen(command, env=home.environment) as process:
        try:
            until(lambda: len(home.windows()) == 1, "the window")
            until(lambda: home.panel() is not None, "the panel to listen")
            process.send_signal(signal.SIGTERM)
            assert process.wait(DEADLINE_S) == 0
        finally:
            process.kill()
    log = (home.state / "logs" / "panel.log").read_text()
    assert "ERROR" not in log
    assert "CRITICAL" not in log
