"""All requests that wait are found and cancelled, also far more than a snapshot has; the loop turns meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from ollama_panel.core.ids import ClientId, ModelName, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.records import Job, RequestClass, Role
from ollama_panel.core.request_filter import ALL, RequestFilter
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.snapshot import RequestState
from ollama_panel.core.timeline.timeline import MAX_OPEN, Timeline
from ollama_panel.engine.admission import Admission
from ollama_panel.engine.open_requests import cancel_all, find_waiting

MODEL = ModelName("llama3.1:8b")
CHAT, RAG = ClientId("open-webui"), ClientId("rag-indexer")
WAITING = MAX_OPEN + 700


class Flood:
    """More requests of one client than a snapshot has, and one of another that came last; the queue is paused."""

    def __init__(self) -> None:
        self.timeline, self.dispatcher = Timeline(), Dispatcher(Policy(paused=True))
        self.gate = Admission(
            self.dispatcher, self.timeline, unload=lambda *_: None, micros=lambda: 1_000_000, on_crash=lambda _: None
        )

    def names(self, wanted: RequestFilter) -> list[RequestId]:
        return [job.id for job in self.dispatcher.waiting_jobs() if wanted.wants_waiting(job)]


@pytest.fixture
async def flood() -> AsyncIterator[Flood]:
    made = Flood()
    made.gate.post(m.Reconfigured(Policy(paused=True)))
    async with AsyncExitStack() as stack:
        for number in range(WAITING):
            await stack.enter_async_context(made.gate.admit(job(f"r{number}", RAG)))
        await stack.enter_async_context(made.gate.admit(job("last", CHAT)))
        yield made
    made.gate.close()


def job(name: str, client: ClientId) -> Job:
    return Job(RequestId(name), client, RequestClass.INTERACTIVE, Role.CHAT, MODEL, "/api/chat", stream=True)


async def test_what_waits_beyond_a_snapshot_is_found_with_its_place_and_its_reason(flood: Flood) -> None:
    shown = flood.timeline.open_records(flood.dispatcher.waiting(MAX_OPEN))
    assert "last" not in [record.id for record in shown]
    (found,) = await find_waiting(flood.dispatcher, flood.timeline, RequestFilter(client=CHAT))
    assert (found.id, found.position, found.why) == ("last", WAITING + 1, notice("waiting.paused"))


async def test_all_are_listed_in_the_order_of_arrival(flood: Flood) -> None:
    found = await find_waiting(flood.dispatcher, flood.timeline, ALL)
    assert [one.id for one in found] == [*(f"r{number}" for number in range(WAITING)), "last"]
    shown = flood.timeline.open_records(flood.dispatcher.waiting(MAX_OPEN))
    assert all(new is old for new, old in zip(found, shown, strict=False))


async def test_a_filter_for_what_has_begun_or_ended_finds_nothing_that_waits(flood: Flood) -> None:
    wanted = RequestFilter(states=frozenset({RequestState.FAILED}))
    assert await find_waiting(flood.dispatcher, flood.timeline, wanted) == ()


async def test_other_work_goes_on_while_many_are_looked_at_and_cancelled(flood: Flood) -> None:
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        other = group.create_task(turn())
        await find_waiting(flood.dispatcher, flood.timeline, ALL)
        assert turns > WAITING / 200
        await cancel_all(flood.gate, flood.names(ALL))
        assert turns > WAITING / 50
        other.cancel()


async def test_only_those_are_cancelled_that_are_named_and_those_that_have_ended_do_not_count(flood: Flood) -> None:
    names = flood.names(RequestFilter(client=RAG))
    assert await cancel_all(flood.gate, [*names, RequestId("unknown")]) == WAITING
    assert await cancel_all(flood.gate, names) == 0
    (left,) = await find_waiting(flood.dispatcher, flood.timeline, ALL)
    assert left.id == "last"
