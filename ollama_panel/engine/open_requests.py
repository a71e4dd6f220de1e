"""Looks through all requests that wait, and cancels many, in slices: streams go on between them."""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from ollama_panel.core.ids import RequestId
from ollama_panel.core.request_filter import RequestFilter
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.snapshot import RequestRecord
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.admission import Admission

T = TypeVar("T")

_JOBS, _RECORDS, _CANCELS = 1000, 200, 50
"""How many are looked at, told of and cancelled in one go: each takes a millisecond or less."""


async def find_waiting(dispatcher: Dispatcher, timeline: Timeline, wanted: RequestFilter) -> tuple[RequestRecord, ...]:
    """Return the records of all wanted requests that wait, by arrival; a snapshot has only the first of them."""
    if not wanted.waits():
        return ()
    names: list[RequestId] = []
    for jobs in _slices(dispatcher.waiting_jobs(), _JOBS):
        names += [job.id for job in jobs if wanted.wants_waiting(job)]
        await asyncio.sleep(0)
    records: list[RequestRecord] = []
    for some in _slices(names, _RECORDS):
        records += timeline.waiting_records(dispatcher.waiting_of(some))
        await asyncio.sleep(0)
    return tuple(records)


async def cancel_all(admission: Admission, requests: Collection[RequestId]) -> int:
    """Cancel requests for the user; return how many had not ended."""
    cancelled = 0
    for some in _slices(list(requests), _CANCELS):
        cancelled += sum(admission.cancel(request) for request in some)
        await asyncio.sleep(0)
    return cancelled


def _slices(items: Sequence[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while taken := list(islice(rest, size)):
        yield taken
