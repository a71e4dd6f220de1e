"""The start of the window: what it shows, and what it does, before there is an engine."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import ProxySettings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.engine import configfile
from ollama_panel.engine.engine import Engine
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.thread import LoopThread
from ollama_panel.gui import tasks
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.client import EngineClient, EngineFactory
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.layout import PageFrame
from ollama_panel.gui.window import MainWindow
from ollama_panel.gui.window_state import WindowState
from tests.fakes.own_machine import OWN
from tests.gui import snapshots
from tests.gui.conftest import delete_now
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, shown
from tests.gui.snapshots import CHAT, SETTINGS, snapshot

ADDRESSED = msgspec.structs.replace(SETTINGS, proxy=ProxySettings(host="0.0.0.0", port=11500))


@pytest.fixture
def first_window(
    client: FakeClient, actions: Actions, theme: Theme, qtbot: QtBot, state: WindowState
) -> Iterator[MainWindow]:
    """The window as it opens: no engine, no charts, only the settings."""
    client.snapshot = Snapshot(at=0.0, settings=ADDRESSED, starting=True)
    made = MainWindow(client, theme, actions, lambda: None, state)  # type: ignore[arg-type]
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.hide()
    delete_now(made)


def test_the_first_window_shows_the_pools_and_the_address_and_claims_nothing(first_window: MainWindow) -> None:
    texts = shown(first_window)
    assert list(first_window.overview.pool_cards) == [pool.name for pool in SETTINGS.pools]
    assert texts.count("Starting…") == 2
    assert "127.0.0.1:11500" in texts
    assert named(first_window.overview, QPushButton, "Copy address").text() == "http://127.0.0.1:11500"
    for claim in ("running normally", "slots busy", "No instance", "no model", "proxy is off", "not serving"):
        assert not [text for text in texts if claim in text]


def test_the_other_pages_claim_nothing_either(first_window: MainWindow, client: FakeClient) -> None:
    first_window.show_page(1)
    assert not [text for text in shown(first_window.instances) if "No instance" in text]
    first_window.show_page_named("export")
    assert "Starting…" in shown(first_window.export)
    assert first_window.export.preview.text.toPlainText() == ""
    assert not first_window.export.preview.save.isEnabled()
    client.push(snapshot(settings=ADDRESSED))
    assert "Starting…" not in shown(first_window.export)
    assert "OLLAMA_NUM_PARALLEL" in first_window.export.preview.text.toPlainText()
    assert first_window.export.preview.save.isEnabled()


def test_a_slider_of_the_first_window_moves_and_its_draft_stays(
    first_window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    slider = first_window.overview.pool_cards[CHAT].findChildren(QSlider)[0]
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    drafts = {name: card.draft for name, card in first_window.overview.pool_cards.items()}
    assert drafts[CHAT] != SETTINGS.pools[0]
    assert not [text for text in shown(first_window.overview.pool_cards[CHAT]) if "restarted" in text]
    client.push(snapshot(settings=ADDRESSED))
    assert {name: card.draft for name, card in first_window.overview.pool_cards.items()} == drafts
    assert "Starting…" not in shown(first_window)


def test_nothing_moves_when_the_charts_are_added(first_window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    client.push(snapshot(settings=ADDRESSED))
    qtbot.waitUntil(first_window.drawn.is_set)
    before = places(first_window)
    first_window.overview.show_samples(snapshots.history(60))
    first_window.grab()
    assert places(first_window) == before


def places(window: MainWindow) -> dict[str, object]:
    """Return where each text of the overview is; the newest values change, and with them their width."""
    labels = [label for label in window.overview.findChildren(QLabel) if label.isVisible() and label.text()]
    return {
        f"{place} {label.text()}": label.mapTo(window, label.rect().topLeft()).toTuple()
        for place, label in enumerate(labels)
        if "━" not in label.text() and "┅" not in label.text()
    }


def test_samples_that_come_before_the_charts_are_drawn_with_them(first_window: MainWindow, client: FakeClient) -> None:
    client.push(snapshot(settings=ADDRESSED, sample=snapshots.sample(1000.0)))
    first_window.overview.show_samples(snapshots.history(60, until=999.0))
    ring = first_window.overview.ring
    assert ring is not None
    assert ring.tail("at", 2).tolist()[-1] == 1000.0


def test_a_page_is_built_when_it_is_first_shown(first_window: MainWindow) -> None:
    before = len(first_window.findChildren(PageFrame))
    first_window.show_page(2)
    first_window.show_page(0)
    first_window.show_page(2)
    assert (before, len(first_window.findChildren(PageFrame))) == (1, 2)
    assert first_window.requests.isVisible()


@pytest.fixture
def thread() -> Iterator[LoopThread]:
    made = LoopThread()
    yield made
    made.stop()


def engine_client(thread: LoopThread, state: Path) -> EngineClient:
    paths = Paths.of(state)
    configfile.write(paths.settings, SETTINGS)
    return EngineClient(thread, lambda publish: Engine(paths, publish, Overrides(demo=True, port=0), OWN), SETTINGS)


def test_a_simulation_takes_the_place_of_the_engine_that_runs(
    loop: asyncio.AbstractEventLoop, thread: LoopThread, tmp_path: Path, qtbot: QtBot
) -> None:
    paths, made = Paths.of(tmp_path), list[str]()

    def factory(name: str) -> EngineFactory:
        def make(publish: Callable[[Snapshot], None]) -> Engine:
            made.append(name)
            return Engine(paths, publish, Overrides(demo=True, port=0), OWN)

        return make

    configfile.write(paths.settings, SETTINGS)
    client = EngineClient(thread, factory("real"), SETTINGS, make_simulated=factory("simulated"))
    thread.start()
    client.start()
    qtbot.waitUntil(lambda: bool(client.snapshot.proxy.url))
    first = client.snapshot.at
    with qtbot.waitSignal(client.ended):
        client.spawn(client.simulate())
    qtbot.waitUntil(lambda: made == ["real", "simulated"] and client.snapshot.at > first)
    with qtbot.waitSignal(client.ended):
        client.spawn(client.shutdown(force=True))


def test_a_simulation_does_not_start_when_the_user_quits_meanwhile(
    loop: asyncio.AbstractEventLoop, thread: LoopThread, tmp_path: Path, qtbot: QtBot
) -> None:
    client = engine_client(thread, tmp_path)
    client._make_simulated = lambda publish: pytest.fail("the panel ends")
    thread.start()
    client.start()
    qtbot.waitUntil(lambda: bool(client.snapshot.at))
    with qtbot.waitSignal(client.ended):
        client.spawn(client.simulate())
        client.spawn(client.shutdown())
    qtbot.waitUntil(lambda: not tasks.pending())


def test_a_command_that_is_given_before_the_engine_waits_for_it(
    loop: asyncio.AbstractEventLoop, thread: LoopThread, tmp_path: Path, qtbot: QtBot
) -> None:
    client = engine_client(thread, tmp_path)
    pools = (msgspec.structs.replace(SETTINGS.pools[0], parallel=7), *SETTINGS.pools[1:])
    client.spawn(client.apply(msgspec.structs.replace(SETTINGS, pools=pools)))
    thread.start()
    client.start()
    qtbot.waitUntil(lambda: client.snapshot.settings.pools[:1] == pools[:1] and bool(client.snapshot.at))
    with qtbot.waitSignal(client.ended):
        client.spawn(client.shutdown(force=True))


def test_a_shutdown_while_the_engine_is_imported_ends_it(
    loop: asyncio.AbstractEventLoop, thread: LoopThread, tmp_path: Path, qtbot: QtBot
) -> None:
    client = engine_client(thread, tmp_path)
    thread.start()
    with qtbot.waitSignal(client.ended) as ended:
        client.start()
        client.spawn(client.shutdown())
    assert ended.args == [None]


def test_a_shutdown_without_an_engine_is_done_at_once(
    loop: asyncio.AbstractEventLoop, thread: LoopThread, tmp_path: Path, qtbot: QtBot
) -> None:
    client = engine_client(thread, tmp_path)
    client.spawn(client.shutdown())
    qtbot.waitUntil(lambda: not tasks.pending())
    client.end_and_wait(1.0)


def test_an_engine_that_cannot_be_imported_is_reported_and_so_is_each_command(
    loop: asyncio.AbstractEventLoop, thread: LoopThread, qtbot: QtBot
) -> None:
    def missing(_: object) -> Engine:
        raise ImportError("No module named 'uvloop'")

    client, told, failed = EngineClient(thread, missing, SETTINGS), list[str](), list[object]()
    client.failed.connect(failed.append)

    async def first() -> None:
        try:
            await client.first()
        except PanelError as error:
            told.append(str(error))

    client.spawn(first())
    client.spawn(client.stop_all())
    thread.start()
    client.start()
    qtbot.waitUntil(lambda: bool(told and failed))
    assert "uvloop" in told[0]
    assert failed == [notice("unexpected", error="No module named 'uvloop'")]


def test_quitting_while_the_engine_cannot_be_imported_is_no_error(
    loop: asyncio.AbstractEventLoop, thread: LoopThread, qtbot: QtBot
) -> None:
    def missing(_: object) -> Engine:
        raise ImportError("No module named 'uvloop'")

    client, failed, done = EngineClient(thread, missing, SETTINGS), list[object](), list[bool]()
    client.failed.connect(failed.append)

    async def quit_at_once() -> None:
        client.start()
        await client.shutdown()
        with pytest.raises(PanelError):
            await client.first()
        done.append(True)

    thread.start()
    client.spawn(quit_at_once())
    qtbot.waitUntil(lambda: bool(done or failed))
    assert not failed


HEAVY = ("aiohttp", "httpx", "numpy", "pyqtgraph", "psutil", "uvloop", "prometheus_client", "pynvml")

LATER = tuple(
    f"ollama_panel.{name}"
    for name in (
        "core.advice",
        "core.effective",
        "core.history",
        "core.ollama.environment_presets",
        "core.ollama.hardware",
        "core.ollama.incidents",
        "engine.engine",
        "gui.widgets.pool_dialog",
    )
)


def test_the_window_is_drawn_before_the_engine_and_the_charts_are_imported() -> None:
    """What the window needs is imported in an interpreter of its own."""
    program = "import sys; from ollama_panel import app; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "ollama_panel.gui.window" in modules
    assert [name for name in (*HEAVY, *LATER) if name in modules] == []
