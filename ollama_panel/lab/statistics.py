"""Statistics of samples: percentile, mean, a bootstrap interval of the mean, and Jain's index of fairness."""

from collections.abc import Iterable, Sequence
from math import nan
from random import Random

from ollama_panel.core import series

RESAMPLES = 1000


def percentile(values: Iterable[float], percent: float) -> float:
    """Return the nearest-rank percentile, NaN if there are no values: tables of numbers have no None."""
    found = series.percentile(tuple(values), percent / 100)
    return nan if found is None else found


def mean(values: Iterable[float]) -> float:
    """Return the mean, NaN if there are no values."""
    known = list(values)
    return sum(known) / len(known) if known else nan


def interval(values: Sequence[float], seed: int = 1) -> tuple[float, float]:
    """Return the bootstrap 95 % interval of the mean (percentile method, 1000 resamples)."""
    if len(values) == 1 or len(set(values)) == 1:
        return values[0], values[0]
    random = Random(seed)
    means = sorted(mean(random.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return means[round(0.025 * RESAMPLES)], means[round(0.975 * RESAMPLES) - 1]


def jain(values: Iterable[float]) -> float:
    """Return Jain's index of fairness: 1 if all values are equal, 1 / n if one of n has everything."""
    known = list(values)
    return sum(known) ** 2 / (len(known) * sum(value * value for value in known))
