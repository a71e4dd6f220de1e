"""Durations as Go's `Duration.String` prints them (Go 1.24), for answers and logs."""

from ollama_panel.core.ollama.durations import LONGEST_NS, LONGEST_S, UNIT_NS


def show(seconds: float) -> str:
    """Print seconds as Go does: `5m0s`, `1h0m0s`, `36.45s`, `112.967ms`; what Go cannot hold as the nearest it can."""
    total = LONGEST_NS if abs(seconds) >= LONGEST_S else round(abs(seconds) * 1e9)
    return ("-" if seconds < 0 and total else "") + _shown(total)


def _shown(total: int) -> str:
    if total == 0:
        return "0s"
    if total < 10**9:
        unit = "ms" if total >= 10**6 else "µs" if total >= 10**3 else "ns"
        return _decimal(total, UNIT_NS[unit]) + unit
    minutes, rest = divmod(total, UNIT_NS["m"])
    hours, minutes = divmod(minutes, 60)
    seconds = _decimal(rest, UNIT_NS["s"]) + "s"
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + seconds


def _decimal(count: int, size: int) -> str:
    """Return `count / size` without zeros at its end; `size` is a power of ten."""
    whole, rest = divmod(count, size)
    digits = f"{rest:0{len(str(size)) - 1}d}".rstrip("0") if rest else ""
    return f"{whole}.{digits}" if digits else str(whole)
