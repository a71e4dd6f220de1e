"""Calls of the `ollama` package, as scenarios for its asynchronous and its synchronous client."""

import asyncio
import hashlib
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import ollama
from typing_extensions import override

from tests.clients.target import CONVERSATION, COUNTRY, PICTURE, QUESTION, WEATHER, Target


class Caller(ABC):
    """A common interface to both clients."""

    @abstractmethod
    async def whole(self, method: str, *arguments: object, **options: object) -> Any:
        """Call a method of the client."""

    @abstractmethod
    async def parts(self, method: str, *arguments: object, **options: object) -> list[Any]:
        """Call a method with `stream=True` and collect what comes."""


class Asynchronous(Caller):
    def __init__(self, client: ollama.AsyncClient) -> None:
        self._client = client

    @override
    async def whole(self, method: str, *arguments: object, **options: object) -> Any:
        return await getattr(self._client, method)(*arguments, **options)

    @override
    async def parts(self, method: str, *arguments: object, **options: object) -> list[Any]:
        return [part async for part in await self.whole(method, *arguments, stream=True, **options)]


class Synchronous(Caller):
    def __init__(self, client: ollama.Client) -> None:
        self._client = client

    @override
    async def whole(self, method: str, *arguments: object, **options: object) -> Any:
        return await asyncio.to_thread(getattr(self._client, method), *arguments, **options)

    @override
    async def parts(self, method: str, *arguments: object, **options: object) -> list[Any]:
        def collect() -> list[Any]:
            return list(getattr(self._client, method)(*arguments, stream=True, **options))

        return await asyncio.to_thread(collect)


Call = Callable[[Caller, Target], Awaitable[Any]]


async def asynchronously(call: Call, target: Target) -> Any:
    async with ollama.AsyncClient(target.url) as client:
        return await call(Asynchronous(client), target)


async def synchronously(call: Call, target: Target) -> Any:
    with ollama.Client(target.url) as client:
        return await call(Synchronous(client), target)


async def chat(client: Caller, target: Target) -> Any:
    return await client.whole("chat", target.models.chat, CONVERSATION, options=target.options)


async def chat_stream(client: Caller, target: Target) -> Any:
    return await client.parts("chat", target.models.chat, CONVERSATION, options=target.options)


async def chat_logprobs(client: Caller, target: Target) -> Any:
    options = {"options": target.options, "logprobs": True, "top_logprobs": 2}
    return await client.whole("chat", target.models.chat, QUESTION, **options)


async def chat_format(client: Caller, target: Target) -> Any:
    return await client.whole("chat", target.models.chat, QUESTION, format=COUNTRY, options=target.options)


async def chat_long_prompt(client: Caller, target: Target) -> Any:
    """A body beyond any socket buffer."""
    message = {"role": "user", "content": "ä" * 400_000}
    return await client.whole("chat", target.models.chat, [message], options=target.options)


async def generate(client: Caller, target: Target) -> Any:
    options = {"system": "Be brief.", "options": target.options, "keep_alive": "2m"}
    return await client.whole("generate", target.models.chat, "Once", **options)


async def generate_stream(client: Caller, target: Target) -> Any:
    return await client.parts("generate", target.models.chat, "Once", raw=True, options=target.options)


async def generate_nothing_loads_the_model(client: Caller, target: Target) -> Any:
    return await client.whole("generate", target.models.chat)


async def embed(client: Caller, target: Target) -> Any:
    return await client.whole("embed", target.models.embedding, ["one text", "another ✓"])


async def embed_shortened(client: Caller, target: Target) -> Any:
    return await client.whole("embed", target.models.embedding, "one text", truncate=True, dimensions=8)


async def embed_nothing(client: Caller, target: Target) -> Any:
    return await client.whole("embed", target.models.embedding, [])


async def embeddings_of_old(client: Caller, target: Target) -> Any:
    return await client.whole("embeddings", target.models.embedding, "one text")


def by_name(listed: Any) -> list[Any]:
    """Two models of one second have no order of their own, in Ollama neither."""
    return sorted(listed.models, key=lambda model: str(model.model))


async def models_in_the_store(client: Caller, target: Target) -> Any:
    return by_name(await client.whole("list"))


async def models_in_memory(client: Caller, target: Target) -> Any:
    await client.whole("generate", target.models.chat)
    return by_name(await client.whole("ps"))


async def unload(client: Caller, target: Target) -> Any:
    await client.whole("generate", target.models.chat)
    return await client.whole("generate", target.models.chat, keep_alive=0)


