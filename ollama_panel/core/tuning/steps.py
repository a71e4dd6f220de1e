"""The steps of a tuning as a chart shows them: what was measured along its one axis, and what is planned there."""

from collections.abc import Iterator
from enum import Enum

import msgspec

from ollama_panel.core.tuning import curve
from ollama_panel.core.tuning.findings import NEARLY, rate_of
from ollama_panel.core.tuning.record import ENDED, TuningRecord
from ollama_panel.core.tuning.space import STEPS
from ollama_panel.core.tuning.task import Goal
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement
from ollama_panel.core.tuning.verdict import VerdictKind

_FAR = 1.7
"""By so many times a place that is shown beyond the memory's limit is greater, so that the limit can be seen."""


class Axis(Enum):
    """What differs between the steps: the slots of each worker, or the workers."""

    SLOTS = "slots"
    WORKERS = "workers"

    def of(self, candidate: Candidate) -> int:
        """Return the place of a candidate on this axis."""
        return candidate.parallel if self is Axis.SLOTS else candidate.workers

    def rest(self, candidate: Candidate) -> Candidate:
        """Return a candidate without what this axis shows: it is the same for all steps of one line."""
        same = {"parallel": 1} if self is Axis.SLOTS else {"workers": 1}
        return msgspec.structs.replace(candidate, **same)


class Step(msgspec.Struct, frozen=True):
    """A step: its place on the axis, and what it gives: `rate` is what the goal wants most of.

    `request_s` is the mean time of a request in seconds: of a closed loop it is the number of clients by the rate of
    requests (Little's law). `running`: it is being measured.
    """

    place: int
    rate: Estimate
    measurement: Measurement
    request_s: float | None = None
    running: bool = False


class Steps(msgspec.Struct, frozen=True):
    """All steps in the order of their places. `planned` are the one under way and those to come.

    `present` is that of the settings of before, `best` that of the verdict, None = there is none, or not on this line.
    `fits` is the last place that fits into the memory, and `beyond` one that does not, None = unknown, or all fit.
    `content`: the first step that gives `enough` is asked for, and not the one that gives the most. `ended`: nothing
    more is measured. `embeds`: rates are of embeddings.
    """

    axis: Axis = Axis.SLOTS
    measured: tuple[Step, ...] = ()
    planned: tuple[int, ...] = ()
    present: int | None = None
    best: int | None = None
    fits: int | None = None
    beyond: int | None = None
    content: bool = False
    ended: bool = False
    embeds: bool = False

    @property
    def enough(self) -> float | None:
        """The rate from which on a step is good enough, None without a measured one."""
        rates = [step.rate.mean for step in self.measured if not step.running]
        return NEARLY * max(rates) if rates else None


def steps_of(record: TuningRecord) -> Steps:
    """Return the steps of a tuning: those of the climb, and of what was measured beside it with the same settings."""
    tried = list(_candidates(record))
    axis = Axis.WORKERS if _differing(tried, Axis.WORKERS) > _differing(tried, Axis.SLOTS) else Axis.SLOTS
    base = _base(tried, axis)

    def of_line(candidate: Candidate) -> bool:
        return axis.rest(candidate) == base

    def step(candidate: Candidate, it: Measurement, *, running: bool = False) -> Step:
        clients, requests = candidate.workers * candidate.parallel, it.requests_per_s.mean
        request_s = clients / requests if requests else None
        return Step(axis.of(candidate), rate_of(record.task.goal, it), it, request_s, running)

    points = [point for point in curve.points(record.outcomes) if of_line(point.candidate)]
    steps = {axis.of(point.candidate): step(point.candidate, point.measurement) for point in points}
    partial = record.partial
    if partial is not None and partial.measurement is not None and of_line(partial.trial.candidate):
        candidate = partial.trial.candidate
        steps.setdefault(axis.of(candidate), step(candidate, partial.measurement, running=True))
    fits = _fits(record, axis)
    planned = {axis.of(candidate) for candidate in _to_come(record) if of_line(candidate)}
    return Steps(
        axis,
        tuple(steps[place] for place in sorted(steps)),
        tuple(sorted(planned - steps.keys())),
        axis.of(record.present),
        _best(record, axis),
        fits,
        None if fits is None else next((step for step in STEPS if step >= _FAR * fits), 2 * fits),
        record.task.goal is Goal.BALANCED,
        record.state in ENDED,
        record.task.goal is Goal.EMBEDDING,
    )


def _fits(record: TuningRecord, axis: Axis) -> int | None:
    most = record.slots_that_fit
    return most if axis is Axis.SLOTS and most is not None and most < STEPS[-1] else None


def _best(record: TuningRecord, axis: Axis) -> int | None:
    verdict = record.verdict
    if verdict is None or verdict.after is None or verdict.kind is VerdictKind.UNCERTAIN:
        return None
    return axis.of(verdict.best)


def _candidates(record: TuningRecord) -> Iterator[Candidate]:
    """Yield what was, is and will be tried."""
    yield from (outcome.trial.candidate for outcome in record.outcomes)
    yield from _to_come(record)


def _to_come(record: TuningRecord) -> Iterator[Candidate]:
    """Yield what is and will be tried."""
    if record.current is not None:
        yield record.current.candidate
    yield from (one for outlook in record.to_come if not outlook.skipped for one in outlook.candidates)


def _differing(tried: list[Candidate], axis: Axis) -> int:
    return len({axis.of(candidate) for candidate in tried})


def _base(tried: list[Candidate], axis: Axis) -> Candidate | None:
    """Return what most of the candidates have in common, the first of several."""
    rests = [axis.rest(candidate) for candidate in tried]
    return max(rests, key=rests.count, default=None)
