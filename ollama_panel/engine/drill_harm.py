"""Does harm to the processes of an instance on purpose, and takes it back.

psutil stops and continues processes on every system: by SIGSTOP and SIGCONT, on Windows by its own calls.
"""

import asyncio
import contextlib

import psutil

from ollama_panel.core.drill import DrillFault
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.engine.host.processes import UNREADABLE
from ollama_panel.engine.instances.probe import read_processes

RUN_S, STOP_S = 0.05, 0.45
"""The duty cycle of a process that is slowed down: it has a tenth of its time."""


class Harm:
    """What is done to the server with process `pid`. Each instance of it is used once."""

    def __init__(self, fault: DrillFault, pid: int) -> None:
        self._fault = fault
        self._pid = pid
        self._found = list[psutil.Process]()
        self._stopped = list[psutil.Process]()

    async def find(self) -> None:
        """Find the processes. Raises PanelError if there is no such one."""
        self._found = await asyncio.to_thread(self._processes)

    def do(self) -> None:
        """Do it to what was found, without a moment for others in between; `undo` is to be called in any case."""
        if self._fault is DrillFault.KILL:
            with contextlib.suppress(*UNREADABLE):
                self._found[0].kill()
            return
        self._stopped = self._found
        self._stop()

    async def slow_down(self) -> None:
        """Let the processes run for a tenth of the time, until cancelled; `do` has stopped them."""
        while True:
            await asyncio.sleep(STOP_S)
            self._go_on()
            await asyncio.sleep(RUN_S)
            self._stop()

    def undo(self) -> None:
        """Let all go on that were stopped. Never fails: what has ended needs nothing."""
        self._go_on()

    def _processes(self) -> list[psutil.Process]:
        tree = read_processes(self._pid)
        if not tree.processes:
            raise PanelError(notice("drill.no_process"))
        if self._fault in (DrillFault.KILL, DrillFault.HANG):
            return [tree.processes[0]]
        runners = [one.process for one in tree.listening]
        if self._fault is DrillFault.RUNNER_HANG and not runners:
            raise PanelError(notice("drill.no_runner"))
        return runners or [tree.processes[0]]

    def _stop(self) -> None:
        for process in self._stopped:
            with contextlib.suppress(*UNREADABLE):
                process.suspend()

    def _go_on(self) -> None:
        for process in self._stopped:
            with contextlib.suppress(*UNREADABLE):
                process.resume()