async def show(client: Caller, target: Target) -> Any:
    return await client.whole("show", target.models.embedding)


async def create_chat_copy_delete(client: Caller, target: Target) -> Any:
    name, copied = f"{target.models.chat}-made", f"{target.models.chat}-copied"
    made = [
        await client.whole("create", name, from_=target.models.chat, parameters={"num_ctx": 512}),
        await client.parts("create", name, from_=target.models.chat, system="You are brief."),
        await client.whole("copy", name, copied),
        await client.whole("chat", copied, QUESTION, options=target.options),
    ]
    gone = [await client.whole("delete", one) for one in (name, copied)]
    return [*made, *gone, by_name(await client.whole("list"))]


async def blob(client: Caller, target: Target) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "weights.bin"
        file.write_bytes(bytes(range(256)) * 8192)
        digest = await client.whole("create_blob", file)
    assert digest == "sha256:" + hashlib.sha256(bytes(range(256)) * 8192).hexdigest()
    return digest


async def tools(client: Caller, target: Target) -> Any:
    return await client.whole("chat", target.models.tools, QUESTION, tools=[WEATHER], options=target.options)


async def tools_stream(client: Caller, target: Target) -> Any:
    return await client.parts("chat", target.models.tools, QUESTION, tools=[WEATHER], options=target.options)


async def tool_result(client: Caller, target: Target) -> Any:
    called = {"function": {"name": "get_weather", "arguments": {"city": "Rome"}}}
    messages = [
        *QUESTION,
        {"role": "assistant", "content": "", "tool_calls": [called]},
        {"role": "tool", "tool_name": "get_weather", "content": "sunny"},
    ]
    return await client.whole("chat", target.models.tools, messages, tools=[WEATHER], options=target.options)


async def thinking(client: Caller, target: Target) -> Any:
    return await client.parts("chat", target.models.thinking, QUESTION, think=True, options=target.options)


async def picture(client: Caller, target: Target) -> Any:
    message = {"role": "user", "content": "What is this?", "images": [PICTURE]}
    return await client.whole("chat", target.models.vision, [message], options=target.options)


async def picture_generate(client: Caller, target: Target) -> Any:
    options = {"images": [PICTURE], "options": target.options}
    return await client.parts("generate", target.models.vision, "What is this?", **options)


async def pull(client: Caller, target: Target) -> Any:
    return await client.whole("pull", target.models.tools)


async def pull_progress(client: Caller, target: Target) -> Any:
    return await client.parts("pull", target.models.tools)


async def chat_with_no_such_model(client: Caller, target: Target) -> Any:
    return await client.whole("chat", "no-such-model", QUESTION)


async def chat_stream_with_no_such_model(client: Caller, target: Target) -> Any:
    return await client.parts("chat", "no-such-model", QUESTION)


async def chat_with_an_embedding_model(client: Caller, target: Target) -> Any:
    return await client.parts("chat", target.models.embedding, QUESTION)


async def chat_with_a_bad_option(client: Caller, target: Target) -> Any:
    return await client.whole("chat", target.models.chat, QUESTION, options={"num_ctx": "many"})


async def show_no_such_model(client: Caller, target: Target) -> Any:
    return await client.whole("show", "no-such-model")


async def delete_no_such_model(client: Caller, target: Target) -> Any:
    return await client.whole("delete", "no-such-model")


async def pull_no_such_model(client: Caller, target: Target) -> Any:
    return await client.parts("pull", "bad name!")


async def push_to_nowhere(client: Caller, target: Target) -> Any:
    return await client.parts("push", "nobody/no-such-model")


PLAIN: tuple[Call, ...] = (
    chat,
    chat_stream,
    chat_logprobs,
    chat_format,
    generate,
    generate_stream,
    generate_nothing_loads_the_model,
    embed,
    embed_shortened,
    embed_nothing,
    embeddings_of_old,
    models_in_the_store,
    models_in_memory,
    unload,
    show,
    create_chat_copy_delete,
    blob,
)
ABLE: tuple[Call, ...] = (tools, tools_stream, tool_result, thinking, picture, picture_generate)
"""These need a model that can do more than talk."""

IMITATED: tuple[Call, ...] = (chat_long_prompt, pull, pull_progress)
"""These need hours of a real model, or a registry."""

REFUSED: tuple[Call, ...] = (
    chat_with_no_such_model,
    chat_stream_with_no_such_model,
    chat_with_an_embedding_model,
    chat_with_a_bad_option,
    show_no_such_model,
    delete_no_such_model,
    pull_no_such_model,
    push_to_nowhere,
)
