"""What users do with the official clients, one function each: given the address of an Ollama, return all that came.

Results are plain data, so that two servers' results can be compared.
"""

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias

import anthropic
import ollama
import openai
from langchain_ollama import ChatOllama, OllamaEmbeddings, OllamaLLM
from pydantic import BaseModel

CHAT, EMBED = "llama3.1:8b", "nomic-embed-text"
ASKED: list[dict[str, Any]] = [{"role": "user", "content": "hello there"}]
SHORT = {"num_predict": 9, "seed": 1, "temperature": 0}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

Conversation: TypeAlias = Callable[[str], Awaitable[Any]]


class Person(BaseModel):
    name: str
    age: int


def add(a: int, b: int) -> int:
    """Add two numbers.

    Args:
        a: the first
        b: the second
    """
    return a + b


def plain(value: Any) -> Any:
    """Turn models into data, and lists of them into lists of data."""
    if isinstance(value, BaseModel):
        return plain(value.model_dump(mode="json"))
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list | tuple) else value


def in_thread(work: Callable[[str], Any]) -> Conversation:
    """Run a conversation of a client that blocks."""

    async def run(url: str) -> Any:
        return plain(await asyncio.to_thread(work, url))

    return run


async def _all(stream: Any) -> list[Any]:
    return [plain(part) async for part in stream]


# ollama


def ollama_chat(http: ollama.Client) -> list[Any]:
    image = {"role": "user", "content": "what is this?", "images": [PIXEL]}
    return [
        http.chat(CHAT, ASKED, options=SHORT),
        list(http.chat(CHAT, ASKED, options=SHORT, stream=True)),
        http.chat(CHAT, ASKED, tools=[add]),
        list(http.chat(CHAT, ASKED, tools=[add], stream=True)),
        http.chat(CHAT, ASKED, format=Person.model_json_schema()),
        http.chat(CHAT, ASKED, format="json", options=SHORT),
        _error(lambda: http.chat("minilm-that-is-not-there", ASKED)),
        http.chat(CHAT, [image], options=SHORT),
    ]


def ollama_generate(http: ollama.Client) -> list[Any]:
    return [
        http.generate(CHAT, "once", options=SHORT),
        list(http.generate(CHAT, "once", options=SHORT, stream=True)),
        http.generate(CHAT, "once", raw=True, options=SHORT),
        http.generate(CHAT, keep_alive="1m"),
        http.generate(CHAT, keep_alive=0),
    ]


def ollama_embed(http: ollama.Client) -> list[Any]:
    return [
        http.embed(EMBED, "a"),
        http.embed(EMBED, ["a", "b", "c"]),
        http.embeddings(EMBED, "a"),
        http.embed(EMBED, []),
    ]


