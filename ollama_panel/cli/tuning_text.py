"""Tunings as text for the command line: what each measured, what follows, and the list of them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from ollama_panel.cli import output
from ollama_panel.core.columns import aligned
from ollama_panel.core.notices.render import ENGLISH, render
from ollama_panel.core.panel_api import TuningPlan
from ollama_panel.core.tuning import curve
from ollama_panel.core.tuning.conditions import once
from ollama_panel.core.tuning.curve import Point
from ollama_panel.core.tuning.findings import rate_of
from ollama_panel.core.tuning.record import TuningRecord
from ollama_panel.core.tuning.report import settings_of, tried
from ollama_panel.core.tuning.task import Bounds, Goal, TuningTask, WorkloadKind
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement, Outcome
from ollama_panel.core.tuning.verdict import VerdictKind

_RATES = {False: "TOKENS/S", True: "EMBEDDINGS/S"}
"""The rate that a goal wants most of; True: that of embeddings."""
_HEAD = ("SETTINGS", "", "", "PER TOKEN p50", "p95", "FIRST TOKEN p95", "MEMORY", "J/TOKEN", "")
_DIGITS_FROM = 10
_WORKLOADS = {
    WorkloadKind.OWN: "requests as long as those of your programs",
    WorkloadKind.CHAT: "requests as in chats",
    WorkloadKind.RAG: "long prompts with a shared beginning",
    WorkloadKind.CODING: "requests as of coding agents",
    WorkloadKind.SUMMARIES: "long texts to be summarized",
    WorkloadKind.EMBEDDINGS: "texts to be embedded",
}


def plan(planned: TuningPlan) -> Iterator[str]:
    """Yield what a tuning is to do, before it begins."""
    task, preview = planned.task, planned.preview
    yield from map(render, planned.why)
    yield f"Tuning {task.pool} with {task.model}: {goal(task)}; {_WORKLOADS[task.workload]}."
    if preview.resumes:
        yield f"It goes on where it was interrupted ({preview.resumes})."
    yield _how_long(planned)
    if preview.slots_that_fit is not None:
        fit = "fits" if preview.slots_that_fit == 1 else "fit"
        yield f"{output.counted(preview.slots_that_fit, 'slot')} of each worker {fit} into the memory."
    yield from map(render, (*(() if preview.beyond is None else (preview.beyond,)), *preview.lines, *preview.cautions))


def _how_long(planned: TuningPlan) -> str:
    task, preview = planned.task, planned.preview
    about = f"About {output.counted(preview.trials, 'trial')} in about {ENGLISH.seconds(preview.minutes * 60)}"
    most = f"{output.counted(task.most_trials, 'trial')} and {ENGLISH.seconds(task.most_minutes * 60)} at most"
    return f"{about}; {most}, without the waits for requests of others."


def goal(task: TuningTask) -> str:
    """Return the goal of a task in words, with its bounds."""
    words = {
        Goal.THROUGHPUT: "the most tokens per second",
        Goal.BALANCED: "the fewest slots with nearly the most tokens per second",
        Goal.LATENCY: "the most tokens per second within the bounds",
        Goal.EMBEDDING: "the most embeddings per second",
    }[task.goal]
    bounds = [*_bounds(task.bounds)]
    return f"{words} ({', '.join(bounds)})" if bounds else words


def _bounds(bounds: Bounds) -> Iterator[str]:
    if bounds.first_token_s is not None:
        yield f"first token within {duration(bounds.first_token_s)}"
    if bounds.token_s is not None:
        yield f"each further one within {duration(bounds.token_s)}"


def shown(record: TuningRecord) -> Iterator[str]:
    """Yield everything of a tuning: what it is for, how far it is, and what it has found."""
    task, trials = record.task, output.counted(len(record.outcomes), "trial")
    yield f"{record.id}: {task.pool} with {task.model}, {goal(task)}; {_WORKLOADS[task.workload]}."
    yield f"{record.state.value.capitalize()}, {trials} in {ENGLISH.seconds(round(record.elapsed_s))}, {_when(record)}."
    yield from _origin(record)
    yield ""
    yield from verdict(record)


def _origin(record: TuningRecord) -> Iterator[str]:
    it = record.provenance
    parts = (it.hardware, it.driver, f"Ollama {it.ollama}" if it.ollama else "", it.power)
    if any(parts):
        yield f"Measured on: {', '.join(filter(None, parts))}."


def verdict(record: TuningRecord) -> Iterator[str]:
    """Yield what a tuning has found, and why it ended without a verdict, if so."""
    if record.verdict is not None:
        yield render(record.verdict.headline)
        yield from map(render, record.verdict.lines)
    elif record.reason is not None:
        yield render(record.reason)
    if any(outcome.measurement is not None for outcome in record.outcomes):
        yield ""
        yield from table(record)
    yield from _notes(record)


def table(record: TuningRecord) -> Iterator[str]:
    """Yield what each candidate has given."""
    best = record.verdict.best if record.verdict is not None else None
    return table_of(record.outcomes, record.present, best, record.task.goal)


def table_of(
    outcomes: Iterable[Outcome], present: Candidate, best: Candidate | None, goal: Goal | None
) -> Iterator[str]:
    """Yield what each candidate has given, in the order of the settings; the rate is the one that the goal wants."""
    rows = [_row(point, present, best, goal) for point in sorted(curve.points(outcomes), key=_place)]
    head = (_HEAD[0], _RATES[goal is Goal.EMBEDDING], *_HEAD[2:])
    columns = [*zip(head, *rows, strict=True)]
    shown = [column for column in columns if column[0] in ("SETTINGS", "") or set(column[1:]) != {output.UNKNOWN}]
    yield from aligned([*zip(*shown, strict=True)])


def _place(point: Point) -> tuple[str, int, int, int]:
    it = point.candidate
    return it.cache_type, it.batch, it.workers, it.parallel


def _row(point: Point, present: Candidate, best: Candidate | None, goal: Goal | None) -> tuple[str, ...]:
    candidate, it = point.candidate, point.measurement
    found = rate_of(goal or Goal.BALANCED, it)
    marks = [mark for mark, marked in (("now", present), ("best", best)) if marked == candidate]
    return (
        settings(candidate),
        rate(found.mean),
        _interval(found),
        duration(it.token_p50_s),
        duration(it.token_p95_s),
        duration(it.first_token_p95_s),
        output.UNKNOWN if it.memory_bytes is None else ENGLISH.bytes(it.memory_bytes),
        output.UNKNOWN if it.joules_per_token is None else f"{it.joules_per_token:.2g}",
        ", ".join(marks),
    )


def _notes(record: TuningRecord) -> Iterator[str]:
    """Yield what failed, and what may have disturbed the measurements."""
    failed = [one for one in record.outcomes if one.problem is not None]
    measured = [one.measurement for one in record.outcomes if one.measurement is not None]
    cautions = once(caution for one in measured for caution in one.cautions)
    if failed or cautions:
        yield ""
    yield from (f"{what_was_tried(one)}: {render(one.problem)}" for one in failed if one.problem is not None)
    yield from map(render, cautions)


def listed(records: Sequence[TuningRecord]) -> Iterator[str]:
    """Yield a table of tunings."""
    head = ("ID", "MADE", "POOL", "MODEL", "GOAL", "STATE", "BEST", "RATE")
    yield from aligned([head, *map(_entry, records)])


def _entry(record: TuningRecord) -> tuple[str, ...]:
    found = record.verdict
    after = found.after if found is not None else None
    task = record.task
    return (
        *(record.id, _when(record), task.pool, task.model, task.goal.value, record.state.value),
        output.UNKNOWN if found is None or after is None else settings(found.best),
        output.UNKNOWN if after is None else f"{rate(rate_of(task.goal, after).mean)} {_unit(task.goal)}",
    )


def _when(record: TuningRecord) -> str:
    return f"{datetime.fromtimestamp(record.provenance.at).astimezone():%Y-%m-%d %H:%M}"


def what_was_tried(outcome: Outcome) -> str:
    """Return what a trial tried, such as "4 slots", or "loading 16 slots" if it failed then."""
    return ", ".join(map(render, tried(outcome)))


def settings(candidate: Candidate) -> str:
    """Return what a candidate sets, such as "2 workers, 4 slots"."""
    return ", ".join(map(render, settings_of(candidate)))


def rate(value: float) -> str:
    """Return a number per second, with one decimal below ten."""
    return f"{value:.1f}" if value < _DIGITS_FROM else f"{value:,.0f}"


def measured_rate(goal: Goal, measurement: Measurement) -> str:
    """Return the rate that a goal wants most of, with its interval and its unit."""
    found = rate_of(goal, measurement)
    return " ".join(filter(None, (rate(found.mean), _unit(goal), _interval(found))))


def _unit(goal: Goal) -> str:
    return _RATES[goal is Goal.EMBEDDING].lower()


def _interval(estimate: Estimate) -> str:
    return "" if estimate.relative is None else f"± {100 * estimate.relative:.1f} %"


def duration(seconds: float | None) -> str:
    """Return a time: milliseconds below one second, "—" if it is unknown."""
    if seconds is None:
        return output.UNKNOWN
    if seconds >= 1:
        return ENGLISH.seconds(round(seconds, 1))
    return f"{1000 * seconds:.0f} ms" if seconds >= 0.01 else f"{1000 * seconds:.1f} ms"


def is_better(record: TuningRecord) -> bool:
    """Return whether a tuning has found settings that are better than those of now."""
    return record.verdict is not None and record.verdict.kind is VerdictKind.BETTER
