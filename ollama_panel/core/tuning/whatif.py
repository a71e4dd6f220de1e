"""What a pool would give with other settings: predicted from what tunings have measured."""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.notices import Notice
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.tuning import curve
from ollama_panel.core.tuning.curve import Point
from ollama_panel.core.tuning.record import ENDED, Provenance, TuningRecord
from ollama_panel.core.tuning.task import WorkloadKind
from ollama_panel.core.tuning.trial import Candidate

MOST_CURVES = 20
"""The curves in a snapshot at most: each has some thousand bytes, and a pool needs one."""


class PoolCurve(msgspec.Struct, frozen=True):
    """What the tuning `tuning` has measured of a pool with a model; it ended at `ended`, in Unix time."""

    tuning: str
    pool: PoolName
    model: ModelName
    workload: WorkloadKind
    provenance: Provenance
    ended: float
    points: tuple[Point, ...]


class Prediction(msgspec.Struct, frozen=True):
    """What a pool would give with some settings: `point`, None = beyond all that was measured.

    An estimated point has beside it numbers of slots, or `of_workers` numbers of workers. `problem` says why the
    measurement does not hold on this machine, None = it does.
    """

    curve: PoolCurve
    point: Point | None = None
    of_workers: bool = False
    problem: Notice | None = None


def curve_of(record: TuningRecord) -> PoolCurve | None:
    """Return what a tuning has measured, None if that is nothing, or if it has not ended."""
    points = tuple(point for point in curve.points(record.outcomes) if point.measurement.tokens_per_s.mean > 0)
    if record.state not in ENDED or record.ended is None or not points:
        return None
    task = record.task
    return PoolCurve(record.id, task.pool, task.model, task.workload, record.provenance, record.ended, points)


def newest(records: Iterable[TuningRecord]) -> tuple[PoolCurve, ...]:
    """Return what the newest tuning of each pool, model and machine has measured, the newest first."""
    found = sorted(filter(None, map(curve_of, records)), key=lambda one: -one.ended)
    kept = dict[object, PoolCurve]()
    for one in found:
        kept.setdefault((one.pool, one.model, msgspec.structs.replace(one.provenance, at=0.0, panel="")), one)
    return tuple(kept.values())[:MOST_CURVES]


def predicted(
    curves: Iterable[PoolCurve], pool: PoolSettings, problem: Callable[[Provenance], Notice | None]
) -> Prediction | None:
    """Return what a pool would give with these settings, None if nothing was measured with its models.

    It is from the newest of the curves (the newest first) that holds, or else from the newest, with the `problem`.
    """
    mine = [(one, problem(one.provenance)) for one in curves if _is_of(one, pool)]
    if not mine:
        return None
    chosen, wrong = next((one for one in mine if one[1] is None), mine[0])
    wanted = Candidate.of(pool)
    point = curve.at(chosen.points, wanted)
    if point is not None or not pool.workers:
        return Prediction(chosen, point, problem=wrong)
    return Prediction(chosen, _between_workers(chosen.points, wanted), of_workers=True, problem=wrong)


def _is_of(one: PoolCurve, pool: PoolSettings) -> bool:
    """Return whether a curve is of a model of a pool; of one that names none, whether it was measured there."""
    return one.model in pool.models if pool.models else one.pool == pool.name


def _between_workers(known: Sequence[Point], wanted: Candidate) -> Point | None:
    """Return a point between fewer and more workers, each of which has as many slots, None if there are not both.

    It is reckoned as one between fewer and more slots: so many requests run at once, too.
    """

    def as_slots(candidate: Candidate) -> Candidate:
        return msgspec.structs.replace(candidate, workers=1, parallel=candidate.workers)

    alike = [one for one in known if one.candidate.parallel == wanted.parallel]
    found = curve.at(
        [msgspec.structs.replace(one, candidate=as_slots(one.candidate)) for one in alike], as_slots(wanted)
    )
    return None if found is None else msgspec.structs.replace(found, candidate=wanted)
