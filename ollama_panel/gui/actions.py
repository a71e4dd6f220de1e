"""The global actions, shared by the menus of the tray and of the window."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui.client import EngineClient


class Actions(QObject):
    """The actions, enabled according to the snapshot. The window's owner handles `open_requested`, `quit_requested`."""

    open_requested = Signal()
    quit_requested = Signal()
    copied = Signal(str)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self.open = self._make(self.tr("Open panel"), self.open_requested.emit)
        self.proxy = self._make(self.tr("Proxy on"), self._toggle_proxy, checkable=True)
        self.proxy.setToolTip(self.tr("Answer clients on the panel's address; off refuses new requests"))
        self.pause = self._make(self.tr("Pause the queue"), self._toggle_pause, checkable=True)
        self.pause.setToolTip(self.tr("Requests are accepted and wait; running requests continue"))
        self.copy = self._make(self.tr("Copy address"), self.copy_address)
        self.start_all = self._make(self.tr("Start all instances"), lambda: client.spawn(client.start_all()))
        self.stop_all = self._make(self.tr("Stop all instances"), lambda: client.spawn(client.stop_all()))
        self.stop_all.setToolTip(self.tr("Running requests end first; new ones wait until an instance runs again"))
        self.unload = self._make(self.tr("Free GPU memory"), lambda: client.spawn(client.unload_all()))
        self.unload.setToolTip(
            self.tr("Unloads every model as soon as no request uses it; the next request loads it again")
        )
        self.quit = self._make(self.tr("Quit"), self.quit_requested.emit)
        self.quit.setShortcut(QKeySequence("Ctrl+Q"))
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)

    def fill(self, menu: QMenu) -> None:
        """Add the actions to a menu, in groups."""
        menu.setToolTipsVisible(True)
        groups = (
            (self.open,),
            (self.proxy, self.pause, self.copy),
            (self.start_all, self.stop_all, self.unload),
            (self.quit,),
        )
        for number, group in enumerate(groups):
            if number:
                menu.addSeparator()
            menu.addActions(group)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Enable the actions that are possible now."""
        alive = not snapshot.fatal
        self.proxy.setChecked(snapshot.proxy.on)
        self.pause.setChecked(snapshot.paused)
        self.copy.setEnabled(bool(snapshot.proxy.url))
        managed = any(record.managed for record in snapshot.instances)
        for action, possible in (
            (self.proxy, alive),
            (self.pause, alive),
            (self.start_all, alive and managed),
            (self.stop_all, alive and managed),
            (self.unload, alive and any(record.models for record in snapshot.instances)),
        ):
            action.setEnabled(possible)

    @Slot()
    def copy_address(self) -> None:
        """Copy the panel's address to the clipboard."""
        if url := self._client.snapshot.proxy.url:
            QGuiApplication.clipboard().setText(url)
            self.copied.emit(url)

    def _make(self, text: str, run: object, checkable: bool = False) -> QAction:
        action = QAction(text, self)
        action.setCheckable(checkable)
        action.triggered.connect(run)
        return action

    @Slot(bool)
    def _toggle_proxy(self, on: bool) -> None:
        self._client.spawn(self._client.set_proxy(on))

    @Slot(bool)
    def _toggle_pause(self, on: bool) -> None:
        self._client.spawn(self._client.set_paused(on))
