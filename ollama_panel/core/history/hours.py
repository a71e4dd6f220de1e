"""The finished requests by the hour: what happened last night, for people."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.series import percentile
from ollama_panel.core.snapshot import RequestState


class Ended(NamedTuple):
    """What the hours need of a finished request, as it is in `FinishedRequest`: a month may have millions."""

    at: float
    state: RequestState
    code: str
    model: ModelName
    prompt_tokens: int | None
    output_tokens: int | None
    first_token_s: float | None


class Hour(msgspec.Struct, frozen=True):
    """One hour that begins `at` this time; `most` is the model with the most requests.

    `refused` counts the refusals by the code of their notice; `failed` and `cancelled` are not among them.
    """

    at: float
    requests: int
    failed: int
    cancelled: int
    refused: dict[str, int]
    prompt_tokens: int
    output_tokens: int
    first_token_p95_s: float | None
    most: str


def by_hour(requests: Iterable[Ended], begin_of: Callable[[float], float]) -> tuple[Hour, ...]:
    """Return the hours in which requests ended, the earliest first; `begin_of` returns the begin of a time's hour.

    The requests come in the order of their time, or in its reverse: those of one hour at a time are held.
    """
    hours = itertools.groupby(requests, lambda one: begin_of(one.at))
    return tuple(sorted((_hour(at, those) for at, those in hours), key=lambda hour: hour.at))


def _hour(at: float, requests: Iterable[Ended]) -> Hour:
    found = tuple(requests)
    states = Counter(one.state for one in found)
    models = Counter(one.model for one in found)
    first = [one.first_token_s for one in found if one.first_token_s is not None]
    return Hour(
        at=at,
        requests=len(found),
        failed=states[RequestState.FAILED],
        cancelled=states[RequestState.CANCELLED],
        refused=dict(Counter(one.code for one in found if one.state is RequestState.REFUSED).most_common()),
        prompt_tokens=sum(one.prompt_tokens or 0 for one in found),
        output_tokens=sum(one.output_tokens or 0 for one in found),
        first_token_p95_s=percentile(first, 0.95),
        most=models.most_common(1)[0][0] if models else "",
    )
