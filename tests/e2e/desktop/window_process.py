"""The panel with its window as a child process, and who uses it."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Self

import msgspec
from typing_extensions import override

from ollama_panel.engine.single_instance import PanelInfo
from tests.e2e.desktop.accessibility import AccessibilityBus, Reference
from tests.e2e.desktop.display import Display
from tests.e2e.desktop.user import User
from tests.fakes.panel_process import PanelProcess
from tests.fakes.ports import free_port
from tests.fakes.waiting import polled

PICTURE = "screen.png"
"""The picture of the screen when a test failed, in the folder of the test."""

_UNCAUGHT = re.compile(r"Traceback|an error that nobody caught|already deleted|\bQ[A-Z]\w+::")


class WindowProcess(PanelProcess):
    """`ollama-panel gui --demo` from `async with` to its clean end, and the `user` before its window.

    `settings` are added to ones with free ports. Unless it `serves`, nobody waits until it listens. What nobody caught,
    or Qt complains about, fails at the end.
    """

    user: User

    def __init__(
        self,
        display: Display,
        state_dir: Path,
        settings: Mapping[str, Any] | None = None,
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        *,
        serves: bool = True,
    ) -> None:
        known = {"version": 1, "proxy": {"port": free_port()}, "ollama": {"first_port": free_port()}}
        super().__init__(state_dir, known | dict(settings or {}), arguments)
        self._display = display
        self._serves = serves
        self._environment = display.environment | dict(environment or {})

    @override
    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            self._display.park_mouse()
            self._bus = await stack.enter_async_context(AccessibilityBus(self._display.bus))
            await super().__aenter__()
            stack.push_async_exit(super().__aexit__)
            program = await polled(self._program, lambda: f"the panel on the accessibility bus; it said: {self.errors}")
            assert program is not None
            self.user = User(self._display, self._bus, program)
            self._stack = stack.pop_all()
        return self

    @override
    async def __aexit__(self, *error: Any) -> None:
        if error[0] is not None:
            self._display.screenshot(self.state_dir.parent / PICTURE)
        await self._stack.__aexit__(*error)
        if error[0] is None:
            assert not _UNCAUGHT.search(self.errors), self.errors

    async def _program(self) -> Reference | None:
        return await self._bus.program(self.process.pid)

    @override
    async def _start(self) -> asyncio.subprocess.Process:
        return await self._run("gui", "--demo", *self._arguments)

    @override
    async def _listening(self) -> None:
        if self._serves:
            self.url = await polled(self.announced, lambda: f"the panel to listen; it said: {self.errors}")

    async def announced(self) -> str:
        """Return the URL in the note that this process has written, "" while it does not listen."""
        assert self.process.returncode is None, f"the panel ended before it listened: {self.errors}"
        try:
            note = msgspec.json.decode((self.state_dir / "panel.json").read_bytes(), type=PanelInfo)
        except OSError:
            return ""
        return note.url if note.pid == self.process.pid else ""
