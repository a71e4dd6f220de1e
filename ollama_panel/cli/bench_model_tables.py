"""What `bench model` prints: the rows of what was measured, and the table of what others have published."""

from collections.abc import Iterator, Sequence

import msgspec

from ollama_panel.cli.output import UNKNOWN
from ollama_panel.core import series
from ollama_panel.core.ollama.hardware import HARDWARE
from ollama_panel.core.tuning.trial import Measurement
from ollama_panel.core.tuning.wave import Wave
from ollama_panel.sim.machine.published import CURVES

MOST_CLIENTS = 1024
"""The most that are measured: each is a connection."""
_PUBLISHED = "Published for others, tokens/s of all answers together; with one client unless the source has more:"


class Durations(msgspec.Struct, frozen=True):
    """How long whole requests took, in seconds; None = none has ended."""

    p50_s: float | None
    p95_s: float | None


class Level(msgspec.Struct, frozen=True):
    """One number of clients; not `complete`: it was ended before its time."""

    clients: int
    measured: Measurement
    durations: Durations
    complete: bool = True


def durations(wave: Wave) -> Durations:
    """Return how long the requests of a wave took."""
    return Durations(series.percentile(wave.durations, 0.5), series.percentile(wave.durations, 0.95))


def heading(*, embeds: bool) -> str:
    """Return the heading of the rows."""
    columns = _columns("clients", "tokens/s", "requests/s", "first token", "token", "request")
    note = "tokens are those of the texts" if embeds else "token: each one after the first"
    return f"{columns}\n{_columns('', '', '', 'p50 / p95', 'p50 / p95', 'p50 / p95')}  ({note})"


def row(level: Level) -> str:
    """Return what was measured of one number of clients as a row."""
    one, whole = level.measured, level.durations
    error = one.tokens_per_s.relative
    return _columns(
        str(level.clients),
        f"{one.tokens_per_s.mean:,.1f}" + ("" if error is None else f" ± {error:.0%}".replace("%", " %")),
        f"{one.requests_per_s.mean:.2f}",
        _pair(one.first_token_p50_s, one.first_token_p95_s, "s"),
        _pair(_milli(one.token_p50_s), _milli(one.token_p95_s), "ms"),
        _pair(whole.p50_s, whole.p95_s, "s"),
    ) + ("" if level.complete else "  (not finished)")


def published(clients: Sequence[int]) -> str:
    """Return the table of published measurements with these numbers of clients, each with its source."""
    rows = sorted(_rows())
    width = max(len(name) for name, _, _ in rows)
    lines = [f"{'':{width}}" + "".join(f"{number:>9}" for number in clients)]
    for name, values, source in rows:
        if any(number in values for number in clients):
            cells = (f"{values[number]:,.0f}" if number in values else UNKNOWN for number in clients)
            lines.append(f"{name:{width}}" + "".join(f"{cell:>9}" for cell in cells) + f"  {source}")
    return "\n".join([_PUBLISHED, *lines])


def _rows() -> Iterator[tuple[str, dict[int, float], str]]:
    """Yield the name, tokens per second by the number of answers at once, and the source of each measurement.

    What `HARDWARE` has of one answer is left out where it is the first point of a curve.
    """
    for curve in CURVES:
        yield curve.name, curve.points[min(curve.points)], curve.source
    for hardware in HARDWARE:
        found = hardware.measured
        if found is not None and not _has_curve(hardware.name, found.tokens_per_s):
            yield f"{hardware.name} {found.model}", {1: found.tokens_per_s}, found.source


def _has_curve(name: str, tokens_per_s: float) -> bool:
    return any(
        curve.name.startswith(name) and round(curve.points[min(curve.points)].get(1, 0.0)) == round(tokens_per_s)
        for curve in CURVES
    )


def _columns(clients: str, tokens: str, requests: str, first: str, token: str, whole: str) -> str:
    return f"{clients:>7}  {tokens:>16}  {requests:>10}  {first:>17}  {token:>15}  {whole:>17}"


def _pair(middle: float | None, tail: float | None, unit: str) -> str:
    if middle is None or tail is None:
        return UNKNOWN
    return f"{_three(middle)} / {_three(tail)} {unit}"


def _three(value: float) -> str:
    """Return a number with three digits that count."""
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f}"


def _milli(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000
