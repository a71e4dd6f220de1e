"""Formats numbers for people, with the unit and in the locale's digits; an unknown value is "—"."""

from PySide6.QtCore import QCoreApplication, QLocale

from ollama_panel.core.notices.render import in_unit

UNKNOWN = "—"
_GIB = 1024**3


def number(value: float | None, decimals: int = 0) -> str:
    """Return a number with the locale's separators."""
    if value is None or value != value:
        return UNKNOWN
    return QLocale().toString(float(value), "f", decimals)


def busy(requests: int, slots: int) -> tuple[str, str]:
    """Return how many requests run and on how many slots.

    An instance that drains has no slots for new requests, but each request that it still works on has one.
    """
    return number(requests), number(max(requests, slots))


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


def seconds(value: float | None) -> tuple[str, str]:
    """Return a duration and its unit: milliseconds below one second, minutes from two minutes on."""
    if value is None or value != value:
        return UNKNOWN, ""
    if value < 1:
        return number(1000 * value), QCoreApplication.translate("format", "ms")
    if value < 120:
        return number(value, 1 if value < 10 else 0), QCoreApplication.translate("format", "s")
    return number(value / 60, 1 if value < 600 else 0), QCoreApplication.translate("format", "min")


def duration(value: float | None) -> str:
    """Return a duration with its unit."""
    return " ".join(seconds(value)).strip()


def tokens(value: int | None) -> str:
    """Return a context length, in k (1024) where that is exact."""
    if value is None:
        return UNKNOWN
    return f"{number(value // 1024)}k" if value >= 1024 and value % 1024 == 0 else number(value)
