"""How long a start takes: `python -m tests.bench.start [--rounds 9]`, with nothing else running.

Each round starts, one after the other, a bare window of PySide6, the panel's window, an interpreter that imports the
packages of `ollama-panel serve`, and `serve` itself. The bars are four times the bare window until the panel's address
and pools are drawn and a slider has answered a click, and twice the imports until `serve` has answered a request. For
information: when the window's panel answers requests, when its charts are there, and how long it stood still until
then. Modules come from bytecode, as installed ones do, which the first round, that does not count, writes.

Windows open on an Xvfb of their own. Printed are medians and quartiles, in milliseconds since the process was started,
and the same ratios of the CPU time of the processes, which other programs on the machine change less.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np
import psutil

from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine import configfile
from ollama_panel.engine.paths import Paths
from tests.fakes.ports import free_port

ROOT = Path(__file__).parents[2]
WINDOW_BAR, SERVE_BAR = 4.0, 2.0
DEADLINE_S = 120.0

BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

class Window(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, drawn)

def drawn():
    print("drawn", time.monotonic_ns(), flush=True)
    application.quit()

application = QApplication([])
window = Window()
window.resize(1280, 800)
window.show()
application.exec()
"""

PANEL = """
import sys, time

def note(what):
    print(what, time.monotonic_ns(), flush=True)

from ollama_panel.__main__ import main
from ollama_panel import app
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QSlider

class Watch(QObject):
    def __init__(self, shell):
        super().__init__()
        self.window = shell.window
        self.cards = list(self.window.overview.pool_cards.values())
        self.unpainted = set(self.cards)
        for card in self.cards:
            card.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched in self.unpainted:
            self.unpainted.discard(watched)
            if not self.unpainted:
                QTimer.singleShot(0, self.drawn)
        return False

    def drawn(self):
        note("drawn")
        slider = self.cards[0].findChildren(QSlider)[0]
        slider.valueChanged.connect(self.clicked)
        at = QPointF(slider.width() - 3, slider.height() / 2)
        for kind, buttons in (
            (QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton),
            (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
        ):
            where = slider.mapToGlobal(at.toPoint()).toPointF()
            press = QMouseEvent(kind, at, where, Qt.MouseButton.LeftButton, buttons, Qt.KeyboardModifier.NoModifier)
            QApplication.postEvent(slider, press)

    def clicked(self):
        if not self.window.overview.findChildren(QSlider):
            return
        self.cards[0].findChildren(QSlider)[0].valueChanged.disconnect(self.clicked)
        note("clicked")
        self.longest, self.last = 0, time.monotonic_ns()
        self.timer = QTimer(interval=5)
        self.timer.timeout.connect(self.tick)
        self.timer.start()
        self.serving = False

    def tick(self):
        now = time.monotonic_ns()
        self.longest, self.last = max(self.longest, now - self.last), now
        if not self.serving and self.window._client.snapshot.proxy.url:
            self.serving = True
            note("serving")
        if self.serving and self.window.overview.ring is not None:
            self.timer.stop()
            note("charts")
            print("stall", self.longest, flush=True)

show = app.Shell.show
def shown(self, *args, **options):
    show(self, *args, **options)
    self.watch = Watch(self)
app.Shell.show = shown
sys.exit(main())
"""

IMPORTS = """
import sys, time
for name in sys.argv[1:]:
    __import__(name)
print("imported", time.monotonic_ns(), flush=True)
"""

PACKAGES = """
import site, sys
from ollama_panel import headless
from ollama_panel.engine import engine, thread
from ollama_panel.engine.instances import probe
thread.new_loop().close()
probe.new_client()
ours = tuple(site.getsitepackages())
files = {name: getattr(module, "__file__", None) or "" for name, module in sys.modules.items() if "." not in name}
print(*[name for name, file in files.items() if file.startswith(ours) and name[0] != "_"])
"""


