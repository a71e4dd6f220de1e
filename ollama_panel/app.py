"""The composition root of the desktop program: its threads, window and signals, and the order of its shutdown.

The window is drawn first. What takes longer to import than that comes afterwards, and is imported where it is used: the
engine on its own thread, and the libraries of the charts on another, so that the window answers meanwhile.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import msgspec
import qasync
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.engine import configfile, end_signals, logs
from ollama_panel.engine.lock_file import LockFile
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.single_instance import SingleInstanceLock, window_lock, window_socket
from ollama_panel.engine.thread import LoopThread
from ollama_panel.gui import dialogs, resources, tasks
from ollama_panel.gui.application import Application
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.language import Language
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.quit_request import QuitRequest
from ollama_panel.gui.shell import Shell
from ollama_panel.gui.window_state import WindowState

if TYPE_CHECKING:
    from ollama_panel.engine.engine import Engine
    from ollama_panel.gui.second_start import FirstStart

log = logging.getLogger(__name__)

_SWITCH_INTERVAL_S = 0.0005
"""How long a thread may hold the interpreter while another waits: the proxy must not wait for a chart."""

_SIGNAL_CHECK_MS = 200

_DRAIN_S = 5.0
"""How long streams may continue after the connection to the display is lost."""

_ENDING_TRIES, _ENDING_PAUSE_S = 12, 0.5
"""How long a start at login waits for the panel of the session before, which may drain that long."""


@dataclass(frozen=True, slots=True)
class AppOptions:
    """The options of the command line. `ollama` is the path of the program, "" = as in the settings."""

    demo: bool = False
    state_dir: Path | None = None
    ollama: str = ""
    minimized: bool = False


def run(options: AppOptions | None = None) -> int:
    """Run the desktop program and return the exit status."""
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    sys.excepthook = _log_uncaught
    app = make_application()
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    program = Program(app, options or AppOptions())
    with loop:
        coroutine = program.run()
        task = loop.create_task(coroutine)
        try:
            code: int = loop.run_until_complete(task)
        except RuntimeError:
            if task.done():
                raise
            log.error("The window is gone, as when the display ends: the panel stops.")
            # Qt's loop will not run again, so the task stays pending: suppress the warning of asyncio.
            loop.set_exception_handler(lambda _loop, _context: None)
            coroutine.close()
            program.end_without_window()
            code = 1
        finally:
            program.close()
    return code


def make_application() -> Application:
    """Return the application, with the names and the icon that the desktop shows."""
    app = Application(sys.argv[:1])
    app.setApplicationName("ollama-panel")
    app.setApplicationDisplayName("Ollama Panel")
    app.setDesktopFileName("ollama-panel")
    app.setWindowIcon(resources.app_icon())
    app.setQuitOnLastWindowClosed(False)
    return app


class Program:
    """One run of the desktop program: the engine's thread, its client, and the window."""

    def __init__(self, app: Application, options: AppOptions) -> None:
        self._app = app
        self._options = options
        self._thread = LoopThread()
        self._client: EngineClient | None = None
        self._shell: Shell | None = None
        self._paths = Paths.of(options.state_dir)
        self._lock = window_lock(self._paths)
        self._listening: FirstStart | None = None
        self._failure: PanelError | None = None

    async def run(self) -> int:
        """Run until the user quits; if there is a window for the folder already, let that one show itself, and end.

        A hidden start then just ends. Show an error if it fails, as when a panel without a window has the folder.
        """
        logs.configure_logging(self._paths)
        try:
            if not (await self._is_running() and (self._options.minimized or self._show_first())):
                await self._run_until_quit()
        except PanelError as error:
            log.error("%s", error)
            if self._shell is None:
                Language(self._app).use("")  # the settings, which may name another language, are not read yet
            self._leave()  # before the message, which may be left open: a second start would wait for a window
            await dialogs.tell(None, notice_text(error.notice))
            return 1
        return 0

    def end_without_window(self) -> None:
        """Shut the engine down in order when Qt's loop, and with it `run`, cannot continue."""
        if self._client is not None:
            self._client.end_and_wait(_DRAIN_S)

    def close(self) -> None:
        """Stop and join the engine's thread, after the engine has ended; then another program may have the window."""
        self._thread.stop()
        self._leave()

    def _leave(self) -> None:
        """Listen to no further start, and give the lock of the window back.

        In this order: to close the socket removes its file, which may be that of the next program afterwards.
        """
        if self._listening is not None:
            self._listening.close()
        self._lock.release(remove=True)

    async def _is_running(self) -> bool:
        """Return whether another program has the window of the folder; a hidden start waits for one that is ending."""
        for _ in range(_ENDING_TRIES if self._options.minimized else 0):
            if not _is_taken(self._lock):
                return False
            await asyncio.sleep(_ENDING_PAUSE_S)
        return _is_taken(self._lock)

    def _show_first(self) -> bool:
        """Let the program that has the lock show its window; return False if it has ended instead. Blocks up to 10 s.

        Raises PanelError if it does not show it.
        """
        from ollama_panel.gui.second_start import Answer, ask_first

        answer = ask_first(window_socket(self._paths))
        if answer is Answer.ENDING:
            raise PanelError(notice("window.ending"))
        if answer is Answer.NONE and _is_taken(self._lock):
            raise PanelError(notice("window.silent", pid=self._lock.owner() or "?"))
        return answer is Answer.SHOWN

    async def _run_until_quit(self) -> None:
        paths = self._paths
        if self._options.ollama:
            from ollama_panel.engine.host.discovery import find_binary

            find_binary(self._options.ollama)
        with SingleInstanceLock(paths):  # no window opens on a folder that another panel uses
            settings = configfile.look(paths.settings).settings
        overrides = Overrides(binary=self._options.ollama, demo=self._options.demo)
        quit_request = QuitRequest()
        with _signals(quit_request):
            simulated = _engine_factory(paths, msgspec.structs.replace(overrides, demo=True))
            self._client = client = EngineClient(
                self._thread,
                _engine_factory(paths, overrides),
                settings,
                make_simulated=simulated,
                settings_file=str(paths.settings.absolute()),
            )
            is_new = not self._options.demo and is_new_user(paths)
            state = WindowState(paths.window)
            self._shell = shell = Shell(
                self._app, client, quit_request, state, lambda: open_folder(paths.log.parent), new_user=is_new
            )
            shell.show(minimized=self._options.minimized)
            tasks.spawn(self._start(client, shell, quit_request), client.report)
            await quit_request.requested.wait()
            shell.hide()
            if self._failure is not None:
                raise self._failure
            await _end(client, quit_request)

    async def _start(self, client: EngineClient, shell: Shell, quit_request: QuitRequest) -> None:
        """Start the engine once the window is drawn, and quit if it does not start."""
        await shell.drawn()
        from ollama_panel.gui.second_start import FirstStart

        self._listening = FirstStart(window_socket(self._paths), shell.open_again, shell)
        if quit_request.requested.is_set():
            return
        try:
            self._thread.start()
            client.start()
            await client.first()
        except PanelError as error:
            self._failure = error
            quit_request.request()
            return
        from ollama_panel.engine import garbage_collection

        garbage_collection.tune_collector()


