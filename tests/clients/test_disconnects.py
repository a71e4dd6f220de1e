"""Official clients disconnect, each in its own way: their requests are cancelled."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import anthropic
import httpx
import ollama
import openai
import pytest
from langchain_ollama import ChatOllama

from ollama_panel.sim.http.server import SimServer
from ollama_panel.sim.machine.work import Event, Tokens
from tests.clients import with_langchain, with_ollama
from tests.clients.conftest import simulated
from tests.clients.scenarios import PLAIN, Scenario
from tests.clients.target import QUESTION, SIMULATED, Target
from tests.fakes.small_panel import SlotHolder, SmallPanel, Worker
from tests.fakes.virtual import virtual_loop

MODEL = SIMULATED.tools
SLOW = {"OLLAMA_NUM_PARALLEL": "1", "OLLAMA_SIM_PROFILE": "cpu", "OLLAMA_SIM_SPEED": "20"}

TICK_S = 1e-6
"""The machine counts whole microseconds."""
ENDLESS = 100_000_000
LONG = {"num_predict": ENDLESS}
SHORT = {"num_predict": 3}

Disconnect = Callable[[str], Awaitable[None]]


async def closes_the_generator(url: str) -> None:
    async with ollama.AsyncClient(url) as client:
        parts = await client.chat(MODEL, QUESTION, options=LONG, stream=True)
        await anext(parts)
        await parts.aclose()


async def closes_the_generator_of_the_synchronous_client(url: str) -> None:
    def leave() -> None:
        with ollama.Client(url) as client:
            parts = client.generate(MODEL, "Once", options=LONG, stream=True)
            next(parts)
            parts.close()

    await asyncio.to_thread(leave)


async def is_cancelled_in_mid_stream(url: str) -> None:
    begun = asyncio.Event()

    async def listen() -> None:
        async with ollama.AsyncClient(url) as client:
            async for _ in await client.chat(MODEL, QUESTION, options=LONG, stream=True):
                begun.set()

    async with asyncio.TaskGroup() as group:
        listener = group.create_task(listen())
        await begun.wait()
        listener.cancel()


async def closes_the_openai_stream(url: str) -> None:
    async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        asked: Any = {"model": MODEL, "max_tokens": ENDLESS, "messages": QUESTION}
        stream = await client.chat.completions.create(stream=True, **asked)
        await anext(aiter(stream))
        await stream.close()


async def closes_the_openai_response(url: str) -> None:
    async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        stream = await client.responses.create(model=MODEL, input="x", max_output_tokens=ENDLESS, stream=True)
        await anext(aiter(stream))
        await stream.close()


async def leaves_the_anthropic_block(url: str) -> None:
    asked: Any = {"model": MODEL, "max_tokens": ENDLESS, "messages": QUESTION}
    async with (
        anthropic.AsyncAnthropic(base_url=url, api_key="none", max_retries=0) as client,
        client.messages.stream(**asked) as stream,
    ):
        await anext(aiter(stream))


async def closes_the_langchain_stream(url: str) -> None:
    model = ChatOllama(model=MODEL, base_url=url, num_predict=ENDLESS)
    async with with_langchain.closing(model):
        parts = model.astream("Why?")
        await anext(aiter(parts))
        await parts.aclose()  # type: ignore[attr-defined]


DISCONNECTS: tuple[Disconnect, ...] = (
    closes_the_generator,
    closes_the_generator_of_the_synchronous_client,
    is_cancelled_in_mid_stream,
    closes_the_openai_stream,
    closes_the_openai_response,
    leaves_the_anthropic_block,
    closes_the_langchain_stream,
)


async def leaves_at_the_first_token(leave: Disconnect, server: SimServer, url: str) -> None:
    """Let time pass until an answer has begun, and none until its client has left and the server knows it."""
    driver, loop, begun = server._running(), virtual_loop(), list[Event]()
    deliver = driver._deliver

    def watched(event: Event) -> None:
        begun.extend([event] if isinstance(event, Tokens) else [])
        deliver(event)

    driver._deliver = watched  # type: ignore[method-assign]
    with loop.paused():
        async with httpx.AsyncClient() as http, asyncio.TaskGroup() as group:
            leaving = group.create_task(leave(url))
            while not leaving.done() or not cancelled(server):
                due = None if begun else driver.machine.next_event()
                if due is not None:
                    loop.skip(max(0.0, driver._origin + due / 1e6 / driver.speed - loop.time()) + TICK_S)
                await http.get(f"{server.url}/api/version")


def cancelled(server: SimServer) -> int:
    """Return how many requests were cancelled."""
    return sum(one["cancelled"] for instance in server.machine.instances.values() for one in instance.counts.values())


async def next_one_is_served(url: str) -> None:
    """With one slot this ends only if the endless request before it was stopped."""
    async with ollama.AsyncClient(url) as client:
        assert (await client.chat(MODEL, QUESTION, options=SHORT)).eval_count == 3


def counts(server: SimServer) -> tuple[int, int]:
    """Return how many requests were served and cancelled."""
    (one,) = [one for instance in server.machine.instances.values() for one in instance.counts.values()]
    return one["served"], one["cancelled"]


@pytest.mark.parametrize("leave", DISCONNECTS)
async def test_an_instance_stops_for_a_client_that_left(leave: Disconnect) -> None:
    server = simulated(**SLOW)
    async with server as url:
        await leaves_at_the_first_token(leave, server, url)
        await next_one_is_served(url)
        assert counts(server) == (1, 1)


@pytest.mark.parametrize("leave", DISCONNECTS)
async def test_it_stops_for_a_client_that_left_the_panel(leave: Disconnect) -> None:
    server = simulated(**SLOW)
    async with server as url, SmallPanel(Worker(url, parallel=1)) as panel:
        await leaves_at_the_first_token(leave, server, panel.url)
        await panel.idle()
        await next_one_is_served(panel.url)
        assert counts(server) == (1, 1)


async def asks_for_a_whole_answer(url: str) -> None:
    async with ollama.AsyncClient(url) as client:
        await client.chat(MODEL, QUESTION, options=LONG)


async def test_it_stops_for_a_client_that_left_before_the_first_byte() -> None:
    server = simulated(**SLOW)
    async with server as url, SmallPanel(Worker(url, parallel=1)) as panel, asyncio.TaskGroup() as group:
        asking = group.create_task(asks_for_a_whole_answer(panel.url))
        await panel.scheduler.until(lambda: panel.scheduler.in_flight() == 1)
        asking.cancel()
        await panel.scheduler.until(lambda: panel.scheduler.in_flight() == 0)
        await next_one_is_served(panel.url)


WAITING = (
    "ollama-chat_stream",
    "openai-chat",
    "openai-response_stream",
    "anthropic-messages_stream",
    "langchain-invoke",
)


@pytest.mark.parametrize("scenario", [one for one in PLAIN if one.name in WAITING], ids=lambda one: one.name)
async def test_a_client_that_leaves_the_queue_is_never_sent_to_an_instance(scenario: Scenario) -> None:
    server = simulated(OLLAMA_NUM_PARALLEL="1")
    async with server as url, SmallPanel(Worker(url, parallel=1)) as panel, asyncio.TaskGroup() as group:
        async with SlotHolder(panel, f"{SIMULATED.chat}:latest"):
            asking = group.create_task(scenario.outcome(Target(panel.url)))
            await panel.queued(1)
            asking.cancel()
            await panel.queued(0)
        await next_one_is_served(panel.url)
        assert counts(server) == (1, 0)


async def half_a_file() -> AsyncIterator[bytes]:
    yield b"x" * 100_000
    raise InterruptedError


async def test_an_upload_that_breaks_off_leaves_nothing_behind() -> None:
    async with simulated() as url, SmallPanel(Worker(url)) as panel, ollama.AsyncClient(panel.url) as client:
        with pytest.raises(InterruptedError):
            await client._client.post("/api/blobs/sha256:" + "0" * 64, content=half_a_file())
        await panel.idle()
        assert await with_ollama.models_in_the_store(with_ollama.Asynchronous(client), Target(panel.url))