@contextmanager
def display() -> Iterator[str]:
    """An X server without a screen, of the size of a small one."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24"], pass_fds=(write,), stderr=subprocess.DEVNULL
    )
    os.close(write)
    try:
        with os.fdopen(read) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def cpu_ms(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> float:
    """Return the CPU time that a process has taken."""
    taken = psutil.Process(process.pid).cpu_times()
    return 1000 * (taken.user + taken.system)


def times_of(arguments: list[str], last: str, environment: dict[str, str]) -> dict[str, float]:
    """Run a Python program until it has told its time of `last`; return all times in ms since it was started.

    The CPU time of the process until it told a time is beside it, as "... CPU".
    """
    begun = time.monotonic_ns()
    process = subprocess.Popen([sys.executable, *arguments], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told: dict[str, float] = {}
    for line in process.stdout:
        name, _, at = line.partition(" ")
        told[name] = (int(at) - (0 if name == "stall" else begun)) / 1e6
        told[f"{name} CPU"] = cpu_ms(process)
        if name == last:
            break
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=DEADLINE_S)
    if last not in told:
        raise SystemExit(f"{arguments[:2]} ended before {last!r}")
    return told


def first_answer(state: Path, port: int, environment: dict[str, str]) -> tuple[float, float]:
    """Start `serve`, ask until it answers, and end it; return its time and CPU time until the answer, in ms."""
    command = [sys.executable, "-m", "ollama_panel", "serve", "--demo", "--state-dir", str(state)]
    begun = time.monotonic_ns()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        if process.poll() is not None:
            raise SystemExit("serve has ended")
        with socket.socket() as client:
            client.settimeout(DEADLINE_S)
            if client.connect_ex(("127.0.0.1", port)):
                time.sleep(0.005)
                continue
            client.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert client.recv(4096).startswith(b"HTTP/1.1 200"), "not the panel"
            break
    taken, cpu = (time.monotonic_ns() - begun) / 1e6, cpu_ms(process)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=DEADLINE_S)
    return taken, cpu


def quiet_settings(port: int) -> Settings:
    """Return settings whose pools have no workers: simulated servers would take the cores from what is measured."""
    settings = Settings()
    pools = tuple(msgspec.structs.replace(pool, workers=0) for pool in settings.pools)
    return msgspec.structs.replace(settings, pools=pools, proxy=msgspec.structs.replace(settings.proxy, port=port))


def measure(rounds: int) -> dict[str, list[float]]:
    """Return the times of all rounds by name, in ms."""
    taken: dict[str, list[float]] = {}

    def note(name: str, ms: float) -> None:
        taken.setdefault(name, []).append(ms)

    with display() as screen, tempfile.TemporaryDirectory() as folder:
        state, port = Path(folder), free_port()
        environment = os.environ | {"DISPLAY": screen, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
        environment |= {"PYTHONPYCACHEPREFIX": str(state / "bytecode"), "PYTHONDONTWRITEBYTECODE": ""}
        configfile.write(Paths.of(state).settings, quiet_settings(port))
        found = subprocess.run([sys.executable, "-c", PACKAGES], env=environment, stdout=subprocess.PIPE, check=True)
        packages = found.stdout.decode().split()
        print("packages of serve:", *packages)
        for number in range(rounds + 1):
            bare = times_of(["-c", BARE], "drawn", environment)
            panel = times_of(["-c", PANEL, "gui", "--demo", "--state-dir", folder], "stall", environment)
            imports = times_of(["-c", IMPORTS, *packages], "imported", environment)
            served, served_cpu = first_answer(state, port, environment)
            if not number:
                continue
            note("bare window drawn", bare["drawn"])
            note("panel drawn", panel["drawn"])
            note("panel answered a click", panel["clicked"])
            note("panel serves", panel["serving"])
            note("panel has charts", panel["charts"])
            note("longest pause of the window until then", panel["stall"])
            note("packages of serve imported", imports["imported"])
            note("serve answered", served)
            note("bare window drawn, CPU", bare["drawn CPU"])
            note("panel answered a click, CPU", panel["clicked CPU"])
            note("packages of serve imported, CPU", imports["imported CPU"])
            note("serve answered, CPU", served_cpu)
    return taken


def quartiles(values: list[float]) -> str:
    """Return the median with the quartiles as text."""
    low, median, high = np.percentile(values, [25, 50, 75])
    return f"{median:8.0f} ({low:.0f} to {high:.0f})"


def ratio(taken: dict[str, list[float]], of: str, to: str, bar: float) -> bool:
    """Print how many times as long one takes as the other, round by round; return whether the median is in the bar."""
    ratios = [one / other for one, other in zip(taken[of], taken[to], strict=True)]
    low, median, high = np.percentile(ratios, [25, 50, 75])
    verdict = "" if median <= bar else "  MISSED"
    print(f"{of} / {to}: {median:.2f} ({low:.2f} to {high:.2f}), at most {bar:.0f}{verdict}")
    return bool(median <= bar)


def main() -> int:
    """Measure, print, and return 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    taken = measure(parser.parse_args().rounds)
    for name, values in taken.items():
        print(f"{name:42s} {quartiles(values)} ms")
    window = ratio(taken, "panel answered a click", "bare window drawn", WINDOW_BAR)
    serve = ratio(taken, "serve answered", "packages of serve imported", SERVE_BAR)
    ratio(taken, "panel answered a click, CPU", "bare window drawn, CPU", WINDOW_BAR)
    ratio(taken, "serve answered, CPU", "packages of serve imported, CPU", SERVE_BAR)
    return 0 if window and serve else 1


if __name__ == "__main__":
    sys.exit(main())
