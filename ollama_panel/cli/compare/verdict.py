"""The verdict of a comparison: each figure of both sides, and how much that of B differs, with its 95 % interval.

A and B take turns (A B B A), and each run of B is compared with the run of A beside it, on the same machine. The
interval is that of the mean over these pairs by Student's distribution (`core.tuning.statistics`): of rates and times
of the logarithms of their ratios, so that a ratio is never below 0, and A against B is the inverse of B against A.
"""

import math
from collections.abc import Callable, Iterator, Sequence

import msgspec

from ollama_panel.cli.compare.replay import Run
from ollama_panel.core.columns import aligned
from ollama_panel.core.tuning.statistics import estimate, pooled_percentile

_KEPT_UP = 2.0
"""A side that is done within twice the median time of a request after the last arrival has kept up."""


class Change(msgspec.Struct, frozen=True):
    """A ratio, or a difference, with its 95 % interval; without one, `low` and `high` are None."""

    mean: float
    low: float | None = None
    high: float | None = None

    def excludes(self, value: float) -> bool:
        """Return whether the interval excludes a value."""
        return self.low is not None and self.high is not None and not self.low <= value <= self.high


class Figure(msgspec.Struct, frozen=True):
    """A figure of both sides, `unit` "/s" or "s"; None = unknown. `ratio` is that of B to A."""

    name: str
    unit: str
    a: float | None
    b: float | None
    ratio: Change | None

    @property
    def differs(self) -> bool:
        """Whether the sides differ by more than chance."""
        return self.ratio is not None and self.ratio.excludes(1.0)


class Failures(msgspec.Struct, frozen=True):
    """The shares of the requests that failed, and by how much that of B is more."""

    a: float
    b: float
    more: Change


class Verdict(msgspec.Struct, frozen=True):
    """What `pairs` pairs of runs with `requests` requests each have shown; `kept_up`: both did with the arrivals."""

    figures: tuple[Figure, ...]
    failures: Failures
    pairs: int
    requests: int
    kept_up: bool

    def lines(self) -> Iterator[str]:
        """Yield the verdict for people: a table, and sentences."""
        rows = [("", "A", "B", "B against A")]
        rows += [(one.name, _shown(one, one.a), _shown(one, one.b), _against(one)) for one in self.figures]
        failures = self.failures
        rows.append(("failed", f"{failures.a:.1%}", f"{failures.b:.1%}", _more(failures.more)))
        yield from aligned(rows)
        yield ""
        yield from self._sentences()

    def _sentences(self) -> Iterator[str]:
        speed = next(one for one in self.figures if one.name == "tokens/s")
        if self.kept_up and not speed.differs:
            yield "Both sides kept up with the arrivals, which set their speed: compare the waiting times."
        elif speed.differs and speed.ratio is not None:
            yield f"B is {_times(speed.ratio)} as fast as A."
        else:
            yield "No difference in speed is shown: it may be chance."
        for one in self.figures:
            if one.unit == "s" and one.differs and one.ratio is not None:
                yield f"{one.name[0].upper()}{one.name[1:]}: {_percent(one.ratio)}."
        if self.failures.more.excludes(0.0):
            yield f"More requests fail with {'B' if self.failures.more.mean > 0 else 'A'}."
        if self.pairs < 3:
            yield "Few pairs of runs make wide intervals: more --rounds narrow them."


def verdict(a: Sequence[Run], b: Sequence[Run], arriving_s: float) -> Verdict:
    """Return what pairs of runs show: the first of each side with each other, and so on.

    `arriving_s` is how long the arrivals take, in seconds.
    """
    figures = (
        _rate("requests/s", a, b, lambda run: run.requests_per_s),
        _rate("tokens/s", a, b, lambda run: run.tokens_per_s),
        _wait("first token p50", a, b, Run.first_times, 50),
        _wait("first token p95", a, b, Run.first_times, 95),
        _wait("total p95", a, b, Run.total_times, 95),
    )
    shares = [[run.failures / len(run.requests) for run in side] for side in (a, b)]
    more = estimate([other - one for one, other in zip(*shares, strict=True)])
    failures = Failures(estimate(shares[0]).mean, estimate(shares[1]).mean, _interval(more.mean, more.half_width))
    kept_up = all(run.seconds - arriving_s <= _KEPT_UP * (_percentile(run.total_times(), 50) or 0) for run in (*a, *b))
    return Verdict(figures, failures, len(a), len(a[0].requests), kept_up)


def _rate(name: str, a: Sequence[Run], b: Sequence[Run], of: Callable[[Run], float]) -> Figure:
    before, after = list(map(of, a)), list(map(of, b))
    return Figure(name, "/s", estimate(before).mean, estimate(after).mean, _ratio(before, after))


def _wait(name: str, a: Sequence[Run], b: Sequence[Run], of: Callable[[Run], list[float]], percent: float) -> Figure:
    """Return a percentile: over the requests of all runs together as the figure, by pairs of runs for the ratio."""
    before, after = ([_percentile(of(run), percent) for run in side] for side in (a, b))
    of_a, of_b = (pooled_percentile(map(of, side), percent) for side in (a, b))
    return Figure(name, "s", of_a, of_b, _ratio(before, after))


def _percentile(values: list[float], percent: float) -> float | None:
    return pooled_percentile([values], percent)


def _ratio(before: Sequence[float | None], after: Sequence[float | None]) -> Change | None:
    """Return the ratio over pairs; one that lacks a value, or has a 0, is left out. None: no pair is left."""
    found = estimate([math.log(two / one) for one, two in zip(before, after, strict=True) if one and two])
    if not any(one and two for one, two in zip(before, after, strict=True)):
        return None
    log = _interval(found.mean, found.half_width)
    low, high = (None if one is None else math.exp(one) for one in (log.low, log.high))
    return Change(math.exp(log.mean), low, high)


def _interval(mean: float, half_width: float | None) -> Change:
    return Change(mean) if half_width is None else Change(mean, mean - half_width, mean + half_width)


def _shown(figure: Figure, value: float | None) -> str:
    if value is None:
        return "—"
    number = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return number if figure.unit == "/s" else f"{number} {figure.unit}"


def _against(figure: Figure) -> str:
    if figure.ratio is None:
        return "—"
    return _percent(figure.ratio) + ("" if figure.differs else ", may be chance")


def _percent(ratio: Change) -> str:
    """Return a ratio as a change with its interval: "-40 % (-45 to -35 %)"."""
    shown = f"{100 * ratio.mean - 100:+.0f} %"
    if ratio.low is None or ratio.high is None:
        return shown
    return f"{shown} ({100 * ratio.low - 100:+.0f} to {100 * ratio.high - 100:+.0f} %)"


def _more(more: Change) -> str:
    shown = f"{100 * more.mean:+.1f} points"
    if more.low is None or more.high is None or more.low == more.high:
        return shown
    return f"{shown} ({100 * more.low:+.1f} to {100 * more.high:+.1f})"


def _times(ratio: Change) -> str:
    """Return a ratio with its interval: "1.8 times (1.7 to 1.9)"."""
    shown = f"{ratio.mean:.3g} times"
    return shown if ratio.low is None or ratio.high is None else f"{shown} ({ratio.low:.3g} to {ratio.high:.3g})"
