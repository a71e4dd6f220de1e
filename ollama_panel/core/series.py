"""Numbers over a moving window of time."""

from collections import deque
from collections.abc import Sequence


class Window:
    """Values of the last `span_s` seconds. Adding costs the same however many there are, and so does the rate."""

    def __init__(self, span_s: float) -> None:
        self._span_s = span_s
        self._values: deque[tuple[float, float]] = deque()
        self._sum = 0.0

    def add(self, now: float, value: float) -> None:
        """Note a value; `now` never goes back."""
        self._values.append((now, value))
        self._sum += value

    def _forget(self, now: float) -> None:
        values = self._values
        while values and values[0][0] <= now - self._span_s:
            self._sum -= values.popleft()[1]
        if not values:
            self._sum = 0.0  # and with it what rounding left of fractions

    def values(self, now: float) -> list[float]:
        """Return what was added in the last `span_s` seconds, oldest first."""
        self._forget(now)
        return [value for _, value in self._values]

    def rate(self, now: float) -> float:
        """Return the sum per second over the window."""
        self._forget(now)
        return self._sum / self._span_s


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the nearest-rank percentile (share 0 to 1), None without values."""
    if not values:
        return None
    rank = max(1, -(-len(values) * share // 1))
    return sorted(values)[int(rank) - 1]
