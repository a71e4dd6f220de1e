"""The doctor at a real Ollama that runs, seen from outside: slots that bring nothing, and a model loaded for each of
two contexts."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from ollama_panel.core.doctor import examine
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.findings import Finding
from ollama_panel.core.notices.render import render
from ollama_panel.engine.applying.hosts import Local
from ollama_panel.engine.doctor.gathering import gather
from tests.fakes.ollama_process import logging_to
from tests.fakes.ports import free_port
from tests.fakes.waiting import polled
from tests.real.conftest import CHAT, EMBEDDING

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
async def client(ollama: Path, store: dict[str, str], tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server with four slots, whose log is a file."""
    address = f"127.0.0.1:{free_port()}"
    settings = {"OLLAMA_HOST": address, "OLLAMA_NUM_PARALLEL": "4", "OLLAMA_CONTEXT_LENGTH": "2048"}
    with logging_to(ollama, store | settings, tmp_path / "server.log"):
        async with httpx.AsyncClient(base_url=f"http://{address}", timeout=300) as client:
            await polled(lambda: answers(client), "an answer of Ollama")
            yield client


async def answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/api/version")).is_success
    except httpx.TransportError:
        return False


async def chat(client: httpx.AsyncClient, context: int) -> None:
    options = {"num_predict": 1, "num_ctx": context}
    body = {"model": CHAT, "prompt": "a", "stream": False, "options": options}
    (await client.post("/api/generate", json=body)).raise_for_status()


def about(facts: Facts, client: httpx.AsyncClient) -> list[Finding]:
    """Return what is found at the server of a client: others may run on this machine, too."""
    url = str(client.base_url).rstrip("/")
    (server,) = (one for one in facts.servers if one.url == url)
    names = (f":{server.id}", url.removeprefix("http://"))
    return [one for one in examine(facts).findings if any(name in one.id for name in names)]


async def test_slots_of_an_embedding_model_are_named_and_those_of_a_chat_model_are_not(
    client: httpx.AsyncClient,
) -> None:
    (await client.post("/api/embed", json={"model": EMBEDDING, "input": "a"})).raise_for_status()
    await chat(client, 2048)
    (finding,) = about(await gather(Local()), client)
    assert render(finding.told) == f"Parallel 4 brings nothing for {EMBEDDING}"


async def test_a_model_that_is_loaded_for_each_of_two_contexts_is_named_with_both(client: httpx.AsyncClient) -> None:
    for context in (1024, 2048, 1024, 2048):
        await chat(client, context)
    (finding,) = about(await gather(Local()), client)
    assert render(finding.told) == f"{CHAT} was loaded 4 times in ten minutes"
    assert [one.text for one in finding.evidence[1:]] == ["context=1024 loads=2", "context=2048 loads=2"]