def _is_taken(lock: LockFile) -> bool:
    """Take the lock of the window; return whether another program has it. Without a folder for it, nobody has."""
    try:
        return not lock.take()
    except OSError as error:
        log.info("a second start will not find this window: %s", error)
        return False


def _engine_factory(paths: Paths, overrides: Overrides) -> "Callable[[Callable[[Snapshot], None]], Engine]":
    def make(publish: Callable[[Snapshot], None]) -> "Engine":
        from ollama_panel.engine.engine import Engine

        return Engine(paths, publish, overrides)

    return make


async def _end(client: EngineClient, quit_request: QuitRequest) -> None:
    """Shut the engine down, without waiting for requests once the user forces it."""
    async with asyncio.TaskGroup() as group:
        forcing = group.create_task(_force_on_request(client, quit_request))
        await client.shutdown(force=quit_request.forced.is_set())
        forcing.cancel()


async def _force_on_request(client: EngineClient, quit_request: QuitRequest) -> None:
    await quit_request.forced.wait()
    await client.shutdown(force=True)


def is_new_user(paths: Paths) -> bool:
    """Return whether nobody has used a panel with this folder: it has neither settings nor a window's state."""
    return not (paths.settings.exists() or paths.window.exists())


def open_folder(path: Path) -> None:
    """Show a folder in the desktop's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


@contextmanager
def _signals(quit_request: QuitRequest) -> Iterator[None]:
    """Quit on a signal without a question; the second one forces it.

    Python runs signal handlers only between its own instructions: a timer makes Qt's idle loop run some.
    """
    timer = QTimer(interval=_SIGNAL_CHECK_MS)
    timer.timeout.connect(lambda: None)
    timer.start()
    try:
        with end_signals.caught(quit_request.request):
            yield
    finally:
        timer.stop()


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("an error that nobody caught", exc_info=(kind, error, trace))
