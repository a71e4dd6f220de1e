"""Calls of `langchain-ollama`, as scenarios."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from langchain_core.messages import HumanMessage
from langchain_ollama import ChatOllama, OllamaEmbeddings, OllamaLLM

from tests.clients.target import COUNTRY, PICTURE_TEXT, WEATHER, Target

Call = Callable[[Target], Awaitable[Any]]


async def called(call: Call, target: Target) -> Any:
    return await call(target)


@asynccontextmanager
async def chat_model(target: Target, model: str = "", **more: Any) -> AsyncIterator[ChatOllama]:
    made = ChatOllama(
        model=model or target.models.chat, base_url=target.url, temperature=0, seed=1, num_predict=target.tokens, **more
    )
    async with closing(made):
        yield made


@asynccontextmanager
async def closing(made: Any) -> AsyncIterator[None]:
    """The package makes a client of each kind, and closes neither."""
    async with made._async_client:
        with made._client:
            yield


async def invoke(target: Target) -> Any:
    async with chat_model(target) as model:
        return await model.ainvoke("Why is the sky blue?")


async def stream(target: Target) -> Any:
    async with chat_model(target) as model:
        return [part async for part in model.astream("Why is the sky blue?")]


async def batch(target: Target) -> Any:
    async with chat_model(target) as model:
        return await model.abatch(["One?", "Two?", "Three?", "Four?", "Five?", "Six?"])


async def text_model(target: Target) -> Any:
    made = OllamaLLM(model=target.models.chat, base_url=target.url, temperature=0, num_predict=target.tokens)
    async with closing(made):
        return [part async for part in made.astream("Once")]


async def embeddings(target: Target) -> Any:
    made = OllamaEmbeddings(model=target.models.embedding, base_url=target.url)
    async with closing(made):
        return await made.aembed_documents(["one text", "another ✓"]), await made.aembed_query("a question")


async def tools(target: Target) -> Any:
    async with chat_model(target, target.models.tools) as model:
        return await model.bind_tools([WEATHER]).ainvoke("The weather in Rome?")


async def structured(target: Target) -> Any:
    async with chat_model(target, target.models.tools, format=COUNTRY) as model:
        return await model.ainvoke("Name a country.")


async def thinking(target: Target) -> Any:
    async with chat_model(target, target.models.thinking, reasoning=True) as model:
        return await model.ainvoke("Why is the sky blue?")


async def picture(target: Target) -> Any:
    content: list[Any] = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": f"data:image/png;base64,{PICTURE_TEXT}"},
    ]
    async with chat_model(target, target.models.vision) as model:
        return await model.ainvoke([HumanMessage(content=content)])


async def invoke_with_no_such_model(target: Target) -> Any:
    async with chat_model(target, "no-such-model") as model:
        return await model.ainvoke("Why is the sky blue?")


PLAIN: tuple[Call, ...] = (invoke, stream, batch, text_model, embeddings)
ABLE: tuple[Call, ...] = (tools, structured, thinking, picture)
REFUSED: tuple[Call, ...] = (invoke_with_no_such_model,)
