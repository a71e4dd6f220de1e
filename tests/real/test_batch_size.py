"""The batch size of a pool on a real Ollama: what its runners are started with, and how often."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.panel_process import PanelProcess
from tests.real.conftest import CHAT, EMBEDDING

pytestmark = pytest.mark.timeout(600)

_BATCH = re.compile(r" -b (\d+) -ub \1")


@pytest.fixture
async def panel(tmp_path: Path, ollama: Path, store: dict[str, str]) -> AsyncIterator[PanelProcess]:
    settings = {
        "ollama": {"adopt": False, "models_dir": store["OLLAMA_MODELS"]},
        "pools": [
            {"name": "chat", "role": "chat", "workers": 1, "parallel": 2, "context_length": 1024},
            {"name": "embedding", "role": "embedding", "workers": 1, "parallel": 1, "context_length": 512, "batch": 64},
        ],
    }
    arguments = ("--ollama", str(ollama))
    async with PanelProcess(tmp_path / "state", settings, arguments, {"HOME": store["HOME"]}) as running:
        await running.ready()
        yield running


async def loads(panel: PanelProcess, instance: str) -> list[int]:
    """Return the batch sizes with which a worker has started its runners."""
    _, printed = await panel.command("logs", instance, "-n", "5000")
    return [int(found.group(1)) for found in map(_BATCH.search, printed.splitlines()) if found]


async def chat(panel: PanelProcess, path: str = "/api/chat") -> None:
    body = {"model": CHAT, "messages": [{"role": "user", "content": "hi"}], "stream": False}
    limit = {"options": {"num_predict": 4}} if path == "/api/chat" else {"max_tokens": 4}
    (await panel.client.post(path, json={**body, **limit})).raise_for_status()


async def test_a_change_reloads_once_and_a_client_that_cannot_ask_for_it_once_more(
    panel: PanelProcess,
) -> None:
    await chat(panel)
    (own,) = await loads(panel, "chat-1")
    await panel.settings_set("pools.chat.batch", "192")
    await chat(panel)
    await chat(panel)
    assert await loads(panel, "chat-1") == [own, 192]
    await chat(panel, "/v1/chat/completions")
    await chat(panel)
    await chat(panel, "/v1/chat/completions")
    assert await loads(panel, "chat-1") == [own, 192, own]
    assert any("batch size of pool chat" in one["text"] for one in (await panel.status())["notices"])


async def test_a_small_batch_refuses_no_embedding(panel: PanelProcess) -> None:
    body = {"model": EMBEDDING, "input": " ".join("ab" * 150)}
    (await panel.client.post("/api/embed", json=body)).raise_for_status()
    assert await loads(panel, "embedding-1") == [512]
