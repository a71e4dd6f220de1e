"""Fake instances that answer embeddings: the vector of a text tells which text it was."""

import json
from typing import Any

import pytest

from tests.fakes.upstream import ReceivedRequest, Script, ScriptConnection, reply
from tests.proxy.conftest import ProxyHarness

NATIVE, OPENAI = "/api/embed", "/v1/embeddings"


def texts(number: int) -> list[str]:
    return [f"text {place:04d} " + "word " * (place % 7) for place in range(number)]


def body_of(inputs: list[str], **more: Any) -> bytes:
    return json.dumps({"model": "embedder", "input": inputs, **more}).encode()


def vector(text: str) -> str:
    """Return a vector as Ollama could write it; the numbers are spelled so that parsing them would show."""
    return f"[{int(text.split()[1])}.50,-0.0,1.0E-05]"


def inputs_of(request: ReceivedRequest) -> list[str]:
    document: Any = request.json
    given = document["input"]
    return list(given) if isinstance(given, list) else [given]


def answer(path: str, inputs: list[str]) -> bytes:
    """Return the answer of Ollama to these inputs, of which each word is a token."""
    tokens = sum(len(text.split()) for text in inputs)
    if path == NATIVE:
        listed = ",".join(map(vector, inputs))
        counters = f'"total_duration":900,"load_duration":30,"prompt_eval_count":{tokens}'
        return f'{{"model":"embedder","embeddings":[{listed}],{counters}}}'.encode()
    data = ",".join(
        f'{{"object":"embedding","embedding":{vector(text)},"index":{place}}}' for place, text in enumerate(inputs)
    )
    usage = f'{{"prompt_tokens":{tokens},"total_tokens":{tokens}}}'
    return f'{{"object":"list","data":[{data}],"model":"embedder","usage":{usage}}}\n'.encode()


async def embed(request: ReceivedRequest, connection: ScriptConnection) -> None:
    """Answer at once."""
    path = request.line.split()[1]
    await reply(answer(path, inputs_of(request)))(request, connection)


def unless(found: str, otherwise: Script, *, times: int = 1000) -> Script:
    """Return a script that does something else for the part with a text, so many times."""
    left = times

    async def play(request: ReceivedRequest, connection: ScriptConnection) -> None:
        nonlocal left
        if left and any(found in text for text in inputs_of(request)):
            left -= 1
            await otherwise(request, connection)
        else:
            await embed(request, connection)

    return play


@pytest.fixture
def two(harness: ProxyHarness) -> ProxyHarness:
    """Return a proxy with two places that answer embeddings."""
    harness.gate.urls = [harness.upstream.url] * 2
    harness.gate.slots = 2
    harness.gate.splits = True
    harness.upstream.script = embed
    return harness
