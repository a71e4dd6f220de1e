"""A QApplication with the theme, a running qasync loop, and a window on a client without an engine."""

import asyncio
from collections.abc import Iterator

import pytest
import qasync
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ollama_panel.core.settings.tree import Theme as Choice
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.language import Language
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import snapshot


@pytest.fixture(scope="session")
def _session_loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    """One qasync loop for all tests, because a stopped one leaves Qt's own loops unable to wait."""
    loop = qasync.QEventLoop(qapp, already_running=True)
    asyncio.set_event_loop(loop)
    asyncio.events._set_running_loop(None)
    yield loop
    loop.stop()
    loop.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def loop(_session_loop: asyncio.AbstractEventLoop, qtbot: QtBot) -> Iterator[asyncio.AbstractEventLoop]:
    """The loop that slots spawn on, running for the time of a test; it cancels the tasks that the test leaves.

    Between tests no loop may count as running: the tests of other folders start their own in this thread.
    """
    asyncio.events._set_running_loop(_session_loop)
    yield _session_loop
    left = [task for task in asyncio.all_tasks(_session_loop) if not task.done()]
    for task in left:
        task.cancel()
    qtbot.waitUntil(lambda: all(task.done() for task in left), timeout=3000)
    asyncio.events._set_running_loop(None)


def delete_now(gone: QObject) -> None:
    """Delete an object and its children at once; `deleteLater` alone waits for a loop that tests do not return to."""
    gone.deleteLater()
    QCoreApplication.sendPostedEvents(gone, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """The dark theme, applied once: a style sheet costs more than all widgets of a window."""
    Language(qapp).use("en")
    return Theme(qapp, Choice.DARK)


@pytest.fixture
def client(loop: asyncio.AbstractEventLoop) -> FakeClient:
    return FakeClient(snapshot())


@pytest.fixture
def actions(client: FakeClient, qtbot: QtBot) -> Actions:
    made = Actions(client)  # type: ignore[arg-type]
    made.show_snapshot(client.snapshot)
    return made


@pytest.fixture
def opened_logs() -> list[bool]:
    return []


@pytest.fixture
def window(
    client: FakeClient, actions: Actions, theme: Theme, qtbot: QtBot, opened_logs: list[bool]
) -> Iterator[MainWindow]:
    made = MainWindow(client, theme, actions, lambda: opened_logs.append(True))  # type: ignore[arg-type]
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.hide()
    delete_now(made)
