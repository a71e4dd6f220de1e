"""A real Ollama that ran before the panel, beside the panel's workers on its store: no model is in both."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.fakes.ollama_process import serving
from tests.fakes.panel_process import PanelProcess
from tests.fakes.waiting import deadline
from tests.real.conftest import CHAT

pytestmark = pytest.mark.timeout(600)


def settings(store: dict[str, str]) -> dict[str, object]:
    chat = {"name": "chat", "role": "chat", "workers": 2, "parallel": 4, "context_length": 4096}
    ollama = {"adopt": True, "models_dir": store["OLLAMA_MODELS"]}
    return {"version": 2, "ollama": ollama, "proxy": {"heartbeat": False}, "pools": [chat]}


def question(tokens: int) -> dict[str, Any]:
    options = {"num_predict": tokens}
    return {"model": CHAT, "messages": [{"role": "user", "content": "Why?"}], "stream": False, "options": options}


async def holders(client: httpx.AsyncClient, urls: dict[str, str]) -> set[str]:
    """Return the instances whose own list of loaded models has the model."""
    lists = {name: (await client.get(f"{url}/api/ps")).json()["models"] for name, url in urls.items()}
    return {name for name, models in lists.items() if any(one["name"] == CHAT for one in models)}


async def test_what_runs_already_is_used_until_its_slots_are_too_few(tmp_path, ollama, store):
    own = store | {"OLLAMA_NUM_PARALLEL": "1", "OLLAMA_KEEP_ALIVE": "-1"}
    with serving(ollama, own) as address:
        async with (
            httpx.AsyncClient(timeout=300, trust_env=False) as client,
            PanelProcess(
                tmp_path / "state",
                settings(store),
                ("--ollama", str(ollama)),
                {"HOME": store["HOME"], "OLLAMA_HOST": address},
            ) as panel,
        ):
            found = await panel.until(lambda status: sum(one["phase"] == "ready" for one in status["instances"]) == 3)
            urls = {one["id"]: one["url"] for one in found["instances"]}
            (adopted,) = (name for name in urls if name.startswith("adopted"))
            (await client.post(f"http://{address}/api/chat", json=question(4))).raise_for_status()
            await panel.until(lambda status: any(one["models"] for one in status["instances"]))
            for _ in range(3):
                (await client.post(f"{panel.url}/api/chat", json=question(4))).raise_for_status()
            assert await holders(client, urls) == {adopted}

            async with asyncio.TaskGroup() as group, deadline("the home to move", 300):
                chats = [group.create_task(client.post(f"{panel.url}/api/chat", json=question(400))) for _ in range(80)]
                while await holders(client, urls) != {"chat-1", "chat-2"}:
                    both = await holders(client, urls)
                    assert adopted not in both or both == {adopted}
                    await asyncio.sleep(0.05)  # the processes are not ours
            assert {one.result().status_code for one in chats} == {200}
            assert adopted not in await holders(client, urls)
