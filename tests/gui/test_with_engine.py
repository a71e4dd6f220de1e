"""The window on a running engine with simulated servers: Apply under load, and what the engine cannot do."""

import asyncio
import socket
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import httpx
import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine import configfile
from ollama_panel.engine.engine import Engine
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.thread import LoopThread
from ollama_panel.gui import tasks
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.models.records import CAPTION_ROLE
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.bundle_dialog import BundleDialog
from ollama_panel.gui.window import MainWindow
from ollama_panel.gui.window_state import WindowState
from tests.fakes.own_machine import OWN
from tests.gui.conftest import delete_now
from tests.gui.screen import alert_texts, labelled, named, shown
from tests.gui.snapshots import CHAT, SETTINGS


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
    made = EngineClient(thread, lambda publish: Engine(paths, publish, Overrides(demo=True, port=0), OWN), settings)
    made.start()
    qtbot.waitUntil(lambda: bool(made.snapshot.proxy.url))
    yield made
    ended: list[object] = []
    made.ended.connect(ended.append)
    made.spawn(made.shutdown(force=True))
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == [None]


@pytest.fixture
def window(client: EngineClient, theme: Theme, qtbot: QtBot, state: WindowState) -> Iterator[MainWindow]:
    made = MainWindow(client, theme, Actions(client, client), lambda: None, state)
    made.show()
    qtbot.waitUntil(lambda: all(ready(record) for record in client.snapshot.instances))
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
        "options": {"num_predict": 300},  # long enough for the window to see it run on a busy machine
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


async def ask_on(url: str, enough: Event) -> set[int]:
    """Send one request after the other until there are enough; return their statuses."""
    statuses = set[int]()
    while not enough.is_set():
        statuses.add(await ask(url, len(statuses)))
    return statuses


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
    qtbot.waitUntil(lambda: sum(record.in_flight for record in chat(client)) == 2)

    move(qtbot, window, "Parallel of pool chat", +2)
    move(qtbot, window, "Workers of pool chat", +1)
    card = window.overview.pool_cards[CHAT]
    qtbot.waitUntil(lambda: "chat-2: started." in card.apply.toolTip())
    assert "chat-1: restarted" in card.apply.toolTip()
    assert "Parallel 2 → 4" in card.apply.toolTip()
    assert "GiB" in labelled(card, "Memory fit").text()
    qtbot.mouseClick(card.apply, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not tasks.pending() and not card.apply.isEnabled())

    wanted = [("chat-1", 4, Phase.READY), ("chat-2", 4, Phase.READY)]
    qtbot.waitUntil(lambda: [(one.id, one.parallel, one.phase) for one in chat(client)] == wanted)
    answers += burst(thread, client.snapshot.proxy.url, 20)
    qtbot.waitUntil(lambda: all(one.done() for one in answers))
    assert [one.result() for one in answers] == [200] * 50
    assert alert_texts(window) == ["Demonstration: these instances are simulated. Numbers are not your machine's."]
    window.show_page_named("export")
    assert "OLLAMA_NUM_PARALLEL=4" in window.export.preview.text.toPlainText()


def test_an_export_is_judged_by_real_tools_and_compared_with_real_files(
    window: MainWindow, client: EngineClient, qtbot: QtBot
) -> None:
    failed: list[object] = []
    client.failed.connect(failed.append)
    window.show_page_named("export")
    page = window.export
    page.targets.choose("shell")
    qtbot.waitUntil(lambda: "sh -n: accepted" in page.preview.pill.toolTip())
    page.targets.choose("homebrew")
    page.preview.difference.click()
    qtbot.waitUntil(lambda: page.preview.place.text().startswith("/"))
    assert page.preview.place.text().endswith(".homebrew/services/ollama.env")
    qtbot.waitUntil(lambda: not tasks.pending())
    assert failed == []


