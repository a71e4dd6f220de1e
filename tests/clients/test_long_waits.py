"""Clients that wait for long: httpx and Node's fetch as they are, and what libraries make of an error at the end."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import ProxySettings
from ollama_panel.proxy.relay import HEARTBEAT_S, PLAIN_HEARTBEAT_AFTER_S
from tests.clients.conftest import simulated
from tests.clients.normal import Failure
from tests.clients.scenarios import PLAIN
from tests.clients.target import Target
from tests.fakes.small_panel import SlotHolder, SmallPanel, Worker
from tests.fakes.waiting import Changes, deadline

QUIET = ProxySettings(port=0)
HALF_A_MINUTE = 9
CHAT = {"model": "tiny", "messages": [{"role": "user", "content": "hello"}], "options": {"num_predict": 3}}

FETCH = """
const [url, body] = process.argv.slice(1);
const answer = await fetch(url, {method: 'POST', body});
const text = await answer.text();
console.log(JSON.stringify({
  status: answer.status, position: answer.headers.get('x-queue-position'), text, parsed: JSON.parse(text),
}));
"""


@asynccontextmanager
async def panel_of_one_slot() -> AsyncIterator[SmallPanel]:
    """The panel in front of one instance that takes one request at a time."""
    async with simulated(OLLAMA_NUM_PARALLEL="1") as url, SmallPanel(Worker(url, parallel=1), options=QUIET) as panel:
        yield panel


@pytest.mark.parametrize(
    ("path", "last"),
    [("/api/chat", b'"done":true'), ("/v1/chat/completions", b"[DONE]"), ("/v1/messages", b"message_stop")],
)
async def test_httpx_with_its_time_outs_of_five_seconds_hears_a_stream_out(path: str, last: bytes) -> None:
    pieces: list[bytes] = []
    heard = Changes(lambda: f"{pieces} came")

    async def ask(url: str) -> None:
        body = CHAT | {"stream": True, "max_tokens": 3}
        async with httpx.AsyncClient() as client, client.stream("POST", url + path, json=body) as answer:
            async for piece in answer.aiter_raw():
                pieces.append(piece)
                heard.notify()

    async with panel_of_one_slot() as panel, asyncio.TaskGroup() as group:
        async with SlotHolder(panel, "tiny:latest"):
            asked = group.create_task(ask(panel.url))
            await panel.queued()
            for sign in range(HALF_A_MINUTE):
                await panel.later(HEARTBEAT_S)
                await heard.until(lambda sign=sign: len(pieces) > sign)
        await asked
    assert last in b"".join(pieces).replace(b'": ', b'":')


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node on PATH")
@pytest.mark.parametrize("path", ["/api/chat", "/v1/chat/completions", "/v1/messages"])
async def test_nodes_fetch_parses_an_answer_after_white_space(path: str) -> None:
    async with panel_of_one_slot() as panel:
        async with SlotHolder(panel, "tiny:latest"):
            body = json.dumps(CHAT | {"stream": False, "max_tokens": 3})
            node = await asyncio.create_subprocess_exec(
                *("node", "--input-type=module", "-e", FETCH, panel.url + path, body), stdout=asyncio.subprocess.PIPE
            )
            await panel.queued()
            await panel.later(PLAIN_HEARTBEAT_AFTER_S)
        async with deadline("node's answer"):
            said, _ = await node.communicate()
    told = json.loads(said)
    assert (node.returncode, told["status"], told["position"], told["text"][0]) == (0, 200, "1", " ")
    assert told["parsed"].keys() & {"message", "choices", "content"}


MEANING = "The request was cancelled in Ollama Panel."
NOTHING_RAISED = ("ollama-generate", "openai-chat", "openai-completion", "openai-response", "anthropic-messages")
RAISED = {
    "ollama-chat": "ValidationError",
    "ollama-embed": "ValidationError",
    "langchain-embeddings": "ValidationError",
    "openai-embeddings": "ValueError",
}


async def cancelled_after_white_space(name: str) -> object:
    """Return what a library's user gets if the request ends with an error after 20 s."""
    (scenario,) = (one for one in PLAIN if one.name == name)
    async with (
        panel_of_one_slot() as panel,
        asyncio.TaskGroup() as group,
        SlotHolder(panel, "tiny:latest"),
        SlotHolder(panel, "all-minilm:latest", role=Role.EMBEDDING),
    ):
        outcome = group.create_task(scenario.outcome(Target(panel.url)))
        await panel.queued()
        await panel.later(PLAIN_HEARTBEAT_AFTER_S)
        (waiting,) = panel.scheduler.waiting()
        panel.gate.cancel(waiting.id)
        return await outcome


@pytest.mark.parametrize("name", NOTHING_RAISED)
async def test_these_libraries_return_an_object_without_its_answer_when_an_error_follows_white_space(name: str) -> None:
    got = await cancelled_after_white_space(name)
    assert isinstance(got, dict)
    assert [got.get(key) for key in ("response", "choices", "content", "output")] == [None] * 4
    assert name == "ollama-generate" or got["error"]["message"] == MEANING


@pytest.mark.parametrize("name", RAISED)
async def test_these_libraries_raise_when_an_error_follows_white_space(name: str) -> None:
    got = await cancelled_after_white_space(name)
    assert isinstance(got, Failure)
    assert got.kind == RAISED[name]
