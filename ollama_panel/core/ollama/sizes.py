"""Sizes: parses them as Ollama and llama.cpp print them, and rounds them up."""

import re

_SIZE = re.compile(r"\s*([\d.]+)\s*([KMGTP]?)(i?)B\s*")
_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5}

MIB = 1024**2
GIB = 1024**3


def power_of_two(count: int) -> int:
    """Return the smallest power of two that is not less; 0 for 0."""
    return 1 << (count - 1).bit_length() if count else 0


def parse_size(text: str) -> int | None:
    """Return the bytes of `23.5 GiB`, `256.00 MiB`, `387 MB`, `0 B`, or None for any other text."""
    found = _SIZE.fullmatch(text)
    if found is None:
        return None
    number, letter, binary = found.groups()
    try:
        unit: int = (1024 if binary else 1000) ** _POWERS[letter]
        return round(float(number) * unit)
    except (ValueError, OverflowError):
        return None
