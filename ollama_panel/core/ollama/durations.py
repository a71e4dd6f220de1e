"""Durations as Go reads and prints them, in seconds: `keep_alive` of a request, OLLAMA_KEEP_ALIVE, lines of the log.

Own code, as no library reads Go's form: `time.ParseDuration` and `Duration.String` of Go 1.24, which count nanoseconds
in a signed number of 64 bits. Ollama besides takes whole seconds without a unit.
"""

import re

LONGEST_NS = 2**63 - 1
LONGEST_S = LONGEST_NS / 1e9
"""What Go's `time.Duration` holds at most, about 292 years; Ollama's "for ever"."""

_UNIT_NS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_PART = re.compile(r"(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)")  # both of Unicode's micro signs
_DURATION = re.compile(rf"([-+]?)((?:{_PART.pattern})+|0)")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_DIGITS = 19  # of a fraction that count, one less if they make more than the limit
_CHARACTERS = 4000  # of a text; Python itself reads no number of more than 4300 digits


def parse(text: str) -> float | None:
    """Return what `time.ParseDuration` reads (`1h30m`, `-1.5s`, `0`), None for what it refuses or cannot hold."""
    found = _DURATION.fullmatch(text) if len(text) <= _CHARACTERS else None
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
    if found is None and len(text) <= _CHARACTERS and _WHOLE.fullmatch(text):
        return _within(int(text))
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


def show(seconds: float) -> str:
    """Print seconds as Go does: `5m0s`, `1h0m0s`, `36.45s`, `112.967ms`; what Go cannot hold as the nearest it can."""
    total = LONGEST_NS if abs(seconds) >= LONGEST_S else round(abs(seconds) * 1e9)
    return ("-" if seconds < 0 and total else "") + _shown(total)


def _within(seconds: float) -> float | None:
    return float(seconds) if abs(seconds) <= LONGEST_S else None


def _nanoseconds(whole: str, fraction: str, unit: str) -> int:
    """Return a number with its unit; the fraction is cut to whole nanoseconds, in floating point as Go does."""
    size, fraction = _UNIT_NS[unit], fraction[:_DIGITS]
    if fraction and int(fraction) > LONGEST_NS:
        fraction = fraction[:-1]
    return int(whole or "0") * size + int(int(fraction or "0") * (size / 10 ** len(fraction)))


def _shown(total: int) -> str:
    if total == 0:
        return "0s"
    if total < 10**9:
        unit = "ms" if total >= 10**6 else "µs" if total >= 10**3 else "ns"
        return _decimal(total, _UNIT_NS[unit]) + unit
    minutes, rest = divmod(total, _UNIT_NS["m"])
    hours, minutes = divmod(minutes, 60)
    seconds = _decimal(rest, _UNIT_NS["s"]) + "s"
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + seconds


def _decimal(count: int, size: int) -> str:
    """Return `count / size` without zeros at its end; `size` is a power of ten."""
    whole, rest = divmod(count, size)
    digits = f"{rest:0{len(str(size)) - 1}d}".rstrip("0") if rest else ""
    return f"{whole}.{digits}" if digits else str(whole)
