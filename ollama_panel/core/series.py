"""Values of a moving window of time, and statistics over them."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

RECENT_S = 900.0
"""For how long measurements are kept in memory, by the second: for charts of the last quarter of an hour."""


class Recent(Generic[T]):
    """The values of the last `span_s` seconds with their times, the oldest first."""

    __slots__ = ("_span_s", "_values")

    def __init__(self, span_s: float = RECENT_S) -> None:
        self._span_s = span_s
        self._values: deque[tuple[float, T]] = deque()

    def __iter__(self) -> Iterator[tuple[float, T]]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def add(self, now: float, value: T) -> None:
        """Add a value. If `now` is earlier than the last one, as of a clock that was set back, the later ones go."""
        values = self._values
        while values and values[-1][0] > now:
            values.pop()
        while values and values[0][0] < now - self._span_s:
            values.popleft()
        values.append((now, value))


class Window:
    """The values of the last `span_s` seconds. Adding a value and reading the rate take amortised constant time."""

    __slots__ = ("_span_s", "_sum", "_values")

    def __init__(self, span_s: float) -> None:
        self._span_s = span_s
        self._values: deque[tuple[float, float]] = deque()
        self._sum = 0.0

    def add(self, now: float, value: float) -> None:
        """Add a value; `now` never decreases."""
        values = self._values
        values.append((now, value))
        self._sum += value
        if values[0][0] <= now - self._span_s:  # perhaps nobody reads it for hours
            self._forget(now)

    def _forget(self, now: float) -> None:
        values = self._values
        while values and values[0][0] <= now - self._span_s:
            self._sum -= values.popleft()[1]
        if not values:
            self._sum = 0.0  # this also removes rounding errors

    def values(self, now: float) -> list[float]:
        """Return the values of the last `span_s` seconds, the oldest first."""
        self._forget(now)
        return [value for _, value in self._values]

    def rate(self, now: float) -> float:
        """Return the sum of the values in the window per second."""
        self._forget(now)
        return self._sum / self._span_s


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the nearest-rank percentile (`share` is 0 to 1), or None without values."""
    if not values:
        return None
    rank = max(1, -(-len(values) * share // 1))
    return sorted(values)[int(rank) - 1]
