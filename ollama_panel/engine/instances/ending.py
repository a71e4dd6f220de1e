"""Why the process of an instance has ended by itself."""

import asyncio
from collections.abc import Callable, Sequence

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama import crashes
from ollama_panel.core.ollama.crash_causes import Cause
from ollama_panel.core.ollama.crashes import SystemSigns
from ollama_panel.core.ollama.serverlog_facts import Crashed
from ollama_panel.engine.host import killings
from ollama_panel.engine.instance_log_files import mark
from ollama_panel.engine.instances.detail import reason_of_end
from ollama_panel.engine.instances.process import LogLine, LogRing, Outcome

_ASKED = (Cause.KILLED, Cause.MEMORY, Cause.GPU_MEMORY, Cause.DRIVER_LOST)
"""Of these the system may know more than the log."""

TIMED_OUT = notice("instance.timed_out")
COUNT_EVERY_S = 5.0


_REASON_LINES = 1000
"""A trace of Go or ggml, which follows the reason, has hundreds."""


class Ending:
    """That of one instance, whose processes write into `log`.

    `count` returns how many processes were killed for memory, `signs` what the system says of the end of one.
    """

    def __init__(
        self,
        log: LogRing,
        count: Callable[[], int] = killings.count,
        signs: Callable[[int, int], SystemSigns] = killings.signs,
    ) -> None:
        self._log = log
        self._count = count
        self._signs = signs
        self._first_line = self._kills = self._kills_before = self._pid = 0
        self._counted = -COUNT_EVERY_S
        self._struck = False

    def follow(self, before: Sequence[LogLine]) -> None:
        """Put the log of the process whose place is taken before the own one."""
        self._first_line += self._log.follow(before)

    def starts(self) -> None:
        """Take that a process is about to be started."""
        self._first_line = self._log.last

    def started(self, pid: int, command: Sequence[str]) -> None:
        """Take that a process was started."""
        self._pid, self._struck = pid, False
        self._log.mark(mark(notice("log.started", pid=pid, command=" ".join(command))))

    def struck(self) -> None:
        """Take that a drill kills the process now."""
        self._struck = True

    def runs(self, now: float) -> None:
        """Take that the process runs at this time: what the system has killed before does not explain its end."""
        if now - self._counted >= COUNT_EVERY_S:
            first, self._kills_before = self._counted < 0, self._kills
            self._kills, self._counted = self._count(), now
            if first:
                self._kills_before = self._kills

    async def runner_lacked_memory(self) -> bool:
        """Return whether the system has a sign that a runner which was killed just now was killed for memory.

        The process may have been seen to run since: so the count of the time before counts.
        """
        signs = await asyncio.to_thread(self._signs, self._pid, self._kills_before)
        return bool(signs.oom_kills or signs.short)

    async def named(
        self, outcome: Outcome, port: int, reason: Notice | None, *, stopping: bool
    ) -> tuple[Notice | None, Crashed | None]:
        """Return why it has ended, for people, and the crash; None if it was asked to, or if why is not known.

        `reason` is why it fails, as far as that was known before its end; `stopping`: the panel was ending it.
        """
        if stopping or reason == TIMED_OUT:
            why, crash = reason, None
        elif self._struck:
            why, crash = notice("drill.killed"), None
        else:
            why, crash = await self._found_out(outcome, port)
        told = notice("log.stopped") if stopping else why or outcome.notice
        self._log.mark(mark(notice("log.ended", pid=self._pid, why=told)))
        return why, crash

    def closed(self) -> None:
        """Take that the process was ended with the panel."""
        self._log.mark(mark(notice("log.ended", pid=self._pid, why=notice("log.closed"))))

    async def _found_out(self, outcome: Outcome, port: int) -> tuple[Notice, Crashed | None]:
        lines = [line.text for line in self._log.after(max(self._first_line, self._log.last - _REASON_LINES))]
        words = reason_of_end(outcome, lines, port)
        if words.code == "instance.port_taken":
            return words, None
        crash = crashes.of_server(outcome.code, lines)
        if crash.cause in _ASKED:
            signs = await asyncio.to_thread(self._signs, self._pid, self._kills)
            crash = crashes.of_server(outcome.code, lines, signs)
        return crashes.told(crash, words), None if crash.cause is Cause.UNKNOWN else crash
