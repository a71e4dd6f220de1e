"""The icon in the system tray, where there is one: it shows the panel's state, and its menu has the actions."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QColor, QIcon, QPainter
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import format as fmt
from ollama_panel.gui import resources
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.tokens import DARK


def health(snapshot: Snapshot) -> str:
    """Return the tone of the panel's overall state: danger, warn, ok, or muted while the proxy is off."""
    if snapshot.fatal or snapshot.proxy.problem:
        return "danger"
    if any(record.phase is Phase.FAILED for record in snapshot.instances):
        return "danger"
    if not snapshot.proxy.on:
        return "muted"
    if snapshot.paused:
        return "warn"
    return "ok" if any(record.phase is Phase.READY for record in snapshot.instances) else "warn"


class Tray(QObject):
    """The tray icon. The window offers everything that it offers, because plain GNOME has no tray."""

    def __init__(self, actions: Actions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        self._actions = actions
        self._tone = ""
        self._state = self.menu.addAction("")
        self._state.setEnabled(False)
        self.menu.addSeparator()
        actions.fill(self.menu)
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._activated)

    def show(self) -> None:
        """Show the icon, if this desktop has a tray."""
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon.setIcon(self._icon.icon() if self._tone else state_icon("muted"))
            self._icon.show()

    def hide(self) -> None:
        """Hide the icon."""
        self._icon.hide()

    def visible(self) -> bool:
        """Return whether the user can reach the panel through the tray."""
        return self._icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    def notify(self, title: str, text: str) -> None:
        """Show a desktop notification."""
        self._icon.showMessage(title, text, resources.app_icon(), 6000)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the state in the icon, its tooltip and the first line of the menu."""
        running = sum(record.phase is Phase.READY for record in snapshot.instances)
        waiting = sum(pool.queued for pool in snapshot.pools)
        text = self.tr("{running} of {all} instances running, {waiting} waiting").format(
            running=fmt.number(running), all=fmt.number(len(snapshot.instances)), waiting=fmt.number(waiting)
        )
        if text != self._state.text():
            self._state.setText(text)
            self._icon.setToolTip(f"Ollama Panel\n{text}")
        if (tone := health(snapshot)) != self._tone:
            self._tone = tone
            self._icon.setIcon(state_icon(tone))

    @Slot(QSystemTrayIcon.ActivationReason)
    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self._actions.open_requested.emit()


def state_icon(tone: str) -> QIcon:
    """Return the program's icon with a dot in the colour of its state."""
    made = QIcon()
    for size in (16, 22, 24, 32, 48, 64):
        drawn = resources.pixmap("app", "#000000", size)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(getattr(DARK, tone)))
        painter.setPen(QColor(DARK.bg))
        dot = size * 0.42
        painter.drawEllipse(int(size - dot) - 1, int(size - dot) - 1, int(dot), int(dot))
        painter.end()
        made.addPixmap(drawn)
    return made
