"""Answers questions from the file of the history: its own connection for each, which only reads.

Any thread or process may do so while the panel writes: SQLite's write-ahead log lets readers see the last commit and
delays nobody (https://sqlite.org/wal.html). The file is opened for writing all the same, but no question can write:
who closes a file as the last one removes the log beside it, and the log of a panel that was killed must be replayed.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from ollama_panel.core.errors import PanelError, reason_of
from ollama_panel.core.history.hours import Ended
from ollama_panel.core.history.questions import EventsQuestion, RequestsQuestion, SeriesQuestion
from ollama_panel.core.history.records import (
    MOST_POINTS,
    EventKind,
    FinishedRequest,
    FinishedRequests,
    History,
    HistoryEvent,
    HistoryEvents,
    SeriesColumn,
)
from ollama_panel.core.history.series import FIELDS, Field, Kind, require_names
from ollama_panel.core.history.thinning import COARSE_S, FINE_S
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.snapshot import RequestState
from ollama_panel.engine.history import schema
from ollama_panel.engine.history.file import SIDE_FILES

_POINTS = 400
"""About how many points an answer has if nobody asks for a step: as many as a chart shows."""

_STATES = frozenset(state.value for state in RequestState)
_FILTERS = ("model", "pool", "instance", "client", "code")
_BUSY_S = 5.0
_MICROS = 1e6
_REQUEST = (
    "id, at, request, client, class, model, pool, instance, path, state, code, stream, total_us, queue_us,"
    " first_token_us, token_us, prompt_tokens, output_tokens, status, attempts"
)


class HistoryReader:
    """An open file. Every method raises PanelError if the file cannot be read."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def series(self, question: SeriesQuestion) -> History:
        """Return series by their names, each source by itself.

        Raises PanelError if there is no such series, or if the range has too many points.
        """
        require_names(question.series)
        since, until, names = question.since, question.until, question.series
        step = question.step or max(fitting_step(until - since), self._width(since))
        begin = int(since // step) * step
        at = range(begin, max(begin, -int(-until // step) * step), step)
        if len(at) > MOST_POINTS:
            raise PanelError(notice("history.range", points=len(at), most=MOST_POINTS))
        found = list[SeriesColumn]()
        for kind, fields in FIELDS.items():
            wanted = [field for field in fields if not names or f"{kind.value}.{field.name}" in names]
            if wanted:
                found += self._kind(kind, wanted, at)
        return History(since, until, step, tuple(at), tuple(found))

    def requests(self, question: RequestsQuestion) -> FinishedRequests:
        """Return requests that have ended, newest first."""
        where, values = self._where(question)
        query = f"SELECT {_REQUEST} FROM request WHERE {where} ORDER BY at DESC, id DESC LIMIT ?"
        rows = self._all(query, (*values, question.limit + 1))
        names = dict(self._all("SELECT id, text FROM name"))
        found = tuple(_request(row, names) for row in rows[: question.limit])
        return FinishedRequests(found, found[-1].number if len(rows) > len(found) > 0 else None)

    def ended(self, since: float, until: float) -> Iterator[Ended]:
        """Yield all requests that ended in a range of time, newest first, none of them held in memory."""
        names = {number: str(text) for number, text in self._all("SELECT id, text FROM name")}
        states = {number: RequestState(text) for number, text in names.items() if text in _STATES}
        query = (
            "SELECT at, state, code, model, prompt_tokens, output_tokens, first_token_us / 1e6 FROM request"
            " WHERE at >= ? AND at <= ? ORDER BY at DESC, id DESC"
        )
        try:
            for at, state, code, model, prompt, output, first in self._connection.execute(query, (since, until)):
                if state in states:  # a name is missing in a file that is broken
                    yield Ended(
                        *(at, states[state], names.get(code, ""), ModelName(names.get(model, ""))),
                        *(prompt, output, first),
                    )
        except sqlite3.Error as error:
            raise PanelError(_unreadable(self._path, error)) from error

    def counted(self, model: ModelName, since: float, until: float) -> int:
        """Return how many requests of a model were answered in a range of time, and have both counts of tokens."""
        query = (
            "SELECT count(*) FROM request WHERE at >= ? AND at <= ? AND prompt_tokens > 0 AND output_tokens > 0"
            " AND model = (SELECT id FROM name WHERE text = ?) AND state = (SELECT id FROM name WHERE text = ?)"
        )
        [(number,)] = self._all(query, (since, until, model, RequestState.DONE.value))
        return int(number)

    def events(self, question: EventsQuestion) -> HistoryEvents:
        """Return what has happened, newest first."""
        before = [question.before] * bool(question.before)
        where = "at >= ? AND at <= ?" + _older("event") * len(before)
        query = f"SELECT id, at, kind, source, told FROM event WHERE {where} ORDER BY at DESC, id DESC LIMIT ?"
        rows = self._all(query, (question.since, question.until, *before, question.limit + 1))
        found = tuple(
            HistoryEvent(at, EventKind(kind), source, _told(told), number)
            for number, at, kind, source, told in rows[: question.limit]
        )
        return HistoryEvents(found, found[-1].number if len(rows) > len(found) > 0 else None)

    def _width(self, since: float) -> int:
        """Return how wide the rows are at a time: two days ago they were thinned, and shorter steps would have gaps."""
        ((first,),) = self._all(f"SELECT min(at) FROM {schema.table(Kind.PANEL, FINE_S)}")
        return FINE_S if first is None or since >= first else COARSE_S

    def _kind(self, kind: Kind, fields: Sequence[Field], at: range) -> Iterator[SeriesColumn]:
        for source, name in self._sources(kind):
            values = self._values(kind, source, fields, at)
            if values is None:
                continue
            for field in fields:
                mean, *extremes = (tuple(values.pop(0)) for _ in field.columns)
                high = extremes.pop(0) if field.high else ()
                low = extremes.pop(0) if field.low else ()
                yield SeriesColumn(f"{kind.value}.{field.name}", name, field.unit, mean, high, low)

    def _values(self, kind: Kind, source: int, fields: Sequence[Field], at: range) -> list[list[float | None]] | None:
        """Return a list for each column of the fields, as long as `at`; None if nothing is known of the source.

        Rows as wide as the steps need no arithmetic; where a time came twice, the last row counts then.
        """
        columns = [column for field in fields for column in field.columns]
        place, grouped = f"(at - {at.start}) / {at.step}", at.step > FINE_S
        chosen = [
            f"{function}({column})" if grouped else column
            for field in fields
            for column, function in zip(field.columns, field.functions, strict=True)
        ]
        tables = " UNION ALL ".join(
            f"SELECT at, run, {', '.join(columns)} FROM {schema.table(kind, width_s)}"
            " WHERE source = ?1 AND at >= ?2 AND at < ?3"
            for width_s in schema.WIDTHS
        )
        end = " GROUP BY 1" if grouped else " ORDER BY at, run"
        rows = self._all(f"SELECT {place}, {', '.join(chosen)} FROM ({tables}){end}", (source, at.start, at.stop))
        if not rows:
            return None
        places, *found = zip(*rows, strict=True)
        if places == tuple(range(len(at))):
            return [list(column) for column in found]
        values: list[list[float | None]] = [[None] * len(at) for _ in found]
        for column, spread in zip(found, values, strict=True):
            for index, value in zip(places, column, strict=True):
                spread[index] = value
        return values

    def _sources(self, kind: Kind) -> Iterator[tuple[int, str]]:
        """Yield the sources of a kind. Each is found by the primary key: a distinct would read the whole table."""
        found = set[int]()
        for width_s in schema.WIDTHS:
            name, last = schema.table(kind, width_s), -1
            while (row := self._all(f"SELECT min(source) FROM {name} WHERE source > ?", (last,))[0])[0] is not None:
                last = row[0]
                found.add(last)
        for source in sorted(found):
            yield source, self._all("SELECT text FROM name WHERE id = ?", (source,))[0][0]

    def _where(self, question: RequestsQuestion) -> tuple[str, tuple[object, ...]]:
        parts, values = ["at >= ? AND at <= ?"], list[object]((question.since, question.until))
        named: dict[str, tuple[str, ...]] = {
            name: (getattr(question, name),) for name in _FILTERS if getattr(question, name)
        }
        named["state"] = tuple(state.value for state in question.state)
        for column, texts in named.items():
            if texts:
                marks = ", ".join("?" * len(texts))
                parts.append(f"{column} IN (SELECT id FROM name WHERE text IN ({marks}))")
                values += texts
        if question.before:
            values.append(question.before)
        return " AND ".join(parts) + _older("request") * bool(question.before), tuple(values)

    def _all(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise PanelError(_unreadable(self._path, error)) from error


@contextlib.contextmanager
def reading(path: Path) -> Iterator[HistoryReader]:
    """Open the file for questions. Raises PanelError if there is none, or if it cannot be read."""
    if not path.exists():
        raise PanelError(notice("history.none_yet", path=str(path)))
    connection = None
    try:
        connection = sqlite3.connect(f"file:{quote(str(path))}?{_mode(path)}", uri=True, timeout=_BUSY_S)
        connection.execute("PRAGMA query_only = ON")
        found = schema.version(connection)
        if not found:  # a panel is just making it
            raise PanelError(notice("history.none_yet", path=str(path)))
        if found != schema.VERSION:
            why = notice("history.newer", version=found, known=schema.VERSION)
            raise PanelError(notice("history.unreadable", path=str(path), why=why))
        connection.execute("BEGIN")
        yield HistoryReader(connection, path)
    except sqlite3.Error as error:
        raise PanelError(_unreadable(path, error)) from error
    finally:
        if connection is not None:
            connection.close()


def _mode(path: Path) -> str:
    """Return how to open the file: where nothing can be written, as on a copy, SQLite must not look for its log."""
    if os.access(path.parent, os.W_OK):
        return "mode=rw"
    return "mode=ro" if path.with_name(path.name + SIDE_FILES[0]).exists() else "mode=ro&immutable=1"


def fitting_step(span_s: float) -> int:
    """Return a step, a multiple of 10 s, with which a range has about as many points as a chart shows."""
    return max(FINE_S, round(span_s / _POINTS / FINE_S) * FINE_S)


def _told(text: str) -> Notice:
    """Return the notice in a row; one of another version may have a code that this one does not know."""
    told = msgspec.json.decode(text, type=Notice)
    try:
        render(told)
    except KeyError:
        return notice("history.no_words", code=told.code)
    return told


def _older(table: str) -> str:
    return f" AND (at, id) < (SELECT at, id FROM {table} WHERE id = ?)"


def _request(row: tuple[object, ...], names: dict[object, object]) -> FinishedRequest:
    number, at, request, *named, stream, total, queue, first, token, prompt, output, status, attempts = row
    texts = dict(zip(schema.NAMED, (names.get(one, "") for one in named), strict=True))
    content = {
        "number": number,
        "at": at,
        "id": request,
        **{name: texts[name] for name in ("client", "model", "pool", "instance", "path", "state", "code")},
        "request_class": texts["class"],
        "stream": bool(stream),
        "total_s": _seconds(total),
        "queue_s": _seconds(queue),
        "first_token_s": _seconds(first),
        "token_s": _seconds(token),
        "prompt_tokens": prompt,
        "output_tokens": output,
        "status": status,
        "attempts": attempts,
    }
    return msgspec.convert(content, FinishedRequest)


def _seconds(micros: object) -> float | None:
    return micros / _MICROS if isinstance(micros, int) else None


def _unreadable(path: Path, error: Exception) -> Notice:
    return notice("history.unreadable", path=str(path), why=reason_of(error))
