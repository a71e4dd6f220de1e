"""What disturbs a measurement, from readings of the machine while it was made. Seconds, bytes, watts and percent."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import mean

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.telemetry import GpuReading, Throttle

_SLOWED = frozenset({Throttle.THERMAL, Throttle.HARDWARE})
"""Throttles that come and go. The power limit is none of these: it binds under any full load, also later."""
_SLOWED_SHARE = 0.1
"""From this share of the readings on a card counts as slowed down."""
_MOVED_BYTES = 512 << 20
"""So much of the card's memory is taken by a program that uses the card, not by a window that was opened."""
_BUSY_PERCENT = 10.0
"""A card that shows a desktop is busy with a few percent of its time."""
_CPU_PERCENT = 25.0
"""From this share of all cores that other programs take it is told, if models run on the CPU."""
_CPU_PERCENT_BESIDE_GPU = 75.0
"""The same if models run on a GPU: its runner needs one core."""


class Reading(msgspec.Struct, frozen=True):
    """The machine `at` this second. `others_bytes` is what other programs have of a card's memory.

    `cpu_percent` is how busy all cores are, `servers_percent` what Ollama's servers take of them.
    """

    at: float
    gpus: tuple[GpuReading, ...] = ()
    others_bytes: int | None = None
    cpu_percent: float | None = None
    servers_percent: float | None = None
    on_battery: bool | None = None


class Observed(msgspec.Struct, frozen=True):
    """What readings tell of the time in which they were made.

    `disturbance` is why it should be measured again, None = it need not. `watts` is the mean power of all cards,
    `busy_percent` how busy the busiest one was.
    """

    cautions: tuple[Notice, ...] = ()
    disturbance: Notice | None = None
    watts: float | None = None
    busy_percent: float | None = None


def observed(readings: Sequence[Reading]) -> Observed:
    """Return what the readings tell, in their order; without any nothing is known."""
    disturbances = [one for one in (_slowed(readings), _moved(readings)) if one is not None]
    cautions = [*disturbances, *(one for one in (_battery(readings), _cpu(readings)) if one is not None)]
    return Observed(tuple(cautions), disturbances[0] if disturbances else None, _watts(readings), _busy(readings))


def before(reading: Reading, *, idle: bool) -> tuple[Notice, ...]:
    """Return what would disturb a measurement that begins now; `idle`: no request runs at any known server."""
    found = [_battery([reading]), _cpu([reading])]
    if idle:
        busy = _busy([reading])
        if busy is not None and busy >= _BUSY_PERCENT:
            found.append(notice("conditions.gpu", percent=round(busy)))
    return tuple(one for one in found if one is not None)


def pooled(parts: Sequence[tuple[Observed, float]]) -> Observed:
    """Return what several observations tell together, each with its seconds; something is said once."""
    cautions = once(caution for part, _ in parts for caution in part.cautions)
    disturbance = next((part.disturbance for part, _ in parts if part.disturbance is not None), None)
    return Observed(
        cautions,
        disturbance,
        _weighted([(part.watts, seconds) for part, seconds in parts]),
        _weighted([(part.busy_percent, seconds) for part, seconds in parts]),
    )


def once(cautions: Iterable[Notice]) -> tuple[Notice, ...]:
    """Return the first caution of each code: other figures for the same are no other caution."""
    found = dict[str, Notice]()
    for caution in cautions:
        found.setdefault(caution.code, caution)
    return tuple(found.values())


def _weighted(parts: Sequence[tuple[float | None, float]]) -> float | None:
    """Return the mean of values by their seconds, None if one is unknown."""
    known = [(value, seconds) for value, seconds in parts if value is not None]
    total = sum(seconds for _, seconds in known)
    if len(known) < len(parts) or not total:
        return None
    return sum(value * seconds for value, seconds in known) / total


def _slowed(readings: Sequence[Reading]) -> Notice | None:
    slowed = [gpu for one in readings for gpu in one.gpus if gpu.throttles and gpu.throttles & _SLOWED]
    if not slowed or len(slowed) < _SLOWED_SHARE * len(readings):
        return None
    hottest = max(slowed, key=lambda gpu: gpu.temperature_c or 0.0)
    if hottest.temperature_c is None:
        return notice("conditions.slowed", card=hottest.name)
    return notice("conditions.hot", card=hottest.name, degrees=round(hottest.temperature_c))


def _moved(readings: Sequence[Reading]) -> Notice | None:
    taken = [one.others_bytes for one in readings if one.others_bytes is not None]
    if not taken or max(taken) - min(taken) < _MOVED_BYTES:
        return None
    return notice("conditions.moved", bytes=max(taken) - min(taken))


def _battery(readings: Sequence[Reading]) -> Notice | None:
    return notice("conditions.battery") if any(one.on_battery for one in readings) else None


def _cpu(readings: Sequence[Reading]) -> Notice | None:
    others = [
        max(0.0, one.cpu_percent - one.servers_percent)
        for one in readings
        if one.cpu_percent is not None and one.servers_percent is not None
    ]
    least = _CPU_PERCENT_BESIDE_GPU if any(one.gpus for one in readings) else _CPU_PERCENT
    if not others or mean(others) < least:
        return None
    return notice("conditions.cpu", percent=round(mean(others)))


def _watts(readings: Sequence[Reading]) -> float | None:
    """Return the mean power of all cards over the time from the first reading to the last (trapezoidal rule)."""
    powers = list[tuple[float, float]]()
    for one in readings:
        told = [gpu.power_w for gpu in one.gpus]
        if not told or None in told:
            return None
        powers.append((one.at, sum(watts for watts in told if watts is not None)))
    if len(powers) < 2 or powers[-1][0] <= powers[0][0]:
        return None
    joules = sum((until - since) * (first + second) / 2 for (since, first), (until, second) in pairwise(powers))
    return joules / (powers[-1][0] - powers[0][0])


def _busy(readings: Sequence[Reading]) -> float | None:
    busiest = [
        max(told)
        for one in readings
        if (told := [gpu.utilization_percent for gpu in one.gpus if gpu.utilization_percent is not None])
    ]
    return mean(busiest) if busiest else None
