"""A tuning as text to paste into a message, and as a table for a program."""

import csv
import io
from collections.abc import Callable, Iterator

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.tuning.record import TuningRecord
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement, Outcome

CSV_COLUMNS = (
    "trial", "kind", "workers", "slots", "batch", "kv_cache",
    "tokens_per_s", "tokens_per_s_half_width", "requests_per_s", "requests_per_s_half_width",
    "first_token_p50_s", "first_token_p95_s", "token_p50_s", "token_p95_s",
    "memory_bytes", "joules_per_token", "gpu_busy_percent", "requests", "seconds", "repeated", "failed",
)  # fmt: skip
"""The head of the table; a value that is unknown is empty."""
_UNKNOWN = "—"


def as_csv(record: TuningRecord) -> str:
    """Return the trials of a tuning as CSV (RFC 4180): one line for each candidate that a trial has measured."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    for number, outcome in enumerate(record.outcomes, 1):
        for candidate, measurement in _measured(outcome):
            writer.writerow((number, *_row(outcome, candidate, measurement)))
    return out.getvalue()


def as_text(record: TuningRecord, words: Callable[[Notice], str], when: str) -> str:
    """Return what a tuning has found, in the language of `words`. `when` is the time at which it was made."""
    task, lines = record.task, list[str]()
    lines.append(words(notice("tuning_report.title", model=task.model, pool=task.pool, when=when)))
    verdict = record.verdict
    if verdict is not None:
        lines += ["", words(verdict.headline), *map(words, verdict.lines)]
    elif record.reason is not None:
        lines += ["", words(record.reason)]
    lines += ["", words(notice("tuning_report.trials"))]
    lines += [f"- {line}" for outcome in record.outcomes for line in _lines(outcome, words)]
    lines += ["", *(words(one) for one in _origin(record))]
    return "\n".join(lines) + "\n"


def _measured(outcome: Outcome) -> Iterator[tuple[Candidate, Measurement | None]]:
    yield outcome.trial.candidate, outcome.measurement
    if outcome.trial.against is not None and outcome.against is not None:
        yield outcome.trial.against, outcome.against


def _row(outcome: Outcome, candidate: Candidate, measurement: Measurement | None) -> Iterator[object]:
    yield from (outcome.trial.kind.value, candidate.workers, candidate.parallel, candidate.batch or "")
    yield candidate.cache_type
    it = measurement
    if it is None:
        yield from [""] * 13
    else:
        for estimate in (it.tokens_per_s, it.requests_per_s):
            yield from (_figure(estimate.mean), _figure(estimate.half_width))
        times = it.first_token_p50_s, it.first_token_p95_s, it.token_p50_s, it.token_p95_s
        yield from map(_figure, (*times, it.memory_bytes, it.joules_per_token, it.busy_percent))
        yield from (it.requests, _figure(it.seconds))
    yield outcome.repeated
    yield outcome.problem.code if outcome.problem is not None else ""


def _figure(value: float | None) -> str:
    """Return a number with six digits at most, "" for None."""
    return "" if value is None else f"{value:d}" if isinstance(value, int) else f"{value:.6g}"


def _lines(outcome: Outcome, words: Callable[[Notice], str]) -> Iterator[str]:
    """Yield a line for each candidate of a trial."""
    for candidate, it in _measured(outcome):
        settings = tried(outcome) if it is None else settings_of(candidate)
        if it is None:
            problem = outcome.problem or notice("tuning_report.not_measured")
            yield words(notice("tuning_report.failed", settings=settings, problem=problem))
            continue
        token = _UNKNOWN if it.token_p50_s is None else round(1000 * it.token_p50_s, 1)
        first = _UNKNOWN if it.first_token_p95_s is None else it.first_token_p95_s
        rate, requests = _rate(it.tokens_per_s), it.requests
        told = notice(
            "tuning_report.measured", settings=settings, rate=rate, token=token, first=first, requests=requests
        )
        yield words(told)


def tried(outcome: Outcome) -> tuple[Notice, ...]:
    """Return what a trial tried: of one that failed when it was loaded what was loaded, which may have more slots."""
    trial = outcome.trial
    if not outcome.loading:
        return settings_of(trial.candidate)
    loaded = msgspec.structs.replace(trial.candidate, parallel=trial.load_parallel)
    return (notice("tuning_report.loading", settings=settings_of(loaded)),)


def settings_of(candidate: Candidate) -> tuple[Notice, ...]:
    """Return what a candidate sets, what is as Ollama decides left out."""
    many = candidate.parallel != 1
    parts = [notice("tuning_report.slots", slots=candidate.parallel) if many else notice("tuning_report.slot")]
    if candidate.workers != 1:
        parts.insert(0, notice("tuning_report.workers", workers=candidate.workers))
    if candidate.batch:
        parts.append(notice("tuning_report.batch", batch=candidate.batch))
    if candidate.cache_type != Candidate().cache_type:
        parts.append(notice("tuning_report.cache", cache=candidate.cache_type))
    return tuple(parts)


def _rate(estimate: Estimate) -> Notice:
    if estimate.half_width is None:
        return notice("tuning_report.rate", rate=_short(estimate.mean))
    return notice("tuning_report.rate_within", rate=_short(estimate.mean), half=_short(estimate.half_width))


def _short(value: float) -> float:
    """Return a rate with no more digits than it is measured with: one decimal below ten."""
    return round(value, 1) if value < 10 else round(value)


def _origin(record: TuningRecord) -> Iterator[Notice]:
    """Yield where and with what it was measured."""
    it = record.provenance
    parts = [part for part in (it.hardware, it.driver, it.power) if part]
    if it.ollama:
        parts.append(f"Ollama {it.ollama}")
    if parts:
        yield notice("tuning_report.origin", parts=tuple(parts))
    if it.digest:
        yield notice("tuning_report.digest", model=it.model or record.task.model, digest=it.digest)
