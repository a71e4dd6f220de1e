"""A change of a real worker while answers stream: the successor starts first, and no answer is lost."""

import asyncio
import json

import httpx

from tests.fakes.panel_process import PanelProcess, runs_with
from tests.real.conftest import CHAT

STREAMS, WORDS = 2, 400


async def test_streams_go_on_at_the_old_worker_while_its_successor_takes_over(ollama, store, tmp_path):
    settings = {
        "version": 2,
        "ollama": {"adopt": False},
        "pools": [{"name": "chat", "role": "chat", "workers": 1, "parallel": 2}],
    }
    arguments = ("--ollama", str(ollama))
    async with PanelProcess(tmp_path / "state", settings, arguments, environment=store) as panel:
        await panel.ready()
        assert await ask(panel, 4) == 4
        await panel.until(lambda status: status["sample"]["budget"] and status["instances"][0]["models"])
        (before,) = await panel.instances("chat")
        async with asyncio.TaskGroup() as group:
            streams = [group.create_task(ask(panel, WORDS)) for _ in range(STREAMS)]
            await panel.until(lambda status: status["instances"][0]["in_flight"] == STREAMS)
            await panel.settings_set("pools.chat.parallel", "3")
            await panel.until(runs_with("chat", 3))
            assert await ask(panel, 4) == 4
        (after,) = await panel.instances("chat")
        assert after["url"] != before["url"], "the memory of this machine holds two tiny models"
        assert [task.result() for task in streams] == [WORDS] * STREAMS
        assert [model["parallel"] for model in after["models"]] == [3]


async def ask(panel: PanelProcess, tokens: int) -> int:
    """Ask for a streamed answer of so many tokens, and return how many came."""
    options = {"num_predict": tokens, "temperature": 0, "seed": 1}
    body = {"model": CHAT, "prompt": "Tell a story.", "stream": True, "options": options}
    async with httpx.AsyncClient(base_url=panel.url, timeout=None, trust_env=False) as http:
        answer = await http.post("/api/generate", json=body)
    last = json.loads(answer.text.splitlines()[-1])
    assert last["done"], last
    return int(last["eval_count"])
