"""The parts of the desktop program that outlive a window: theme, language, tray icon, and quitting."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from ollama_panel.core.settings.tree import WindowSettings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import dialogs
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.language import Language
from ollama_panel.gui.quit_request import QuitRequest
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tray import Tray
from ollama_panel.gui.window import MainWindow

_TRAY_RETRY_MS = 2000


class Shell(QObject):
    """Owns the window, and creates a new one when the language changes; forwards the user's wish to `quit_request`."""

    def __init__(
        self, app: QApplication, client: EngineClient, quit_request: QuitRequest, open_log: Callable[[], None]
    ) -> None:
        super().__init__(app)
        self._client = client
        self._open_log = open_log
        self._quit_request = quit_request
        self._asking = False
        self._hinted = False
        self._appearance = client.snapshot.settings.window
        self.language = Language(app)
        self.language.use(self._appearance.language)
        self.theme = Theme(app, self._appearance.theme)
        self._build()
        client.snapshot_changed.connect(self.show_snapshot)
        app.installEventFilter(self)

    def show(self, minimized: bool = False) -> None:
        """Show the tray icon, and the window unless `minimized` is set and there is a tray."""
        self.tray.show()
        if not (minimized and self.tray.visible()):
            self.window.show()
        # The tray may start after the panel, as at login: try once more.
        QTimer.singleShot(_TRAY_RETRY_MS, self.tray, self.tray.show)

    async def load_samples(self) -> None:
        """Fill the charts with the samples that the engine keeps."""
        self.window.overview.show_samples(await self._client.samples())

    def hide(self) -> None:
        """Hide the window and the tray icon."""
        self.window.hide()
        self.tray.hide()

    @Slot()
    def request_quit(self) -> None:
        """Quit, after a question if requests run; a second call while quitting forces it."""
        if self._quit_request.requested.is_set():
            self._quit_request.request()
        elif not self._asking:
            self._client.spawn(self._ask_before_quitting())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Quit and not self._quit_request.forced.is_set():
            self.request_quit()
            return True
        return super().eventFilter(watched, event)

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
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def _build(self) -> None:
        self.actions = Actions(self._client, self)
        self.tray = Tray(self.actions, self)
        self.window = MainWindow(self._client, self.theme, self.actions, self._open_log)
        self.actions.open_requested.connect(self.open)
        self.actions.quit_requested.connect(self.request_quit)
        self.window.close_requested.connect(self._on_close_requested)
        self.window.shown.connect(self._watch)
        self.actions.show_snapshot(self._client.snapshot)
        self.tray.show_snapshot(self._client.snapshot)

    @Slot()
    def _watch(self) -> None:
        self._client.watch(self.window.isVisible() and not self.window.isMinimized())

    def _change_appearance(self, appearance: WindowSettings) -> None:
        self._appearance = appearance
        self.theme.choose(appearance.theme)
        if self.language.use(appearance.language):
            self._rebuild()

    def _rebuild(self) -> None:
        """Replace the window by a new one in the new language, at the same place."""
        old, tray, actions = self.window, self.tray, self.actions
        shown, page, geometry = old.isVisible(), old.page, old.saveGeometry()
        tray.hide()
        self._build()
        self.window.overview.take_samples(old.overview)
        self.window.take_banners(old)
        self.window.restoreGeometry(geometry)
        self.window.show_page(page)
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
                detail = self.tr("The panel can let them end first; nothing new is accepted meanwhile.")
                choices = (self.tr("Finish and quit"), self.tr("Quit at once"), self.tr("Keep running"))
                choice = await dialogs.choose(self.window, text, detail, choices)
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
