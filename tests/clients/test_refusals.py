"""What the client libraries make of a refusal: the sentence, and its code where they show more than the sentence."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import anthropic
import ollama
import openai
import pytest

from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.settings.tree import ProxySettings
from ollama_panel.proxy.relay import HEARTBEAT_S
from tests.clients.conftest import simulated
from tests.clients.target import QUESTION
from tests.fakes.small_panel import SlotHolder, SmallPanel, Worker

FULL = "The queue is full: 1 waiting. Try again later, or raise the queue limit."
CANCELLED = "The request was cancelled in Ollama Panel."


async def ask_ollama(url: str, **more: Any) -> Any:
    async with ollama.AsyncClient(url) as client:
        chat: Any = client.chat
        answer = await chat("tiny", QUESTION, **more)
        return [part async for part in answer] if more else answer


async def ask_openai(url: str, **more: Any) -> Any:
    async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        create: Any = client.chat.completions.create
        answer = await create(model="tiny", messages=QUESTION, **more)
        return [part async for part in answer] if more else answer


async def ask_anthropic(url: str, **more: Any) -> Any:
    async with anthropic.AsyncAnthropic(base_url=url, api_key="none", max_retries=0) as client:
        create: Any = client.messages.create
        answer = await create(model="tiny", max_tokens=9, messages=QUESTION, **more)
        return [part async for part in answer] if more else answer


Ask = Callable[..., Awaitable[Any]]
ALL = pytest.mark.parametrize("ask", [ask_ollama, ask_openai, ask_anthropic])


@asynccontextmanager
async def busy_panel(policy: Policy) -> AsyncIterator[SmallPanel]:
    """The panel in front of one instance whose only slot is taken."""
    async with (
        simulated(OLLAMA_NUM_PARALLEL="1") as url,
        SmallPanel(Worker(url, parallel=1), policy=policy, options=ProxySettings(port=0)) as panel,
        AsyncExitStack() as stack,
    ):
        await stack.enter_async_context(SlotHolder(panel, "tiny:latest"))
        yield panel


def told(error: Any) -> tuple[str, str | None]:
    """Return the sentence and the code that a library tells its user; Ollama's tells no code."""
    if isinstance(error, ollama.ResponseError):
        return error.error, None
    if isinstance(error, openai.APIError):
        return str(error.body["message"]) if isinstance(error.body, dict) else error.message, error.code
    assert isinstance(error, anthropic.APIStatusError)
    assert isinstance(error.body, dict)
    return error.body["error"]["message"], error.body["error"]["code"]


@ALL
async def test_a_refusal_is_raised_with_its_sentence_and_code(ask: Ask) -> None:
    async with busy_panel(Policy(queue_limit=1)) as panel, asyncio.TaskGroup() as group:
        group.create_task(_raised(ask_ollama(panel.url)))
        await panel.queued()
        error = await _raised(ask(panel.url))
        (waiting,) = panel.scheduler.waiting()
        panel.gate.cancel(waiting.id)
    assert error.status_code == 503
    assert told(error) == (FULL, None if ask is ask_ollama else "queue.full")


@ALL
async def test_a_refusal_inside_a_stream_is_raised_with_its_sentence_and_code(ask: Ask) -> None:
    async with busy_panel(Policy()) as panel, asyncio.TaskGroup() as group:
        raised = group.create_task(_raised(ask(panel.url, stream=True)))
        await panel.queued()
        await panel.later(HEARTBEAT_S)
        (waiting,) = panel.scheduler.waiting()
        panel.gate.cancel(waiting.id)
    assert told(raised.result()) == (CANCELLED, None if ask is ask_ollama else "request.cancelled")


async def _raised(asked: Awaitable[Any]) -> Any:
    with pytest.raises((ollama.ResponseError, openai.APIError, anthropic.APIStatusError)) as raised:
        await asked
    return raised.value
