"""The icon in the system tray, where there is one: it shows the panel's state, and its menu has the actions."""

from PySide6.QtCore import QObject, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from ollama_panel.core.alerts import Health, health
from ollama_panel.core.gpu_yield import YieldState
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import format as fmt
from ollama_panel.gui import resources
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.profile_menu import ProfileMenu
from ollama_panel.gui.summary import health_tone, summary
from ollama_panel.gui.tokens import DARK


class Tray(QObject):
    """The tray icon. The window offers everything that it offers, because plain GNOME has no tray."""

    def __init__(self, actions: Actions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        self._actions = actions
        self._tone, self._away = "muted", False
        self._state = self.menu.addAction("")
        self._state.setEnabled(False)
        self._trouble = self.menu.addAction("")
        self._trouble.setEnabled(False)
        self._trouble.setVisible(False)
        self.menu.addSeparator()
        actions.fill_tray(self.menu)
        self.profiles = ProfileMenu(actions.client, self.tr("Profile"), parent=self.menu)
        self.profiles.all_wanted.connect(actions.show_profiles)
        self.menu.insertMenu(actions.start_all, self.profiles)
        self._icon: QSystemTrayIcon | None = None

    def show(self) -> None:
        """Show the icon, if this desktop has a tray by now: one that is made before never appears."""
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon = self._icon or self._make_icon()
            self._icon.show()

    def hide(self) -> None:
        """Hide the icon."""
        if self._icon is not None:
            self._icon.hide()

    def visible(self) -> bool:
        """Return whether the user can reach the panel through the tray."""
        return self._icon is not None and self._icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    def notify(self, title: str, text: str) -> None:
        """Show a desktop notification, where there is a tray."""
        if self._icon is not None:
            self._icon.showMessage(title, text, resources.app_icon(), 6000)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the state in the icon, its tooltip and the first line of the menu."""
        running = sum(record.phase is Phase.READY for record in snapshot.instances)
        waiting = sum(pool.queued for pool in snapshot.pools)
        text = self.tr("{running} of {all} instances running, {waiting} waiting").format(
            running=fmt.number(running), all=fmt.number(len(snapshot.instances)), waiting=fmt.number(waiting)
        )
        if snapshot.starting:
            text = self.tr("Starting…")
        told, state = summary(snapshot), health(snapshot)
        if (text, told) != (self._state.text(), self._trouble.text()):
            self._state.setText(text)
            self._trouble.setText(told)
            if self._icon is not None:
                self._icon.setToolTip(self._tip())
        self._trouble.setVisible(state is not Health.WELL)
        self.profiles.menuAction().setEnabled(not snapshot.fatal)
        shown = health_tone(state), snapshot.gpu_yield.state is not YieldState.SERVING
        if shown != (self._tone, self._away):
            self._tone, self._away = shown
            if self._icon is not None:
                self._icon.setIcon(state_icon(*shown))

    def _make_icon(self) -> QSystemTrayIcon:
        made = QSystemTrayIcon(state_icon(self._tone, self._away), self)
        made.setToolTip(self._tip())
        made.setContextMenu(self.menu)
        made.activated.connect(self._activated)
        return made

    def _tip(self) -> str:
        return "\n".join(("Ollama Panel", *filter(None, dict.fromkeys((self._state.text(), self._trouble.text())))))

    @Slot(QSystemTrayIcon.ActivationReason)
    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self._actions.open_requested.emit()


def state_icon(tone: str, away: bool = False) -> QIcon:
    """Return the program's icon with a dot in the colour of its state; faded, with a ring, while the GPU is `away`."""
    made = QIcon()
    for size in (16, 22, 24, 32, 48, 64):
        drawn = resources.pixmap("app", "#000000", size)
        if away:
            drawn = _faded(drawn)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dot, colour = int(size * 0.42), QColor(DARK.info if away else getattr(DARK, tone))
        place = QRectF(size - dot - 1, size - dot - 1, dot, dot)
        painter.setBrush(colour)
        painter.setPen(QColor(DARK.bg))
        painter.drawEllipse(place)
        if away:
            painter.setBrush(QColor(DARK.bg))
            hole = dot * 0.28
            painter.drawEllipse(place.adjusted(hole, hole, -hole, -hole))
        painter.end()
        made.addPixmap(drawn)
    return made


def _faded(picture: QPixmap) -> QPixmap:
    """Return a picture at half its strength."""
    faded = QPixmap(picture.size())
    faded.setDevicePixelRatio(picture.devicePixelRatio())
    faded.fill(Qt.GlobalColor.transparent)
    painter = QPainter(faded)
    painter.setOpacity(0.5)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    return faded
