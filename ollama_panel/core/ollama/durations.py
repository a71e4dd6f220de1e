"""Parses durations as Go does, into seconds: the `keep_alive` of a request, and OLLAMA_KEEP_ALIVE.

Own code, because no library parses Go's format: that of `time.ParseDuration` of Go 1.24, which counts nanoseconds in
a signed number of 64 bits. Ollama also accepts whole seconds without a unit.
"""

import re
from functools import lru_cache

LONGEST_NS = 2**63 - 1
LONGEST_S = LONGEST_NS / 1e9
"""The longest `time.Duration` of Go, about 292 years, which Ollama uses for "for ever"."""

UNIT_NS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_PART = re.compile(r"(?=\.?[0-9])([0-9]{0,99})(\.[0-9]*)?(ns|us|µs|μs|ms|s|m|h)")  # both of Unicode's micro signs
_DURATION = re.compile(rf"([-+]?)((?:{_PART.pattern}){{1,99}}|0)")  # limited: the text comes from clients
_WHOLE = re.compile(r"[-+]?[0-9]+")


@lru_cache(maxsize=256)
def parse(text: str) -> float | None:
    """Return the seconds of a duration (`1h30m`, `-1.5s`, `0`), or None if `time.ParseDuration` refuses it."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    total = sum(_nanoseconds(*part) for part in _PART.findall(found[2]))
    if found[1] == "-":
        return -total / 1e9 if total <= LONGEST_NS + 1 else None
    return total / 1e9 if total <= LONGEST_NS else None


def parse_setting(text: str) -> float | None:
    """Return the value of a variable such as OLLAMA_KEEP_ALIVE: a duration or whole seconds; None if it is neither.

    Ollama then uses its default (`envconfig/config.go`). More seconds than Go can hold count as neither.
    """
    found = parse(text)
    if found is None and _WHOLE.fullmatch(text):
        return _within(float(text))
    return found


def parse_json(value: object) -> float | None:
    """Return the `keep_alive` of a request, seconds or a duration as text, or None if Ollama refuses it.

    A negative one, which to Ollama means for ever (`api/types.go Duration.UnmarshalJSON`), is returned unchanged. A
    number that Go cannot hold counts as refused.
    """
    if isinstance(value, str):
        return parse(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _within(value)


def _within(seconds: float) -> float | None:
    return float(seconds) if abs(seconds) <= LONGEST_S else None


def _nanoseconds(whole: str, fraction: str, unit: str) -> int:
    """Return a number with its unit; the fraction is cut to whole nanoseconds, in floating point as Go does."""
    return int(whole or "0") * UNIT_NS[unit] + int(float(f"0{fraction}") * UNIT_NS[unit])
