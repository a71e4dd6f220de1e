"""Clients that need different contexts share one model of a real Ollama: nothing is cut, and it is seldom reloaded."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import psutil
import pytest

from tests.fakes.ollama_process import serving
from tests.fakes.panel_process import PanelProcess
from tests.real.conftest import EMBEDDING, LONG

pytestmark = pytest.mark.timeout(900)

OWN = 4096
ROUNDS = 25
LONG_ROUNDS = (0, 13)
"""In these a prompt takes more than half of the context that is asked for: half as long a context would cut it."""
BATCH_S = 30


def settings(store: dict[str, str]) -> dict[str, object]:
    chat = {"name": "chat", "role": "chat", "workers": 1, "parallel": 2, "context_length": OWN}
    embedding = {"name": "embedding", "role": "embedding", "workers": 1, "parallel": 1, "context_length": 512}
    ollama = {"adopt": False, "models_dir": store["OLLAMA_MODELS"]}
    return {"version": 1, "ollama": ollama, "proxy": {"heartbeat": False}, "pools": [chat, embedding]}


@pytest.fixture
async def panel(tmp_path, ollama, store):
    arguments = ("--ollama", str(ollama))
    async with PanelProcess(tmp_path / "state", settings(store), arguments, {"HOME": store["HOME"]}) as panel:
        await panel.ready()
        yield panel


@contextlib.asynccontextmanager
async def runners(panel: PanelProcess) -> AsyncIterator[set[int]]:
    """Collect the processes that a worker starts, one for each load of a model."""
    (instance,) = await panel.instances("chat")
    seen: set[int] = set()

    async def watch() -> None:
        while True:
            seen.update(child.pid for child in psutil.Process(instance["pid"]).children(recursive=True))
            await asyncio.sleep(0.1)  # a runner lives for seconds

    async with asyncio.TaskGroup() as group:
        watching = group.create_task(watch())
        yield seen
        watching.cancel()


def prompt(words: int) -> str:
    return "la " * words


async def native(client: httpx.AsyncClient, words: int, num_ctx: int | None, **more: Any) -> httpx.Response:
    options = {"num_predict": 1} | ({"num_ctx": num_ctx} if num_ctx else {})
    body = {"model": LONG, "messages": [{"role": "user", "content": prompt(words)}], "stream": False}
    return await client.post("/api/chat", json=body | {"options": options} | more)


async def openai(client: httpx.AsyncClient, words: int, path: str = "/v1/chat/completions") -> httpx.Response:
    body = {"model": LONG, "messages": [{"role": "user", "content": prompt(words)}], "max_tokens": 1}
    return await client.post(path, json=body)


class Crowd:
    """Eight clients, half of which cannot ask for a context; `wrong` is what was cut, `waits` are seconds."""

    def __init__(self, panel: PanelProcess, base: int, per_word: int, *, anthropic: bool) -> None:
        self._url, self._base, self._per_word = panel.url, base, per_word
        self._last = "/v1/messages" if anthropic else "/v1/chat/completions"
        self.wrong: list[str] = []
        self.waits: list[float] = []

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number, num_ctx in enumerate((2048, 8192, 16_384, 32_768)):
                group.create_task(self._asks(f"native {number}", num_ctx))
                group.create_task(self._cannot_ask(f"web {number}", number))

    def _client(self, name: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self._url, headers={"X-Client-ID": name}, timeout=600, trust_env=False)

    async def _asks(self, name: str, num_ctx: int) -> None:
        async with self._client(name) as client:
            for number in range(ROUNDS):
                share = 0.55 if number in LONG_ROUNDS else 0.1
                words = (int(num_ctx * share) - self._base) // self._per_word
                answer = await native(client, words, num_ctx)
                self._check(name, answer, answer.json().get("prompt_eval_count"), words)

    async def _cannot_ask(self, name: str, number: int) -> None:
        path = self._last if number == 3 else "/v1/chat/completions"
        async with self._client(name) as client:
            for _ in range(ROUNDS):
                words = 100 + 200 * number
                answer = await openai(client, words, path)
                usage = answer.json().get("usage", {})
                self._check(name, answer, usage.get("prompt_tokens") or usage.get("input_tokens"), words)

    def _check(self, name: str, answer: httpx.Response, tokens: int | None, words: int) -> None:
        self.waits.append(float(answer.headers.get("X-Queue-Wait-Time", 0)))
        right = self._base + self._per_word * words
        if answer.status_code != 200 or tokens != right:
            self.wrong.append(f"{name}: {answer.status_code}, {tokens} tokens of {right}: {answer.text[:200]}")


async def test_eight_clients_of_both_kinds_lose_no_token_and_take_turns(panel, record_testsuite_property):
    counts = [(await native(panel.client, words, None)).json()["prompt_eval_count"] for words in (100, 200)]
    per_word = (counts[1] - counts[0]) // 100
    anthropic = (await panel.client.head("/v1/messages")).status_code != 404  # Ollama has it from 0.14 on
    crowd = Crowd(panel, counts[0] - 100 * per_word, per_word, anthropic=anthropic)
    async with runners(panel) as loads:
        await crowd.run()
    record_testsuite_property("loads", len(loads))
    record_testsuite_property("longest wait", max(crowd.waits))
    assert crowd.wrong == []
    assert len(crowd.waits) == 8 * ROUNDS
    assert len(loads) <= 12
    assert max(crowd.waits) <= 3 * BATCH_S


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages"])
async def test_a_request_that_cannot_ask_takes_no_context_from_those_that_can(panel, path):
    before = (await native(panel.client, 1500, 8192)).json()["prompt_eval_count"]
    await openai(panel.client, 3, path)
    assert (await native(panel.client, 1500, 8192)).json()["prompt_eval_count"] == before > OWN


@pytest.mark.parametrize("num_ctx", ["8192", [8192], {"n": 1}])
@pytest.mark.parametrize("raised", [False, True])
async def test_a_context_that_is_no_number_gets_ollamas_own_answer(panel, num_ctx, raised):
    if raised:
        await native(panel.client, 3, 8192)
    answer = await native(panel.client, 3, None, options={"num_ctx": num_ctx})
    assert (answer.status_code, answer.json()) == (500, {"error": 'option "num_ctx" must be of type integer'})


async def test_a_long_body_obeys_the_same_rules(panel):
    await native(panel.client, 3, None)
    await native(panel.client, 3, 1024, padding="A" * 9_000_000)
    contexts = [one.get("context_length", OWN) for one in (await panel.client.get("/api/ps")).json()["models"]]
    assert contexts == [OWN]
    assert (await native(panel.client, 1500, 8192, padding="A" * 9_000_000)).json()["prompt_eval_count"] > OWN


async def test_a_cut_prompt_is_told_to_the_client_and_to_the_user(panel):
    words = OWN  # of more than a token each
    answer = await native(panel.client, words, None)
    assert answer.json()["prompt_eval_count"] <= OWN
    told = dict(part.split("=") for part in answer.headers["X-Panel-Prompt-Cut"].split(", "))
    assert int(told["kept"]) == answer.json()["prompt_eval_count"]
    assert int(told["context"]) == OWN
    assert "prompt-cut;desc=" in answer.headers["Server-Timing"]
    (notice,) = (await panel.status())["notices"]
    assert notice["code"].startswith("prompt_cut.")
    assert f"was cut to {int(told['kept']):,}" in notice["text"]
    assert "ollama_panel_prompts_cut_total" in (await panel.client.get("/panel/metrics")).text
    assert (await openai(panel.client, words)).headers["X-Panel-Prompt-Cut"]
    assert "X-Panel-Prompt-Cut" not in (await native(panel.client, 3, None)).headers


async def test_messages_that_ollama_leaves_out_of_a_conversation_are_told(panel):
    messages, cut = [], []
    for turn in range(8):
        messages.append({"role": "user", "content": f"{turn} {prompt(250)}"})
        answer = await native(panel.client, 0, None, messages=messages)
        messages.append(answer.json()["message"])
        cut.append(answer.headers.get("X-Panel-Prompt-Cut"))
    assert cut[0] is None
    assert cut[-1] is not None
    assert all("context=4096, certain=?0" in one for one in cut if one)


LONG_INPUT = "why is the sky blue? " * 3
EMBEDDINGS: list[dict[str, Any]] = [
    {"input": "why is the sky blue?"},
    {"input": LONG_INPUT, "truncate": False, "options": {"num_ctx": 3}},
    {"input": LONG_INPUT, "truncate": True, "options": {"num_ctx": 3}},
    {"input": LONG_INPUT, "options": {"num_ctx": 8}},
    {"input": LONG_INPUT, "options": {"num_ctx": 16}},
    {"input": LONG_INPUT, "options": {"num_ctx": 0}},
    {"input": LONG_INPUT, "truncate": False, "options": {"num_ctx": 1}},
    {"input": LONG_INPUT * 40, "truncate": False},
    {"input": LONG_INPUT * 40, "options": {"num_ctx": 100_000}},
    {"input": [LONG_INPUT, "sky"], "options": {"num_ctx": 10}},
]


@pytest.mark.parametrize("body", EMBEDDINGS)
async def test_an_embedding_is_cut_or_refused_exactly_as_by_ollama(body, panel, direct_embedding):
    expected = await direct_embedding.post("/api/embed", json={"model": EMBEDDING} | body)
    found = await panel.client.post("/api/embed", json={"model": EMBEDDING} | body)
    assert found.status_code == expected.status_code, found.text
    if expected.status_code != 200:
        assert found.json() == expected.json()
        return
    for one, other in zip(found.json()["embeddings"], expected.json()["embeddings"], strict=True):
        assert one == pytest.approx(other, abs=1e-5)


@pytest.fixture
async def direct_embedding(ollama, store):
    with serving(ollama, store | {"OLLAMA_CONTEXT_LENGTH": "512"}) as address:
        async with httpx.AsyncClient(base_url=f"http://{address}", timeout=60, trust_env=False) as client:
            yield client
