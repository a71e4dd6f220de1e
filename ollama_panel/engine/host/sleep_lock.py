"""The system's lock against going to sleep by itself, by `wakepy`; the screen may go dark.

Its calls take place on a thread of their own: a D-Bus that hangs holds up nobody, and Windows' lock is a thread's.
`wakepy` is imported by the first of them, because that takes some 40 ms.
"""

import logging
from typing import TYPE_CHECKING, Protocol

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.engine.driver_thread import DriverThread

if TYPE_CHECKING:
    from ollama_panel.engine.host.sleep_lock_wakepy import Held

_LOG = logging.getLogger(__name__)

TIMEOUT_S = 30.0
"""The limit of a call: D-Bus is asked up to six times, for at most two seconds and two for the connection."""


class SleepLock(Protocol):
    """A lock of the system."""

    async def hold(self) -> str:
        """Take the lock, unless it is held; return the name of what holds it.

        A lock whose holder has ended is taken anew. Raises PanelError if the system does not give it.
        """
        ...

    async def release(self) -> None:
        """Give it back; does nothing if it is not held."""
        ...

    def close(self) -> None:
        """Give it back soon; nothing is asked after that."""
        ...


class SystemSleepLock:
    """The lock of this machine."""

    def __init__(self) -> None:
        self._thread = DriverThread("sleep lock")
        self._held: Held | None = None

    async def hold(self) -> str:
        """Take the lock, unless it is held, anew if its holder has ended; return the name of what holds it.

        Raises PanelError if the system does not give it.
        """
        try:
            return await self._thread.call(self._enter, TIMEOUT_S)
        except TimeoutError:
            self._thread.later(self._leave)  # else a lock that comes late would stay
            raise PanelError(notice("keep_awake.silent", seconds=round(TIMEOUT_S))) from None

    async def release(self) -> None:
        """Give it back; does nothing if it is not held."""
        try:
            await self._thread.call(self._leave, TIMEOUT_S)
        except TimeoutError:
            self._thread.later(self._leave)
            _LOG.warning("the lock against sleep is given back when the system's service answers again")

    def close(self) -> None:
        """Give it back soon; nothing is asked after that. It also goes with this process."""
        self._thread.close(self._leave)

    def _enter(self) -> str:
        from ollama_panel.engine.host.sleep_lock_wakepy import Held

        if self._held is not None and self._held.has_lost():
            self._leave()
        if self._held is None:
            self._held = Held()
        return self._held.method

    def _leave(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.leave()
