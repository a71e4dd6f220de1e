"""Which failures may be retried and when (back-off), and the circuit breaker of an instance."""

from collections import deque
from dataclasses import dataclass, field
from zlib import crc32

from ollama_panel.core.records import FailureKind
from ollama_panel.core.scheduling.ticket import Ticket

FIRST_BACKOFF_US = 250_000
LONGEST_BACKOFF_US = 10_000_000
FAILURES_TO_OPEN = 5
FAILURE_WINDOW_US = 30_000_000
OPEN_US = 10_000_000

REJECTED = frozenset({FailureKind.CONNECT, FailureKind.BUSY})
"""The request never reached a runner: a retry repeats no work."""

NOT_RETRYABLE = frozenset({FailureKind.TIMEOUT})
"""A retry would only take as long again."""


def backoff(ticket: Ticket) -> int:
    """Return microseconds to wait before the next attempt: exponential with full jitter.

    The jitter comes from the request's id and attempt, so that a replay waits as long as the original did.
    """
    tries = ticket.attempts + ticket.rejections
    span = min(LONGEST_BACKOFF_US, FIRST_BACKOFF_US << min(max(tries - 1, 0), 10))
    return crc32(f"{ticket.job.id}/{tries}".encode()) % span + 1


@dataclass(slots=True)
class CircuitBreaker:
    """The circuit breaker of an instance: it opens for 10 s after five failures in 30 s, then is half-open.

    Half-open, it allows one request. A first byte or an answer closes it, and failures before that count no longer.

    It is also the retry budget of the instance, for all clients. A budget as a share of traffic, as in service meshes,
    would refuse requests that can wait: behind a queue, retries never add to the load, they only take a slot once more.
    """

    failures: deque[int] = field(default_factory=lambda: deque(maxlen=FAILURES_TO_OPEN))
    open_until: int = 0
    tripped: bool = False

    def failed(self, now: int) -> bool:
        """Record a failure; return whether the breaker opened."""
        self.failures.append(now)
        full = len(self.failures) == FAILURES_TO_OPEN and now - self.failures[0] <= FAILURE_WINDOW_US
        if self.tripped or full:
            self.open_until, self.tripped = now + OPEN_US, True
            return True
        return False

    def succeeded(self) -> None:
        """Record a success, which closes the breaker."""
        if self.failures or self.tripped:
            self.failures.clear()
            self.open_until, self.tripped = 0, False

    def allows(self, now: int, in_flight: int) -> bool:
        """Return whether the instance may get a request."""
        if not self.tripped:
            return True
        return now >= self.open_until and in_flight == 0
