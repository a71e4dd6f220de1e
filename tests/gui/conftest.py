"""A QApplication with the theme, a running qasync loop, and a window on a client without an engine."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import qasync
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from ollama_panel.core.settings.tree_window import Theme as Choice
from ollama_panel.core.settings.tree_window import WindowSettings
from ollama_panel.gui import tray
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.application import Application
from ollama_panel.gui.first_run.view import FirstRun
from ollama_panel.gui.language import Language
from ollama_panel.gui.quit_request import QuitRequest
from ollama_panel.gui.shell import Shell
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.window import MainWindow
from ollama_panel.gui.window_state import WindowState
from tests.core.first_run.machines import of_service
from tests.fakes.waiting import DEADLINE_S
from tests.gui.fake_client import FakeClient
from tests.gui.first_steps import SEEN
from tests.gui.snapshots import SETTINGS, snapshot

PATIENCE_MS = int(1000 * DEADLINE_S)


class PatientBot(QtBot):
    """Waits as long as other tests do: the 5 s of pytest-qt are too few where other programs are at work."""

    @override
    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    @override
    def waitExposed(self, widget: QWidget, *, timeout: int = PATIENCE_MS) -> Any:
        return super().waitExposed(widget, timeout=timeout)

    @override
    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **more: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **more)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    return PatientBot(request)


@pytest.fixture(scope="session")
def qapp_cls() -> type[Application]:
    """The class of the application that pytest-qt makes."""
    return Application


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
    qtbot.waitUntil(lambda: all(task.done() for task in left))
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


@pytest.fixture(autouse=True)
def _no_login_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tests away from what this user's desktop starts at login."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


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
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The local files and folders that were opened in the desktop's programs."""
    found: list[str] = []

    def take(url: QUrl) -> bool:
        found.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", take)
    return found


@pytest.fixture
def state(tmp_path: Path) -> WindowState:
    return WindowState(tmp_path / "window.ini")


@pytest.fixture
def window(
    client: FakeClient, actions: Actions, theme: Theme, qtbot: QtBot, opened_logs: list[bool], state: WindowState
) -> Iterator[MainWindow]:
    made = MainWindow(client, theme, actions, lambda: opened_logs.append(True), state)  # type: ignore[arg-type]
    made.show()
    made.overview.show_samples(())
    qtbot.waitExposed(made)
    yield made
    made.hide()
    delete_now(made)


def with_appearance(theme: Choice = Choice.DARK, language: str = "en") -> Any:
    return msgspec.structs.replace(SETTINGS, window=WindowSettings(theme, language))


class IconInTray(QSystemTrayIcon):
    """An icon of a desktop with a tray; the offscreen platform has none, and warns of it."""

    in_tray = False

    @staticmethod
    @override
    def isSystemTrayAvailable() -> bool:
        return True

    @override
    def show(self) -> None:
        self.in_tray = True

    @override
    def hide(self) -> None:
        self.in_tray = False

    @override
    def isVisible(self) -> bool:
        return self.in_tray

    @override
    def showMessage(self, *words: Any) -> None:
        pass


@pytest.fixture
def quit_request() -> QuitRequest:
    return QuitRequest()


@pytest.fixture
def shell(
    client: FakeClient, quit_request: QuitRequest, theme: Theme, qapp: QApplication, qtbot: QtBot, state: WindowState
) -> Iterator[Shell]:
    client.snapshot = snapshot(settings=with_appearance())
    made = Shell(qapp, client, quit_request, state, lambda: None)  # type: ignore[arg-type]
    made.show()
    qtbot.waitUntil(lambda: made.window.overview.ring is not None)
    yield made
    qapp.may_quit = lambda: True
    made.hide()
    for gone in (made.window, made.theme, made):
        delete_now(gone)


@pytest.fixture
def shell_with_tray(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A desktop with a tray; the offscreen platform has none."""
    monkeypatch.setattr(tray, "QSystemTrayIcon", IconInTray)
    shell.tray.show()
    return shell


@pytest.fixture
def first_run(window: MainWindow, client: FakeClient) -> Iterator[FirstRun]:
    """The first run on a machine with a service, whose models the workers can read, and two programs."""
    client.push(of_service(bypassing=SEEN))
    window.begin_first_run()
    made = window.first_run
    client.push(client.snapshot)
    return made
