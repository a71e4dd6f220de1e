"""A desktop of its own for the tests: an X server without a screen, a window manager, and a D-Bus session.

Nothing of it is shared: the number of the display is the next free one, the D-Bus session starts only the
accessibility bus, and files of the desktop are in a temporary folder. At the end every process that was started in it
is gone, whoever started it.
"""

import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import psutil

from tests.fakes.waiting import DEADLINE_S, real_seconds

PROGRAMS = ("Xvfb", "openbox", "xdotool", "dbus-daemon", "setpriv")
SIZE = (1600, 1200)
"""Width and height of the screen in pixels: a window of the default size has room wherever it is placed."""

_ACCESSIBILITY = "dbus-1/services/org.a11y.Bus.service"
_BUS = """<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <servicedir>{folder}/services</servicedir>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
_DESKTOPS_OWN = ("DBUS_", "QT_", "XDG_", "WAYLAND_", "GTK_", "AT_SPI_", "DESKTOP_", "SESSION_MANAGER", "LC_", "LANG")
"""How the environment variables begin that belong to the desktop of whoever runs the tests."""

_ENDS_WITH_US = ("setpriv", "--pdeathsig", "TERM")
"""Lets a program end even if whoever runs the tests kills them."""

_GRAB = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
sys.exit(not app.primaryScreen().grabWindow(0).save(sys.argv[1]))
"""


def missing() -> list[str]:
    """Return which programs a desktop of its own lacks here."""
    service = () if _accessibility_service() else ("at-spi2-core",)
    return [*(program for program in PROGRAMS if not shutil.which(program)), *service]


def _accessibility_service() -> Path | None:
    folders = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return next((path for folder in folders.split(":") if (path := Path(folder) / _ACCESSIBILITY).is_file()), None)


class Display:
    """The desktop, from `with` to the end of its last process. `environment` is that of its programs."""

    environment: dict[str, str]
    home: Path

    def __enter__(self) -> "Display":
        with ExitStack() as stack:
            self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="desktop-")))
            self._started: list[subprocess.Popen[bytes]] = []
            self._prepare()
            stack.callback(self._end_all)
            self._start()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def bus(self) -> str:
        """The address of its D-Bus session."""
        return self.environment["DBUS_SESSION_BUS_ADDRESS"]

    def screenshot(self, path: Path) -> None:
        """Save a picture of the screen."""
        subprocess.run([sys.executable, "-c", _GRAB, path], env=self.environment, check=True, timeout=DEADLINE_S)

    def park_mouse(self) -> None:
        """Move the mouse into a corner, where no window is."""
        subprocess.run(["xdotool", "mousemove", "0", "0"], env=self.environment, check=True, timeout=DEADLINE_S)

    def _prepare(self) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_DESKTOPS_OWN)}
        self.home = self._folder / "home"
        runtime = self._folder / "run"
        for folder in (self.home, runtime, self._folder / "services"):
            folder.mkdir(mode=0o700)
        self.environment = inherited | {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(runtime),
            "LANG": "C.UTF-8",
            "GSETTINGS_BACKEND": "memory",
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        }

    def _start(self) -> None:
        screen = f"{SIZE[0]}x{SIZE[1]}x24"
        number = self._announced("Xvfb", "-displayfd", "{fd}", "-screen", "0", screen, "-nolisten", "tcp", "-noreset")
        self.environment["DISPLAY"] = f":{number}"
        service = _accessibility_service()
        assert service is not None
        (self._folder / "services" / service.name).symlink_to(service)
        (self._folder / "bus.conf").write_text(_BUS.format(folder=self._folder))
        configured = f"--config-file={self._folder / 'bus.conf'}"
        address = self._announced("dbus-daemon", configured, "--nofork", "--nopidfile", "--print-address={fd}")
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = address
        self._spawn(("openbox",))
        until(self._has_window_manager, "the window manager to manage windows")

    def _has_window_manager(self) -> bool:
        asked = subprocess.run(
            ["xdotool", "get_num_desktops"], env=self.environment, capture_output=True, check=False, timeout=DEADLINE_S
        )
        return asked.returncode == 0

    def _announced(self, *command: str) -> str:
        """Start a program that writes a line to the file descriptor `{fd}` once it is ready; return the line."""
        ours, its = os.pipe()
        with os.fdopen(ours, "rb") as announcement:
            try:
                self._spawn([word.format(fd=its) for word in command], pass_fds=(its,))
            finally:
                os.close(its)
            ready, _, _ = select.select([announcement], [], [], DEADLINE_S)
            line = announcement.readline().decode().strip() if ready else ""
        assert line, f"{command[0]} did not start: {self._log(command[0]).read_text()}"
        return line

    def _spawn(self, command: Sequence[str], pass_fds: Sequence[int] = ()) -> None:
        with self._log(command[0]).open("ab") as log:
            started = subprocess.Popen(
                (*_ENDS_WITH_US, *command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                pass_fds=pass_fds,
            )
        self._started.append(started)

    def _log(self, program: str) -> Path:
        return self._folder / f"{program}.log"

    def _end_all(self) -> None:
        """End the programs, the X server last; then whatever else runs in this desktop, as the D-Bus session's."""
        for program in reversed(self._started):
            program.terminate()
            program.wait(DEADLINE_S)
        self._started.clear()
        psutil.wait_procs(self.processes(), timeout=DEADLINE_S / 6)
        for left in (processes := self.processes()):
            left.kill()
        psutil.wait_procs(processes, timeout=DEADLINE_S)

    def processes(self) -> list[psutil.Process]:
        """Return the processes that run in this desktop."""
        runtime = self.environment["XDG_RUNTIME_DIR"]
        return [process for process in psutil.process_iter() if _environment(process).get("XDG_RUNTIME_DIR") == runtime]


def _environment(process: psutil.Process) -> Mapping[str, str]:
    try:
        return process.environ()
    except psutil.Error:  # gone, or another user's
        return {}


def until(holds: Callable[[], bool], what: str) -> None:
    """Return when `holds()` is true; other programs can only be polled. Fails after `DEADLINE_S` seconds."""
    begun = real_seconds()
    while not holds():
        assert real_seconds() < begun + DEADLINE_S, f"waited {DEADLINE_S:g} s for {what}"