def test_what_was_applied_is_told_with_the_requests_lost_and_undone_from_there(
    window: MainWindow, client: EngineClient, thread: LoopThread, qtbot: QtBot
) -> None:
    before, enough = client.snapshot.settings, Event()
    clients = [thread.submit(ask_on(client.snapshot.proxy.url, enough)) for _ in range(4)]
    qtbot.waitUntil(lambda: any(record.in_flight for record in chat(client)))
    move(qtbot, window, "Parallel of pool chat", +1)
    qtbot.mouseClick(window.overview.pool_cards[CHAT].apply, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(window.toasts.boxes))
    (box,) = window.toasts.boxes
    assert box.toast.text == "Applied: chat: Parallel 2 → 3"
    assert box.toast.detail.startswith("chat-1 is back after ")
    assert box.toast.detail.endswith(", 0 requests lost")
    card = window.overview.last_change
    qtbot.waitUntil(lambda: "chat: Parallel 2 → 3" in shown(card))
    assert card.undo.text() == "Undo"
    box.undo.click()
    qtbot.waitUntil(
        lambda: [one.toast.text for one in window.toasts.boxes] == ["Applied: chat: Parallel 3 → 2"],
    )
    assert client.snapshot.settings == before
    qtbot.waitUntil(lambda: card.undo.text() == "Redo")
    enough.set()
    qtbot.waitUntil(lambda: all(one.done() for one in clients))
    assert [one.result() for one in clients] == [{200}] * 4


def test_a_refusal_of_the_engine_is_shown_in_the_window(window: MainWindow, client: EngineClient, qtbot: QtBot) -> None:
    client.spawn(client.restart("chat-9"))  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: "chat-9" in window.strip.text)


def test_instances_stop_start_and_show_their_log(window: MainWindow, client: EngineClient, qtbot: QtBot) -> None:
    window.show_page(1)
    detail = window.instances.detail
    log = named(detail, QPlainTextEdit, "Log of this instance")
    qtbot.waitUntil(lambda: "Listening on" in log.toPlainText())
    detail.stop.click()
    qtbot.waitUntil(lambda: chat(client)[0].phase is Phase.STOPPED)
    qtbot.waitUntil(detail.start.isEnabled)
    detail.start.click()
    qtbot.waitUntil(lambda: ready(chat(client)[0]))


def test_a_taken_port_is_reported_in_the_window(
    thread: LoopThread, loop: asyncio.AbstractEventLoop, theme: Theme, tmp_path: Path, qtbot: QtBot, state: WindowState
) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with running(thread, tmp_path, qtbot, with_port(port), Overrides(demo=True)) as client:
            window = MainWindow(client, theme, Actions(client, client), lambda: None, state)
            window.show()
            qtbot.waitUntil(lambda: str(port) in window.strip.text)
            assert "Traceback" not in window.strip.text
            named(window.strip, QPushButton, "Use next free port").click()
            qtbot.waitUntil(lambda: bool(client.snapshot.proxy.url))
            url = client.snapshot.proxy.url
            assert url != f"http://127.0.0.1:{port}"
            assert client.snapshot.settings.proxy.port == client.snapshot.proxy.port
            qtbot.waitUntil(lambda: any(f"listens on {url}" in text for text in alert_texts(window)))
            delete_now(window)


def test_a_port_that_becomes_free_is_had_by_itself(
    thread: LoopThread, loop: asyncio.AbstractEventLoop, theme: Theme, tmp_path: Path, qtbot: QtBot, state: WindowState
) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with running(thread, tmp_path, qtbot, with_port(port), Overrides(demo=True)) as client:
            window = MainWindow(client, theme, Actions(client, client), lambda: None, state)
            window.show()
            qtbot.waitUntil(lambda: str(port) in window.strip.text)
            holder.close()
            qtbot.waitUntil(lambda: client.snapshot.proxy.port == port)
            assert not any("cannot listen" in text for text in alert_texts(window))
            delete_now(window)


