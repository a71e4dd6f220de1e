"""Formats numbers for people, with the unit and in the locale's digits; an unknown value is "—"."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale

from ollama_panel.core.notices.render import in_time, in_unit
from ollama_panel.core.snapshot import InstanceRecord

UNKNOWN = "—"
_GIB = 1024**3


def number(value: float | None, decimals: int = 0) -> str:
    """Return a number with the locale's separators."""
    if value is None or value != value:
        return UNKNOWN
    return QLocale().toString(float(value), "f", decimals)


def slots_in_use(records: Iterable[InstanceRecord]) -> tuple[int, int]:
    """Return how many requests run at some instances, and on how many slots: the sums of what each of them shows.

    An instance that drains has no slots for new requests, but each request that it still works on has one.
    """
    loads = [(record.in_flight, max(record.in_flight, record.slots)) for record in records]
    return sum(run for run, _ in loads), sum(slots for _, slots in loads)


def busy(records: Iterable[InstanceRecord]) -> tuple[str, str]:
    """Return `slots_in_use` as texts."""
    run, slots = slots_in_use(records)
    return number(run), number(slots)


def rate(value: float | None) -> str:
    """Return tokens per second without the unit: one decimal below ten."""
    if value is None or value != value:
        return UNKNOWN
    return number(value, 1 if 0 < value < 10 else 0)


def gibibytes(value: float | None) -> str:
    """Return bytes in GiB without the unit."""
    return UNKNOWN if value is None or value != value else number(value / _GIB, 1)


def size(value: float | None) -> str:
    """Return bytes with their unit."""
    if value is None or value != value:
        return UNKNOWN
    amount, decimals, unit = in_unit(value)
    return f"{number(amount, decimals)} {unit}"


def percent(part: float | None, whole: float | None) -> str:
    """Return `part` as a percentage of `whole`."""
    if part is None or not whole:
        return UNKNOWN
    return f"{number(100 * part / whole)} %"


def with_unit(value: float | None, unit: str) -> str:
    """Return a whole number with its unit, whose symbol is the same in all languages."""
    return UNKNOWN if value is None or value != value else f"{number(value)} {unit}"


def seconds(value: float | None) -> tuple[str, str]:
    """Return a duration and its unit: milliseconds below one second, from two minutes on what `in_time` chooses."""
    if value is None or value != value:
        return UNKNOWN, ""
    if value < 0.9995:
        return number(1000 * value), QCoreApplication.translate("format", "ms")
    if value < 120:
        return number(value, 1 if value < 9.95 else 0), QCoreApplication.translate("format", "s")
    amount, decimals, unit = in_time(value)
    units = {
        "min": QCoreApplication.translate("format", "min"),
        "h": QCoreApplication.translate("format", "h"),
        "days": QCoreApplication.translate("format", "days"),
    }
    return number(amount, decimals), units[unit]


def duration(value: float | None) -> str:
    """Return a duration with its unit."""
    return " ".join(seconds(value)).strip()


def about(value: float) -> str:
    """Return an estimated duration with its unit, in whole seconds below two minutes."""
    return duration(value) if value >= 120 else f"{number(value)} {QCoreApplication.translate('format', 's')}"


def time_of(at: float, now: float) -> QDateTime:
    """Return a time of the engine's clock in the time of this machine; `now` is that of the newest snapshot."""
    return QDateTime.currentDateTime().addSecs(-round(now - at))


def moment(value: QDateTime) -> str:
    """Return a time of day, and the day before it unless it is today."""
    if value.date() == QDate.currentDate():
        return QLocale().toString(value.time(), QLocale.FormatType.ShortFormat)
    return QLocale().toString(value, QLocale.FormatType.ShortFormat)


def tokens(value: int | None) -> str:
    """Return a context length, in k (1024) where that is exact."""
    if value is None:
        return UNKNOWN
    return f"{number(value // 1024)}k" if value >= 1024 and value % 1024 == 0 else number(value)
