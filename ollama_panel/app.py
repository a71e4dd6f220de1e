"""The composition root of the desktop program: its threads, window and signals, and the order of its shutdown."""

import asyncio
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import qasync
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from ollama_panel.core.errors import PanelError
from ollama_panel.engine import end_signals, garbage_collection, logs
from ollama_panel.engine.engine import Engine
from ollama_panel.engine.host.discovery import find_binary
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.thread import LoopThread
from ollama_panel.gui import dialogs, resources
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.language import Language
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.quit_request import QuitRequest
from ollama_panel.gui.shell import Shell

log = logging.getLogger(__name__)

_SWITCH_INTERVAL_S = 0.0005
"""How long a thread may hold the interpreter while another waits: the proxy must not wait for a chart."""

_SIGNAL_CHECK_MS = 200

_DRAIN_S = 5.0
"""How long streams may continue after the connection to the display is lost."""


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
    garbage_collection.tune_collector()
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
            program.stop_thread()
    return code


def make_application() -> QApplication:
    """Return the QApplication, with the names and the icon that the desktop shows."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("ollama-panel")
    app.setApplicationDisplayName("Ollama Panel")
    app.setDesktopFileName("ollama-panel")
    app.setWindowIcon(resources.app_icon())
    app.setQuitOnLastWindowClosed(False)
    return app


class Program:
    """One run of the desktop program: the engine's thread, its client, and the window."""

    def __init__(self, app: QApplication, options: AppOptions) -> None:
        self._app = app
        self._options = options
        self._thread = LoopThread()
        self._client: EngineClient | None = None
        self._shell: Shell | None = None

    async def run(self) -> int:
        """Run until the user quits. Show an error if the start fails, as when another panel uses the same folder."""
        self._thread.start()
        try:
            await self._run_until_quit()
        except PanelError as error:
            log.error("%s", error)
            if self._shell is None:
                Language(self._app).use("")  # the settings, which may name another language, are not read yet
            await dialogs.tell(None, notice_text(error.notice))
            return 1
        return 0

    def end_without_window(self) -> None:
        """Shut the engine down in order when Qt's loop, and with it `run`, cannot continue."""
        if self._client is not None:
            self._client.end_and_wait(_DRAIN_S)

    def stop_thread(self) -> None:
        """Stop and join the engine's thread, after the engine has ended."""
        self._thread.stop()

    async def _run_until_quit(self) -> None:
        paths = Paths.of(self._options.state_dir)
        logs.configure_logging(paths)
        if self._options.ollama:
            find_binary(self._options.ollama)
        overrides = Overrides(binary=self._options.ollama, demo=self._options.demo)
        quit_request = QuitRequest()
        with _signals(quit_request):
            client = EngineClient(self._thread, lambda publish: Engine(paths, publish, overrides))
            client.start()
            self._client = client
            await client.first()
            self._shell = shell = Shell(self._app, client, quit_request, lambda: open_folder(paths.log.parent))
            shell.show(minimized=self._options.minimized)
            client.spawn(shell.load_samples())
            await quit_request.requested.wait()
            shell.hide()
            await _end(client, quit_request)


async def _end(client: EngineClient, quit_request: QuitRequest) -> None:
    """Shut the engine down, without waiting for requests once the user forces it."""
    async with asyncio.TaskGroup() as group:
        forcing = group.create_task(_force_on_request(client, quit_request))
        await client.shutdown(force=quit_request.forced.is_set())
        forcing.cancel()


async def _force_on_request(client: EngineClient, quit_request: QuitRequest) -> None:
    await quit_request.forced.wait()
    await client.shutdown(force=True)


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
