"""Keeps the entries of a dictionary that were set last, so that it does not grow without bound."""

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def keep_latest(entries: dict[K, V], key: K, value: V, most: int) -> None:
    """Set an entry as the latest; forget the one that was set longest ago if there are more than `most`."""
    entries.pop(key, None)
    entries[key] = value
    if len(entries) > most:
        del entries[next(iter(entries))]
