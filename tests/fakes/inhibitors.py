"""A private D-Bus with services that keep a machine awake, as GNOME's session and systemd have them.

async with Inhibitors(folder, GNOME) as bus: ...bus.environment...; await bus.until(lambda: bus.held)
"""

import asyncio
import os
import shutil
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from tests.fakes.waiting import Changes, deadline

GNOME = "org.gnome.SessionManager"
FREEDESKTOP = "org.freedesktop.PowerManagement"
SYSTEMD = "org.freedesktop.login1"

needs_dbus = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="there is no dbus-daemon")

_BUS = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
_METHODS = ("inhibit", "uninhibit")
_CONFIGURATION = """<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass(frozen=True)
class Held:
    """A lock that a program has: of which service, with which arguments, and the program's name on the bus."""

    service: str
    arguments: tuple[object, ...]
    sender: str


class Inhibitors:
    """The bus and its services, for the length of `async with`.

    Systemd's refuses the locks of `refuses` (what, mode), as for programs outside of a session. With `silent` calls
    get no answer.
    """

    def __init__(
        self, folder: Path, *services: str, refuses: tuple[tuple[str, str], ...] = (), silent: bool = False
    ) -> None:
        self._folder = folder
        self._services = services
        self._refuses = refuses
        self._silent = silent
        self._locks = dict[int, Held]()
        self._pipes = dict[int, int]()
        self.calls: list[str] = []
        self._changes = Changes(lambda: f"these locks are held: {self.held}, these calls came: {self.calls}")

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            self._folder.mkdir(parents=True, exist_ok=True)
            configuration = self._folder / "bus.conf"
            configuration.write_text(_CONFIGURATION.format(folder=self._folder))
            daemon = await asyncio.create_subprocess_exec(
                *("dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile", "--print-address"),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
            stack.push_async_callback(_ended, daemon)
            assert daemon.stdout is not None
            async with deadline("the D-Bus daemon to start"):
                self.address = (await daemon.stdout.readline()).decode().strip()
            stack.push_async_callback(self._end_services)
            await self._begin_services()
            self._stack = stack.pop_all()
        return self

    async def _begin_services(self) -> None:
        self._bus = bus = await MessageBus(bus_address=self.address, negotiate_unix_fd=True).connect()
        bus.add_message_handler(self._answer)
        name, path, interface = _BUS
        rule = f"type='signal',sender='{name}',member='NameOwnerChanged'"
        await bus.call(Message(name, path, interface, "AddMatch", signature="s", body=[rule]))
        for service in self._services:
            await bus.request_name(service)  # its calls then come to the handler

    async def _end_services(self) -> None:
        self._drop(*self._locks)
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()

    async def restart(self) -> None:
        """End the services, with the locks that they have given, and begin them anew."""
        await self._end_services()
        await self._begin_services()

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def environment(self) -> dict[str, str]:
        """What points programs at this bus; nothing tells them of a desktop."""
        return {
            "DBUS_SESSION_BUS_ADDRESS": self.address,
            "DBUS_SYSTEM_BUS_ADDRESS": self.address,
            "XDG_SESSION_DESKTOP": "",
        }

    @property
    def held(self) -> list[Held]:
        """The locks that are held now."""
        return list(self._locks.values())

    async def until(self, condition: Any) -> None:
        """Return when `condition` holds; it is looked at after every call and end of a program."""
        await self._changes.until(condition)

    def _answer(self, message: Message) -> Message | bool | None:
        if message.member == "NameOwnerChanged" and not message.body[2]:
            self._drop(*(number for number, one in self._locks.items() if one.sender == message.body[0]))
            return None
        if message.message_type is not MessageType.METHOD_CALL or message.member.lower() not in _METHODS:
            return None
        self.calls.append(f"{message.interface}.{message.member}")
        self._changes.notify()
        if self._silent:
            return True
        if message.member != "Inhibit":
            self._drop(message.body[0])
            return Message.new_method_return(message)
        if message.destination not in self._services:
            return Message.new_error(message, "org.freedesktop.DBus.Error.ServiceUnknown", "no such service")
        return self._give_descriptor(message) if SYSTEMD in message.interface else self._give_cookie(message)

    def _give_cookie(self, message: Message) -> Message:
        return Message.new_method_return(message, "u", [self._hold(message)])

    def _give_descriptor(self, message: Message) -> Message | bool:
        """Answer as systemd: the lock is held until every copy of a descriptor is closed."""
        what, _, _, mode = message.body
        if (what, mode) in self._refuses:
            return Message.new_error(message, "org.freedesktop.DBus.Error.AccessDenied", "Permission denied")
        number, (ours, theirs) = self._hold(message), os.pipe()
        self._pipes[number] = ours
        asyncio.get_running_loop().add_reader(ours, self._drop, number)
        answer = Message.new_method_return(message, "h", [0], unix_fds=[theirs])
        self._bus.send(answer).add_done_callback(lambda _: os.close(theirs))
        return True

    def _hold(self, message: Message) -> int:
        number = len(self.calls)
        self._locks[number] = Held(message.interface, tuple(message.body), message.sender)
        self._changes.notify()
        return number

    def _drop(self, *numbers: int) -> None:
        for number in numbers:
            del self._locks[number]
            ours = self._pipes.pop(number, None)
            if ours is not None:
                asyncio.get_running_loop().remove_reader(ours)
                os.close(ours)
        self._changes.notify()


async def _ended(process: asyncio.subprocess.Process) -> None:
    process.terminate()
    await process.wait()
