"""A desktop's tray without pixels: says what menu an icon offers, clicks in it, and keeps the notifications.

It speaks what desktops speak: StatusNotifierItem for the icons, com.canonical.dbusmenu for their menus, and
org.freedesktop.Notifications.
"""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Annotated, Any, Self

from dbus_fast import PropertyAccess, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

from tests.e2e.desktop.accessibility import BusError, call, connected
from tests.e2e.desktop.user import PATIENCE_S
from tests.fakes.waiting import Changes, polled

_WATCHER = "org.kde.StatusNotifierWatcher"
_NOTIFICATIONS = "org.freedesktop.Notifications"
_ITEM = ("/StatusNotifierItem", "org.kde.StatusNotifierItem")
_PROPERTIES = "org.freedesktop.DBus.Properties"
_BUS = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
_ROOT, _WHOLE = 0, -1

_Strings = Annotated[list[str], DBusSignature("as")]
_Hints = Annotated[dict[str, Any], DBusSignature("a{sv}")]
_Information = Annotated[tuple[str, str, str, str], DBusSignature("ssss")]


@dataclass(frozen=True)
class Entry:
    """An entry of a menu; `checked` is None for one that cannot be checked."""

    number: int
    label: str
    enabled: bool
    checked: bool | None

    def fits(self, checked: bool | None) -> bool:
        """Return whether it is enabled, and checked as wanted."""
        return self.enabled and self.checked is checked


class TrayHost:
    """The tray of a desktop's D-Bus session, for the length of `async with`. `notifications` are their texts."""

    def __init__(self, session: str) -> None:
        self._session = session
        self.notifications: list[str] = []
        self._items: list[str] = []
        self._changes = Changes(lambda: f"the icons are {self._items}, the notifications {self.notifications}")

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            self._bus = await connected(stack, self._session)
            self._bus.export("/StatusNotifierWatcher", _Watcher(self._items, self._changes))
            self._bus.export("/org/freedesktop/Notifications", _Notifications(self.notifications, self._changes))
            await self._bus.request_name(_WATCHER)
            await self._bus.request_name(_NOTIFICATIONS)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    async def icon(self, pid: int) -> "Icon":
        """Wait until a process has registered an icon, and return the latest."""

        async def look() -> str | None:
            for service in reversed(self._items):
                try:
                    owner = await call(self._bus, *_BUS, "GetConnectionUnixProcessID", "s", service)
                except BusError:  # it has gone
                    continue
                if owner == [pid]:
                    return service
            return None

        service = await polled(look, f"an icon of the process {pid} in the tray", PATIENCE_S)
        assert service is not None
        return Icon(self._bus, service)

    async def notified(self, text: str) -> None:
        """Wait for a notification with a text."""
        await self._changes.until(lambda: text in self.notifications)


class Icon:
    """An icon in the tray, with its menu."""

    def __init__(self, bus: MessageBus, service: str) -> None:
        self._bus = bus
        self._service = service

    async def is_there(self) -> bool:
        """Return whether its program still shows it."""
        try:
            await self._property("Status")
        except BusError:
            return False
        return True

    async def press(self) -> None:
        """Click on the icon."""
        await call(self._bus, self._service, *_ITEM, "Activate", "ii", 0, 0)

    async def entries(self) -> list[Entry]:
        """Open the menu and return its entries."""
        await self._menu("AboutToShow", "i", _ROOT)
        _, layout = await self._menu("GetLayout", "iias", _ROOT, _WHOLE, [])
        return list(_entries(layout))

    async def entry(self, label: str, checked: bool | None = None) -> Entry:
        """Open the menu until it has an entry with a label that is enabled and checked as wanted, and return it."""
        entries: list[Entry] = []

        async def look() -> Entry | None:
            nonlocal entries
            entries = await self.entries()
            return next((entry for entry in entries if entry.label == label and entry.fits(checked)), None)

        wanted = f"{label!r}, enabled and {'not checkable' if checked is None else f'checked: {checked}'}"
        entry = await polled(look, lambda: f"an entry {wanted} in {entries}", PATIENCE_S)
        assert entry is not None
        return entry

    async def choose(self, label: str, checked: bool | None = None) -> None:
        """Open the menu and choose an entry."""
        entry = await self.entry(label, checked)
        await self._menu("Event", "isvu", entry.number, "clicked", Variant("s", ""), 0)

    async def _menu(self, method: str, signature: str, *values: Any) -> list[Any]:
        path = await self._property("Menu")
        return await call(self._bus, self._service, path, "com.canonical.dbusmenu", method, signature, *values)

    async def _property(self, name: str) -> Any:
        path, interface = _ITEM
        return (await call(self._bus, self._service, path, _PROPERTIES, "Get", "ss", interface, name))[0].value


def _entries(node: Any) -> Iterator[Entry]:
    number, properties, children = node
    values = {name: variant.value for name, variant in properties.items()}
    if values.get("label") and values.get("visible", True):
        checked = values.get("toggle-state") == 1 if values.get("toggle-type") else None
        yield Entry(number, values["label"].replace("_", ""), values.get("enabled", True), checked)
    for child in children:
        yield from _entries(child.value)


class _Watcher(ServiceInterface):
    """What icons register with."""

    def __init__(self, items: list[str], changes: Changes) -> None:
        super().__init__(_WATCHER)
        self._items = items
        self._changes = changes

    @dbus_method(name="RegisterStatusNotifierItem")
    def register_item(self, service: DBusStr) -> None:
        self._items.append(service)
        self._changes.notify()

    @dbus_property(access=PropertyAccess.READ, name="RegisteredStatusNotifierItems")
    def items(self) -> _Strings:
        return self._items

    @dbus_property(access=PropertyAccess.READ, name="IsStatusNotifierHostRegistered")
    def is_host_registered(self) -> DBusBool:
        return True

    @dbus_property(access=PropertyAccess.READ, name="ProtocolVersion")
    def protocol_version(self) -> DBusInt32:
        return 0


class _Notifications(ServiceInterface):
    """What shows notifications."""

    def __init__(self, texts: list[str], changes: Changes) -> None:
        super().__init__(_NOTIFICATIONS)
        self._texts = texts
        self._changes = changes

    @dbus_method(name="GetCapabilities")
    def capabilities(self) -> _Strings:
        return ["body"]

    @dbus_method(name="GetServerInformation")
    def information(self) -> _Information:
        return "tests", "tests", "1", "1.2"

    @dbus_method(name="Notify")
    def notify(
        self,
        _program: DBusStr,
        replaced: DBusUInt32,
        _icon: DBusStr,
        _summary: DBusStr,
        body: DBusStr,
        _actions: _Strings,
        _hints: _Hints,
        _shown_ms: DBusInt32,
    ) -> DBusUInt32:
        self._texts.append(body)
        self._changes.notify()
        return replaced or len(self._texts)
