"""What a pool would give with other settings: predicted from what tunings have measured."""

from collections.abc import Callable, Iterable

import msgspec

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.notices import Notice
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.tuning.record import ENDED, Provenance, TuningRecord
from ollama_panel.core.tuning.task import WorkloadKind
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement


class CurvePoint(msgspec.Struct, frozen=True):
    """What was measured with one candidate: tokens per second of all workers together, and seconds of each request.

    `token_s` is the time of each further token at the median, `first_token_s` that of the first one at p95.
    """

    candidate: Candidate
    tokens_per_s: Estimate
    token_s: float | None = None
    first_token_s: float | None = None


class PoolCurve(msgspec.Struct, frozen=True):
    """What the tuning `tuning` has measured of a pool with a model; it ended at `ended`, in Unix time."""

    tuning: str
    pool: PoolName
    model: ModelName
    workload: WorkloadKind
    provenance: Provenance
    ended: float
    points: tuple[CurvePoint, ...]


class Prediction(msgspec.Struct, frozen=True):
    """What a pool would give with some settings: `point`, None = nothing near them was measured.

    It is estimated `between` two candidates, () = it was measured. `problem` says why the measurement does not hold.
    """

    curve: PoolCurve
    point: CurvePoint | None = None
    between: tuple[Candidate, ...] = ()
    problem: Notice | None = None


def curve_of(record: TuningRecord) -> PoolCurve | None:
    """Return what a tuning has measured, None if that is nothing, or if it has not ended.

    Of a candidate that was measured several times it is the last one: that is the longest (`TrialKind.VERIFY`).
    """
    if record.state not in ENDED or record.ended is None:
        return None
    measured = dict[Candidate, Measurement]()
    for outcome in record.outcomes:
        if outcome.trial.against is not None and outcome.against is not None:
            measured[outcome.trial.against] = outcome.against
        if outcome.measurement is not None:
            measured[outcome.trial.candidate] = outcome.measurement
    points = tuple(
        CurvePoint(candidate, one.tokens_per_s, one.token_p50_s, one.first_token_p95_s)
        for candidate, one in sorted(measured.items(), key=lambda item: item[0])
        if one.tokens_per_s.mean > 0
    )
    if not points:
        return None
    task = record.task
    return PoolCurve(record.id, task.pool, task.model, task.workload, record.provenance, record.ended, points)


def newest(records: Iterable[TuningRecord]) -> tuple[PoolCurve, ...]:
    """Return what the newest tunings of each pool, model, workload and machine have measured, the newest first."""
    found = sorted(filter(None, map(curve_of, records)), key=lambda curve: -curve.ended)
    kept = dict[object, PoolCurve]()
    for curve in found:
        kept.setdefault((curve.pool, curve.model, curve.workload, _key(curve.provenance)), curve)
    return tuple(kept.values())


def predicted(
    curves: Iterable[PoolCurve], pool: PoolSettings, problem: Callable[[Provenance], Notice | None]
) -> Prediction | None:
    """Return what a pool would give with these settings, None if nothing was measured with its models.

    It is from the newest of the curves (the newest first) that holds, or else from the newest, with the `problem`.
    """
    mine = [(curve, problem(curve.provenance)) for curve in curves if _is_of(curve, pool)]
    if not mine:
        return None
    curve, wrong = next((one for one in mine if one[1] is None), mine[0])
    candidate = Candidate.of(pool)
    found = _at(curve.points, candidate)
    if found is None:
        return Prediction(curve, problem=wrong)
    point, between = found
    return Prediction(curve, point, between, wrong)


def _is_of(curve: PoolCurve, pool: PoolSettings) -> bool:
    """Return whether a curve is of the model of a pool; of one that names none, whether it was measured there."""
    return curve.model in pool.models if pool.models else curve.pool == pool.name


def _key(provenance: Provenance) -> tuple[str, ...]:
    return provenance.hardware, provenance.driver, provenance.ollama, provenance.digest, provenance.power


def _at(points: Iterable[CurvePoint], wanted: Candidate) -> tuple[CurvePoint, tuple[Candidate, ...]] | None:
    """Return the point of a candidate, with those between which it is estimated; None if it is beyond all of them.

    It is estimated between fewer and more slots of as many workers, or else between fewer and more of such workers.
    """
    alike = [one for one in points if _fixed(one.candidate) == _fixed(wanted)]
    exact = next((one for one in alike if one.candidate == wanted), None)
    if exact is not None:
        return exact, ()
    slots = [one for one in alike if one.candidate.workers == wanted.workers]
    workers = [one for one in alike if one.candidate.parallel == wanted.parallel]
    return _between(slots, wanted) or _between(workers, wanted)


def _fixed(candidate: Candidate) -> tuple[int, str]:
    """Return what no estimate goes across."""
    return candidate.batch, candidate.cache_type


def _between(line: Iterable[CurvePoint], wanted: Candidate) -> tuple[CurvePoint, tuple[Candidate, ...]] | None:
    """Return the point between its neighbours on a line of points that differ in slots alone, or in workers alone.

    The time of a step, which gives each slot a token, grows linearly with the slots (scheduling study, section 8: off
    by 2.7 % on average on a card that was measured); and so does the time that the tokens per second stand for.
    """
    ordered = sorted(line, key=lambda one: _slots(one.candidate))
    below = [one for one in ordered if _slots(one.candidate) < _slots(wanted)]
    above = [one for one in ordered if _slots(one.candidate) > _slots(wanted)]
    if not below or not above:
        return None
    low, high = below[-1], above[0]
    first, last = _slots(low.candidate), _slots(high.candidate)
    share = (_slots(wanted) - first) / (last - first)
    per_slot = _mixed(first / low.tokens_per_s.mean, last / high.tokens_per_s.mean, share)
    point = CurvePoint(
        candidate=wanted,
        tokens_per_s=Estimate(_slots(wanted) / per_slot),
        token_s=_mixed_known(low.token_s, high.token_s, share),
        first_token_s=_mixed_known(low.first_token_s, high.first_token_s, share),
    )
    return point, (low.candidate, high.candidate)


def _slots(candidate: Candidate) -> int:
    return candidate.workers * candidate.parallel


def _mixed(low: float, high: float, share: float) -> float:
    return low + (high - low) * share


def _mixed_known(low: float | None, high: float | None, share: float) -> float | None:
    return None if low is None or high is None else _mixed(low, high, share)
