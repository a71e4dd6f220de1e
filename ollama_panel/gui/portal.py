"""The desktop's light or dark preference, read from the freedesktop settings portal.

Qt reports `Unknown` on platforms without a desktop theme plugin; the portal is available there, too
(`org.freedesktop.appearance` `color-scheme`: 1 = dark, 2 = light, 0 = no preference).
"""

import sys
from typing import Any

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusVariant

_SERVICE = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Settings"
_NAMESPACE, _KEY = "org.freedesktop.appearance", "color-scheme"


def is_dark(value: Any) -> bool:
    """Return whether the portal's value means dark; it may be wrapped in variants several times."""
    while isinstance(value, QDBusVariant):
        value = value.variant()
    return bool(value == 1)


class DesktopScheme(QObject):
    """`dark` is the last known preference, `changed` is emitted when it changes. Never waits for the portal."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.dark = False
        if not sys.platform.startswith("linux"):
            return
        bus = QDBusConnection.sessionBus()
        if bus.isConnected():
            self._ask(bus)

    def _ask(self, bus: QDBusConnection) -> None:
        call = QDBusMessage.createMethodCall(_SERVICE, _PATH, _INTERFACE, "Read")
        call.setArguments([_NAMESPACE, _KEY])
        self._watcher = QDBusPendingCallWatcher(bus.asyncCall(call, 2000), self)
        self._watcher.finished.connect(self._answered)
        slot = SLOT("_setting_changed(QString,QString,QDBusVariant)")
        bus.connect(_SERVICE, _PATH, _INTERFACE, "SettingChanged", self, slot)  # type: ignore[call-overload]  # it is a str

    @Slot(QDBusPendingCallWatcher)
    def _answered(self, watcher: QDBusPendingCallWatcher) -> None:
        reply = watcher.reply()
        if reply.type() is QDBusMessage.MessageType.ReplyMessage and reply.arguments():
            self._note(reply.arguments()[0])

    @Slot(str, str, QDBusVariant)
    def _setting_changed(self, namespace: str, key: str, value: QDBusVariant) -> None:
        if (namespace, key) == (_NAMESPACE, _KEY):
            self._note(value)

    def _note(self, value: Any) -> None:
        dark = is_dark(value)
        if dark is not self.dark:
            self.dark = dark
            self.changed.emit()
