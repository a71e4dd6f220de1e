"""How many requests wait, run and have ended, and how fast. Times are seconds."""

from collections import Counter

from ollama_panel.core.drill import OWN_REQUESTS
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.records import Job, Role
from ollama_panel.core.series import Window, percentile
from ollama_panel.core.snapshot import RequestState

RATE_WINDOW_S = 4.0
FIRST_TOKEN_WINDOW_S = 60.0


class Counts:
    """The counts over all requests. `ended` counts them by their end, `served_by` and `failed_by` by instance."""

    __slots__ = ("_first_tokens", "_in_flight", "_queued", "_running", "_tokens", "ended", "failed_by", "served_by")

    def __init__(self) -> None:
        self._queued = dict.fromkeys(Role, 0)
        self._in_flight: Counter[InstanceId] = Counter()
        self._running = 0
        self._tokens: dict[InstanceId, Window] = {}
        self._first_tokens = Window(FIRST_TOKEN_WINDOW_S)
        self.ended: Counter[RequestState] = Counter()
        self.served_by: Counter[InstanceId] = Counter()
        self.failed_by: Counter[InstanceId] = Counter()

    def queued(self, role: Role | None = None) -> int:
        """Return how many requests wait, for one role or in total."""
        return sum(self._queued.values()) if role is None else self._queued[role]

    def in_flight(self, instance: InstanceId | None = None) -> int:
        """Return how many requests are in flight; at an instance parts of requests count, each by itself."""
        return self._running if instance is None else self._in_flight[instance]

    def open(self) -> int:
        """Return how many requests wait or are in flight."""
        return self.in_flight() + self.queued()

    def tokens_per_s(self, now: float, instance: InstanceId | None = None) -> float:
        """Return the token rate over the last seconds, of one instance or in total."""
        if instance is None:
            return sum(window.rate(now) for window in self._tokens.values())
        window = self._tokens.get(instance)
        return window.rate(now) if window else 0.0

    def first_token_p95_s(self, now: float) -> float | None:
        """Return the 95th percentile, over the last minute, of the seconds from arrival to a stream's first byte."""
        return percentile(self._first_tokens.values(now), 0.95)

    # Only the timeline counts

    def arrived(self, job: Job) -> None:
        """Count a request that waits."""
        self._queued[job.role] += 1

    def dispatched(self, job: Job, instance: InstanceId, *, slots: int = 1) -> Window:
        """Count a request that waited as in flight; return the window for the tokens of its instance.

        `slots` is 0 for one that is sent in parts, of which each counts by itself: see `occupied`.
        """
        self._queued[job.role] -= 1
        self._running += 1
        self._in_flight[instance] += slots
        tokens = self._tokens.get(instance)
        if tokens is None:
            tokens = self._tokens[instance] = Window(RATE_WINDOW_S)
        return tokens

    def requeued(self, job: Job, instance: InstanceId) -> None:
        """Count a request in flight as one that waits."""
        self._in_flight[instance] -= 1
        self._running -= 1
        self._queued[job.role] += 1

    def occupied(self, instance: InstanceId, slots: int) -> None:
        """Count a part that is in flight at an instance (1), or no more (-1)."""
        self._in_flight[instance] += slots

    def answered(self, after_s: float, now: float) -> None:
        """Count the first byte of a stream, so long after its arrival."""
        self._first_tokens.add(now, after_s)

    def gone(self, job: Job, state: RequestState, instance: InstanceId | None, *, slots: int = 1) -> None:
        """Count the end of a request, in flight at an instance, where it has so many `slots`, or waiting."""
        own = job.id.startswith(OWN_REQUESTS)
        if not own:
            self.ended[state] += 1
        if instance is None:
            self._queued[job.role] -= 1
            return
        self._running -= 1
        self._in_flight[instance] -= slots
        if own:
            return
        if state is RequestState.DONE:
            self.served_by[instance] += 1
        elif state is RequestState.FAILED:
            self.failed_by[instance] += 1
