"""What a tuning still plans, and what it leaves out with the reason."""

from collections.abc import Iterator, Sequence

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.kvcache import F16
from ollama_panel.core.tuning.findings import Findings
from ollama_panel.core.tuning.reasons import candidate_name, workers_name
from ollama_panel.core.tuning.record import Outlook
from ollama_panel.core.tuning.space import (
    RUNGS,
    SMALLER_CACHE,
    STEPS,
    Space,
    batch_of,
    with_cache,
    with_slots,
    with_workers,
)
from ollama_panel.core.tuning.trial import Candidate, Trial, TrialKind


def slots_that_fit(space: Space) -> int | None:
    """Return the most slots of one worker that fit into the memory, at most 32; None = unknown, 0 = not even one."""
    if not space.known(_slots(space, 1)):
        return None
    most = 1 if space.serial else STEPS[-1]
    return max((slots for slots in range(1, most + 1) if space.fits(_slots(space, slots))), default=0)


def beyond(space: Space) -> Notice | None:
    """Return what the first rung beyond the memory would need, None = unknown, or all fit."""
    return next((_too_large(rung, space) for rung in _beyond(space)), None)


def outlook(
    planned: Sequence[Trial], findings: Findings, space: Space, late: Sequence[Trial] = ()
) -> tuple[Outlook, ...]:
    """Return what is planned and what is left out.

    `planned` are the trials that the stages want so far, `late` those for which the time does not suffice.
    """
    found = [*_named(planned, space)]
    if findings.best is None:
        found += [Outlook(name) for name in _later(space)]
    no_time = notice("tuning_plan.no_time")
    lacking = (msgspec.structs.replace(one, skipped=no_time) for one in _named(late, space))
    return (*found, *lacking, *_left_out(findings, space))


def _named(trials: Sequence[Trial], space: Space) -> Iterator[Outlook]:
    """Yield trials with their names; the steps beside the best are one entry."""
    of_kind = {kind: [trial.candidate for trial in trials if trial.kind is kind] for kind in TrialKind}
    rungs = list(dict.fromkeys(of_kind[TrialKind.RUNG]))  # the settings of now may be one, and are a stage of their own
    yield from (Outlook(candidate_name(rung, space.serial), (rung,)) for rung in rungs)
    beside = [candidate for candidate in of_kind[TrialKind.NEIGHBOUR] if candidate not in rungs]
    if beside:
        steps = tuple(sorted(candidate.parallel for candidate in beside))
        yield Outlook(notice("tuning_plan.planned_steps", steps=steps), tuple(beside))
    for kind in (TrialKind.CACHE, TrialKind.WORKERS, TrialKind.BATCH, TrialKind.DRIFT, TrialKind.VERIFY):
        yield from (Outlook(_name(kind, candidate, space), (candidate,)) for candidate in of_kind[kind])


def _later(space: Space) -> Iterator[Notice]:
    """Yield what is planned for the best, as long as none is known."""
    present = space.present
    if not space.serial:
        yield notice("tuning_plan.planned_neighbours")
    if len(space.cache_types) > 1:
        yield notice("tuning_plan.planned_cache", cache=SMALLER_CACHE, before=present.cache_type)
    if space.batches:
        yield notice("tuning_plan.planned_batch", batch=space.batches[0], before=batch_of(present))
    yield notice("tuning_plan.planned_drift")
    yield notice("tuning_plan.planned_verify")


def _name(kind: TrialKind, candidate: Candidate, space: Space) -> Notice:
    """Return what a trial tries that is no step."""
    if kind is TrialKind.CACHE:
        other = next(it for it in space.cache_types if it != candidate.cache_type)
        return notice("tuning_plan.planned_cache", cache=candidate.cache_type, before=other)
    if kind is TrialKind.BATCH:
        return notice("tuning_plan.planned_batch", batch=candidate.batch, before=batch_of(space.present))
    if kind is TrialKind.WORKERS:
        return workers_name(candidate.workers)
    return notice("tuning_plan.planned_drift" if kind is TrialKind.DRIFT else "tuning_plan.planned_verify")


# What is left out


def _left_out(findings: Findings, space: Space) -> Iterator[Outlook]:
    for rung in _beyond(space):
        yield Outlook(candidate_name(rung, space.serial), (rung,), _too_large(rung, space))
    yield from _beyond_bound(findings, space)
    if len(space.cache_types) == 1 and space.present.cache_type == F16 and not space.serial:
        name = notice("tuning_plan.planned_cache", cache=SMALLER_CACHE, before=F16)
        yield Outlook(name, (), notice("tuning_plan.no_cache"))
    if not space.facts.batch:
        yield Outlook(notice("tuning_plan.planned_batch_size"), (), notice("tuning_plan.no_batch"))
    if findings.best is not None and not space.serial:
        yield from _no_worker(findings.best, findings, space)


def _beyond_bound(findings: Findings, space: Space) -> Iterator[Outlook]:
    """Yield the rungs after the one that has ended the climb."""
    broken = [one.parallel for one in findings.candidates if one.workers == 1 and findings.breach(one)]
    for slots in RUNGS if broken and not space.serial else ():
        rung = _slots(space, slots)
        if slots > min(broken) and space.fits(rung) and findings.measured(rung) is None:
            yield Outlook(candidate_name(rung), (rung,), notice("tuning_plan.beyond_bound"))


def _no_worker(best: Candidate, findings: Findings, space: Space) -> Iterator[Outlook]:
    more, measured = with_workers(best, best.workers + 1), findings.measured(best)
    if measured is not None and measured.busy_percent is not None and not findings.idle(best):
        reason = notice("tuning_plan.too_busy", percent=round(measured.busy_percent))
        yield Outlook(workers_name(more.workers), (more,), reason)
    elif not space.fits(with_slots(more, 1)):
        yield Outlook(workers_name(more.workers), (more,), _too_large(with_slots(more, 1), space))


def _beyond(space: Space) -> list[Candidate]:
    """Return the first rung that does not fit, with the smallest cache that may be tried."""
    if space.serial:
        rungs = [with_workers(_slots(space, 1), workers) for workers in range(1, space.most_workers + 2)]
    else:
        rungs = [_slots(space, slots) for slots in RUNGS]
    return [rung for rung in rungs if not space.fits(rung)][:1]


def _too_large(candidate: Candidate, space: Space) -> Notice:
    needed, budget = space.needed(candidate) or 0, space.facts.budget or 0
    name = candidate_name(candidate, space.serial)
    return notice("tuning_plan.beyond", step=name, needed=needed, budget=budget)


def _slots(space: Space, slots: int) -> Candidate:
    """Return so many slots of one worker, with the smallest cache that may be tried."""
    return with_cache(with_slots(with_workers(space.present, 1), slots), space.cache_types[-1])
