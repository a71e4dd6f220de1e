"""How many requests wait, run and have ended, and how fast. Times are seconds."""

from collections import Counter

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.records import Role
from ollama_panel.core.series import Window, percentile
from ollama_panel.core.snapshot import RequestState
from ollama_panel.core.timeline.entry import Entry

RATE_WINDOW_S = 4.0
FIRST_TOKEN_WINDOW_S = 60.0


class Counts:
    """The counts over all requests. `ended` counts them by their end, `served_by` and `failed_by` by instance."""

    def __init__(self) -> None:
        self._queued = dict.fromkeys(Role, 0)
        self._in_flight: Counter[InstanceId] = Counter()
        self._tokens: dict[InstanceId, Window] = {}
        self._first_tokens = Window(FIRST_TOKEN_WINDOW_S)
        self.ended: Counter[RequestState] = Counter()
        self.served_by: Counter[InstanceId] = Counter()
        self.failed_by: Counter[InstanceId] = Counter()

    def queued(self, role: Role | None = None) -> int:
        """Return how many requests wait, for one role or in total."""
        return sum(self._queued.values()) if role is None else self._queued[role]

    def in_flight(self, instance: InstanceId | None = None) -> int:
        """Return how many requests are in flight, at an instance or at all of them."""
        return sum(self._in_flight.values()) if instance is None else self._in_flight[instance]

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

    def wait(self, role: Role, by: int) -> None:
        """Count `by` more requests that wait."""
        self._queued[role] += by

    def run(self, instance: InstanceId, by: int) -> None:
        """Count `by` more requests in flight at an instance."""
        self._in_flight[instance] += by

    def first_byte(self, entry: Entry, now: float) -> None:
        """Count the first byte of a stream."""
        if entry.job.stream:
            self._first_tokens.add(now, now - entry.arrived)

    def tokens(self, instance: InstanceId, tokens: int, now: float) -> None:
        """Count tokens of an instance."""
        window = self._tokens.get(instance)
        if window is None:
            window = self._tokens[instance] = Window(RATE_WINDOW_S)
        window.add(now, tokens)

    def end(self, entry: Entry) -> None:
        """Count the end of a request."""
        self.ended[entry.state] += 1
        if entry.instance is not None:
            if entry.state is RequestState.DONE:
                self.served_by[entry.instance] += 1
            elif entry.state is RequestState.FAILED:
                self.failed_by[entry.instance] += 1
