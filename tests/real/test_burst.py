"""The burst of tests/e2e against a real Ollama with models of random weights."""

import asyncio
import os
import signal

import pytest

from tests.e2e.clients import Burst
from tests.fakes.panel_process import PanelProcess, runs_with
from tests.real.conftest import CHAT, EMBEDDING

pytestmark = pytest.mark.timeout(600)


def settings(store: dict[str, str], workers: int = 2, parallel: int = 2) -> dict[str, object]:
    return {
        "version": 1,
        "ollama": {"adopt": False, "models_dir": store["OLLAMA_MODELS"]},
        "proxy": {"heartbeat": False},
        "pools": [
            {"name": "chat", "role": "chat", "workers": workers, "parallel": parallel, "context_length": 1024},
            {"name": "embedding", "role": "embedding", "workers": 1, "parallel": 1, "context_length": 512},
        ],
    }


@pytest.fixture
async def panel(tmp_path, ollama, store):
    arguments = ("--ollama", str(ollama))
    async with PanelProcess(tmp_path / "state", settings(store), arguments, {"HOME": store["HOME"]}) as panel:
        await panel.ready()
        yield panel


def burst(panel: PanelProcess) -> Burst:
    return Burst(panel.url, CHAT, EMBEDDING, tokens=8)


async def test_a_burst_of_270_requests_of_three_kinds_has_no_failure(panel, record_testsuite_property):
    record_testsuite_property("ollama", (await panel.status())["ollama_version"])
    crowd = burst(panel)
    await asyncio.gather(crowd.chats(200), crowd.embeddings(50), crowd.openai_chats(20))
    assert crowd.failures == []
    assert crowd.ended == 270


async def test_parallel_raised_half_way_takes_effect_without_a_failure(panel):
    crowd = burst(panel)
    async with asyncio.TaskGroup() as group:
        group.create_task(crowd.chats(100))
        await crowd.passed(30)
        await panel.settings_set("pools.chat.parallel", "4")
        await panel.until(runs_with("chat", 4))
        group.create_task(crowd.chats(60))
    assert crowd.failures == []
    loaded = [model for one in await panel.instances("chat") for model in one["models"]]
    assert {model["parallel"] for model in loaded} == {4}


async def test_a_worker_killed_half_way_costs_no_request_that_had_received_nothing(panel):
    crowd = burst(panel)
    async with asyncio.TaskGroup() as group:
        group.create_task(crowd.chats(100))
        await crowd.passed(30)
        victim = (await panel.instances("chat"))[0]
        os.kill(victim["pid"], signal.SIGKILL)
    assert len(crowd.failures) <= 2
    assert all("_streamed" in failure for failure in crowd.failures)


async def test_five_at_once_for_a_cold_model_are_all_served_by_one_load(tmp_path, ollama, store):
    arguments = ("--ollama", str(ollama))
    environment = {"HOME": store["HOME"]}
    async with PanelProcess(tmp_path / "state", settings(store, workers=1), arguments, environment) as panel:
        crowd = burst(panel)
        await crowd.chats(5)
        assert crowd.failures == []
        instance = (await panel.instances("chat"))[0]
        assert [model["name"] for model in instance["models"]] == [CHAT]
