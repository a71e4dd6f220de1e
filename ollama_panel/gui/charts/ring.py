"""The last samples of the live charts, in numpy arrays of a fixed size."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ollama_panel.core.snapshot import Sample

Floats = NDArray[np.float64]


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


_FIELDS: dict[str, Callable[[Sample], float]] = {
    "at": lambda sample: sample.at,
    "queued": lambda sample: sample.queued,
    "in_flight": lambda sample: sample.in_flight,
    "slots": lambda sample: sample.slots,
    "tokens_per_s": lambda sample: sample.tokens_per_s,
    "first_token_p95_s": lambda sample: _or_nan(sample.first_token_p95_s),
    "memory_used": lambda sample: _or_nan(sample.memory_used),
    "memory_total": lambda sample: _or_nan(sample.memory_total),
}


class SampleRing:
    """A ring buffer of samples, one array per field; each value is stored twice, so any range is one contiguous view.

    `count` is the number of samples ever pushed; unknown values are NaN.
    """

    def __init__(self, capacity: int = 4 * 3600) -> None:
        self.capacity = capacity
        self.count = 0
        self.last: Sample | None = None
        self._arrays = {name: np.full(2 * capacity, np.nan) for name in _FIELDS}

    def push(self, sample: Sample) -> bool:
        """Add a sample unless it is not newer than the last one; return whether it was added."""
        if self.last is not None and sample.at <= self.last.at:
            return False
        at = self.count % self.capacity
        for name, read in _FIELDS.items():
            self._arrays[name][at] = self._arrays[name][at + self.capacity] = read(sample)
        self.last = sample
        self.count += 1
        return True

    def clear(self) -> None:
        """Remove all samples."""
        self.count = 0
        self.last = None

    def tail(self, name: str, length: int) -> Floats:
        """Return a view of the last `length` values of a field, or of all if there are fewer."""
        length = min(length, self.count, self.capacity)
        end = self.count if self.count <= self.capacity else self.capacity + self.count % self.capacity
        return self._arrays[name][end - length : end]

    def even(self, name: str, age_s: float, step_s: float) -> Floats:
        """Return the values of a field every `step_s` seconds, for at most `age_s` seconds until the last sample."""
        length = self.since(age_s)
        if not length:
            return np.empty(0)
        times = self.tail("at", length)
        moments = np.arange(times[-1], times[0] - step_s / 2, -step_s)[::-1]
        places = np.searchsorted(times, moments + step_s / 2) - 1
        return self.tail(name, length)[np.maximum(places, 0)]

    def since(self, age_s: float) -> int:
        """Return the number of samples that are at most `age_s` seconds older than the last one."""
        if self.last is None:
            return 0
        times = self.tail("at", self.capacity)
        return len(times) - int(np.searchsorted(times, self.last.at - age_s))


def thin(times: Floats, values: Floats, width_s: float) -> tuple[Floats, Floats]:
    """Return the lowest and the highest value of every `width_s` seconds, in turn, at the middle of these.

    They begin at multiples of `width_s`, so that a scrolling curve does not change its shape.
    """
    if not len(times):
        return times, values
    buckets = np.floor(times / width_s)
    begins = np.flatnonzero(np.diff(buckets, prepend=-1.0))
    thinned = np.empty(2 * len(begins))
    thinned[0::2] = np.fmin.reduceat(values, begins)
    thinned[1::2] = np.fmax.reduceat(values, begins)
    middles = np.minimum((buckets[begins] + 0.5) * width_s, times[-1])
    return np.repeat(middles, 2), thinned


def hold(times: Floats, values: Floats, gap_s: float) -> tuple[Floats, Floats]:
    """Return the points of a curve that keeps its value in gaps of more than `gap_s` seconds.

    The engine takes few samples while nothing happens, and one as soon as something does.
    """
    ends = np.flatnonzero(np.diff(times) > gap_s) + 1
    return np.insert(times, ends, times[ends]), np.insert(values, ends, values[ends - 1])
