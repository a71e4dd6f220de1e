"""The official clients understand the simulated server."""

import anthropic
import ollama
import openai
from langchain_ollama import ChatOllama, OllamaEmbeddings
from pydantic import BaseModel

from tests.sim.serving import CHAT, EMBED, server


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


async def test_ollama() -> None:
    messages = [{"role": "user", "content": "hello"}]
    async with server() as url, ollama.AsyncClient(url) as http:
        whole = await http.chat(CHAT, messages, options={"num_predict": 9})
        parts = [part async for part in await http.chat(CHAT, messages, options={"num_predict": 9}, stream=True)]
        generated = await http.generate(CHAT, "once", options={"num_predict": 4})
        vectors = await http.embed(EMBED, ["a", "b"])
        called = await http.chat(CHAT, messages, tools=[add])
        person = await http.chat(CHAT, messages, format=Person.model_json_schema())
        listed, running, shown = await http.list(), await http.ps(), await http.show(CHAT)
        pulled = [part.status async for part in await http.pull("llama3.2:3b", stream=True)]
        await http.create("mine", from_=CHAT, system="be brief")
        await http.copy("mine", "yours")
        await http.delete("mine")

    assert "".join(part.message.content or "" for part in parts) == whole.message.content
    assert (parts[-1].done_reason, parts[-1].eval_count, whole.eval_count) == ("length", 9, 9)
    assert generated.response
    assert [len(vector) for vector in vectors.embeddings] == [768, 768]
    assert called.message.tool_calls
    assert called.message.tool_calls[0].function.name == "add"
    assert Person.model_validate_json(person.message.content or "").age >= 0
    assert {model.model for model in listed.models} == {CHAT, "nomic-embed-text:latest"}
    assert {model.model for model in running.models} == {CHAT, "nomic-embed-text:latest"}
    assert shown.capabilities == ["completion", "tools"]
    assert pulled[-1] == "success"


async def test_openai() -> None:
    async with server() as url, openai.AsyncOpenAI(base_url=url + "/v1", api_key="none") as http:
        whole = await http.chat.completions.create(
            model=CHAT, messages=[{"role": "user", "content": "hello"}], max_tokens=7
        )
        stream = await http.chat.completions.create(
            model=CHAT,
            messages=[{"role": "user", "content": "hello"}],
            max_tokens=7,
            stream=True,
            stream_options={"include_usage": True},
        )
        async with stream:
            parts = [part async for part in stream]
        completed = await http.completions.create(model=CHAT, prompt="once", max_tokens=3)
        vectors = await http.embeddings.create(model=EMBED, input=["a", "b"])
        answered = await http.responses.create(model=CHAT, input="hello", max_output_tokens=5)
        async with await http.responses.create(model=CHAT, input="hello", stream=True) as streamed:
            events = [event async for event in streamed]
        models = [model.id async for model in await http.models.list()]

    text = "".join(part.choices[0].delta.content or "" for part in parts if part.choices)
    assert text == whole.choices[0].message.content
    assert parts[-1].usage is not None
    assert parts[-1].usage.completion_tokens == 7
    assert completed.choices[0].finish_reason == "length"
    assert [len(item.embedding) for item in vectors.data] == [768, 768]
    assert answered.output_text
    assert events[-1].type == "response.completed"
    assert set(models) == {CHAT, "nomic-embed-text:latest"}


async def test_anthropic() -> None:
    tool: anthropic.types.ToolParam = {
        "name": "get_weather",
        "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}},
    }
    async with server() as url, anthropic.AsyncAnthropic(base_url=url, api_key="none") as http:
        whole = await http.messages.create(model=CHAT, max_tokens=6, messages=[{"role": "user", "content": "hello"}])
        async with http.messages.stream(
            model=CHAT, max_tokens=6, messages=[{"role": "user", "content": "hello"}]
        ) as stream:
            text = "".join([part async for part in stream.text_stream])
            final = await stream.get_final_message()
        called = await http.messages.create(
            model=CHAT, max_tokens=99, messages=[{"role": "user", "content": "hello"}], tools=[tool]
        )

    assert whole.content[0].type == "text"
    assert whole.content[0].text == text
    assert (final.stop_reason, final.usage.output_tokens) == ("max_tokens", 6)
    assert called.stop_reason == "tool_use"
    assert called.content[0].type == "tool_use"
    assert set(called.content[0].input) == {"city"}


async def test_langchain_ollama() -> None:
    async with server() as url:
        model = ChatOllama(model=CHAT, base_url=url, num_predict=8)
        whole = await model.ainvoke("hello")
        parts = [part.text async for part in model.astream("hello")]
        called = await model.bind_tools([add]).ainvoke("hello")
        embeddings = OllamaEmbeddings(model=EMBED, base_url=url)
        vectors = await embeddings.aembed_documents(["a", "b"])
        for owner in (model, embeddings):  # they have no way to close what they opened
            assert owner._async_client is not None
            await owner._async_client.close()

    assert "".join(parts) == whole.text
    assert [call["name"] for call in called.tool_calls] == ["add"]
    assert [len(vector) for vector in vectors] == [768, 768]
