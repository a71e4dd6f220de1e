"""Whether a figure has become better by a change: the ratio of two values, and what it means."""

import math
from enum import Enum

import msgspec

_SAME = 0.05
"""By this share two measurements of some minutes may differ without a reason."""


class Verdict(Enum):
    """What has become of a figure; UNKNOWN if one of its values is."""

    UNKNOWN = "unknown"
    SAME = "same"
    BETTER = "better"
    WORSE = "worse"


class Comparison(msgspec.Struct, frozen=True):
    """`times` is how many times the smaller value the larger one is: at least 1, infinite where the smaller is 0.

    `more`: the later value is the larger one.
    """

    verdict: Verdict
    times: float = 1.0
    more: bool = False


def compared(before: float | None, after: float | None, *, less_is_better: bool) -> Comparison:
    """Compare two values of a figure, neither of them negative."""
    if before is None or after is None:
        return Comparison(Verdict.UNKNOWN)
    low, high = sorted((before, after))
    times = high / low if low else math.inf if high else 1.0
    if times < 1 + _SAME:
        return Comparison(Verdict.SAME)
    more = after > before
    return Comparison(Verdict.WORSE if more is less_is_better else Verdict.BETTER, times, more)
