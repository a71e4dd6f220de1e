"""The readings of the last 15 minutes, as they came: for what is asked in steps shorter than the rows of the file."""

from collections.abc import Sequence
from typing import TypeAlias

from ollama_panel.core.history.questions import SeriesQuestion
from ollama_panel.core.history.records import History, SeriesColumn
from ollama_panel.core.history.series import FIELDS, Field, Kind, Reading
from ollama_panel.core.history.thinning import FINE_S, Row, Thinner
from ollama_panel.core.series import RECENT_S

Taken: TypeAlias = tuple[float, tuple[Reading, ...]]
"""Readings of one instant, in seconds since 1970."""


def is_recent(question: SeriesQuestion, now: float) -> bool:
    """Return whether a question is about the last minutes, in seconds: then the readings in memory answer it."""
    return question.since >= now - RECENT_S and question.step < FINE_S


def answered(question: SeriesQuestion, taken: Sequence[Taken]) -> History:
    """Return the answer to a question that `is_recent`: it has no more points than there are seconds."""
    step = question.step or max(1, round((question.until - question.since) / 450))
    begin = int(question.since // step) * step
    at = tuple(range(begin, max(begin, -int(-question.until // step) * step), step))
    thinner, rows = Thinner(step), list[Row]()
    for moment, readings in taken:
        rows += thinner.add(moment, readings)
    rows += thinner.end()
    columns = dict[tuple[Kind, str], list[Row | None]]()
    for row in rows:
        place = (row.at - begin) // step
        if 0 <= place < len(at):
            columns.setdefault((row.kind, row.source), [None] * len(at))[place] = row
    series = tuple(
        _column(kind, source, field, columns[kind, source])
        for kind, source in sorted(columns, key=lambda one: (list(Kind).index(one[0]), one[1]))
        for field in FIELDS[kind]
        if not question.series or f"{kind.value}.{field.name}" in question.series
    )
    return History(question.since, question.until, step, at, series)


def _column(kind: Kind, source: str, field: Field, rows: Sequence[Row | None]) -> SeriesColumn:
    first = sum(len(one.columns) for one in FIELDS[kind][: FIELDS[kind].index(field)])
    mean, *extremes = (
        tuple(None if row is None else row.values[first + index] for row in rows) for index in range(len(field.columns))
    )
    high = extremes.pop(0) if field.high else ()
    low = extremes.pop(0) if field.low else ()
    return SeriesColumn(f"{kind.value}.{field.name}", source, field.unit, mean, high, low)
