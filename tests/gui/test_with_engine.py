"""The window on a running engine with simulated servers: Apply under load, and the life cycle of the program."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QPlainTextEdit, QSlider
from pytestqt.qtbot import QtBot

from dev_system import ON_X11, loads, missing
from ollama_panel import app
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine import configfile
from ollama_panel.engine.engine import Engine
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.sampler import WATCHED_S
from ollama_panel.engine.single_instance import PanelInfo
from ollama_panel.engine.thread import LoopThread
from ollama_panel.gui import tasks
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.models.records import CAPTION_ROLE
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.window import MainWindow
from tests.fakes.ports import free_port
from tests.gui.conftest import delete_now
from tests.gui.screen import labelled, named, shown
from tests.gui.snapshots import CHAT, SETTINGS

PATIENCE_MS = 60_000


@pytest.fixture
def thread() -> Iterator[LoopThread]:
    made = LoopThread()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def settings() -> Settings:
    pools = (msgspec.structs.replace(SETTINGS.pools[0], workers=1), *SETTINGS.pools[1:])
    return msgspec.structs.replace(SETTINGS, pools=pools)


@pytest.fixture
def client(
    loop: asyncio.AbstractEventLoop,
    thread: LoopThread,
    settings: Settings,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[EngineClient]:
    monkeypatch.setenv("OLLAMA_SIM_SPEED", "8")
    paths = Paths.of(tmp_path)
    configfile.write(paths.settings, settings)
    made = EngineClient(thread, lambda publish: Engine(paths, publish, Overrides(demo=True, port=0)))
    made.start()
    qtbot.waitUntil(lambda: bool(made.snapshot.proxy.url), timeout=PATIENCE_MS)
    yield made
    ended: list[object] = []
    made.ended.connect(ended.append)
    made.spawn(made.shutdown(force=True))
    qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE_MS)
    assert ended == [None]


@pytest.fixture
def window(client: EngineClient, theme: Theme, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(client, theme, Actions(client, client), lambda: None)
    made.show()
    qtbot.waitUntil(lambda: all(ready(record) for record in client.snapshot.instances), timeout=PATIENCE_MS)
    yield made
    made.hide()
    delete_now(made)


def ready(record: InstanceRecord) -> bool:
    return record.phase is Phase.READY


def chat(window_client: EngineClient) -> list[InstanceRecord]:
    return [record for record in window_client.snapshot.instances if record.pool == CHAT]


async def ask(url: str, number: int) -> int:
    """Send one streamed request, read it to its end and return the status."""
    body = {
        "model": "llama3.1:8b",
        "messages": [{"role": "user", "content": f"question {number}"}],
        "options": {"num_predict": 60},
    }
    async with (
        httpx.AsyncClient(timeout=None, trust_env=False) as http,
        http.stream("POST", f"{url}/api/chat", json=body) as reply,
    ):
        lines = [line async for line in reply.aiter_lines() if line]
    assert msgspec.json.decode(lines[-1])["done"] is True
    return reply.status_code


def burst(thread: LoopThread, url: str, count: int) -> list["Future[int]"]:
    return [thread.submit(ask(url, number)) for number in range(count)]


def move(qtbot: QtBot, window: MainWindow, name: str, steps: int) -> None:
    """Move a slider of the chat pool with the arrow keys."""
    card = window.overview.pool_cards[CHAT]
    slider = next(one for one in card.findChildren(QSlider) if one.accessibleName() == name)
    slider.setFocus()
    for _ in range(abs(steps)):
        qtbot.keyClick(slider, Qt.Key.Key_Right if steps > 0 else Qt.Key.Key_Left)


def test_sliders_and_apply_change_a_running_pool_without_a_failed_request(
    window: MainWindow, client: EngineClient, thread: LoopThread, qtbot: QtBot
) -> None:
    answers = burst(thread, client.snapshot.proxy.url, 30)
    qtbot.waitUntil(lambda: sum(record.in_flight for record in chat(client)) == 2, timeout=PATIENCE_MS)

    move(qtbot, window, "Parallel", +2)
    move(qtbot, window, "Workers", +1)
    card = window.overview.pool_cards[CHAT]
    assert "chat-1: restarted" in card.apply.toolTip()
    assert "Parallel 2 → 4" in card.apply.toolTip()
    assert "chat-2: started." in card.apply.toolTip()
    assert "GiB" in labelled(card, "Memory fit").text()
    qtbot.mouseClick(card.apply, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not tasks.pending() and not card.apply.isEnabled(), timeout=PATIENCE_MS)

    wanted = [("chat-1", 4, Phase.READY), ("chat-2", 4, Phase.READY)]
    qtbot.waitUntil(lambda: [(one.id, one.parallel, one.phase) for one in chat(client)] == wanted, timeout=PATIENCE_MS)
    answers += burst(thread, client.snapshot.proxy.url, 20)
    qtbot.waitUntil(lambda: all(one.done() for one in answers), timeout=PATIENCE_MS)
    assert [one.result() for one in answers] == [200] * 50
    assert window.message.isHidden()
    window.show_page(3)
    assert "OLLAMA_NUM_PARALLEL=4" in window.export.text.toPlainText()


def test_a_refusal_of_the_engine_is_shown_in_the_window(window: MainWindow, client: EngineClient, qtbot: QtBot) -> None:
    client.spawn(client.restart("chat-9"))  # type: ignore[arg-type]
    qtbot.waitUntil(window.message.isVisible, timeout=PATIENCE_MS)
    assert "chat-9" in window.message.text()


def test_instances_stop_start_and_show_their_log(window: MainWindow, client: EngineClient, qtbot: QtBot) -> None:
    window.show_page(1)
    detail = window.instances.detail
    log = named(detail, QPlainTextEdit, "Log of this instance")
    qtbot.waitUntil(lambda: "Listening on" in log.toPlainText(), timeout=PATIENCE_MS)
    detail.stop.click()
    qtbot.waitUntil(lambda: chat(client)[0].phase is Phase.STOPPED, timeout=PATIENCE_MS)
    qtbot.waitUntil(detail.start.isEnabled, timeout=PATIENCE_MS)
    detail.start.click()
    qtbot.waitUntil(lambda: ready(chat(client)[0]), timeout=PATIENCE_MS)


def test_a_taken_port_is_reported_in_the_window(
    thread: LoopThread, loop: asyncio.AbstractEventLoop, theme: Theme, tmp_path: Path, qtbot: QtBot
) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with running(thread, tmp_path, qtbot, with_port(port), Overrides(demo=True)) as client:
            window = MainWindow(client, theme, Actions(client, client), lambda: None)
            window.show()
            qtbot.waitUntil(window.problems.isVisible, timeout=PATIENCE_MS)
            assert str(port) in window.problems.text()
            assert "Traceback" not in window.problems.text()
            delete_now(window)


def test_an_unreadable_settings_file_is_reported_and_kept(
    thread: LoopThread, loop: asyncio.AbstractEventLoop, theme: Theme, tmp_path: Path, qtbot: QtBot
) -> None:
    Paths.of(tmp_path).settings.write_text("{ not json")
    with running(thread, tmp_path, qtbot, None, Overrides(demo=True, port=0)) as client:
        window = MainWindow(client, theme, Actions(client, client), lambda: None)
        window.show()
        qtbot.waitUntil(window.problems.isVisible, timeout=PATIENCE_MS)
        assert "settings.json.broken-1" in window.problems.text()
        delete_now(window)
    assert (tmp_path / "settings.json.broken-1").read_text() == "{ not json"


def test_a_worker_that_exits_at_once_shows_the_reason_in_its_row(
    thread: LoopThread,
    loop: asyncio.AbstractEventLoop,
    theme: Theme,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OLLAMA_SIM_FAULTS", "die-at-once")
    with running(thread, tmp_path, qtbot, SETTINGS, Overrides(demo=True, port=0)) as client:
        window = MainWindow(client, theme, Actions(client, client), lambda: None)
        window.show()
        qtbot.waitUntil(lambda: bool(client.snapshot.instances[:1] and client.snapshot.instances[0].detail))
        row = window.overview.instances.index(0, 0).data(CAPTION_ROLE)
        assert render(client.snapshot.instances[0].detail) in row
        assert any("cannot run" in text for text in shown(window.overview))
        delete_now(window)


@contextmanager
def running(
    thread: LoopThread, state: Path, qtbot: QtBot, settings: Settings | None, overrides: Overrides
) -> Iterator[EngineClient]:
    """A context with an engine on a state folder, from its first snapshot to its shutdown."""
    paths = Paths.of(state)
    if settings is not None:
        configfile.write(paths.settings, settings)
    client = EngineClient(thread, lambda publish: Engine(paths, publish, overrides))
    with qtbot.waitSignal(client.snapshot_changed, timeout=PATIENCE_MS):
        client.start()
    yield client
    with qtbot.waitSignal(client.ended, timeout=PATIENCE_MS):
        client.spawn(client.shutdown(force=True))


def with_port(port: int) -> Settings:
    return msgspec.structs.replace(SETTINGS, proxy=msgspec.structs.replace(SETTINGS.proxy, port=port))


class TestProgram:
    """The desktop program `app`, in this process where possible."""

    @pytest.fixture(autouse=True)
    def _no_log_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(app.logs, "configure_logging", lambda paths: None)

    def refusal(
        self, qtbot: QtBot, qapp: QApplication, loop: asyncio.AbstractEventLoop, options: app.AppOptions
    ) -> str:
        """Run the program until it refuses to start, press OK, and return its message."""
        ends: list[int] = []

        async def run() -> None:
            program = app.Program(qapp, options)
            ends.append(await program.run())
            program.stop_thread()

        tasks.spawn(run(), pytest.fail)
        qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), QMessageBox), timeout=PATIENCE_MS)
        box = qapp.activeModalWidget()
        assert isinstance(box, QMessageBox)
        text = box.text()
        box.accept()
        qtbot.waitUntil(lambda: ends == [1], timeout=PATIENCE_MS)
        return text

    def test_a_second_instance_of_the_program_is_refused(
        self, client: EngineClient, qtbot: QtBot, qapp: QApplication, loop: asyncio.AbstractEventLoop, tmp_path: Path
    ) -> None:
        text = self.refusal(qtbot, qapp, loop, app.AppOptions(state_dir=tmp_path, demo=True))
        assert str(tmp_path) in text

    def test_a_missing_ollama_program_is_reported_in_one_sentence(
        self, qtbot: QtBot, qapp: QApplication, loop: asyncio.AbstractEventLoop, tmp_path: Path
    ) -> None:
        text = self.refusal(qtbot, qapp, loop, app.AppOptions(state_dir=tmp_path, ollama="/no/such/ollama"))
        assert "/no/such/ollama" in text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_the_program_ends_in_order_on_a_signal(tmp_path: Path, qtbot: QtBot) -> None:
    configfile.write(Paths.of(tmp_path).settings, with_port(free_port()))
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "ollama_panel", "demo", "--state-dir", str(tmp_path)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    qtbot.waitUntil(lambda: "http" in note_of(tmp_path, process), timeout=PATIENCE_MS)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    assert not (tmp_path / "panel.json").exists()


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="there is no Xvfb")
@pytest.mark.skipif(bool(missing(ON_X11, loads)), reason="Qt lacks libraries for X11")
def test_when_the_display_is_lost_the_engine_ends_in_order(tmp_path: Path, qtbot: QtBot) -> None:
    configfile.write(Paths.of(tmp_path).settings, with_port(free_port()))
    read, write = os.pipe()
    display = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24"], pass_fds=(write,))
    os.close(write)
    with os.fdopen(read) as answer:
        name = f":{answer.readline().strip()}"
    environment = os.environ | {"QT_QPA_PLATFORM": "xcb", "DISPLAY": name}
    command = [sys.executable, "-m", "ollama_panel", "demo", "--state-dir", str(tmp_path)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        qtbot.waitUntil(lambda: "http" in note_of(tmp_path, process), timeout=PATIENCE_MS)
        samples = list[float]()
        qtbot.waitUntil(lambda: draws(note_of(tmp_path, process), samples), timeout=PATIENCE_MS)
        display.terminate()
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        display.kill()
        display.wait()
    assert process.returncode == 1, errors
    assert "The window is gone" in errors
    assert "Traceback" not in errors
    assert not (tmp_path / "panel.json").exists()


def note_of(state: Path, process: "subprocess.Popen[str]") -> str:
    """Return the content of `panel.json`. Fails if the program has ended."""
    assert process.poll() is None, process.communicate()
    note = state / "panel.json"
    return note.read_text() if note.exists() else ""


def draws(note: str, samples: list[float]) -> bool:
    """Return whether a window draws: then samples come four times a second. `samples` are the times of all seen."""
    panel = msgspec.json.decode(note, type=PanelInfo)
    secret = {"Authorization": f"Bearer {panel.secret}"}
    sample = httpx.get(f"{panel.url}/panel/status", headers=secret, trust_env=False).json()["sample"]
    if sample and sample["at"] not in samples:
        samples.append(sample["at"])
    return len(samples) > 2 and samples[-1] - samples[-3] < 3 * WATCHED_S
