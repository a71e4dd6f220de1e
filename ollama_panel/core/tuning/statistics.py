"""Statistics of a trial: means of batches with their intervals, and percentiles over all requests.

Windows of several requests are the batches of the method of batch means (Law, Simulation Modeling and Analysis, section
9.5): answers overlap, so that shorter ones would depend on each other.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from math import sqrt

from ollama_panel.core import series
from ollama_panel.core.tuning.trial import Estimate

RELATIVE_ERROR = 0.02
"""The half width at which a trial has measured enough, as a share of the mean: scheduling study, section 8.2."""
FEWEST_BATCHES = 5
"""Batches before a half width is believed: the first ones may be alike by chance."""

_Z = 1.959964
"""The 97.5 % quantile of the normal distribution."""
_T = (12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281)
"""The 97.5 % quantiles of Student's distribution with 1 to 10 degrees of freedom."""


def quantile(freedom: int) -> float:
    """Return the 97.5 % quantile of Student's distribution.

    From 11 degrees of freedom on by the expansion of Abramowitz and Stegun, 26.7.5, within 0.2 % of it.
    """
    if freedom <= len(_T):
        return _T[freedom - 1]
    return _Z + (_Z**3 + _Z) / (4 * freedom) + (5 * _Z**5 + 16 * _Z**3 + 3 * _Z) / (96 * freedom**2)


def estimate(batches: Sequence[float]) -> Estimate:
    """Return the mean of batches with the half width of its 95 % interval; of none 0, of less than two no interval."""
    count = len(batches)
    mean = sum(batches) / count if count else 0.0
    if count < 2:
        return Estimate(mean)
    variance = sum((value - mean) ** 2 for value in batches) / (count - 1)
    return Estimate(mean, quantile(count - 1) * sqrt(variance / count))


def enough(batches: Sequence[float], relative: float = RELATIVE_ERROR) -> bool:
    """Return whether the mean of these batches is known within `relative` of itself."""
    error = estimate(batches).relative
    return len(batches) >= FEWEST_BATCHES and error is not None and error <= relative


def pooled_percentile(requests: Iterable[Sequence[float]], percent: float) -> float | None:
    """Return the nearest-rank percentile over the requests of all trials together, None of none.

    The mean of the percentiles of trials is none of all requests.
    """
    return series.percentile(tuple(chain.from_iterable(requests)), percent / 100)
