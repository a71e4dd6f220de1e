"""One URL, two pools, a burst of requests from every kind of client, and none fails."""

import asyncio
import os
import signal

import pytest

from tests.e2e.clients import Burst
from tests.fakes.panel_process import PanelProcess, runs_with

CHAT, EMBEDDING = "llama3.1:8b", "nomic-embed-text"
FAST = {"OLLAMA_SIM_SPEED": "20"}


def settings(workers: int = 2, parallel: int = 2) -> dict[str, object]:
    return {
        "version": 1,
        "ollama": {"adopt": False},
        "pools": [
            {"name": "chat", "role": "chat", "workers": workers, "parallel": parallel},
            {"name": "embedding", "role": "embedding", "workers": 1, "parallel": 1},
        ],
    }


@pytest.fixture
async def panel(tmp_path):
    async with PanelProcess(tmp_path / "state", settings(), environment=FAST) as panel:
        await panel.ready()
        yield panel


def burst(panel: PanelProcess) -> Burst:
    return Burst(panel.url, CHAT, EMBEDDING)


async def peaks(panel: PanelProcess, pool: str, model: str) -> list[int]:
    return [stats["models"].get(model, {}).get("peak", 0) for stats in await panel.stats(pool)]


async def test_a_burst_of_270_requests_of_three_kinds_has_no_failure(panel):
    crowd = burst(panel)
    await asyncio.gather(crowd.chats(200), crowd.embeddings(50), crowd.openai_chats(20))
    assert crowd.failures == []
    assert crowd.ended == 270
    assert await peaks(panel, "chat", CHAT) == [2, 2]
    assert await peaks(panel, "embedding", f"{EMBEDDING}:latest") == [1]
    assert await peaks(panel, "embedding", CHAT) == [0]


async def test_parallel_raised_half_way_takes_effect_without_a_failure(panel):
    crowd = burst(panel)
    async with asyncio.TaskGroup() as group:
        group.create_task(crowd.chats(200))
        await crowd.passed(60)
        await panel.settings_set("pools.chat.parallel", "4")
        await panel.until(runs_with("chat", 4))
        group.create_task(crowd.chats(100))
    assert crowd.failures == []
    assert await peaks(panel, "chat", CHAT) == [4, 4]


async def test_a_worker_killed_half_way_costs_no_request_that_had_received_nothing(panel):
    crowd = burst(panel)
    async with asyncio.TaskGroup() as group:
        group.create_task(crowd.chats(200))
        await crowd.passed(60)
        victim = (await panel.instances("chat"))[0]
        os.kill(victim["pid"], signal.SIGKILL)
    status = await panel.until(
        lambda status: all(one["phase"] == "ready" and one["in_flight"] == 0 for one in status["instances"])
    )
    # Of the two requests at the killed worker those that had streamed cannot be repeated; they end with an error.
    assert len(crowd.failures) <= 2
    assert all("_streamed" in failure for failure in crowd.failures)
    revived = next(one for one in status["instances"] if one["id"] == victim["id"])
    assert revived["pid"] != victim["pid"]
    assert revived["restarts"] == 1


async def test_five_at_once_for_a_cold_model_are_all_served_by_one_load(tmp_path):
    async with PanelProcess(tmp_path / "state", settings(workers=1), environment=FAST) as panel:
        crowd = burst(panel)
        await crowd.chats(5)
        assert crowd.failures == []
        (stats,) = await panel.stats("chat")
    assert stats["models"][CHAT]["loads"] == 1
