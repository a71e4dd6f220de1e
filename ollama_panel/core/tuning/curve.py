"""What each number of slots gives, from the trials of a tuning: measured points, and estimates between them."""

from collections.abc import Iterable, Sequence

import msgspec

from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement, Outcome, TrialKind


class Point(msgspec.Struct, frozen=True):
    """What a candidate gives. `between` are the measured slots beside an estimated point, None = it is measured."""

    candidate: Candidate
    measurement: Measurement
    between: tuple[int, int] | None = None

    @property
    def estimated(self) -> bool:
        """Whether it lies between measured points."""
        return self.between is not None


def points(outcomes: Iterable[Outcome]) -> tuple[Point, ...]:
    """Return the measured candidates in their order, each with its longest measurement: the one of most requests."""
    longest: dict[Candidate, Measurement] = {}
    for candidate, measurement in measurements(outcomes):
        if candidate not in longest or measurement.requests > longest[candidate].requests:
            longest[candidate] = measurement
    return tuple(Point(candidate, longest[candidate]) for candidate in sorted(longest))


def measurements(outcomes: Iterable[Outcome]) -> Iterable[tuple[Candidate, Measurement]]:
    """Return each candidate that was measured with what was measured, in the order of the trials.

    The repeated first step is left out: it tells of the machine. So is the memory of a step that was measured with more
    slots loaded: it is that of the load.
    """
    for outcome in outcomes:
        trial, measurement = outcome.trial, outcome.measurement
        if measurement is not None and trial.kind is not TrialKind.DRIFT:
            own = trial.load_parallel == trial.candidate.parallel
            yield trial.candidate, measurement if own else msgspec.structs.replace(measurement, memory_bytes=None)
        if outcome.against is not None and outcome.trial.against is not None:
            yield outcome.trial.against, outcome.against


def at(known: Sequence[Point], candidate: Candidate) -> Point | None:
    """Return what a candidate gives: measured, or estimated between two of its kind; None beyond all of them."""
    alike = [point for point in known if _with_slots(point.candidate, candidate.parallel) == candidate]
    below = max((point for point in alike if point.candidate.parallel <= candidate.parallel), default=None, key=_slots)
    above = min((point for point in alike if point.candidate.parallel >= candidate.parallel), default=None, key=_slots)
    if below is None or above is None:
        return None
    if below is above:
        return below
    return Point(candidate, _between(below, above, candidate), (_slots(below), _slots(above)))


def _between(below: Point, above: Point, candidate: Candidate) -> Measurement:
    """Return the measurement between two points.

    The time of a step grows in proportion with the slots (llama.cpp on one GPU: 2.7 % error, scheduling study, section
    8), so slots / rate is what lies on a line, and so do times and memory.
    """
    low, high = _slots(below), _slots(above)
    share = (candidate.parallel - low) / (high - low)
    first, second = below.measurement, above.measurement

    def line(one: float | None, two: float | None) -> float | None:
        return None if one is None or two is None else one + share * (two - one)

    def rate(one: Estimate, two: Estimate) -> Estimate:
        step = line(low / one.mean if one.mean else None, high / two.mean if two.mean else None)
        return Estimate(candidate.parallel / step if step else 0.0)

    memory = line(first.memory_bytes, second.memory_bytes)
    return Measurement(
        rate(first.tokens_per_s, second.tokens_per_s),
        rate(first.requests_per_s, second.requests_per_s),
        line(first.first_token_p50_s, second.first_token_p50_s),
        line(first.first_token_p95_s, second.first_token_p95_s),
        line(first.token_p50_s, second.token_p50_s),
        line(first.token_p95_s, second.token_p95_s),
        None if memory is None else round(memory),
        line(first.joules_per_token, second.joules_per_token),
        line(first.busy_percent, second.busy_percent),
    )


def _slots(point: Point) -> int:
    return point.candidate.parallel


def _with_slots(candidate: Candidate, slots: int) -> Candidate:
    return msgspec.structs.replace(candidate, parallel=slots)
