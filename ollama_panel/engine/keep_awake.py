"""Keeps the machine from going to sleep while requests run; see `machine.keep_awake`."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from ollama_panel.core.errors import PanelError
from ollama_panel.core.keep_awake import AwakeRule, KeepAwakeRecord
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.engine.host.app_nap import AppNap
from ollama_panel.engine.host.sleep_lock import SleepLock
from ollama_panel.engine.pace import IDLE_S, until_next

_LOG = logging.getLogger(__name__)

_LEAST_S = 0.001
"""The least rest: a timer may come a moment before its time."""


class KeepAwake:
    """Holds the lock of the system. `record` says whether it does.

    `busy` returns whether anything runs that must not be interrupted, `enabled` whether the user wants it, `serving`
    whether clients can connect. `now` returns monotonic seconds. `changed` is called when the record is another one.
    """

    def __init__(
        self,
        lock: SleepLock,
        busy: Callable[[], bool],
        enabled: Callable[[], bool],
        serving: Callable[[], bool],
        now: Callable[[], float],
        changed: Callable[[], None],
        nap: AppNap | None = None,
    ) -> None:
        self.record = KeepAwakeRecord()
        self._lock = lock
        self._busy = busy
        self._enabled = enabled
        self._serving = serving
        self._now = now
        self._changed = changed
        self._nap = nap or AppNap()
        self._rule = AwakeRule()
        self._asked = False
        self._due = asyncio.Event()

    def request(self) -> None:
        """Note that a request comes."""
        self._rule.used(self._now())
        if not self._asked:
            self._due.set()

    def ended(self) -> None:
        """Note that a request has ended."""
        self._rule.used(self._now())

    def look(self) -> None:
        """Look again now: the settings have changed."""
        self._due.set()

    async def run(self) -> None:
        """Hold and release it, until cancelled; then release it."""
        try:
            while True:
                self._due.clear()
                await self._look()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._rest()):
                        await self._due.wait()
        finally:
            self._nap.allow()
            self._lock.close()
            self._set(KeepAwakeRecord())

    async def _look(self) -> None:
        self._nap.prevent() if self._serving() else self._nap.allow()
        now = self._now()
        if self._busy():
            self._rule.used(now)
        wanted = self._enabled() and self._rule.wanted(now)
        if wanted and (self._asked or self._rule.may_try(now)):
            await self._hold(now)
        elif not wanted and self._asked:
            await self._release()

    def _rest(self) -> float:
        """Return after how many seconds to look again: what begins without a request is seen some seconds later."""
        left = self._rule.left_s(self._now())
        return max(left, _LEAST_S) if self._asked else until_next(IDLE_S)

    async def _hold(self, now: float) -> None:
        """Take the lock, or look whether it is still held."""
        held, self._asked = self._asked, True
        try:
            method = await self._lock.hold()
        except PanelError as error:
            self._asked = False
            if not held:  # what held it until now is asked again soon: it may just be started anew
                self._rule.failed(now)
            problem = notice("keep_awake.failed", reason=error.notice)
            if self.record.problem is None:
                _LOG.warning(render(problem))
            self._set(KeepAwakeRecord(problem=problem))
        else:
            since = self.record.since if held else now
            self._set(KeepAwakeRecord(held=True, since=since, method=method))

    async def _release(self) -> None:
        self._asked = False
        await self._lock.release()
        self._set(KeepAwakeRecord())

    def _set(self, record: KeepAwakeRecord) -> None:
        if record != self.record:
            self.record = record
            self._changed()
