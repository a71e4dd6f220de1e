"""What can be asked about the history; these are also the parameters of the panel's API.

Times are seconds since 1970, or, not above 0, seconds from now: -3600 is an hour ago.
"""

import math
from typing import Annotated, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from ollama_panel.core.history.records import MOST_ROWS
from ollama_panel.core.snapshot import RequestState

HOUR_S = 3600

Time = Annotated[float, Meta(ge=-1e9, le=1e11)]
Limit = Annotated[int, Meta(ge=0, le=MOST_ROWS)]
Number = Annotated[int, Meta(ge=0, le=2**63 - 1)]
"""The number of a row, as SQLite has it."""


class SeriesQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Series by their names, none = all, over a range of time in steps of `step` seconds, 0 = some that fit."""

    since: Time = -HOUR_S
    until: Time = 0.0
    series: tuple[str, ...] = ()
    step: Annotated[int, Meta(ge=0, le=31_536_000)] = 0


class RequestsQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The requests that ended in the range of time, with these values; "" and none are any.

    `before` is the number of a request: only those that ended before it, 0 = from the last on.
    """

    since: Time = -24 * HOUR_S
    until: Time = 0.0
    state: tuple[RequestState, ...] = ()
    model: str = ""
    pool: str = ""
    instance: str = ""
    client: str = ""
    code: str = ""
    before: Number = 0
    limit: Limit = 100


class EventsQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What has happened in the range of time; `before` and `limit` as those of `RequestsQuestion`."""

    since: Time = -24 * HOUR_S
    until: Time = 0.0
    before: Number = 0
    limit: Limit = 100


Question: TypeAlias = SeriesQuestion | RequestsQuestion | EventsQuestion

Q = TypeVar("Q", bound=Question)


def at(question: Q, now: float) -> Q:
    """Return a question with the times that it means `now`, none of them later than that."""
    since, until = (_absolute(one, now) for one in (question.since, question.until))
    return msgspec.structs.replace(question, since=since, until=until)


def _absolute(time: float, now: float) -> float:
    if math.isnan(time):
        return now
    return min(time if time > 0 else now + time, now)
