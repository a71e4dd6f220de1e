"""The last samples of the live charts, in numpy arrays of a fixed size."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ollama_panel.core.figures import ClassFigures
from ollama_panel.core.records import RequestClass
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
_OF_CLASSES: dict[str, tuple[RequestClass, Callable[[ClassFigures], float]]] = {
    "chat_first_token_p95_s": (RequestClass.INTERACTIVE, lambda figures: _or_nan(figures.first_token_p95_s)),
    "batch_tokens_per_s": (RequestClass.BATCH, lambda figures: figures.tokens_per_s),
}
"""What is told of the classes of requests beside a sample; unknown for samples from before the window."""


class SampleRing:
    """A ring buffer of samples, one array per field; each value is stored twice, so any range is one contiguous view.

    `count` is the number of samples ever pushed; unknown values are NaN.
    """

    def __init__(self, capacity: int = 4 * 3600) -> None:
        self.capacity = capacity
        self.count = 0
        self.last: Sample | None = None
        self._arrays = {name: np.full(2 * capacity, np.nan) for name in (*_FIELDS, *_OF_CLASSES)}

    def push(self, sample: Sample, classes: Iterable[ClassFigures] = ()) -> bool:
        """Add a sample unless it is not newer than the last one; return whether it was added."""
        if self.last is not None and sample.at <= self.last.at:
            return False
        by_class = {one.request_class: one for one in classes}
        values = {name: read(sample) for name, read in _FIELDS.items()}
        for name, (request_class, of) in _OF_CLASSES.items():
            values[name] = of(by_class[request_class]) if request_class in by_class else float("nan")
        at = self.count % self.capacity
        for name, value in values.items():
            self._arrays[name][at] = self._arrays[name][at + self.capacity] = value
        self.last = sample
        self.count += 1
        return True

    def fill(self, samples: Sequence[Sample]) -> None:
        """Put in those of `samples`, oldest first and without gaps, that were never pushed; what is older stays."""
        times = np.array([sample.at for sample in samples])
        missing = np.flatnonzero(~np.isin(times, self.tail("at", self.capacity)))
        if not len(missing):
            return
        first = int(missing[0])
        self._keep_before(times[first])
        for sample in samples[first:]:
            self.push(sample)

    def _keep_before(self, at: float) -> None:
        """Remove the samples from a time on."""
        length = int(np.searchsorted(self.tail("at", self.capacity), at))
        for name, values in self._arrays.items():
            kept = self.tail(name, self.capacity)[:length].copy()
            values[:length] = values[self.capacity : self.capacity + length] = kept
        self.count = length
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

    def curve(self, name: str, age_s: float, step_s: float, points: int) -> list[float]:
        """Return what `even` does for a small curve: the known values, averaged to fewer than twice `points`."""
        return averaged(self.even(name, age_s, step_s), points)

    def change(self, name: str, span_s: float, step_s: float) -> float | None:
        """Return by how many percent the last `span_s` seconds are above those before; None with too few samples."""
        return change(self.even(name, 2 * span_s, step_s), round(span_s / step_s))

    def since(self, age_s: float) -> int:
        """Return the number of samples that are at most `age_s` seconds older than the last one."""
        if self.last is None:
            return 0
        times = self.tail("at", self.capacity)
        return len(times) - int(np.searchsorted(times, self.last.at - age_s))


def averaged(values: Floats, points: int) -> list[float]:
    """Return the known values; if they are more than `points`, averages of them, fewer than twice as many."""
    known = values[~np.isnan(values)]
    if len(known) > points:
        step = len(known) // points
        known = known[len(known) % step :].reshape(-1, step).mean(axis=1)
    return known.tolist()  # type: ignore[no-any-return]  # numpy does not tell


def change(values: Floats, length: int) -> float | None:
    """Return by how many percent the last `length` values are above those before; None with too few, or from zero."""
    if len(values) < length + length // 2:
        return None
    now, before = float(np.nanmean(values[-length:])), float(np.nanmean(values[:-length]))
    return 100 * (now - before) / before if before else None


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
