"""Figures about requests that front ends show: by class now, and before and after a change. None = unknown."""

import msgspec

from ollama_panel.core.notices import Notice
from ollama_panel.core.records import RequestClass


class ClassFigures(msgspec.Struct, frozen=True):
    """One class of requests: how many wait and run now, and how fast it went in the last minute.

    `wait_p95_s` is the 95th percentile of the seconds in the queue of those that were dispatched, `first_token_p95_s`
    that from the arrival of streams to their first byte. `tokens_per_s` are tokens of answers, `requests_per_min`
    answered requests.
    """

    request_class: RequestClass
    queued: int = 0
    in_flight: int = 0
    wait_p95_s: float | None = None
    first_token_p95_s: float | None = None
    tokens_per_s: float = 0.0
    requests_per_min: float = 0.0


class SpanFigures(msgspec.Struct, frozen=True):
    """How it went for some time, `seconds` long; None where there was not enough traffic to tell.

    `first_token_p95_s` is that of chats, `batch_tokens_per_s` and `batch_requests_per_min` are those of batch work,
    `tokens_per_s` of all classes together. `queued` is how many waited on average. `failed` counts failed requests.
    """

    seconds: float = 0.0
    first_token_p95_s: float | None = None
    batch_tokens_per_s: float | None = None
    batch_requests_per_min: float | None = None
    tokens_per_s: float | None = None
    queued: float | None = None
    failed: int = 0


class LastChange(msgspec.Struct, frozen=True):
    """The last change of the settings: what was `applied`, and how it went before and has gone since.

    `at` is when, in seconds of the engine's clock. `undoes`: it took the change before it back.
    """

    at: float
    applied: tuple[Notice, ...]
    before: SpanFigures
    after: SpanFigures
    undoes: bool = False
