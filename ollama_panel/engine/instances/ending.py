"""Why the process of an instance has ended by itself."""

import asyncio
from collections.abc import Callable, Sequence

from ollama_panel.core.notices import Notice
from ollama_panel.core.ollama import crashes
from ollama_panel.core.ollama.crash_causes import Cause
from ollama_panel.core.ollama.crashes import SystemSigns
from ollama_panel.core.ollama.serverlog_facts import Crashed
from ollama_panel.engine.host import killings
from ollama_panel.engine.instances.detail import reason_of_end
from ollama_panel.engine.instances.process import Outcome

_ASKED = (Cause.KILLED, Cause.MEMORY, Cause.GPU_MEMORY, Cause.DRIVER_LOST)
"""Of these the system may know more than the log."""

COUNT_EVERY_S = 5.0


class Ending:
    """That of one instance. `count` returns how many processes were killed for memory, `signs` what the system says."""

    def __init__(
        self,
        count: Callable[[], int] = killings.count,
        signs: Callable[[int, int], SystemSigns] = killings.signs,
    ) -> None:
        self._count = count
        self._signs = signs
        self._kills, self._counted = 0, -COUNT_EVERY_S

    def runs(self, now: float) -> None:
        """Take that the process runs at this time: what the system has killed before does not explain its end."""
        if now - self._counted >= COUNT_EVERY_S:
            self._kills, self._counted = self._count(), now

    async def named(self, outcome: Outcome, lines: Sequence[str], port: int, pid: int) -> tuple[Notice, Crashed | None]:
        """Return why it has ended, for people, and the crash, None if the cause is not known or a taken port."""
        words = reason_of_end(outcome, lines, port)
        if words.code == "instance.port_taken":
            return words, None
        crash = crashes.of_server(outcome.code, lines)
        if crash.cause in _ASKED:
            crash = crashes.of_server(outcome.code, lines, await asyncio.to_thread(self._signs, pid, self._kills))
        return crashes.told(crash, words), None if crash.cause is Cause.UNKNOWN else crash
