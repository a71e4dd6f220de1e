"""The requests of the user's programs while a tuning is under way: they go first."""

import asyncio
from collections.abc import Callable

from ollama_panel.core.ids import RequestId
from ollama_panel.core.records import Job


class Traffic:
    """All requests that are open; it is the `Watcher` of the admission.

    `concerns` says of a request whether it needs the devices on which a tuning measures, and `on_arrival` is called
    with each of these before it is posted. `now` is the engine's clock, in seconds.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._open: dict[RequestId, Job] = {}
        self._changed = asyncio.Event()
        self._last = float("-inf")
        self.concerns: Callable[[Job], bool] = lambda _: True
        self.on_arrival: Callable[[Job], None] = lambda _: None

    @property
    def busy(self) -> bool:
        """Whether any request is open that a tuning would disturb."""
        return any(map(self.concerns, self._open.values()))

    def announced(self, job: Job) -> None:
        """Take note of a request that is about to arrive; `quiet` counts from now at the earliest."""
        if self.concerns(job):
            self._last = self._now()
            self._note()
            self.on_arrival(job)

    def arrived(self, job: Job) -> None:
        """Add a request."""
        self._open[job.id] = job
        self._note()
        if self.concerns(job):
            self.on_arrival(job)

    def left(self, job: Job) -> None:
        """Remove a request; `quiet` counts from the last one."""
        del self._open[job.id]
        if self.concerns(job):
            self._last = self._now()
        self._note()

    def is_quiet(self, seconds: float) -> bool:
        """Return whether no request has been open for so long."""
        return not self.busy and self._now() - self._last >= seconds

    async def quiet(self, seconds: float) -> None:
        """Return when no request has been open for so long."""
        while not self.is_quiet(seconds):
            wait = None if self.busy else self._last + seconds - self._now()
            try:
                async with asyncio.timeout(wait):
                    await self._changed.wait()
            except TimeoutError:
                pass

    def _note(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
