"""What a screen reader sees of a program: its widgets by role and accessible name, read over AT-SPI.

AT-SPI is D-Bus on a bus of its own. The numbers of roles and states are those of `atspi-constants.h`.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

_ROOT = "/org/a11y/atspi/accessible/root"
_REGISTRY = "org.a11y.atspi.Registry"
_ACCESSIBLE = "org.a11y.atspi.Accessible"
_PROPERTIES = "org.freedesktop.DBus.Properties"

CHECKED, ENABLED, FOCUSED, SELECTED, SHOWING = 4, 8, 12, 23, 25
_MATCH_ALL, _MATCH_ANY = 1, 2
_SCREEN = 0

Reference = tuple[str, str]
"""The bus name of a program, and the path of one of its widgets there."""


class BusError(Exception):
    """The program answered with an error, as when a widget has gone meanwhile."""


@dataclass(frozen=True)
class Widget:
    """Which widget is meant: its kind for messages, its possible roles, and its accessible name or how that begins."""

    kind: str
    roles: tuple[int, ...]
    name: str
    begins: bool = False
    within: "Widget | None" = None

    def is_called(self, name: str) -> bool:
        """Return whether a widget of this name is meant."""
        return name.startswith(self.name) if self.begins else self.name == name

    def __str__(self) -> str:
        place = f" in {self.within}" if self.within else ""
        return f"the {self.kind} {self.name!r}{'...' if self.begins else ''}{place}"


def button(name: str, within: Widget | None = None) -> Widget:
    """A button, also one that stays down."""
    return Widget("button", (43, 62, 7), name, within=within)


def entry(name: str, within: Widget | None = None) -> Widget:
    """An entry of a menu."""
    return Widget("entry", (35, 8, 45), name, within=within)


def slider(name: str) -> Widget:
    return Widget("slider", (51,), name)


def spin_box(name: str) -> Widget:
    return Widget("spin box", (52,), name)


def field(name: str) -> Widget:
    """A field for a line of text."""
    return Widget("field", (61, 79), name)


def combo_box(name: str) -> Widget:
    return Widget("combo box", (11,), name)


def text(name: str, within: Widget | None = None) -> Widget:
    """A text that is exactly this."""
    return Widget("text", (29,), name, within=within)


def text_beginning(words: str, within: Widget | None = None) -> Widget:
    """A text that begins with this."""
    return Widget("text", (29,), words, begins=True, within=within)


def cell(name: str, within: Widget | None = None) -> Widget:
    """A cell of a table."""
    return Widget("cell", (56,), name, within=within)


def table(name: str) -> Widget:
    return Widget("table", (55,), name)


def dialog(name: str) -> Widget:
    return Widget("dialog", (16, 2), name)


QUESTION = dialog("Ollama Panel")
"""The box of a question or a warning; its texts tell which."""


def window(name: str) -> Widget:
    return Widget("window", (23,), name)


@dataclass(frozen=True)
class Box:
    """A rectangle of the screen, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2


@dataclass(frozen=True)
class Seen:
    """A widget as it is now."""

    reference: Reference
    name: str
    box: Box
    states: frozenset[int]


class AccessibilityBus:
    """A connection to the accessibility bus of a desktop, which is started by the first one."""

    def __init__(self, session: str) -> None:
        self._session = session

    async def __aenter__(self) -> "AccessibilityBus":
        async with AsyncExitStack() as stack:
            session = await connected(stack, self._session)
            answer = await call(session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")
            self._stack = AsyncExitStack()
            self._bus = await connected(self._stack, answer[0])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def program(self, pid: int) -> Reference | None:
        """Return the program of a process, None while it is not there."""
        for name, path in (await call(self._bus, _REGISTRY, _ROOT, _ACCESSIBLE, "GetChildren"))[0]:
            asked = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
            try:
                if (await call(self._bus, *asked, "GetConnectionUnixProcessID", "s", name))[0] == pid:
                    return name, path
            except BusError:  # it has just gone
                continue
        return None

    async def all_of(self, program: Reference, wanted: Widget) -> list[Seen]:
        """Return the widgets of a kind that are shown, whatever their names. Empty while the place is not there."""
        root = program
        if wanted.within is not None:
            places = [seen for seen in await self.all_of(program, wanted.within) if wanted.within.is_called(seen.name)]
            if len(places) != 1:
                return []
            root = places[0].reference
        rule = [_bits((SHOWING,)), _MATCH_ALL, {}, _MATCH_ALL, _bits(wanted.roles), _MATCH_ANY, [], _MATCH_ALL, False]
        found = await self._ask(root, "Collection", "GetMatches", "(aiia{ss}iaiiasib)uib", rule, 1, 0, True)
        return [seen for seen in await asyncio.gather(*map(self._seen, found)) if seen is not None]

    async def value(self, seen: Seen) -> float:
        """Return the value of a slider or spin box."""
        return float(await self._property(seen.reference, "Value", "CurrentValue"))

    async def description(self, seen: Seen) -> str:
        """Return what a screen reader reads after the name."""
        return str(await self._property(seen.reference, "Accessible", "Description"))

    async def _seen(self, reference: Reference) -> Seen | None:
        try:
            name, states, box = await asyncio.gather(
                self._property(reference, "Accessible", "Name"),
                self._ask(reference, "Accessible", "GetState"),
                self._ask(reference, "Component", "GetExtents", "u", _SCREEN),
            )
        except BusError:  # it has just gone
            return None
        low, high = states
        bits = low | high << 32
        return Seen(reference, name, Box(*box), frozenset(bit for bit in range(64) if bits >> bit & 1))

    async def _property(self, reference: Reference, interface: str, name: str) -> Any:
        got = await call(self._bus, *reference, _PROPERTIES, "Get", "ss", f"org.a11y.atspi.{interface}", name)
        return got[0].value

    async def _ask(self, reference: Reference, interface: str, method: str, signature: str = "", *values: Any) -> Any:
        return (await call(self._bus, *reference, f"org.a11y.atspi.{interface}", method, signature, *values))[0]


async def connected(stack: AsyncExitStack, address: str) -> MessageBus:
    """Connect to a bus until the end of `stack`."""
    bus = await MessageBus(bus_address=address).connect()
    stack.callback(bus.disconnect)
    return bus


async def call(
    bus: MessageBus, name: str, path: str, interface: str, method: str, signature: str = "", *values: Any
) -> list[Any]:
    """Call a method over D-Bus and return its answer. Raises BusError if it is an error."""
    message = Message(
        destination=name, path=path, interface=interface, member=method, signature=signature, body=list(values)
    )
    reply = await bus.call(message)
    assert reply is not None
    if reply.message_type is MessageType.ERROR:
        raise BusError(f"{name} answered {method} with {reply.error_name}: {reply.body}")
    return reply.body


def _bits(numbers: Sequence[int]) -> list[int]:
    """Return a set of numbers as AT-SPI has it: bits in as many signed words of 32 as it takes."""
    words = [0] * (4 if max(numbers) > 63 else 2)
    for number in numbers:
        words[number // 32] |= 1 << number % 32
    return [word - (1 << 32) if word >> 31 else word for word in words]
