"""Where values lie on an axis, and which of them get a label."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
"""The round numbers by which an axis is divided, times a power of ten."""


@dataclass(frozen=True, slots=True)
class LinearScale:
    """Values from 0 to `top`, from the pixel `bottom` up to the pixel `ceiling`; a label every `step`."""

    top: float
    step: float
    bottom: float
    ceiling: float

    @classmethod
    def up_to(cls, highest: float, bottom: float, ceiling: float, least: int = 4) -> "LinearScale":
        """Return a scale that has room for the highest value, with at least so many divisions."""
        if not highest > 0:
            return cls(1.0, 2.0, bottom, ceiling)
        power = 10.0 ** math.floor(math.log10(highest / least))
        step = max(size * power for size in _STEPS if _divisions(highest, size * power) >= least)
        return cls(step * _divisions(highest, step), step, bottom, ceiling)

    def at(self, value: float) -> float:
        """Return the pixel of a value."""
        return self.bottom + (self.ceiling - self.bottom) * value / self.top

    @property
    def ticks(self) -> tuple[float, ...]:
        """The values that have a label: 0 alone if there are no others."""
        return tuple(self.step * number for number in range(math.floor(self.top / self.step + 1e-9) + 1))


@dataclass(frozen=True, slots=True)
class LogScale:
    """Values from `low` to `high`, both above 0, from the pixel `left` to `right`; each doubling is as wide."""

    low: float
    high: float
    left: float
    right: float

    def at(self, value: float) -> float:
        """Return the pixel of a value."""
        if self.high <= self.low:
            return (self.left + self.right) / 2
        return self.left + (self.right - self.left) * math.log(value / self.low) / math.log(self.high / self.low)


def _divisions(highest: float, step: float) -> int:
    return math.ceil(highest / step - 1e-9)


def spaced(pixels: Iterable[float], room: float) -> tuple[float, ...]:
    """Return those of the pixels, most important first, that are at least `room` from all that came before them."""
    kept = list[float]()
    for pixel in pixels:
        if all(abs(pixel - other) >= room for other in kept):
            kept.append(pixel)
    return tuple(kept)