def test_an_unreadable_settings_file_is_reported_and_kept(
    thread: LoopThread, loop: asyncio.AbstractEventLoop, theme: Theme, tmp_path: Path, qtbot: QtBot, state: WindowState
) -> None:
    Paths.of(tmp_path).settings.write_text("{ not json")
    with running(thread, tmp_path, qtbot, None, Overrides(demo=True, port=0)) as client:
        window = MainWindow(client, theme, Actions(client, client), lambda: None, state)
        window.show()
        qtbot.waitUntil(lambda: any("settings.json.broken-1" in text for text in alert_texts(window)))
        delete_now(window)
    assert (tmp_path / "settings.json.broken-1").read_text() == "{ not json"


def test_workers_that_exit_at_once_show_the_reason_in_their_rows_and_above_the_page(
    thread: LoopThread,
    loop: asyncio.AbstractEventLoop,
    theme: Theme,
    tmp_path: Path,
    state: WindowState,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OLLAMA_SIM_FAULTS", "die-at-once")
    with running(thread, tmp_path, qtbot, SETTINGS, Overrides(demo=True, port=0)) as client:
        window = MainWindow(client, theme, Actions(client, client), lambda: None, state)
        window.show()
        qtbot.waitUntil(lambda: bool(client.snapshot.instances[:1] and client.snapshot.instances[0].detail))
        row = window.overview.instances.index(0, 0).data(CAPTION_ROLE)
        assert render(client.snapshot.instances[0].detail) in row
        qtbot.waitUntil(lambda: any("The server ended with exit code 1" in text for text in shown(window.overview)))
        delete_now(window)


@contextmanager
def running(
    thread: LoopThread, state: Path, qtbot: QtBot, settings: Settings | None, overrides: Overrides
) -> Iterator[EngineClient]:
    """A context with an engine on a state folder, from its first snapshot to its shutdown."""
    paths = Paths.of(state)
    if settings is not None:
        configfile.write(paths.settings, settings)
    client = EngineClient(thread, lambda publish: Engine(paths, publish, overrides, OWN), settings or Settings())
    with qtbot.waitSignal(client.snapshot_changed):
        client.start()
    yield client
    with qtbot.waitSignal(client.ended):
        client.spawn(client.shutdown(force=True))


def with_port(port: int) -> Settings:
    return msgspec.structs.replace(SETTINGS, proxy=msgspec.structs.replace(SETTINGS.proxy, port=port))


def test_a_test_of_the_connect_page_is_answered_through_the_proxy_and_one_in_a_paused_queue_is_cancelled(
    window: MainWindow, client: EngineClient, qtbot: QtBot
) -> None:
    window.show_page_named("connect")
    page, card = window.connect_page, window.connect_page.trial
    qtbot.waitUntil(lambda: bool(client.snapshot.models) and page.send.isEnabled())
    page.send.click()
    qtbot.waitUntil(lambda: card.state.accessibleName() == "Answered")
    assert card.answer.toPlainText()
    assert card.result.text().startswith("First token after ")
    assert card.instance.text() == "chat-1"
    client.spawn(client.set_paused(True))
    qtbot.waitUntil(lambda: client.snapshot.paused)
    page.send.click()
    qtbot.waitUntil(lambda: bool(client.snapshot.requests))
    assert page.send.text() == "Cancel the test"
    page.send.click()
    qtbot.waitUntil(lambda: card.state.accessibleName() == "Cancelled")
    qtbot.waitUntil(lambda: not client.snapshot.requests)
    client.spawn(client.set_paused(False))
    qtbot.waitUntil(lambda: not client.snapshot.paused and not tasks.pending())


def test_the_page_doctor_shows_what_the_engine_has_looked_at(
    window: MainWindow, client: EngineClient, qtbot: QtBot
) -> None:
    window.show_page_named("doctor")
    page = window.doctor
    page.check_now()
    qtbot.waitUntil(lambda: client.snapshot.doctor.report is not None and not client.snapshot.doctor.running)
    qtbot.waitUntil(lambda: " checks" in page.summary)
    record = client.snapshot.doctor
    assert set(page.cards) == {one.id for one in record.open}
    assert page.well.rows
    page.bundle.click()
    (dialog,) = window.findChildren(BundleDialog)
    qtbot.waitUntil(lambda: dialog.list.count() > 1)
    assert "report.txt" in [one.name for one in dialog.files]