def ollama_store(http: ollama.Client) -> list[Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "weights.gguf"
        file.write_bytes(b"GGUF" + b"\0" * 100_000)
        digest = http.create_blob(file)
    return [
        digest,
        list(http.pull("llama3.2:3b", stream=True)),
        http.pull("llama3.2:3b"),
        list(http.create("mine", from_=CHAT, system="be brief", stream=True)),
        http.copy("mine", "yours"),
        http.delete("mine"),
        _error(lambda: http.delete("mine")),
        http.list(),
        http.ps(),
        http.show(CHAT),
    ]


async def ollama_async(url: str) -> list[Any]:
    http = ollama.AsyncClient(url)
    try:
        return await _ollama_async(http)
    finally:
        await http.close()


async def _ollama_async(http: ollama.AsyncClient) -> list[Any]:
    stream = await http.chat(CHAT, ASKED, options=SHORT, stream=True)
    return plain([
        await http.chat(CHAT, ASKED, options=SHORT),
        await _all(stream),
        await http.generate(CHAT, "once", options=SHORT),
        await http.embed(EMBED, ["a", "b"]),
        await http.list(),
    ])  # fmt: skip


# openai


def openai_chat(url: str) -> list[Any]:
    with openai.OpenAI(base_url=url + "/v1", api_key="none", max_retries=0) as http:
        ask: Any = http.chat.completions.create
        tool = {"type": "function", "function": {"name": "add", "parameters": {"type": "object", "properties": {}}}}
        usage = {"include_usage": True}
        return [
            ask(model=CHAT, messages=ASKED, max_tokens=7),
            list(ask(model=CHAT, messages=ASKED, max_tokens=7, stream=True)),
            list(ask(model=CHAT, messages=ASKED, max_tokens=7, stream=True, stream_options=usage)),
            ask(model=CHAT, messages=ASKED, tools=[tool]),
            ask(model=CHAT, messages=ASKED, response_format={"type": "json_object"}, max_tokens=7),
            _error(lambda: ask(model="nope", messages=ASKED)),
        ]


def openai_rest(url: str) -> list[Any]:
    with openai.OpenAI(base_url=url + "/v1", api_key="none", max_retries=0) as http:
        answer: Any = http.responses.create
        return [
            http.completions.create(model=CHAT, prompt="once", max_tokens=3),
            list(http.completions.create(model=CHAT, prompt="once", max_tokens=3, stream=True)),
            http.embeddings.create(model=EMBED, input=["a", "b"]),
            http.embeddings.create(model=EMBED, input="a", encoding_format="float"),
            answer(model=CHAT, input="hello", max_output_tokens=5),
            list(answer(model=CHAT, input="hello", max_output_tokens=5, stream=True)),
            list(http.models.list()),
            http.models.retrieve(CHAT),
            _error(lambda: http.models.retrieve("nope")),
        ]


# anthropic


def anthropic_messages(url: str) -> list[Any]:
    with anthropic.Anthropic(base_url=url, api_key="none", max_retries=0) as http:
        ask: Any = http.messages.create
        tool = {"name": "weather", "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}}}
        with http.messages.stream(model=CHAT, max_tokens=6, messages=_messages()) as stream:
            text = list(stream.text_stream)
            final = stream.get_final_message()
        return [
            ask(model=CHAT, max_tokens=6, messages=ASKED),
            list(ask(model=CHAT, max_tokens=6, messages=ASKED, stream=True)),
            ask(model=CHAT, max_tokens=6, messages=ASKED, system="be brief"),
            ask(model=CHAT, max_tokens=99, messages=ASKED, tools=[tool]),
            _error(lambda: ask(model="nope", max_tokens=6, messages=ASKED)),
            "".join(text),
            final,
        ]


def _messages() -> list[anthropic.types.MessageParam]:
    return [{"role": "user", "content": "hello there"}]


# langchain


async def langchain(url: str) -> list[Any]:
    chat = ChatOllama(model=CHAT, base_url=url, num_predict=8, seed=1)
    vectors = OllamaEmbeddings(model=EMBED, base_url=url)
    text = OllamaLLM(model=CHAT, base_url=url, num_predict=4)
    try:
        return await _langchain(chat, vectors, text)
    finally:
        for model in (chat, vectors, text):
            await model._async_client.close()
            if model._client is not None:
                model._client.close()


async def _langchain(chat: ChatOllama, vectors: OllamaEmbeddings, text: OllamaLLM) -> list[Any]:
    return plain([
        str((await chat.ainvoke("hello")).text),
        [str(part.text) async for part in chat.astream("hello")],
        (await chat.bind_tools([add]).ainvoke("hello")).tool_calls[0]["name"],
        await text.ainvoke("once"),
        await vectors.aembed_documents(["a", "b"]),
        await asyncio.to_thread(vectors.embed_query, "a"),
    ])  # fmt: skip


def _error(call: Callable[[], Any]) -> str:
    """Return what a client says about a request that is refused."""
    try:
        return f"no error: {call()!r}"
    except (ollama.ResponseError, openai.APIStatusError, anthropic.APIStatusError) as error:
        return f"{type(error).__name__} {error.status_code}: {error}"


def _with_client(work: Callable[[ollama.Client], Any]) -> Conversation:
    def run(url: str) -> Any:
        with contextlib.closing(ollama.Client(url)) as http:
            return work(http)

    return in_thread(run)


ALL: dict[str, Conversation] = {
    "ollama chat": _with_client(ollama_chat),
    "ollama generate": _with_client(ollama_generate),
    "ollama embed": _with_client(ollama_embed),
    "ollama store": _with_client(ollama_store),
    "ollama async": ollama_async,
    "openai chat": in_thread(openai_chat),
    "openai rest": in_thread(openai_rest),
    "anthropic messages": in_thread(anthropic_messages),
    "langchain": langchain,
}
