"""Calls of the `anthropic` package, as scenarios."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import anthropic

from tests.clients.target import PICTURE_TEXT, QUESTION, WEATHER, Target

Call = Callable[[Any, Target], Awaitable[Any]]


async def called(call: Call, target: Target) -> Any:
    async with anthropic.AsyncAnthropic(base_url=target.url, api_key="none", max_retries=0) as client:
        return await call(client, target)


def message(target: Target) -> dict[str, Any]:
    """The newest package has no argument for the temperature, the API has."""
    asked = {"model": target.models.chat, "max_tokens": target.tokens, "messages": QUESTION}
    return asked | {"extra_body": {"temperature": 0}}


def tool() -> dict[str, Any]:
    function: Any = WEATHER["function"]
    return {"name": function["name"], "description": "The weather", "input_schema": function["parameters"]}


async def messages(client: Any, target: Target) -> Any:
    return await client.messages.create(system="Be brief.", **message(target))


async def messages_stream(client: Any, target: Target) -> Any:
    return [event async for event in await client.messages.create(stream=True, **message(target))]


async def messages_stream_helper(client: Any, target: Target) -> Any:
    """The client's own accumulation of a stream."""
    async with client.messages.stream(**message(target)) as stream:
        texts = [text async for text in stream.text_stream]
        return texts, await stream.get_final_message()


async def messages_of_the_synchronous_client(client: Any, target: Target) -> Any:
    def ask() -> Any:
        with anthropic.Anthropic(base_url=target.url, api_key="none", max_retries=0) as other:
            create: Any = other.messages.create
            return create(**message(target)), list(create(stream=True, **message(target)))

    return await asyncio.to_thread(ask)


async def tools(client: Any, target: Target) -> Any:
    return await client.messages.create(tools=[tool()], **message(target) | {"model": target.models.tools})


async def tools_stream(client: Any, target: Target) -> Any:
    asked = message(target) | {"model": target.models.tools, "stream": True, "tools": [tool()]}
    return [event async for event in await client.messages.create(**asked)]


async def thinking(client: Any, target: Target) -> Any:
    asked = message(target) | {"model": target.models.thinking, "stream": True}
    asked |= {"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 2048}
    return [event async for event in await client.messages.create(**asked)]


async def picture(client: Any, target: Target) -> Any:
    source = {"type": "base64", "media_type": "image/png", "data": PICTURE_TEXT}
    content = [{"type": "image", "source": source}, {"type": "text", "text": "What is this?"}]
    asked = {"model": target.models.vision, "messages": [{"role": "user", "content": content}]}
    return await client.messages.create(**message(target) | asked)


async def messages_with_no_such_model(client: Any, target: Target) -> Any:
    return await client.messages.create(**message(target) | {"model": "no-such-model"})


async def messages_stream_with_no_such_model(client: Any, target: Target) -> Any:
    asked = message(target) | {"model": "no-such-model", "stream": True}
    return [event async for event in await client.messages.create(**asked)]


PLAIN: tuple[Call, ...] = (
    messages,
    messages_stream,
    messages_stream_helper,
    messages_of_the_synchronous_client,
)
ABLE: tuple[Call, ...] = (tools, tools_stream, picture)
IMITATED: tuple[Call, ...] = (thinking,)
"""The API wants thousands of tokens for this one."""

REFUSED: tuple[Call, ...] = (messages_with_no_such_model, messages_stream_with_no_such_model)
