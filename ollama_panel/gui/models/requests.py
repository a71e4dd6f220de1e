"""The table models of the requests: those at work, those that wait, and the latest that have ended."""

from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, TypeAlias

from PySide6.QtCore import QCoreApplication, QObject, Qt

from ollama_panel.core.client_rules import lasting_name
from ollama_panel.core.snapshot import RequestRecord, RequestState
from ollama_panel.gui import format as fmt
from ollama_panel.gui.models.records import CAPTION_ROLE, LOAD_ROLE, TONE_ROLE, Column, RecordTable
from ollama_panel.gui.models.request_texts import (
    class_text,
    is_live,
    progress,
    short_id,
    state_label,
    what_text,
    what_tone,
    whole_text,
)

Now: TypeAlias = Callable[[], float]
"""Returns the engine's time in seconds: the tables count on while a request runs or waits."""

Key: TypeAlias = tuple[str, float]

NAME, MODEL, WHAT, FOURTH, FIFTH, SIXTH, LAST = range(7)


key_of: Callable[[RequestRecord], Key] = attrgetter("id", "arrived")
"""Returns what tells a request from all others: clients choose the ids, and may use one again."""


def waited(record: RequestRecord, now: float) -> float:
    """Return how long a request has waited for its instance, in seconds."""
    ended = now if record.finished is None else record.finished
    return (ended if record.dispatched is None else record.dispatched) - record.arrived


def starts_in(record: RequestRecord) -> float | None:
    """Return in about how many seconds a request begins; None while the queue is paused: nobody knows for how long."""
    paused = record.why is not None and record.why.code == "waiting.paused"
    waits = record.state is RequestState.WAITING and is_live(record)
    return record.eta_s if waits and not paused else None


def first_token(record: RequestRecord) -> float | None:
    """Return the time from arrival to the first payload byte, in seconds."""
    return None if record.first_byte is None else record.first_byte - record.arrived


def total(record: RequestRecord, now: float) -> float:
    """Return the time from arrival to the end, or until now, in seconds."""
    return (now if record.finished is None else record.finished) - record.arrived


def empty_in(open_requests: Sequence[RequestRecord], wait: int) -> float | None:
    """Return in about how many seconds nobody waits any more, None if nobody knows; `wait` is how many wait now.

    If more wait than are listed, the others take as long as these.
    """
    etas = [record.eta_s for record in open_requests if record.state is RequestState.WAITING]
    known = [eta_s for eta_s in etas if eta_s is not None]
    return max(known) * max(1.0, wait / len(etas)) if known else None


def work_table(parent: QObject, now: Now) -> RecordTable[RequestRecord]:
    """Return the table model of the requests that instances work on."""
    translate = QCoreApplication.translate
    what = _what(translate("requests", "What happens"), {LOAD_ROLE: lambda record: progress(record, now())})
    place = translate("requests", "Model and place")
    return _table(translate("requests", "At work"), place, _instance_text, what, _times(now), parent)


def waiting_table(parent: QObject, now: Now) -> RecordTable[RequestRecord]:
    """Return the table model of the requests that wait."""
    translate = QCoreApplication.translate
    numbers = [
        _number(translate("requests", "Place"), lambda record: fmt.number(record.position), _position),
        _waited(now),
        _number(translate("requests", "Starts in"), _starts_text, starts_in),
        Column[RequestRecord]("", lambda record: "", number=True),
    ]
    place, what = translate("requests", "Model and class"), _what(translate("requests", "Why it waits"))
    return _table(translate("requests", "Waiting"), place, _class_text, what, numbers, parent)


def ended_table(parent: QObject, now: Now) -> RecordTable[RequestRecord]:
    """Return the table model of the latest requests that have ended."""
    translate = QCoreApplication.translate
    place, what = translate("requests", "Model and place"), _what(translate("requests", "What took long"))
    return _table(translate("requests", "Finished"), place, _instance_text, what, _times(now), parent)


TABLES = (work_table, waiting_table, ended_table)
"""The tables of the parts, from top to bottom."""


def _instance_text(record: RequestRecord) -> str:
    return record.instance or class_text(record.request_class)


def _class_text(record: RequestRecord) -> str:
    return class_text(record.request_class)


def _position(record: RequestRecord) -> int | None:
    return record.position


def _starts_text(record: RequestRecord) -> str:
    seconds = starts_in(record)
    return fmt.UNKNOWN if seconds is None else f"≈ {fmt.about(seconds)}"


def _number(
    title: str, text: Callable[[RequestRecord], str], order: Callable[[RequestRecord], float | None]
) -> Column[RequestRecord]:
    return Column[RequestRecord](title, text, number=True, order=order)


def _waited(now: Now) -> Column[RequestRecord]:
    title = QCoreApplication.translate("requests", "Waited")
    return _number(title, lambda record: fmt.duration(waited(record, now())), lambda record: waited(record, now()))


def _times(now: Now) -> list[Column[RequestRecord]]:
    translate = QCoreApplication.translate
    return [
        _waited(now),
        _number(translate("requests", "First token"), lambda record: fmt.duration(first_token(record)), first_token),
        _number(
            translate("requests", "Time"),
            lambda record: fmt.duration(total(record, now())),
            lambda record: total(record, now()),
        ),
        _number(
            translate("requests", "Tokens"),
            lambda record: fmt.number(record.output_tokens),
            lambda record: record.output_tokens,
        ),
    ]


def _what(title: str, roles: dict[int, Callable[[RequestRecord], Any]] | None = None) -> Column[RequestRecord]:
    """Return the column of what happens; it is sorted by the kind of that, which costs less than its words."""
    tip = {TONE_ROLE: what_tone, Qt.ItemDataRole.ToolTipRole: _what_tip}
    return Column[RequestRecord](title, what_text, {**tip, **(roles or {})}, order=_kind)


def _what_tip(record: RequestRecord) -> str:
    return whole_text(record) or what_text(record)


def _kind(record: RequestRecord) -> tuple[str, str]:
    first = record.why or next(iter(record.slow), None)
    return state_label(record)[0], first.code if first else ""


def _place_order(record: RequestRecord, place: Callable[[RequestRecord], str]) -> tuple[str, str]:
    return record.model, place(record)


def _table(
    title: str,
    model: str,
    place: Callable[[RequestRecord], str],
    what: Column[RequestRecord],
    numbers: list[Column[RequestRecord]],
    parent: QObject,
) -> RecordTable[RequestRecord]:
    """Return a table model; all parts of the queue have the same columns up to the third, so that they line up."""
    tip = Qt.ItemDataRole.ToolTipRole
    id_role: dict[int, Callable[[RequestRecord], Any]] = {
        CAPTION_ROLE: lambda record: short_id(record.id),
        tip: lambda record: f"{record.client} · {record.id} · {record.path}",
    }
    place_role: dict[int, Callable[[RequestRecord], Any]] = {
        CAPTION_ROLE: place,
        tip: lambda record: f"{record.model} · {place(record)}",
    }
    columns = [
        Column[RequestRecord](
            title, lambda record: lasting_name(record.client), id_role, order=lambda one: one.client.lower()
        ),
        Column[RequestRecord](model, lambda record: record.model, place_role, order=partial(_place_order, place=place)),
        what,
        *numbers,
    ]
    return RecordTable(columns, key_of, parent)
