"""The parts of the desktop program that outlive a window: theme, language, tray icon, and quitting."""

import asyncio
import contextlib
import importlib
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from ollama_panel.core.settings.tree_window import WindowSettings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import dialogs
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.application import Application
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.language import Language
from ollama_panel.gui.quit_request import QuitRequest
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tray import Tray
from ollama_panel.gui.window import FIRST_RUN, MainWindow
from ollama_panel.gui.window_state import WindowState

_DRAWN_S = 2.0
_TRAY_RETRY_MS, _TRAY_TRIES = 2000, 15
"""How often, and how many times, a tray is looked for that was not there at the start, as at login."""


class Shell(QObject):
    """Owns the window, and creates a new one when the language changes; forwards the user's wish to `quit_request`."""

    def __init__(
        self,
        app: Application,
        client: EngineClient,
        quit_request: QuitRequest,
        state: WindowState,
        open_log: Callable[[], None],
        *,
        new_user: bool = False,
    ) -> None:
        """`new_user`: nobody has opened this window before, so it begins with the first run."""
        super().__init__(app)
        self._state = state
        self._client = client
        self._open_log = open_log
        self._quit_request = quit_request
        self._asking = False
        self._hinted = False
        self._watched = False
        self._minimized = False
        self._tries_left = 0
        self._tray_search = QTimer(self, interval=_TRAY_RETRY_MS)
        self._tray_search.timeout.connect(self._look_for_tray)
        self._appearance = client.snapshot.settings.window
        self.language = Language(app)
        self.language.use(self._appearance.language)
        self.theme = Theme(app, self._appearance.theme)
        self._build()
        state.restore(self.window)
        self.window.show_page_named(state.page())
        if state.value(FIRST_RUN, new_user):
            self.window.begin_first_run()
        client.snapshot_changed.connect(self.show_snapshot)
        app.may_quit = self._may_quit

    def show(self, minimized: bool = False) -> None:
        """Show the tray icon, and the window; if `minimized` is set, that only if no tray comes, as a minimised one."""
        self._minimized = minimized
        if minimized:
            self._show_tray()
        else:
            self.window.show()  # the tray after it is drawn: whether there is one takes a while to find out

    def _show_tray(self) -> None:
        self.tray.show()
        if not self.tray.visible():
            self._tries_left = _TRAY_TRIES
            self._tray_search.start()

    async def drawn(self) -> None:
        """Wait until the window is drawn, and show the tray icon.

        A hidden window need not be drawn, and one on another desktop is not for now.
        """
        if not self._minimized:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.window.drawn.wait(), _DRAWN_S)
            self._show_tray()

    def hide(self) -> None:
        """Hide the window and the tray icon."""
        self._tray_search.stop()
        self.window.hide()
        self.tray.hide()

    @Slot()
    def request_quit(self) -> None:
        """Quit, after a question if requests run; a second call while quitting forces it."""
        if self._quit_request.requested.is_set():
            self._quit_request.request()
        elif not self._asking:
            self._client.spawn(self._ask_before_quitting())

    def _may_quit(self) -> bool:
        """Return whether Qt may end its loop at once, as when the user has forced it; else quit in order."""
        if self._quit_request.forced.is_set():
            return True
        self.request_quit()
        return False

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Apply the appearance of the settings, and show the state in the tray and the menu."""
        self.actions.show_snapshot(snapshot)
        self.tray.show_snapshot(snapshot)
        if snapshot.settings.window != self._appearance:
            self._change_appearance(snapshot.settings.window)

    @Slot()
    def open(self) -> None:
        """Bring the window to the front."""
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def open_again(self) -> bool:
        """Bring the window to the front for a second start of the program; return False if it is about to end."""
        if self._quit_request.requested.is_set():
            return False
        self.open()
        return True

    def _build(self) -> None:
        self.actions = Actions(self._client, self, state=self._state)
        self.tray = Tray(self.actions, self)
        self.window = MainWindow(self._client, self.theme, self.actions, self._open_log, self._state)
        self.actions.open_requested.connect(self.open)
        self.actions.quit_requested.connect(self.request_quit)
        self.window.close_requested.connect(self._on_close_requested)
        self.window.shown.connect(self._watch)
        self.window.shown.connect(self._keep)
        self.actions.show_snapshot(self._client.snapshot)
        self.tray.show_snapshot(self._client.snapshot)

    @Slot()
    def _look_for_tray(self) -> None:
        """Show the tray icon if there is a tray by now; when the last try fails, let the user find the window."""
        self.tray.show()
        self._tries_left -= 1
        if self.tray.visible() or not self._tries_left:
            self._tray_search.stop()
            if self._minimized and not self.tray.visible() and not self.window.isVisible():
                self.window.showMinimized()

    @Slot()
    def _watch(self) -> None:
        """Tell the engine whether somebody watches; a window that comes back gets the samples that it has missed."""
        before, self._watched = self._watched, self.window.watched
        self._client.watch(self._watched)
        if self._watched and not before and not self._client.snapshot.fatal:
            self._client.spawn(self._load_samples())

    @Slot()
    def _keep(self) -> None:
        """Keep size, place and page of a window that was hidden or minimised."""
        if not self.window.watched:
            self._state.save(self.window, self.window.page_name)

    async def _load_samples(self) -> None:
        samples = await self._client.samples()
        await asyncio.to_thread(importlib.import_module, "ollama_panel.gui.charts.plot")  # the window answers meanwhile
        self.window.overview.show_samples(samples)

    def _change_appearance(self, appearance: WindowSettings) -> None:
        self._appearance = appearance
        self.theme.choose(appearance.theme)
        if dialogs.any_open():
            self._client.spawn(self._change_language_later())
        else:
            self._change_language()

    def _change_language(self) -> None:
        if self.language.use(self._appearance.language):
            self._rebuild()

    async def _change_language_later(self) -> None:
        """Let the user finish what a dialog has begun, which would go with the window."""
        await dialogs.all_closed()
        self._change_language()

    def _rebuild(self) -> None:
        """Replace the window by a new one in the new language, at the same place."""
        old, tray, actions = self.window, self.tray, self.actions
        shown, geometry = old.isVisible(), old.saveGeometry()
        tray.hide()
        self._build()
        self.window.restoreGeometry(geometry)
        self.window.take_over(old)
        self.tray.show()
        if shown:
            self.window.show()
        old.hide()
        for gone in (old, tray, actions):
            gone.deleteLater()

    @Slot()
    def _on_close_requested(self) -> None:
        """Hide the window and keep running in the tray; ask where there is no tray."""
        if self._quit_request.requested.is_set():
            return
        self.tray.show()  # there may be one since
        if not self.tray.visible():
            if not self._asking:
                self._client.spawn(self._ask_before_closing())
            return
        self.window.hide()
        if not self._hinted:
            self._hinted = True
            self.tray.notify("Ollama Panel", self.tr("Still serving. Open or quit the panel from this icon."))

    async def _ask_before_quitting(self) -> None:
        self._asking = True
        try:
            busy = 0 if self._client.snapshot.fatal else await self._client.busy()
            if busy:
                self.open()
                text = self.tr("%n request(s) are still being served.", "", busy)
                detail = self.tr("The panel can finish serving first; nothing new is accepted meanwhile.")
                choices = (self.tr("Finish and quit"), self.tr("Quit at once"), self.tr("Keep running"))
                choice = await dialogs.choose(self.window, text, detail, choices, loses=(1,))
                if choice == 2:
                    return
                if choice == 1:
                    self._quit_request.forced.set()
        finally:
            self._asking = False
        self._quit_request.request()

    async def _ask_before_closing(self) -> None:
        self._asking = True
        try:
            text = self.tr("Close the panel?")
            detail = self.tr(
                "This desktop has no tray, so the panel cannot run in the background. Quitting stops its instances."
            )
            choices = (self.tr("Quit"), self.tr("Minimise"), self.tr("Cancel"))
            choice = await dialogs.choose(self.window, text, detail, choices)
        finally:
            self._asking = False
        if choice == 0:
            self.request_quit()
        elif choice == 1:
            self.window.showMinimized()
