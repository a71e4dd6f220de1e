"""The global actions, shared by the menus of the tray and of the window."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from ollama_panel.core.snapshot import Snapshot
from ollama_panel.desktop.systems import Desktop, this_desktop
from ollama_panel.gui import results
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.gpu_control import GpuControl
from ollama_panel.gui.login import LoginAction
from ollama_panel.gui.notices import joined_list, notice_text
from ollama_panel.gui.window_state import WindowState


class Actions(QObject):
    """The actions, enabled according to the snapshot. The window's owner handles `open_requested`, `quit_requested`."""

    open_requested = Signal()
    quit_requested = Signal()
    first_run_requested = Signal()
    profiles_requested = Signal()
    check_requested = Signal()

    def __init__(
        self,
        client: EngineClient,
        parent: QObject | None = None,
        desktop: Desktop | None = None,
        state: WindowState | None = None,
    ) -> None:
        """`state` keeps from one run to the next what the user has chosen."""
        super().__init__(parent)
        self.client = client
        self.gpu = GpuControl(client, state, self)
        self.open = self._make(self.tr("Open panel"), self.open_requested.emit)
        self.first_run = self._make(self.tr("First steps…"), self._begin_first_run)
        self.first_run.setToolTip(self.tr("What was found on this machine, what is advised, and how programs connect"))
        self.proxy = self._make(self.tr("Proxy on"), self._toggle_proxy, checkable=True)
        self.proxy.setToolTip(self.tr("Answer clients on the panel's address; off refuses new requests"))
        self.pause = self._make(self.tr("Pause the queue"), self._toggle_pause, checkable=True)
        self.pause.setToolTip(self.tr("Requests are accepted and wait; running requests continue"))
        self.copy = self._make(self.tr("Copy address"), self.copy_address)
        self.start_all = self._make(self.tr("Start all instances"), lambda: client.spawn(results.start_all(client)))
        self.stop_all = self._make(self.tr("Stop all instances"), lambda: client.spawn(results.stop_all(client)))
        self.stop_all.setToolTip(self.tr("Running requests end first; new ones wait until an instance runs again"))
        self.unload = self._make(self.tr("Free GPU memory"), lambda: client.spawn(results.unload_all(client)))
        self.unload.setToolTip(
            self.tr("Unloads every model as soon as no request uses it; the next request loads it again")
        )
        self.undo = self._make(self.tr("Undo the last change"), lambda: client.spawn(results.undo_last_change(client)))
        self.profiles = self._make(self.tr("Profiles…"), self.show_profiles)
        self.profiles.setToolTip(
            self.tr("Complete settings that are kept by name, with what they were measured to give")
        )
        self.check = self._make(self.tr("Check this machine"), self._check)
        self.check.setToolTip(self.tr("Looks for what is wrong, and shows what mends it"))
        self.login = LoginAction(desktop or this_desktop(), client, self)
        self.quit = self._make(self.tr("Quit"), self.quit_requested.emit)
        self.quit.setShortcut(QKeySequence("Ctrl+Q"))
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)

    def fill_tray(self, menu: QMenu) -> None:
        """Add to a menu what can be done without the window."""
        self._fill(menu, (self.open, self.copy), *self._common(), (self.login,), (self.quit,))

    def fill_window(self, menu: QMenu) -> None:
        """Add to a menu what can be done in the window."""
        groups = (
            (self.copy,),
            *self._common(),
            (self.undo, self.profiles, self.check, self.first_run),
            (self.login,),
            (self.quit,),
        )
        self._fill(menu, *groups)

    def _common(self) -> tuple[tuple[QAction, ...], ...]:
        first = (self.proxy, self.pause, self.gpu.switch, self.gpu.cut, self.unload)
        return first, (self.start_all, self.stop_all)

    def _fill(self, menu: QMenu, *groups: tuple[QAction, ...]) -> None:
        """Add actions to a menu, in groups."""
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self.login.refresh)
        for number, group in enumerate(groups):
            if number:
                menu.addSeparator()
            menu.addActions(group)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Enable the actions that are possible now."""
        alive = not snapshot.fatal
        self.gpu.show_snapshot(snapshot)
        self.proxy.setChecked(snapshot.proxy.on)
        self.pause.setChecked(snapshot.paused)
        self.copy.setEnabled(bool(snapshot.proxy.url))
        change = snapshot.last_change
        words = [notice_text(one) for one in change.applied] if change is not None else []
        nothing = self.tr("Nothing that requests are served by was changed in this run")
        self.undo.setToolTip(joined_list(words) or nothing)
        managed = any(record.managed for record in snapshot.instances)
        for action, possible in (
            (self.proxy, alive),
            (self.pause, alive),
            (self.start_all, alive and managed),
            (self.stop_all, alive and managed),
            (self.undo, alive and change is not None),
            (self.profiles, alive),
            (self.check, alive and not snapshot.doctor.running),
            (self.unload, alive and any(record.models for record in snapshot.instances)),
        ):
            action.setEnabled(possible)

    @Slot()
    def copy_address(self) -> None:
        """Copy the panel's address to the clipboard."""
        if url := self.client.snapshot.proxy.url:
            results.copy(self.client, url)

    @Slot()
    def show_profiles(self) -> None:
        """Show all profiles, in the window."""
        self.open_requested.emit()
        self.profiles_requested.emit()

    @Slot()
    def _check(self) -> None:
        self.open_requested.emit()
        self.check_requested.emit()

    @Slot()
    def _begin_first_run(self) -> None:
        self.first_run_requested.emit()
        self.open_requested.emit()

    def _make(self, text: str, run: object, checkable: bool = False) -> QAction:
        action = QAction(text, self)
        action.setCheckable(checkable)
        action.triggered.connect(run)
        return action

    @Slot(bool)
    def _toggle_proxy(self, on: bool) -> None:
        self.client.spawn(results.set_proxy(self.client, on))

    @Slot(bool)
    def _toggle_pause(self, on: bool) -> None:
        self.client.spawn(results.set_paused(self.client, on))
