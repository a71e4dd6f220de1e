"""Simulated servers in the test process that the engine takes for children; they start and end at once.

    System(spawn=InProcessServers(group).spawn)

Any program other than the simulated Ollama is started as a real child.
"""

import asyncio
import itertools
import os
import signal
from collections.abc import Callable, Mapping, Sequence

import psutil
from typing_extensions import override

from ollama_panel.engine.instances import process
from ollama_panel.engine.instances.process import Child, Outcome
from ollama_panel.engine.overrides import Overrides
from ollama_panel.sim import logs
from ollama_panel.sim.http.server import SimServer
from ollama_panel.sim.options import options_of

SIMULATED = (*Overrides().demo_command, "serve")
_NUMBERS = itertools.count(1 << 23)
"""Process ids beyond those of any system: no process is found, and none is killed."""


class InProcessServers:
    """Starts the servers, as tasks of `group`. `program` and links to it are taken for the simulated Ollama, too."""

    def __init__(self, group: asyncio.TaskGroup, program: str = "") -> None:
        self._group = group
        self._program = os.path.realpath(program) if program else ""
        self.living: dict[int, InProcessServer] = {}

    async def spawn(
        self,
        argv: Sequence[str],
        environment: Mapping[str, str],
        on_line: Callable[[str], None],
        on_exit: Callable[[Outcome], None],
    ) -> Child:
        """See `engine.instances.process.spawn`."""
        if not self._is_simulated(argv):
            return await process.spawn(argv, environment, on_line, on_exit)

        def ended(outcome: Outcome) -> None:
            del self.living[server.pid]
            on_exit(outcome)

        server = InProcessServer(environment, on_line, ended)
        self.living[server.pid] = server
        self._group.create_task(server.live(), name=f"server {server.pid}")
        return server

    def _is_simulated(self, argv: Sequence[str]) -> bool:
        return tuple(argv) == SIMULATED or os.path.realpath(argv[0]) == self._program


class InProcessServer:
    """One simulated server."""

    def __init__(
        self, environment: Mapping[str, str], on_line: Callable[[str], None], on_exit: Callable[[Outcome], None]
    ) -> None:
        self.pid = next(_NUMBERS)
        self.server = SimServer(options_of(environment), crash=self.kill)
        self.server.log = _Lines(on_line)
        self._on_exit = on_exit
        self._outcome = Outcome(0)
        self._end = asyncio.Event()
        self._ended = asyncio.Event()

    async def live(self) -> None:
        """Serve until it is ended, and report the outcome."""
        try:
            if self.server.options.faults.die_at_once:
                self._fail("something is wrong with this simulated server: it was told to die at once")
            else:
                await self._serve()
        finally:
            await self.server.stop()
            self._ended.set()
            self._on_exit(self._outcome)

    async def _serve(self) -> None:
        config = self.server.options.config
        try:
            async with asyncio.TaskGroup() as group:
                starting = group.create_task(self.server.start())
                await self._end.wait()
                starting.cancel()
        except* OSError as errors:
            (error,) = errors.exceptions
            assert isinstance(error, OSError)
            reason = os.strerror(error.errno or 0).lower()
            self._fail(f"listen tcp {config.host}:{config.port}: bind: {reason}")

    def _fail(self, reason: str) -> None:
        self.server.log.err(f"Error: {reason}")
        self._outcome = Outcome(1)

    def terminate(self) -> None:
        """End cleanly, unless it ignores signals."""
        if not self.server.options.faults.ignore_signals:
            self._end.set()

    def kill(self) -> None:
        """End at once and abort every connection."""
        if not self._ended.is_set():
            self._outcome = Outcome(-signal.SIGKILL)
            for transport in list(self.server._connections):
                transport.abort()
            self._end.set()

    async def end(self) -> None:
        """Kill it and wait for its end."""
        self.kill()
        await self._ended.wait()

    def remember(self, family: Sequence[psutil.Process]) -> None:
        """Do nothing: it has no descendants."""


class _Lines(logs.Log):
    """A log whose lines go to the engine."""

    def __init__(self, on_line: Callable[[str], None]) -> None:
        super().__init__(quiet=True)
        self._on_line = on_line

    @override
    def err(self, line: str) -> None:
        super().err(line)
        self._on_line(line)

    @override
    def out(self, line: str) -> None:
        super().out(line)
        self._on_line(line)
