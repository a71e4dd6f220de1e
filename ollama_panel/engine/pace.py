"""The pace of looking at what changes by itself: the memory, and the instances' health and models.

Once a second while somebody wants to know: a window, a reader of the panel's status, a request. Else every ten
seconds: most panels are idle most of the time, and each look wakes the processor, the panel's and Ollama's.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

IDLE_S = 10.0
"""How often to look while nobody wants to know."""

LINGER_S = 5.0
"""How long a request counts after its end: longer than the window of the token rate, so that charts see its end."""

READER_S = 30.0
"""How long a reader counts: one that comes every 15 s, as Prometheus may, always finds numbers of this second."""


class Pace:
    """Decides how often to look. `busy` returns whether requests run or wait; `now` returns monotonic seconds.

    `on_wake` is called when somebody wants to know after a time in which nobody did: whoever rests should look now.
    """

    def __init__(self, busy: Callable[[], bool], now: Callable[[], float], on_wake: Callable[[], None]) -> None:
        self._busy = busy
        self._now = now
        self._on_wake = on_wake
        self._until = now() + LINGER_S
        self._window = False
        self._followers = 0

    @property
    def watched(self) -> bool:
        """Whether a window or a stream of events shows the state."""
        return self._window or self._followers > 0

    def watch(self, on: bool) -> None:
        """Set whether a window shows the state."""
        self._window = on
        self.request()

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Context manager while which a stream of events shows the state."""
        self._followers += 1
        self.request()
        try:
            yield
        finally:
            self._followers -= 1

    def request(self) -> None:
        """Note a request or a command."""
        self._want(LINGER_S)

    def reader(self) -> None:
        """Note a reader of the status or the metrics."""
        self._want(READER_S)

    def interval(self, lively_s: float) -> float:
        """Return how long to rest, in seconds: `lively_s` while somebody wants to know."""
        now = self._now()
        if self.watched or self._busy():
            self._until = max(self._until, now + LINGER_S)
        return lively_s if now < self._until else until_next(IDLE_S)

    def _want(self, span_s: float) -> None:
        now, until = self._now(), self._until
        if now + span_s > until:
            self._until = now + span_s
        if now >= until:
            self._on_wake()


def until_next(period_s: float) -> float:
    """Return the seconds to the next multiple of a period on the running loop's clock.

    What wakes at the same instants lets the processor sleep longer between them, as GLib's `g_timeout_add_seconds`.
    """
    return period_s - asyncio.get_running_loop().time() % period_s
