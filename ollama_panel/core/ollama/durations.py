"""Durations as Go reads them, in seconds: `keep_alive` of a request, OLLAMA_KEEP_ALIVE.

Own code, as no library reads Go's form: `time.ParseDuration` of Go 1.24, which counts nanoseconds in a signed number
of 64 bits. Ollama besides takes whole seconds without a unit.
"""

import re

LONGEST_NS = 2**63 - 1
LONGEST_S = LONGEST_NS / 1e9
"""What Go's `time.Duration` holds at most, about 292 years; Ollama's "for ever"."""

UNIT_NS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_PART = re.compile(r"(?=\.?[0-9])([0-9]{0,99})(\.[0-9]*)?(ns|us|µs|μs|ms|s|m|h)")  # both of Unicode's micro signs
_DURATION = re.compile(rf"([-+]?)((?:{_PART.pattern}){{1,99}}|0)")  # no longer one is read: it comes from strangers
_WHOLE = re.compile(r"[-+]?[0-9]+")


def parse(text: str) -> float | None:
    """Return what `time.ParseDuration` reads (`1h30m`, `-1.5s`, `0`), None for what it refuses or cannot hold."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    total = sum(_nanoseconds(*part) for part in _PART.findall(found[2]))
    if found[1] == "-":
        return -total / 1e9 if total <= LONGEST_NS + 1 else None
    return total / 1e9 if total <= LONGEST_NS else None


def parse_setting(text: str) -> float | None:
    """Return the value of a variable such as OLLAMA_KEEP_ALIVE: a duration or whole seconds; None if it is neither.

    Ollama's default takes the place of what is neither (`envconfig/config.go`). Seconds that Go cannot hold count as
    neither.
    """
    found = parse(text)
    if found is None and _WHOLE.fullmatch(text):
        return _within(float(text))
    return found


def parse_json(value: object) -> float | None:
    """Return a `keep_alive` of a request: a number is seconds, a text a duration; None where Ollama refuses it.

    A negative one, which Ollama takes for ever (`api/types.go Duration.UnmarshalJSON`), is returned as it is. Numbers
    that Go cannot hold count as refused.
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
