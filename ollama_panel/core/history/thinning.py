"""Many readings as one row: the mean of each field over some seconds, and its highest or lowest value."""

from collections.abc import Iterable, Sequence

import msgspec

from ollama_panel.core.history.series import FIELDS, Kind, Reading

FINE_S = 10
"""The width of the rows of the last days. Seconds stay in memory: on the disk they would be ten times as much."""

COARSE_S = 300
"""The width of older rows."""


class Row(msgspec.Struct, frozen=True):
    """The readings of one source from `at` on, for the width of the row; `values` are in the order of `columns`."""

    kind: Kind
    source: str
    at: int
    values: tuple[float | None, ...]


class Thinner:
    """Collects readings, and returns rows of `width_s` seconds as they become complete."""

    def __init__(self, width_s: int = FINE_S) -> None:
        self._width_s = width_s
        self._begin: int | None = None
        self._readings: dict[tuple[Kind, str], list[Sequence[float | None]]] = {}

    def add(self, at: float, readings: Iterable[Reading]) -> tuple[Row, ...]:
        """Add readings of one instant. Returns the rows before, if it is later or, with a clock set back, earlier."""
        begin = int(at // self._width_s) * self._width_s
        done = self.end() if begin != self._begin else ()
        self._begin = begin
        for one in readings:
            self._readings.setdefault((one.kind, one.source), []).append(one.values)
        return done

    def end(self) -> tuple[Row, ...]:
        """Return the rows of what was added last, complete or not."""
        begin, readings = self._begin, self._readings
        if begin is None:
            return ()
        self._begin, self._readings = None, {}
        return tuple(Row(kind, source, begin, _thinned(kind, found)) for (kind, source), found in readings.items())


def _thinned(kind: Kind, readings: Sequence[Sequence[float | None]]) -> tuple[float | None, ...]:
    values = list[float | None]()
    for field, column in zip(FIELDS[kind], zip(*readings, strict=True), strict=True):
        known = [value for value in column if value is not None]
        values.append(_short(sum(known) / len(known)) if known else None)
        if field.high:
            values.append(_short(max(known)) if known else None)
        if field.low:
            values.append(_short(min(known)) if known else None)
    return tuple(values)


def _short(value: float) -> float:
    """Return a whole number where it is as good: the file has it in one to six bytes instead of eight."""
    rounded = round(value, 3)
    return int(rounded) if rounded == int(rounded) or abs(rounded) > 1e6 else rounded
