"""Calls of the `openai` package, as scenarios."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import openai
import pydantic

from tests.clients.target import CONVERSATION, COUNTRY, PICTURE_TEXT, QUESTION, WEATHER, Target

Call = Callable[[Any, Target], Awaitable[Any]]
"""The client is `Any`: its types know no model of ours."""


async def called(call: Call, target: Target) -> Any:
    async with openai.AsyncOpenAI(base_url=f"{target.url}/v1", api_key="none", max_retries=0) as client:
        return await call(client, target)


def answer(target: Target) -> dict[str, Any]:
    return {"model": target.models.chat, "max_tokens": target.tokens, "temperature": 0, "seed": 1}


async def collected(stream: Any) -> list[Any]:
    return [part async for part in stream]


async def chat(client: Any, target: Target) -> Any:
    return await client.chat.completions.create(messages=CONVERSATION, **answer(target))


async def chat_stream(client: Any, target: Target) -> Any:
    return await collected(await client.chat.completions.create(messages=CONVERSATION, stream=True, **answer(target)))


async def chat_stream_usage(client: Any, target: Target) -> Any:
    more = {"stream": True, "stream_options": {"include_usage": True}}
    return await collected(await client.chat.completions.create(messages=QUESTION, **more, **answer(target)))


async def chat_of_the_synchronous_client(client: Any, target: Target) -> Any:
    def ask() -> Any:
        with openai.OpenAI(base_url=f"{target.url}/v1", api_key="none", max_retries=0) as other:
            create: Any = other.chat.completions.create
            whole = create(messages=CONVERSATION, **answer(target))
            return whole, list(create(messages=CONVERSATION, stream=True, **answer(target)))

    return await asyncio.to_thread(ask)


async def chat_json(client: Any, target: Target) -> Any:
    form = {"type": "json_schema", "json_schema": {"name": "country", "schema": COUNTRY}}
    return await client.chat.completions.create(messages=QUESTION, response_format=form, **answer(target))


async def completion(client: Any, target: Target) -> Any:
    return await client.completions.create(prompt="Once", **answer(target))


async def completion_stream(client: Any, target: Target) -> Any:
    return await collected(await client.completions.create(prompt="Once", stream=True, **answer(target)))


def response_to(target: Target, text: Any = "Why is the sky blue?") -> dict[str, Any]:
    return {"model": target.models.chat, "input": text, "max_output_tokens": target.tokens, "temperature": 0}


async def response(client: Any, target: Target) -> Any:
    return await client.responses.create(**response_to(target))


async def response_stream(client: Any, target: Target) -> Any:
    return await collected(await client.responses.create(stream=True, **response_to(target)))


async def response_of_messages(client: Any, target: Target) -> Any:
    return await client.responses.create(instructions="Be brief.", **response_to(target, QUESTION))


async def embeddings(client: Any, target: Target) -> Any:
    """The package asks for base64 and unpacks it."""
    return await client.embeddings.create(model=target.models.embedding, input=["one text", "another ✓"])


async def embeddings_as_numbers(client: Any, target: Target) -> Any:
    return await client.embeddings.create(model=target.models.embedding, input="one text", encoding_format="float")


async def models(client: Any, target: Target) -> Any:
    listed = await collected(client.models.list())
    return sorted(listed, key=lambda model: str(model.id)), await client.models.retrieve(target.models.chat)


async def tools(client: Any, target: Target) -> Any:
    asked = answer(target) | {"model": target.models.tools}
    return await client.chat.completions.create(messages=QUESTION, tools=[WEATHER], **asked)


async def tools_stream(client: Any, target: Target) -> Any:
    asked = answer(target) | {"model": target.models.tools, "stream": True}
    return await collected(await client.chat.completions.create(messages=QUESTION, tools=[WEATHER], **asked))


async def chat_stream_helper(client: Any, target: Target) -> Any:
    """The client's own accumulation of a stream, which wants a whole answer."""
    async with client.chat.completions.stream(messages=QUESTION, model=target.models.tools, seed=1) as stream:
        kinds = [event.type async for event in stream]
        return kinds, await stream.get_final_completion()


class Country(pydantic.BaseModel):
    name: str
    population: int
    languages: list[str]


async def parsed(client: Any, target: Target) -> Any:
    """Needs an answer that fits the schema, and room for it."""
    return await client.chat.completions.parse(
        model=target.models.tools, messages=QUESTION, response_format=Country, temperature=0
    )


async def response_tools(client: Any, target: Target) -> Any:
    tool = {"type": "function", **WEATHER["function"]}  # type: ignore[dict-item]
    asked = response_to(target) | {"model": target.models.tools, "stream": True}
    return await collected(await client.responses.create(tools=[tool], **asked))


async def picture(client: Any, target: Target) -> Any:
    content = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PICTURE_TEXT}"}},
    ]
    asked = answer(target) | {"model": target.models.vision}
    return await client.chat.completions.create(messages=[{"role": "user", "content": content}], **asked)


async def chat_with_no_such_model(client: Any, target: Target) -> Any:
    return await client.chat.completions.create(messages=QUESTION, model="no-such-model")


async def chat_stream_with_no_such_model(client: Any, target: Target) -> Any:
    return await collected(await client.chat.completions.create(messages=QUESTION, model="no-such-model", stream=True))


async def response_with_no_such_model(client: Any, target: Target) -> Any:
    return await client.responses.create(model="no-such-model", input="x")


async def embeddings_of_nothing(client: Any, target: Target) -> Any:
    return await client.embeddings.create(model=target.models.embedding, input=[])


async def no_such_model(client: Any, target: Target) -> Any:
    return await client.models.retrieve("no-such-model")


PLAIN: tuple[Call, ...] = (
    chat,
    chat_stream,
    chat_stream_usage,
    chat_of_the_synchronous_client,
    chat_json,
    completion,
    completion_stream,
    response,
    response_stream,
    response_of_messages,
    embeddings,
    embeddings_as_numbers,
    models,
)
ABLE: tuple[Call, ...] = (tools, tools_stream, response_tools, picture)
IMITATED: tuple[Call, ...] = (chat_stream_helper, parsed)
"""These need an answer that ends by itself."""

REFUSED: tuple[Call, ...] = (
    chat_with_no_such_model,
    chat_stream_with_no_such_model,
    response_with_no_such_model,
    embeddings_of_nothing,
    no_such_model,
)
