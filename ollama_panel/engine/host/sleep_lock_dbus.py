"""The locks of D-Bus services, with what `wakepy` lacks: this program's name, systemd's lock, an end without a pause.

Sources: wakepy 1.0.0 (`methods`, `core/dbus.py`); systemd's `org.freedesktop.login1(5)`, `src/login/logind-inhibit.h`
and `org.freedesktop.login1.policy`.
"""

import select
import socket
from typing import Any, Protocol

from jeepney import DBusAddress as Address
from jeepney import MessageType, new_method_call
from jeepney.bus import get_bus
from jeepney.io.blocking import DBusConnection, prep_socket
from jeepney.low_level import Message
from typing_extensions import override
from wakepy import Method
from wakepy.core import BusType, DBusAddress, DBusMethod, DBusMethodCall, ModeName, PlatformType
from wakepy.dbus_adapters.jeepney import JeepneyDBusAdapter

from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render

NAME = "Ollama Panel"
REASON = render(notice("keep_awake.reason"))
TOLD = {render(one): one for one in (notice("keep_awake.no_answer"), notice("keep_awake.no_bus"))}
"""What has failed, by the words of the error in which wakepy wraps it."""
_NO_ANSWER, _NO_BUS = TOLD

_SYSTEMD = "org.freedesktop.login1"
ORDER = ("org.gnome.SessionManager", "org.freedesktop.PowerManagement", _SYSTEMD)
_OURS = {"app_id": NAME, "application_name": NAME, "reason": REASON, "reason_for_inhibit": REASON}
"""The arguments of GNOME's and of freedesktop's `Inhibit`, in which wakepy gives its own name."""

_LOCKS = (("sleep:idle", "block-weak"), ("sleep:idle", "block"), ("idle", "block"))
"""What systemd is asked for, in turn.

With `block-weak`, of version 257, the user can still let the machine sleep, as with `block` before. A program outside
of any session, such as a service, may block nothing but sleep for want of use.
"""


_MANAGER = DBusAddress(
    bus=BusType.SYSTEM,
    service=_SYSTEMD,
    path="/org/freedesktop/login1",
    interface="org.freedesktop.login1.Manager",
)


class SystemdInhibit(Method):
    """The lock of systemd, which machines without a desktop have, too: it is held as long as its descriptor is open."""

    name = _SYSTEMD
    mode_name = ModeName.KEEP_RUNNING
    supported_platforms = (PlatformType.LINUX,)

    _METHOD = DBusMethod(
        name="Inhibit",
        signature="ssss",
        params=("what", "who", "why", "mode"),
        output_signature="h",
        output_params=("lock",),
    ).of(_MANAGER)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._lock: Any = None

    @override
    def enter_mode(self) -> None:
        for what, mode in _LOCKS:
            try:
                (self._lock,) = self.process_dbus_call(DBusMethodCall(self._METHOD, (what, NAME, REASON, mode)))
            except RuntimeError:
                if (what, mode) == _LOCKS[-1]:
                    raise
            else:
                return

    @override
    def exit_mode(self) -> None:
        if self._lock is not None:
            self._lock.close()


class _Descriptor(Protocol):
    def fileno(self) -> int: ...


class _Connection(DBusConnection):  # type: ignore[misc]  # jeepney has no types
    """A connection that waits no longer than `timeout` seconds for anything, its first greeting included."""

    def __init__(self, socket: socket.socket, timeout: float) -> None:
        self._timeout = timeout
        super().__init__(socket, enable_fds=True)

    @override
    def receive(self, *, timeout: float | None = None) -> Message:
        return super().receive(timeout=self._timeout if timeout is None else timeout)


class Bus(JeepneyDBusAdapter):
    """Gives the name of this program, takes descriptors, and knows whether what has given a lock is still there."""

    def __init__(self) -> None:
        super().__init__()
        self._services = dict[tuple[BusType | str | None, str], str]()
        self._descriptors = list[_Descriptor]()

    def has_lost(self) -> bool:
        """Return whether a service that has given a lock has ended since. One that does not answer has not."""
        gone = any(self._owner(bus, name) not in (owner, None) for (bus, name), owner in self._services.items())
        return gone or any(map(_is_closed, self._descriptors))

    def _note(self, call: DBusMethodCall, answer: Any) -> None:
        """Note who has given a lock: systemd's is its descriptor's."""
        bus, service = call.method.bus, call.method.service or ""
        if service == _SYSTEMD:
            self._descriptors.append(answer[0])
        else:
            self._services[bus, service] = self._owner(bus, service) or ""

    def _owner(self, bus: BusType | str | None, name: str) -> str | None:
        """Return which connection has a name on a bus, "" = none, None = the bus does not answer."""
        daemon = Address("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        asked = new_method_call(daemon, "GetNameOwner", "s", (name,))
        try:
            connection: Any = self._get_connection(bus)
            answer = connection.send_and_get_reply(asked, timeout=self.timeout)
        except TimeoutError:
            return None
        except (OSError, EOFError):
            return ""
        return str(answer.body[0]) if answer.header.message_type is MessageType.method_return else ""

    @override
    def process(self, call: DBusMethodCall) -> object:
        named = call.get_kwargs()
        if named is not None and not _OURS.keys().isdisjoint(named):
            call = DBusMethodCall(call.method, {name: _OURS.get(name, value) for name, value in named.items()})
        try:
            answer = super().process(call)
        except TimeoutError as error:
            raise TimeoutError(_NO_ANSWER) from error
        if call.method.name == "Inhibit":
            self._note(call, answer)
        return answer

    @override
    def _create_new_connection(self, bus: BusType | str | None = BusType.SESSION) -> DBusConnection:
        try:
            opened = prep_socket(get_bus(bus), enable_fds=True, timeout=self.timeout)
            try:
                return _Connection(opened, self.timeout)
            except BaseException:
                opened.close()
                raise
        except TimeoutError as error:
            raise TimeoutError(_NO_ANSWER) from error
        except (ValueError, LookupError, RuntimeError) as error:  # the address is none, or no bus is there
            raise ConnectionError(_NO_BUS) from error

    @override
    def close_connections(self) -> None:
        """Close them, without wakepy's collection of garbage, which would hold up the answers that run."""
        while self._connections:
            self.close_connection(self._connections.popitem()[1])


def _is_closed(lock: _Descriptor) -> bool:
    """Return whether the other end of a lock's descriptor was closed."""
    look = select.poll()
    look.register(lock.fileno(), 0)
    return any(events & (select.POLLERR | select.POLLHUP) for _, events in look.poll(0))
