"""The user of a window: finds widgets as a screen reader does, and has a mouse and a keyboard.

Every look waits until what it looks for is there, and fails with what is there instead.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tests.e2e.desktop.accessibility import CHECKED, ENABLED, FOCUSED, AccessibilityBus, Reference, Seen, Widget
from tests.e2e.desktop.display import Display
from tests.fakes.waiting import deadline, polled

PATIENCE_S = 20.0
"""How long a user waits for the window: far longer than it takes, and less than the time-out of a test."""

_WHEEL_UP, _WHEEL_DOWN = "4", "5"
T = TypeVar("T")


class User:
    """Someone who uses one program of a desktop."""

    def __init__(self, display: Display, bus: AccessibilityBus, program: Reference) -> None:
        self._display = display
        self._bus = bus
        self._program = program
        self._there = "nothing was looked for"

    async def find(self, wanted: Widget) -> Seen:
        """Wait until exactly one such widget is shown, and return it."""
        return await self._until(lambda: self._look(wanted), lambda: f"{wanted} to be shown, once")

    async def names(self, wanted: Widget) -> list[str]:
        """Return the names of the widgets of a kind that are shown now, whatever the name of `wanted`."""
        return [seen.name for seen in await self.all(wanted)]

    async def all(self, wanted: Widget) -> list[Seen]:
        """Return the widgets of a kind that are shown now, whatever the name of `wanted`."""
        return await self._bus.all_of(self._program, wanted)

    async def sees(self, wanted: Widget) -> bool:
        """Return whether such a widget is shown now."""
        return any(map(wanted.is_called, await self.names(wanted)))

    async def sees_no_more(self, wanted: Widget) -> None:
        """Wait until no such widget is shown."""

        async def gone() -> bool:
            return not await self.sees(wanted)

        await self._until(gone, lambda: f"{wanted} to go away")

    async def focused(self, wanted: Widget) -> Seen:
        """Wait until a widget has the focus."""
        return await self._with(wanted, FOCUSED, "focused")

    async def active(self, wanted: Widget) -> Seen:
        """Wait until a window or dialog is the one that gets the keys.

        The X server tells which one it is, by title and size: a window of Qt that was hidden is never "active" again.
        """

        async def look() -> Seen | None:
            seen = await self._look(wanted)
            focused = await self._xdotool("getwindowfocus", "getwindowname", "getwindowgeometry", "--shell")
            if seen is None or focused is None:
                return None
            title, *values = focused.splitlines()
            size = {f"WIDTH={seen.box.width}", f"HEIGHT={seen.box.height}"}
            return seen if title == seen.name and size <= set(values) else None

        return await self._until(look, lambda: f"{wanted} to be shown, once, and to get the keys")

    async def checked(self, wanted: Widget) -> Seen:
        """Wait until a button stays down, or a box is checked."""
        return await self._with(wanted, CHECKED, "checked")

    async def sized(self, wanted: Widget, width: int, height: int) -> Seen:
        """Wait until a window has a size in pixels, and keeps its place."""

        async def look() -> Seen | None:
            seen = await self.ready(wanted)
            return seen if (seen.box.width, seen.box.height) == (width, height) else None

        return await self._until(look, lambda: f"{wanted} to have {width} x {height} pixels")

    async def value(self, wanted: Widget) -> float:
        """Return the value of a slider or spin box."""
        return await self._bus.value(await self.find(wanted))

    async def reads(self, wanted: Widget, value: float) -> None:
        """Wait until a slider or spin box has a value."""

        async def look() -> bool:
            nonlocal read
            seen = await self._look(wanted)
            read = None if seen is None else await self._bus.value(seen)
            return read == value

        read: float | None = None
        await self._until(look, lambda: f"{wanted} to be {value:g}; it is {read}")

    async def ready(self, wanted: Widget) -> Seen:
        """Wait until a widget is enabled and where it was at the last look."""
        last: Seen | None = None

        async def look() -> Seen | None:
            nonlocal last
            before, last = last, await self._look(wanted)
            stays = last is not None and before is not None and before.box == last.box
            return last if stays and last is not None and ENABLED in last.states else None

        return await self._until(look, lambda: f"{wanted} to be shown, once, enabled, and to keep its place")

    async def click(self, wanted: Widget) -> None:
        """Click on the middle of a widget."""
        await self._point(await self.ready(wanted), "click", "1")

    async def wheel(self, wanted: Widget, up: int = 0, down: int = 0) -> None:
        """Turn the mouse wheel over a widget."""
        for button, steps in ((_WHEEL_UP, up), (_WHEEL_DOWN, down)):
            if steps:
                await self._point(await self.ready(wanted), "click", "--repeat", str(steps), button)

    async def minimise(self) -> None:
        """Minimise the active window."""
        await self._act("getwindowfocus", "windowminimize")

    async def resize(self, width: int, height: int, *, x: int, y: int) -> None:
        """Give the active window another size and place."""
        await self._act("getwindowfocus", "windowsize", str(width), str(height), "windowmove", str(x), str(y))

    async def press(self, *keys: str) -> None:
        """Press keys, such as "Return" or "ctrl+2", in the active window."""
        await self._act("key", *keys)

    async def type(self, characters: str) -> None:
        """Type into the focused widget."""
        await self._act("type", characters)

    async def _point(self, seen: Seen, *action: str) -> None:
        x, y = seen.box.middle
        await self._act("mousemove", str(x), str(y), *action)

    async def _act(self, *words: str) -> None:
        assert await self._xdotool(*words) is not None, f"`xdotool {' '.join(words)}` failed"

    async def _xdotool(self, *words: str) -> str | None:
        """Return what it printed, None if it failed."""
        process = await asyncio.create_subprocess_exec(
            "xdotool",
            *words,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=self._display.environment,
        )
        try:
            async with deadline(f"`xdotool {' '.join(words)}` to end", PATIENCE_S):
                printed, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return printed.decode() if process.returncode == 0 else None

    async def _with(self, wanted: Widget, state: int, what: str) -> Seen:
        async def look() -> Seen | None:
            seen = await self._look(wanted)
            return seen if seen is not None and state in seen.states else None

        return await self._until(look, lambda: f"{wanted} to be shown, once, and {what}")

    async def _look(self, wanted: Widget) -> Seen | None:
        """Return the widget that is shown now; None if there is none, or more than one."""
        there = await self._bus.all_of(self._program, wanted)
        self._there = f"the names there: {[seen.name for seen in there]}"
        named = [seen for seen in there if wanted.is_called(seen.name)]
        return named[0] if len(named) == 1 else None

    async def _until(self, look: Callable[[], Awaitable[T]], what: Callable[[], str]) -> T:
        return await polled(look, lambda: f"{what()}; {self._there}", PATIENCE_S)
