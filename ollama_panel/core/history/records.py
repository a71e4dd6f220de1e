"""The records of the history, and the answers to questions about it. No content of a request is among them, and no key.

Times are seconds since 1970 by the machine's clock when it happened; durations are seconds. None = unknown.
"""

from enum import Enum

import msgspec

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import Notice
from ollama_panel.core.records import RequestClass
from ollama_panel.core.snapshot import RequestState

MOST_POINTS = 20_000
"""The most points in time of one answer: a day in steps of 10 s has 8,640."""

MOST_ROWS = 10_000
"""The most requests or events of one answer."""


class FinishedRequest(msgspec.Struct, frozen=True):
    """A request that has ended `at` this time. `code` is that of the notice why it failed or was refused, "" if not.

    `queue_s` is the time from its arrival until it was sent to its instance, `first_token_s` until the first byte of a
    stream of tokens, `total_s` until its end. `token_s` is the time per token after the first: of a stream as the
    client got it, of an answer in one piece as Ollama counted it. `number` is that of its row, 0 = it has none yet.
    """

    at: float
    id: RequestId
    client: ClientId
    request_class: RequestClass
    model: ModelName
    pool: PoolName
    instance: InstanceId
    path: str
    stream: bool
    state: RequestState
    total_s: float
    code: str = ""
    queue_s: float | None = None
    first_token_s: float | None = None
    token_s: float | None = None
    prompt_tokens: int | None = None
    output_tokens: int | None = None
    status: int | None = None
    attempts: int = 0
    number: int = 0


class EventKind(Enum):
    """What an event is about."""

    PANEL = "panel"
    INSTANCE = "instance"
    SETTINGS = "settings"
    ALERT = "alert"
    CLOCK = "clock"


class HistoryEvent(msgspec.Struct, frozen=True):
    """Something that happened, in words; `source` is the instance, "" if it is about no single one."""

    at: float
    kind: EventKind
    source: str
    told: Notice
    number: int = 0


class SeriesColumn(msgspec.Struct, frozen=True):
    """One series: a value for each time of the answer, None where nothing is known.

    `mean` is that of each step, `high` and `low` are the extremes, empty for series that have none.
    """

    name: str
    source: str
    unit: str
    mean: tuple[float | None, ...]
    high: tuple[float | None, ...] = ()
    low: tuple[float | None, ...] = ()


class History(msgspec.Struct, frozen=True):
    """Series over a range of time: `at` are the beginnings of the steps of `step` seconds, the same for all series."""

    since: float
    until: float
    step: int
    at: tuple[int, ...]
    series: tuple[SeriesColumn, ...]


class FinishedRequests(msgspec.Struct, frozen=True):
    """Finished requests, newest first. `before` is the number to ask for the next ones with, None = these are all."""

    requests: tuple[FinishedRequest, ...]
    before: int | None


class HistoryEvents(msgspec.Struct, frozen=True):
    """Events, newest first; `before` as that of `FinishedRequests`."""

    events: tuple[HistoryEvent, ...]
    before: int | None
