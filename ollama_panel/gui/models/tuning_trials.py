"""The table model of a tuning's trials: those that have ended, the one under way, and those to come."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Qt

from ollama_panel.core.tuning.findings import rate_of
from ollama_panel.core.tuning.record import Outlook, TuningRecord, TuningState
from ollama_panel.core.tuning.task import Goal
from ollama_panel.core.tuning.trial import Estimate, Measurement, Outcome
from ollama_panel.gui import format as fmt
from ollama_panel.gui.models.records import CAPTION_ROLE, TONE_ROLE, Column, RecordTable
from ollama_panel.gui.models.tuning_texts import outcome_title, trial_note, trial_title
from ollama_panel.gui.notices import notice_text

_WHOLE_FROM, _FINE = 10, 20
"""Tokens per second from which on rates are whole numbers, unless half their interval times `_FINE` is less."""


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A row: what is tried, a note on it, its figures, its state with the colour token, and why it is made or not."""

    key: str
    title: str
    note: str
    rate: str
    token: str
    state: str
    tone: str
    why: str = ""


def trial_table(parent: QObject) -> RecordTable[TrialRow]:
    """Return the table model of trials."""
    translate = QCoreApplication.translate
    tip = {int(Qt.ItemDataRole.ToolTipRole): _tip}
    columns = [
        Column[TrialRow](
            translate("trials", "Trial"), lambda row: row.title, {CAPTION_ROLE: lambda row: row.note, **tip}
        ),
        Column[TrialRow](translate("trials", "tokens/s"), lambda row: row.rate, number=True),
        Column[TrialRow](translate("trials", "per token"), lambda row: row.token, number=True),
        Column[TrialRow](translate("trials", "State"), lambda row: row.state, {TONE_ROLE: lambda row: row.tone, **tip}),
    ]
    return RecordTable(columns, lambda row: row.key, parent)


def trial_rows(record: TuningRecord) -> Iterator[TrialRow]:
    """Yield the rows of a tuning; trials to come are no rows of one that has ended."""
    for number, outcome in enumerate(record.outcomes, 1):
        yield _ended(record, number, outcome)
    if record.current is not None:
        yield _running(record, len(record.outcomes) + 1)
    for number, outlook in enumerate(record.to_come):
        yield _to_come(number, outlook)


def _ended(record: TuningRecord, number: int, outcome: Outcome) -> TrialRow:
    translate = QCoreApplication.translate
    trial = outcome.trial
    note = trial_note(trial, record, outcome.repeated)
    state, tone = translate("trials", "Done"), "ok"
    cautions = outcome.measurement.cautions if outcome.measurement is not None else ()
    told = [notice_text(one) for one in (trial.why, *cautions)]
    if outcome.measurement is None:
        state, tone = translate("trials", "Failed"), "danger"
        note = notice_text(outcome.problem) or note
        told.append(note)
    elif cautions:
        state, tone, note = translate("trials", "Doubtful"), "warn", notice_text(cautions[0])
    rate, token = _figures(record, outcome.measurement)
    return TrialRow(str(number), outcome_title(outcome, record), note, rate, token, state, tone, "\n".join(told))


def _running(record: TuningRecord, number: int) -> TrialRow:
    translate = QCoreApplication.translate
    trial = record.current
    assert trial is not None
    state, tone = translate("trials", "Wave {number}").format(number=fmt.number(record.wave)), "accent"
    if record.state is TuningState.PAUSED:
        state, tone = translate("trials", "Paused"), "warn"
    elif record.state is TuningState.WAITING:
        state, tone = translate("trials", "Waits"), "warn"
    elif record.state is not TuningState.MEASURING or not record.wave:
        state = translate("trials", "Loading")
    repeated = record.partial.repeated if record.partial is not None else 0
    rate, token = _figures(record, record.partial.measurement if record.partial is not None else None)
    note = trial_note(trial, record, repeated)
    return TrialRow(str(number), trial_title(trial, record), note, rate, token, state, tone, notice_text(trial.why))


def _to_come(number: int, outlook: Outlook) -> TrialRow:
    translate = QCoreApplication.translate
    state = translate("trials", "Skipped") if outlook.skipped else translate("trials", "Planned")
    title, why = notice_text(outlook.what), notice_text(outlook.skipped)
    first, _, rest = title.partition(QCoreApplication.translate("tuning", ", "))
    note = why or rest
    return TrialRow(f"to come: {number} {title}", first, note, fmt.UNKNOWN, fmt.UNKNOWN, state, "muted", why or title)


def _figures(record: TuningRecord, measurement: Measurement | None) -> tuple[str, str]:
    """Return the rate that the goal wants with its interval, and the median of the time per token."""
    if measurement is None:
        return fmt.UNKNOWN, fmt.UNKNOWN
    rate = rate_text(rate_of(record.task.goal, measurement))
    unit = embeddings_unit() if record.task.goal is Goal.EMBEDDING else ""
    return f"{rate}{unit}", token_text(measurement.token_p50_s)


def embeddings_unit() -> str:
    """Return what follows a rate of embeddings in a column of tokens per second."""
    return QCoreApplication.translate("trials", " /s")


def rate_text(estimate: Estimate) -> str:
    """Return a mean with half of its interval."""
    half = estimate.half_width
    if half is None:
        return fmt.rate(estimate.mean)
    decimals = 1 if min(estimate.mean, _FINE * half) < _WHOLE_FROM else 0
    return f"{fmt.number(estimate.mean, decimals)} ± {fmt.number(half, decimals)}"


def token_text(seconds: float | None) -> str:
    """Return the time for a token: milliseconds with one decimal below 20."""
    if seconds is None or seconds >= 1:
        return fmt.duration(seconds)
    unit = QCoreApplication.translate("format", "ms")
    return f"{fmt.number(1000 * seconds, 1 if seconds < 0.01995 else 0)} {unit}"


def _tip(row: TrialRow) -> str:
    return row.why or row.note
